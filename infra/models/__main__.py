"""`python -m infra.models`: run the model server until SIGINT or SIGTERM."""

from aiohttp import web

from infra.configuration import load_or_exit
from infra.error_tracking import configure_error_tracking
from infra.models.app import create
from infra.models.settings import Settings
from infra.telemetry import configure_logging, get_logger


def main() -> None:
    """Read settings, serve."""
    settings = load_or_exit(Settings)
    configure_logging("models", settings.log_level)
    configure_error_tracking("models")
    log = get_logger(__name__)
    # Without a timeout open sockets would hold the port for a minute after SIGTERM.
    web.run_app(
        create(settings),
        host=settings.host,
        port=settings.port,
        print=lambda *_: log.info("listening", host=settings.host, port=settings.port),
        shutdown_timeout=1,
        access_log=None,
    )


if __name__ == "__main__":
    main()
