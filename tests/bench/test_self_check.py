"""The measure against a coach whose true delays are known: what is reported is what happened, to 30 ms."""

import asyncio
import time

import numpy as np
import pytest

from infra.bench.audio import RATE, Samples
from infra.bench.figures import sum_up_turns
from infra.bench.measures import BargeIns, CallFigures, Reactions, backchannel, barge_in, converse
from infra.bench.recordings import Utterance
from tests.bench.synthetic import SyntheticCall

PRECISION_S = 0.03


def speech(length_s: float) -> Samples:
    rng = np.random.default_rng(5)
    samples: Samples = rng.normal(0, 0.2, int(RATE * length_s)).astype(np.float32)
    return samples


@pytest.fixture
def utterance() -> Utterance:
    return Utterance("noise", "one two", speech(1.5), (0.7, 1.5))


@pytest.mark.parametrize("delay_s", [0.3, 0.65, 1.4])
async def test_reports_the_true_delay(utterance: Utterance, delay_s: float) -> None:
    async with SyntheticCall(answer_after_s=delay_s) as call:
        figures = CallFigures()
        await converse(call, [utterance, utterance], figures, lambda: None)
    measured = [turn.latency_s for turn in figures.turns]
    assert len(measured) == len(call.true_delays) == 2
    for found, true in zip(measured, call.true_delays, strict=True):
        assert found == pytest.approx(true, abs=PRECISION_S)


async def test_answer_before_the_end_is_early_and_not_averaged(utterance: Utterance) -> None:
    async with SyntheticCall(cut_in_after_s=0.4) as call:
        figures = CallFigures()
        await converse(call, [utterance], figures, lambda: None)
    summed = sum_up_turns(figures.turns, calls=1, waited_maximum_delay=0)
    assert (summed.early, summed.unanswered, summed.n, summed.p50) == (1, 0, 0, None)


async def test_missing_answer_is_counted(utterance: Utterance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.bench.measures.ANSWER_WITHIN_S", 0.5)
    async with SyntheticCall() as call:
        figures = CallFigures()
        await converse(call, [utterance], figures, lambda: None)
    summed = sum_up_turns(figures.turns, calls=1, waited_maximum_delay=0)
    assert (summed.early, summed.unanswered, summed.n) == (0, 1, 0)


async def test_barge_in_is_the_time_until_the_coach_is_silent(utterance: Utterance) -> None:
    async with SyntheticCall() as call:
        call.stops_after_s = 0.25
        found = BargeIns()
        since = time.monotonic()
        call.speaking_until = since + 20.0
        await barge_in(call, [utterance], found, lambda: None, since=since)
    assert found.stopped_s == pytest.approx(call.true_stops, abs=PRECISION_S)
    assert (len(found.stopped_s), found.not_stopped, found.not_speaking) == (1, 0, 0)


async def test_coach_that_talks_on_was_not_stopped(utterance: Utterance) -> None:
    async with SyntheticCall() as call:
        found = BargeIns()
        since = time.monotonic()
        call.speaking_until = since + 20.0
        await barge_in(call, [utterance], found, lambda: None, since=since)
    assert (found.stopped_s, found.not_stopped) == ([], 1)


async def test_cough_that_changes_nothing_goes_on_at_once() -> None:
    async with SyntheticCall() as call:
        call.captioned("A long story")
        call.speaking_until = time.monotonic() + 10.0
        await asyncio.sleep(0.3)
        reactions = Reactions()
        await backchannel(call, speech(0.3), reactions)
    assert (reactions.played, reactions.paused, reactions.goes_on_s) == (1, 0, [0.0])


async def test_new_answer_after_a_cough_is_not_going_on() -> None:
    async with SyntheticCall(answer_after_s=1.0) as call:
        call.captioned("A long story")
        call.stops_after_s = 0.1
        call.speaking_until = time.monotonic() + 10.0
        await asyncio.sleep(0.3)
        reactions = Reactions()
        noise = asyncio.create_task(backchannel(call, speech(0.3), reactions))
        await asyncio.sleep(1.5)
        call.captioned("What did you say?", segment="two")
        await noise
    assert (reactions.played, reactions.paused, reactions.goes_on_s) == (1, 1, [])
