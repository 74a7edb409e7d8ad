"""Limits around providers: what hangs, fails or sends nonsense gives way to the next, and is never half
heard."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from livekit.agents import APIConnectionError, APIConnectOptions, APITimeoutError, llm, tts

from agent.apologies import Apologies, ApologyTTS, phrase
from agent.guards import LABEL_END, GuardedLLM, GuardedTTS, is_language
from agent.sentences import EagerSentences, SentenceSplitter
from agent.voice import Voice
from tests.agent.fakes import FAIL, HANG, ScriptedLLM, ScriptedTTS, answer_of, tone


def guarded(*pieces: str) -> GuardedLLM:
    return GuardedLLM(ScriptedLLM(*pieces), first_token=0.1, stall=0.1)


async def test_an_answer_passes_whole() -> None:
    assert "".join(await answer_of(guarded("That is ", "nice. And", " you?"))) == "That is nice. And you?"


async def test_the_first_sentence_is_passed_on_before_the_second_is_there() -> None:
    pieces = await answer_of(guarded("That is nice.", " And where", HANG))
    assert pieces == ["That is nice."]


@pytest.mark.parametrize(
    "pieces", [(HANG,), (FAIL,), ("That is", HANG), ("That is", FAIL), (), ("\x00\x01\x02 \x03.",)]
)
async def test_the_next_model_answers_instead(pieces: tuple[str, ...]) -> None:
    chain = llm.FallbackAdapter([guarded(*pieces), ScriptedLLM("Let us go on.")], max_retry_per_llm=0)
    assert "".join(await answer_of(chain)) == "Let us go on."


async def test_a_model_that_hangs_later_is_heard_to_its_last_whole_sentence() -> None:
    model = guarded("I like tea too. What do", HANG)
    told: list[str] = []
    model.on("answer_cut", lambda: told.append("cut"))
    chain = llm.FallbackAdapter([model, ScriptedLLM("No.")], max_retry_per_llm=0)
    assert "".join(await answer_of(chain)) == "I like tea too."
    assert told == ["cut"]


async def test_an_endless_answer_is_cut() -> None:
    text = "".join(await answer_of(guarded(*["This goes on and on. "] * 500)))
    assert len(text) < 2_000
    assert text.endswith(".")


async def test_chunks_tell_which_model_answered() -> None:
    async with guarded("Well said.").chat(chat_ctx=llm.ChatContext.empty()) as stream:
        ids = [chunk.id async for chunk in stream if chunk.delta]
    assert ids == [f"test/scripted{LABEL_END}chunk"]


@pytest.mark.parametrize("text", ["<|\\x93|>#$%^&*{}[]", "\x07ding", "....", "{}()[]<>"])
def test_what_is_not_language(text: str) -> None:
    assert not is_language(text)


def voice_of(script: list[str], tmp_path: Path, *, limit: float = 0.2) -> tuple[Voice, ApologyTTS]:
    apologies = Apologies(tmp_path, voice="joe")
    apologies._write("speech_unavailable", tone(1.0))
    last = ApologyTTS(apologies)
    primary = GuardedTTS(ScriptedTTS(script), first_byte=limit, stall=limit)
    return Voice([primary, last]), last


async def spoken_seconds(voice: tts.TTS[Any], text: str) -> float:
    async with voice.synthesize(text) as stream:
        return sum([audio.frame.duration async for audio in stream])


async def test_a_working_voice_is_used(tmp_path: Path) -> None:
    voice, _ = voice_of([], tmp_path, limit=10.0)  # a busy machine must not make it fall back
    assert await spoken_seconds(voice, "Good day.") == pytest.approx(0.4, abs=0.06)


@pytest.mark.parametrize("trouble", [FAIL, HANG, "noise"])
async def test_the_apology_is_spoken_when_the_voice_fails(trouble: str, tmp_path: Path) -> None:
    voice, last = voice_of([trouble] * 9, tmp_path)
    told: list[bool] = []
    voice.on("tts_availability_changed", lambda event: told.append(event.available))
    assert await spoken_seconds(voice, "Good day.") == pytest.approx(1.0, abs=0.06)
    last.heard()
    assert await spoken_seconds(voice, "How are you?") == pytest.approx(0.5, abs=0.06), (
        "then silence, with captions"
    )
    assert told == [False]
    await voice.aclose()


async def test_an_apology_that_was_thrown_away_is_said_again(tmp_path: Path) -> None:
    voice, _ = voice_of([FAIL] * 9, tmp_path)
    assert await spoken_seconds(voice, "Early guess.") == pytest.approx(1.0, abs=0.06)
    assert await spoken_seconds(voice, "Good day.") == pytest.approx(1.0, abs=0.06)
    await voice.aclose()


async def test_a_voice_that_works_again_has_the_next_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.voice.PAUSES_S", (0.02,))
    voice, last = voice_of([FAIL, FAIL, HANG, "noise"], tmp_path)
    back = asyncio.Event()
    voice.on("tts_availability_changed", lambda event: back.set() if event.available else None)
    assert await spoken_seconds(voice, "Good day.") == pytest.approx(1.0, abs=0.06)
    last.heard()
    async with asyncio.timeout(20):
        await back.wait()  # nobody asks the voice for anything meanwhile
    assert await spoken_seconds(voice, "How are you?") == pytest.approx(0.4, abs=0.06)
    await voice.aclose()


async def test_a_voice_that_is_closed_is_not_asked_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.voice.PAUSES_S", (0.01,))
    voice, _ = voice_of([FAIL] * 1_000, tmp_path)
    await spoken_seconds(voice, "Good day.")
    await voice.aclose()
    assert all(probe.done() for probe in voice._probes.values())


async def test_a_voice_that_stops_in_the_middle_does_not_hang_the_answer(tmp_path: Path) -> None:
    voice, _ = voice_of(["stop"], tmp_path)
    assert 0 < await spoken_seconds(voice, "Good day.") <= 0.5


async def test_limits_are_errors_that_the_chain_understands() -> None:
    primary = GuardedTTS(ScriptedTTS([HANG]), first_byte=0.05, stall=0.05)
    stream = primary.synthesize("Good day.", conn_options=APIConnectOptions(max_retry=0))
    with pytest.raises((APITimeoutError, APIConnectionError)):
        await stream.collect()


def test_without_any_sound_on_disk_there_is_still_a_sign(tmp_path: Path) -> None:
    assert len(Apologies(tmp_path, voice="joe").sound("went_wrong")) > 10_000
    assert phrase("went_wrong")


@pytest.mark.parametrize(
    ("pieces", "sentences"),
    [
        (["Good day. How", " are you?"], ["Good day.", " How are you?"]),
        (["It costs 3", ".", "50 euros. Fine."], ["It costs 3.50 euros.", " Fine."]),
        (["Mr. Brown came. Oh! Really?"], ["Mr. Brown came.", " Oh! Really?"]),
        (["He said “Go away.” Then he left"], ["He said “Go away.”", " Then he left"]),
    ],
)
def test_sentences_come_with_their_last_mark_and_lose_nothing(
    pieces: list[str], sentences: list[str]
) -> None:
    splitter = SentenceSplitter()
    found = [sentence for piece in pieces for sentence in splitter.push(piece)]
    rest = splitter.flush()
    assert [*found, *([rest] if rest else [])] == sentences
    assert EagerSentences().tokenize("".join(pieces)) == sentences
