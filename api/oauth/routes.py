"""Routes under /api/v1/auth/oauth. The browser walks through them: they answer with redirects.

What goes wrong leads back to the sign-in page as `/sign-in?error=CODE&provider=NAME`; the pages say it in
words.
"""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.administration.switchboard import CurrentSwitches
from api.credentials.routes import AppDatabase
from api.database import Session
from api.errors import ConflictError, ForbiddenError, NotFoundError
from api.identity.auth import (
    AppSettings,
    BrowserSessions,
    CurrentPrincipal,
    cookie_transport,
    user_manager,
)
from api.oauth import attempts, service
from api.oauth.providers import Provider, ProviderError, ProviderName
from api.oauth.schemas import OAuthAccountList
from api.oauth.vault import Vault
from api.rate_limit import ClientAddress, Limiter
from api.settings import Settings
from infra.telemetry import get_logger

log = get_logger(__name__)

router = APIRouter(prefix="/auth/oauth", tags=["oauth"])

REFUSALS = frozenset({"access_denied", "consent_required", "interaction_required", "user_cancelled_login"})
"""What providers say when the person, and not a fault, ended the attempt."""
Text = Annotated[str | None, Query(max_length=4000)]


async def chosen_provider(provider: ProviderName, request: Request) -> Provider:
    """The provider named in the address.

    Raises:
        NotFoundError: It is not configured.
    """
    known: dict[ProviderName, Provider] = request.app.state.providers
    if provider not in known:
        raise NotFoundError
    return known[provider]


Chosen = Annotated[Provider, Depends(chosen_provider)]


@router.get("/{provider}/start", status_code=303, response_class=RedirectResponse)
async def start(  # noqa: PLR0917 - FastAPI passes each by name
    chosen: Chosen,
    request: Request,
    settings: AppSettings,
    limiter: Limiter,
    address: ClientAddress,
    next: Annotated[str | None, Query(max_length=400)] = None,  # noqa: A002 - its name in the address
) -> RedirectResponse:
    """Send the browser to the provider; `next` is the page of ours that it shall reach in the end."""
    limiter.auth.take(address)
    attempt = attempts.begin(chosen.name, next)
    try:
        target = await chosen.authorization_url(attempt, _callback(request, settings, chosen))
    except ProviderError as problem:
        return _failed(chosen, "oauth_unavailable", problem)
    answer = RedirectResponse(target, status_code=303)
    answer.set_cookie(
        attempts.COOKIE,
        attempts.sealed(settings, attempt),
        max_age=int(attempts.LIFE.total_seconds()),
        path=attempts.COOKIE_PATH,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("/{provider}/callback", status_code=303, response_class=RedirectResponse)
async def callback(  # noqa: PLR0917
    chosen: Chosen,
    request: Request,
    settings: AppSettings,
    database: AppDatabase,
    switches: CurrentSwitches,
    limiter: Limiter,
    address: ClientAddress,
    code: Text = None,
    state: Text = None,
    error: Text = None,
) -> Response:
    """Where the provider sends the browser back to: signs in, with the session cookie, or says why not."""
    limiter.auth.take(address)
    attempt = attempts.returned(settings, request.cookies.get(attempts.COOKIE), chosen.name, state or "")
    if attempt is None:
        return _failed(chosen, "oauth_state")
    if error is not None or not code:
        return _failed(chosen, "oauth_refused" if error in REFUSALS else "oauth_failed")
    try:
        identity, token = await chosen.identity(attempt, code, _callback(request, settings, chosen))
        # A GET's own session is read-only; the provider is done with before this one is opened.
        async with database.transaction() as session:
            user = await service.enter(
                session,
                await user_manager(session),
                Vault(settings),
                switches,
                service.Arrival(chosen.name, identity, token),
            )
            cookie = await BrowserSessions(session, request).begin(user)
    except ProviderError as problem:
        return _failed(chosen, "oauth_failed", problem)
    except ForbiddenError as refusal:
        return _failed(chosen, refusal.code)
    except ConflictError:  # somebody signed up with the address in this very moment
        return _failed(chosen, "oauth_address_taken")
    signed_in = await cookie_transport(settings).get_login_response(cookie)
    return _back_to(attempt.page, signed_in)


@router.get("/accounts", response_model=OAuthAccountList)
async def list_accounts(person: CurrentPrincipal, session: Session) -> OAuthAccountList:
    """The providers' accounts that open this one."""
    return await service.accounts(session, person)


@router.delete("/accounts/{account_id}", status_code=204, response_class=Response)
async def unlink(account_id: UUID, person: CurrentPrincipal, session: Session) -> Response:
    """Let a provider's account open this one no longer."""
    await service.unlink(session, person, account_id)
    return Response(status_code=204)


def _callback(request: Request, settings: Settings, chosen: Provider) -> str:
    base = settings.public_url or str(request.base_url)
    return f"{base.rstrip('/')}{attempts.COOKIE_PATH}/{chosen.name}/callback"


def _failed(chosen: Provider, code: str, problem: ProviderError | None = None) -> RedirectResponse:
    reason = f"{problem} {type(problem.__cause__).__name__}" if problem else None
    log.warning("provider sign-in failed", provider=chosen.name, code=code, reason=reason)
    return _back_to(f"/sign-in?{urlencode({'error': code, 'provider': chosen.name})}")


def _back_to(page: str, signed_in: Response | None = None) -> RedirectResponse:
    answer = RedirectResponse(page, status_code=303)
    if signed_in is not None:
        answer.raw_headers.extend(item for item in signed_in.raw_headers if item[0] == b"set-cookie")
    answer.delete_cookie(attempts.COOKIE, path=attempts.COOKIE_PATH)
    return answer
