"""The record of an exam's clock: what workers tell, what the API finds out itself, and how it ends."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.contract.exams import ExamClock, ExamContent, ExamPlan
from api.database import Database
from api.exams.jobs import ExamJobs
from tests.api.calls.test_webhooks import deliver
from tests.api.conftest import AgentSide, Learner, OpenedCall, error_of
from tests.api.exams.conftest import LENGTHS, begun, event, opened, put_back, read, told
from tests.api.test_database import listening
from tests.support.fake_livekit import FakeLiveKit


def near(seconds: float, *, within: float = 3.0) -> Any:
    """About so many seconds: a test takes some itself."""
    return pytest.approx(seconds, abs=within)


def now() -> datetime:
    return datetime.now(UTC)


def plan_of(call: OpenedCall) -> ExamPlan:
    """The plan that a worker was given."""
    return ExamPlan.model_validate(call.body["brief"]["exam"])


def remaining(plan: ExamPlan) -> Any:
    """Phase, what remains of it, and whether the clock stands still, at the API's time."""
    place = ExamClock(plan.schedule, plan.events).at(plan.now)
    return place.phase, place.remaining, place.paused


async def started(learner: Learner, agent: AgentSide) -> tuple[dict[str, Any], OpenedCall]:
    """An attempt whose examiner has begun."""
    made = await begun(learner)
    call = await opened(learner, agent)
    await told(call, event(0, "started", now()))
    return made, call


async def kinds(owner: asyncpg.Connection) -> list[tuple[int, str, str]]:
    """The record."""
    rows = await owner.fetch("SELECT number, kind, source FROM exam_events ORDER BY number")
    return [(row["number"], row["kind"], row["source"]) for row in rows]


async def queued(owner: asyncpg.Connection, name: str) -> list[dict[str, Any]]:
    """The arguments of the jobs of a name."""
    rows = await owner.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = $1 ORDER BY id", name)
    found = [json.loads(row["payload"]) for row in rows]
    return [{key: value for key, value in one.items() if key != "correlation_id"} for one in found]


