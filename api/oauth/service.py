"""From a provider's word about a person to their account."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from cryptography.fernet import InvalidToken
from fastapi_users.exceptions import UserNotExists
from httpx_oauth.oauth2 import OAuth2Token
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from api.administration import sign_up
from api.administration.switchboard import Switches
from api.database import utc_now
from api.errors import ForbiddenError, NotFoundError
from api.identity import recovery
from api.identity import service as identities
from api.identity.auth import Principal, UserManager
from api.identity.models import User
from api.identity.passwords import unguessable
from api.identity.schemas import Register
from api.oauth.models import OAuthAccount
from api.oauth.providers import Identity, ProviderName
from api.oauth.repository import OAuthRepository
from api.oauth.schemas import OAuthAccountList, OAuthAccountOut
from api.oauth.vault import Vault
from api.sessions import service as sessions
from infra.telemetry import get_logger

log = get_logger(__name__)


@dataclass(frozen=True)
class Arrival:
    """Somebody who came back from a provider, with what the provider says and hands out."""

    provider: ProviderName
    identity: Identity
    token: OAuth2Token


async def enter(
    session: AsyncSession, manager: UserManager, vault: Vault, switches: Switches, arrival: Arrival
) -> User:
    """Return the account that a provider's account opens; make it, or link it, where that is safe.

    An account that exists is linked only where the provider answers for the address and the account's own
    owner has confirmed it too: otherwise whoever was here first with somebody else's address would share it.

    Raises:
        ForbiddenError: With a code of its own: `oauth_no_email`, `oauth_address_taken`,
            `oauth_confirm_first`, `oauth_password_changed`, `oauth_account_closed`, `oauth_sign_up_closed`.
    """
    repository, identity = OAuthRepository(session), arrival.identity
    account = await repository.by_subject(arrival.provider, identity.subject)
    user = (
        await _known_owner(manager, account)
        if account
        else await _owner_by_address(session, manager, switches, identity)
    )
    if not user.is_active:
        raise ForbiddenError("This account is closed.", code="oauth_account_closed")
    if account is None:
        account = OAuthAccount(
            user_id=user.id,
            provider=arrival.provider,
            subject=identity.subject,
            address_verified=identity.email_verified,
        )
        log.info("provider linked", provider=arrival.provider, user_id=str(user.id))
    account.email = (identity.email or account.email or "").lower()
    account.last_used_at = user.last_login_at = utc_now()
    _keep(vault, account, arrival.token)
    await repository.add(account)
    return user


async def _known_owner(manager: UserManager, account: OAuthAccount) -> User:
    """The owner of a linked account.

    A link made while nobody answered for the address ends when a password is chosen: that was done by mail,
    by the address's real owner.
    """
    user = await manager.get(account.user_id)
    changed = user.password_changed_at
    if changed is not None and changed > account.created_at and not account.address_verified:
        raise ForbiddenError(
            "A password was chosen for this account. Please sign in with it.", code="oauth_password_changed"
        )
    return user


async def _owner_by_address(
    session: AsyncSession, manager: UserManager, switches: Switches, identity: Identity
) -> User:
    if identity.email is None:
        raise ForbiddenError("The provider gave no e-mail address.", code="oauth_no_email")
    try:
        user = await manager.get_by_email(identity.email)
    except UserNotExists:
        await sign_up.require_open(session, switches, identity.email, code="oauth_sign_up_closed")
        return await _sign_up(session, manager, identity)
    if not identity.email_verified:
        raise ForbiddenError("There is an account for this address already.", code="oauth_address_taken")
    if not user.is_verified:
        raise ForbiddenError("Confirm your e-mail address first.", code="oauth_confirm_first")
    return user


async def _sign_up(session: AsyncSession, manager: UserManager, identity: Identity) -> User:
    """An account without a known password; one can be chosen by mail."""
    person: Principal = await identities.sign_up(session, manager, _registration(identity))
    await sessions.create_default(session, person)
    if identity.email_verified:
        person.user.is_verified = True
        person.user.email_verified_at = utc_now()
    else:
        await recovery.send_verification(session, person.user)
    return person.user


def _registration(identity: Identity) -> Register:
    password = unguessable(identity.email or "")
    name = " ".join(identity.name.split())[:80]
    for display_name in (name, ""):
        try:
            return Register.model_validate(
                {"email": identity.email, "password": password, "display_name": display_name}
            )
        except ValidationError:
            continue
    raise ForbiddenError("The provider gave no usable e-mail address.", code="oauth_no_email")


def _keep(vault: Vault, account: OAuthAccount, token: OAuth2Token) -> None:
    account.access_token = vault.encrypted(str(token["access_token"]))
    if token.get("refresh_token"):
        account.refresh_token = vault.encrypted(str(token["refresh_token"]))
    expires_at = token.get("expires_at")
    account.token_expires_at = datetime.fromtimestamp(expires_at, tz=UTC) if expires_at else None


async def accounts(session: AsyncSession, person: Principal) -> OAuthAccountList:
    """The providers' accounts that open the person's account."""
    found = await OAuthRepository(session).of_person(person.user.id)
    return OAuthAccountList(items=[OAuthAccountOut.model_validate(account) for account in found])


async def unlink(session: AsyncSession, person: Principal, account_id: UUID) -> None:
    """Let a provider's account open the person's account no longer; a password can be chosen by mail.

    Raises:
        NotFoundError: The person has no such account.
    """
    if not await OAuthRepository(session).remove(account_id, person.user.id):
        raise NotFoundError
    log.info("provider unlinked", user_id=str(person.user.id))


async def renew_secrets(session: AsyncSession, vault: Vault) -> tuple[int, int]:
    """Encrypt all kept tokens with the present secret; how many were renewed, and how many lost.

    Tokens under a secret that is known no longer are lost: they are emptied, and come anew at a sign-in.
    """
    renewed = lost = 0
    for account in await OAuthRepository(session).all():
        try:
            account.access_token = vault.renewed(account.access_token)
            account.refresh_token = account.refresh_token and vault.renewed(account.refresh_token)
            renewed += 1
        except InvalidToken:
            account.access_token, account.refresh_token = vault.encrypted(""), None
            lost += 1
    return renewed, lost
