"""Putting a recording together: packets laid into places of 20 ms by the time at which they were heard.

What is missing is silence; where two segments claim the same place, the one that is there already stays. So a
recording that was joined before takes segments that come late as if they had come in time.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from api.contract.sound import (
    CHANNELS,
    GRANULE_RATE,
    PACKET_S,
    PACKETS_A_PEAK,
    SILENCE,
    Sound,
)

LONGEST_S: Final = 6 * 3_600
"""No call lasts so long; what claims to lie further off has a wrong clock and follows without a gap."""
_PLACE: Final = timedelta(seconds=PACKET_S)


def join(sounds: Iterable[Sound]) -> Sound:
    """One sound of many, whatever order they come in.

    Raises:
        ValueError: There are none.
    """
    ordered = sorted(sounds, key=lambda sound: sound.started_at)
    if not ordered:
        raise ValueError("nothing to join")
    first = ordered[0]
    places: list[bytes] = []
    peaks = bytearray()
    for sound in ordered:
        start = _place_of(sound.started_at, first.started_at, len(places))
        _lay(places, start, sound.packets)
        _lay_peaks(peaks, start, sound.peaks)
    filled = [packet or SILENCE for packet in places]
    wanted = CHANNELS * -(-len(filled) // PACKETS_A_PEAK)
    return Sound(first.started_at, filled, bytes(peaks[:wanted].ljust(wanted, b"\0")), first.pre_skip)


def playing_time(sound: Sound) -> float:
    """Seconds that a player plays of it."""
    return len(sound.packets) * PACKET_S - sound.pre_skip / GRANULE_RATE


def _place_of(moment: datetime, begin: datetime, end: int) -> int:
    place = round((moment - begin) / _PLACE)
    return place if place * PACKET_S <= LONGEST_S else end


def _lay(places: list[bytes], start: int, packets: Sequence[bytes]) -> None:
    """Put packets into their places; silence that was only filled in gives way."""
    needed = start + len(packets) - len(places)
    places.extend([b""] * max(0, needed))
    for place, packet in enumerate(packets, start):
        if places[place] in (b"", SILENCE):
            places[place] = packet


def _lay_peaks(peaks: bytearray, start: int, added: bytes) -> None:
    """The louder of two values stays."""
    begin = CHANNELS * round(start / PACKETS_A_PEAK)
    peaks.extend(bytes(max(0, begin + len(added) - len(peaks))))
    for index, value in enumerate(added, begin):
        peaks[index] = max(peaks[index], value)
