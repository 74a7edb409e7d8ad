"""A vendor fails in the middle of a call: the learner is told, an answer comes, the lesson goes on."""

import time
from functools import partial

from infra.bench.room_client import RoomClient
from tests.faults.conftest import Bench
from tests.support.faulty_vendor import Fault
from tests.support.lesson import Lesson, line, until

ANSWERED_BY = "avaaz.answered_by"
HEALED_WITHIN_S = 15.0
FAULTS = (Fault.STATUS_500, Fault.HANG_AFTER_FIRST_BYTE, Fault.GARBAGE)


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


async def answered_by_model(client: RoomClient) -> bool:
    """Whether the language model has the word again."""
    return await until(
        lambda: client.agent_attributes.get(ANSWERED_BY) == "language_model", limit=HEALED_WITHIN_S
    )


def more_captions(lesson: Lesson, than: int) -> bool:
    """Whether the coach has been captioned again."""
    return len(lesson.client.coach_captions()) > than


async def test_language_model_fails(bench: Bench, figures: list[str]) -> None:
    vendor = bench.vendors["llm"]
    async with bench.lesson() as lesson:
        await lesson.turn()
        for fault in FAULTS:
            seen = vendor.failed
            await vendor.set(fault)
            await heard_and_told(lesson, ("model_unavailable",), figures, f"LLM: {fault}")
            assert vendor.failed > seen
            await vendor.set(Fault.PASS)
            await lesson.turn()
            assert await answered_by_model(lesson.client), "the model is not asked again"
    assert await bench.check_record(lesson) >= 4 * len(FAULTS) + 2


async def test_voice_fails(bench: Bench, figures: list[str]) -> None:
    vendor = bench.vendors["tts"]
    async with bench.lesson() as lesson:
        await lesson.turn()
        for fault in FAULTS:
            seen = vendor.failed
            await vendor.set(fault)
            shown = partial(more_captions, lesson, len(lesson.client.coach_captions()))
            await heard_and_told(lesson, ("speech_unavailable",), figures, f"TTS: {fault}")
            assert vendor.failed > seen
            assert await until(shown, limit=10), "the answer is not even shown"
            await vendor.set(Fault.PASS)
            await lesson.recover()
    assert await bench.check_record(lesson) >= 4 * len(FAULTS) + 2


async def test_ear_fails(bench: Bench, figures: list[str]) -> None:
    vendor = bench.vendors["stt"]
    codes = ("hearing_unavailable",)
    async with bench.lesson() as lesson:
        await lesson.turn()
        for fault in FAULTS:
            await lesson.silence()
            since = time.monotonic()
            await vendor.set(fault)
            spoken = await lesson.say()
            told = await lesson.told(since, codes, limit=spoken.ended - since + 10.0)
            figures.append(line(f"STT: {fault}", told, later=spoken.ended - since))
            assert told.sound is not None, "no apology was heard"
            await lesson.typed_turn()
            await vendor.set(Fault.PASS)
            await lesson.recover()
        assert any(one.code in codes for one in lesson.client.received.notices), "typing was not offered"
    assert await bench.check_record(lesson) >= 5 * len(FAULTS)
