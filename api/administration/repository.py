"""All SQL of running an installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, case, delete, func, select, text, tuple_
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.administration.models import InstallationSetting, OrganisationSetting
from api.identity.models import Membership, Organisation, OrganisationKind, User
from api.mail.models import Mail
from api.pages import Mark

_user = User.__table__.c  # as columns: the library declares the class's own attributes as plain values


async def read_switches(session: AsyncSession) -> dict[str, Any]:
    """Every setting that is not at its default, of everybody, and the suspended organisations."""
    return cast("dict[str, Any]", (await session.execute(select(func.switches()))).scalar_one())


async def is_invited(session: AsyncSession, email: str) -> bool:
    """Whether a school has invited this address by mail, and the invitation still stands."""
    return bool((await session.execute(select(func.is_invited(email)))).scalar_one())


@dataclass(frozen=True)
class Place:
    """A person's place in an organisation."""

    user_id: UUID
    organisation_id: UUID
    organisation_name: str
    kind: str
    role: str


class PeopleRepository:
    """People, as those see them who run an installation or an organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def page(
        self, organisation_id: UUID | None, search: str, after: Mark | None, limit: int
    ) -> Sequence[User]:
        """The next people, the newest accounts first; of one organisation, or with None of all."""
        query = select(User).order_by(User.created_at.desc(), _user.id.desc()).limit(limit)
        if organisation_id is not None:
            query = query.where(_belongs_to(organisation_id))
        if search:
            query = query.where(_meant(search))
        if after is not None:
            query = query.where(tuple_(User.created_at, _user.id) < (after.at, after.id))
        return (await self.session.scalars(query)).all()

    async def one(self, user_id: UUID, organisation_id: UUID | None) -> User | None:
        """A person of one organisation, or with None of any."""
        query = select(User).where(_user.id == user_id)
        if organisation_id is not None:
            query = query.where(_belongs_to(organisation_id))
        return (await self.session.scalars(query)).one_or_none()

    async def places(self, user_ids: Sequence[UUID], organisation_id: UUID | None) -> list[Place]:
        """Where people belong: everywhere, or only whether to one organisation."""
        query = (
            select(Membership.user_id, Organisation.id, Organisation.name, Organisation.kind, Membership.role)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(Membership.user_id.in_(user_ids))
            .order_by(Membership.chosen_at.desc(), Membership.created_at)
        )
        if organisation_id is not None:
            query = query.where(Organisation.id == organisation_id)
        return [Place(*row) for row in (await self.session.execute(query)).all()]


def _belongs_to(organisation_id: UUID) -> ColumnElement[bool]:
    return _user.id.in_(select(Membership.user_id).where(Membership.organisation_id == organisation_id))


def _meant(search: str) -> ColumnElement[bool]:
    """Whole addresses only, so that nobody reads a list of addresses out by trying; names by any part."""
    if "@" in search:
        return _user.email == search.lower()
    return User.display_name.icontains(search, autoescape=True)


@dataclass(frozen=True)
class CallFigures:
    """How much an organisation talks."""

    calls: int = 0
    last_call_at: datetime | None = None


class OrganisationRepository:
    """Organisations; a session that acts for an operator sees all of them."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def page(
        self, kind: OrganisationKind | None, search: str, after: Mark | None, limit: int
    ) -> list[tuple[Organisation, int]]:
        """The next organisations with how many members each has, the newest first."""
        query = _with_members().order_by(Organisation.created_at.desc(), Organisation.id.desc()).limit(limit)
        if kind is not None:
            query = query.where(Organisation.kind == kind)
        if search:
            query = query.where(Organisation.name.icontains(search, autoescape=True))
        if after is not None:
            query = query.where(tuple_(Organisation.created_at, Organisation.id) < (after.at, after.id))
        return [(found, members) for found, members in (await self.session.execute(query)).all()]

    async def one(self, organisation_id: UUID) -> tuple[Organisation, int] | None:
        """An organisation with how many members it has."""
        query = _with_members().where(Organisation.id == organisation_id)
        row = (await self.session.execute(query)).one_or_none()
        return None if row is None else (row[0], row[1])

    async def call_figures(
        self, organisation_ids: Sequence[UUID], since: datetime
    ) -> dict[UUID, CallFigures]:
        """Calls since then, and the last one ever, of organisations that have any."""
        figures = func.calls_of(as_type(list(organisation_ids), ARRAY(Uuid())), since)
        columns = figures.table_valued("organisation_id", "calls", "last_call_at")
        rows = await self.session.execute(select(columns))
        return {key: CallFigures(calls, last) for key, calls, last in rows.all()}


