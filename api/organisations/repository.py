"""All SQL about organisations, their members and programs, and who takes part in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, Uuid, and_, column, delete, func, or_, select, tuple_
from sqlalchemy import update as change
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from api.calls.models import Call
from api.identity.auth import Principal
from api.identity.models import MemberRole, Membership, Organisation, OrganisationKind, User
from api.organisations.models import Enrolment, EnrolmentRole, Program
from api.pages import Mark


def visible_learners(person: Principal, program_id: UUID | None = None) -> Select[tuple[UUID]]:
    """The ids of the learners that a person may look at, as a subquery.

    Administrators: the learners of their organisation. Instructors: those of the programs that they teach.
    Learners: nobody.

    Args:
        person: Who looks.
        program_id: Only learners of this program.
    """
    if person.role == MemberRole.ADMIN:
        return _of_organisation(person, program_id)
    return _of_taught(person, program_id)


def _of_organisation(person: Principal, program_id: UUID | None) -> Select[tuple[UUID]]:
    if program_id is None:
        return select(Membership.user_id).where(
            Membership.organisation_id == person.organisation_id, Membership.role == MemberRole.LEARNER
        )
    return select(Enrolment.user_id).where(
        Enrolment.organisation_id == person.organisation_id,
        Enrolment.program_id == program_id,
        Enrolment.role == EnrolmentRole.LEARNER,
    )


def _of_taught(person: Principal, program_id: UUID | None) -> Select[tuple[UUID]]:
    taught = aliased(Enrolment)
    query = (
        select(Enrolment.user_id)
        .join(taught, taught.program_id == Enrolment.program_id)
        .where(
            Enrolment.organisation_id == person.organisation_id,
            Enrolment.role == EnrolmentRole.LEARNER,
            taught.user_id == person.user.id,
            taught.role == EnrolmentRole.INSTRUCTOR,
        )
    )
    if program_id is not None:
        query = query.where(Enrolment.program_id == program_id)
    return query.distinct()


class Belonging(NamedTuple):
    """A person's organisation, with their membership in it."""

    organisation: Organisation
    membership: Membership


class Part(NamedTuple):
    """A program that somebody takes part in."""

    user_id: UUID
    program_id: UUID
    name: str
    role: str


