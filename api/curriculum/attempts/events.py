"""Taking in what happened in a call's lesson: once, late, in any order, to the same end."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.assignments import service as assignments
from api.calls.models import Call
from api.contract.calls import Mode
from api.contract.lessons import (
    AppendLessonEvents,
    LessonEvent,
    LessonEventKind,
    LessonEventsAppended,
    RefusedEvent,
)
from api.curriculum import content as contents
from api.curriculum.attempts import mastery
from api.curriculum.attempts.mastery import Evidence, Origin
from api.curriculum.attempts.models import AttemptState, EvidenceSource, LessonAttempt
from api.curriculum.attempts.progress import Lesson, Progress
from api.curriculum.attempts.repository import AttemptRepository
from api.curriculum.attempts.service import leave_open
from api.database import utc_now
from api.errors import ForbiddenError
from api.practice import collecting
from api.practice import service as practice
from api.sessions import service as sessions
from api.text import strip_unstorable
from infra.telemetry import get_logger

log = get_logger(__name__)

Kind = LessonEventKind


@dataclass(frozen=True)
class _Course:
    """An attempt that events are about, and its lesson."""

    session: AsyncSession
    attempt: LessonAttempt
    lesson: Lesson


async def append(session: AsyncSession, call: Call, batch: AppendLessonEvents) -> LessonEventsAppended:
    """Keep a batch of events and move the attempt on; those already kept stay as they are.

    An event that does not fit the lesson is refused by itself. The place in the lesson only moves forward,
    so that a late outbox takes nothing back.

    Raises:
        ForbiddenError: The attempt is not the one that the call was given (`lesson_of_another`).
    """
    course = await _course_of(session, call, batch)
    faults = {event.number: course.lesson.fault(event) for event in batch.events}
    fitting = {event.number: event for event in batch.events if faults[event.number] is None}
    added = await AttemptRepository(session).insert_events(
        [_row(call, course, one) for one in fitting.values()]
    )
    new = [event for number, event in fitting.items() if number in added]
    if new:
        await _take(course, new)
    return LessonEventsAppended(
        added=len(added),
        already_kept=len(fitting) - len(added),
        refused=[RefusedEvent(number=number, code=fault) for number, fault in faults.items() if fault],
    )


async def _course_of(session: AsyncSession, call: Call, batch: AppendLessonEvents) -> _Course:
    repository = AttemptRepository(session)
    await repository.hold_session(call.session_id)
    given = await repository.of_call(call.id)
    if given is None or given[0].id != batch.attempt_id:
        raise ForbiddenError("This lesson is not the call's.", code="lesson_of_another")
    attempt, version = given
    return _Course(session, attempt, Lesson(contents.parse(version)))


def _row(call: Call, course: _Course, event: LessonEvent) -> dict[str, Any]:
    return {
        "organisation_id": call.organisation_id,
        "call_id": call.id,
        "attempt_id": course.attempt.id,
        "number": event.number,
        "kind": event.kind,
        "at": event.at,
        "step": event.step,
        "exchange": event.exchange,
        "criterion": event.criterion,
        "item_id": event.item_id,
        "support": event.support,
        "reason": strip_unstorable(event.reason) if event.reason else None,
    }


async def _take(course: _Course, new: list[LessonEvent]) -> None:
    attempt = course.attempt
    progress = Progress(attempt.step, attempt.exchange, list(attempt.met), list(attempt.skipped))
    course.lesson.advance(progress, new)
    attempt.step, attempt.exchange = progress.step, progress.exchange
    attempt.met, attempt.skipped = progress.met, progress.skipped
    if any(event.kind is Kind.SUPPORT_CHANGED for event in new):
        await _support(course)
    if not attempt.is_draft:
        await _note_evidence(course, new)
    await _end(course, progress)
    await course.session.flush()


async def _support(course: _Course) -> None:
    """The support that was chosen last, by its time."""
    changes = await AttemptRepository(course.session).events(course.attempt.id, Kind.SUPPORT_CHANGED)
    if changes and changes[-1].support:
        course.attempt.support = changes[-1].support


async def _note_evidence(course: _Course, new: list[LessonEvent]) -> None:
    """What was met speaks for its objective, and what a finished step left open against it."""
    shown = [event for event in new if event.kind is Kind.CRITERION_MET]
    finished = [event for event in new if event.kind is Kind.STEP_FINISHED]
    if not shown and not finished:
        return
    hints = await AttemptRepository(course.session).events(course.attempt.id, Kind.HINT_GIVEN)
    evidence = [_shown(course, event, [(hint.step, hint.at) for hint in hints]) for event in shown]
    evidence += [
        Evidence(course.lesson.objective_of[key], key, shown=False, at=event.at)
        for event in finished
        for key in course.lesson.missed_in(event.step or "", course.attempt.met)
    ]
    attempt = course.attempt
    await mastery.note(
        course.session,
        attempt.organisation_id,
        attempt.learner_id,
        Origin(EvidenceSource.LESSON, attempt.id),
        evidence,
    )


def _shown(course: _Course, event: LessonEvent, hints: list[tuple[str | None, Any]]) -> Evidence:
    key = event.criterion or ""
    step = course.lesson.step_of[key]
    helped = any(hinted == step and at <= event.at for hinted, at in hints)
    return Evidence(course.lesson.objective_of[key], key, shown=True, at=event.at, helped=helped)


async def _end(course: _Course, progress: Progress) -> None:
    """Complete the attempt, or leave it, where the events say so."""
    attempt = course.attempt
    if attempt.state == AttemptState.COMPLETED:
        return
    if progress.completed_at is not None:
        was_open = attempt.state == AttemptState.OPEN
        attempt.state = AttemptState.COMPLETED
        attempt.finished_at = min(max(progress.completed_at, attempt.started_at), utc_now())
        await course.session.flush()
        if was_open:
            await sessions.set_mode(course.session, attempt.session_id, Mode.CONVERSATION)
        await _completed(course)
    elif (
        progress.stopped_at is not None
        and attempt.state == AttemptState.OPEN
        and progress.stopped_at >= attempt.resumed_at
    ):
        await leave_open(course.session, attempt)


async def _completed(course: _Course) -> None:
    """A lesson was gone through to its end: what was waiting for that is told."""
    attempt = course.attempt
    log.info("lesson completed", attempt_id=str(attempt.id), lesson_id=str(attempt.lesson_id))
    if attempt.is_draft:
        return
    await assignments.lesson_completed(
        course.session, attempt.organisation_id, attempt.learner_id, attempt.lesson_id
    )
    content = course.lesson.content
    await collecting.add_phrases(
        course.session,
        attempt.organisation_id,
        attempt.learner_id,
        content.phrases,
        content.vocabulary,
        lesson_id=attempt.lesson_id,
    )
    await practice.award_soon(course.session, attempt.organisation_id, attempt.learner_id)
