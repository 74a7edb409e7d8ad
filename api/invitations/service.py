"""Inviting people, looking at an invitation, and accepting it.

What a reader gets is a MAC over the invitation's id (`api.links`), kept nowhere. Accepting joins the school:
it is no consent to an under-age learner's practice, which a guardian or the school's staff give.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Detail, Subject
from api.database import utc_now
from api.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from api.identity import service as identity
from api.identity.auth import Principal
from api.identity.models import MemberRole, User
from api.invitations.models import Invitation
from api.invitations.repository import Found, InvitationRepository
from api.invitations.schemas import (
    InvitationLook,
    InvitationOut,
    InvitationState,
    JoinedOut,
    LinkWanted,
    MailsWanted,
)
from api.links import link_id, link_token
from api.mail import service as mail
from api.mail.schemas import Letter, MailKind, MailLink
from api.organisations import programs
from api.organisations import service as organisations
from api.organisations.models import Program
from api.organisations.service import Place
from api.rate_limit import Rates
from api.settings import Settings
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

PURPOSE = "invitation"
PAGE = "join"
"""The page of the web application that takes the secret from the address's fragment."""
MOST_OPEN = 1_000
MOST_SHOWN = 200
KEPT_AFTER_END = timedelta(days=30)

REFUSALS = {
    InvitationState.USED: "This invitation was used already.",
    InvitationState.EXPIRED: "This invitation has run out.",
    InvitationState.REVOKED: "This invitation was taken back.",
}


async def invite_by_link(
    session: AsyncSession, settings: Settings, person: Principal, wanted: LinkWanted
) -> InvitationOut:
    """Make a link that lets learners into the school, and into a program where one is named.

    Raises:
        NotFoundError: There is no such program here.
        ConflictError: `personal_organisation`, `program_archived` or `too_many_invitations`.
    """
    await _prepare(session, person, 1)
    program = await _program(session, person, wanted.program_id)
    invitation = Invitation(
        organisation_id=person.organisation_id,
        program_id=wanted.program_id,
        role=MemberRole.LEARNER,
        max_uses=wanted.max_uses,
        uses=0,
        expires_at=utc_now() + timedelta(days=wanted.expires_in_days),
        invited_by_id=person.user.id,
    )
    await InvitationRepository(session).add(invitation)
    await _note(session, person, AuditAction.INVITATION_MADE, invitation)
    log.info("link made", organisation_id=str(person.organisation_id), uses=wanted.max_uses)
    return _out(settings, invitation, program, utc_now())


async def invite_by_mail(
    session: AsyncSession, settings: Settings, rates: Rates, person: Principal, wanted: MailsWanted
) -> list[InvitationOut]:
    """Mail each address an invitation; one that was open for it to the same place is taken back.

    Raises:
        ForbiddenError: The person's own address is not confirmed (`email_unverified`).
        NotFoundError: There is no such program here.
        ConflictError: `personal_organisation`, `program_archived` or `too_many_invitations`.
        RateLimitedError: Too many mails.
    """
    if not person.user.is_verified:
        raise ForbiddenError("Please confirm your own e-mail address first.", code="email_unverified")
    emails = list(dict.fromkeys(email.lower() for email in wanted.emails))
    organisation = await _prepare(session, person, len(emails))
    program = await _program(session, person, wanted.program_id)
    now, repository = utc_now(), InvitationRepository(session)
    await repository.replace(person.organisation_id, wanted.program_id, emails, now)
    made = [_letter_for(person, wanted, email, now) for email in emails]
    await repository.add(*made)
    for invitation in made:
        rates.invitation.take(str(person.user.id))
        await _post(session, person, invitation, organisation, program)
        await _note(session, person, AuditAction.INVITATION_MADE, invitation)
    log.info("people invited", organisation_id=str(person.organisation_id), count=len(made))
    return [_out(settings, invitation, program, now) for invitation in made]


