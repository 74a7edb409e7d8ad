"""All SQL about people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi_users_db_sqlalchemy import SQLAlchemyUserDatabase
from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    column,
    delete,
    func,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.identity.models import (
    AccessToken,
    Consent,
    MailedLink,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
    SignInFailure,
    User,
)
from api.tenancy import acting, is_local


class UserRepository(SQLAlchemyUserDatabase[User, UUID]):
    """fastapi-users' view of accounts.

    It flushes where the library commits, so that the request commits once.
    """

    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session, User)

    async def create(self, create_dict: dict[str, Any]) -> User:
        """Add an account."""
        user = User(**create_dict)
        self.session.add(user)
        await self.session.flush()
        return user

    async def update(self, user: User, update_dict: dict[str, Any]) -> User:
        """Change fields of an account."""
        for field, value in update_dict.items():
            setattr(user, field, value)
        await self.session.flush()
        return user

    async def delete(self, user: User) -> None:
        """Remove an account and what hangs on it."""
        await self.session.delete(user)
        await self.session.flush()


_tokens = AccessToken.__table__.c


@dataclass(frozen=True)
class Standing:
    """The organisation and role that a person acts under."""

    organisation_id: UUID
    role: str


@dataclass(frozen=True)
class Holder:
    """Whose browser session it is: account, membership, and when the browser was seen last."""

    user: User
    member: Standing | None
    last_seen_at: datetime


def _holder() -> Select[tuple[Any, ...]]:
    """Who has a cookie; from then on the transaction shows the rows of the organisation they act under."""
    standing = (
        func.standing_of(User.id)
        .table_valued(column("organisation_id", Uuid()), column("role", String()))
        .lateral("standing")
    )
    operator = case((User.__table__.c.is_superuser, "on"), else_="")
    organisation = func.coalesce(cast(standing.c.organisation_id, Text), "")
    return (
        select(
            User,
            _tokens.last_seen_at,
            standing.c.organisation_id,
            standing.c.role,
            *acting(organisation, cast(User.id, Text), operator),
        )
        .join(AccessToken, _tokens.user_id == User.id)
        .outerjoin(standing, true())
        .where(_tokens.token == bindparam("token"), _tokens.created_at >= bindparam("created_after"))
    )


# Made once: every signed-in request runs it.
_HOLDER = _holder()


class AccessTokenRepository:
    """Browser sessions."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, row: AccessToken) -> None:
        """Add a browser session."""
        self.session.add(row)
        await self.session.flush()

    async def delete_created_before(self, moment: datetime) -> int:
        """Remove browser sessions older than `moment`; return how many."""
        rows = await self.session.execute(
            delete(AccessToken).where(_tokens.created_at < moment).returning(_tokens.token)
        )
        return len(rows.all())

    async def holder(self, token: str, created_after: datetime) -> Holder | None:
        """Account and membership of a browser session, by the digest of its cookie, in one query.

        The session acts for that person from then on (`api.tenancy`).
        """
        values = {"token": token, "created_after": created_after, "local": is_local(self.session)}
        row = (await self.session.execute(_HOLDER, values)).one_or_none()
        if row is None:
            return None
        user, last_seen_at, organisation_id, role, *_said = row
        member = None if organisation_id is None else Standing(organisation_id, role)
        return Holder(user, member, last_seen_at)

    async def delete_by_digest(self, token: str) -> None:
        """End a browser session by the digest of its cookie."""
        await self.session.execute(delete(AccessToken).where(_tokens.token == token))

    async def note_seen(self, token: str, moment: datetime) -> None:
        """Note that a browser session was used."""
        await self.session.execute(
            update(AccessToken).where(_tokens.token == token).values(last_seen_at=moment)
        )

    async def of_user(self, user_id: UUID, created_after: datetime) -> Sequence[AccessToken]:
        """A person's browser sessions, the one used last first."""
        rows = await self.session.scalars(
            select(AccessToken)
            .where(_tokens.user_id == user_id, _tokens.created_at > created_after)
            .order_by(_tokens.last_seen_at.desc(), _tokens.id)
        )
        return rows.all()

    async def delete_of_user(self, user_id: UUID, *, only: UUID | None = None, but: str | None = None) -> int:
        """End a person's browser sessions: all, `only` one by its id, or all `but` one by its digest."""
        statement = delete(AccessToken).where(_tokens.user_id == user_id)
        if only is not None:
            statement = statement.where(_tokens.id == only)
        if but is not None:
            statement = statement.where(_tokens.token != but)
        rows = await self.session.execute(statement.returning(_tokens.id))
        return len(rows.all())


