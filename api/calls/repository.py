"""All SQL about calls and who was in their rooms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Uuid,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from api.calls.models import Attendance, Call, LearnersCall, Turn, Usage, first_words, turn_count
from api.contract.calls import Role
from api.identity.models import User
from api.pages import Mark
from api.sessions.models import PracticeSession


@dataclass(frozen=True)
class CallRow:
    """A call with what its list entry shows besides."""

    call: Call
    turn_count: int
    first_words: str


@dataclass(frozen=True)
class SessionState:
    """A session, its calls counted with the open one, the number of the next one, and the open one."""

    practice: PracticeSession
    call_count: int
    next_number: int
    open_call: Call | None


def _page(*, further: bool) -> Select[tuple[Call, int, str]]:
    """The calls of a session that is the learner's, newest first; one empty row where it has none."""
    belongs = Call.session_id == PracticeSession.id
    mark = tuple_(bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid()))
    shown = and_(belongs, tuple_(Call.started_at, Call.id) < mark) if further else belongs
    return (
        select(Call, turn_count(), first_words())
        .select_from(PracticeSession)
        .outerjoin(Call, shown)
        .where(
            PracticeSession.id == bindparam("session_id"),
            PracticeSession.organisation_id == bindparam("organisation_id"),
            PracticeSession.user_id == bindparam("user_id"),
        )
        .order_by(Call.started_at.desc(), Call.id.desc())
        .limit(bindparam("most", type_=Integer()))
    )


def _next_number() -> ColumnElement[int]:
    """The number of a session's next call; deleted calls' are not given again."""
    highest = (
        select(func.max(Call.number) + 1)
        .where(Call.session_id == PracticeSession.id)
        .correlate(PracticeSession)
        .scalar_subquery()
    )
    return func.greatest(PracticeSession.calls_made, highest)


def _default_state() -> Select[tuple[PracticeSession, int, int, Call | None]]:
    count = select(func.count(Call.id)).where(Call.session_id == PracticeSession.id)
    return (
        select(PracticeSession, count.correlate(PracticeSession).scalar_subquery(), _next_number(), Call)
        .outerjoin(Call, and_(Call.session_id == PracticeSession.id, Call.ended_at.is_(None)))
        .where(
            PracticeSession.organisation_id == bindparam("organisation_id"),
            PracticeSession.user_id == bindparam("user_id"),
            PracticeSession.is_default,
        )
    )


# Made once: what every open page asks.
_FIRST_PAGE = _page(further=False)
_FURTHER_PAGE = _page(further=True)
_DEFAULT_STATE = _default_state()
_SAID = (
    Turn.call_id, Turn.position, Turn.role, Turn.text, Turn.started_at, Turn.input_kind, Turn.words
)  # fmt: skip
_IN_CALL = func.organisations_with_open_calls(type_=Uuid()).column_valued("id")


