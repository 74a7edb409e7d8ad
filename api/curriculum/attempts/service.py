"""Attempts: beginning a lesson, leaving it, giving it to a call, and taking in what happened there."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.calls import service as calls
from api.calls.models import Call
from api.contract.calls import Mode
from api.contract.lessons import LessonPlan, LessonProgress, Support
from api.curriculum import content as contents
from api.curriculum.attempts.models import AttemptState, LessonAttempt
from api.curriculum.attempts.repository import AttemptRepository
from api.curriculum.models import LessonVersion
from api.curriculum.repository import LessonRepository
from api.database import utc_now
from api.errors import NotFoundError
from api.identity.auth import Principal
from api.pages import Mark
from api.sessions import service as sessions
from api.sessions.models import PracticeSession


@dataclass(frozen=True)
class Taken:
    """An attempt, its version, and the call that went on when it was begun or left, if any."""

    attempt: LessonAttempt
    version: LessonVersion
    resumed: bool = False
    open_call_id: UUID | None = None


async def start(session: AsyncSession, person: Principal, lesson_id: UUID, *, restart: bool = False) -> Taken:
    """Begin a lesson, or take it up where it was left: it is the plan of the learner's next call.

    An attempt goes on with the version that it began with, even of a lesson that is offered no more. Another
    lesson that was open is left.

    Raises:
        NotFoundError: The learner is offered no such lesson, and has no unfinished attempt at it.
    """
    state = await calls.default_state(session, person)
    repository = AttemptRepository(session)
    await repository.hold_session(state.practice.id)
    unfinished = await repository.unfinished(person.user.id, lesson_id)
    offered = await LessonRepository(session).offered_to(person.user.id, lesson_id)
    call_id = state.open_call.id if state.open_call else None
    if unfinished and (not restart or offered is None):
        await _take_up(session, state.practice, unfinished[0])
        return Taken(*unfinished, resumed=True, open_call_id=call_id)
    if offered is None:
        raise NotFoundError
    attempt = await _begin(session, person, state.practice, offered[1], is_draft=False)
    return Taken(attempt, offered[1], open_call_id=call_id)


async def try_draft(session: AsyncSession, person: Principal, version: LessonVersion) -> Taken:
    """Let an author talk to a draft in their next call, as it is at this moment; nothing of it counts.

    Args:
        session: The request's writing session.
        person: Its author.
        version: The draft, which the caller has found to be theirs.
    """
    state = await calls.default_state(session, person)
    await AttemptRepository(session).hold_session(state.practice.id)
    attempt = await _begin(session, person, state.practice, version, is_draft=True)
    return Taken(attempt, version, open_call_id=state.open_call.id if state.open_call else None)


async def leave(session: AsyncSession, person: Principal, attempt_id: UUID) -> Taken:
    """Go back to free talk; the attempt can be taken up again. One that is not open stays as it is.

    Raises:
        NotFoundError: It is no attempt of the learner's.
    """
    state = await calls.default_state(session, person)
    repository = AttemptRepository(session)
    await repository.hold_session(state.practice.id)
    attempt, version = await _own(repository, person, attempt_id, lock=True)
    if attempt.state == AttemptState.OPEN:
        await leave_open(session, attempt)
    return Taken(attempt, version, open_call_id=state.open_call.id if state.open_call else None)


async def leave_open(session: AsyncSession, attempt: LessonAttempt) -> None:
    """An open attempt is left: its session talks freely again."""
    attempt.state = AttemptState.LEFT
    await session.flush()
    await sessions.set_mode(session, attempt.session_id, Mode.CONVERSATION)


async def read(session: AsyncSession, person: Principal, attempt_id: UUID) -> Taken:
    """One of the learner's attempts.

    Raises:
        NotFoundError: It is no attempt of the learner's.
    """
    return Taken(*await _own(AttemptRepository(session), person, attempt_id))


async def current(session: AsyncSession, person: Principal) -> Taken | None:
    """The learner's open attempt; None while they talk freely."""
    state = await calls.default_state(session, person)
    found = await AttemptRepository(session).open_of(state.practice.id)
    if found is None:
        return None
    return Taken(*found, open_call_id=state.open_call.id if state.open_call else None)


async def list_own(
    session: AsyncSession, person: Principal, *, after: Mark | None, limit: int
) -> tuple[list[Taken], Mark | None]:
    """One page of the learner's attempts, newest first, and where it ended."""
    return await list_of(session, person, person.user.id, after=after, limit=limit)


