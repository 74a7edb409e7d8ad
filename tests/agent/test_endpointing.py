"""How long the coach waits in a pause: the policy on moments made by hand."""

import asyncio
import itertools
from typing import Any

import numpy as np
import pytest
from livekit.agents import inference
from livekit.agents.voice.turn import TurnDetectionEvent

from agent.endpointing import (
    Moment,
    Pauses,
    Weights,
    expects_short,
    is_sure,
    level_doubt,
    log_odds,
    wait_after,
)
from agent.smart_turn import STATES, Heard
from agent.turn_detector import PolicyDetector
from api.contract.calls import Patience
from api.contract.levels import Level

WHOLE = "I went to the market with my sister yesterday."


def wait(text: str, probability: float | None = 0.5, **more: Any) -> float:
    return wait_after(Moment(probability, text), Pauses(), **more)


def test_a_turn_that_is_surely_over_is_answered_at_once() -> None:
    assert wait(WHOLE, 0.9) == Weights.shipped().floor[Patience.BALANCED]


def test_what_is_sure_without_the_second_model_is_not_asked_of_it() -> None:
    doubts = Heard(0.001, np.zeros(STATES, np.float32), 2.5)
    sure, unsure = Moment(0.99, WHOLE, heard=doubts), Moment(0.3, WHOLE, heard=doubts)
    pauses = Pauses(turns=12)
    assert is_sure(sure, pauses)
    assert wait_after(sure, pauses) == Weights.shipped().floor[Patience.BALANCED]
    assert not is_sure(unsure, Pauses())
    assert wait_after(unsure, Pauses()) > Weights.shipped().floor[Patience.BALANCED]


@pytest.mark.parametrize(
    "text",
    [
        "I went to the market because",
        "I went to the market and um",
        "I went to the market with my",
        "I went to the market ...",
    ],
)
def test_words_that_want_more_are_waited_for(text: str) -> None:
    assert wait(text) > 2 * wait(WHOLE)


def test_the_sound_counts_whatever_the_words_are() -> None:
    for text in (WHOLE, "I went to the", ""):
        odds = [log_odds(Moment(sound, text), Weights.shipped()) for sound in (0.1, 0.4, 0.9)]
        assert odds == sorted(odds)


def test_a_moment_without_any_sign_has_an_answer_too() -> None:
    low, high = Weights.shipped().floor, Weights.shipped().ceiling
    for patience, text, sound in itertools.product(Patience, ("", "...", "um", WHOLE), (None, 0.0, 1.0)):
        assert low[patience] <= wait(text, sound, patience=patience) <= high[patience]


@pytest.mark.parametrize("text", [WHOLE, "I like tea", "because"])
def test_more_patience_and_more_doubt_never_wait_less(text: str) -> None:
    waits = [wait(text, patience=one) for one in (Patience.QUICK, Patience.BALANCED, Patience.PATIENT)]
    assert waits == sorted(waits)
    assert wait_after(Moment(0.5, text, doubt=1.2), Pauses()) >= wait(text)
    assert level_doubt(Level.A1) > level_doubt(Level.B2)


def test_who_never_pauses_is_soon_answered_at_once_and_who_often_does_is_waited_for() -> None:
    moment = Moment(0.4, "I work in an office near the river.", doubt=0.4)
    usual = wait_after(moment, Pauses())
    assert wait_after(moment, Pauses(turns=4)) == Weights.shipped().floor[Patience.BALANCED] < usual
    assert wait_after(moment, Pauses([0.85] * 8, turns=2)) > usual
    assert Pauses([1.0] * 400, turns=1).habit == -Pauses(turns=400).habit


def test_a_learner_of_long_pauses_gets_longer_ones() -> None:
    moment = Moment(0.5, "I went to the market with")
    usual = wait_after(moment, Pauses())
    slow = wait_after(moment, Pauses([2.0] * 16, turns=10))
    assert slow > 1.3 * usual > wait_after(moment, Pauses([0.4] * 16, turns=10))
    assert wait_after(moment, Pauses([2.0], turns=1)) < 1.15 * usual


def test_a_pause_that_cannot_be_one_teaches_nothing() -> None:
    assert Pauses([-1.0, 0.0, 60.0]).count == 0


@pytest.mark.parametrize(
    "question",
    ["What's your name?", "Nice. Do you like tea?", "And where do you live?", "How many are there?"],
)
def test_questions_for_a_word_or_two(question: str) -> None:
    assert expects_short(question)
    answer = Moment(0.5, "Berlin.", short_expected=True)
    assert wait_after(answer, Pauses()) < wait("Berlin.")


@pytest.mark.parametrize(
    "question",
    ["Tell me about your day.", "What do you think about it?", "Why?", "Do you? Tell me more.", ""],
)
def test_questions_for_more(question: str) -> None:
    assert not expects_short(question)


def test_a_reply_of_one_word_is_whole() -> None:
    assert wait("Yes.") < wait("Market.")


class Stream:
    """A detector's stream that gives one probability."""

    def __init__(self) -> None:
        self.found: asyncio.Future[TurnDetectionEvent] = asyncio.get_running_loop().create_future()

    def predict(self) -> asyncio.Future[TurnDetectionEvent]:
        """What the session awaits."""
        return self.found

    async def unlikely_threshold(self, _: object) -> float:
        """The detector's own."""
        return 0.36


@pytest.mark.parametrize("decides", [True, False])
async def test_the_policy_is_asked_in_place_of_the_threshold(
    monkeypatch: pytest.MonkeyPatch, *, decides: bool
) -> None:
    inner = Stream()
    monkeypatch.setattr(inference.TurnDetector, "stream", lambda *_, **__: inner)
    asked: list[float | None] = []

    def decide(probability: float | None) -> bool:
        asked.append(probability)
        return decides

    stream = PolicyDetector(decide).stream()
    waited = stream.predict()
    inner.found.set_result(
        TurnDetectionEvent(type="eot_prediction", last_speaking_time=0.0, end_of_turn_probability=0.7)
    )
    await waited
    threshold = await stream.unlikely_threshold(None)
    assert asked == [0.7]
    assert threshold is not None
    assert (threshold > 1.0) is decides
