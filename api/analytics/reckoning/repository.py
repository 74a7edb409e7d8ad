"""All SQL that makes figures from turns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Numeric,
    Select,
    Subquery,
    TableValuedAlias,
    and_,
    case,
    cast,
    delete,
    distinct,
    extract,
    func,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import array, insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.models import CallFigures, LearnerDay, LearnerStats, ProgramCall
from api.calls.models import Call, Turn
from api.contract.calls import InputKind, Role
from api.organisations.models import Enrolment, EnrolmentRole
from api.sessions.models import PracticeSession

WEEK = timedelta(days=7)
WEEKS_OF_MONTH = 4
PUNCTUATION = ".,;:!?…()[]{}\"“”«»¿¡*-–—'‘’"
"""What is no part of a word at its ends."""


@dataclass(frozen=True)
class Member:
    """A learner in one organisation."""

    organisation_id: UUID
    user_id: UUID


def _by(role: Role) -> ColumnElement[bool]:
    return and_(Turn.role == role, Turn.input_kind == InputKind.VOICE)


def _seconds() -> ColumnElement[Decimal]:
    """How long a turn took: from its first word to its last, where the words have times."""
    timed = func.jsonb_array_length(Turn.words) > 0
    first, last = Turn.words[0]["start"].astext, Turn.words[-1]["end"].astext
    by_words = cast(last, Numeric) - cast(first, Numeric)
    return case((timed, by_words), else_=extract("epoch", Turn.ended_at - Turn.started_at))


def _spoken_ms(role: Role) -> ColumnElement[int]:
    """How long somebody spoke; a turn that ends before it begins took no time."""
    length = func.greatest(0, func.round(_seconds() * 1000))
    return cast(func.coalesce(func.sum(length).filter(_by(role)), 0), BigInteger)


def _pieces() -> TableValuedAlias:
    """What stands between the blanks of a turn's text, a row each."""
    texts = func.translate(func.lower(Turn.text), "\n\r\t", "   ")
    return func.string_to_table(texts, " ").table_valued("piece", name="pieces").render_derived()


def _words_of_calls(member: "Member", only: ColumnElement[bool]) -> Subquery:
    """Words that a learner spoke, and how many different ones, by call."""
    pieces = _pieces()
    word = func.btrim(pieces.c.piece, PUNCTUATION)
    return (
        select(
            Turn.call_id.label("call_id"),
            func.count(word).label("words"),
            func.count(distinct(word)).label("distinct_words"),
        )
        .select_from(Turn)
        .join(Call, Call.id == Turn.call_id)
        .join(PracticeSession, PracticeSession.id == Call.session_id)
        .join(pieces, true())
        .where(*_closed_calls(member), only, _by(Role.LEARNER), word != "")
        .group_by(Turn.call_id)
        .subquery()
    )


def _closed_calls(member: "Member") -> tuple[ColumnElement[bool], ...]:
    return (
        Call.organisation_id == member.organisation_id,
        PracticeSession.user_id == member.user_id,
        Call.ended_at.is_not(None),
        Call.deleted_at.is_(None),
    )


def _figures_of_calls(member: "Member", only: ColumnElement[bool]) -> Select[Any]:
    words = _words_of_calls(member, only)
    return (
        select(
            Call.id,
            Call.organisation_id,
            PracticeSession.user_id,
            Call.started_at,
            Call.ended_at,
            _spoken_ms(Role.LEARNER),
            _spoken_ms(Role.COACH),
            func.count(Turn.id),
            func.count(Turn.id).filter(Turn.role == Role.LEARNER),
            func.coalesce(words.c.words, 0),
            func.coalesce(words.c.distinct_words, 0),
        )
        .join(PracticeSession, PracticeSession.id == Call.session_id)
        .outerjoin(Turn, Turn.call_id == Call.id)
        .outerjoin(words, words.c.call_id == Call.id)
        .where(*_closed_calls(member), only)
        .group_by(Call.id, PracticeSession.user_id, words.c.words, words.c.distinct_words)
    )


_CALL_COLUMNS = (
    "call_id", "organisation_id", "user_id", "started_at", "ended_at", "spoken_ms", "coach_ms", "turns",
    "learner_turns", "words", "distinct_words",
)  # fmt: skip
_DAY = cast(func.timezone("UTC", CallFigures.started_at), Date)


