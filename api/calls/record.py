"""The agent's side of the record: opening and resuming calls, appending turns, closing.

Every step may come twice, late, or from a worker that another one has replaced meanwhile; the record stays
the same whichever way it was delivered.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.administration.registry import SettingKey
from api.administration.switchboard import MAINTENANCE, Switches
from api.analytics.reckoning import service as figures
from api.authoring.scope import documents_of_call
from api.calls.grants import Grant, issue
from api.calls.models import Call, Turn
from api.calls.pauses import pauses_of
from api.calls.repository import CallRepository, TurnRepository
from api.calls.rooms import parse_room
from api.contract.calls import (
    GRANT_APPEND_DAYS,
    BriefTurn,
    CallBrief,
    CallClosed,
    CallOpened,
    Channel,
    CloseCall,
    CloseReason,
    InputKind,
    LossNoted,
    Mode,
    OpenCall,
    Role,
    TurnRecord,
    TurnsAppended,
)
from api.contract.exams import ExamPlan
from api.contract.lessons import LessonPlan
from api.corrections import triggers as corrections
from api.curriculum.attempts import service as lessons
from api.database import utc_now
from api.errors import (
    AvaazError,
    ConflictError,
    ForbiddenError,
    GoneError,
    NotFoundError,
    UnauthenticatedError,
)
from api.exams import record as exams
from api.identity import service as identity
from api.jobs import JobName, enqueue
from api.knowledge import service as knowledge
from api.memory import service as memory
from api.memory import triggers
from api.onboarding import spoken as placements
from api.practice import service as practice_items
from api.recordings import consent as recording_consent
from api.recordings.queue import join_soon
from api.sessions import service as sessions
from api.sessions.models import PracticeSession
from api.sessions.tokens import learner_identity
from api.settings import Settings
from api.tenancy import act_for
from api.text import strip_unstorable
from infra.telemetry import get_logger

log = get_logger(__name__)

LAST_TURNS = 20
REOPEN_WITHIN = timedelta(minutes=10)
FOUND_DEAD = frozenset({CloseReason.ROOM_FINISHED, CloseReason.ORPHANED, CloseReason.WORKER_FAILED})
"""Reasons that the API found by itself.

