"""Dead database connections are met by fresh ones, without asking the server before every request."""

import select
import time
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine

ASKED_AFTER_S: Final = 15.0
"""A connection that rested longer is asked whether it lives: a network may have dropped it unseen."""
_RETURNED: Final = "avaaz_returned"


def watch_connections(engine: AsyncEngine) -> None:
    """Test the engine's connections as they are taken from the pool.

    A server that ended a connection has said so on its socket. Where the driver has not read that yet, a
    resting connection has something to read, which it never has otherwise; then the server is asked.
    `pool_pre_ping` would spend three round trips on each request for the same.
    """

    @event.listens_for(engine.sync_engine, "checkin")
    def rests(_connection: Any, record: Any) -> None:
        record.info[_RETURNED] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def test(connection: Any, record: Any, _proxy: Any) -> None:
        if connection.driver_connection.is_closed():
            raise DisconnectionError
        now = time.monotonic()
        rested = now - record.info.get(_RETURNED, now) > ASKED_AFTER_S
        if rested or _has_something_to_read(connection.driver_connection):
            _ask(connection)


def _has_something_to_read(driver_connection: Any) -> bool:
    transport = driver_connection._transport  # asyncpg shows its socket nowhere else
    waiting = select.poll()
    waiting.register(transport.get_extra_info("socket").fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def _ask(connection: Any) -> None:
    try:
        connection.ping()
    except Exception as error:
        raise DisconnectionError from error
