"""Routes about the state of the service itself."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.administration.switchboard import CurrentSwitches
from api.calls import service as calls
from api.database import Session
from api.errors import is_database_outage
from api.health.schemas import CoachKind, Liveness, MaintenanceNotice, PublicConfig, Readiness, State
from api.health.service import ReadinessProbe
from api.identity.auth import AppSettings
from api.identity.demo import demo_accounts
from api.metrics import CurrentMetrics
from api.oauth.schemas import ProviderOut

router = APIRouter(tags=["health"])
config_router = APIRouter(tags=["config"])


@cache
def product_version() -> str:
    """The version of the installed distribution."""
    try:
        return version("avaaz")
    except PackageNotFoundError:
        return "0"


async def _probe(request: Request) -> ReadinessProbe:
    held: ReadinessProbe = request.app.state.probe
    return held


Probe = Annotated[ReadinessProbe, Depends(_probe)]


@router.get("/health", response_model=Readiness)
async def health(probe: Probe) -> Readiness:
    """How everything is; always 200 while the process answers."""
    return await probe.readiness()


@router.get("/health/live", response_model=Liveness)
async def live() -> Liveness:
    """The process answers; nothing else is asked."""
    return Liveness(version=product_version())


@router.get("/health/ready", response_model=Readiness, responses={503: {"model": Readiness}})
async def ready(probe: Probe, response: Response) -> Readiness:
    """Each dependency by name; 503 where nobody can be served."""
    readiness = await probe.readiness()
    if readiness.state is State.DOWN:
        response.status_code = 503
    return readiness


@router.get("/metrics", response_class=Response)
async def metrics(session: Session, figures: CurrentMetrics) -> Response:
    """Prometheus text; the number of open calls is left as it was while the database is away."""
    try:
        figures.open_calls.set(await calls.count_open(session))
    except Exception as error:
        if not is_database_outage(error):
            raise
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)


@config_router.get("/config", response_model=PublicConfig)
async def config(settings: AppSettings, switches: CurrentSwitches, request: Request) -> PublicConfig:
    """What the pages need to know before anybody signs in."""
    pause = switches.maintenance
    return PublicConfig(
        version=product_version(),
        embedded=settings.avaaz_embedded,
        demo_accounts=demo_accounts() if settings.avaaz_embedded else [],
        coach=CoachKind.LANGUAGE_MODEL if settings.has_language_model else CoachKind.GUIDED,
        sign_in_providers=[
            ProviderOut(name=provider.name, title=provider.title)
            for provider in request.app.state.providers.values()
        ],
        maintenance=MaintenanceNotice(until=pause.until, message=pause.message) if pause else None,
    )
