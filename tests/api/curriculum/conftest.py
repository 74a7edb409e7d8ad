"""A small curriculum of the installation, and lessons to write."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from api.contract.lessons import LessonContent
from api.curriculum.load import Loaded, ObjectiveFile, SeededLesson, load
from api.identity.auth import Principal
from api.identity.models import MemberRole, User
from api.tenancy import act_for
from tests.api.conftest import Addresses, AgentSide, Learner, OpenedCall

V1 = "/api/v1"
AT = "2026-11-21T10:00:{:02d}Z"

OBJECTIVES = ObjectiveFile.model_validate(
    {
        "version": 1,
        "objectives": [
            {
                "key": f"{level.lower()}-{skill}",
                "level": level,
                "skill": skill,
                "text": f"Can do {level} {skill}.",
            }
            for level in ("A1", "A2", "B1", "B2")
            for skill in ("reception", "production", "interaction", "mediation")
        ],
    }
)

Begin = Callable[..., Awaitable[dict[str, Any]]]


def step(key: str, *criteria: dict[str, Any], exchanges: int = 1) -> dict[str, Any]:
    """A step as a file spells it."""
    said = {
        "say": "Where are you from?",
        "easier": "Your country?",
        "nudge": "Say I am from.",
        "model": "I am from Peru.",
        "otherwise": "I see.",
    }
    return {
        "key": key,
        "kind": "task",
        "title": f"Step {key}",
        "instructions": "Say where you are from.",
        "guidance": "Ask where the learner is from.",
        "seconds": 60,
        "exchanges": [said] * exchanges,
        "criteria": list(criteria),
    }


def criterion(key: str, **more: Any) -> dict[str, Any]:
    """A criterion as a file spells it."""
    return {"key": key, "says": "Say where you are from", "kind": "pattern", "pattern": "i am from", **more}


def lesson(key: str = "where-from", level: str = "A2", **more: Any) -> LessonContent:
    """A lesson of two steps and three criteria."""
    low = level.lower()
    fields = {
        "key": key,
        "level": level,
        "title": "Where are you from?",
        "topic": "People",
        "area": "everyday",
        "task": "introduce_yourself",
        "goal": "You can say where you are from.",
        "minutes": 6,
        "objectives": [f"{low}-interaction", f"{low}-production"],
        "phrases": [{"text": "I am from Peru.", "meaning": "Your country.", "example": "I am from Peru."}],
        "vocabulary": [{"word": "country", "meaning": "Peru is one", "cefr": "A1"}],
        "steps": [
            step("say", criterion("from"), criterion("long", objective=f"{low}-production"), exchanges=2),
            step("ask", criterion("asks")),
        ],
        "reflection": "What did you learn?",
        **more,
    }
    return LessonContent.model_validate(fields)


def changed(content: LessonContent, **more: Any) -> LessonContent:
    """A lesson with some fields changed."""
    return LessonContent.model_validate({**content.model_dump(by_alias=True), **more})


Load = Callable[..., Awaitable[Loaded]]


@pytest.fixture
def load_lessons(app: FastAPI, addresses: Addresses) -> Load:
    """Load these lessons as the installation's own, over empty tables."""

    async def do(*contents: LessonContent) -> Loaded:
        return await load(addresses.owner, [SeededLesson(1, one) for one in contents], OBJECTIVES)

    return do


@asynccontextmanager
async def acting(
    app: FastAPI, person: Learner, role: MemberRole = MemberRole.LEARNER
) -> AsyncIterator[tuple[AsyncSession, Principal]]:
    """A transaction as a request of this person has it."""
    async with app.state.database.transaction() as session:
        await act_for(session, person.organisation_id, person.id)
        user = await session.get(User, person.id)
        assert user is not None
        yield session, Principal(user, person.organisation_id, role)


async def listed(person: Learner, **query: Any) -> list[dict[str, Any]]:
    """The lessons that a person is offered."""
    answer = await person.client.get(f"{V1}/lessons", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def begun(person: Learner, lesson_id: str | UUID, **body: Any) -> dict[str, Any]:
    """Begin a lesson."""
    answer = await person.client.post(f"{V1}/lessons/{lesson_id}/start", json=body)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def next_call(person: Learner, agent: AgentSide, job: str = "AJ_1") -> OpenedCall:
    """The person's next call."""
    return await agent.opened(await person.room(), job)


def event(number: int, kind: str, **more: Any) -> dict[str, Any]:
    """An event as a worker sends it."""
    return {"number": number, "kind": kind, "at": AT.format(number), **more}


def whole_lesson() -> list[dict[str, Any]]:
    """The events of a lesson gone through, with one criterion missed."""
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("started", {}),
        ("step_started", {"step": "say"}),
        ("exchange_done", {"step": "say", "exchange": 0}),
        ("criterion_met", {"step": "say", "criterion": "from", "item_id": "a"}),
        ("exchange_done", {"step": "say", "exchange": 1}),
        ("step_finished", {"step": "say"}),
        ("step_started", {"step": "ask"}),
        ("hint_given", {"step": "ask"}),
        ("criterion_met", {"step": "ask", "criterion": "asks", "item_id": "b"}),
        ("step_finished", {"step": "ask"}),
        ("completed", {}),
    ]
    return [event(number, kind, **more) for number, (kind, more) in enumerate(kinds)]


async def told(call: OpenedCall, attempt_id: str, *events: dict[str, Any]) -> dict[str, Any]:
    """What the API makes of a call's events."""
    answer = await call.post("lesson", {"attempt_id": attempt_id, "events": list(events)})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body
