"""Proving an address and changing what one signs in with: verification, reset, new address, new password."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from api.database import utc_now
from api.errors import ConflictError, ForbiddenError, InvalidError
from api.identity import lockout, mailed_links
from api.identity.auth import UserManager, digest
from api.identity.mailed_links import LIFETIMES, Mailing
from api.identity.models import LinkPurpose, User
from api.identity.passwords import hashed, verified, weakness
from api.identity.repository import AccessTokenRepository, UserRepository
from api.identity.schemas import EmailChange, PasswordChange, ResetPassword
from api.mail import service as mail
from api.mail.schemas import Letter, MailKind
from api.rate_limit import Rates
from api.settings import Settings
from infra.telemetry import get_logger

log = get_logger(__name__)

VERIFY, RESET, CHANGE = LinkPurpose.VERIFY_EMAIL, LinkPurpose.RESET_PASSWORD, LinkPurpose.CHANGE_EMAIL


async def send_verification(session: AsyncSession, user: User) -> None:
    """Mail the link that confirms the address; earlier ones go on working.

    Raises:
        ConflictError: The address is confirmed already (`already_verified`).
    """
    if user.is_verified:
        raise ConflictError("This address is confirmed already.", code="already_verified")
    lifetime = LIFETIMES[VERIFY]
    values = {"days": str(lifetime.days)}
    await mailed_links.send(
        session, user, Mailing(MailKind.VERIFY_EMAIL, VERIFY, user.email, values, lifetime)
    )


async def verify_email(session: AsyncSession, settings: Settings, token: str) -> None:
    """Confirm an address by its link; done twice, it changes nothing.

    Raises:
        InvalidError: The link does not work (`link_invalid`), or was sent to an address no longer used.
    """
    link = await mailed_links.look(session, settings, VERIFY, token)
    user = await UserRepository(session).get(link.user_id)
    if user is None or user.email != link.email:
        raise mailed_links.invalid_link()
    _mark_verified(user)


async def send_reset(session: AsyncSession, email: str) -> None:
    """Mail a link to choose a new password, where the address has an active account."""
    user = await UserRepository(session).get_by_email(email)
    if user is None or not user.is_active:
        log.info("reset asked for an address without an account")
        return
    lifetime = LIFETIMES[RESET]
    values = {"minutes": str(int(lifetime.total_seconds() // 60))}
    await mailed_links.send(
        session, user, Mailing(MailKind.RESET_PASSWORD, RESET, user.email, values, lifetime)
    )


async def reset_password(
    session: AsyncSession, settings: Settings, manager: UserManager, data: ResetPassword
) -> User:
    """Choose a new password by a mailed link: signs out everywhere, and lifts a lock on the address.

    Raises:
        InvalidError: The link does not work (`link_invalid`), or the password breaks the rules
            (`weak_password`), after which the link still works.
    """
    link = await mailed_links.spend(session, settings, RESET, data.token)
    user = await UserRepository(session).get(link.user_id)
    if user is None or not user.is_active or user.email != link.email:
        raise mailed_links.invalid_link()
    await _set_password(session, manager, user, data.password)
    await AccessTokenRepository(session).delete_of_user(user.id)
    await lockout.lift(session, lockout.subject_of(settings, user.email))
    _mark_verified(user)
    return user


async def change_password(  # noqa: PLR0917 - each is one thing that the request brings
    session: AsyncSession, manager: UserManager, rates: Rates, user: User, token: str, data: PasswordChange
) -> None:
    """Choose a new password; all other devices are signed out.

    Args:
        token: What this request proved itself with, whose session stays.

    Raises:
        ForbiddenError: The present password is wrong (`wrong_password`).
        InvalidError: The new one breaks the rules (`weak_password`).
    """
    await confirm(manager, rates, user, data.current_password)
    await _set_password(session, manager, user, data.new_password)
    await AccessTokenRepository(session).delete_of_user(user.id, but=digest(token))


async def ask_new_email(
    session: AsyncSession, manager: UserManager, rates: Rates, user: User, data: EmailChange
) -> None:
    """Mail a link to a new address, which takes the old one's place when the link is opened.

    Raises:
        ForbiddenError: The password is wrong (`wrong_password`).
        ConflictError: The address is in use (`email_taken`).
    """
    await confirm(manager, rates, user, data.password)
    email = data.email.lower()
    if await UserRepository(session).get_by_email(email) is not None:
        raise _taken()
    user.pending_email = email
    await mailed_links.void(session, user, [CHANGE])
    lifetime = LIFETIMES[CHANGE]
    values = {"hours": str(int(lifetime.total_seconds() // 3600))}
    await mailed_links.send(session, user, Mailing(MailKind.CHANGE_EMAIL, CHANGE, email, values, lifetime))


async def drop_new_email(session: AsyncSession, user: User) -> None:
    """Think better of another address; where none was asked for, nothing changes."""
    user.pending_email = None
    await mailed_links.void(session, user, [CHANGE])


async def confirm_new_email(session: AsyncSession, settings: Settings, token: str) -> None:
    """Use the new address from now on, and tell the old one.

    Raises:
        InvalidError: The link does not work (`link_invalid`).
        ConflictError: Somebody else uses the address by now (`email_taken`).
    """
    link = await mailed_links.spend(session, settings, CHANGE, token)
    user = await UserRepository(session).get(link.user_id)
    if user is None or user.pending_email != link.email:
        raise mailed_links.invalid_link()
    old = user.email
    try:
        async with session.begin_nested():
            user.email, user.pending_email = link.email, None
            _mark_verified(user)
            await session.flush()
    except IntegrityError:
        raise _taken() from None
    await mailed_links.void(session, user, [VERIFY, RESET])
    letter = Letter(MailKind.EMAIL_CHANGED, old, user.locale, user.id, {"email": user.email})
    await mail.post(session, letter)
    log.info("address changed", user_id=str(user.id))


async def confirm(manager: UserManager, rates: Rates, user: User, password: str) -> None:
    """Let only the person themselves go on, who knows the password.

    Raises:
        ForbiddenError: It is wrong (`wrong_password`).
        RateLimitedError: It was wrong too often.
    """
    rates.password.check(str(user.id))
    right, _ = await verified(manager.password_helper, password, user.hashed_password)
    if not right:
        rates.password.count(str(user.id))
        raise ForbiddenError("The password is wrong.", code="wrong_password")


async def _set_password(session: AsyncSession, manager: UserManager, user: User, password: str) -> None:
    problem = weakness(password, user.email)
    if problem is not None:
        raise InvalidError(problem, code="weak_password")
    user.hashed_password = await hashed(manager.password_helper, password)
    user.password_changed_at = utc_now()
    await mailed_links.void(session, user, [RESET])
    await mail.post(session, Letter(MailKind.PASSWORD_CHANGED, user.email, user.locale, user.id))
    log.info("password changed", user_id=str(user.id))


def _mark_verified(user: User) -> None:
    if not user.is_verified or user.email_verified_at is None:
        user.is_verified, user.email_verified_at = True, utc_now()


def _taken() -> ConflictError:
    return ConflictError("There is an account for this address already.", code="email_taken")
