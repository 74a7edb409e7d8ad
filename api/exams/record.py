"""The record that an exam's clock is reckoned from: what workers tell, what the API finds out, how it ends.

Whoever writes holds the attempt's row, so that numbers of events are given one after the other. A number is
given once: of two who claim it the later one is told what stands there. Only the worker that was given the
attempt last adds to the record: it goes by what it was told then, and nobody changes that behind its back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.assessment import triggers as assessment
from api.calls.models import Call
from api.contract.calls import Mode, Role, TurnRecord
from api.contract.exams import (
    MAX_EVENTS,
    AppendExamEvents,
    ExamClock,
    ExamContent,
    ExamEvent,
    ExamEventKind,
    ExamEventsAppended,
    ExamPlan,
)
from api.database import utc_now
from api.errors import ForbiddenError
from api.exams import content as contents
from api.exams.models import OPEN, EventSource, ExamAttempt, ExamEventRow, ExamState, ExamTemplate
from api.exams.repository import AttemptRow, ExamRepository
from api.jobs import JobName, enqueue
from api.sessions import service as sessions
from api.sessions.models import PracticeSession
from infra.telemetry import get_logger

log = get_logger(__name__)

LATE: Final = timedelta(seconds=20)
"""Time for a worker's word after an attempt's time is through; then it is ended without."""
LOOK_AFTER: Final = timedelta(seconds=1.5)
"""After somebody was said to have left: who only changed connection is back by then."""
WAITS: Final = timedelta(days=1)
"""An attempt that was not begun within this time is over."""


@dataclass
class Sitting:
    """An attempt with all that says where it stands."""

    attempt: ExamAttempt
    template: ExamTemplate
    content: ExamContent
    """With the drawn tasks alone."""
    rows: list[ExamEventRow]

    @property
    def clock(self) -> ExamClock:
        """Its clock, by the events known so far."""
        return contents.clock_of(self.attempt, self.content, self.rows)

    @property
    def events(self) -> list[ExamEvent]:
        """The record."""
        return [contents.event_of(row) for row in self.rows]

    @property
    def next_number(self) -> int:
        """The number of the next event."""
        return max((row.number + 1 for row in self.rows), default=0)


async def sitting_of(session: AsyncSession, row: AttemptRow) -> Sitting:
    """An attempt with its record."""
    attempt, template = row
    rows = await ExamRepository(session).events(attempt.id)
    return Sitting(attempt, template, contents.sat_content(attempt, template), rows)


async def plan_for(
    session: AsyncSession, practice: PracticeSession, call: Call, *, resumed: bool
) -> ExamPlan | None:
    """The exam of a call that a worker opens or carries on; None where there is none to sit.

    A learner's open attempt is what their next call is for, and their session's mode says that there is one.
    A call that had an attempt keeps it, also when its time is through meanwhile, so that the examiner takes
    leave.

    Args:
        session: The worker's writing session.
        practice: The call's session.
        call: The call.
        resumed: Whether another job had it before; such a call takes up nothing on its way.
    """
    repository = ExamRepository(session)
    found = None
    if resumed:
        found = await repository.of_call(call.id, lock=True)
    elif practice.mode == Mode.EXAM:
        found = await repository.for_call(call.id, practice.id)
    if found is None:
        return None
    sitting = await sitting_of(session, found)
    now = utc_now()
    await settle(session, sitting, now)
    if not resumed and found[0].state not in OPEN:
        return None
    found[0].job_id = call.job_id
    await repository.give_to(found[0], call.id)
    await _note_left(session, sitting, call, now)
    return ExamPlan(
        attempt_id=found[0].id,
        version=found[1].number,
        content=sitting.content,
        schedule=sitting.clock.schedule,
        events=sitting.events,
        now=now,
        hold_sound=found[0].audio_consent,
    )


async def append(
    session: AsyncSession, call: Call, batch: AppendExamEvents, job_id: str
) -> ExamEventsAppended:
    """Keep a batch of events, each once; none of an attempt that is over or that another job has by now.

    An event that claims to be of a moment that has not come is one of now.

    Raises:
        ForbiddenError: The attempt is not the one that the call was given (`exam_of_another`).
    """
    found = await ExamRepository(session).of_call(call.id, lock=True)
    if found is None or found[0].id != batch.attempt_id:
        raise ForbiddenError("This exam is not the call's.", code="exam_of_another")
    sitting = await sitting_of(session, found)
    now = utc_now()
    added = 0
    if sitting.attempt.state in OPEN and sitting.attempt.job_id == job_id:
        added = await _keep(session, sitting, call, EventSource.AGENT, batch.events, now)
        await settle(session, sitting, now)
    return ExamEventsAppended(
        added=added, already_kept=len(batch.events) - added, events=sitting.events, now=now
    )


async def note_left(session: AsyncSession, call: Call, at: datetime) -> None:
    """Learner or examiner is gone from a call since a moment: its exam's clock stands still, if it ran."""
    found = await ExamRepository(session).of_call(call.id, lock=True)
    if found is None or found[0].state != ExamState.RUNNING:
        return
    sitting = await sitting_of(session, found)
    await _note_left(session, sitting, call, at)
    await settle(session, sitting, utc_now())


