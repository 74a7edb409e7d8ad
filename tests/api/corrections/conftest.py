"""Calls with slips in them, a checker that knows our rules, and a language model that obeys."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from fastapi import FastAPI

from api.corrections.jobs import CorrectionJobs
from api.settings import Settings
from infra.models.grammar import answer, finding_of
from infra.models.learner_rules.repair import rules
from tests.api.conftest import AgentSide, Learner, OpenedCall, turn

SAID = (
    ("coach", "Where do you live?"),
    ("learner", "My brother live in Lima and I am agree with him."),
    ("coach", "What did you do?"),
    ("learner", "Yesterday I go to the cinema."),
    ("learner", "People who live here are friendly."),
)
"""Word for word as the turns `i1` to `i5`."""


@dataclass
class Vendor:
    """A LanguageTool server and an OpenAI-compatible one in one."""

    base: str = ""
    replies: list[Any] = field(default_factory=list)
    """What the model answers, in order; a number is a status."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    status: int = 200

    async def complete(self, request: web.Request) -> web.Response:
        """`/v1/chat/completions`."""
        self.asked.append(await request.json())
        reply = self.replies.pop(0) if self.replies else 500
        if isinstance(reply, int):
            return web.json_response({"error": {"message": "no"}}, status=reply)
        content = reply if isinstance(reply, str) else json.dumps(reply)
        return web.json_response({"choices": [{"message": {"content": content}}]})

    async def check(self, request: web.Request) -> web.Response:
        """`/v2/check`, by our rules."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.forms.append(form)
        text = form["text"]
        found = [finding_of(slip) for slip in rules().find(text)]
        return web.json_response(answer(text, found, "en-US"), status=self.status)


@asynccontextmanager
async def serving(vendor: Vendor) -> AsyncIterator[Vendor]:
    """Serve it on a free port."""
    app = web.Application()
    app.router.add_post("/v1/chat/completions", vendor.complete)
    app.router.add_post("/v2/check", vendor.check)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    vendor.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield vendor
    finally:
        await runner.cleanup()


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    """A vendor."""
    async with serving(Vendor()) as serving_vendor:
        yield serving_vendor


@dataclass(frozen=True)
class Desk:
    """The worker's corrections, and how to hold a call for them."""

    jobs: CorrectionJobs
    agent: AgentSide
    learner: Learner

    async def call(
        self, said: tuple[tuple[str, str], ...] = SAID, *, unsure: tuple[str, ...] = (), close: bool = True
    ) -> OpenedCall:
        """A call in which this was said; the recognizer was not sure of these words."""
        call = await self.agent.opened(await self.learner.room(), "AJ_c")
        turns = [turn(f"i{n}", n, text, role) for n, (role, text) in enumerate(said, start=1)]
        for one in turns:
            one["words"] = _timed(one["text"], unsure) if one["role"] == "learner" else []
        assert (await call.append(*turns)).status_code == 200
        if close:
            assert (await call.close()).status_code == 200
        return call

    async def corrected(self, call: OpenedCall) -> None:
        """Have the call looked at, as the worker does."""
        await self.jobs.correct(str(self.learner.organisation_id), call.id, "test")

    async def shown(self, call: OpenedCall) -> list[dict[str, Any]]:
        """What the learner is shown."""
        answered = await self.learner.client.get(f"/api/v1/calls/{call.id}/corrections")
        assert answered.status_code == 200, answered.text
        items: list[dict[str, Any]] = answered.json()["items"]
        return items


def _timed(text: str, unsure: tuple[str, ...]) -> list[dict[str, Any]]:
    words = [word.strip(".,") for word in text.split()]
    return [
        {"word": word, "start": n * 0.5, "end": n * 0.5 + 0.5, "confidence": 0.3 if word in unsure else 0.9}
        for n, word in enumerate(words)
    ]


@pytest.fixture
async def desk(
    app: FastAPI, settings: Settings, agent: AgentSide, learner: Learner, vendor: Vendor
) -> AsyncIterator[Desk]:
    """Corrections without a language model."""
    async with _jobs(app, settings, grammar_url=f"{vendor.base}/v2") as jobs:
        yield Desk(jobs, agent, learner)


@pytest.fixture
async def modelled(
    app: FastAPI, settings: Settings, agent: AgentSide, learner: Learner, vendor: Vendor
) -> AsyncIterator[Desk]:
    """Corrections with a language model."""
    changes = {"grammar_url": f"{vendor.base}/v2", "llm_url": f"{vendor.base}/v1", "llm_model": "tiny"}
    async with _jobs(app, settings, **changes) as jobs:
        yield Desk(jobs, agent, learner)


@asynccontextmanager
async def _jobs(app: FastAPI, settings: Settings, **changes: str) -> AsyncIterator[CorrectionJobs]:
    jobs = CorrectionJobs(app.state.database, settings.model_copy(update=changes))
    try:
        yield jobs
    finally:
        await jobs.close()
