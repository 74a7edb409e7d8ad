"""Framed messages between the server and its speech process: kind, request number, length, payload.

Both ends belong to one installation, so there is no version in the frame.
"""

import struct
from enum import IntEnum
from typing import BinaryIO

HEADER = struct.Struct("<BII")
MAX_PAYLOAD = 64 * 1024 * 1024


class Kind(IntEnum):
    """What a frame carries."""

    READY = 0
    """From the child: the voice is loaded."""
    SAY = 1
    """To the child: JSON `{"text", "speed"}`."""
    AUDIO = 2
    """From the child: the whole clause as 24 kHz mono 16-bit PCM."""
    ERROR = 3
    """From the child: what went wrong, as text."""
    PING = 4
    """Either way: echoed by the child."""


def pack(kind: Kind, number: int, payload: bytes = b"") -> bytes:
    """One frame as bytes."""
    return HEADER.pack(kind, number, len(payload)) + payload


def unpack_header(header: bytes) -> tuple[Kind, int, int]:
    """Kind, request number and payload length; raises `ValueError` on anything else."""
    kind, number, length = HEADER.unpack(header)
    if length > MAX_PAYLOAD:
        raise ValueError(f"a frame of {length} bytes")
    return Kind(kind), number, length


def read(stream: BinaryIO) -> tuple[Kind, int, bytes] | None:
    """Read one frame from a blocking stream; None at its end."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    kind, number, length = unpack_header(header)
    payload = stream.read(length)
    return (kind, number, payload) if len(payload) == length else None
