"""Who may talk to the coach: age, and the consent of a guardian or school where the learner is under age."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.database import utc_now
from api.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from api.identity import mailed_links
from api.identity.auth import Principal
from api.identity.mailed_links import LIFETIMES, RECEIPT_LIFETIME, Mailing
from api.identity.models import Consent, ConsentKind, LinkPurpose, MailedLink, User
from api.identity.repository import ConsentRepository, MembershipRepository, UserRepository
from api.identity.schemas import ConsentOut, ConsentState
from api.mail.schemas import MailKind
from api.mail.texts import safe_name
from api.settings import Settings
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

GUARDIAN = LinkPurpose.GUARDIAN_CONSENT


def is_under_age(settings: Settings, user: User) -> bool:
    """Whether the learner may be younger than `consent_age`; of the year of birth the last day counts."""
    if user.birth_year is None:
        return False
    return utc_now().year - user.birth_year <= settings.consent_age


async def state_of(session: AsyncSession, settings: Settings, user: User) -> ConsentState:
    """How it stands with the learner's consent."""
    if not is_under_age(settings, user):
        return ConsentState.NOT_NEEDED
    granted = await ConsentRepository(session).is_granted(user.id)
    if granted is None:
        return ConsentState.NEEDED
    return ConsentState.GRANTED if granted else ConsentState.ASKED


async def states_of(
    session: AsyncSession, settings: Settings, users: Sequence[User]
) -> dict[UUID, ConsentState]:
    """How it stands with the consents of several learners, by their ids."""
    young = [user.id for user in users if is_under_age(settings, user)]
    granted = await ConsentRepository(session).granted_of(young) if young else {}
    states = dict.fromkeys((user.id for user in users), ConsentState.NOT_NEEDED)
    for user_id in young:
        given = granted.get(user_id)
        states[user_id] = (
            ConsentState.NEEDED if given is None else ConsentState.GRANTED if given else ConsentState.ASKED
        )
    return states


async def require_may_talk(session: AsyncSession, settings: Settings, user: User) -> None:
    """Let only those talk to the coach who may.

    Raises:
        ForbiddenError: `consent_needed`; `email_unverified` or `age_needed` where the settings ask for them.
    """
    if settings.require_verified_email and not user.is_verified:
        raise ForbiddenError("Please confirm your e-mail address first.", code="email_unverified")
    if settings.require_age and user.birth_year is None:
        raise ForbiddenError("Please tell us your year of birth first.", code="age_needed")
    if await state_of(session, settings, user) in {ConsentState.NEEDED, ConsentState.ASKED}:
        raise ForbiddenError("A parent, guardian or your school must agree first.", code="consent_needed")


async def ask_guardian(session: AsyncSession, settings: Settings, person: Principal, email: str) -> None:
    """Mail a guardian and ask for consent; an earlier request that was not answered lapses.

    Raises:
        ConflictError: No consent is needed (`consent_not_needed`), or it was given (`consent_granted`).
        InvalidError: The address is the learner's own (`guardian_is_learner`).
    """
    user, email = person.user, email.lower()
    state = await state_of(session, settings, user)
    if state is ConsentState.NOT_NEEDED:
        raise ConflictError("You need nobody's consent.", code="consent_not_needed")
    if state is ConsentState.GRANTED:
        raise ConflictError("The consent was given already.", code="consent_granted")
    if email == user.email:
        raise InvalidError("Please give your parent's or guardian's own address.", code="guardian_is_learner")
    consents = ConsentRepository(session)
    standing = await consents.standing(user.id)
    if standing is None:
        await consents.add(_consent(person.organisation_id, user.id, ConsentKind.GUARDIAN, email))
    else:
        standing.guardian_email = email
    await mailed_links.void(session, user, [GUARDIAN])
    days = str(LIFETIMES[GUARDIAN].days)
    values = {"learner": safe_name(user.display_name, user.locale), "days": days}
    mailing = Mailing(MailKind.GUARDIAN_CONSENT, GUARDIAN, email, values, LIFETIMES[GUARDIAN])
    await mailed_links.send(session, user, mailing)


