"""What the coach makes of sound that is bad, foreign or endless: the call's own ears and policy, no server.

Voice, end-of-turn models and policy are those of calls; the recognizer's words are those that were said.
Sound comes faster than it plays: nothing here depends on the clock.
"""

from collections.abc import Callable
from typing import cast

import numpy as np
import pytest

from agent.endpointing import Weights
from agent.smart_turn import shared
from api.contract.calls import Patience
from infra.bench.recordings import Utterance, clear_voices
from infra.bench.turns.audio import (
    RATE,
    Samples,
    at_level,
    far,
    from_bench,
    mixed,
    narrow,
    room,
    seconds,
    silences,
    street,
)
from infra.bench.turns.policies import Answer, answers, ours
from infra.bench.turns.second import hear, with_heard
from infra.bench.turns.speech_server import HeardText, HeardWord, SpeechServer
from infra.bench.turns.trace import Trace, Tracer
from infra.bench.turns.turns import Silence, Turn

pytestmark = pytest.mark.voice

BEFORE_S, AFTER_S = 0.5, 4.0
LEVEL = 0.12
PACKET = RATE // 50


class Ear:
    """A recognizer that hears each word once it is over, whatever the sound is like."""

    def __init__(self, words: list[HeardWord]) -> None:
        self._words = list(words)
        self._at = 0.0

    async def listen(self) -> "Ear":
        return self

    async def hear(self, samples: Samples) -> None:
        self._at += seconds(samples)

    async def settle(self) -> HeardText:
        heard = [word for word in self._words if word.end <= self._at]
        self._words = self._words[len(heard) :]
        return HeardText(" ".join(word.text for word in heard), 0.9 if heard else 0.0, 0.0)

    async def aclose(self) -> None:
        """Nothing is open."""


async def trace(samples: Samples, words: list[HeardWord]) -> Trace:
    found = await Tracer(cast("SpeechServer", Ear(words))).trace(samples)
    model = shared()
    assert model is not None
    return with_heard(found, hear(model, samples, found))


def quiet(length_s: float) -> Samples:
    return np.random.default_rng(3).normal(0, 2e-4, round(length_s * RATE)).astype(np.float32)


def said(utterance: Utterance) -> tuple[Samples, list[HeardWord]]:
    """A sentence with room around it, and when each of its words is over."""
    spoken = at_level(from_bench(utterance.samples), LEVEL)
    sound = np.concatenate([quiet(BEFORE_S), spoken, quiet(AFTER_S)])
    words = [
        HeardWord(text, BEFORE_S, BEFORE_S + end)
        for text, end in zip(utterance.text.split(), utterance.word_ends, strict=True)
    ]
    return sound, words


async def answered(clean: Samples, heard: Samples, words: list[HeardWord]) -> Answer:
    """What the policy does with a turn whose silences are those of `clean` and whose sound is `heard`."""
    marks = tuple(Silence(start, end, planted=False) for start, end in silences(clean))
    turn = Turn("item", "anna", "clear", "whole", "clean", heard, marks)
    (answer,) = answers([turn], [await trace(heard, words)], ours())
    return answer


def lossy(samples: Samples, share: float) -> Samples:
    """Packets of 20 ms that never came, as silence: worse than a client that conceals them."""
    random = np.random.default_rng(5)
    kept = samples.copy()
    for at in range(0, len(kept), PACKET):
        if random.random() < share:
            kept[at : at + PACKET] = 0.0
    return kept


def drifted(samples: Samples, share: float) -> Samples:
    """Played by a clock that is too fast by this share."""
    at = np.arange(0, len(samples) - 1, 1 + share)
    return np.asarray(np.interp(at, np.arange(len(samples)), samples), np.float32)


def music(length_s: float) -> Samples:
    """Three chords in turn on an instrument with overtones."""
    times = np.arange(round(length_s * RATE)) / RATE
    chords = np.array([[220.0, 277.2, 329.6], [196.0, 246.9, 293.7], [174.6, 220.0, 261.6]])
    tones = chords[(times / 0.75).astype(int) % 3]
    notes = np.sum([np.sin(2 * np.pi * n * tones.T * times) / n**2 for n in (1, 2, 3, 4)], axis=0)
    beat = np.exp(-3 * (times % 0.75))
    return at_level(np.asarray(notes.sum(axis=0) * beat, np.float32), LEVEL)


IMPAIRED: dict[str, Callable[[Samples], Samples]] = {
    "clipping": lambda sound: np.clip(8 * sound, -0.5, 0.5),
    "8 kHz": narrow,
    "5 % of packets lost": lambda sound: lossy(sound, 0.05),
    "20 % of packets lost": lambda sound: lossy(sound, 0.2),
    "a fast clock": lambda sound: drifted(sound, 0.005),
    "a slow clock": lambda sound: drifted(sound, -0.005),
    "a street": lambda sound: mixed(sound, street(len(sound), np.random.default_rng(1)), 15.0),
}


@pytest.mark.parametrize("name", IMPAIRED)
async def test_a_sentence_in_bad_sound_is_neither_cut_off_nor_left_hanging(name: str) -> None:
    for utterance in clear_voices()[:2]:
        clean, words = said(utterance)
        answer = await answered(clean, IMPAIRED[name](clean), words)
        assert not answer.cut
        assert answer.answered
        assert answer.delay < Weights.shipped().ceiling[Patience.BALANCED] + 0.5


@pytest.mark.parametrize("noise", [room, street])
async def test_noise_alone_is_nobodys_voice(noise: Callable[[int, np.random.Generator], Samples]) -> None:
    loud = noise(5 * RATE, np.random.default_rng(2)) * np.float32(LEVEL / 3)
    assert (await trace(loud, [])).ours == []


async def test_music_is_nobodys_turn() -> None:
    heard = np.concatenate([quiet(BEFORE_S), music(5.0), quiet(AFTER_S)])
    answer = await answered(heard, heard, [])
    assert not answer.at


async def test_another_voice_in_a_pause_takes_no_turn() -> None:
    first, second, behind = (from_bench(one.samples) for one in clear_voices()[1:4])
    spoken = [at_level(first, LEVEL), quiet(0.3), at_level(second, LEVEL)]
    clean = np.concatenate([quiet(BEFORE_S), *spoken, quiet(AFTER_S)])
    other = at_level(far(behind), LEVEL * 0.08)
    heard = clean.copy()
    at = round(BEFORE_S * RATE) + len(first)
    heard[at : at + len(other)] += other[: len(heard) - at]
    ends = [BEFORE_S + seconds(first), BEFORE_S + seconds(first) + 0.3 + seconds(second)]
    words = [HeardWord("I went there because", 0.0, ends[0]), HeardWord("it rained.", ends[0], ends[1])]
    answer = await answered(clean, heard, words)
    assert not answer.cut
    assert answer.answered


async def test_who_never_stops_is_heard_to_the_end() -> None:
    spoken = [at_level(from_bench(one.samples), LEVEL) for one in clear_voices()[:12]] * 2
    sound = np.concatenate([quiet(BEFORE_S), *spoken, quiet(AFTER_S)])
    assert seconds(sound) > 45
    words = [HeardWord("word", 0.0, BEFORE_S + at / 2) for at in range(int(2 * (seconds(sound) - 5)))]
    answer = await answered(sound, sound, words)
    assert not answer.cut
    assert answer.answered
