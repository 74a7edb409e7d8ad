"""The second end-of-turn model: its features, what of the learner it hears, and when it is waited for."""

import asyncio
import threading
from typing import Any, cast

import numpy as np
import pytest
from livekit import rtc
from livekit.agents import AgentStateChangedEvent, inference
from livekit.agents.voice.turn import TurnDetectionEvent

from agent import turn_detector
from agent.smart_turn import HEARS_S, RATE, STATES, Heard, Samples, SmartTurn, log_mels, shared
from agent.turn_detector import PolicyDetector
from agent.turn_tape import Tape
from infra.bench.recordings import clear_voices
from infra.bench.turns.audio import from_bench


def frame(samples: int, value: int = 1_000, rate: int = RATE) -> rtc.AudioFrame:
    return rtc.AudioFrame(np.full(samples, value, np.int16).tobytes(), rate, 1, samples)


def test_features_tell_a_tone_from_silence() -> None:
    times = np.arange(2 * RATE) / RATE
    seen = log_mels((0.3 * np.sin(2 * np.pi * 440 * times)).astype(np.float32))
    assert seen.shape == (80, 800)
    assert seen[:, :590].max() < seen[:, 610:790].max()
    band = int(seen[:, 700].argmax())
    assert 8 <= band <= 14
    assert not np.isnan(log_mels(np.zeros(0, np.float32))).any()


@pytest.mark.voice
def test_the_model_tells_an_end_from_the_middle_of_a_sentence() -> None:
    model = shared()
    assert model is not None
    whole = from_bench(clear_voices()[0].samples)
    quiet = np.zeros(RATE // 2, np.float32)
    end = model.hear(np.concatenate([quiet, whole, quiet[: RATE // 5]]), 0.2)
    middle = model.hear(np.concatenate([quiet, whole[: len(whole) // 2], quiet[: RATE // 5]]), 0.2)
    assert middle.probability < end.probability
    assert end.states.shape == (STATES,)
    assert end.lasted == pytest.approx(len(whole) / RATE, abs=0.01)
    assert not np.allclose(end.states, middle.states)


def test_a_model_that_is_not_installed_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert shared.__wrapped__() is None


def test_a_turn_is_heard_from_half_a_second_before_its_first_voice() -> None:
    tape = Tape()
    tape.push(frame(RATE, 1))
    tape.voice_began()
    tape.push(frame(RATE, 2))
    tape.voice_began()
    assert len(tape.turn()) == 1.5 * RATE
    tape.turn_ended()
    tape.voice_began()
    tape.push(frame(160, 3))
    assert len(tape.turn()) == RATE // 2 + 160


def test_a_voice_that_goes_on_after_a_turns_end_is_heard_from_there() -> None:
    tape = Tape()
    tape.voice_began()
    tape.push(frame(RATE))
    tape.turn_ended()
    tape.push(frame(320))
    assert len(tape.turn()) == 320


def test_an_endless_turn_keeps_its_last_seconds_only() -> None:
    tape = Tape()
    tape.voice_began()
    for _ in range(100 * 60):
        tape.push(frame(160))
    assert HEARS_S * RATE <= len(tape.turn()) < (HEARS_S + 0.1) * RATE


def test_sound_of_another_rate_is_brought_to_the_models() -> None:
    tape = Tape()
    tape.voice_began()
    for _ in range(100):
        tape.push(frame(480, rate=48_000))
    assert len(tape.turn()) == pytest.approx(RATE, rel=0.1)


class First:
    """The packaged model's stream, answering when it is told."""

    def __init__(self) -> None:
        self.found: asyncio.Future[TurnDetectionEvent] = asyncio.get_running_loop().create_future()

    def predict(self) -> asyncio.Future[TurnDetectionEvent]:
        return self.found

    def answer(self) -> None:
        self.found.set_result(
            TurnDetectionEvent(type="eot_prediction", last_speaking_time=0.0, end_of_turn_probability=0.7)
        )

    def cancel_inference(self, **_: Any) -> None:
        """Voice began."""

    def push_audio(self, _: rtc.AudioFrame) -> None:
        """Sound came."""


class Second:
    """A second model that answers, fails, or waits until it is let go."""

    def __init__(self, *, fails: bool = False, waits: bool = False) -> None:
        self.fails = fails
        self.heard: list[Samples] = []
        self.go = threading.Event()
        if not waits:
            self.go.set()

    def hear(self, samples: Samples, _: float) -> Heard:
        self.heard.append(samples)
        self.go.wait(10)
        if self.fails:
            raise RuntimeError("broken")
        return Heard(0.9, np.ones(STATES, np.float32), 1.0)


def detector(
    monkeypatch: pytest.MonkeyPatch, first: First, second: Second, *, sure: bool = False
) -> PolicyDetector:
    monkeypatch.setattr(inference.TurnDetector, "stream", lambda *_, **__: first)
    return PolicyDetector(lambda _: True, cast("SmartTurn", second), sure=lambda _: sure)


async def test_both_models_are_heard_before_the_policy_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = First(), Second()
    ears = detector(monkeypatch, first, second)
    assert ears.heard is None
    stream = ears.stream()
    stream.push_audio(frame(RATE))
    stream.cancel_inference()
    stream.push_audio(frame(RATE))
    asked = stream.predict()
    first.answer()
    assert (await asked).end_of_turn_probability == 0.7
    assert ears.heard is not None
    assert ears.heard.probability == 0.9
    assert [len(one) for one in second.heard] == [1.5 * RATE]
    ears.coach_changed(AgentStateChangedEvent(old_state="listening", new_state="speaking"))
    stream.cancel_inference()
    again = stream.predict()
    assert ears.heard is None
    await again
    assert [len(one) for one in second.heard] == [1.5 * RATE, RATE // 2]


@pytest.mark.parametrize("second", [{"fails": True}, {"waits": True}])
async def test_a_second_model_that_fails_or_is_slow_holds_nothing_up(
    monkeypatch: pytest.MonkeyPatch, second: dict[str, bool]
) -> None:
    monkeypatch.setattr(turn_detector, "SECOND_WITHIN_S", 0.05)
    first, slow = First(), Second(**second)
    ears = detector(monkeypatch, first, slow)
    asked = ears.stream().predict()
    first.answer()
    assert (await asked).end_of_turn_probability == 0.7
    assert ears.heard is None
    slow.go.set()


async def test_the_second_model_is_not_asked_where_the_first_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turn_detector, "SECOND_WITHIN_S", 60.0)
    first, second = First(), Second()
    ears = detector(monkeypatch, first, second, sure=True)
    asked = ears.stream().predict()
    first.answer()
    assert (await asked).end_of_turn_probability == 0.7
    assert ears.heard is None
    assert second.heard == []