async def list_of(
    session: AsyncSession, person: Principal, learner_id: UUID, *, after: Mark | None, limit: int
) -> tuple[list[Taken], Mark | None]:
    """One page of a learner's attempts in the person's organisation, whom the caller let see them."""
    repository = AttemptRepository(session)
    rows = await repository.page(person.organisation_id, learner_id, after, limit + 1)
    last = rows[limit - 1][0] if len(rows) > limit else None
    return [Taken(*row) for row in rows[:limit]], Mark(0, last.started_at, last.id) if last else None


async def by_id(session: AsyncSession, person: Principal, attempt_ids: set[UUID]) -> dict[UUID, Taken]:
    """The learner's own among these attempts, by key."""
    rows = await AttemptRepository(session).some(person.user.id, attempt_ids)
    return {attempt.id: Taken(attempt, version) for attempt, version in rows}


async def latest_of(
    session: AsyncSession, learner_id: UUID, lesson_ids: Sequence[UUID]
) -> dict[UUID, list[LessonAttempt]]:
    """A learner's attempts at some lessons, by lesson, newest first."""
    found: dict[UUID, list[LessonAttempt]] = {}
    for attempt in await AttemptRepository(session).of_lessons(learner_id, lesson_ids):
        found.setdefault(attempt.lesson_id, []).append(attempt)
    return found


async def with_version(session: AsyncSession, attempt: LessonAttempt) -> tuple[LessonAttempt, LessonVersion]:
    """An attempt with the version of the lesson that it goes on with.

    Raises:
        NotFoundError: It is gone.
    """
    found = await AttemptRepository(session).get(attempt.id)
    if found is None:
        raise NotFoundError
    return found


async def were_made(session: AsyncSession, lesson_id: UUID) -> bool:
    """Whether anybody has tried a lesson."""
    return await AttemptRepository(session).any_of_lesson(lesson_id)


async def plan_for(
    session: AsyncSession, practice: PracticeSession, call: Call, *, resumed: bool
) -> LessonPlan | None:
    """The lesson of a call that a worker opens or carries on; None for free talk.

    A call keeps the attempt that it began with until that is over, and takes no other one up on its way.

    Args:
        session: The worker's writing session.
        practice: The call's session.
        call: The call.
        resumed: Whether another job had it before.
    """
    repository = AttemptRepository(session)
    if resumed:
        found = await repository.of_call(call.id)
    else:
        await repository.hold_session(practice.id)
        found = await repository.for_call(call.id, practice.id)
    if found is None or found[0].state != AttemptState.OPEN:
        return None
    attempt, version = found
    await repository.give_to(attempt, call.id)
    return LessonPlan(
        attempt_id=attempt.id,
        lesson_id=attempt.lesson_id,
        version=version.number,
        content=contents.parse(version),
        progress=LessonProgress(
            step=attempt.step, exchange=attempt.exchange, met=attempt.met, skipped=attempt.skipped
        ),
        support=Support(attempt.support),
        draft=attempt.is_draft,
    )


async def _own(
    repository: AttemptRepository, person: Principal, attempt_id: UUID, *, lock: bool = False
) -> tuple[LessonAttempt, LessonVersion]:
    found = await repository.get(attempt_id, lock=lock)
    if found is None or found[0].learner_id != person.user.id:
        raise NotFoundError
    return found


async def _begin(
    session: AsyncSession,
    person: Principal,
    practice: PracticeSession,
    version: LessonVersion,
    *,
    is_draft: bool,
) -> LessonAttempt:
    repository = AttemptRepository(session)
    await _leave_other(session, practice.id, None)
    attempt = LessonAttempt(
        organisation_id=practice.organisation_id,
        learner_id=person.user.id,
        session_id=practice.id,
        lesson_id=version.lesson_id,
        version_id=version.id,
        state=AttemptState.OPEN,
        is_draft=is_draft,
        step=0,
        exchange=0,
        met=[],
        skipped=[],
        support=Support.USUAL,
    )
    await repository.add(attempt)
    await sessions.set_mode(session, practice.id, Mode.LESSON)
    return attempt


async def _take_up(session: AsyncSession, practice: PracticeSession, attempt: LessonAttempt) -> None:
    """An unfinished attempt is the plan again."""
    await _leave_other(session, practice.id, attempt.id)
    if attempt.state != AttemptState.OPEN:
        attempt.state, attempt.resumed_at = AttemptState.OPEN, utc_now()
        await session.flush()
    await sessions.set_mode(session, practice.id, Mode.LESSON)


async def _leave_other(session: AsyncSession, session_id: UUID, attempt_id: UUID | None) -> None:
    found = await AttemptRepository(session).open_of(session_id)
    if found is not None and found[0].id != attempt_id:
        found[0].state = AttemptState.LEFT
        await session.flush()
