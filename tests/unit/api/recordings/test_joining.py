"""Joining: everything where it was heard, silence between, whatever came when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.contract.sound import SILENCE, Sound, SoundError, pack, unpack, unpack_segment
from api.recordings.joining import join, playing_time

BEGIN = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
VOICE = b"\xdc" + b"voice"
OTHER = b"\xdc" + b"other"


def sound(start_s: float, count: int, packet: bytes = VOICE, loud: int = 9) -> Sound:
    peaks = bytes([loud, 0]) * -(-count // 5)
    return Sound(BEGIN + timedelta(seconds=start_s), [packet] * count, peaks, 312)


def test_segments_of_one_encoder_follow_without_a_seam() -> None:
    whole = join([sound(0, 500), sound(10, 500, OTHER)])
    assert list(whole.packets) == [VOICE] * 500 + [OTHER] * 500
    assert playing_time(whole) == pytest.approx(20 - 312 / 48_000)


def test_what_a_killed_worker_left_out_is_silence() -> None:
    whole = join([sound(0, 100), sound(5, 50, OTHER)])
    assert list(whole.packets) == [VOICE] * 100 + [SILENCE] * 150 + [OTHER] * 50
    assert whole.peaks == bytes([9, 0]) * 20 + bytes([0, 0]) * 30 + bytes([9, 0]) * 10


def test_a_late_segment_finds_its_place_in_what_was_joined() -> None:
    early, late, last = sound(0, 100), sound(2, 100, OTHER), sound(4, 100)
    assert join([join([early, last]), late]) == join([early, late, last])


def test_a_segment_from_before_the_beginning_moves_the_beginning() -> None:
    whole = join([sound(0, 10), sound(-1, 10, OTHER)])
    assert whole.started_at == BEGIN - timedelta(seconds=1)
    assert whole.packets[0] == OTHER
    assert whole.packets[50] == VOICE


def test_two_workers_at_the_same_time_lose_nothing_that_was_there() -> None:
    whole = join([sound(0, 100), sound(1, 100, OTHER)])
    assert list(whole.packets) == [VOICE] * 100 + [OTHER] * 50


def test_a_clock_that_is_years_off_makes_no_years_of_silence() -> None:
    whole = join([sound(0, 50), sound(3e8, 50, OTHER)])
    assert len(whole.packets) == 100


def test_nothing_is_no_recording() -> None:
    with pytest.raises(ValueError, match="nothing"):
        join([])


@given(
    st.lists(st.binary(min_size=0, max_size=1_300).map(lambda rest: b"\xdc" + rest), min_size=1, max_size=60)
)
def test_what_is_packed_is_unpacked(packets: list[bytes]) -> None:
    peaks = bytes(2 * -(-len(packets) // 5))
    original = Sound(BEGIN, packets, peaks, 312)
    assert unpack_segment(pack(original)) == original


def test_a_changed_byte_is_noticed() -> None:
    data = pack(sound(0, 100))
    for position in range(0, len(data), 37):
        damaged = data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]
        with pytest.raises(SoundError):
            unpack_segment(damaged)


@pytest.mark.parametrize("data", [b"", b"OggS", b"RIFF" + bytes(100), pack(sound(0, 50))[:-3]])
def test_what_is_no_sound_is_refused(data: bytes) -> None:
    with pytest.raises(SoundError):
        unpack(data)


def test_segments_have_a_longest_time_and_peaks_that_fit() -> None:
    with pytest.raises(SoundError, match="longer"):
        unpack_segment(pack(sound(0, 1_501)))
    with pytest.raises(SoundError, match="peaks"):
        unpack_segment(pack(Sound(BEGIN, [VOICE] * 10, b"", 312)))


@pytest.mark.parametrize("first", [0xDF, 0xD4, 0xC4])
def test_packets_of_another_length_are_refused(first: int) -> None:
    with pytest.raises(SoundError, match="20 ms"):
        unpack(pack(Sound(BEGIN, [bytes([first, 1])], b"", 312)))
