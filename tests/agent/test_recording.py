"""A recorded conversation: a turn is found in the recording at its time; what is not wanted is nowhere."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from agent.outbox import SoundBox
from agent.recording import CallRecording
from agent.tape import Tape
from api.contract.calls import Role, TurnRecord
from api.contract.sound import Sound, pack, unpack_segment
from api.recordings.joining import join
from infra.bench.recordings import clear_voices
from tests.agent.fakes import ScriptedLLM, ScriptedTTS
from tests.agent.headless import RATE, ScriptedSTT, Talk, talk, until
from tests.support.opus import first_tone, heard, sine

FOUND_WITHIN_S = 0.15
HEARD_WITHIN_S = 0.6
"""The detector dates speech by when it looks at it, which on a busy machine is late."""
MARK_S = 0.04
COACH_HZ = 220.0


def marked_speech() -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """A sentence whose first sound is a beep of 1 kHz."""
    samples = (np.asarray(clear_voices()[0].samples) * 32_767).astype(np.int16)
    onset = int(np.argmax(np.abs(samples) > 1_500))
    mark = sine(MARK_S, 1_000.0, RATE, level=14_000)
    samples[onset : onset + mark.size] = mark
    return samples


def whole(box: SoundBox) -> Sound:
    return join(unpack_segment(path.read_bytes()) for _, path in box.waiting())


def place(record: TurnRecord, recorded: Sound) -> float:
    """Where the recording should have the turn, in seconds."""
    return (record.started_at - recorded.started_at).total_seconds()


async def converse(running: Talk) -> None:
    """The learner says something marked, and the coach answers to the end."""
    await asyncio.sleep(1.5)  # the microphone begins with half a second at once
    running.microphone.speak(marked_speech())
    await until(lambda: running.microphone.silent)
    assert isinstance(running.session.stt, ScriptedSTT)
    running.session.stt.hear("I went to the market.", final=True)
    await running.turns(2)


@pytest.mark.voice
async def test_turns_are_found_in_the_recording_at_their_time(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    ear, voice = ScriptedSTT(), ScriptedTTS(seconds=1.0)
    box = SoundBox.of_job(tmp_path, "job-1")
    async with talk(tmp_path, ear=ear, model=ScriptedLLM("Good."), voice=voice) as running:
        recording = CallRecording(box, first_number=3, on_stopped=lambda: None)
        recording.start(running.session)
        await converse(running)
        turns = await running.turns(2)
        await recording.aclose()
    assert next(number for number, _ in box.waiting()) == 3
    recorded = whole(box)
    left, right = heard(pack(Sound(recorded.started_at, recorded.packets, b"", recorded.pre_skip)))
    learner, coach = (
        next(turn for turn in turns if turn.role is role) for role in (Role.LEARNER, Role.COACH)
    )
    learner_at, coach_at = first_tone(left, 1_000.0), first_tone(right, COACH_HZ)
    assert learner_at is not None
    assert coach_at is not None
    errors = {"learner": learner_at - place(learner, recorded), "coach": coach_at - place(coach, recorded)}
    record_property("errors_s", str(errors))
    assert abs(errors["coach"]) < FOUND_WITHIN_S
    assert abs(errors["learner"]) < HEARD_WITHIN_S


async def test_a_stopped_recording_deletes_what_waits_and_records_no_more(tmp_path: Path) -> None:
    ended: list[str] = []
    box = SoundBox.of_job(tmp_path / "sound", "job-1")
    async with talk(
        tmp_path, ear=ScriptedSTT(), model=ScriptedLLM("Good."), voice=ScriptedTTS(seconds=0.3)
    ) as running:
        recording = CallRecording(box, first_number=0, on_stopped=lambda: ended.append("stopped"))
        recording.start(running.session)
        box.put(7, b"waits")
        box.mark_stopped()  # as the shipper does when the API refuses a segment
        await until(lambda: bool(ended))
        await running.session.say("Still talking.")
        await recording.aclose()
    assert ended == ["stopped"]
    assert box.waiting() == []
    assert [path.name for path in box.folder.iterdir()] == ["stopped"]


async def test_a_recording_that_fails_is_not_shown_as_going_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Tape, until: float) -> list[Sound]:
        raise ValueError("the encoder broke")

    monkeypatch.setattr(Tape, "advance", broken)
    ended: list[str] = []
    async with talk(
        tmp_path, ear=ScriptedSTT(), model=ScriptedLLM("Good."), voice=ScriptedTTS(seconds=0.3)
    ) as running:
        box = SoundBox.of_job(tmp_path / "sound", "job-1")
        recording = CallRecording(box, first_number=0, on_stopped=lambda: ended.append("stopped"))
        recording.start(running.session)
        await until(lambda: bool(ended))
        await running.session.say("Still talking.")
        await recording.aclose()
    assert ended == ["stopped"]
    assert not recording.on


async def test_a_disk_that_fails_for_a_while_loses_no_segment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = SoundBox.of_job(tmp_path / "sound", "job-1")
    put, failures = SoundBox.put, [OSError(28, "full"), OSError(28, "full")]

    def failing(self: SoundBox, number: int, data: bytes) -> None:
        if failures:
            raise failures.pop()
        put(self, number, data)

    monkeypatch.setattr(SoundBox, "put", failing)
    recording = CallRecording(box, first_number=0, on_stopped=lambda: None)
    sound = Sound(datetime.now(UTC), [b"\xdcx"] * 5, bytes(2), 312)
    recording._keep([sound])
    recording._keep([sound])
    recording._keep([])
    assert [number for number, _ in box.waiting()] == [0, 1]