async def look(session: AsyncSession, settings: Settings, token: str) -> ConsentOut:
    """What a guardian's link is about.

    Raises:
        InvalidError: The link does not work (`link_invalid`).
    """
    link = await mailed_links.look(session, settings, GUARDIAN, token)
    user, consent = await _of_link(session, link)
    learner = safe_name(user.display_name, user.locale)
    return ConsentOut(learner=learner, granted=consent.granted_at is not None)


async def answer(session: AsyncSession, settings: Settings, token: str, *, granted: bool) -> None:
    """Keep a guardian's decision. The link goes on working, so that consent can be taken back.

    Raises:
        InvalidError: The link does not work (`link_invalid`).
    """
    link = await mailed_links.look(session, settings, GUARDIAN, token)
    user, consent = await _of_link(session, link)
    if not granted:
        consent.withdrawn_at = utc_now()
        log.info("consent refused or withdrawn", kind=consent.kind, user_id=str(user.id))
        return
    if consent.granted_at is not None:
        return
    consent.granted_at = utc_now()
    log.info("consent given", kind=consent.kind, user_id=str(user.id))
    values = {"learner": safe_name(user.display_name, user.locale)}
    receipt = Mailing(MailKind.GUARDIAN_RECEIPT, GUARDIAN, link.email, values, RECEIPT_LIFETIME)
    await mailed_links.send(session, user, receipt)


async def give_for_school(session: AsyncSession, staff: Principal, learner_id: UUID) -> None:
    """Keep a school's consent to a learner's practice, in the place of what a guardian was asked.

    Raises:
        NotFoundError: The person is no learner of this school.
    """
    await _require_own_learner(session, staff, learner_id)
    consents = ConsentRepository(session)
    standing = await consents.standing(learner_id)
    if standing is None:
        standing = await consents.add(_consent(staff.organisation_id, learner_id, ConsentKind.SCHOOL, None))
    if standing.granted_at is None:
        standing.kind, standing.guardian_email = ConsentKind.SCHOOL, None
        standing.organisation_id = staff.organisation_id
        standing.granted_at, standing.given_by_id = utc_now(), staff.user.id
        log.info("consent given", kind=standing.kind, user_id=str(learner_id))


async def withdraw_for_school(session: AsyncSession, staff: Principal, learner_id: UUID) -> None:
    """Take a school's consent back.

    Raises:
        NotFoundError: The person is no learner of this school, or it has given no consent.
    """
    await _require_own_learner(session, staff, learner_id)
    standing = await ConsentRepository(session).standing(learner_id)
    if (
        standing is None
        or standing.kind != ConsentKind.SCHOOL
        or standing.organisation_id != staff.organisation_id
    ):
        raise NotFoundError
    standing.withdrawn_at = utc_now()
    log.info("consent refused or withdrawn", kind=standing.kind, user_id=str(learner_id))


async def end_with_membership(session: AsyncSession, organisation_id: UUID, user_id: UUID) -> None:
    """Take back what a school agreed to for somebody who is no longer its learner."""
    standing = await ConsentRepository(session).standing(user_id)
    if (
        standing is not None
        and standing.kind == ConsentKind.SCHOOL
        and standing.organisation_id == organisation_id
    ):
        standing.withdrawn_at = utc_now()
        log.info("consent ended with the membership", user_id=str(user_id))


async def _require_own_learner(session: AsyncSession, staff: Principal, learner_id: UUID) -> None:
    if not await MembershipRepository(session).shares_school(staff.organisation_id, learner_id):
        raise NotFoundError


async def _of_link(session: AsyncSession, link: MailedLink) -> tuple[User, Consent]:
    await act_for(session, None, link.user_id)
    user = await UserRepository(session).get(link.user_id)
    consent = await ConsentRepository(session).standing(link.user_id)
    if user is None or consent is None or consent.guardian_email != link.email:
        raise mailed_links.invalid_link()
    return user, consent


def _consent(organisation_id: UUID, user_id: UUID, kind: ConsentKind, email: str | None) -> Consent:
    return Consent(organisation_id=organisation_id, user_id=user_id, kind=kind, guardian_email=email)