def _with_members() -> Select[tuple[Organisation, int]]:
    members = (
        select(func.count(Membership.id))
        .where(Membership.organisation_id == Organisation.id)
        .correlate(Organisation)
        .scalar_subquery()
    )
    return select(Organisation, members)


class SettingRepository:
    """Settings that are not at their defaults."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def of_installation(self) -> dict[str, Any]:
        """The installation's, by key."""
        rows = await self.session.execute(select(InstallationSetting.key, InstallationSetting.value))
        return dict(rows.tuples().all())

    async def of_organisation(self, organisation_id: UUID) -> dict[str, Any]:
        """An organisation's, by key."""
        rows = await self.session.execute(
            select(OrganisationSetting.key, OrganisationSetting.value).where(
                OrganisationSetting.organisation_id == organisation_id
            )
        )
        return dict(rows.tuples().all())

    async def put(self, key: str, value: Any, organisation_id: UUID | None) -> None:
        """Keep a value, for the installation or for an organisation."""
        new: Any
        if organisation_id is None:
            new = insert(InstallationSetting).values(key=key, value=value)
            index = [InstallationSetting.__table__.c.key]
        else:
            owned = {"organisation_id": organisation_id, "key": key, "value": value}
            new = insert(OrganisationSetting).values(**owned)
            index = [OrganisationSetting.__table__.c.organisation_id, OrganisationSetting.__table__.c.key]
        changed = {"value": new.excluded.value, "updated_at": func.now()}
        await self.session.execute(new.on_conflict_do_update(index_elements=index, set_=changed))

    async def drop(self, key: str, organisation_id: UUID | None) -> None:
        """Go back to the default."""
        if organisation_id is None:
            await self.session.execute(delete(InstallationSetting).where(InstallationSetting.key == key))
            return
        await self.session.execute(
            delete(OrganisationSetting).where(
                OrganisationSetting.organisation_id == organisation_id, OrganisationSetting.key == key
            )
        )


@dataclass(frozen=True)
class DayFigures:
    """One day's calls."""

    day: date
    calls: int
    seconds: float


@dataclass(frozen=True)
class StageFigures:
    """How long one stage of the turns took, in milliseconds."""

    stage: str
    turns: int
    median: float
    p95: float


@dataclass(frozen=True)
class PeopleFigures:
    """Accounts, those that may sign in, and those that did lately."""

    accounts: int
    active: int
    seen: int


class FigureRepository:
    """Counts, over everything or over one organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def people(self, organisation_id: UUID | None, since: datetime) -> PeopleFigures:
        """How many people there are."""
        query = select(
            func.count(_user.id),
            func.count(_user.id).filter(_user.is_active),
            func.count(_user.id).filter(User.last_login_at >= since),
        )
        if organisation_id is not None:
            query = query.where(_belongs_to(organisation_id))
        return PeopleFigures(*(await self.session.execute(query)).one())

    async def organisations(self) -> tuple[int, int, int]:
        """Schools, personal organisations, and suspended ones of either kind."""
        school = case((Organisation.kind == OrganisationKind.SCHOOL, 1))
        query = select(
            func.count(school), func.count() - func.count(school), func.count(Organisation.suspended_at)
        ).select_from(Organisation)
        schools, personal, suspended = (await self.session.execute(query)).one()
        return schools, personal, suspended

    async def days(self, since: datetime, organisation_id: UUID | None) -> list[DayFigures]:
        """The calls of each day that had any, in UTC."""
        days = func.days_of_calls(since, as_type(organisation_id, Uuid()))
        rows = await self.session.execute(select(days.table_valued("day", "calls", "seconds")))
        return [DayFigures(*row) for row in rows.all()]

    async def stages(self, since: datetime, organisation_id: UUID | None) -> list[StageFigures]:
        """How long the stages of turns took."""
        stages = func.stages_of_turns(since, as_type(organisation_id, Uuid()))
        columns = stages.table_valued("stage", "turns", "median", "p95")
        return [StageFigures(*row) for row in (await self.session.execute(select(columns))).all()]

    async def mail(self) -> tuple[int, int]:
        """Mails that wait to be sent, and that were given up."""
        query = select(
            func.count().filter(Mail.sent_at.is_(None), Mail.given_up_at.is_(None)),
            func.count(Mail.given_up_at),
        ).select_from(Mail)
        waiting, given_up = (await self.session.execute(query)).one()
        return waiting, given_up

    async def database_version(self) -> str:
        """The version of Postgres."""
        version = (await self.session.execute(text("SHOW server_version"))).scalar_one()
        return str(version).split(maxsplit=1)[0]
