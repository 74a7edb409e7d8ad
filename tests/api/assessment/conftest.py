"""An exam that was sat, with its sound, and a model server that hears what it is told to hear."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from aiohttp import web
from fastapi import FastAPI

from api.assessment.jobs import AssessmentJobs
from api.contract.exams import ExamContent
from api.contract.sound import AUDIO_TYPE
from api.exams.jobs import ExamJobs
from api.settings import Settings
from infra.models.grammar import answer, finding_of
from infra.models.learner_rules.repair import rules
from tests.api.conftest import AgentSide, Learner, OpenedCall, turn
from tests.api.exams.conftest import begun, event, exam, load_exams, put_back, told
from tests.api.recordings.conftest import answer as consent
from tests.support.opus import silence

__all__ = ["exam", "load_exams"]
V1 = "/api/v1"
LENGTH_S = 175.0
"""After so long the small exam is over; its long turn is spoken from the 105th second to the 165th."""
SPOKEN_AT = 110.0
SAID = (
    "My house is in a quiet street and I have lived there for ten years because my family like it. "
    "There is a big room where we eat. My brother live in Lima, but he likes the house too. "
    "I think that it is better than a flat, although the garden is small."
)


@dataclass
class ModelServer:
    """A model server and a language model in one, each request noted."""

    base: str = ""
    says: str = SAID
    speech_s: float = 20.0
    away: bool = False
    asked: list[str] = field(default_factory=list)
    prompts: list[dict[str, Any]] = field(default_factory=list)
    replies: list[Any] = field(default_factory=list)
    """What the language model answers, in order; then it fails."""

    async def handle(self, request: web.Request) -> web.Response:
        """Whatever is asked."""
        self.asked.append(request.path)
        if self.away:
            return web.json_response({}, status=503)
        if request.path == "/v2/check":
            form = await request.post()
            text = str(form["text"])
            found = [finding_of(slip) for slip in rules().find(text)]
            return web.json_response(answer(text, found, "en-US"))
        if request.path == "/v1/chat/completions":
            return await self._complete(request)
        assert await request.read()
        return web.json_response(self._heard(request.path))

    async def _complete(self, request: web.Request) -> web.Response:
        self.prompts.append(await request.json())
        if not self.replies:
            return web.json_response({}, status=500)
        content = json.dumps(self.replies.pop(0))
        return web.json_response({"choices": [{"message": {"content": content}}]})

    def _heard(self, path: str) -> dict[str, Any]:
        words = self.says.split()
        timed = [(word, 0.4 + 0.35 * n, 0.75 + 0.35 * n) for n, word in enumerate(words)]
        if path == "/v1/sound":
            return {
                "seconds": 60.0,
                "speech_s": self.speech_s if words else 0.0,
                "snr_db": 30.0,
                "bandwidth_hz": 7_000,
                "pitch_hz": 120.0,
                "silences": [],
            }
        if path == "/v1/listen":
            listed = [
                {"word": word, "punctuated_word": word, "start": start, "end": end, "confidence": 0.95}
                for word, start, end in timed
            ]
            return {"results": {"channels": [{"alternatives": [{"words": listed}]}]}}
        judged = [
            {
                "word": word,
                "start": start,
                "end": end,
                "score": 0.7,
                "phones": [{"phone": "AH", "start": start, "end": end, "score": 0.7}],
            }
            for word, start, end in timed
        ]
        return {
            "text": self.says,
            "duration": 60.0,
            "score": 0.7,
            "aligned": 1.0,
            "version": "x",
            "words": judged,
        }


@pytest.fixture
async def models() -> AsyncIterator[ModelServer]:
    """It, on a free port."""
    server = ModelServer()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@dataclass
class Sat:
    """An attempt that is over."""

    learner: Learner
    call: OpenedCall
    attempt_id: str
    began: datetime
    organisation_id: str
    jobs: AssessmentJobs

    async def send_sound(self) -> list[httpx.Response]:
        """The call's sound from its hundredth second to its end, in segments."""
        return [await self.segment(number, SPOKEN_AT - 5 + 30 * number, 30) for number in range(2)]

    async def segment(self, number: int, at: float, seconds: float) -> httpx.Response:
        """One segment."""
        headers = {"Authorization": f"Bearer {self.call.body['grant']}", "Content-Type": AUDIO_TYPE}
        data = silence(self.began + timedelta(seconds=at), seconds)
        return await self.call.client.put(
            f"/agent/calls/{self.call.id}/audio/{number}", content=data, headers=headers
        )

    async def score(self) -> None:
        """What the worker does."""
        await self.jobs.score(self.organisation_id, self.attempt_id)

    async def listen(self) -> None:
        """What it does while the attempt goes on."""
        await self.jobs.listen(self.organisation_id, self.attempt_id)

    async def shown(self) -> dict[str, Any]:
        """The assessment as its learner gets it."""
        found = await self.learner.client.get(f"{V1}/exams/attempts/{self.attempt_id}/assessment")
        assert found.status_code == 200, found.text
        body: dict[str, Any] = found.json()
        return body


