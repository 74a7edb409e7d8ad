"""Which parts the stack is made of under given settings, and the environment each is started in."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from infra.stack.checks import both, http_ok, pid_noted
from infra.stack.credentials import Credentials, load_credentials
from infra.stack.frontend import dist_folder, frontend_part
from infra.stack.livekit import livekit_part
from infra.stack.part import Part, PortUse
from infra.stack.postgres import api_url, database_part, owner_url, postgres_part
from infra.stack.settings import StackSettings

DEMO_SIGN_INS = (
    ("learner", "learner@example.com", "Speak-easy-1"),
    ("instructor", "instructor@example.com", "Teach-well-1"),
    ("admin", "admin@example.com", "Manage-well-1"),
)
"""Accounts that `python -m api.seed` makes in embedded mode."""

DRAIN_S = "2"
"""Seconds that running calls get when the local stack stops; a server of its own waits for them to end."""

SECOND_AGENT = "agent-2"
"""A worker like the first one: each takes calls, and those of the other when it dies."""

_DATABASE_SETTINGS = ("DATABASE_URL", "MIGRATIONS_DATABASE_URL")
_API_ONLY = (
    "SECRET_KEY",
    "SECRET_KEY_PREVIOUS",
    "SMTP_PASSWORD",
    "GOOGLE_CLIENT_SECRET",
    "MICROSOFT_CLIENT_SECRET",
    "FACEBOOK_CLIENT_SECRET",
    "OPENID_CLIENT_SECRET",
)


@dataclass(frozen=True)
class Plan:
    """The parts in the order they are shown, and the settings and secrets they were made from."""

    settings: StackSettings
    credentials: Credentials
    shared_env: Mapping[str, str]
    parts: Sequence[Part]


def make_plan(settings: StackSettings, outer_env: Mapping[str, str], without: Sequence[str] = ()) -> Plan:
    """Lays out the stack. `outer_env`, the environment and `.env`, reaches the parts too."""
    make_home(settings.avaaz_home)
    credentials = _given_or_own(settings)
    env = shared_env(settings, credentials, outer_env)
    of_api = {name: value for name, value in outer_env.items() if _names_any(name, _API_ONLY)}
    parts = [*_database(settings, credentials, env), *_services(settings, credentials, env, of_api)]
    kept = [part for part in parts if part.name not in without]
    names = {part.name for part in kept}
    parts = [replace(part, after=[name for name in part.after if name in names]) for part in kept]
    return Plan(settings, credentials, env, parts)


def make_home(home: Path) -> None:
    """Makes AVAAZ_HOME, closed to others; under root, Postgres has its own account and passes through."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711 if os.geteuid() == 0 else 0o700)


def shared_env(
    settings: StackSettings, credentials: Credentials, outer_env: Mapping[str, str]
) -> dict[str, str]:
    """What all parts are told: who is where. Secrets that only some need are added for those alone."""
    models = f"http://127.0.0.1:{settings.models_port}"
    livekit = settings.livekit_url or f"ws://127.0.0.1:{settings.livekit_port}"
    private = (*_DATABASE_SETTINGS, *_API_ONLY)
    return {
        **{name: value for name, value in outer_env.items() if not _names_any(name, private)},
        "PYTHONUNBUFFERED": "1",
        "AVAAZ_HOME": str(settings.avaaz_home),
        "API_PORT": str(settings.api_port),
        "API_URL": f"http://127.0.0.1:{settings.api_port}",
        "MODELS_PORT": str(settings.models_port),
        "SHIPPER_METRICS_PORT": str(settings.shipper_metrics_port),
        "WORKER_METRICS_PORT": str(settings.worker_metrics_port),
        "LIVEKIT_URL": livekit,
        "PUBLIC_LIVEKIT_URL": settings.public_livekit_url or livekit,
        "LIVEKIT_API_KEY": credentials.livekit_api_key,
        "LIVEKIT_API_SECRET": credentials.livekit_api_secret,
        "AGENT_SERVICE_KEY": credentials.agent_service_key,
        "STT_URL": settings.stt_url or models,
        "TTS_URL": settings.tts_url or f"{models}/v1",
        "EMBEDDINGS_URL": settings.embeddings_url or f"{models}/v1",
        "GRAMMAR_URL": settings.grammar_url or f"{models}/v2",
        "MODELS_URL": settings.models_url or (models if settings.own_models else ""),
    }


def _names_any(variable: str, settings: Sequence[str]) -> bool:
    """Whether a variable gives one of the settings, itself or by a file."""
    return variable.removesuffix("_FILE") in settings


def database_urls(settings: StackSettings, credentials: Credentials) -> tuple[str, str | None]:
    """The API's address of the database and, where known, the schema owner's."""
    if settings.database_url is not None:
        return settings.database_url, settings.migrations_database_url
    return api_url(settings, credentials), owner_url(settings, credentials)


def _given_or_own(settings: StackSettings) -> Credentials:
    own = load_credentials(settings.avaaz_home)
    names = ("secret_key", "agent_service_key", "livekit_api_key", "livekit_api_secret")
    given = {name: getattr(settings, name) for name in names if getattr(settings, name)}
    return own.model_copy(update=given)


