"""Routes under /api/v1 about people."""

from fastapi import APIRouter, Request, Response

from api.administration import sign_up
from api.administration.switchboard import CurrentSwitches
from api.database import Session
from api.identity import recovery, service
from api.identity.auth import (
    COOKIE_NAME,
    AppSettings,
    Bearers,
    Browsers,
    CurrentPrincipal,
    CurrentUser,
    CurrentUserToken,
    Manager,
    Principal,
    cookie_transport,
)
from api.identity.entrance import CurrentEntrance
from api.identity.schemas import Login, Preferences, PreferencesUpdate, Register, UserOut, UserUpdate
from api.onboarding import service as onboarding
from api.rate_limit import ClientAddress, Limiter
from api.sessions import service as sessions

router = APIRouter(tags=["identity"])


@router.post("/auth/register", status_code=201, response_model=UserOut)
async def register(  # noqa: PLR0917 - FastAPI passes each by name
    data: Register,
    session: Session,
    manager: Manager,
    settings: AppSettings,
    switches: CurrentSwitches,
    limiter: Limiter,
    address: ClientAddress,
) -> UserOut:
    """Sign up: an account with its organisation and default session, and a mail to confirm the address.

    Answers 403 `sign_up_closed` where accounts are made by invitation only and nobody invited the address.
    """
    limiter.auth.take(address)
    await sign_up.require_open(session, switches, data.email)
    person: Principal = await service.sign_up(session, manager, data)
    await sessions.create_default(session, person)
    await recovery.send_verification(session, person.user)
    return await service.profile(session, settings, person)


@router.post("/auth/login", status_code=204, response_class=Response)
async def login(  # noqa: PLR0917
    data: Login,
    entrance: CurrentEntrance,
    browsers: Browsers,
    settings: AppSettings,
    limiter: Limiter,
    address: ClientAddress,
) -> Response:
    """Sign in: sets the session cookie.

    After too many wrong passwords in a row answers 429 `account_locked` for a while, to browsers that have
    not been in this account before.
    """
    limiter.auth.take(address)
    user = await entrance.sign_in(data.email, data.password)
    token = await browsers.begin(user)
    response = await cookie_transport(settings).get_login_response(token)
    entrance.remember(response, user)
    return response


@router.post("/auth/logout", status_code=204, response_class=Response)
async def logout(
    current: CurrentUserToken,
    request: Request,
    browsers: Browsers,
    bearers: Bearers,
    settings: AppSettings,
) -> Response:
    """Sign out: ends the session and clears the cookie; with a bearer token, ends the client's sign-in."""
    user, token = current
    if request.cookies.get(COOKIE_NAME) == token:
        await browsers.end(token)
    else:
        await bearers.end(token, user)
    return await cookie_transport(settings).get_logout_response()


@router.get("/users/me", response_model=UserOut)
async def read_me(
    person: CurrentPrincipal, session: Session, settings: AppSettings, switches: CurrentSwitches
) -> UserOut:
    """The signed-in person."""
    told = await service.profile(session, settings, person)
    return told.model_copy(update={"organisation_suspended": switches.suspended.get(person.organisation_id)})


@router.patch("/users/me", response_model=UserOut)
async def update_me(
    changes: UserUpdate, person: CurrentPrincipal, session: Session, settings: AppSettings
) -> UserOut:
    """Change the profile, say the year of birth (once), acknowledge that the coach is an AI."""
    before = person.user.level
    service.update_profile(person.user, changes)
    await onboarding.note_level(session, person, before)
    return await service.profile(session, settings, person)


@router.get("/users/me/preferences", response_model=Preferences)
async def read_preferences(user: CurrentUser, settings: AppSettings) -> Preferences:
    """How the coach behaves towards the signed-in person."""
    return service.preferences(settings, user)


@router.patch("/users/me/preferences", response_model=Preferences)
async def update_preferences(
    changes: PreferencesUpdate, user: CurrentUser, settings: AppSettings
) -> Preferences:
    """Change preferences; they hold from the next call, and patience in an open call through the room."""
    return service.update_preferences(settings, user, changes)