async def note_return(session: AsyncSession, call: Call) -> None:
    """The worker that has a call's exam is back in its room, and may not know that it was missed."""
    found = await ExamRepository(session).of_call(call.id, lock=True)
    if found is None or found[0].state != ExamState.RUNNING or found[0].job_id != call.job_id:
        return
    sitting = await sitting_of(session, found)
    last = max(sitting.rows, key=lambda row: (row.at, row.number), default=None)
    if last is not None and (last.kind, last.source) == (ExamEventKind.LEFT, EventSource.API):
        await _add(session, sitting, call, ExamEventKind.RETURNED, utc_now())


async def somebody_left(session: AsyncSession, call: Call, at: datetime) -> None:
    """LiveKit says that somebody left a call's room: if it is an exam's, it is looked at again shortly.

    An examiner who is there notes for itself who comes and goes.
    """
    found = await ExamRepository(session).of_call(call.id)
    if found is None or found[0].state != ExamState.RUNNING:
        return
    arguments = {
        "organisation_id": str(call.organisation_id),
        "call_id": str(call.id),
        "at": min(at, utc_now()).isoformat(),
    }
    await enqueue(session, JobName.NOTE_ABSENCE, arguments, delay=LOOK_AFTER)


async def turns_came(session: AsyncSession, call: Call, turns: Sequence[TurnRecord]) -> None:
    """New turns of a call were kept: where it is an exam's, what the learner said is listened to."""
    positions = [turn.position for turn in turns if turn.role is Role.LEARNER]
    found = await ExamRepository(session).of_call(call.id) if positions else None
    if found is not None:
        over = found[0].state not in OPEN
        cause = f"{call.id} {max(positions)}"
        await assessment.turns_came(session, call.organisation_id, found[0].id, cause, over=over)


async def holds_sound(session: AsyncSession, call_id: UUID) -> bool:
    """Whether the learner lets the sound of a call's exam be held until it is scored."""
    found = await ExamRepository(session).of_call(call_id)
    return found is not None and found[0].audio_consent


async def stop(session: AsyncSession, sitting: Sitting) -> None:
    """The learner gives an attempt up, and its call ends; one that is over stays as it is."""
    now = utc_now()
    await settle(session, sitting, now)
    if sitting.attempt.state not in OPEN:
        return
    await _add(session, sitting, None, ExamEventKind.STOPPED, now)
    await settle(session, sitting, utc_now())
    for room in await ExamRepository(session).open_rooms(sitting.attempt.id):
        await enqueue(session, JobName.END_ROOM, {"room": room})


