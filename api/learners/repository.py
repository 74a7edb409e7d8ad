"""All SQL about learners as those who look after them see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.models import LearnerStats
from api.assignments.models import Assignment
from api.calls.models import Call
from api.identity.auth import Principal
from api.identity.models import MemberRole, Membership, User
from api.learners.cursors import NEVER_DUE, NEVER_SPOKEN, Key, Place
from api.learners.schemas import Direction, LearnerSort, Wanted
from api.organisations import access
from api.organisations.models import Enrolment, EnrolmentRole, Program
from api.review.models import Comment, Flag, FlagKind
from api.sessions.models import PracticeSession

_people: Final[Any] = User
"""fastapi-users declares some of its columns as plain values."""


@dataclass(frozen=True)
class LearnerRow:
    """A learner with what they did; times of speaking in milliseconds.

    `joined_at` is when they came into the organisation. `weeks_ms` are those of the last weeks, the latest
    last, or nothing; `month_ms` were spoken in the last 28 days, `before_ms` in the 28 before.
    """

    id: UUID
    name: str
    email: str
    level: str
    native_language: str | None
    joined_at: datetime
    last_activity_at: datetime | None
    calls: int
    spoken_ms: int
    weeks_ms: list[int] | None
    month_ms: int
    before_ms: int
    open_flags: int
    new_answers: int
    next_due: date | None

    def key(self, sort: LearnerSort) -> Key:
        """Its place in an order."""
        keys: dict[LearnerSort, Key] = {
            LearnerSort.NAME: self.name.lower(),
            LearnerSort.ACTIVITY: self.last_activity_at or NEVER_SPOKEN,
            LearnerSort.MINUTES: self.spoken_ms,
            LearnerSort.CALLS: self.calls,
            LearnerSort.TREND: self.month_ms - self.before_ms,
            LearnerSort.FLAGS: self.open_flags,
            LearnerSort.DUE: self.next_due or NEVER_DUE,
        }
        return keys[sort]


def _flagged(person: Principal) -> Subquery:
    return (
        select(Flag.learner_id, func.count(Flag.id).label("flags"))
        .join(Call, Call.id == Flag.call_id)
        .where(
            Flag.organisation_id == person.organisation_id,
            Flag.resolved_at.is_(None),
            Flag.kind != FlagKind.GOOD_EXAMPLE,
        )
        .group_by(Flag.learner_id)
        .subquery("flagged")
    )


def _answered(person: Principal) -> Subquery:
    return (
        select(Comment.learner_id, func.count(Comment.id).label("answers"))
        .join(Call, Call.id == Comment.call_id)
        .where(
            Comment.organisation_id == person.organisation_id,
            Comment.author_id == Comment.learner_id,
            Comment.read_at.is_(None),
        )
        .group_by(Comment.learner_id)
        .subquery("answered")
    )


def _assigned(person: Principal) -> Subquery:
    return (
        select(Assignment.learner_id, func.min(Assignment.due_on).label("next_due"))
        .where(Assignment.organisation_id == person.organisation_id, Assignment.done_at.is_(None))
        .group_by(Assignment.learner_id)
        .subquery("assigned")
    )


def _name() -> ColumnElement[str]:
    return func.coalesce(func.nullif(User.display_name, ""), _people.email)


def _last_activity() -> ColumnElement[datetime | None]:
    """When a learner was last active in a call; nothing where they never spoke."""
    spoke = exists().where(Call.session_id == PracticeSession.id)
    return case((spoke, PracticeSession.last_activity_at), else_=None)


def _learners(learners: Select[tuple[UUID]], person: Principal, search: str) -> Subquery:
    """Each learner's row, with `total` of all and a column for each order."""
    visible = learners.subquery("visible")
    flagged, answered, assigned = _flagged(person), _answered(person), _assigned(person)

    def figure(column: Any) -> ColumnElement[int]:
        return cast(func.coalesce(column, 0), BigInteger)

    month, before = figure(LearnerStats.month_ms), figure(LearnerStats.before_ms)
    query: Select[Any] = (
        select(
            _people.id,
            _name().label("name"),
            _people.email,
            User.level,
            User.native_language,
            Membership.created_at.label("joined_at"),
            _last_activity().label("last_activity_at"),
            figure(LearnerStats.calls).label("calls"),
            figure(LearnerStats.spoken_ms).label("spoken_ms"),
            LearnerStats.weeks_ms,
            month.label("month_ms"),
            before.label("before_ms"),
            figure(flagged.c.flags).label("open_flags"),
            figure(answered.c.answers).label("new_answers"),
            assigned.c.next_due,
            func.count().over().label("total"),
            func.lower(_name()).label("by_name"),
            func.coalesce(_last_activity(), literal(NEVER_SPOKEN)).label("by_activity"),
            (month - before).label("by_trend"),
            func.coalesce(assigned.c.next_due, literal(NEVER_DUE)).label("by_due"),
        )
        .join(visible, visible.c.user_id == _people.id)
        .join(
            Membership,
            and_(Membership.user_id == _people.id, Membership.organisation_id == person.organisation_id),
        )
        .outerjoin(
            PracticeSession,
            and_(
                PracticeSession.user_id == _people.id,
                PracticeSession.organisation_id == person.organisation_id,
                PracticeSession.is_default,
            ),
        )
        .outerjoin(
            LearnerStats,
            and_(LearnerStats.user_id == _people.id, LearnerStats.organisation_id == person.organisation_id),
        )
        .outerjoin(flagged, flagged.c.learner_id == _people.id)
        .outerjoin(answered, answered.c.learner_id == _people.id)
        .outerjoin(assigned, assigned.c.learner_id == _people.id)
    )
    if search:
        found = (column.icontains(search, autoescape=True) for column in (User.display_name, _people.email))
        query = query.where(or_(*found))
    return query.subquery("learners")


