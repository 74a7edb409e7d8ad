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
STORY = "A long story about a town by the river."


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


async def interrupted(call: SyntheticCall, utterance: Utterance) -> BargeIns:
    """One interruption of a coach that has begun to speak and would go on for 20 s."""
    found = BargeIns()
    since = time.monotonic()
    call.speaking_until = since + 20.0
    await barge_in(call, [(utterance, 0.4)], found, lambda: None, since=since, long_answer=STORY)
    return found


async def test_barge_in_is_the_time_until_the_coach_is_silent(utterance: Utterance) -> None:
    async with SyntheticCall() as call:
        call.captioned("A long")
        call.stops_after_s = 0.25
        found = await interrupted(call, utterance)
    assert found.stopped_s == pytest.approx(call.true_stops, abs=PRECISION_S)
    assert (found.counted, found.missed, found.told_nothing) == (1, 0, 0)


async def test_coach_that_talks_on_was_missed(utterance: Utterance) -> None:
    async with SyntheticCall() as call:
        call.captioned("A long")
        found = await interrupted(call, utterance)
    assert (found.stopped_s, found.missed, found.told_nothing) == ([], 1, 0)


async def test_silence_before_the_coach_listens_is_a_pause_between_words(utterance: Utterance) -> None:
    async with SyntheticCall() as call:
        call.captioned("A long")
        call.stops_after_s = 0.25
        call.received.states.append((time.monotonic() + 10.0, "listening"))
        found = await interrupted(call, utterance)
    assert (found.stopped_s, found.missed, found.told_nothing) == ([], 0, 1)


@pytest.mark.parametrize("said", [STORY, "Sorry, I did not catch that."])
async def test_anything_but_a_long_answer_under_way_tells_nothing(
    utterance: Utterance, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.bench.measures.ANSWER_WITHIN_S", 0.5)
    async with SyntheticCall() as call:
        call.captioned(said)
        call.stops_after_s = 0.25
        found = await interrupted(call, utterance)
    assert (found.stopped_s, found.missed, found.told_nothing) == ([], 0, 1)


async def test_cough_that_changes_nothing_is_no_pause() -> None:
    async with SyntheticCall() as call:
        call.captioned("A long story")
        call.speaking_until = time.monotonic() + 10.0
        await asyncio.sleep(0.3)
        reactions = Reactions()
        goes_on = await backchannel(call, speech(0.3), reactions)
    assert goes_on
    assert reactions == Reactions(played=1, never_paused=1)


async def test_pause_after_a_cough_lasts_until_the_same_answer_goes_on() -> None:
    async with SyntheticCall(answer_after_s=0.6) as call:
        call.captioned("A long story")
        call.stops_after_s = 0.1
        call.speaking_until = time.monotonic() + 10.0
        await asyncio.sleep(0.3)
        reactions = Reactions()
        goes_on = await backchannel(call, speech(0.3), reactions)
    assert goes_on
    assert reactions.resumed_s == pytest.approx(call.true_delays, abs=PRECISION_S)
    assert (reactions.played, reactions.never_paused, reactions.never_resumed) == (1, 0, 0)


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
        assert not await noise
    assert reactions == Reactions(played=1, never_resumed=1)


async def test_next_turn_waits_for_a_coach_that_listens() -> None:
    class Thinking(SyntheticCall):
        @property
        def agent_state(self) -> str:
            """The coach has fallen silent and has more to say."""
            return "thinking"

    async with Thinking() as thinking:
        assert not await thinking.listened_to(0.05, limit=0.3)
    async with SyntheticCall() as waiting:
        assert await waiting.listened_to(0.05, limit=5.0)
