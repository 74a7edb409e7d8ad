"""Sign-up, sign-in, profile and preferences."""

import asyncio
from datetime import timedelta
from uuid import UUID

from fastapi_users import InvalidPasswordException
from fastapi_users.schemas import BaseUserCreate
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from api.contract.calls import GreetingVerbosity, LearnerBrief, Level, Patience
from api.database import utc_now
from api.errors import ConflictError, InvalidError, NotFoundError, UnauthenticatedError
from api.identity.auth import Principal, UserManager
from api.identity.models import MemberRole, OrganisationKind, User
from api.identity.repository import AccessTokenRepository, MembershipRepository, UserRepository
from api.identity.schemas import Login, Preferences, PreferencesUpdate, Register, UserOut, UserUpdate


async def sign_up(
    session: AsyncSession, manager: UserManager, data: Register, role: MemberRole = MemberRole.LEARNER
) -> Principal:
    """Make an account with a personal organisation and the membership between them, in one transaction.

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
    hashed = await asyncio.to_thread(manager.password_helper.hash, data.password)
    try:
        async with session.begin_nested():
            user = await UserRepository(session).create(
                {"email": email, "hashed_password": hashed, "display_name": data.display_name}
            )
    except IntegrityError:
        raise ConflictError("There is an account for this address already.", code="email_taken") from None
    members = MembershipRepository(session)
    organisation = await members.create_organisation("Personal", OrganisationKind.PERSONAL)
    await members.add(organisation.id, user.id, role)
    return Principal(user, organisation.id, role)


async def sign_in(session: AsyncSession, manager: UserManager, data: Login) -> User:
    """Return the account that an address and password belong to.

    Takes as long for an unknown address as for a wrong password.

    Raises:
        UnauthenticatedError: They belong to no active account (`wrong_credentials`).
    """
    user = await UserRepository(session).get_by_email(data.email.lower())
    helper = manager.password_helper
    if user is None:
        await asyncio.to_thread(helper.hash, data.password)
        raise _wrong_credentials()
    verified, rehashed = await asyncio.to_thread(
        helper.verify_and_update, data.password, user.hashed_password
    )
    if not verified or not user.is_active:
        raise _wrong_credentials()
    user.last_login_at = utc_now()
    if rehashed is not None:
        user.hashed_password = rehashed
    return user


def _wrong_credentials() -> UnauthenticatedError:
    return UnauthenticatedError("The e-mail address or the password is wrong.", code="wrong_credentials")


def profile(person: Principal) -> UserOut:
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
    )


def update_profile(person: Principal, changes: UserUpdate) -> UserOut:
    """Change the profile; a field sent as null empties `native_language` and leaves the others."""
    for field, value in changes.model_dump(exclude_unset=True).items():
        if value is not None or field == "native_language":
            setattr(person.user, field, value)
    return profile(person)


def update_preferences(user: User, changes: PreferencesUpdate) -> Preferences:
    """Change preferences; null leaves a field as it is."""
    for field, value in changes.model_dump(exclude_none=True).items():
        setattr(user, field, value)
    return Preferences.model_validate(user)


async def learner_brief(session: AsyncSession, user_id: UUID) -> LearnerBrief:
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
    )


async def remove_expired_tokens(session: AsyncSession, lifetime: timedelta) -> int:
    """Remove browser sessions that have run out; return how many."""
    return await AccessTokenRepository(session).delete_created_before(utc_now() - lifetime)
