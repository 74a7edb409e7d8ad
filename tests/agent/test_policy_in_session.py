"""A real session, with the real detector, waits in a pause as the policy says."""

from pathlib import Path

import pytest

from agent import turn_detector
from agent.endpointing import Moment, Pauses, wait_after
from agent.smart_turn import Heard
from infra.bench.recordings import clear_voices
from tests.agent.fakes import ScriptedLLM, ScriptedTTS
from tests.agent.headless import ScriptedSTT, talk

TEXT = "My name is Anna and I live in Berlin."


@pytest.mark.voice
async def test_the_session_waits_as_the_policy_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # However busy the machine is.
    monkeypatch.setattr(turn_detector, "SECOND_WITHIN_S", 5.0)
    monkeypatch.setattr(turn_detector._PolicyStream, "prediction_timeout", 10.0)
    ear = ScriptedSTT()
    async with talk(tmp_path, ear=ear, model=ScriptedLLM("Good."), voice=ScriptedTTS()) as running:
        asked: list[tuple[float | None, Heard | None, float]] = []
        decide = running.floor.fell_silent

        def fell_silent(probability: float | None) -> bool:
            decided = decide(probability)
            asked.append((probability, running.detector.heard, running.floor.in_force.max_delay))
            return decided

        running.floor.fell_silent = fell_silent  # type: ignore[method-assign]
        await running.say(0)
        ear.hear(TEXT, final=True)
        (turn, *_) = await running.turns(1)
    probability, heard, wait = asked[-1]
    assert turn.text == TEXT
    assert probability is not None
    assert heard is not None
    assert heard.lasted == pytest.approx(clear_voices()[0].word_ends[-1], abs=0.4)
    assert wait == wait_after(Moment(probability, TEXT, heard=heard), Pauses())