@asynccontextmanager
async def jobs_of(
    app: FastAPI, settings: Settings, models: ModelServer, **changes: Any
) -> AsyncIterator[AssessmentJobs]:
    """The worker's part, with the model server where it is."""
    here = {"models_url": models.base, "grammar_url": f"{models.base}/v2", **changes}
    made = AssessmentJobs(app.state.database, app.state.storage, settings.model_copy(update=here))
    try:
        yield made
    finally:
        await made.close()


@dataclass
class Hall:
    """Where exams are sat."""

    app: FastAPI
    agent: AgentSide
    owner: asyncpg.Connection
    jobs: AssessmentJobs

    async def sit(
        self, learner: Learner, *said: str, recorded: bool = False, audio_consent: bool = False
    ) -> Sat:
        """Sit the small exam: what is said, is said in its long turn, a turn each ten seconds."""
        if recorded:
            assert (await consent(learner, granted=True)).status_code == 200
        made = await begun(learner, audio_consent=audio_consent)
        call = await self.agent.opened(await learner.room())
        await told(call, event(0, "started", datetime.now(UTC)))
        await put_back(self.owner, LENGTH_S)
        await self.owner.execute("UPDATE recording_consents SET granted_at = granted_at - interval '1 hour'")
        row = await self.owner.fetchrow("SELECT * FROM exam_attempts WHERE id = $1", UUID(made["id"]))
        began = row["started_at"]
        sat = Sat(learner, call, made["id"], began, str(row["organisation_id"]), self.jobs)
        if said:
            turns = [self._turn(began, number, text) for number, text in enumerate(said)]
            assert (await call.append(*turns)).status_code == 200
        return sat

    def _turn(self, began: datetime, number: int, text: str) -> dict[str, Any]:
        start = began + timedelta(seconds=SPOKEN_AT + 10 * number)
        words = [
            {"word": word.strip(".,"), "start": 0.3 * n, "end": 0.3 * n + 0.3, "confidence": 0.9}
            for n, word in enumerate(text.split())
        ]
        times = {"started_at": start.isoformat(), "ended_at": (start + timedelta(seconds=9)).isoformat()}
        return {**turn(f"i{number}", number, text), **times, "words": words}

    async def over(self, sat: Sat) -> None:
        """Its time is through."""
        exams = ExamJobs(self.app.state.database, self.app.state.livekit)
        await exams.settle(sat.organisation_id, sat.attempt_id)


@pytest.fixture
async def hall(  # noqa: PLR0917 - fixtures
    app: FastAPI,
    settings: Settings,
    agent: AgentSide,
    owner: asyncpg.Connection,
    models: ModelServer,
    exam: ExamContent,
) -> AsyncIterator[Hall]:
    """A hall without a language model."""
    async with jobs_of(app, settings, models) as jobs:
        yield Hall(app, agent, owner, jobs)
