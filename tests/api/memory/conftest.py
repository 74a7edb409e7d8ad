"""Calls to remember and to report on, a grammar checker, and a language model that says what it is told."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from fastapi import FastAPI

from api.corrections.jobs import CorrectionJobs
from api.database import Database
from api.memory.jobs import MemoryJobs
from api.settings import Settings
from tests.api.conftest import AgentSide, Learner, OpenedCall, turn

TALK = (
    ("coach", "Hello, I am Avaaz. Where do you live?"),
    ("learner", "My name is Ana and I live in Lima with my family."),
    ("coach", "Who cooks at home?"),
    ("learner", "My sister cook dinner and I have a dog called Rex."),
    ("coach", "What food do you like?"),
    ("learner", "I like cooking fish because it is easy and my family eat together."),
    ("coach", "What will you do?"),
    ("learner", "I have an exam next week."),
)
"""Word for word as the turns `i1` to `i8`."""


@dataclass
class Vendor:
    """A LanguageTool server and an OpenAI-compatible one in one."""

    base: str = ""
    replies: list[Any] = field(default_factory=list)
    """What the model answers, in order; a number is a status."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    checker_status: int = 200
    checked: int = 0

    async def complete(self, request: web.Request) -> web.Response:
        """`/v1/chat/completions`."""
        self.asked.append(await request.json())
        reply = self.replies.pop(0) if self.replies else 500
        if isinstance(reply, int):
            return web.json_response({"error": {"message": "no"}}, status=reply)
        content = reply if isinstance(reply, str) else json.dumps(reply)
        return web.json_response({"choices": [{"message": {"content": content}}]})

    async def check(self, request: web.Request) -> web.Response:
        """`/v2/check`: knows that "sister cook" wants "cooks"."""
        self.checked += 1
        text = str((await request.post())["text"])
        at = text.find("sister cook ")
        match = {
            "message": "The verb needs an s.",
            "offset": len(text[:at].encode("utf-16-le")) // 2 + len("sister "),
            "length": len("cook"),
            "replacements": [{"value": "cooks"}],
            "rule": {"category": {"id": "GRAMMAR"}},
        }
        return web.json_response({"matches": [match] if at >= 0 else []}, status=self.checker_status)


@asynccontextmanager
async def serving(vendor: Vendor) -> AsyncIterator[Vendor]:
    """Serve it on a free port."""
    app = web.Application()
    app.router.add_post("/v1/chat/completions", vendor.complete)
    app.router.add_post("/v2/check", vendor.check)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
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
class Coach:
    """The worker's memory, and how to hold a call for it."""

    jobs: MemoryJobs
    agent: AgentSide
    learner: Learner

    async def call(
        self, talk: tuple[tuple[str, str], ...] = TALK, *, prefix: str = "i", close: bool = True
    ) -> OpenedCall:
        """A call in which this was said."""
        call = await self.agent.opened(await self.learner.room(), f"AJ_{prefix}")
        turns = [turn(f"{prefix}{n}", n, text, role) for n, (role, text) in enumerate(talk, start=1)]
        for one in turns:
            one["words"] = timed(one["text"]) if one["role"] == "learner" else []
        if turns:
            assert (await call.append(*turns)).status_code == 200
        if close:
            assert (await call.close()).status_code == 200
        return call

    def about(self, call: OpenedCall) -> dict[str, str]:
        """The arguments of a job about a call."""
        return {"organisation_id": str(self.learner.organisation_id), "call_id": call.id}

    async def memory(self) -> dict[str, Any]:
        """What the learner is shown of the memory."""
        answer = await self.learner.client.get("/api/v1/users/me/memory")
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def report(self, call: OpenedCall) -> dict[str, Any]:
        """What the learner is shown of a report."""
        answer = await self.learner.client.get(f"/api/v1/calls/{call.id}/report")
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body


def timed(text: str) -> list[dict[str, Any]]:
    """Words at half a second each."""
    return [
        {"word": word.strip(".,"), "start": n * 0.5, "end": n * 0.5 + 0.5, "confidence": 0.9}
        for n, word in enumerate(text.split())
    ]


@asynccontextmanager
async def jobs_of(settings: Settings, database: Database, **changes: Any) -> AsyncIterator[MemoryJobs]:
    """The worker's memory with other settings."""
    changed = settings.model_copy(update=changes)
    corrections = CorrectionJobs(database, changed)
    jobs = MemoryJobs(database, changed, corrections)
    try:
        yield jobs
    finally:
        await jobs.close()
        await corrections.close()


@pytest.fixture
async def coach(
    app: FastAPI, settings: Settings, agent: AgentSide, learner: Learner, vendor: Vendor
) -> AsyncIterator[Coach]:
    """A memory without a language model."""
    async with jobs_of(settings, app.state.database, grammar_url=f"{vendor.base}/v2") as jobs:
        yield Coach(jobs, agent, learner)


@pytest.fixture
async def modelled(
    app: FastAPI, settings: Settings, agent: AgentSide, learner: Learner, vendor: Vendor
) -> AsyncIterator[Coach]:
    """A memory with a language model."""
    changes = {"grammar_url": f"{vendor.base}/v2", "llm_url": f"{vendor.base}/v1", "llm_model": "tiny"}
    async with jobs_of(settings, app.state.database, **changes) as jobs:
        yield Coach(jobs, agent, learner)
