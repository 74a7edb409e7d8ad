"""Delivery of recorded sound: nothing lost, nothing kept that is not wanted, turns never held up."""

import os
import time
from pathlib import Path
from uuid import uuid4

from agent.outbox import CallLine, CloseLine, OpenedLine, OutboxWriter, SoundBox, TurnLine
from agent.shipper import Shipper
from api.contract.calls import CloseCall, CloseReason
from tests.agent.conftest import opening, turn
from tests.agent.fake_api import FakeApi


def box_of(folder: Path, job: str = "job-1") -> SoundBox:
    return SoundBox.of_job(folder, job)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def begin(writer: OutboxWriter, api: FakeApi) -> OpenedLine:
    opened = OpenedLine(call_id=api.rooms.setdefault("room-1", uuid4()), grant="grant")
    writer.append(CallLine(open=opening()))
    writer.append(opened)
    return opened


def close(writer: OutboxWriter) -> None:
    ended = turn(0).ended_at
    writer.append(CloseLine(close=CloseCall(reason=CloseReason.LEARNER_LEFT, ended_at=ended)))


async def test_sound_is_delivered_while_the_job_runs_and_deleted(tmp_path: Path) -> None:
    api = FakeApi()
    with OutboxWriter(tmp_path, "job-1") as writer:
        call = begin(writer, api).call_id
        box = box_of(tmp_path)
        box.put(0, b"zero")
        box.put(1, b"one")
        shipper = Shipper(tmp_path, api.client())
        await shipper.pass_once()
        assert api.sound[call] == {0: b"zero", 1: b"one"}
        assert box.waiting() == []
        box.put(2, b"two")
        close(writer)
        await shipper.pass_once()
    assert api.sound[call][2] == b"two"
    assert names(tmp_path) == []


async def test_a_killed_worker_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    api = FakeApi()
    for job, first in (("job-1", 0), ("job-2", 7_000)):
        with OutboxWriter(tmp_path, job) as writer:
            call = begin(writer, api).call_id
            box_of(tmp_path, job).put(first, job.encode())
            draft = box_of(tmp_path, job).folder / f"{first + 1}.part"
            draft.write_bytes(b"torn")  # it died while it wrote this one
    await Shipper(tmp_path, api.client()).pass_once()
    assert api.sound[call] == {0: b"job-1", 7_000: b"job-2"}
    assert names(tmp_path) == []


async def test_a_full_store_holds_up_sound_alone(tmp_path: Path) -> None:
    api = FakeApi(store_away=True)
    with OutboxWriter(tmp_path, "job-1") as writer:
        call = begin(writer, api).call_id
        box_of(tmp_path).put(0, b"zero")
        writer.append(TurnLine(turn=turn(0)))
        shipper = Shipper(tmp_path, api.client())
        await shipper.pass_once()
        close(writer)
        await shipper.pass_once()
        await shipper.pass_once()
    assert [kept.item_id for kept in api.kept("room-1")] == ["item_0"]
    assert call in api.closed
    assert [number for number, _ in box_of(tmp_path).waiting()] == [0]
    api.store_away = False
    await Shipper(tmp_path, api.client()).pass_once()
    assert api.sound[call] == {0: b"zero"}
    assert names(tmp_path) == []


async def test_a_consent_taken_back_deletes_what_waits_and_tells_the_job(tmp_path: Path) -> None:
    api = FakeApi(recording_wanted=False)
    with OutboxWriter(tmp_path, "job-1") as writer:
        begin(writer, api)
        box = box_of(tmp_path)
        box.put(0, b"zero")
        box.put(1, b"one")
        shipper = Shipper(tmp_path, api.client())
        await shipper.pass_once()
        assert box.is_stopped()
        assert box.waiting() == []
        assert api.sound == {}
        writer.append(TurnLine(turn=turn(0)))
        close(writer)
        await shipper.pass_once()
    assert [kept.item_id for kept in api.kept("room-1")] == ["item_0"]
    assert names(tmp_path) == []


async def test_what_is_refused_for_good_is_deleted_and_the_rest_goes_on(tmp_path: Path) -> None:
    api = FakeApi()
    with OutboxWriter(tmp_path, "job-1") as writer:
        call = begin(writer, api).call_id
        box_of(tmp_path).put(0, b"junk")
        box_of(tmp_path).put(1, b"one")
        await Shipper(tmp_path, api.client()).pass_once()
        assert api.sound[call] == {1: b"one"}
        assert box_of(tmp_path).waiting() == []
    assert not (tmp_path / "dead").exists()


async def test_dead_letters_hold_no_sound(tmp_path: Path) -> None:
    api = FakeApi(grant_valid=False)
    with OutboxWriter(tmp_path, "job-1") as writer:
        begin(writer, api)
        writer.append(TurnLine(turn=turn(0)))
        box_of(tmp_path).put(0, b"zero")
    await Shipper(tmp_path, api.client()).pass_once()
    assert names(tmp_path / "dead") == ["job-1.log"]
    assert not box_of(tmp_path).folder.exists()


async def test_sound_without_its_segment_is_deleted_after_a_while(tmp_path: Path) -> None:
    young, old = box_of(tmp_path, "young"), box_of(tmp_path, "old")
    young.put(0, b"zero")
    old.put(0, b"zero")
    then = time.time() - 7_200
    os.utime(old.folder, (then, then))
    shipper = Shipper(tmp_path, FakeApi().client())
    shipper._sound.remove_orphans(tmp_path)
    assert young.waiting()
    assert not old.folder.exists()