def _figures_of_days(member: "Member", only: ColumnElement[bool]) -> Select[Any]:
    words = _words_of_days(member, only)
    mine = (CallFigures.organisation_id == member.organisation_id, CallFigures.user_id == member.user_id)
    return (
        select(
            literal(member.organisation_id),
            literal(member.user_id),
            _DAY,
            func.count(),
            func.sum(CallFigures.spoken_ms),
            func.sum(CallFigures.coach_ms),
            func.sum(CallFigures.turns),
            func.sum(CallFigures.words),
            func.coalesce(words.c.distinct_words, 0),
        )
        .outerjoin(words, words.c.day == _DAY)
        .where(*mine, only)
        .group_by(_DAY, words.c.distinct_words)
    )


def _words_of_days(member: "Member", only: ColumnElement[bool]) -> Subquery:
    pieces = _pieces()
    word = func.btrim(pieces.c.piece, PUNCTUATION)
    return (
        select(_DAY.label("day"), func.count(distinct(word)).label("distinct_words"))
        .select_from(CallFigures)
        .join(Turn, Turn.call_id == CallFigures.call_id)
        .join(pieces, true())
        .where(
            CallFigures.organisation_id == member.organisation_id,
            CallFigures.user_id == member.user_id,
            only,
            _by(Role.LEARNER),
            word != "",
        )
        .group_by(_DAY)
        .subquery()
    )


_DAY_COLUMNS = (
    "organisation_id", "user_id", "day", "calls", "spoken_ms", "coach_ms", "turns", "words", "distinct_words",
)  # fmt: skip


def _spoken_within(last: date, weeks: int = 1) -> ColumnElement[int]:
    """Spoken in so many weeks up to a day."""
    within = and_(LearnerDay.day > last - WEEK * weeks, LearnerDay.day <= last)
    return cast(func.coalesce(func.sum(LearnerDay.spoken_ms).filter(within), 0), BigInteger)


def _windows(today: date) -> tuple[ColumnElement[Any], ColumnElement[int], ColumnElement[int]]:
    """Spoken in each of the last eight times seven days, in the last four of them, and in the four before."""
    weeks: list[Any] = [_spoken_within(today - WEEK * back) for back in reversed(range(2 * WEEKS_OF_MONTH))]
    month = _spoken_within(today, WEEKS_OF_MONTH)
    before = _spoken_within(today - WEEK * WEEKS_OF_MONTH, WEEKS_OF_MONTH)
    return array(weeks), month, before


_STATS_COLUMNS = (
    "organisation_id", "user_id", "last_activity_at", "calls", "turns", "spoken_ms", "coach_ms", "words",
    "weeks_ms", "month_ms", "before_ms", "as_of",
)  # fmt: skip


def _stats(member: "Member", today: date) -> Select[Any]:
    last = (
        select(func.max(CallFigures.ended_at))
        .where(CallFigures.organisation_id == member.organisation_id, CallFigures.user_id == member.user_id)
        .scalar_subquery()
    )
    totals = (LearnerDay.calls, LearnerDay.turns, LearnerDay.spoken_ms, LearnerDay.coach_ms, LearnerDay.words)
    return (
        select(
            literal(member.organisation_id),
            literal(member.user_id),
            last,
            *(func.sum(column) for column in totals),
            *_windows(today),
            literal(today, Date),
        )
        .where(LearnerDay.organisation_id == member.organisation_id, LearnerDay.user_id == member.user_id)
        .having(func.count() > 0)
    )


