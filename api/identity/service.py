"""Sign-up, profile, preferences, devices, and the end of an account."""

from datetime import timedelta
from uuid import UUID, uuid4

from fastapi_users import InvalidPasswordException
from fastapi_users.schemas import BaseUserCreate
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from api.contract.calls import CorrectionStyle, GreetingVerbosity, LearnerBrief, Patience
from api.contract.levels import Level
from api.database import utc_now
from api.errors import ConflictError, InvalidError, NotFoundError
from api.identity import consents
from api.identity.auth import Principal, UserManager, digest
from api.identity.models import MemberRole, OrganisationKind, User
from api.identity.passwords import hashed
from api.identity.repository import (
    AccessTokenRepository,
    FailureRepository,
    LinkRepository,
    MembershipRepository,
    UserRepository,
)
from api.identity.schemas import DeviceOut, Preferences, PreferencesUpdate, Register, UserOut, UserUpdate
from api.mail import service as mail
from api.mail.schemas import Letter, MailKind
from api.settings import Settings
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

FAILURES_KEPT = timedelta(days=1)


async def sign_up(
    session: AsyncSession, manager: UserManager, data: Register, role: MemberRole = MemberRole.LEARNER
) -> Principal:
    """Make an account with a personal organisation and the membership between them, in one transaction.

    The address is not confirmed yet: `recovery.send_verification` mails the link for that.

    Raises:
        InvalidError: The password breaks the rules (`weak_password`).
        ConflictError: The address has an account already (`email_taken`).
    """
    email = data.email.lower()
    wanted = BaseUserCreate(email=email, password=data.password)
    try:
        await manager.validate_password(data.password, wanted)
    except InvalidPasswordException as problem:
        raise InvalidError(str(problem.reason), code="weak_password") from None
    kept = await hashed(manager.password_helper, data.password)
    now = utc_now()
    account = {
        "email": email,
        "hashed_password": kept,
        "display_name": data.display_name,
        "locale": data.locale or "en",
        "birth_year": data.birth_year,
        "ai_disclosure_at": now if data.ai_disclosure else None,
        "terms_accepted_at": now if data.terms else None,
    }
    try:
        async with session.begin_nested():
            user = await UserRepository(session).create(account)
    except IntegrityError:
        raise ConflictError("There is an account for this address already.", code="email_taken") from None
    members, organisation_id = MembershipRepository(session), uuid4()
    await act_for(session, organisation_id, user.id)
    await members.create_organisation(organisation_id, "Personal", OrganisationKind.PERSONAL)
    await members.add(organisation_id, user.id, role)
    return Principal(user, organisation_id, role)


async def profile(session: AsyncSession, settings: Settings, person: Principal) -> UserOut:
    """The person as they see themselves."""
    user = person.user
    return UserOut(
        id=user.id,
        email=user.email,
        display_name=user.display_name,
        role=person.role,
        locale=user.locale,
        level=Level(user.level),
        native_language=user.native_language,
        organisation_id=person.organisation_id,
        created_at=user.created_at,
        email_verified=user.is_verified,
        pending_email=user.pending_email,
        birth_year=user.birth_year,
        age_needed=user.birth_year is None,
        ai_disclosure_needed=user.ai_disclosure_at is None,
        consent=await consents.state_of(session, settings, user),
        operator=user.is_superuser,
    )


def update_profile(user: User, changes: UserUpdate) -> None:
    """Change the profile; a field sent as null empties `native_language` and leaves the others.

    Raises:
        ConflictError: The year of birth was said before and is another now (`birth_year_set`).
    """
    sent = changes.model_dump(exclude_unset=True)
    now = utc_now()
    if sent.pop("ai_disclosure", None) and user.ai_disclosure_at is None:
        user.ai_disclosure_at = now
    if sent.pop("terms", None) and user.terms_accepted_at is None:
        user.terms_accepted_at = now
    year = sent.get("birth_year")
    if year is not None and user.birth_year not in {None, year}:
        raise ConflictError("The year of birth can be said once. Please write to us.", code="birth_year_set")
    for field, value in sent.items():
        if value is not None or field == "native_language":
            setattr(user, field, value)


EMPTIED_BY_NULL = frozenset({"voice", "retention_days"})


def preferences(settings: Settings, user: User) -> Preferences:
    """How the coach behaves towards a person, and the voices there are."""
    return Preferences.model_validate(user).model_copy(update={"voices": list(settings.voices)})


