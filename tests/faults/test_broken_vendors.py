"""A vendor fails in the middle of a call: the learner is told, an answer comes, the lesson goes on."""

import asyncio
import time
from functools import partial

import pytest

from infra.bench.room_client import RoomClient
from tests.faults.conftest import Bench
from tests.support.faulty_vendor import Fault
from tests.support.lesson import Lesson, Told, until

ANSWERED_BY = "avaaz.answered_by"
HEALED_WITHIN_S = 15.0


async def heard_and_told(lesson: Lesson, codes: tuple[str, ...], figures: list[str], name: str) -> None:
    """Speaks while the fault is on; what is said aloud and shown must come, and say so in plain words."""
    before = time.monotonic()
    spoken = await lesson.say()
    told = await lesson.told(spoken.ended, codes)
    earlier = [one for one in lesson.client.received.notices if one.code in codes and one.at >= before - 25.0]
    figures.append(line(name, told))
    assert told.sound is not None, f"{name}: neither answer nor apology was heard"
    assert earlier, f"{name}: the learner was not told"
    assert all(len(one.text.split()) > 4 for one in earlier)


def line(name: str, told: Told) -> str:
    """One line of the summary."""
    sound = "-" if told.sound is None else f"{told.sound:5.2f} s"
    notice = "shown before" if told.notice is None else f"{told.notice:5.2f} s ({told.code})"
    return f"{name:<42} first sound after speech {sound}   notice {notice}"


async def answered_by_model(client: RoomClient) -> bool:
    """Whether the language model has the word again."""
    return await until(
        lambda: client.agent_attributes.get(ANSWERED_BY) == "language_model", limit=HEALED_WITHIN_S
    )


def more_captions(lesson: Lesson, than: int) -> bool:
    """Whether the coach has been captioned again."""
    return len(lesson.client.coach_captions()) > than


async def test_language_model_fails(bench: Bench, figures: list[str]) -> None:
    faults = [
        Fault.STATUS_500,
        Fault.HANG_SILENT,
        Fault.HANG_AFTER_FIRST_BYTE,
        Fault.HANG_IN_THE_MIDDLE,
        Fault.GARBAGE,
        Fault.CLOSE,
    ]
    async with bench.lesson() as lesson:
        await lesson.turn()
        for fault in faults:
            seen = bench.vendors["llm"].failed
            await bench.vendors["llm"].set(fault)
            await heard_and_told(lesson, ("model_unavailable",), figures, f"LLM: {fault}")
            assert bench.vendors["llm"].failed > seen
            await bench.vendors["llm"].set(Fault.PASS)
            await lesson.turn()
            assert await answered_by_model(lesson.client), "the model is not asked again"
    assert await bench.check_record(lesson) >= 2 * len(faults) * 2


async def test_voice_fails(bench: Bench, figures: list[str]) -> None:
    faults = [
        Fault.STATUS_500,
        Fault.HANG_SILENT,
        Fault.HANG_AFTER_FIRST_BYTE,
        Fault.HANG_IN_THE_MIDDLE,
        Fault.GARBAGE,
        Fault.CLOSE,
    ]
    async with bench.lesson() as lesson:
        await lesson.turn()
        for fault in faults:
            seen = bench.vendors["tts"].failed
            await bench.vendors["tts"].set(fault)
            answers = partial(more_captions, lesson, len(lesson.client.coach_captions()))
            await heard_and_told(lesson, ("speech_unavailable",), figures, f"TTS: {fault}")
            assert bench.vendors["tts"].failed > seen
            assert await until(answers, limit=10), "the answer is not even shown"
            await bench.vendors["tts"].set(Fault.PASS)
            await lesson.turn()
    assert await bench.check_record(lesson) >= 2 * len(faults) * 2


@pytest.mark.parametrize(
    "fault",
    [Fault.STATUS_500, Fault.HANG_SILENT, Fault.HANG_AFTER_FIRST_BYTE, Fault.GARBAGE, Fault.CLOSE],
)
async def test_ear_fails(bench: Bench, figures: list[str], fault: Fault) -> None:
    async with bench.lesson() as lesson:
        await lesson.turn()
        since = time.monotonic()
        await bench.vendors["stt"].set(fault)
        spoken = await lesson.say()
        told = await lesson.told(since, ("hearing_unavailable",), limit=spoken.ended - since + 10.0)
        figures.append(line(f"STT: {fault} (from the fault on)", told))
        assert told.sound is not None, "no apology was heard"
        await lesson.typed_turn()
        if told.notice is None:
            await lesson.say()
            again = await lesson.told(since, ("hearing_unavailable",), limit=10.0)
            assert again.notice is not None, "the learner was not told that typing works"
        await bench.vendors["stt"].set(Fault.PASS)
        await asyncio.sleep(2.0)
        await lesson.turn()
    assert await bench.check_record(lesson) >= 5
