"""Crashes sent to Sentry, or to what speaks its protocol, where SENTRY_DSN names one. Off by default.

What is sent holds no request body, header, cookie, user, local variable or text of an error, only where it
happened and which kind it was.
"""

from typing import Any, Final

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from infra.configuration import FileSettings
from infra.telemetry import correlation_id, scrub_values

_KEPT_OF_A_REQUEST: Final = frozenset({"method"})


class ErrorTrackingSettings(FileSettings):
    """Where crashes go, and what the installation is called there."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore")

    sentry_dsn: SecretStr = SecretStr("")
    avaaz_environment: str = "production"


def configure_error_tracking(process: str) -> bool:
    """Start sending this process's crashes. Returns whether an address is set."""
    settings = ErrorTrackingSettings()
    if not settings.sentry_dsn.get_secret_value():
        return False
    import sentry_sdk  # noqa: PLC0415 - costs start time, and is off by default

    sentry_sdk.init(
        dsn=settings.sentry_dsn.get_secret_value(),
        environment=settings.avaaz_environment,
        server_name=process,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        traces_sample_rate=0.0,
        before_send=_cleaned,  # type: ignore[arg-type]
        before_breadcrumb=lambda _crumb, _hint: None,
    )
    return True


def _kinds(event: dict[str, Any]) -> dict[str, Any]:
    """The errors without their texts, which may hold what people said."""
    values = (event.get("exception") or {}).get("values") or []
    return {"values": [{**value, "value": ""} for value in values]}


def _cleaned(event: dict[str, Any], _hint: dict[str, Any]) -> dict[str, Any]:
    request = event.pop("request", {})
    kept = {name: value for name, value in request.items() if name in _KEPT_OF_A_REQUEST}
    cleaned: dict[str, Any] = scrub_values({**event, "request": kept, "exception": _kinds(event)})
    cleaned.setdefault("tags", {})["correlation_id"] = correlation_id.get() or "none"
    for name in ("user", "extra", "breadcrumbs", "logentry", "message"):
        cleaned.pop(name, None)
    return cleaned
