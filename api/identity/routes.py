"""Routes under /api/v1 about people."""

from fastapi import APIRouter, Response

from api.database import Session
from api.errors import UnauthenticatedError
from api.identity import service
from api.identity.auth import (
    AppSettings,
    CurrentPrincipal,
    CurrentUser,
    CurrentUserToken,
    Manager,
    Principal,
    Strategy,
    cookie_transport,
)
from api.identity.schemas import Login, Preferences, PreferencesUpdate, Register, UserOut, UserUpdate
from api.rate_limit import ClientAddress, Limiter
from api.sessions import service as sessions

router = APIRouter(tags=["identity"])


@router.post("/auth/register", status_code=201, response_model=UserOut)
async def register(
    data: Register, session: Session, manager: Manager, limiter: Limiter, address: ClientAddress
) -> UserOut:
    """Sign up: an account, its personal organisation, and its default session."""
    limiter.auth.take(address)
    person: Principal = await service.sign_up(session, manager, data)
    await sessions.create_default(session, person)
    return service.profile(person)


@router.post("/auth/login", status_code=204, response_class=Response)
async def login(  # noqa: PLR0917 - FastAPI passes each by name
    data: Login,
    session: Session,
    manager: Manager,
    strategy: Strategy,
    settings: AppSettings,
    limiter: Limiter,
    address: ClientAddress,
) -> Response:
    """Sign in: sets the session cookie."""
    limiter.auth.take(address)
    account = data.email.lower()
    limiter.failed_login.check(account)
    try:
        user = await service.sign_in(session, manager, data)
    except UnauthenticatedError:
        limiter.failed_login.count(account)
        raise
    token = await strategy.write_token(user)
    return await cookie_transport(settings).get_login_response(token)


@router.post("/auth/logout", status_code=204, response_class=Response)
async def logout(current: CurrentUserToken, strategy: Strategy, settings: AppSettings) -> Response:
    """Sign out: ends the session and clears the cookie."""
    user, token = current
    await strategy.destroy_token(token, user)
    return await cookie_transport(settings).get_logout_response()


@router.get("/users/me", response_model=UserOut)
async def read_me(person: CurrentPrincipal) -> UserOut:
    """The signed-in person."""
    return service.profile(person)


@router.patch("/users/me", response_model=UserOut)
async def update_me(changes: UserUpdate, person: CurrentPrincipal) -> UserOut:
    """Change the profile."""
    return service.update_profile(person, changes)


@router.get("/users/me/preferences", response_model=Preferences)
async def read_preferences(user: CurrentUser) -> Preferences:
    """How the coach behaves towards the signed-in person."""
    return Preferences.model_validate(user)


@router.patch("/users/me/preferences", response_model=Preferences)
async def update_preferences(changes: PreferencesUpdate, user: CurrentUser) -> Preferences:
    """Change preferences; they hold from the next call, and in an open call through the room."""
    return service.update_preferences(user, changes)