def _database(settings: StackSettings, credentials: Credentials, env: Mapping[str, str]) -> list[Part]:
    api_address, owner_address = database_urls(settings, credentials)
    api_env = {**env, "DATABASE_URL": api_address, "SECRET_KEY": credentials.secret_key}
    migrate = Part(
        name="migrate",
        title="Migrations",
        after=["database"],
        command=[sys.executable, "-m", "api.migrate"],
        env={**api_env, "MIGRATIONS_DATABASE_URL": owner_address or ""},
        once=True,
        given="" if owner_address else "DATABASE_URL without MIGRATIONS_DATABASE_URL",
    )
    if not settings.own_database:
        given = Part(name="postgres", title="Postgres", given="DATABASE_URL")
        return [given, replace(migrate, after=["postgres"])]
    seed = Part(
        name="seed",
        title="Demo accounts",
        after=["migrate"],
        command=[sys.executable, "-m", "api.seed"],
        env={**api_env, "MIGRATIONS_DATABASE_URL": owner_address or "", "AVAAZ_EMBEDDED": "1"},
        once=True,
    )
    return [postgres_part(settings, credentials), database_part(settings, credentials), migrate, seed]


def _services(
    settings: StackSettings, credentials: Credentials, env: Mapping[str, str], of_api: Mapping[str, str]
) -> list[Part]:
    return [
        frontend_part(settings),
        _livekit(settings, credentials),
        _models(settings, env),
        *_api(settings, credentials, {**env, **of_api}),
        *_agent(settings, env),
    ]


def _livekit(settings: StackSettings, credentials: Credentials) -> Part:
    if not settings.own_livekit:
        return Part(name="livekit", title="LiveKit server", given="LIVEKIT_URL")
    return livekit_part(settings, credentials)


def _models(settings: StackSettings, env: Mapping[str, str]) -> Part:
    if not settings.own_models:
        return Part(
            name="models", title="Model server", given="STT_URL, TTS_URL, EMBEDDINGS_URL, GRAMMAR_URL"
        )
    secret = ("LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "AGENT_SERVICE_KEY")
    return Part(
        name="models",
        title="Model server",
        command=[sys.executable, "-m", "infra.models"],
        env={name: value for name, value in env.items() if name not in secret},
        ready=http_ok(settings.models_port, "/health"),
        ready_within_s=120.0,
        ports=[PortUse(settings.models_port, "MODELS_PORT")],
        stop_order=2,
        grace_s=1.5,
    )


def _api(settings: StackSettings, credentials: Credentials, env: Mapping[str, str]) -> list[Part]:
    api_env = {
        **env,
        "DATABASE_URL": database_urls(settings, credentials)[0],
        "SECRET_KEY": credentials.secret_key,
        "FRONTEND_DIST": str(dist_folder(settings)),
        "AVAAZ_EMBEDDED": "1" if settings.own_database else "0",
    }
    return [
        Part(
            name="api",
            title="API",
            after=["migrate", "frontend"],
            command=[sys.executable, "-m", "api"],
            env=api_env,
            ready=http_ok(settings.api_port, "/health/live"),
            ports=[PortUse(settings.api_port, "API_PORT")],
            stop_order=3,
        ),
        Part(
            name="worker",
            title="Job worker",
            after=["migrate"],
            command=[sys.executable, "-m", "api.worker"],
            env=api_env,
            speaks=True,
            ready=http_ok(settings.worker_metrics_port, "/metrics"),
            ports=[PortUse(settings.worker_metrics_port, "WORKER_METRICS_PORT")],
            stop_order=3,
        ),
    ]


def _agent(settings: StackSettings, env: Mapping[str, str]) -> list[Part]:
    workers = [
        _agent_worker(
            settings,
            env,
            name="agent",
            title="Agent",
            port=PortUse(settings.agent_port, "AGENT_PORT"),
            metrics=PortUse(settings.agent_metrics_port, "AGENT_METRICS_PORT"),
        ),
        _agent_worker(
            settings,
            env,
            name=SECOND_AGENT,
            title="Agent, second worker",
            port=PortUse(settings.agent_second_port, "AGENT_SECOND_PORT"),
            metrics=PortUse(settings.agent_second_metrics_port, "AGENT_SECOND_METRICS_PORT"),
            late=True,
        ),
    ]
    return [
        *workers[: settings.agent_workers],
        Part(
            name="shipper",
            title="Record shipper",
            command=[sys.executable, "-m", "agent.shipper"],
            env=env,
            ready=http_ok(settings.shipper_metrics_port, "/health"),
            ports=[PortUse(settings.shipper_metrics_port, "SHIPPER_METRICS_PORT")],
            stop_order=2,
            grace_s=1.5,
        ),
    ]


def _agent_worker(
    settings: StackSettings,
    env: Mapping[str, str],
    *,
    name: str,
    title: str,
    port: PortUse,
    metrics: PortUse,
    late: bool = False,
) -> Part:
    run = settings.avaaz_home / "run"
    figures = run / f"{name}-metrics"
    figures.mkdir(parents=True, exist_ok=True)
    own = {
        "AGENT_PORT": str(port.number),
        "AGENT_METRICS_PORT": str(metrics.number),
        "PROMETHEUS_MULTIPROC_DIR": str(figures),
    }
    return Part(
        name=name,
        title=title,
        after=["livekit"],
        command=[sys.executable, "-m", "agent"],
        env={"AGENT_DRAIN_TIMEOUT": DRAIN_S, **env, **own},
        ready=both(http_ok(port.number, "/"), pid_noted(run / f"agent-registered-{port.number}")),
        ready_within_s=120.0,
        ports=[port, metrics],
        stop_order=1,
        grace_s=3.0,
        orphan_signal=signal.SIGKILL,
        late=late,
    )