async def test_a_worker_is_told_the_plan_and_its_events_are_kept_once(
    exam: ExamContent, learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    made = await begun(learner)
    call = await opened(learner, agent)
    plan = plan_of(call)
    assert call.body["brief"]["mode"] == "exam"
    assert (str(plan.attempt_id), plan.version, plan.events) == (made["id"], 1, [])
    assert tuple(phase.seconds for phase in plan.schedule) == LENGTHS
    events = [event(0, "started", now()), event(1, "left", now()), event(2, "returned", now())]
    assert [(await told(call, one))["added"] for one in (*events, *events)] == [1, 1, 1, 0, 0, 0]
    answer = await told(call, *reversed(events))
    assert (answer["added"], answer["already_kept"]) == (0, 3)
    assert [one["number"] for one in answer["events"]] == [0, 1, 2]
    assert len(await kinds(owner)) == 3


async def test_the_future_and_the_time_before_the_attempt_are_not_believed(
    exam: ExamContent, learner: Learner, agent: AgentSide
) -> None:
    made = await begun(learner)
    call = await opened(learner, agent)
    await told(call, event(0, "started", now() - timedelta(hours=3)))
    answer = await told(call, event(1, "left", now() + timedelta(hours=3)))
    first, second = [datetime.fromisoformat(one["at"]) for one in answer["events"]]
    assert first == datetime.fromisoformat(made["created_at"])
    assert second <= now()


async def test_events_are_the_calls_own_attempts_alone(
    exam: ExamContent, learner: Learner, stranger: Learner, agent: AgentSide, anonymous: httpx.AsyncClient
) -> None:
    made, call = await started(learner, agent)
    free = await opened(stranger, agent, "AJ_9")
    body = {"attempt_id": made["id"], "events": [event(1, "stopped", now())]}
    refused = await free.post("exam", body)
    assert (refused.status_code, error_of(refused)) == (403, "exam_of_another")
    assert (await call.post("exam", body, grant=free.body["grant"])).status_code == 403
    assert (await anonymous.post(f"/agent/calls/{call.id}/exam", json=body)).status_code == 401
    assert (await read(learner, made["id"]))["state"] == "running"


async def test_a_number_that_the_api_took_stays_its_own(
    exam: ExamContent, learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    """A worker that is cut off finds out from the answer what was noted meanwhile."""
    _, call = await started(learner, agent)
    assert (await call.post("lost", {})).status_code == 200
    answer = await told(call, event(1, "done", now(), phase=0))
    assert answer["added"] == 0
    assert [one["kind"] for one in answer["events"]] == ["started", "left"]
    assert await kinds(owner) == [(0, "started", "agent"), (1, "left", "api")]


async def test_a_worker_that_takes_over_goes_on_in_the_same_part_with_the_same_time(
    exam: ExamContent, learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    made, call = await started(learner, agent)
    await put_back(owner, 25)
    await call.post("lost", {})
    await put_back(owner, 100)
    second = await opened(learner, agent, "AJ_2")
    assert second.id == call.id
    assert remaining(plan_of(second)) == (1, near(40), True)
    await told(second, event(2, "returned", now()))
    view = (await read(learner, made["id"]))["view"]
    assert (view["phase_index"], view["paused"], view["remaining_s"]) == (1, False, near(40))


async def test_what_a_replaced_worker_sends_comes_too_late(
    exam: ExamContent, learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    """Its successor was told how things stood, and goes by that."""
    made, first = await started(learner, agent)
    second = await opened(learner, agent, "AJ_2")
    assert (await told(first, event(1, "done", now(), phase=0), event(7, "stopped", now())))["added"] == 0
    assert (await told(second, event(2, "returned", now())))["added"] == 1
    assert [kind for _, kind, _ in await kinds(owner)] == ["started", "left", "returned"]
    assert (await read(learner, made["id"]))["state"] == "running"


async def test_a_worker_that_vanished_without_a_word_is_missed_when_another_comes(
    exam: ExamContent, learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    await started(learner, agent)
    second = await opened(learner, agent, "AJ_2")
    assert remaining(plan_of(second))[2] is True
    third = await opened(learner, agent, "AJ_3")
    assert [one.kind for one in plan_of(third).events] == ["started", "left"]


async def test_who_hangs_up_finds_the_exam_again_in_the_next_call(
    exam: ExamContent, learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    made, call = await started(learner, agent)
    await put_back(owner, 35)
    await call.close(ended_at=now().isoformat())
    await put_back(owner, 200)
    second = await opened(learner, agent, "AJ_2")
    assert second.id != call.id
    assert remaining(plan_of(second)) == (1, near(30), True)
    assert (await read(learner, made["id"]))["call_ids"] == [call.id, second.id]


async def test_preparation_goes_on_while_somebody_is_away(
    exam: ExamContent, learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    _, call = await started(learner, agent)
    await put_back(owner, 5 + 60 + 10 + 10)
    await call.close(ended_at=now().isoformat())
    await put_back(owner, 300)
    assert remaining(plan_of(await opened(learner, agent, "AJ_2"))) == (4, near(60, within=0.01), True)


async def test_an_attempt_whose_time_is_through_is_ended_without_a_word(
    exam: ExamContent, learner: Learner, agent: AgentSide, owner: asyncpg.Connection, jobs: ExamJobs
) -> None:
    made, call = await started(learner, agent)
    [arguments] = await queued(owner, "exams.settle")
    await jobs.settle(**arguments)
    assert (await read(learner, made["id"]))["state"] == "running"
    await put_back(owner, sum(LENGTHS))
    assert (await read(learner, made["id"]))["view"]["state"] == "finished"
    assert await owner.fetchval("SELECT state FROM exam_attempts") == "running"
    await jobs.settle(**arguments)
    row = await owner.fetchrow("SELECT state, started_at, ended_at FROM exam_attempts")
    assert row["state"] == "finished"
    assert row["ended_at"] - row["started_at"] == timedelta(seconds=sum(LENGTHS))
    late = await told(call, event(1, "left", now() - timedelta(seconds=100)))
    assert (late["added"], len(late["events"])) == (0, 1)
    assert (await learner.default_session())["mode"] == "conversation"
    assert plan_of(await opened(learner, agent, "AJ_2")).events, "the examiner takes leave"


async def test_who_stays_away_too_long_is_out_of_time(
    exam: ExamContent, learner: Learner, agent: AgentSide, owner: asyncpg.Connection, jobs: ExamJobs
) -> None:
    made, call = await started(learner, agent)
    await call.close(ended_at=now().isoformat())
    await put_back(owner, 600 + sum(LENGTHS))
    await jobs.look_after()
    assert (await read(learner, made["id"]))["state"] == "finished"
    await begun(learner)


async def test_the_look_at_all_leaves_alone_what_goes_on(
    exam: ExamContent, learner: Learner, stranger: Learner, agent: AgentSide, jobs: ExamJobs
) -> None:
    made, _ = await started(learner, agent)
    waiting = await begun(stranger)
    await jobs.look_after()
    assert (await read(learner, made["id"]))["state"] == "running"
    assert (await read(stranger, waiting["id"]))["state"] == "waiting"


async def test_a_stop_by_the_examiner_ends_it(exam: ExamContent, learner: Learner, agent: AgentSide) -> None:
    made, call = await started(learner, agent)
    await told(call, event(1, "stopped", now()))
    assert (await read(learner, made["id"]))["state"] == "stopped"
    assert (await told(call, event(2, "returned", now())))["added"] == 0


async def test_giving_up_ends_the_call(
    exam: ExamContent, learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    made, _ = await started(learner, agent)
    room = await owner.fetchval("SELECT room FROM calls")
    assert await queued(owner, "calls.end_room") == []
    stopped = await learner.client.post(f"/api/v1/exams/attempts/{made['id']}/stop")
    assert stopped.json()["state"] == "stopped"
    assert await queued(owner, "calls.end_room") == [{"room": room}]


async def webhook(client: httpx.AsyncClient, event_name: str, room: str, identity: str) -> None:
    """LiveKit's word that somebody came or left."""
    kind = {"kind": "AGENT"} if identity.startswith("coach-") else {}
    person = {"participant": {"sid": "PA_1", "identity": identity, **kind}}
    assert (await deliver(client, event_name, room, **person)).status_code == 200


async def test_an_examiner_who_is_gone_is_noted_once_livekit_agrees(  # noqa: PLR0917
    exam: ExamContent,
    learner: Learner,
    agent: AgentSide,
    anonymous: httpx.AsyncClient,
    owner: asyncpg.Connection,
    jobs: ExamJobs,
    livekit: FakeLiveKit,
) -> None:
    room = await learner.room()
    await started(learner, agent)
    await webhook(anonymous, "participant_left", room, "learner-1")
    [arguments] = await queued(owner, "exams.note_absence")
    livekit.agent_in(room)
    await jobs.note_absence(**arguments)
    assert await kinds(owner) == [(0, "started", "agent")], "an examiner who is there notes it"
    livekit.rooms[room].pop()
    for _ in range(2):
        await jobs.note_absence(**arguments)
    assert await kinds(owner) == [(0, "started", "agent"), (1, "left", "api")]


async def test_an_examiner_whose_connection_is_back_need_not_know_that_it_was_missed(  # noqa: PLR0917
    exam: ExamContent,
    learner: Learner,
    agent: AgentSide,
    anonymous: httpx.AsyncClient,
    owner: asyncpg.Connection,
    jobs: ExamJobs,
) -> None:
    room = await learner.room()
    await started(learner, agent)
    await webhook(anonymous, "participant_left", room, "coach-AJ_1")
    [arguments] = await queued(owner, "exams.note_absence")
    await jobs.note_absence(**arguments)
    for identity in ("coach-AJ_9", "coach-AJ_1", "coach-AJ_1"):
        await webhook(anonymous, "participant_joined", room, identity)
    assert [(kind, source) for _, kind, source in await kinds(owner)] == [
        ("started", "agent"),
        ("left", "api"),
        ("returned", "api"),
    ]


async def test_webhooks_of_ordinary_calls_queue_nothing(
    learner: Learner, agent: AgentSide, anonymous: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    room = await learner.room()
    await opened(learner, agent)
    await webhook(anonymous, "participant_left", room, "learner-1")
    assert await queued(owner, "exams.note_absence") == []


async def test_an_attempt_keeps_its_version(
    exam: ExamContent, learner: Learner, agent: AgentSide, load_exams: Any
) -> None:
    await begun(learner)
    changed = exam.model_copy(update={"title": "Changed"})
    assert (await load_exams(changed)).changed == 1
    plan = plan_of(await opened(learner, agent))
    assert (plan.version, plan.content.title) == (1, "A small exam")


async def test_opening_the_call_of_an_exam_costs_few_statements(
    app: FastAPI, exam: ExamContent, learner: Learner, agent: AgentSide
) -> None:
    database: Database = app.state.database
    await begun(learner)
    room = await learner.room()
    for job in ("AJ_1", "AJ_2"):
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any, into: list[str] = sent) -> None:
            into.append(statement)

        with listening(database, "before_cursor_execute", note):
            call = await agent.opened(room, job)
        assert UUID(call.body["brief"]["exam"]["attempt_id"])
        assert len(sent) <= 15, sent
