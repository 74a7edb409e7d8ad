"""What moved an exam's clock is delivered first, once, and under a number that is free."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from agent.outbox import ExamLine, OpenedLine, OutboxWriter, TurnLine
from agent.shipper import Shipper
from api.contract.exams import ExamEvent, ExamEventKind
from tests.agent.conftest import turn
from tests.agent.exam.plans import NOW
from tests.agent.fake_api import FakeApi

ATTEMPT, CALL = UUID(int=7), UUID(int=9)


def event(number: int, kind: ExamEventKind = ExamEventKind.LEFT) -> ExamEvent:
    """Something that moved the clock, so many seconds into the exam."""
    return ExamEvent(number=number, kind=kind, at=NOW + timedelta(seconds=number))


def line(number: int, kind: ExamEventKind = ExamEventKind.LEFT) -> ExamLine:
    """The same as a line of the outbox."""
    return ExamLine(attempt_id=ATTEMPT, event=event(number, kind))


def opened(api: FakeApi) -> OpenedLine:
    """The call of these tests; its turns' numbers begin far above, an attempt's do not."""
    api.rooms["room-1"] = CALL
    return OpenedLine(call_id=CALL, grant="grant", base=5_000)


async def test_events_are_delivered_once_under_their_own_numbers(tmp_path: Path) -> None:
    api = FakeApi()
    with OutboxWriter(tmp_path, "job-1") as writer:
        for one in (opened(api), line(0, ExamEventKind.STARTED), line(1)):
            writer.append(one)
        shipper = Shipper(tmp_path, api.client())
        await shipper.pass_once()
        writer.append(line(2, ExamEventKind.RETURNED))
        await shipper.pass_once()
        (tmp_path / "job-1.state").unlink()
        await Shipper(tmp_path, api.client()).pass_once()
    assert [kept.kind for kept in api.exam[ATTEMPT].values()] == ["started", "left", "returned"]
    assert sorted(api.exam[ATTEMPT]) == [0, 1, 2]


async def test_a_number_that_is_taken_is_given_up_for_the_next_free_one(tmp_path: Path) -> None:
    noted = ExamEvent(number=1, kind=ExamEventKind.LEFT, at=NOW + timedelta(seconds=0.5))
    api = FakeApi(exam={ATTEMPT: {0: event(0, ExamEventKind.STARTED), 1: noted}})
    with OutboxWriter(tmp_path, "job-1") as writer:
        for one in (opened(api), line(0, ExamEventKind.STARTED), line(1, ExamEventKind.DONE)):
            writer.append(one)
        await Shipper(tmp_path, api.client()).pass_once()
    kept = api.exam[ATTEMPT]
    assert [kept[number].kind for number in sorted(kept)] == ["started", "left", "done"]


async def test_a_dead_job_is_reported_lost_after_what_it_knew(tmp_path: Path) -> None:
    api = FakeApi()
    with OutboxWriter(tmp_path, "job-1") as writer:
        for one in (opened(api), line(0, ExamEventKind.STARTED)):
            writer.append(one)
    await Shipper(tmp_path, api.client()).pass_once()
    assert sorted(api.exam[ATTEMPT]) == [0]
    assert api.lost == [CALL]


async def test_an_exam_of_another_holds_up_no_turn(tmp_path: Path) -> None:
    api = FakeApi(refuse_exam=(403, "exam_of_another"))
    with OutboxWriter(tmp_path, "job-1") as writer:
        for one in (opened(api), line(0), TurnLine(turn=turn(0))):
            writer.append(one)
        await Shipper(tmp_path, api.client()).pass_once()
    assert [kept.item_id for kept in api.kept("room-1")] == ["item_0"]
    assert [path.name for path in (tmp_path / "dead").iterdir()] == ["job-1.exam-0.json"]