async def list_invitations(
    session: AsyncSession, settings: Settings, person: Principal
) -> list[InvitationOut]:
    """The newest invitations of the organisation."""
    now = utc_now()
    found = await InvitationRepository(session).newest(person.organisation_id, MOST_SHOWN)
    return [_out(settings, one.invitation, one.program, now) for one in found]


async def revoke(session: AsyncSession, person: Principal, invitation_id: UUID) -> None:
    """Take an invitation back; done twice, it changes nothing.

    Raises:
        NotFoundError: There is no such invitation here.
    """
    found = await InvitationRepository(session).find(person.organisation_id, invitation_id, lock=True)
    if found is None:
        raise NotFoundError
    found.invitation.revoked_at = found.invitation.revoked_at or utc_now()
    await _note(session, person, AuditAction.INVITATION_REVOKED, found.invitation)


async def withdraw_all(session: AsyncSession, organisation_id: UUID) -> None:
    """Let nobody into an organisation any more that is being closed."""
    await InvitationRepository(session).delete_all(organisation_id)


async def remove_old(session: AsyncSession, organisation_id: UUID) -> None:
    """Remove the invitations of an organisation that ended a month ago, with their addresses."""
    await InvitationRepository(session).delete_ended_before(organisation_id, utc_now() - KEPT_AFTER_END)


async def look(session: AsyncSession, settings: Settings, token: str) -> InvitationLook:
    """What an invitation is about.

    Raises:
        InvalidError: It was not made here, or is gone (`invitation_invalid`).
    """
    invitation, organisation, program = await _of_token(session, settings, token)
    return InvitationLook(
        state=_state(invitation, program, utc_now()),
        organisation=organisation.name,
        program=program.name if program else None,
        role=MemberRole(invitation.role),
        email_hint=_hint(invitation.email) if invitation.email else None,
    )


async def accept(session: AsyncSession, settings: Settings, user: User, token: str) -> JoinedOut:
    """Join what an invitation is to, and act under it from then on. Who is in already stays in.

    Raises:
        InvalidError: It was not made here, or is gone (`invitation_invalid`).
        ForbiddenError: It is for another address (`invitation_for_another`), or that address is not confirmed
            yet (`email_unverified`).
        ConflictError: It is over (`invitation_used`, `invitation_expired`, `invitation_revoked`).
    """
    invitation, organisation, program = await _of_token(session, settings, token, user)
    place = Place(organisation.id, MemberRole(invitation.role), program.id if program else None)
    _require_addressee(invitation, user)
    if await organisations.has(session, user, place):
        await organisations.switch(session, user, organisation.id)
    else:
        _require_open(invitation, program)
        invitation.uses += 1
        await organisations.join(session, user, place)
        joined = Principal(user, organisation.id, place.role)
        await _note(session, joined, AuditAction.INVITATION_ACCEPTED, invitation, user.id)
    return JoinedOut(
        organisation_id=organisation.id,
        organisation=organisation.name,
        program=program.name if program else None,
    )


async def _note(
    session: AsyncSession,
    person: Principal,
    action: AuditAction,
    invitation: Invitation,
    learner_id: UUID | None = None,
) -> None:
    details: dict[str, Detail] = {"role": str(invitation.role), "by_mail": invitation.email is not None}
    subject = Subject("invitation", invitation.id)
    await audit.record(session, person, action, subject=subject, learner_id=learner_id, details=details)


def _require_addressee(invitation: Invitation, user: User) -> None:
    if invitation.email is None:
        return
    if invitation.email != user.email:
        raise ForbiddenError(
            "This invitation was sent to another address. Please ask for one of your own.",
            code="invitation_for_another",
        )
    if not user.is_verified:
        raise ForbiddenError("Please confirm your e-mail address first.", code="email_unverified")


def _require_open(invitation: Invitation, program: Program | None) -> None:
    state = _state(invitation, program, utc_now())
    if state is not InvitationState.OPEN:
        raise ConflictError(REFUSALS[state], code=f"invitation_{state}")