class FigureRepository:
    """Reckons the figures of one learner from the turns."""

    def __init__(self, session: AsyncSession, member: Member) -> None:
        self.session = session
        self.member = member

    async def lock(self) -> None:
        """Let nobody else reckon this learner until the transaction ends."""
        key = func.hashtextextended(f"{self.member.organisation_id} {self.member.user_id}", 0)
        await self.session.execute(select(func.pg_advisory_xact_lock(key)))

    async def reckon_calls(self, call_id: UUID | None = None) -> None:
        """Make the figures of all closed calls anew, or of one; an open call has none."""
        one: ColumnElement[bool] = true()
        kept: ColumnElement[bool] = true()
        if call_id is not None:
            one, kept = Call.id == call_id, CallFigures.call_id == call_id
        await self._replace(CallFigures, kept, _CALL_COLUMNS, _figures_of_calls(self.member, one))

    async def reckon_days(self, day: date | None = None) -> None:
        """Make the snapshots of all days anew, or of one, from the figures of its calls."""
        one: ColumnElement[bool] = true()
        kept: ColumnElement[bool] = true()
        if day is not None:
            begin = datetime.combine(day, time.min, UTC)
            one = and_(CallFigures.started_at >= begin, CallFigures.started_at < begin + timedelta(days=1))
            kept = LearnerDay.day == day
        await self._replace(LearnerDay, kept, _DAY_COLUMNS, _figures_of_days(self.member, one))

    async def reckon_stats(self, today: date) -> None:
        """Sum the days up."""
        await self._replace(LearnerStats, true(), _STATS_COLUMNS, _stats(self.member, today))

    async def count_for_programs(self, call_id: UUID | None = None) -> None:
        """Have closed calls count for the programs that their learner was enrolled in when they ended."""
        enrolled = (
            select(Enrolment.program_id, CallFigures.call_id, Enrolment.organisation_id)
            .join(
                CallFigures,
                and_(
                    CallFigures.organisation_id == Enrolment.organisation_id,
                    CallFigures.user_id == Enrolment.user_id,
                    CallFigures.ended_at >= Enrolment.created_at,
                ),
            )
            .where(
                Enrolment.organisation_id == self.member.organisation_id,
                Enrolment.user_id == self.member.user_id,
                Enrolment.role == EnrolmentRole.LEARNER,
                true() if call_id is None else CallFigures.call_id == call_id,
            )
        )
        columns = ("program_id", "call_id", "organisation_id")
        await self.session.execute(
            insert(ProgramCall).from_select(columns, enrolled).on_conflict_do_nothing()
        )

    async def _replace(
        self,
        table: type[CallFigures | LearnerDay | LearnerStats],
        kept: ColumnElement[bool],
        columns: Sequence[str],
        rows: Select[Any],
    ) -> None:
        """Put rows made anew in the place of the learner's rows for which `kept` holds."""
        stale = delete(table).where(
            table.organisation_id == self.member.organisation_id, table.user_id == self.member.user_id, kept
        )
        await self.session.execute(stale, execution_options={"synchronize_session": False})
        await self.session.execute(insert(table).from_select(list(columns), rows))


@dataclass(frozen=True)
class CallOwner:
    """Whose a call is, and when it began."""

    member: Member
    started_at: datetime


class OrganisationRepository:
    """What is to be reckoned, and for whom."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def owner_of_call(self, call_id: UUID) -> CallOwner | None:
        """The learner of a call; None where the call is gone."""
        query = (
            select(Call.organisation_id, PracticeSession.user_id, Call.started_at)
            .join(PracticeSession, PracticeSession.id == Call.session_id)
            .where(Call.id == call_id)
        )
        row = (await self.session.execute(query)).one_or_none()
        return CallOwner(Member(row[0], row[1]), row[2]) if row else None

    async def learners_without_figures(self, organisation_id: UUID) -> list[UUID]:
        """Learners with a closed call that has no figures."""
        query = (
            select(PracticeSession.user_id)
            .join(Call, Call.session_id == PracticeSession.id)
            .outerjoin(CallFigures, CallFigures.call_id == Call.id)
            .where(
                Call.organisation_id == organisation_id,
                Call.ended_at.is_not(None),
                Call.deleted_at.is_(None),
                CallFigures.call_id.is_(None),
            )
            .distinct()
        )
        return list((await self.session.scalars(query)).all())

    async def learners_out_of_step(self, organisation_id: UUID) -> list[UUID]:
        """Learners whose sums count other calls than have figures: some are gone."""
        counted = (
            select(CallFigures.user_id, func.count().label("calls"))
            .where(CallFigures.organisation_id == organisation_id)
            .group_by(CallFigures.user_id)
            .subquery()
        )
        query = (
            select(LearnerStats.user_id)
            .outerjoin(counted, counted.c.user_id == LearnerStats.user_id)
            .where(
                LearnerStats.organisation_id == organisation_id,
                LearnerStats.calls != func.coalesce(counted.c.calls, 0),
            )
        )
        return list((await self.session.scalars(query)).all())

    async def move_windows(self, organisation_id: UUID, today: date) -> None:
        """Reckon the windows of the learners of an organisation that do not end today."""
        weeks, month, before = _windows(today)
        sums = (
            select(LearnerDay.user_id, weeks.label("weeks"), month.label("month"), before.label("before"))
            .where(LearnerDay.organisation_id == organisation_id)
            .group_by(LearnerDay.user_id)
            .subquery()
        )
        await self.session.execute(
            update(LearnerStats)
            .where(
                LearnerStats.organisation_id == organisation_id,
                LearnerStats.as_of < today,
                LearnerStats.user_id == sums.c.user_id,
            )
            .values(weeks_ms=sums.c.weeks, month_ms=sums.c.month, before_ms=sums.c.before, as_of=today),
            execution_options={"synchronize_session": False},
        )

    async def stale(self, today: date) -> list[UUID]:
        """Organisations of the installation with something to reckon; a function of the schema tells them."""
        found = func.organisations_to_reckon(today).table_valued("id", name="found").render_derived()
        return list((await self.session.scalars(select(found.c.id))).all())
