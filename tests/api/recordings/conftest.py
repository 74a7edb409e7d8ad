"""Recorded calls: consent given, segments sent, joined by the worker's own handler."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from api.contract.sound import AUDIO_TYPE
from api.recordings.jobs import RecordingJobs
from api.recordings.schemas import CONSENT_VERSION
from tests.api.conftest import AgentSide, Learner, OpenedCall
from tests.support.opus import silence

CONSENT = "/api/v1/users/me/recording-consent"


async def answer(learner: Learner, *, granted: bool, **more: Any) -> httpx.Response:
    """Say yes or no to the words in force."""
    body = {"granted": granted, "version": CONSENT_VERSION, **more}
    return await learner.client.put(CONSENT, json=body)


@dataclass(frozen=True)
class RecordedCall:
    """A call whose worker sends sound."""

    learner: Learner
    opened: OpenedCall
    began: datetime
    jobs: RecordingJobs

    async def send(self, number: int, data: bytes, **headers: str) -> httpx.Response:
        """PUT a segment."""
        given = {"Authorization": f"Bearer {self.opened.body['grant']}", "Content-Type": AUDIO_TYPE}
        return await self.opened.client.put(
            f"/agent/calls/{self.opened.id}/audio/{number}", content=data, headers={**given, **headers}
        )

    async def sound(self, number: int, at: float, seconds: float, loud: int = 0) -> httpx.Response:
        """PUT a segment that begins so many seconds after the call."""
        return await self.send(number, silence(self.began + timedelta(seconds=at), seconds, loud=loud))

    async def join(self) -> None:
        """What the worker does after the end."""
        await self.jobs.join(str(self.learner.organisation_id), self.opened.id, 0)

    async def finished(self) -> None:
        """End the call and have it joined."""
        ended = await self.opened.close()
        assert ended.status_code == 200
        await self.join()

    async def shown(self) -> dict[str, Any]:
        """The recording as its learner gets it."""
        found = await self.learner.client.get(f"/api/v1/calls/{self.opened.id}/recording")
        assert found.status_code == 200, found.text
        body: dict[str, Any] = found.json()
        return body


@pytest.fixture
def jobs(app: FastAPI) -> RecordingJobs:
    """The worker's handlers, over the application's database and store."""
    return RecordingJobs(app.state.database, app.state.storage)


Recorded = Callable[[Learner], Awaitable[RecordedCall]]


@pytest.fixture
def recorded(agent: AgentSide, jobs: RecordingJobs) -> Recorded:
    """Open a call of a learner who agreed to recording."""

    async def begin(learner: Learner) -> RecordedCall:
        assert (await answer(learner, granted=True)).status_code == 200
        opened = await agent.opened(await learner.room())
        return RecordedCall(learner, opened, datetime.now(UTC), jobs)

    return begin


def call_key(call: RecordedCall) -> UUID:
    """The call's key."""
    return UUID(call.opened.id)
