"""Routes under /api/v1/auth/tokens and /api/v1/api-keys."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.administration.registry import SettingKey
from api.administration.switchboard import CurrentSwitches
from api.credentials import service
from api.credentials.schemas import (
    ClientList,
    KeyList,
    KeyMade,
    KeyWanted,
    RefreshBody,
    TokenPair,
    TokenSignIn,
)
from api.database import Database, Session
from api.identity.auth import AppSettings, CurrentPrincipal, Manager
from api.identity.entrance import CurrentEntrance
from api.rate_limit import ClientAddress, Limiter

router = APIRouter(tags=["credentials"])


async def app_database(request: Request) -> Database:
    """The database of the application that answers, for what must be kept although the request is refused."""
    database: Database = request.app.state.database
    return database


AppDatabase = Annotated[Database, Depends(app_database)]


@router.post("/auth/tokens", status_code=201, response_model=TokenPair)
async def sign_in(  # noqa: PLR0917 - FastAPI passes each by name
    data: TokenSignIn,
    session: Session,
    entrance: CurrentEntrance,
    settings: AppSettings,
    limiter: Limiter,
    address: ClientAddress,
) -> TokenPair:
    """Sign an API client in: a bearer token, and a refresh token for the next one."""
    limiter.auth.take(address)
    user = await entrance.sign_in(data.email, data.password)
    return await service.begin(session, settings, user, data.client_name)


@router.post("/auth/tokens/refresh", response_model=TokenPair)
async def refresh(  # noqa: PLR0917
    data: RefreshBody,
    session: Session,
    database: AppDatabase,
    manager: Manager,
    settings: AppSettings,
    limiter: Limiter,
    address: ClientAddress,
) -> TokenPair:
    """Trade a refresh token, good once, for the next pair."""
    limiter.auth.take(address)
    return await service.refresh(session, database, settings, manager, data.refresh_token)


@router.post("/auth/tokens/revoke", status_code=204, response_class=Response)
async def revoke(data: RefreshBody, session: Session, limiter: Limiter, address: ClientAddress) -> Response:
    """Sign an API client out by its refresh token; its bearer tokens end with it."""
    limiter.auth.take(address)
    await service.end(session, data.refresh_token)
    return Response(status_code=204)


@router.get("/auth/tokens", response_model=ClientList)
async def list_clients(person: CurrentPrincipal, session: Session) -> ClientList:
    """The signed-in API clients."""
    return await service.clients(session, person)


@router.delete("/auth/tokens/{client_id}", status_code=204, response_class=Response)
async def revoke_client(client_id: UUID, person: CurrentPrincipal, session: Session) -> Response:
    """Sign one API client out."""
    await service.revoke_client(session, person, client_id)
    return Response(status_code=204)


@router.post("/api-keys", status_code=201, response_model=KeyMade)
async def make_key(
    wanted: KeyWanted, person: CurrentPrincipal, session: Session, switches: CurrentSwitches
) -> KeyMade:
    """Make an API key for a service, shown this once. It reaches sessions and calls, and no account."""
    switches.require_on(
        SettingKey.API_KEYS,
        person.organisation_id,
        code="api_keys_closed",
        message="New API keys are not given out at the moment.",
    )
    return await service.make_key(session, person, wanted)


@router.get("/api-keys", response_model=KeyList)
async def list_keys(person: CurrentPrincipal, session: Session) -> KeyList:
    """The API keys, without their secrets."""
    return await service.keys(session, person)


@router.delete("/api-keys/{key_id}", status_code=204, response_class=Response)
async def revoke_key(key_id: UUID, person: CurrentPrincipal, session: Session) -> Response:
    """Revoke an API key."""
    await service.revoke_key(session, person, key_id)
    return Response(status_code=204)
