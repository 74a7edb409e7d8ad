"""A real session, with the real detector, waits in a pause as the policy says."""

from pathlib import Path

import pytest

from agent.endpointing import Moment, Pauses, wait_after
from tests.agent.fakes import ScriptedLLM, ScriptedTTS
from tests.agent.headless import ScriptedSTT, talk

TEXT = "My name is Anna and I live in Berlin."


@pytest.mark.voice
async def test_the_session_waits_as_the_policy_says(tmp_path: Path) -> None:
    ear = ScriptedSTT()
    async with talk(tmp_path, ear=ear, model=ScriptedLLM("Good."), voice=ScriptedTTS()) as running:
        asked: list[tuple[float | None, float]] = []
        decide = running.floor.fell_silent

        def fell_silent(probability: float | None) -> bool:
            decided = decide(probability)
            asked.append((probability, running.floor.in_force.max_delay))
            return decided

        running.floor.fell_silent = fell_silent  # type: ignore[method-assign]
        await running.say(0)
        ear.hear(TEXT, final=True)
        (turn, *_) = await running.turns(1)
    probability, wait = asked[-1]
    assert turn.text == TEXT
    assert probability is not None
    assert wait == wait_after(Moment(probability, TEXT), Pauses())