def update_preferences(settings: Settings, user: User, changes: PreferencesUpdate) -> Preferences:
    """Change preferences; null empties voice and retention, and leaves the others as they are.

    Raises:
        InvalidError: There is no such voice here (`unknown_voice`).
    """
    sent = changes.model_dump(exclude_unset=True)
    if sent.get("voice") is not None and sent["voice"] not in settings.voices:
        raise InvalidError("There is no such voice.", code="unknown_voice")
    for field, value in sent.items():
        if value is not None or field in EMPTIED_BY_NULL:
            setattr(user, field, value)
    return preferences(settings, user)


async def account_of(session: AsyncSession, email: str) -> User | None:
    """The account that an address has."""
    return await UserRepository(session).get_by_email(email.lower())


async def is_operator(session: AsyncSession, user_id: UUID) -> bool:
    """Whether an account runs the installation."""
    user = await UserRepository(session).get(user_id)
    return user is not None and user.is_superuser


async def principal_of(session: AsyncSession, user_id: UUID, organisation_id: UUID) -> Principal | None:
    """A person in an organisation, as a job acts for them; None where they are not of it, or closed."""
    user = await UserRepository(session).get(user_id)
    member = await MembershipRepository(session).standing_of(user_id, organisation_id)
    if user is None or member is None or not user.is_active:
        return None
    return Principal(user, organisation_id, MemberRole(member.role))


async def time_zone_of(session: AsyncSession, user_id: UUID) -> str | None:
    """The time zone of a person's days, where they told it."""
    user = await UserRepository(session).get(user_id)
    return user.time_zone if user else None


def correction_style_of(user: User) -> CorrectionStyle:
    """How the coach corrects a person in speech."""
    return CorrectionStyle(user.correction_style)


async def member(session: AsyncSession, user_id: UUID) -> User:
    """An account, for callers that proved their right to it otherwise.

    Raises:
        NotFoundError: It is gone.
    """
    user = await UserRepository(session).get(user_id)
    if user is None:
        raise NotFoundError
    return user


async def learner_brief(session: AsyncSession, settings: Settings, user_id: UUID) -> LearnerBrief:
    """What the coach may know of a learner.

    Raises:
        NotFoundError: The account is gone.
    """
    user = await UserRepository(session).get(user_id)
    if user is None or not user.is_active:
        raise NotFoundError
    return LearnerBrief(
        display_name=user.display_name,
        level=Level(user.level),
        native_language=user.native_language,
        patience=Patience(user.patience),
        greeting_verbosity=GreetingVerbosity(user.greeting_verbosity),
        voice=user.voice,
        translation=user.translation,
        correction_style=correction_style_of(user),
        goal=_goal(user),
        under_age=consents.is_under_age(settings, user),
    )


def _goal(user: User) -> str | None:
    """What they practise for, in few words: the kind that was chosen, then their own."""
    parts = [part for part in (user.goal_kind, user.goal) if part and part != "other"]
    return ": ".join(parts)[:200] or None


async def remove_expired(session: AsyncSession, lifetime: timedelta) -> int:
    """Remove browser sessions, mailed links and counts of wrong passwords that have run out.

    Returns:
        How many browser sessions there were.
    """
    now = utc_now()
    await LinkRepository(session).delete_expired_before(now)
    await FailureRepository(session).delete_before(now - FAILURES_KEPT)
    return await AccessTokenRepository(session).delete_created_before(now - lifetime)


async def devices(session: AsyncSession, settings: Settings, user: User, token: str) -> list[DeviceOut]:
    """The browsers that are signed in.

    Args:
        token: What this request proved itself with, to tell the current one.
    """
    since = utc_now() - timedelta(days=settings.session_days)
    rows = await AccessTokenRepository(session).of_user(user.id, since)
    current = digest(token)
    return [
        DeviceOut(
            id=row.id,
            label=row.label,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            current=row.token == current,
        )
        for row in rows
    ]


async def end_device(session: AsyncSession, user: User, device_id: UUID) -> None:
    """Sign one browser out.

    Raises:
        NotFoundError: The person has no such browser signed in.
    """
    if not await AccessTokenRepository(session).delete_of_user(user.id, only=device_id):
        raise NotFoundError


async def end_all_devices(session: AsyncSession, user: User) -> None:
    """Sign every browser out."""
    await AccessTokenRepository(session).delete_of_user(user.id)


async def delete_account(session: AsyncSession, user: User) -> None:
    """Erase a person: the account, their own organisation, sessions, calls and turns; a mail says so."""
    letter = Letter(MailKind.ACCOUNT_DELETED, user.email, user.locale)
    members = MembershipRepository(session)
    personal = await members.personal_of(user.id)
    if personal is not None:
        await act_for(session, personal, user.id)
        await members.delete_organisation(personal)
    await UserRepository(session).delete(user)
    await mail.post(session, letter)
    log.info("account deleted", user_id=str(user.id))