class OrganisationRepository:
    """Organisations; all but `belongings` and `own_programs` are asked within the one that is acted for."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, organisation_id: UUID, name: str) -> Organisation:
        """Add a school, for which the session must act already."""
        made = Organisation(id=organisation_id, name=name, kind=OrganisationKind.SCHOOL)
        self.session.add(made)
        await self.session.flush()
        return made

    async def get(self, organisation_id: UUID, *, lock: bool = False) -> Organisation | None:
        """An organisation; held until the transaction ends where `lock` says so."""
        query = select(Organisation).where(Organisation.id == organisation_id)
        rows = await self.session.scalars(query.with_for_update() if lock else query)
        return rows.one_or_none()

    async def belongings(self, user_id: UUID) -> list[Belonging]:
        """Every organisation of a person, the personal one first."""
        rows = await self.session.execute(
            select(Organisation, Membership)
            .join(Membership, Membership.organisation_id == Organisation.id)
            .where(Membership.user_id == user_id)
            .order_by(Organisation.kind, Organisation.name, Organisation.id)
        )
        return [Belonging(*row) for row in rows]

    async def own_programs(self) -> list[tuple[UUID, Part]]:
        """The programs of the person who is acted for, each with its organisation, in all of them."""
        own = func.own_programs().table_valued(
            column("organisation_id", Uuid()),
            column("program_id", Uuid()),
            column("name", String()),
            column("role", String()),
        )
        rows = await self.session.execute(
            select(
                own.c.organisation_id,
                func.avaaz_user(type_=Uuid()),
                own.c.program_id,
                own.c.name,
                own.c.role,
            ).order_by(own.c.name)
        )
        return [(row[0], Part(*row[1:])) for row in rows]

    async def some_calls(self, organisation_id: UUID, most: int) -> Sequence[UUID]:
        """Up to `most` calls of an organisation that are over."""
        query = select(Call.id).where(Call.organisation_id == organisation_id, Call.ended_at.is_not(None))
        return (await self.session.scalars(query.limit(most))).all()

    async def delete_calls(self, call_ids: Sequence[UUID]) -> None:
        """Remove calls with everything said in them."""
        await self.session.execute(delete(Call).where(Call.id.in_(call_ids)))

    async def remove_people(self, organisation_id: UUID) -> None:
        """Take everybody out of an organisation, and its programs away."""
        for table in (Program, Membership):
            await self.session.execute(delete(table).where(table.organisation_id == organisation_id))

    async def delete(self, organisation_id: UUID) -> None:
        """Remove an organisation with all that it still owns."""
        await self.session.execute(delete(Organisation).where(Organisation.id == organisation_id))


@dataclass(frozen=True)
class MemberFilter:
    """Which members are asked for."""

    organisation_id: UUID
    search: str = ""
    role: str | None = None
    program_id: UUID | None = None


class MemberRepository:
    """Members of the organisation that is acted for."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, organisation_id: UUID, user_id: UUID, role: str, now: datetime) -> Membership:
        """Give a person a place, or find the one that they have; it counts as the one chosen last."""
        rows = await self.session.scalars(
            insert(Membership)
            .values(organisation_id=organisation_id, user_id=user_id, role=role, chosen_at=now)
            .on_conflict_do_update(
                index_elements=[Membership.organisation_id, Membership.user_id], set_={"chosen_at": now}
            )
            .returning(Membership),
            execution_options={"populate_existing": True},
        )
        return rows.one()

    async def get(self, organisation_id: UUID, user_id: UUID, *, lock: bool = False) -> Membership | None:
        """Somebody's membership."""
        query = select(Membership).where(
            Membership.organisation_id == organisation_id, Membership.user_id == user_id
        )
        rows = await self.session.scalars(query.with_for_update() if lock else query)
        return rows.one_or_none()

    async def choose(self, organisation_id: UUID, user_id: UUID, now: datetime) -> None:
        """Let a membership be the one that the person acts under."""
        await self.session.execute(
            change(Membership)
            .where(Membership.organisation_id == organisation_id, Membership.user_id == user_id)
            .values(chosen_at=now)
        )

    async def counts(self, organisation_id: UUID) -> dict[str, int]:
        """How many members there are, by role."""
        rows = await self.session.execute(
            select(Membership.role, func.count())
            .where(Membership.organisation_id == organisation_id)
            .group_by(Membership.role)
        )
        return dict(rows.tuples().all())

    async def page(
        self, wanted: MemberFilter, after: Mark | None, most: int
    ) -> Sequence[tuple[Membership, User]]:
        """Members with their accounts, the newest first."""
        query = (
            select(Membership, User)
            .join(User, User.__table__.c.id == Membership.user_id)
            .where(*_matching(wanted))
            .order_by(Membership.created_at.desc(), Membership.id.desc())
            .limit(most)
        )
        if after is not None:
            query = query.where(tuple_(Membership.created_at, Membership.id) < (after.at, after.id))
        rows = await self.session.execute(query)
        return [(row[0], row[1]) for row in rows]

    async def count(self, wanted: MemberFilter) -> int:
        """How many members there are of this kind."""
        query = (
            select(func.count()).select_from(Membership).join(User, User.__table__.c.id == Membership.user_id)
        )
        return int(await self.session.scalar(query.where(*_matching(wanted))) or 0)

    async def account(self, organisation_id: UUID, user_id: UUID) -> tuple[Membership, User] | None:
        """A member with their account."""
        rows = await self.session.execute(
            select(Membership, User)
            .join(User, User.__table__.c.id == Membership.user_id)
            .where(Membership.organisation_id == organisation_id, Membership.user_id == user_id)
        )
        row = rows.one_or_none()
        return (row[0], row[1]) if row else None

    async def remove(self, membership: Membership) -> None:
        """Take somebody out of an organisation and its programs."""
        await self.session.execute(
            delete(Enrolment).where(
                Enrolment.organisation_id == membership.organisation_id,
                Enrolment.user_id == membership.user_id,
            )
        )
        await self.session.delete(membership)
        await self.session.flush()


def _matching(wanted: MemberFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Membership.organisation_id == wanted.organisation_id]
    if wanted.role is not None:
        conditions.append(Membership.role == wanted.role)
    if wanted.search:
        name, email = User.display_name, User.__table__.c.email
        search = wanted.search
        conditions.append(
            or_(name.icontains(search, autoescape=True), email.icontains(search, autoescape=True))
        )
    if wanted.program_id is not None:
        takes_part = select(Enrolment.id).where(
            Enrolment.organisation_id == Membership.organisation_id,
            Enrolment.user_id == Membership.user_id,
            Enrolment.program_id == wanted.program_id,
        )
        conditions.append(takes_part.exists())
    return conditions


