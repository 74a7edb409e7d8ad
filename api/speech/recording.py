"""A short recording as browsers send it: a WAV file of one channel, 16 bits, at most half a minute."""

import io
import wave
from typing import Final

from api.errors import InvalidError

LONGEST_S: Final = 30.0
SHORTEST_S: Final = 0.2
RATES: Final = frozenset({8_000, 16_000, 24_000, 44_100, 48_000})


def check_recording(data: bytes) -> float:
    """Make sure that these bytes are such a recording.

    Returns:
        Its length in seconds.

    Raises:
        InvalidError: It is not, or it is empty (`recording_invalid`), or too long (`recording_too_long`).
    """
    try:
        with wave.open(io.BytesIO(data)) as file:
            shape = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            frames = len(file.readframes(file.getnframes())) // 2
    except (wave.Error, EOFError, ValueError, RuntimeError):
        raise _unreadable() from None
    if shape[:2] != (1, 2) or shape[2] not in RATES:
        raise _unreadable()
    seconds: float = frames / shape[2]
    if seconds > LONGEST_S:
        raise InvalidError("A recording is half a minute long at most.", code="recording_too_long")
    if seconds < SHORTEST_S:
        raise InvalidError("There is nothing in this recording.", code="recording_invalid")
    return seconds


def _unreadable() -> InvalidError:
    return InvalidError("Send a WAV file of one channel and 16 bits.", code="recording_invalid")
