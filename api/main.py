"""The application: routes, what surrounds them, and what they share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.administration.job_routes import router as administration_jobs_router
from api.administration.routes import router as administration_router
from api.administration.switchboard import Switchboard
from api.analytics.routes import router as analytics_router
from api.assessment.routes import router as assessment_router
from api.assignments.routes import learner_router as own_assignments_router
from api.assignments.routes import router as assignments_router
from api.audit.routes import router as audit_router
from api.authoring.routes import quick_router
from api.authoring.routes import router as authoring_router
from api.calls.livekit import LiveKit
from api.calls.routes import agent_router, webhook_router, workers_router
from api.calls.routes import router as calls_router
from api.corrections.routes import router as corrections_router
from api.credentials.routes import router as credentials_router
from api.curriculum.routes import learners_router as learners_lessons_router
from api.curriculum.routes import objectives_router, scenarios_router
from api.curriculum.routes import router as lessons_router
from api.curriculum.routes import school_router as lesson_packs_router
from api.database import Database
from api.errors import ERRORS, install_error_handlers
from api.exams.routes import learners_router as learners_exams_router
from api.exams.routes import router as exams_router
from api.health.routes import config_router, product_version
from api.health.routes import router as health_router
from api.health.service import ReadinessProbe
from api.identity.account_routes import router as account_router
from api.identity.consent_routes import router as consent_router
from api.identity.routes import router as identity_router
from api.invitations.routes import router as invitations_router
from api.knowledge.embeddings import Embeddings
from api.knowledge.reranker import Reranker
from api.knowledge.retrieval import Retrieval
from api.knowledge.routes import router as documents_router
from api.knowledge.routes import search_router
from api.learners.routes import router as learners_router
from api.listening.routes import router as listening_router
from api.marks.routes import router as marks_router
from api.memory.routes import router as memory_router
from api.metrics import Metrics
from api.middleware import (
    BodyLimitMiddleware,
    OriginCheckMiddleware,
    RequestContextMiddleware,
    SecurityHeadersMiddleware,
)
from api.oauth.providers import configured_providers
from api.oauth.routes import router as oauth_router
from api.onboarding.routes import review_router as level_router
from api.onboarding.routes import router as onboarding_router
from api.organisations.routes import router as organisations_router
from api.practice.routes import router as practice_router
from api.privacy.routes import router as privacy_router
from api.pwa import install_pwa
from api.rate_limit import Rates
from api.recordings.routes import agent_recordings_router
from api.recordings.routes import router as recordings_router
from api.relay.relays import Relays
from api.relay.routes import router as relay_router
from api.review.routes import learner_router as comments_router
from api.review.routes import router as review_router
from api.sessions.routes import router as sessions_router
from api.settings import API_PREFIX, Settings, get_settings
from api.speech.routes import router as speech_router
from api.speech.service import Speech
from api.storage import storage_of
from infra.garbage import keep_what_is_loaded


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application.

    Args:
        settings: The process's settings; read from the environment where left out.
    """
    settings = settings or get_settings()
    app = FastAPI(
        title="Avaaz",
        version=product_version(),
        openapi_url=f"{API_PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        responses=ERRORS,
        redirect_slashes=False,
        # FastAPI's own spans would hold whole query strings; RequestContextMiddleware makes ours.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    _share(app, settings)
    install_error_handlers(app)
    _include_routes(app)
    if settings.frontend_dist is not None:
        install_pwa(app, settings.frontend_dist)
    _surround(app, settings)
    return app


def _share(app: FastAPI, settings: Settings) -> None:
    metrics = Metrics()
    database = Database.connect(
        settings.database_url,
        process="api",
        slow_ms=settings.slow_statement_ms,
        observe=metrics.statements.observe,
    )
    livekit = LiveKit(settings)
    app.state.settings = settings
    app.state.database = database
    app.state.livekit = livekit
    app.state.storage = storage_of(settings)
    app.state.switchboard = Switchboard(
        Database.connect(settings.database_url, process="api-switches", pool_size=1)
    )
    app.state.rates = Rates.create(settings)
    app.state.relays = Relays(settings)
    app.state.speech = Speech(settings)
    app.state.retrieval = Retrieval(Embeddings.configured(settings), Reranker.configured(settings))
    app.state.metrics = metrics
    app.state.providers = configured_providers(settings)
    app.state.probe = ReadinessProbe(settings, database, livekit)


def _include_routes(app: FastAPI) -> None:
    for router in (
        identity_router,
        account_router,
        consent_router,
        credentials_router,
        oauth_router,
        organisations_router,
        invitations_router,
        sessions_router,
        relay_router,
        onboarding_router,
        level_router,
        calls_router,
        recordings_router,
        memory_router,
        corrections_router,
        analytics_router,
        practice_router,
        speech_router,
        audit_router,
        privacy_router,
        learners_router,
        review_router,
        comments_router,
        assignments_router,
        own_assignments_router,
        objectives_router,
        quick_router,
        lessons_router,
        authoring_router,
        scenarios_router,
        lesson_packs_router,
        learners_lessons_router,
        exams_router,
        learners_exams_router,
        assessment_router,
        marks_router,
        listening_router,
        documents_router,
        search_router,
        administration_router,
        administration_jobs_router,
        config_router,
    ):
        app.include_router(router, prefix=API_PREFIX)
    for router in (agent_router, agent_recordings_router, workers_router, webhook_router, health_router):
        app.include_router(router)


def _surround(app: FastAPI, settings: Settings) -> None:
    """Add the middleware; the last one added is the first to see a request."""
    app.add_middleware(OriginCheckMiddleware, allowed=settings.origins)
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(SecurityHeadersMiddleware, settings=settings)
    app.add_middleware(RequestContextMiddleware, metrics=app.state.metrics)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    keep_what_is_loaded()
    try:
        yield
    finally:
        await app.state.relays.close()
        await app.state.speech.close()
        await app.state.retrieval.close()
        await app.state.probe.close()
        await app.state.livekit.close()
        await app.state.switchboard.close()
        await app.state.database.close()
