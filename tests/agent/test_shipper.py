"""The shipper: nothing lost, nothing doubled, whatever fails in between."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from agent.outbox import CallLine, CloseLine, OpenedLine, OutboxWriter, TurnLine
from agent.shipper import Shipper
from api.contract.calls import CloseCall, CloseReason
from tests.agent.conftest import opening, turn
from tests.agent.fake_api import FakeApi


def close_line(*items: str) -> CloseLine:
    return CloseLine(
        close=CloseCall(reason=CloseReason.LEARNER_LEFT, ended_at=datetime.now(UTC), item_ids=list(items))
    )


def opened_line(api: FakeApi, room: str = "room-1", base: int = 0) -> OpenedLine:
    return OpenedLine(call_id=api.rooms.setdefault(room, uuid4()), grant="grant", base=base)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def ship(folder: Path, api: FakeApi, passes: int = 1) -> Shipper:
    """A fresh shipper, as after a restart."""
    shipper = Shipper(folder, api.client())
    for _ in range(passes):
        for seen in shipper._seen.values():
            seen.not_before = 0.0
        await shipper.pass_once()
    return shipper


async def test_ships_while_the_job_runs_and_deletes_when_the_call_is_closed(tmp_path: Path) -> None:
    api = FakeApi()
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(CallLine(open=opening()))
        writer.append(opened_line(api))
        writer.append(TurnLine(turn=turn(0)))
        shipper = await ship(tmp_path, api)
        assert [kept.item_id for kept in api.kept("room-1")] == ["item_0"]
        writer.append(TurnLine(turn=turn(1)))
        writer.append(close_line("item_0", "item_1"))
        await shipper.pass_once()
    assert [kept.item_id for kept in api.kept("room-1")] == ["item_0", "item_1"]
    assert len(api.closed) == 1
    assert files(tmp_path) == []


async def test_a_lost_answer_and_a_restart_double_nothing(tmp_path: Path) -> None:
    api = FakeApi(lose_answers=1)
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(opened_line(api))
        writer.append(TurnLine(turn=turn(0)))
        await ship(tmp_path, api)
        await ship(tmp_path, api)
        (tmp_path / "job-1.state").unlink()
        await ship(tmp_path, api)
    assert api.appended == 3
    assert [kept.item_id for kept in api.kept("room-1")] == ["item_0"]


async def test_a_dead_job_that_never_reached_the_api_is_opened_and_delivered_later(tmp_path: Path) -> None:
    api = FakeApi(down=True)
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(CallLine(open=opening()))
        writer.append(TurnLine(turn=turn(0)))
        await ship(tmp_path, api)
        api.down = False
        await ship(tmp_path, api)
        assert api.opened == 0, "as long as the job lives it opens the call itself"
    api.down = True
    await ship(tmp_path, api, passes=3)
    assert files(tmp_path) != []
    api.down = False
    await ship(tmp_path, api)
    assert [kept.item_id for kept in api.kept("room-1")] == ["item_0"]
    assert files(tmp_path) == []


async def test_positions_go_on_where_the_worker_before_stopped(tmp_path: Path) -> None:
    api = FakeApi()
    for job, base in (("job-1", 0), ("job-2", 2)):
        with OutboxWriter(tmp_path, job) as writer:
            writer.append(opened_line(api, base=base))
            for number in range(2):
                record = turn(number).model_copy(update={"item_id": f"{job}-{number}"})
                writer.append(TurnLine(turn=record))
    await ship(tmp_path, api)
    assert [kept.position for kept in api.kept("room-1")] == [0, 1, 2, 3]
    assert [kept.item_id for kept in api.kept("room-1")] == ["job-1-0", "job-1-1", "job-2-0", "job-2-1"]


async def test_reconciliation_sends_again_what_the_record_lacks(tmp_path: Path) -> None:
    api = FakeApi()
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(opened_line(api))
        writer.append(TurnLine(turn=turn(0)))
        shipper = await ship(tmp_path, api)
        api.turns.clear()
        writer.append(close_line("item_0"))
        await shipper.pass_once()
    assert [kept.item_id for kept in api.kept("room-1")] == ["item_0"]


async def test_one_refused_turn_becomes_a_dead_letter_and_the_others_arrive(tmp_path: Path) -> None:
    api = FakeApi(refuse={"item_1"})
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(opened_line(api))
        for number in range(3):
            writer.append(TurnLine(turn=turn(number)))
        await ship(tmp_path, api)
    assert [kept.item_id for kept in api.kept("room-1")] == ["item_0", "item_2"]
    assert files(tmp_path / "dead") == ["job-1.item_1.json"]


@pytest.mark.parametrize("alive", [True, False])
async def test_of_an_erased_call_nothing_stays_whether_or_not_its_job_still_talks(
    tmp_path: Path, *, alive: bool
) -> None:
    api = FakeApi(refuse={"item_0"})
    writer = OutboxWriter(tmp_path, "job-1")
    writer.append(opened_line(api))
    writer.append(TurnLine(turn=turn(0)))
    await ship(tmp_path, api)
    assert files(tmp_path / "dead") == ["job-1.item_0.json"]
    api.erased.add(api.rooms["room-1"])
    writer.append(TurnLine(turn=turn(1)))
    if not alive:
        writer.close()
    await ship(tmp_path, api)
    if alive:
        writer.append(TurnLine(turn=turn(2)))
        writer.close()
        await ship(tmp_path, api)
    assert files(tmp_path / "dead") == []
    assert files(tmp_path) == ["dead"]
    assert api.turns.get(api.rooms["room-1"], {}) == {}


async def test_dead_letters_stay_a_month(tmp_path: Path) -> None:
    dead = tmp_path / "dead"
    dead.mkdir()
    for name, days in (("old.log", 31), ("young.log", 29)):
        (dead / name).write_text("said")
        then = time.time() - days * 86_400
        os.utime(dead / name, (then, then))
    Shipper(tmp_path, FakeApi().client()).remove_old_dead()
    assert files(dead) == ["young.log"]


async def test_a_forged_grant_makes_a_dead_letter_and_holds_up_no_other_call(tmp_path: Path) -> None:
    api = FakeApi()
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(opened_line(api).model_copy(update={"grant": "forged"}))
        writer.append(TurnLine(turn=turn(0)))
    with OutboxWriter(tmp_path, "job-2") as writer:
        writer.append(opened_line(api, "room-2"))
        writer.append(TurnLine(turn=turn(1)))
    await ship(tmp_path, api)
    assert [kept.item_id for kept in api.kept("room-2")] == ["item_1"]
    assert (tmp_path / "dead" / "job-1.log").exists()


@pytest.mark.parametrize(("days", "buried"), [(6, False), (8, True)])
async def test_seven_days_are_the_limit(tmp_path: Path, days: int, buried: bool) -> None:
    api = FakeApi(down=True)
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(opened_line(api))
        writer.append(TurnLine(turn=turn(0)))
        path = writer.path
    then = time.time() - days * 86_400
    os.utime(path, (then, then))
    await ship(tmp_path, api)
    assert (tmp_path / "dead" / "job-1.log").exists() == buried
    assert path.exists() != buried


async def test_a_job_that_dies_in_its_call_is_reported_once_and_its_turns_follow(tmp_path: Path) -> None:
    api = FakeApi()
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(opened_line(api))
        writer.append(TurnLine(turn=turn(0)))
        await ship(tmp_path, api)
        assert api.lost == [], "it lives"
        writer.append(TurnLine(turn=turn(1)))
        api.refuse = {"item_1"}
        api.down = True
        shipper = await ship(tmp_path, api)
    assert api.lost == []
    api.down, api.refuse = False, set()
    shipper._seen[tmp_path / "job-1.log"].not_before = 0.0
    await shipper.pass_once()
    await shipper.pass_once()
    assert api.lost == [api.rooms["room-1"]]
    assert [kept.item_id for kept in api.kept("room-1")] == ["item_0", "item_1"]
    assert files(tmp_path) == []


async def test_a_job_that_closed_its_call_is_not_lost(tmp_path: Path) -> None:
    api = FakeApi()
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(opened_line(api))
        writer.append(TurnLine(turn=turn(0)))
        writer.append(close_line("item_0"))
    await ship(tmp_path, api)
    assert api.lost == []
    assert len(api.closed) == 1


async def test_a_loss_whose_answer_was_lost_is_reported_again(tmp_path: Path) -> None:
    api = FakeApi(lose_answers=1)
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(opened_line(api))
        writer.append(TurnLine(turn=turn(0)))
    await ship(tmp_path, api)
    assert files(tmp_path) == ["job-1.log"], "the turns are not given up with it"
    await ship(tmp_path, api)
    assert api.lost == [api.rooms["room-1"]] * 2
    assert [kept.item_id for kept in api.kept("room-1")] == ["item_0"]


async def test_an_api_that_takes_no_report_still_gets_the_turns(tmp_path: Path) -> None:
    api = FakeApi(knows_losses=False)
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(opened_line(api))
        writer.append(TurnLine(turn=turn(0)))
    await ship(tmp_path, api)
    assert [kept.item_id for kept in api.kept("room-1")] == ["item_0"]
    assert files(tmp_path) == []
