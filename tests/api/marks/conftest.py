"""Judged exams of learners of a school, as the judging job leaves them."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from api.assessment.models import AssessmentRow
from api.database import async_url, utc_now
from api.exams.models import ExamAttempt, ExamTemplate
from tests.api.conftest import Addresses, Learner, SignUp
from tests.api.school import V1, School, found

SCORES: dict[str, float | None] = {
    "fluency": 3.2,
    "pronunciation": None,
    "grammar": 2.6,
    "vocabulary": 3.0,
    "coherence": 3.4,
}
Judged = Callable[..., Awaitable[UUID]]


@pytest.fixture
async def school(sign_up: SignUp) -> School:
    """A school."""
    return await found(sign_up)


@pytest.fixture
async def program(school: School) -> str:
    """One of its programs."""
    return await school.program()


@pytest.fixture
async def teacher(school: School, program: str) -> Learner:
    """Who teaches it."""
    return await school.join("Tom", "instructor", program)


@pytest.fixture
async def maya(school: School, program: str) -> Learner:
    """Who learns in it."""
    return await school.join("Maya", program_id=program)


def judgement(scores: dict[str, float | None]) -> dict[str, Any]:
    """What the job keeps of an exam that it has judged."""
    dimensions = [
        {
            "dimension": name,
            "score": score,
            "confidence": 0.0 if score is None else 0.8,
            "level": None if score is None else "B1",
            "refused": "no_audio" if score is None else None,
        }
        for name, score in scores.items()
    ]
    return {
        "scored_at": utc_now(),
        "version": "v1",
        "band_table": "bands 1",
        "scores": scores,
        "level": "B1",
        "judgement": {"dimensions": dimensions, "level": "B1", "level_confidence": 0.6},
    }


@pytest.fixture
def judged(addresses: Addresses, school: School) -> Judged:
    """An exam that a learner sat in the school, with its judgement; `state` says how far that is."""

    async def do(
        learner: Learner, scores: dict[str, float | None] | None = None, *, state: str = "ready"
    ) -> UUID:
        given = SCORES if scores is None else scores
        session, attempt_id = await learner.default_session(), uuid4()
        template = {
            "id": uuid4(), "key": uuid4().hex, "number": 1, "offered": False, "from_level": "A2",
            "target_level": "B1", "title": "Mock exam", "content": {}, "content_hash": "",
        }  # fmt: skip
        attempt = {
            "id": attempt_id, "organisation_id": school.id, "learner_id": learner.id,
            "session_id": UUID(session["id"]), "template_id": template["id"], "state": "finished",
            "target_level": "B1", "seed": 1, "tasks": [], "started_at": utc_now(), "ended_at": utc_now(),
        }  # fmt: skip
        assessment = {
            "organisation_id": school.id, "attempt_id": attempt_id, "user_id": learner.id,
            "title": "Mock exam, A2 to B1", "target_level": "B1", "taken_at": utc_now(),
            "ended_at": utc_now(), "state": state, **(judgement(given) if state == "ready" else {}),
        }  # fmt: skip
        engine = create_async_engine(async_url(addresses.owner), poolclass=NullPool)
        async with engine.begin() as connection:
            await connection.execute(insert(ExamTemplate).values(**template))
            await connection.execute(insert(ExamAttempt).values(**attempt))
            await connection.execute(insert(AssessmentRow).values(**assessment))
        await engine.dispose()
        return attempt_id

    return do


def marks_of(attempt_id: UUID) -> str:
    """The address of an attempt's marks."""
    return f"{V1}/exams/attempts/{attempt_id}/marks"


def mark(
    score: float | None = 3.5, dimension: str = "grammar", version: int = 0, **more: Any
) -> dict[str, Any]:
    """The body of a mark."""
    return {
        "dimension": dimension,
        "score": score,
        "version": version,
        "reason": "Past forms hold under pressure.",
        **more,
    }
