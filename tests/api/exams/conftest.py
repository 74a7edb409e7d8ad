"""A small mock exam of the installation, an attempt at it, and a worker that sits it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI

from api.contract.exams import ExamContent
from api.exams.jobs import ExamJobs
from api.exams.load import Loaded, SeededExam, load
from tests.api.conftest import Addresses, AgentSide, Learner, OpenedCall

V1 = "/api/v1"
LENGTHS = (5.0, 60.0, 10.0, 30.0, 60.0)
"""Of the phases of `small_exam`, in seconds."""

LoadExams = Callable[..., Awaitable[Loaded]]


def task(key: str, **more: Any) -> dict[str, Any]:
    """A task as a file spells it."""
    return {
        "key": key,
        "title": f"Task {key}",
        "topic": "Home",
        "begin": ["Tell me about your home."],
        "instructions": f"Talk about {key}.",
        "points": ["where it is"],
        "words": ["home", "house", "room", "street", "live"],
        **more,
    }


def small_exam(key: str = "a2-small", **more: Any) -> ExamContent:
    """A warm-up and a long turn with preparation, three tasks each."""
    fields = {
        "key": key,
        "title": "A small exam",
        "description": "Two parts.",
        "from_level": "A1",
        "target_level": "A2",
        "welcome": ["Hello."],
        "goodbye": ["Goodbye."],
        "parts": [
            {
                "key": "warm-up",
                "kind": "interview",
                "title": "Warm-up",
                "scored": False,
                "instructions_s": 5,
                "speaking_s": 60,
                "end": "Thank you.",
                "tasks": [task("one"), task("two"), task("three")],
            },
            {
                "key": "talk",
                "kind": "long_turn",
                "title": "A short talk",
                "scored": True,
                "instructions_s": 10,
                "preparation_s": 30,
                "speaking_s": 60,
                "end": "Thank you.",
                "tasks": [task("four"), task("five"), task("six")],
            },
        ],
        **more,
    }
    return ExamContent.model_validate(fields)


@pytest.fixture
def load_exams(app: FastAPI, addresses: Addresses) -> LoadExams:
    """Load these templates as the installation's own, over empty tables."""

    async def do(*contents: ExamContent) -> Loaded:
        return await load(addresses.owner, [SeededExam(1, one) for one in contents])

    return do


@pytest.fixture
async def exam(load_exams: LoadExams) -> ExamContent:
    """The one template that there is."""
    content = small_exam()
    await load_exams(content)
    return content


@pytest.fixture
def jobs(app: FastAPI) -> ExamJobs:
    """The job worker's part."""
    return ExamJobs(app.state.database, app.state.livekit)


async def begun(person: Learner, key: str = "a2-small", **more: Any) -> dict[str, Any]:
    """Make an attempt."""
    answer = await person.client.post(f"{V1}/exams/attempts", json={"exam": key, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def read(person: Learner, attempt_id: str) -> dict[str, Any]:
    """An attempt as its learner sees it."""
    answer = await person.client.get(f"{V1}/exams/attempts/{attempt_id}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def opened(person: Learner, agent: AgentSide, job: str = "AJ_1") -> OpenedCall:
    """The person's call, opened or carried on by a job."""
    return await agent.opened(await person.room(), job)


def event(number: int, kind: str, at: datetime, phase: int | None = None) -> dict[str, Any]:
    """An event as a worker sends it."""
    return {"number": number, "kind": kind, "at": at.isoformat(), "phase": phase}


async def told(call: OpenedCall, *events: dict[str, Any]) -> dict[str, Any]:
    """What the API makes of events of the call's exam."""
    body = {"attempt_id": call.body["brief"]["exam"]["attempt_id"], "events": list(events)}
    answer = await call.post("exam", body)
    assert answer.status_code == 200, answer.text
    kept: dict[str, Any] = answer.json()
    return kept


async def put_back(owner: asyncpg.Connection, seconds: float) -> None:
    """Let all that is known of exams have happened so much earlier: as if time had passed since."""
    by = timedelta(seconds=seconds)
    await owner.execute("UPDATE exam_events SET at = at - $1::interval", by)
    await owner.execute(
        "UPDATE exam_attempts SET created_at = created_at - $1::interval, started_at = started_at - $1", by
    )