KEYS = {
    LearnerSort.NAME: "by_name",
    LearnerSort.ACTIVITY: "by_activity",
    LearnerSort.MINUTES: "spoken_ms",
    LearnerSort.CALLS: "calls",
    LearnerSort.TREND: "by_trend",
    LearnerSort.FLAGS: "open_flags",
    LearnerSort.DUE: "by_due",
}
FIELDS = tuple(LearnerRow.__dataclass_fields__)


def _row(found: Any) -> LearnerRow:
    return LearnerRow(**{name: getattr(found, name) for name in FIELDS})


class LearnerRepository:
    """Learners whom a person may look at."""

    def __init__(self, session: AsyncSession, person: Principal) -> None:
        self.session = session
        self.person = person

    async def page(self, wanted: Wanted, after: Place | None, limit: int) -> tuple[list[LearnerRow], int]:
        """The next learners in the order that is wanted, and how many there are in all."""
        visible = access.visible_learners(self.person, wanted.program_id)
        learners = _learners(visible, self.person, wanted.search)
        key = learners.c[KEYS[wanted.sort]]
        query = select(learners)
        descending = wanted.direction is Direction.DESCENDING
        if after is not None:
            mark = (after.key, after.id)
            place = tuple_(key, learners.c.id)
            query = query.where(place < mark if descending else place > mark)
        order = (key.desc(), learners.c.id.desc()) if descending else (key, learners.c.id)
        rows = (await self.session.execute(query.order_by(*order).limit(limit))).all()
        return [_row(found) for found in rows], rows[0].total if rows else 0

    async def one(self, learner_id: UUID) -> LearnerRow:
        """A learner whom the person is known to see."""
        itself = select(_people.id.label("user_id")).where(_people.id == learner_id)
        found = (await self.session.execute(select(_learners(itself, self.person, "")))).one()
        return _row(found)

    async def programs_of(self, learner_id: UUID) -> Sequence[Program]:
        """The programs in which the person may see the learner, by name."""
        query = (
            select(Program)
            .join(Enrolment, Enrolment.program_id == Program.id)
            .where(
                Program.organisation_id == self.person.organisation_id,
                Enrolment.user_id == learner_id,
                Enrolment.role == EnrolmentRole.LEARNER,
            )
            .order_by(func.lower(Program.name))
        )
        if self.person.role != MemberRole.ADMIN:
            taught = select(Enrolment.program_id).where(
                Enrolment.user_id == self.person.user.id, Enrolment.role == EnrolmentRole.INSTRUCTOR
            )
            query = query.where(Program.id.in_(taught))
        return (await self.session.scalars(query)).all()
