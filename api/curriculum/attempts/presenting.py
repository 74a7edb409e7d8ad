"""Attempts as the browser is told of them."""

from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from api.contract.lessons import LessonContent, LessonEventKind, Support
from api.contract.levels import Level
from api.curriculum import content as contents
from api.curriculum.attempts.models import AttemptState, LessonAttempt
from api.curriculum.attempts.repository import AttemptRepository
from api.curriculum.attempts.schemas import (
    AttemptDetail,
    AttemptOut,
    CriterionState,
    LessonState,
    LessonTaken,
    StepState,
    SupportChange,
)
from api.curriculum.attempts.service import Taken
from api.curriculum.models import LessonVersion


def state_of(attempt: LessonAttempt | None, *, completed: bool) -> LessonState:
    """Where a learner stands with a lesson, by their last attempt and whether they ever completed it."""
    if attempt is not None and attempt.state == AttemptState.OPEN:
        return LessonState.OPEN
    if completed:
        return LessonState.COMPLETED
    return LessonState.NEW if attempt is None else LessonState.STARTED


def shown(attempt: LessonAttempt, version: LessonVersion) -> AttemptOut:
    """One attempt."""
    content = contents.parse(version)
    return AttemptOut(
        id=attempt.id,
        lesson_id=attempt.lesson_id,
        version=version.number,
        title=content.title,
        level=Level(content.level),
        state=AttemptState(attempt.state),
        draft=attempt.is_draft,
        step=attempt.step,
        steps=_steps(attempt, content),
        criteria=[
            CriterionState(key=one.key, says=one.says, step=step.key, met=one.key in attempt.met)
            for step in content.steps
            for one in step.criteria
        ],
        support=Support(attempt.support),
        started_at=attempt.started_at,
        finished_at=attempt.finished_at,
    )


def taken(one: Taken) -> LessonTaken:
    """That an attempt was begun, taken up or left."""
    return LessonTaken(
        attempt=shown(one.attempt, one.version),
        resumed=one.resumed,
        takes_effect="after_this_call" if one.open_call_id else "next_call",
        open_call_id=one.open_call_id,
    )


async def in_detail(session: AsyncSession, one: Taken) -> AttemptDetail:
    """One attempt with its calls and how the coach's help changed."""
    repository = AttemptRepository(session)
    changes = await repository.events(one.attempt.id, LessonEventKind.SUPPORT_CHANGED)
    return AttemptDetail(
        **shown(one.attempt, one.version).model_dump(),
        goal=one.version.content["goal"],
        reflection=one.version.content["reflection"],
        call_ids=await repository.calls_of(one.attempt.id),
        support_changes=[
            SupportChange(at=change.at, support=Support(change.support), reason=change.reason)
            for change in changes
            if change.support
        ],
    )


def _steps(attempt: LessonAttempt, content: LessonContent) -> list[StepState]:
    return [
        StepState(key=step.key, title=step.title, state=_step_state(attempt, step.key, place))
        for place, step in enumerate(content.steps)
    ]


def _step_state(
    attempt: LessonAttempt, key: str, place: int
) -> Literal["coming", "running", "done", "skipped"]:
    if key in attempt.skipped:
        return "skipped"
    if place < attempt.step:
        return "done"
    running = place == attempt.step and attempt.state == AttemptState.OPEN
    return "running" if running else "coming"