def _state(invitation: Invitation, program: Program | None, now: datetime) -> InvitationState:
    """How it stands with an invitation; one to a program that was archived since counts as taken back."""
    if invitation.revoked_at is not None or (program is not None and program.archived_at is not None):
        return InvitationState.REVOKED
    if invitation.uses >= invitation.max_uses:
        return InvitationState.USED
    return InvitationState.OPEN if invitation.expires_at > now else InvitationState.EXPIRED


async def _of_token(session: AsyncSession, settings: Settings, token: str, user: User | None = None) -> Found:
    """The invitation of a secret, held where somebody accepts it; its organisation is acted for then."""
    repository = InvitationRepository(session)
    invitation_id = link_id(settings, PURPOSE, token)
    organisation_id = await repository.organisation_of(invitation_id) if invitation_id else None
    if invitation_id is None or organisation_id is None:
        raise _invalid()
    await act_for(session, organisation_id, user.id if user else None)
    found = await repository.find(organisation_id, invitation_id, lock=user is not None)
    if found is None:
        raise _invalid()
    return found


async def _prepare(session: AsyncSession, person: Principal, count: int) -> str:
    """Tidy up, and make sure that so many more may be invited; returns the school's name."""
    organisation = await organisations.require_school(session, person.organisation_id)
    await remove_old(session, person.organisation_id)
    repository, now = InvitationRepository(session), utc_now()
    if await repository.count_open(person.organisation_id, now) + count > MOST_OPEN:
        raise ConflictError("Too many invitations are open.", code="too_many_invitations")
    return organisation.name


async def _program(session: AsyncSession, person: Principal, program_id: UUID | None) -> Program | None:
    if program_id is None:
        return None
    return await programs.require_open_program(session, person, program_id)


def _letter_for(person: Principal, wanted: MailsWanted, email: str, now: datetime) -> Invitation:
    return Invitation(
        organisation_id=person.organisation_id,
        program_id=wanted.program_id,
        role=wanted.role,
        email=email,
        max_uses=1,
        uses=0,
        expires_at=now + timedelta(days=wanted.expires_in_days),
        invited_by_id=person.user.id,
    )


async def _post(
    session: AsyncSession,
    person: Principal,
    invitation: Invitation,
    organisation: str,
    program: Program | None,
) -> None:
    """Mail an invitation, in the language of the account that the address has, else in the inviter's."""
    email = invitation.email or ""
    known = await identity.account_of(session, email)
    kind = MailKind.INVITATION_TO_TEACH if invitation.role != MemberRole.LEARNER else MailKind.INVITATION
    place = f"{organisation}: {program.name}" if program else organisation
    letter = Letter(
        kind,
        email,
        known.locale if known else person.user.locale,
        known.id if known else None,
        {"place": place, "days": str((invitation.expires_at - utc_now()).days + 1), "address": email},
        MailLink(PAGE, PURPOSE, invitation.id),
    )
    await mail.post(session, letter)


def _out(settings: Settings, invitation: Invitation, program: Program | None, now: datetime) -> InvitationOut:
    return InvitationOut(
        id=invitation.id,
        email=invitation.email,
        url=None if invitation.email else _url(settings, invitation.id),
        role=MemberRole(invitation.role),
        program_id=invitation.program_id,
        program=program.name if program else None,
        state=_state(invitation, program, now),
        uses=invitation.uses,
        max_uses=invitation.max_uses,
        expires_at=invitation.expires_at,
        created_at=invitation.created_at,
    )


def _url(settings: Settings, invitation_id: UUID) -> str:
    """What to hand out; the secret follows the `#`, so that no server's log ever sees it."""
    return f"{settings.own_url}/{PAGE}#token={link_token(settings, PURPOSE, invitation_id)}"


def _hint(email: str) -> str:
    """An address as its owner recognizes it and nobody else: `m...@example.com`."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"


def _invalid() -> InvalidError:
    return InvalidError("This invitation does not work.", code="invitation_invalid")