class CallRepository:
    """Calls."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def insert(self, values: dict[str, Any]) -> Call | None:
        """Add a call; None where the session has one open, or that number, already."""
        rows = await self.session.scalars(
            insert(Call).values(**values).on_conflict_do_nothing().returning(Call)
        )
        return rows.one_or_none()

    async def by_room(self, room: str, *, lock: bool = False) -> Call | None:
        """The call of a room."""
        query = select(Call).where(Call.room == room)
        rows = await self.session.scalars(query.with_for_update() if lock else query)
        return rows.one_or_none()

    async def get(self, call_id: UUID, *, lock: bool = False) -> Call | None:
        """A call by its key, for callers that proved their right to it by a grant."""
        query = select(Call).where(Call.id == call_id)
        rows = await self.session.scalars(query.with_for_update() if lock else query)
        return rows.one_or_none()

    async def with_learner(self, call_id: UUID) -> LearnersCall | None:
        """A call and its learner."""
        query = (
            select(Call, PracticeSession.user_id, User.locale, User.level)
            .join(PracticeSession, PracticeSession.id == Call.session_id)
            .join(User, PracticeSession.user_id == User.id)
            .where(Call.id == call_id)
        )
        row = (await self.session.execute(query)).one_or_none()
        return LearnersCall(*row) if row else None

    async def row_of_learner(self, call_id: UUID, organisation_id: UUID, user_id: UUID) -> CallRow | None:
        """A call, if it is this learner's."""
        query = (
            select(Call, turn_count(), first_words())
            .join(PracticeSession, PracticeSession.id == Call.session_id)
            .where(
                Call.id == call_id,
                Call.organisation_id == organisation_id,
                PracticeSession.user_id == user_id,
            )
        )
        found = (await self.session.execute(query)).one_or_none()
        return CallRow(*found) if found else None

    async def page(
        self, session_id: UUID, organisation_id: UUID, user_id: UUID, after: Mark | None, limit: int
    ) -> list[CallRow] | None:
        """The next calls of a session, newest first; None where it is no session of this learner's."""
        values = {
            "session_id": session_id,
            "organisation_id": organisation_id,
            "user_id": user_id,
            "most": limit,
        }
        if after is None:
            rows = (await self.session.execute(_FIRST_PAGE, values)).all()
        else:
            mark = {"after_at": after.at, "after_id": after.id}
            rows = (await self.session.execute(_FURTHER_PAGE, values | mark)).all()
        if not rows:
            return None
        return [CallRow(call, turns, words) for call, turns, words in rows if call is not None]

    async def default_state(self, organisation_id: UUID, user_id: UUID) -> SessionState | None:
        """How a learner's default session stands."""
        values = {"organisation_id": organisation_id, "user_id": user_id}
        row = (await self.session.execute(_DEFAULT_STATE, values)).one_or_none()
        return SessionState(*row) if row else None

    async def next_number(self, session_id: UUID) -> int:
        """The number that a session's next call has."""
        query = select(_next_number()).where(PracticeSession.id == session_id)
        return (await self.session.execute(query)).scalar_one()

    async def was_erased(self, key: UUID) -> bool:
        """Whether a call or session of this key was deleted or erased."""
        return bool((await self.session.execute(select(func.was_erased(key)))).scalar_one())

    async def count_open(self) -> int:
        """How many calls are open on the whole server."""
        return int((await self.session.execute(select(func.count_open_calls()))).scalar_one())

    async def organisations_in_call(self) -> Sequence[UUID]:
        """The organisations that have an open call, on the whole server."""
        rows = await self.session.scalars(select(_IN_CALL))
        return rows.all()

    async def all_open(self) -> Sequence[Call]:
        """Every open call of the organisation that is acted for."""
        rows = await self.session.scalars(select(Call).where(Call.ended_at.is_(None)))
        return rows.all()

    async def seen(self, rooms: Sequence[str], moment: datetime) -> None:
        """Note that these rooms lived at `moment`."""
        await self.session.execute(
            update(Call).where(Call.room.in_(rooms), Call.ended_at.is_(None)).values(last_seen_at=moment)
        )

    async def claim_dispatch(self, room: str, now: datetime, *, interval: timedelta, most: int) -> bool:
        """Take the next explicit dispatch of an open call; False where one was made within `interval`."""
        rows = await self.session.execute(
            update(Call)
            .where(
                Call.room == room,
                Call.ended_at.is_(None),
                Call.dispatches < most,
                or_(Call.last_dispatch_at.is_(None), Call.last_dispatch_at < now - interval),
            )
            .values(dispatches=Call.dispatches + 1, last_dispatch_at=now)
            .returning(Call.id)
        )
        return rows.one_or_none() is not None

    async def upsert_usage(self, rows: list[dict[str, Any]]) -> None:
        """Keep usage; the same job's figures for the same model replace the earlier ones."""
        if not rows:
            return
        statement = insert(Usage).values(rows)
        figures = ("input_tokens", "output_tokens", "characters", "audio_seconds")
        await self.session.execute(
            statement.on_conflict_do_update(
                index_elements=["call_id", "job_id", "kind", "provider", "model"],
                set_={name: statement.excluded[name] for name in figures},
            )
        )

    async def record_attendance(self, values: dict[str, Any]) -> None:
        """Keep a participant's coming or leaving; told twice or out of order, it stays one row."""
        statement = insert(Attendance).values(**values)
        await self.session.execute(
            statement.on_conflict_do_update(
                index_elements=["room", "participant_sid"],
                set_={"left_at": func.coalesce(Attendance.left_at, statement.excluded.left_at)},
            )
        )


class TurnRepository:
    """Turns."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def insert_new(self, rows: list[dict[str, Any]]) -> int:
        """Add the turns that are not kept yet; return how many."""
        added = await self.session.execute(
            insert(Turn)
            .values(rows)
            .on_conflict_do_nothing(index_elements=["call_id", "item_id"])
            .returning(Turn.id)
        )
        return len(added.all())

    async def kept_items(self, call_id: UUID) -> set[str]:
        """The item ids that a call's record has."""
        rows = await self.session.scalars(select(Turn.item_id).where(Turn.call_id == call_id))
        return set(rows.all())

    async def last_of_session(self, session_id: UUID, limit: int) -> list[Turn]:
        """The latest turns of all calls of a session, oldest first: who said what, when, how and where."""
        query = (
            select(Turn)
            .options(load_only(*_SAID, raiseload=True))
            .join(Call, Call.id == Turn.call_id)
            .where(Call.session_id == session_id)
            .order_by(Call.number.desc(), Turn.position.desc(), Turn.started_at.desc())
            .limit(limit)
        )
        return list(reversed((await self.session.scalars(query)).all()))

    async def coach_has_spoken(self, session_id: UUID) -> bool:
        """Whether the record of a session holds any words of the coach."""
        query = (
            select(Turn.id)
            .join(Call, Call.id == Turn.call_id)
            .where(Call.session_id == session_id, Turn.role == Role.COACH)
            .limit(1)
        )
        return (await self.session.execute(query)).one_or_none() is not None

    async def page(self, call_id: UUID, after: Mark | None, limit: int | None) -> Sequence[Turn]:
        """The next turns of a call, in order; all of them without a limit."""
        query = select(Turn).where(Turn.call_id == call_id)
        if after is not None:
            query = query.where(
                tuple_(Turn.position, Turn.started_at, Turn.id) > (after.position, after.at, after.id)
            )
        query = query.order_by(Turn.position, Turn.started_at, Turn.id).limit(limit)
        return (await self.session.scalars(query)).all()
