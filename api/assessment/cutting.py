"""Cutting a turn out of a call's recording without a codec: whole packets are moved into another file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from api.assessment.listening import Clip
from api.contract.sound import PACKET_S, Sound, pack
from api.recordings.joining import join

BEFORE: Final = timedelta(seconds=0.4)
AFTER: Final = timedelta(seconds=0.5)
"""What is cut besides: an onset that was noticed late, a decoder that swings in, a last sound."""
SHORTEST_S: Final = 0.3


@dataclass(frozen=True)
class Tape:
    """What there is of a call's recording."""

    sound: Sound
    whole: bool
    """Whether nothing more is to come."""

    @property
    def begins(self) -> datetime:
        """When its first packet was heard."""
        return self.sound.started_at

    @property
    def ends(self) -> datetime:
        """When its last packet ended."""
        return self.begins + timedelta(seconds=self.sound.duration_s)


def tape_of(sounds: Sequence[Sound], *, whole: bool) -> Tape | None:
    """One tape of all segments, in whatever order they came; None where there are none."""
    return Tape(join(sounds), whole) if sounds else None


def clip_of(tape: Tape, began_at: datetime, ended_at: datetime) -> Clip | None:
    """The stretch of a turn, with a little on either side; None where the tape does not hold it yet."""
    if ended_at + AFTER > tape.ends and not tape.whole:
        return None
    first = max(0, round((began_at - BEFORE - tape.begins) / timedelta(seconds=PACKET_S)))
    last = min(len(tape.sound.packets), round((ended_at + AFTER - tape.begins) / timedelta(seconds=PACKET_S)))
    if (last - first) * PACKET_S < SHORTEST_S:
        return None
    packets = tape.sound.packets[first:last]
    sound = Sound(tape.begins + timedelta(seconds=first * PACKET_S), packets, b"", tape.sound.pre_skip)
    # What a decoder leaves out where the clip begins, a player leaves out where the recording begins.
    return Clip(pack(sound), offset_s=first * PACKET_S)
