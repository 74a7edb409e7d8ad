"""Room names: opaque, chosen here, and authenticated.

A name holds the session, the number of the call within it, and a MAC over both. It is a function of what the
record says, so minting a token twice leads into the same room, and nobody else can name a room that opens a
call.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from uuid import UUID

from api.settings import Settings
from api.signing import derived_keys

_NAME = re.compile(r"av-([0-9a-f]{32})-([0-9]{1,9})-([0-9a-f]{24})")


@dataclass(frozen=True)
class RoomRef:
    """What a room's name says: the session, and which of its calls."""

    session_id: UUID
    number: int


def room_name(settings: Settings, session_id: UUID, number: int) -> str:
    """Return the name of the room for a session's call."""
    stem = f"av-{session_id.hex}-{number}"
    return f"{stem}-{_macs(settings, stem)[0]}"


def parse_room(settings: Settings, name: str) -> RoomRef | None:
    """Return what a name says, or None where it was not made here."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    session, number, mac = match.groups()
    known = [hmac.compare_digest(mac, ours) for ours in _macs(settings, f"av-{session}-{number}")]
    if not any(known) or int(number) >= 2**31:
        return None
    return RoomRef(UUID(session), int(number))


def _macs(settings: Settings, stem: str) -> list[str]:
    """The MAC under each live key; names are made with the first."""
    keys = derived_keys(settings, "room")
    return [hmac.digest(key.secret, stem.encode(), hashlib.sha256).hex()[:24] for key in keys]
