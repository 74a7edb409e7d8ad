"""The ear: what is a sound, when it began, when it stopped."""

import numpy as np

from infra.bench.audio import FRAME, Pcm
from infra.bench.ear import LOUD, Ear


def frames(count: int, level: int) -> Pcm:
    return np.full(FRAME * count, level, np.int16)


def ear_with(*spans: tuple[float, float], until: float) -> Ear:
    """An ear that heard 10 ms frames from 0 on, loud within the spans."""
    ear = Ear()
    for index in range(round(until * 100)):
        now = index / 100
        loud = any(start <= now < end for start, end in spans)
        ear.hear(frames(1, LOUD * 4 if loud else LOUD // 2), now)
    return ear


def test_noise_floor_is_no_sound() -> None:
    ear = ear_with(until=2.0)
    assert ear.first_sound_after(0.0) is None
    assert ear.last_sound() is None
    assert ear.quiet_for(2.0) == float("inf")


def test_first_sound_is_the_onset_after_the_moment() -> None:
    ear = ear_with((0.5, 0.8), (1.4, 1.8), until=2.0)
    assert ear.first_sound_after(0.0) == 0.5
    assert ear.first_sound_after(1.0) == 1.4


def test_click_is_no_sound() -> None:
    ear = ear_with((0.5, 0.52), (1.0, 1.3), until=2.0)
    assert ear.first_sound_after(0.0) == 1.0


def test_onset_is_not_told_before_it_is_certain() -> None:
    ear = ear_with((0.5, 2.0), until=0.52)
    assert ear.first_sound_after(0.0) is None


def test_slices_of_a_big_frame_are_heard_one_after_the_other() -> None:
    ear = Ear()
    quiet_then_loud = np.concatenate([frames(3, 0), frames(7, LOUD * 4)])
    ear.hear(quiet_then_loud, 1.0)
    first = ear.first_sound_after(0.0)
    assert first is not None
    assert round(first, 3) == 0.94


def test_negative_full_scale_is_loud() -> None:
    ear = Ear()
    ear.hear(frames(5, -32_768), 1.0)
    assert ear.last_sound() == 1.0


def test_pause_within_speech_does_not_stop_it() -> None:
    ear = ear_with((0.0, 1.0), (1.3, 1.6), until=3.0)
    stopped = ear.stopped_after(0.5, 3.0, bridge=0.45)
    assert stopped is not None
    assert round(stopped, 2) == 1.59


def test_sound_that_goes_on_has_not_stopped() -> None:
    assert ear_with((0.0, 2.0), until=1.0).stopped_after(0.5, 1.0) is None


def test_silence_at_the_moment_stops_there() -> None:
    ear = ear_with((0.0, 0.3), (2.0, 2.5), until=3.0)
    assert ear.stopped_after(1.0, 3.0) == 1.0


def test_share_of_sound() -> None:
    ear = ear_with((0.0, 0.5), until=1.0)
    assert round(ear.sounding_share(0.0, 1.0), 2) == 0.5


def test_audio_is_kept_only_where_asked() -> None:
    keeping, plain = Ear(keep_audio=True), Ear()
    for ear in (keeping, plain):
        ear.hear(frames(2, 5), 0.0)
    assert (len(keeping.audio()), len(plain.audio())) == (2 * FRAME, 0)
