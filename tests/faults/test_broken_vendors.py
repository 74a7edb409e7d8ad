"""A vendor fails in the middle of a call: the learner is told, an answer comes, the lesson goes on."""

import time
from collections.abc import AsyncIterator
from functools import partial

import pytest
import pytest_asyncio

from infra.bench.room_client import RoomClient
from tests.faults.conftest import Bench
from tests.support.faulty_vendor import Fault
from tests.support.lesson import Lesson, line, until

ANSWERED_BY = "avaaz.answered_by"
HEALED_WITHIN_S = 15.0
STILL_SHOWN_S = 25.0
"""A notice that came so long ago is still on the screen, and is not repeated."""
FAULTS = (Fault.STATUS_500, Fault.HANG_AFTER_FIRST_BYTE, Fault.GARBAGE)


@pytest_asyncio.fixture(scope="module")
async def lesson(bench: Bench) -> AsyncIterator[Lesson]:
    """One call in which each vendor fails in turn."""
    async with bench.lesson() as lesson:
        await lesson.turn()
        yield lesson


async def heard_and_told(lesson: Lesson, codes: tuple[str, ...], figures: list[str], name: str) -> None:
    """Speaks while the fault is on; what is said aloud and shown must come, and say so in plain words."""
    await lesson.silence()
    before = time.monotonic()
    spoken = await lesson.say()
    told = await lesson.told(spoken.ended, codes, noticed_since=before - STILL_SHOWN_S)
    figures.append(line(name, told))
    assert told.sound is not None, f"{name}: neither answer nor apology was heard"
    assert told.notice is not None, f"{name}: the learner was not told"
    shown = [one for one in lesson.client.received.notices if one.code in codes]
    assert all(len(one.text.split()) > 4 for one in shown)


async def answered_by_model(client: RoomClient) -> bool:
    """Whether the language model has the word again."""
    return await until(
        lambda: client.agent_attributes.get(ANSWERED_BY) == "language_model", limit=HEALED_WITHIN_S
    )


def more_captions(lesson: Lesson, than: int) -> bool:
    """Whether the coach has been captioned again."""
    return len(lesson.client.coach_captions()) > than


async def language_model_fails(bench: Bench, lesson: Lesson, fault: Fault, figures: list[str]) -> None:
    vendor = bench.vendors["llm"]
    await lesson.silence()
    seen = vendor.failed
    await vendor.set(fault)
    await heard_and_told(lesson, ("model_unavailable",), figures, f"LLM: {fault}")
    assert vendor.failed > seen
    await vendor.set(Fault.PASS)
    await lesson.turn()
    assert await answered_by_model(lesson.client), "the model is not asked again"


async def voice_fails(bench: Bench, lesson: Lesson, fault: Fault, figures: list[str]) -> None:
    vendor = bench.vendors["tts"]
    await lesson.silence()
    seen = vendor.failed
    await vendor.set(fault)
    shown = partial(more_captions, lesson, len(lesson.client.coach_captions()))
    await heard_and_told(lesson, ("speech_unavailable",), figures, f"TTS: {fault}")
    assert vendor.failed > seen
    assert await until(shown, limit=10), "the answer is not even shown"
    await vendor.set(Fault.PASS)
    await lesson.recover()


async def ear_fails(bench: Bench, lesson: Lesson, fault: Fault, figures: list[str]) -> None:
    vendor = bench.vendors["stt"]
    codes = ("hearing_unavailable",)
    await lesson.silence()
    since = time.monotonic()
    await vendor.set(fault)
    spoken = await lesson.say()
    told = await lesson.told(
        since, codes, noticed_since=since - STILL_SHOWN_S, limit=spoken.ended - since + 10.0
    )
    figures.append(line(f"STT: {fault}", told, later=spoken.ended - since))
    assert told.sound is not None, "no apology was heard"
    await lesson.typed_turn()
    await vendor.set(Fault.PASS)
    await lesson.recover()


@pytest.mark.parametrize("fault", FAULTS)
async def test_each_vendor_fails(bench: Bench, lesson: Lesson, fault: Fault, figures: list[str]) -> None:
    """One after the other, so that what was said of one is not left out because it was said just before."""
    before = len(bench.keeper.committed(lesson.room))
    await language_model_fails(bench, lesson, fault, figures)
    await voice_fails(bench, lesson, fault, figures)
    await ear_fails(bench, lesson, fault, figures)
    assert await bench.check_record(lesson) >= before + 4 + 4 + 4


async def test_typing_was_offered(lesson: Lesson) -> None:
    """While the learner could not be heard."""
    assert any(one.code == "hearing_unavailable" for one in lesson.client.received.notices)
