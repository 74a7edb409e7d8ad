"""Two voices on one timeline: each where it was heard, each on its side, whatever segments are cut of it."""

import numpy as np
import pytest
from livekit import rtc

from agent.tape import COACH, LEARNER, Tape
from api.contract.sound import MAX_SEGMENT_S, Sound, pack
from api.recordings.joining import join
from tests.support.opus import first_tone, heard, sine

BEGIN = 1_790_000_000.0
NEAR_S = 0.02


def frames(seconds: float, pitch: float, rate: int) -> list[rtc.AudioFrame]:
    samples = sine(seconds, pitch, rate)
    size = rate // 50
    pieces = [samples[start : start + size] for start in range(0, samples.size, size)]
    return [rtc.AudioFrame(piece.tobytes(), rate, 1, piece.size) for piece in pieces]


def play(
    tape: Tape, side: int, at: float, seconds: float, *, pitch: float = 500.0, rate: int = 24_000
) -> None:
    for number, frame in enumerate(frames(seconds, pitch, rate)):
        tape.add(side, BEGIN + at + 0.02 * number, frame)
    tape.end_run(side)


def joined(*sounds: Sound) -> bytes:
    whole = join(sounds)
    return pack(Sound(whole.started_at, whole.packets, b"", whole.pre_skip))


@pytest.mark.parametrize("rate", [16_000, 24_000, 48_000])
def test_both_sides_are_where_they_were_heard(rate: int) -> None:
    tape = Tape(BEGIN)
    play(tape, LEARNER, 1.5, 0.5, pitch=1_000.0, rate=rate)
    play(tape, COACH, 3.25, 0.5, pitch=600.0, rate=rate)
    left, right = heard(joined(*tape.advance(BEGIN + 12), *tape.finish()))
    assert first_tone(left, 1_000.0) == pytest.approx(1.5, abs=NEAR_S)
    assert first_tone(right, 600.0) == pytest.approx(3.25, abs=NEAR_S)
    assert first_tone(left, 600.0) is None
    assert first_tone(right, 1_000.0) is None


def test_segments_are_short_and_lie_side_by_side_without_a_seam() -> None:
    tape = Tape(BEGIN)
    play(tape, LEARNER, 0.0, 25.0)
    segments = [*tape.advance(BEGIN + 11), *tape.advance(BEGIN + 25), *tape.finish()]
    assert len(segments) == 3
    assert all(segment.duration_s <= MAX_SEGMENT_S for segment in segments)
    left, _ = heard(joined(*segments))
    level = np.sqrt(np.mean(left[4_800 : 24 * 48_000].reshape(-1, 480) ** 2, axis=1))
    assert level.min() > 0.8 * level.max(), "a seam is heard"


def test_a_next_worker_goes_on_where_the_clock_says() -> None:
    first, second = Tape(BEGIN), Tape(BEGIN + 20.007)
    play(first, COACH, 1.0, 0.5, pitch=1_000.0)
    play(second, COACH, 21.0, 0.5, pitch=1_000.0)
    lost = first.advance(BEGIN + 10)  # it is killed; the segment it was at is gone
    left, right = heard(joined(*lost, *second.advance(BEGIN + 31)))
    assert first_tone(right, 1_000.0) == pytest.approx(1.0, abs=NEAR_S)
    assert first_tone(right, 1_000.0, after=5.0) == pytest.approx(21.0, abs=NEAR_S)
    assert np.abs(left).max() < 0.01


def test_peaks_say_who_is_loud_when() -> None:
    tape = Tape(BEGIN)
    play(tape, LEARNER, 1.0, 1.0)
    (segment,) = tape.advance(BEGIN + 10)
    learner, coach = segment.peaks[0::2], segment.peaks[1::2]
    assert len(learner) == len(coach) == 100
    assert [index for index, value in enumerate(learner) if value] == list(range(10, 20))
    assert max(learner) == 8_000 >> 7
    assert max(coach) == 0


def test_sound_that_was_held_up_stays_in_order_and_at_its_time() -> None:
    tape = Tape(BEGIN)
    for number, frame in enumerate(frames(2.0, 1_000.0, 48_000)):
        held_up = 0.5 if number >= 10 else 0.0  # nothing for 300 ms, then a burst
        came = BEGIN + 1 + max(0.02 * number, held_up)
        tape.add(LEARNER, came, frame)
    left, _ = heard(joined(*tape.advance(BEGIN + 10)))
    assert first_tone(left, 1_000.0) == pytest.approx(1.0, abs=NEAR_S)
    level = np.sqrt(np.mean(left[round(1.05 * 48_000) : round(2.95 * 48_000)].reshape(-1, 480) ** 2, axis=1))
    assert level.min() > 0.8 * level.max()
    assert np.abs(left[round(3.05 * 48_000) :]).max() < 0.01


def test_sound_after_a_silence_is_where_it_came() -> None:
    tape = Tape(BEGIN)
    for number, frame in enumerate(frames(0.2, 600.0, 48_000)):
        tape.add(LEARNER, BEGIN + 1 + 0.02 * number, frame)
    for number, frame in enumerate(
        frames(0.2, 1_000.0, 48_000)
    ):  # the microphone was muted for half a second
        tape.add(LEARNER, BEGIN + 1.7 + 0.02 * number, frame)
    left, _ = heard(joined(*tape.advance(BEGIN + 10)))
    assert first_tone(left, 1_000.0) == pytest.approx(1.7, abs=NEAR_S)


def test_a_clock_that_was_set_begins_a_new_timeline() -> None:
    tape = Tape(BEGIN)
    play(tape, LEARNER, 0.0, 2.0)
    tape.advance(BEGIN + 2)
    rest = tape.restart(BEGIN + 3_600)
    assert sum(segment.duration_s for segment in rest) == pytest.approx(2.0, abs=0.02)
    again = [*tape.advance(BEGIN + 3_601), *tape.finish()]
    assert again[0].started_at.timestamp() == pytest.approx(BEGIN + 3_600)