A room that turns out to live again takes such a call up once more.
"""


async def open_call(
    session: AsyncSession, settings: Settings, switches: Switches, request: OpenCall
) -> CallOpened:
    """Open the call of a room, or carry on the one that is open there.

    Raises:
        ForbiddenError: The room's name was not made here (`unknown_room`), the participant is not the
            session's learner (`wrong_participant`), or no call may begin (`maintenance`,
            `organisation_suspended`).
        ConflictError: The room's call has ended (`call_ended`), or it is not the session's turn for it.
        GoneError: Session or account were erased (`session_erased`).
        NotFoundError: This database, an older copy, never knew the session.
    """
    room = parse_room(settings, request.room)
    if room is None:
        raise ForbiddenError("This room was not made here.", code="unknown_room")
    practice = await _practice_of(session, room.session_id)
    expected = learner_identity(practice.user_id)
    if request.channel is Channel.WEB and request.participant_identity not in (None, expected):
        raise ForbiddenError("The participant is not this session's learner.", code="wrong_participant")
    call, resumed = await _opened(session, switches, practice, request, room.number)
    grant, expires_at = issue(settings, call, request.job_id)
    brief = await _brief(
        session,
        settings,
        practice,
        call,
        resumed=resumed,
        recorded=switches.allows(SettingKey.RECORDINGS, practice.organisation_id),
    )
    if brief.exam is not None:
        brief.exam.now = utc_now()
    return CallOpened(
        call_id=call.id,
        session_id=practice.id,
        grant=grant,
        grant_expires_at=expires_at,
        brief=brief,
    )


async def _practice_of(session: AsyncSession, session_id: UUID) -> PracticeSession:
    try:
        return await sessions.session_by_id(session, session_id)
    except NotFoundError:
        if await CallRepository(session).was_erased(session_id):
            raise GoneError("The session was erased.", code="session_erased") from None
        raise


async def _opened(
    session: AsyncSession, switches: Switches, practice: PracticeSession, request: OpenCall, number: int
) -> tuple[Call, bool]:
    """The call of the room, and whether another job had it before."""
    repository = CallRepository(session)
    if number == await repository.next_number(practice.id):
        await _require_may_begin(session, switches, practice)
        created = await repository.insert(
            {
                "organisation_id": practice.organisation_id,
                "session_id": practice.id,
                "number": number,
                "room": request.room,
                "channel": request.channel,
                "job_id": request.job_id,
            }
        )
        if created is not None:
            await sessions.touch(session, practice.id, created.started_at)
            return created, False
    call = await repository.by_room(request.room, lock=True)
    if call is None:
        raise ConflictError("Another call of this session comes first.", code="wrong_room")
    if call.ended_at is not None:
        await _reopen(session, call)
    resumed = call.job_id != request.job_id
    call.job_id = request.job_id
    call.last_seen_at = utc_now()
    return call, resumed


async def _require_may_begin(session: AsyncSession, switches: Switches, practice: PracticeSession) -> None:
    """Refuse a call for which the token was given before maintenance or a suspension; operators may try."""
    paused = switches.maintenance is not None or practice.organisation_id in switches.suspended
    if not paused or await identity.is_operator(session, practice.user_id):
        return
    switches.require_not_suspended(practice.organisation_id)
    # Not 503, which a worker would meet by going on and asking again.
    raise ForbiddenError("New conversations are paused for maintenance.", code=MAINTENANCE)


async def _reopen(session: AsyncSession, call: Call) -> None:
    newest = call.number + 1 == await CallRepository(session).next_number(call.session_id)
    found_dead = call.close_reason in FOUND_DEAD
    recently = call.ended_at is not None and utc_now() - call.ended_at < REOPEN_WITHIN
    if not (newest and found_dead and recently):
        raise ConflictError("This call has ended.", code="call_ended")
    call.ended_at = None
    call.close_reason = None
    await figures.call_changed(session, call.id)


async def _brief(
    session: AsyncSession,
    settings: Settings,
    practice: PracticeSession,
    call: Call,
    *,
    resumed: bool,
    recorded: bool,
) -> CallBrief:
    turns = TurnRepository(session)
    last = await turns.last_of_session(practice.id, LAST_TURNS)
    recalled = await memory.recall(session, practice)
    learner = await identity.learner_brief(session, settings, practice.user_id)
    learner.pauses = pauses_of(
        turn.words for turn in last if turn.role == Role.LEARNER and turn.input_kind == InputKind.VOICE
    )
    exam = await exams.plan_for(session, practice, call, resumed=resumed)
    lesson = None if exam else await _lesson(session, practice, call, resumed=resumed)
    learner.recording_consent = recorded and (
        await recording_consent.may_record(session, settings, practice.organisation_id, practice.user_id)
        or (exam is not None and exam.hold_sound)
    )
    return CallBrief(
        learner=learner,
        mode=_mode(exam, lesson),
        first_call=not await _coach_has_spoken(turns, practice, last),
        resumed=resumed,
        next_position=_position_of_resumption(call) if resumed else _next_position(call, last),
        next_segment=_position_of_resumption(call) if resumed else 0,
        summary=practice.summary,
        facts=recalled.facts,
        last_topic=recalled.last_topic,
        last_turns=[BriefTurn(role=Role(turn.role), text=turn.text, at=turn.started_at) for turn in last],
        lesson=lesson,
        exam=exam,
        due=[] if exam else await practice_items.due_for_brief(session, practice),
        has_material=exam is None and await knowledge.has_material(session, practice.user_id),
    )


async def _lesson(
    session: AsyncSession, practice: PracticeSession, call: Call, *, resumed: bool
) -> LessonPlan | None:
    lesson = await placements.plan_for(session, practice, call, resumed=resumed)
    lesson = lesson or await lessons.plan_for(session, practice, call, resumed=resumed)
    if lesson is None:
        return None
    documents = await documents_of_call(session, call.id)
    return lesson.model_copy(update={"from_documents": bool(documents)})


def _mode(exam: ExamPlan | None, lesson: LessonPlan | None) -> Mode:
    """What was begun while a call went on is the next call's: this one stays what it was."""
    if exam is not None:
        return Mode.EXAM
    return Mode.CONVERSATION if lesson is None else Mode.LESSON


async def _coach_has_spoken(turns: TurnRepository, practice: PracticeSession, last: Sequence[Turn]) -> bool:
    """Whether the record of a session holds any words of the coach: looked for only before its last turns."""
    if any(turn.role == Role.COACH for turn in last):
        return True
    return len(last) == LAST_TURNS and await turns.coach_has_spoken(practice.id)


def _next_position(call: Call, last: Sequence[Turn]) -> int:
    """One more than the highest position kept of a call, the newest of its session; 0 for none."""
    return last[-1].position + 1 if last and last[-1].call_id == call.id else 0


def _position_of_resumption(call: Call) -> int:
    """Where another job's turns begin: the milliseconds since the call began.

    Turns of an earlier job may still wait in its outbox, so the highest position kept tells nothing. No job
    commits a turn a millisecond, so none has reached this number, and a later resumption gets a higher one.
    """
    return int((utc_now() - call.started_at) / timedelta(milliseconds=1))


