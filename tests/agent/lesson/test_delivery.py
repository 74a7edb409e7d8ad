"""What happened in a lesson: on the disk first, delivered once, and never in the way of a turn."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from agent.floor import Floor
from agent.lesson import Lesson
from agent.lesson_desk import LessonDesk
from agent.outbox import CallLine, LessonLine, OpenedLine, OutboxWriter, TurnLine, read
from agent.shipper import Shipper
from api.contract.lessons import LessonEvent, LessonEventKind
from api.contract.room import TOPIC_LESSON, TOPIC_VISUAL
from tests.agent.conftest import opening, turn
from tests.agent.fake_api import FakeApi
from tests.agent.lesson.plans import brief_of, plan_of

ATTEMPT = UUID(int=1)
CALL = UUID(int=9)


def event(number: int) -> LessonLine:
    """An event's line."""
    happened = LessonEvent(number=number, kind=LessonEventKind.HINT_GIVEN, at=datetime.now(UTC), step="start")
    return LessonLine(attempt_id=ATTEMPT, event=happened)


def opened(api: FakeApi, base: int = 0) -> OpenedLine:
    """The call of these tests."""
    api.rooms["room-1"] = CALL
    return OpenedLine(call_id=CALL, grant="grant", base=base)


async def test_events_are_delivered_once_with_numbers_of_the_call(tmp_path: Path) -> None:
    api = FakeApi()
    with OutboxWriter(tmp_path, "job-1") as writer:
        for line in (CallLine(open=opening()), opened(api, base=5_000), event(0), event(1)):
            writer.append(line)
        shipper = Shipper(tmp_path, api.client())
        await shipper.pass_once()
        writer.append(event(2))
        await shipper.pass_once()
        (tmp_path / "job-1.state").unlink()
        await Shipper(tmp_path, api.client()).pass_once()
    assert sorted(api.lesson[CALL]) == [5_000, 5_001, 5_002]
    assert api.attempts == {ATTEMPT}


async def test_many_events_go_in_batches(tmp_path: Path) -> None:
    api = FakeApi()
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(opened(api))
        for number in range(150):
            writer.append(event(number))
        await Shipper(tmp_path, api.client()).pass_once()
    assert len(api.lesson[CALL]) == 150


@pytest.mark.parametrize(
    ("status", "code"), [(403, "lesson_of_another"), (404, "not_found"), (422, "invalid")]
)
async def test_a_lesson_that_is_gone_holds_up_no_turn(tmp_path: Path, status: int, code: str) -> None:
    api = FakeApi(refuse_lesson=(status, code))
    with OutboxWriter(tmp_path, "job-1") as writer:
        for line in (opened(api), event(0), TurnLine(turn=turn(0))):
            writer.append(line)
        shipper = Shipper(tmp_path, api.client())
        await shipper.pass_once()
        writer.append(TurnLine(turn=turn(1)))
        await shipper.pass_once()
    assert [kept.item_id for kept in api.kept("room-1")] == ["item_0", "item_1"]
    assert len(list((tmp_path / "dead").glob("job-1.lesson-0.json"))) == 1


async def test_an_api_that_is_down_gets_them_later(tmp_path: Path) -> None:
    api = FakeApi(down=True)
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(opened(api))
        writer.append(event(0))
        shipper = Shipper(tmp_path, api.client())
        await shipper.pass_once()
        assert CALL not in api.lesson
        api.down = False
        shipper._seen[writer.path].not_before = 0.0
        await shipper.pass_once()
    assert sorted(api.lesson[CALL]) == [0]


class _Screen:
    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []

    def show(self, topic: str, body: str) -> None:
        self.shown.append((topic, body))


class _Pace:
    def __init__(self) -> None:
        self.slowed = 0
        self.running: list[bool] = []

    def slower(self) -> None:
        self.slowed += 1

    def lesson(self, _: Any, *, running: bool) -> None:
        self.running.append(running)


async def test_a_move_is_kept_shown_and_heard(tmp_path: Path) -> None:
    screen, pace, floors = _Screen(), _Pace(), list[Floor]()
    with OutboxWriter(tmp_path, "job-1") as writer:
        desk = LessonDesk(
            keep=writer.append,
            screen=screen,  # type: ignore[arg-type]
            pace=pace,  # type: ignore[arg-type]
            floor=lambda: floors[0] if floors else None,
        )
        plan = plan_of()
        lesson = desk.lesson = Lesson(plan, brief_of(plan), on_moved=desk.moved)
        lesson.begin("Hello.")
        lesson.command("slower")
        lesson.command("skip")
        desk.show_again()
    kept = read(writer.path).lesson
    assert [one.event.number for one in kept] == list(range(len(kept)))
    assert [one.event.kind for one in kept][:3] == ["started", "step_started", "slowed"]
    assert pace.slowed == 1
    assert all(pace.running)
    topics = [topic for topic, _ in screen.shown]
    assert topics.count(TOPIC_LESSON) == 3, "the beginning, the skipped step, and again"
    assert topics.count(TOPIC_VISUAL) == 3
    assert screen.shown[-1][1] != "null"


async def test_refused_events_are_kept_for_a_person_to_see(tmp_path: Path) -> None:
    api = FakeApi(refuse_events={1})
    with OutboxWriter(tmp_path, "job-1") as writer:
        for line in (opened(api), event(0), event(1), event(2)):
            writer.append(line)
        await Shipper(tmp_path, api.client()).pass_once()
    assert sorted(api.lesson[CALL]) == [0, 2]
    assert [path.name for path in (tmp_path / "dead").iterdir()] == ["job-1.lesson-1.json"]