class MembershipRepository:
    """Organisations and who belongs to them."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def create_organisation(self, organisation_id: UUID, name: str, kind: str) -> Organisation:
        """Add an organisation, for which the session must act already."""
        organisation = Organisation(id=organisation_id, name=name, kind=kind)
        self.session.add(organisation)
        await self.session.flush()
        return organisation

    async def schools_named(self, name: str) -> Sequence[Organisation]:
        """The schools of a name, however it is spelled in upper and lower case; for an operator."""
        rows = await self.session.scalars(
            select(Organisation).where(
                func.lower(Organisation.name) == name.lower(), Organisation.kind == OrganisationKind.SCHOOL
            )
        )
        return rows.all()

    async def add(self, organisation_id: UUID, user_id: UUID, role: str) -> Membership:
        """Give a person a role in an organisation."""
        membership = Membership(organisation_id=organisation_id, user_id=user_id, role=role)
        self.session.add(membership)
        await self.session.flush()
        return membership

    async def of_user(self, user_id: UUID) -> Membership | None:
        """The membership a person acts under: the one chosen last."""
        rows = await self.session.scalars(
            select(Membership)
            .where(Membership.user_id == user_id)
            .order_by(Membership.chosen_at.desc(), Membership.created_at)
            .limit(1)
        )
        return rows.one_or_none()

    async def standing_of(self, user_id: UUID, organisation_id: UUID | None = None) -> Standing | None:
        """Organisation and role of the membership a person acts under, or of the one in an organisation."""
        if organisation_id is None:
            found = await self.of_user(user_id)
        else:
            found = await self.member(organisation_id, user_id)
        return Standing(found.organisation_id, found.role) if found else None

    async def member(self, organisation_id: UUID, user_id: UUID) -> Membership | None:
        """A person's membership in an organisation."""
        rows = await self.session.scalars(
            select(Membership).where(
                Membership.organisation_id == organisation_id, Membership.user_id == user_id
            )
        )
        return rows.one_or_none()

    async def shares_school(self, organisation_id: UUID, user_id: UUID) -> bool:
        """Whether the organisation is a school and the person one of its learners."""
        rows = await self.session.scalars(
            select(Membership.id)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(
                Organisation.id == organisation_id,
                Organisation.kind == OrganisationKind.SCHOOL,
                Membership.user_id == user_id,
                Membership.role == MemberRole.LEARNER,
            )
        )
        return rows.one_or_none() is not None

    async def personal_of(self, user_id: UUID) -> UUID | None:
        """The personal organisation of a person."""
        rows = await self.session.scalars(
            select(Organisation.id)
            .join(Membership, Membership.organisation_id == Organisation.id)
            .where(Membership.user_id == user_id, Organisation.kind == OrganisationKind.PERSONAL)
        )
        return rows.one_or_none()

    async def delete_organisation(self, organisation_id: UUID) -> None:
        """Remove an organisation with everything it owns; the session must act for it."""
        await self.session.execute(delete(Organisation).where(Organisation.id == organisation_id))


class LinkRepository:
    """Mailed links."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, link: MailedLink) -> MailedLink:
        """Add a link."""
        self.session.add(link)
        await self.session.flush()
        return link

    async def valid(self, link_id: UUID, purpose: str, now: datetime) -> MailedLink | None:
        """A link that may still be used."""
        rows = await self.session.scalars(
            select(MailedLink).where(*_usable(purpose, now), MailedLink.id == link_id)
        )
        return rows.one_or_none()

    async def spend(self, link_id: UUID, purpose: str, now: datetime) -> MailedLink | None:
        """Use a link up; None where it may not be used any more. Of two at once one gets it."""
        rows = await self.session.scalars(
            update(MailedLink)
            .where(*_usable(purpose, now), MailedLink.id == link_id)
            .values(used_at=now)
            .returning(MailedLink)
        )
        return rows.one_or_none()

    async def delete_unused(self, user_id: UUID, purposes: Sequence[str]) -> None:
        """Remove a person's unused links for these purposes."""
        await self.session.execute(
            delete(MailedLink).where(
                MailedLink.user_id == user_id, MailedLink.purpose.in_(purposes), MailedLink.used_at.is_(None)
            )
        )

    async def delete_expired_before(self, moment: datetime) -> None:
        """Remove links that ran out before `moment`."""
        await self.session.execute(delete(MailedLink).where(MailedLink.expires_at < moment))


def _usable(purpose: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return MailedLink.purpose == purpose, MailedLink.used_at.is_(None), MailedLink.expires_at > now


class FailureRepository:
    """Wrong passwords in a row."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def locked_until(self, subject: str) -> datetime | None:
        """Until when a subject is locked; what another transaction has just written is seen."""
        rows = await self.session.execute(
            select(SignInFailure.locked_until).where(SignInFailure.subject == subject)
        )
        return rows.scalar_one_or_none()

    async def locked_row(self, subject: str, now: datetime) -> SignInFailure:
        """The subject's row, made where it is missing, and held until the transaction ends."""
        await self.session.execute(
            insert(SignInFailure)
            .values(subject=subject, failures=0, last_failed_at=now)
            .on_conflict_do_nothing()
        )
        rows = await self.session.scalars(
            select(SignInFailure).where(SignInFailure.subject == subject).with_for_update()
        )
        return rows.one()

    async def forget(self, subject: str) -> None:
        """Remove a subject's row."""
        await self.session.execute(delete(SignInFailure).where(SignInFailure.subject == subject))

    async def delete_before(self, moment: datetime) -> None:
        """Remove what failed last before `moment`."""
        await self.session.execute(delete(SignInFailure).where(SignInFailure.last_failed_at < moment))


class ConsentRepository:
    """Consents to the practice of under-age learners."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def standing(self, user_id: UUID) -> Consent | None:
        """The learner's consent that was asked for or given, and not withdrawn."""
        rows = await self.session.scalars(
            select(Consent)
            .where(Consent.user_id == user_id, Consent.withdrawn_at.is_(None))
            .with_for_update()
        )
        return rows.one_or_none()

    async def is_granted(self, user_id: UUID) -> bool | None:
        """Whether the standing consent was given; None where there is none. Reads only."""
        rows = await self.session.execute(
            select(Consent.granted_at.is_not(None)).where(
                Consent.user_id == user_id, Consent.withdrawn_at.is_(None)
            )
        )
        return rows.scalar_one_or_none()

    async def granted_of(self, user_ids: Sequence[UUID]) -> dict[UUID, bool]:
        """Whether the standing consent of each was given; those without one are left out."""
        rows = await self.session.execute(
            select(Consent.user_id, Consent.granted_at.is_not(None)).where(
                Consent.user_id.in_(user_ids), Consent.withdrawn_at.is_(None)
            )
        )
        return dict(rows.tuples().all())

    async def add(self, consent: Consent) -> Consent:
        """Add a consent."""
        self.session.add(consent)
        await self.session.flush()
        return consent
