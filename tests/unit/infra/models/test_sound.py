"""What a recording sounds like: silences where they were put, noise, band and pitch."""

import numpy as np
import pytest

from infra.models.errors import ModelsError
from infra.models.sound import channel_of, figures_of
from infra.models.stt import RATE, Audio


def voice(seconds: float, pitch: float = 120.0, highest: float = 6_000.0) -> Audio:
    """A buzz with overtones up to a frequency."""
    times = np.arange(round(seconds * RATE)) / RATE
    overtones = range(1, int(highest // pitch) + 1)
    sound = sum(np.sin(2 * np.pi * pitch * number * times) / number for number in overtones)
    return np.asarray(0.2 * sound, np.float32)


def quiet(seconds: float) -> Audio:
    """A quiet room."""
    return np.random.default_rng(1).normal(0, 1e-4, round(seconds * RATE)).astype(np.float32)


def test_silences_are_where_they_were_put() -> None:
    found = figures_of(np.concatenate([quiet(0.5), voice(1.0), quiet(0.4), voice(0.8), quiet(0.3)]))
    expected = [(0.0, 0.5), (1.5, 1.9), (2.7, 3.0)]
    assert len(found.silences) == len(expected)
    for got, wanted in zip(found.silences, expected, strict=True):
        assert got == pytest.approx(wanted, abs=0.03)
    assert found.speech_s == pytest.approx(1.8, abs=0.05)
    assert found.snr_db > 40


def test_a_closure_within_a_word_is_no_silence() -> None:
    assert figures_of(np.concatenate([voice(0.5), quiet(0.06), voice(0.5)])).silences == []


@pytest.mark.parametrize("pitch", [95.0, 180.0, 240.0])
def test_pitch(pitch: float) -> None:
    found = figures_of(np.concatenate([voice(2.0, pitch), quiet(0.5)]))
    assert found.pitch_hz == pytest.approx(pitch, rel=0.03)


def test_a_telephones_band_is_told_from_a_whole_one() -> None:
    narrow = figures_of(np.concatenate([voice(2.0, highest=3_300.0), quiet(0.5)])).bandwidth_hz
    wide = figures_of(np.concatenate([voice(2.0, highest=7_500.0), quiet(0.5)])).bandwidth_hz
    assert narrow < 3_600
    assert wide > 6_000


def test_nothing_and_next_to_nothing_sound_like_nothing() -> None:
    assert figures_of(np.zeros(0, np.float32)).silences == []
    still = figures_of(np.zeros(RATE, np.float32))
    assert (still.speech_s, still.pitch_hz, still.snr_db) == (0.0, None, 0.0)


def test_a_channel_is_one_of_two() -> None:
    assert [channel_of(value) for value in (None, "0", "1")] == [None, 0, 1]
    with pytest.raises(ModelsError):
        channel_of("2")