async def granted_call(session: AsyncSession, grant: Grant, *, appending: bool, lock: bool = False) -> Call:
    """The call a grant is for, where the grant is still good for what is asked.

    Args:
        appending: Whether the request only appends or closes, which is allowed for some days after the close.
        lock: Whether the call's row is held until the request ends.

    Raises:
        GoneError: The call was deleted, or its learner's account erased (`call_erased`).
        UnauthenticatedError: The call was closed too long ago (`grant_expired`), or this database, an older
            copy, never knew it (`grant_invalid`).
        ForbiddenError: The call is closed and the request does more than append (`call_closed`).
    """
    await act_for(session, grant.organisation_id)
    call = await CallRepository(session).get(grant.call_id, lock=lock)
    if call is None or call.session_id != grant.session_id:
        raise await _refusal(session, grant)
    if call.ended_at is None:
        return call
    if not appending:
        raise ForbiddenError("This call has ended.", code="call_closed")
    if utc_now() - call.ended_at > timedelta(days=GRANT_APPEND_DAYS):
        raise UnauthenticatedError("The grant has expired.", code="grant_expired")
    return call


async def _refusal(session: AsyncSession, grant: Grant) -> AvaazError:
    if await CallRepository(session).was_erased(grant.call_id):
        return GoneError("This call was erased.", code="call_erased")
    return UnauthenticatedError("The grant is not valid.", code="grant_invalid")


async def append_turns(session: AsyncSession, call: Call, turns: list[TurnRecord]) -> TurnsAppended:
    """Keep a batch of turns; those already kept stay as they are."""
    added = await TurnRepository(session).insert_new([_turn_row(call, turn) for turn in turns])
    now = utc_now()
    await sessions.touch(session, call.session_id, min(now, max(turn.ended_at for turn in turns)))
    if added and call.ended_at is not None:
        await figures.call_changed(session, call.id)
    if added:
        await triggers.turns_came(session, call, turns)
        await corrections.turns_came(session, call, turns)
        await exams.turns_came(session, call, turns)
    return TurnsAppended(added=added, already_kept=len(turns) - added)


def _turn_row(call: Call, turn: TurnRecord) -> dict[str, Any]:
    words = [{**word.model_dump(), "word": strip_unstorable(word.word)} for word in turn.words]
    return {
        "organisation_id": call.organisation_id,
        "call_id": call.id,
        "item_id": turn.item_id,
        "position": turn.position,
        "role": turn.role,
        "text": strip_unstorable(turn.text),
        "input_kind": turn.input_kind,
        "interrupted": turn.interrupted,
        "started_at": turn.started_at,
        "ended_at": turn.ended_at,
        "words": words,
        "timings": turn.timings.model_dump(exclude_none=True),
        "prompt_hash": turn.prompt_hash,
        "llm": turn.llm,
        "sources": [source.model_dump(mode="json") for source in turn.sources],
    }


async def close_call(session: AsyncSession, call: Call, job_id: str, closing: CloseCall) -> CallClosed:
    """Keep a job's usage, close the call if that job still carries it, and say which turns are missing.

    A late close from a worker that another one has replaced leaves the call open.
    """
    await CallRepository(session).upsert_usage(
        [
            {
                **usage.model_dump(),
                "organisation_id": call.organisation_id,
                "call_id": call.id,
                "job_id": job_id,
            }
            for usage in closing.usage
        ]
    )
    if call.job_id == job_id and not await end_call(session, call, closing.reason, closing.ended_at):
        _believe_the_job(call, closing.reason)
    kept = await TurnRepository(session).kept_items(call.id)
    return CallClosed(missing=[item for item in dict.fromkeys(closing.item_ids) if item not in kept])


async def report_lost(session: AsyncSession, call: Call, job_id: str) -> LossNoted:
    """A job has died without closing: have it replaced, if the call is open and still its own."""
    if call.ended_at is not None or call.job_id != job_id:
        return LossNoted(replaced=False)
    await exams.note_left(session, call, utc_now())
    await enqueue(session, JobName.REPLACE_AGENT, {"room": call.room, "job_id": job_id})
    log.warning("job lost: replacing it", call_id=str(call.id))
    return LossNoted(replaced=True)


async def note_worker(session: AsyncSession) -> None:
    """A worker takes jobs from now on: have the rooms that wait for a coach looked at."""
    await enqueue(session, JobName.COVER_ROOMS, {})


def _believe_the_job(call: Call, reason: CloseReason) -> None:
    """LiveKit's word that the room ended may overtake the close of the job that ended it, which knows why."""
    if call.close_reason in FOUND_DEAD:
        call.close_reason = reason


async def end_call(session: AsyncSession, call: Call, reason: CloseReason, at: datetime) -> bool:
    """End an open call, once, and have its room taken down; True where it was open."""
    if call.ended_at is not None:
        return False
    call.ended_at = min(max(at, call.started_at), utc_now())
    call.close_reason = reason
    await enqueue(session, JobName.END_ROOM, {"room": call.room}, delay=timedelta(seconds=2))
    await join_soon(session, call.organisation_id, call.id)
    await figures.call_changed(session, call.id)
    await triggers.call_ended(session, call)
    await placements.call_ended(session, call)
    await exams.note_left(session, call, call.ended_at)
    await corrections.call_ended(session, call)
    log.info("call closed", call_id=str(call.id), reason=reason)
    return True