class CountedProgram(NamedTuple):
    """A program with how many learn and teach in it."""

    program: Program
    learners: int
    instructors: int


class ProgramRepository:
    """Programs of the organisation that is acted for."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, program: Program) -> None:
        """Add a program.

        Raises:
            IntegrityError: Another has the name.
        """
        self.session.add(program)
        await self.session.flush()

    async def get(self, organisation_id: UUID, program_id: UUID, *, lock: bool = False) -> Program | None:
        """A program, if it is this organisation's."""
        query = select(Program).where(Program.id == program_id, Program.organisation_id == organisation_id)
        rows = await self.session.scalars(query.with_for_update() if lock else query)
        return rows.one_or_none()

    async def count(self, organisation_id: UUID) -> int:
        """How many programs there are."""
        query = select(func.count(Program.id)).where(Program.organisation_id == organisation_id)
        return int(await self.session.scalar(query) or 0)

    async def counted(
        self, organisation_id: UUID, *, only: UUID | None = None, taught_by: UUID | None = None
    ) -> list[CountedProgram]:
        """Programs by name, the archived last: all, `only` one, or those that somebody teaches."""

        def counted(role: EnrolmentRole) -> ColumnElement[int]:
            return func.count(Enrolment.id).filter(Enrolment.role == role)

        query = (
            select(Program, counted(EnrolmentRole.LEARNER), counted(EnrolmentRole.INSTRUCTOR))
            .outerjoin(Enrolment, Enrolment.program_id == Program.id)
            .where(Program.organisation_id == organisation_id)
            .group_by(Program.id)
            .order_by(Program.archived_at.is_not(None), func.lower(Program.name), Program.id)
        )
        if only is not None:
            query = query.where(Program.id == only)
        if taught_by is not None:
            taught = aliased(Enrolment)
            teaches = and_(taught.user_id == taught_by, taught.role == EnrolmentRole.INSTRUCTOR)
            query = query.where(Program.id.in_(select(taught.program_id).where(teaches)))
        rows = await self.session.execute(query)
        return [CountedProgram(*row) for row in rows]

    async def delete(self, program: Program) -> None:
        """Remove a program; enrolments and invitations to it go with it."""
        await self.session.delete(program)
        await self.session.flush()


class EnrolmentRepository:
    """Who takes part in programs."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def is_visible(self, person: Principal, learner_id: UUID) -> bool:
        """Whether a person may look at this learner."""
        visible = visible_learners(person).subquery()
        found = await self.session.execute(select(visible).where(visible.c.user_id == learner_id))
        return found.first() is not None

    async def role_in(self, program_id: UUID, user_id: UUID) -> str | None:
        """What somebody does in a program."""
        query = select(Enrolment.role).where(Enrolment.program_id == program_id, Enrolment.user_id == user_id)
        found: str | None = await self.session.scalar(query)
        return found

    async def put(self, program: Program, user_id: UUID, role: str) -> None:
        """Let somebody take part in a program in this role, whatever theirs was."""
        await self.session.execute(
            insert(Enrolment)
            .values(
                organisation_id=program.organisation_id, program_id=program.id, user_id=user_id, role=role
            )
            .on_conflict_do_update(
                index_elements=[Enrolment.program_id, Enrolment.user_id], set_={"role": role}
            )
        )

    async def remove(self, program_id: UUID, user_id: UUID) -> bool:
        """Take somebody out of a program; say whether they were in it."""
        rows = await self.session.execute(
            delete(Enrolment)
            .where(Enrolment.program_id == program_id, Enrolment.user_id == user_id)
            .returning(Enrolment.id)
        )
        return rows.first() is not None

    async def stop_teaching(self, organisation_id: UUID, user_id: UUID) -> None:
        """Let somebody teach no program of the organisation any more."""
        await self.session.execute(
            delete(Enrolment).where(
                Enrolment.organisation_id == organisation_id,
                Enrolment.user_id == user_id,
                Enrolment.role == EnrolmentRole.INSTRUCTOR,
            )
        )

    async def parts_of(self, organisation_id: UUID, user_ids: Sequence[UUID]) -> list[Part]:
        """What these people take part in, by name of the program."""
        rows = await self.session.execute(
            select(Enrolment.user_id, Program.id, Program.name, Enrolment.role)
            .join(Program, Program.id == Enrolment.program_id)
            .where(Enrolment.organisation_id == organisation_id, Enrolment.user_id.in_(user_ids))
            .order_by(func.lower(Program.name))
        )
        return [Part(*row) for row in rows]
