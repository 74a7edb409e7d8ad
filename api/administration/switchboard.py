"""How everything is set right now, for requests: read once every few seconds, not once a request."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Request

from api.administration.registry import REGISTRY, SettingKey, SettingKind, Value
from api.administration.repository import read_switches
from api.database import Database, utc_now
from api.errors import ForbiddenError, UnavailableError, is_database_outage
from infra.telemetry import get_logger

log = get_logger(__name__)

KEPT_S: Final = 3.0
MAINTENANCE: Final = "maintenance"
"""Where maintenance stands among the installation's settings; it has an address of its own."""
_LEAST_WAIT_S: Final = 30
_MOST_WAIT_S: Final = 3_600
_USUAL_WAIT_S: Final = 300


@dataclass(frozen=True)
class Maintenance:
    """New calls are refused: since when, until when as far as one knows, and the operator's own words."""

    since: datetime
    until: datetime | None
    message: str

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Maintenance":
        """From what is kept."""
        until = kept.get("until")
        return cls(
            since=datetime.fromisoformat(kept["since"]),
            until=datetime.fromisoformat(until) if until else None,
            message=str(kept.get("message", "")),
        )

    def kept(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "message": self.message,
        }

    @property
    def wait_s(self) -> int:
        """When to ask again, in seconds."""
        if self.until is None:
            return _USUAL_WAIT_S
        left = int((self.until - utc_now()).total_seconds())
        return min(max(left, _LEAST_WAIT_S), _MOST_WAIT_S)


@dataclass(frozen=True)
class Switches:
    """How everything is set at one moment."""

    installation: Mapping[str, Value] = field(default_factory=dict)
    organisations: Mapping[UUID, Mapping[str, Value]] = field(default_factory=dict)
    suspended: Mapping[UUID, str] = field(default_factory=dict)
    """Reasons, by organisation."""
    maintenance: Maintenance | None = None

    def value(self, key: SettingKey, organisation_id: UUID | None = None) -> Value:
        """What holds: the installation's value, or the organisation's own where that is stricter."""
        definition = REGISTRY[key]
        everywhere = self.installation.get(key, definition.default)
        if organisation_id is None or not definition.per_organisation:
            return everywhere
        return definition.stricter(self.organisations.get(organisation_id, {}).get(key), everywhere)

    def allows(self, key: SettingKey, organisation_id: UUID | None = None) -> bool:
        """Whether a switch is on."""
        if REGISTRY[key].kind is not SettingKind.SWITCH:
            raise TypeError(f"{key} is no switch")
        return bool(self.value(key, organisation_id))

    def number(self, key: SettingKey, organisation_id: UUID | None = None) -> int | None:
        """A number; None where nobody set one."""
        found = self.value(key, organisation_id)
        return None if found is None else int(found)

    def require_on(self, key: SettingKey, organisation_id: UUID | None, code: str, message: str) -> None:
        """Refuse where a switch is off.

        Raises:
            ForbiddenError: It is, with this code.
        """
        if not self.allows(key, organisation_id):
            raise ForbiddenError(message, code=code)

    def own_number(self, key: SettingKey, organisation_id: UUID) -> int | None:
        """A number that an organisation set for itself alone; None where it did not."""
        found = self.organisations.get(organisation_id, {}).get(key)
        return None if found is None else int(found)

    def require_not_suspended(self, organisation_id: UUID) -> None:
        """Refuse what an organisation's members want while it is suspended.

        Raises:
            ForbiddenError: It is (`organisation_suspended`); the details hold the reason.
        """
        reason = self.suspended.get(organisation_id)
        if reason is not None:
            raise ForbiddenError(
                "Your organisation's access is paused at the moment. Its administrators know more.",
                code="organisation_suspended",
                details=[{"reason": reason}],
            )

    def require_calls_begin(self) -> None:
        """Refuse a new call during maintenance; those that run go on.

        Raises:
            UnavailableError: There is maintenance (`maintenance`); it says when to ask again.
        """
        if self.maintenance is not None:
            raise UnavailableError(
                "New conversations are paused for maintenance. Please come back a little later.",
                code=MAINTENANCE,
                retry_after_s=self.maintenance.wait_s,
            )


class Switchboard:
    """Holds the switches of a process, at most KEPT_S old.

    It wants connections of its own: requests wait for it that hold one of theirs already, and all of them
    together would wait for each other.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = asyncio.Lock()
        self._kept: Switches | None = None
        self._read_at = 0.0

    async def now(self) -> Switches:
        """How everything is set. While the database is away, how it was set last, else by default."""
        kept = self._fresh()
        if kept is not None:
            return kept
        async with self._lock:
            kept = self._fresh()
            if kept is None:
                kept = self._kept = await self._read()
                self._read_at = time.monotonic()
            return kept

    async def close(self) -> None:
        """Give the connection back."""
        await self._database.close()

    def forget(self) -> None:
        """Read anew for the next request: something is being changed."""
        self._read_at = 0.0

    def _fresh(self) -> Switches | None:
        return self._kept if self._read_at and time.monotonic() - self._read_at <= KEPT_S else None

    async def _read(self) -> Switches:
        try:
            async with self._database.reading() as session:
                kept = await read_switches(session)
        except Exception as error:
            if not is_database_outage(error):
                raise
            log.warning("settings not read: the database is away")
            return self._kept or Switches()
        installation = dict(kept["installation"])
        maintenance = installation.pop(MAINTENANCE, None)
        return Switches(
            installation=installation,
            organisations={UUID(key): values for key, values in kept["organisations"].items()},
            suspended={UUID(key): reason or "" for key, reason in kept["suspended"].items()},
            maintenance=Maintenance.read(maintenance) if maintenance else None,
        )


async def switchboard(request: Request) -> Switchboard:
    """The switchboard of the application that answers."""
    held: Switchboard = request.app.state.switchboard
    return held


async def switches(request: Request) -> Switches:
    """How everything is set right now."""
    held: Switchboard = request.app.state.switchboard
    return await held.now()


CurrentSwitchboard = Annotated[Switchboard, Depends(switchboard)]
CurrentSwitches = Annotated[Switches, Depends(switches)]
