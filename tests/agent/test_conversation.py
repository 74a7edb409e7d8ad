"""Whole turns with the real session, voice detection and end-of-turn model; recognizer and voice are
scripted."""

import asyncio
from pathlib import Path

import pytest
from livekit.agents import tts

from agent.apologies import Apologies, ApologyTTS
from agent.guards import GuardedLLM, GuardedTTS
from agent.guided import Guided
from agent.providers import build_llm, build_tts
from agent.tutor import GUIDED
from api.contract.calls import InputKind, Role
from api.contract.levels import Level
from tests.agent.fakes import FAIL, HANG, ScriptedLLM, ScriptedTTS, tone
from tests.agent.headless import ScriptedSTT, talk, until

LONG = [
    f"This is sentence number {number} of a long answer. "
    for number in ["one", "two", "three", "four", "five", "six"]
]


def voice(script: list[str] | None = None, seconds: float = 0.4) -> tts.TTS[str]:
    return build_tts(tts.FallbackAdapter([ScriptedTTS(script or [], seconds=seconds)], max_retry_per_tts=0))


async def test_the_answer_starts_from_a_stable_partial_and_is_kept_when_it_was_right(tmp_path: Path) -> None:
    ear, model = ScriptedSTT(), ScriptedLLM("That is nice. Why?")
    async with talk(tmp_path, ear=ear, model=model, voice=voice()) as running:
        await running.say(after=0.08)
        ear.hear("I like coffee with milk", final=False)
        await until(lambda: len(model.heard) == 1)
        assert running.session.agent_state == "listening", "the turn is still the learner's"
        ear.hear("I like coffee with milk.", final=True)
        learner, coach = await running.turns(2)
    assert model.heard == ["I like coffee with milk"], "asked once, before the final text was there"
    assert (learner.role, learner.text) == (Role.LEARNER, "I like coffee with milk")
    assert (coach.role, coach.text) == (Role.COACH, "That is nice. Why?")
    assert [learner.position, coach.position] == [0, 1]


async def test_a_wrong_guess_is_thrown_away_and_leaves_no_trace(tmp_path: Path) -> None:
    ear, model = ScriptedSTT(), ScriptedLLM("I see. And then?")
    async with talk(tmp_path, ear=ear, model=model, voice=voice()) as running:
        await running.say(after=0.08)
        ear.hear("I went to", final=False)
        await until(lambda: len(model.heard) == 1)
        ear.hear("I went to the park.", final=True)
        learner, _coach = await running.turns(2)
        history = [message.text_content for message in running.session.history.messages()]
    assert model.heard == ["I went to", "I went to the park."]
    assert learner.text == "I went to the park."
    assert [text for text in history if text] == ["I went to the park.", "I see. And then?"]


async def test_an_interrupted_answer_is_kept_as_it_was_heard(tmp_path: Path) -> None:
    ear, model = ScriptedSTT(), ScriptedLLM(*LONG)
    async with talk(tmp_path, ear=ear, model=model, voice=voice(seconds=2.0)) as running:
        await running.say(after=0.1)
        ear.hear("Tell me everything.", final=True)
        await running.state("speaking")
        await asyncio.sleep(2.0)
        await running.say(1)
        ear.hear("Wait, I have a question.", final=True)
        turns = await running.turns(3)
    whole = "".join(LONG)
    coach = next(turn for turn in turns if turn.role is Role.COACH)
    assert coach.interrupted
    assert whole.startswith(coach.text)
    assert 0 < len(coach.text) < len(whole) / 2


@pytest.mark.parametrize("heard", [None, "Mm-hm."])
async def test_a_cough_or_a_nod_pauses_the_coach_and_does_not_end_its_answer(
    tmp_path: Path, heard: str | None
) -> None:
    ear, model = ScriptedSTT(), ScriptedLLM(*LONG[:2])
    async with talk(tmp_path, ear=ear, model=model, voice=voice(seconds=3.0)) as running:
        await running.say(after=0.1)
        ear.hear("Tell me everything.", final=True)
        await running.state("speaking")
        await asyncio.sleep(0.3)
        await running.say(1)
        assert running.loudspeaker.pauses == 1
        if heard:
            ear.hear(heard, final=True)
        await until(lambda: running.events == ["resumed=True"])
        _, coach = await running.turns(2)
    assert not coach.interrupted
    assert coach.text == "".join(LONG[:2]).strip()
    assert len(model.heard) == 1


@pytest.mark.parametrize("trouble", [FAIL, HANG])
async def test_guided_answers_when_the_model_does_not(tmp_path: Path, trouble: str) -> None:
    model = GuardedLLM(ScriptedLLM(trouble), first_token=0.3, stall=0.3)
    chain = build_llm([model], Guided(level=Level.A2))
    ear = ScriptedSTT()
    async with talk(tmp_path, ear=ear, model=chain, voice=voice()) as running:
        await running.say(after=0.1)
        ear.hear("I like coffee.", final=True)
        _, coach = await running.turns(2)
    assert coach.llm == GUIDED
    assert coach.prompt_hash == "guided-hash"


async def test_a_lost_voice_is_apologised_for_and_the_answer_is_still_kept(tmp_path: Path) -> None:
    apologies = Apologies(tmp_path / "apologies", voice="joe")
    apologies._write("speech_unavailable", tone(1.0, level=12_345))
    primary = GuardedTTS(ScriptedTTS([FAIL] * 20), first_byte=0.3, stall=0.3)
    chain = tts.FallbackAdapter([primary, ApologyTTS(apologies)], max_retry_per_tts=0)
    ear = ScriptedSTT()
    async with talk(
        tmp_path, ear=ear, model=ScriptedLLM("Good idea. Why?"), voice=build_tts(chain)
    ) as running:
        await running.say(after=0.1)
        ear.hear("I like coffee.", final=True)
        _, coach = await running.turns(2)
        heard = b"".join(running.loudspeaker.samples)
    assert coach.text == "Good idea. Why?"
    assert tone(1.0, level=12_345)[2_000:6_000] in heard
    await chain.aclose()


async def test_a_typed_message_is_a_turn_of_its_own_kind(tmp_path: Path) -> None:
    model = ScriptedLLM("Thank you for writing.")
    async with talk(tmp_path, ear=ScriptedSTT(), model=model, voice=voice()) as running:
        running.recorder.typed("I cannot speak now.")
        running.session.generate_reply(user_input="I cannot speak now.")
        learner, coach = await running.turns(2)
    assert (learner.text, learner.input_kind) == ("I cannot speak now.", InputKind.TEXT)
    assert coach.input_kind is InputKind.VOICE
    assert model.heard == ["I cannot speak now."]


async def test_a_silent_recognizer_is_given_another_connection(tmp_path: Path) -> None:
    ear = ScriptedSTT()
    async with talk(tmp_path, ear=ear, model=ScriptedLLM("Fine."), voice=voice()) as running:
        await running.say()
        running.tutor.reconnect_hearing()
        await until(lambda: len(ear.streams) == 2)
        await running.say(after=0.1)
        ear.hear("Can you hear me now?", final=True)
        learner, _ = await running.turns(2)
    assert learner.text == "Can you hear me now?"
