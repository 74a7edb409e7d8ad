"""A learner who practises, a clock that can be moved, and speech servers that say what they are told."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiohttp import web
from fastapi import FastAPI

from api.analytics import service as analytics
from api.contract.corrections import Correction, CorrectionCategory, Severity
from api.database import Database
from api.practice import collecting, hearing, rewards, service
from api.practice.jobs import PracticeJobs
from api.practice.material import Slip
from api.settings import Settings
from api.speech.service import Speech
from api.tenancy import act_for
from tests.api.conftest import AgentSide, Learner, OpenedCall, turn

V1 = "/api/v1"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class Clock:
    """What practice takes for the present."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands."""
    held = Clock()
    for module in (service, collecting, hearing, rewards, analytics):
        monkeypatch.setattr(module, "utc_now", held)
    return held


def corrected(original: str, replacement: str, better: str, rule: str = "verb-form") -> Correction:
    """A correction that is sure."""
    return Correction(
        start=0,
        end=len(original),
        original=original,
        replacement=replacement,
        better=better,
        category=CorrectionCategory.GRAMMAR,
        rule=rule,
        explanation="So it is said.",
        severity=Severity.CLEAR,
        confidence=0.9,
    )


OLD = corrected("have", "am", "I am twenty years old.")
GO = corrected("go", "goes", "She goes to school.")


@dataclass(frozen=True)
class Practice:
    """A learner's practice, as the worker and the browser see it."""

    learner: Learner
    agent: AgentSide
    database: Database
    jobs: PracticeJobs
    owner: asyncpg.Connection

    async def call(self, *texts: str, job: str = "AJ_1", close: bool = True) -> OpenedCall:
        """A call in which the learner said this; a text after `coach:` is the coach's."""
        call = await self.agent.opened(await self.learner.room(), job)
        turns = []
        for number, text in enumerate(texts):
            said = text.removeprefix("coach:")
            turns.append(turn(f"i{number}", number, said, "learner" if said == text else "coach"))
        assert (await call.append(*turns)).status_code == 200
        if close:
            assert (await call.close()).status_code == 200
        return call

    async def slipped(self, call: OpenedCall, *found: Correction, at: datetime | None = None) -> int:
        """Let corrections of a call's first turn become items."""
        rows = await self.owner.fetch(
            "SELECT id, text FROM turns WHERE call_id = $1 AND role = 'learner' ORDER BY position",
            UUID(call.id),
        )
        slips = [Slip(one, None, rows[0]["id"], at or NOW, rows[0]["text"]) for one in found]
        async with self.database.transaction() as session:
            await act_for(session, self.learner.organisation_id)
            return await collecting.add_slips(
                session, self.learner.organisation_id, self.learner.id, UUID(call.id), slips
            )

    async def heard(self, call: OpenedCall) -> None:
        """Do what is done after a call."""
        await self.jobs.practise_call(str(self.learner.organisation_id), call.id)

    async def rewarded(self) -> None:
        """Give the learner what is owed."""
        await self.jobs.award(str(self.learner.organisation_id), str(self.learner.id))

    async def get(self, path: str, **query: Any) -> Any:
        """What the learner's browser gets."""
        answer = await self.learner.client.get(f"{V1}/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def due(self) -> list[dict[str, Any]]:
        """What is due."""
        items: list[dict[str, Any]] = (await self.get("reviews/due"))["items"]
        return items

    async def grade(self, item_id: str, rating: str, key: UUID | None = None) -> dict[str, Any]:
        """Grade an item."""
        body = {"grading_id": str(key or uuid4()), "rating": rating}
        answer = await self.learner.client.post(f"{V1}/reviews/{item_id}", json=body)
        assert answer.status_code == 200, answer.text
        graded: dict[str, Any] = answer.json()
        return graded


@pytest.fixture
async def practice(app: FastAPI, learner: Learner, agent: AgentSide, owner: asyncpg.Connection) -> Practice:
    """A learner's practice."""
    database: Database = app.state.database
    return Practice(learner, agent, database, PracticeJobs(database), owner)


@dataclass
class Vendor:
    """A server that recognizes and says."""

    heard: str = ""
    status: int = 200
    recordings: list[bytes] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)

    async def listen(self, request: web.Request) -> web.Response:
        """`POST /v1/listen`."""
        self.recordings.append(await request.read())
        found = {"results": {"channels": [{"alternatives": [{"transcript": self.heard}]}]}}
        return web.json_response(found, status=self.status)

    async def speak(self, request: web.Request) -> web.Response:
        """`POST /v1/audio/speech`."""
        self.said.append(await request.json())
        return web.Response(body=b"mp3 " + self.said[-1]["input"].encode(), status=self.status)


@asynccontextmanager
async def serving(routes: Iterable[tuple[str, Callable[..., Any]]]) -> AsyncIterator[str]:
    """Serve on a free port; the address."""
    app = web.Application()
    for path, handler in routes:
        app.router.add_post(path, handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.fixture
async def vendor(app: FastAPI, settings: Settings) -> AsyncIterator[Vendor]:
    """Speech servers, known to the application."""
    held, usual = Vendor(), app.state.speech
    async with serving([("/v1/listen", held.listen), ("/v1/audio/speech", held.speak)]) as base:
        app.state.speech = Speech(settings.model_copy(update={"stt_url": base, "tts_url": f"{base}/v1"}))
        yield held
        await app.state.speech.close()
        app.state.speech = usual
