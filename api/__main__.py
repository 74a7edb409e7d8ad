"""`python -m api`: serve the API, and the PWA where it was built."""

import uvicorn

from api.main import create_app
from api.settings import get_settings
from infra.error_tracking import configure_error_tracking
from infra.telemetry import configure_logging
from infra.tracing import configure_tracing

GRACEFUL_STOP_S = 4
KEEP_ALIVE_S = 130
"""Longer than browsers and Caddy (two minutes) rest a connection: the API is not the end that closes it."""


def main() -> None:
    """Serve until SIGTERM or SIGINT, then finish what is being answered within a few seconds."""
    settings = get_settings()
    configure_logging("api", settings.log_level)
    configure_error_tracking("api")
    tracing = configure_tracing("api")
    uvicorn.run(
        create_app(settings),
        host=settings.api_host,
        port=settings.api_port,
        loop="uvloop",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=True,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACEFUL_STOP_S,
    )
    if tracing is not None:
        tracing.shutdown()


if __name__ == "__main__":
    main()