async def settle(session: AsyncSession, sitting: Sitting, now: datetime) -> None:
    """Bring what lists and other domains ask for in line with the clock; end what is over."""
    attempt = sitting.attempt
    if attempt.state not in OPEN:
        return
    clock = sitting.clock
    place = clock.at(now)
    if attempt.started_at is None and (spans := clock.spans(now)):
        attempt.started_at, attempt.state = spans[0].began_at, ExamState.RUNNING
    if place.state in {"finished", "stopped"}:
        await _end(session, attempt, ExamState(place.state), clock.ended_at(now) or now)
        await _have_judged(session, sitting)
    elif place.state == "waiting" and now - attempt.created_at > WAITS:
        await _end(session, attempt, ExamState.EXPIRED, now)
    await session.flush()


async def _end(session: AsyncSession, attempt: ExamAttempt, state: ExamState, at: datetime) -> None:
    attempt.state, attempt.ended_at = state, at
    await session.flush()
    await sessions.end_mode(session, attempt.session_id, Mode.EXAM)
    log.info("exam over", attempt_id=str(attempt.id), state=state)


async def _have_judged(session: AsyncSession, sitting: Sitting) -> None:
    """An attempt that was begun is over: what was said in it is judged."""
    attempt = sitting.attempt
    if attempt.started_at is None or attempt.ended_at is None:
        return
    await assessment.exam_over(
        session,
        attempt.organisation_id,
        attempt.learner_id,
        attempt.id,
        title=sitting.template.title,
        target_level=attempt.target_level,
        began_at=attempt.started_at,
        ended_at=attempt.ended_at,
    )


async def _note_left(session: AsyncSession, sitting: Sitting, call: Call, at: datetime) -> None:
    now = utc_now()
    clock = sitting.clock
    if clock.at(now).state != "running" or clock.is_away(now):
        return
    await _add(session, sitting, call, ExamEventKind.LEFT, at)


async def _add(
    session: AsyncSession, sitting: Sitting, call: Call | None, kind: ExamEventKind, at: datetime
) -> None:
    """The API notes something itself, where the record has room for it."""
    if sitting.next_number <= MAX_EVENTS:
        event = ExamEvent(number=sitting.next_number, kind=kind, at=at)
        await _keep(session, sitting, call, EventSource.API, [event], utc_now())


async def _keep(  # noqa: PLR0917 - each says something else of one write
    session: AsyncSession,
    sitting: Sitting,
    call: Call | None,
    source: EventSource,
    events: Sequence[ExamEvent],
    now: datetime,
) -> int:
    """Keep events whose numbers are free, and have the attempt ended in time; return how many."""
    rows = {event.number: _row(sitting.attempt, call, source, event, now) for event in events}
    kept = await ExamRepository(session).insert_events(list(rows.values()))
    if not kept:
        return 0
    sitting.rows = sorted([*sitting.rows, *kept], key=lambda row: row.number)
    await _end_in_time(session, sitting, now)
    return len(kept)


def _row(
    attempt: ExamAttempt, call: Call | None, source: EventSource, event: ExamEvent, now: datetime
) -> dict[str, Any]:
    return {
        "organisation_id": attempt.organisation_id,
        "attempt_id": attempt.id,
        "call_id": call.id if call else None,
        "number": event.number,
        "kind": event.kind,
        "at": min(max(event.at, attempt.created_at), now),
        "phase": event.phase,
        "source": source,
    }


async def _end_in_time(session: AsyncSession, sitting: Sitting, now: datetime) -> None:
    """Queue a look at the attempt for when its time is through, should nobody say anything more."""
    end = sitting.clock.latest_end(now)
    if end is not None:
        arguments = {
            "organisation_id": str(sitting.attempt.organisation_id),
            "attempt_id": str(sitting.attempt.id),
        }
        occasion = str(sitting.next_number)
        await enqueue(session, JobName.SETTLE_EXAM, arguments, delay=end - now + LATE, occasion=occasion)
