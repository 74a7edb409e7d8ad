"""Choosing a mock exam, sitting it, giving it up; extra time; whom it is shown to."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.contract.exams import ExamContent
from tests.api.conftest import AgentSide, Learner, SignUp, error_of
from tests.api.exams.conftest import LENGTHS, V1, begun, event, opened, put_back, read, told
from tests.api.school import found

ATTEMPTS = f"{V1}/exams/attempts"


async def test_exams_are_shown_with_their_parts_and_without_their_tasks(
    exam: ExamContent, learner: Learner
) -> None:
    listed = (await learner.client.get(f"{V1}/exams")).json()
    assert (listed["open_attempt_id"], listed["granted_extra_time_percent"]) == (None, 0)
    [one] = listed["items"]
    assert one == (await learner.client.get(f"{V1}/exams/{exam.key}")).json()
    assert (one["key"], one["version"], one["minutes"]) == (exam.key, 1, 3)
    assert [(part["key"], part["scored"]) for part in one["parts"]] == [("warm-up", False), ("talk", True)]
    assert "Task" not in str(one)


async def test_unknown_exam_and_picture(exam: ExamContent, learner: Learner) -> None:
    for path in (f"{V1}/exams/nothing", f"{V1}/exams/pictures/nothing"):
        assert (await learner.client.get(path)).status_code == 404
    answer = await learner.client.post(ATTEMPTS, json={"exam": "nothing"})
    assert answer.status_code == 404


async def test_a_task_is_shown_when_its_part_has_begun(
    exam: ExamContent, learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    made = await begun(learner)
    assert made["tasks"] == []
    assert made["total_remaining_s"] == sum(LENGTHS)
    call = await opened(learner, agent)
    await told(call, event(0, "started", datetime.now(UTC)))
    await put_back(owner, 6)
    now = await read(learner, made["id"])
    assert [one["part"] for one in now["tasks"]] == ["warm-up"]
    assert now["view"]["task_title"] == now["tasks"][0]["title"]
    assert now["call_ids"] == [call.id]
    assert [part["state"] for part in now["view"]["parts"]] == ["running", "coming"]
    await put_back(owner, 60)
    assert [one["part"] for one in (await read(learner, made["id"]))["tasks"]] == ["warm-up", "talk"]


async def test_a_second_exam_waits_for_the_first(exam: ExamContent, learner: Learner) -> None:
    made = await begun(learner)
    refused = await learner.client.post(ATTEMPTS, json={"exam": exam.key})
    assert (refused.status_code, error_of(refused)) == (409, "exam_open")
    assert refused.json()["error"]["details"] == [{"attempt_id": made["id"]}]
    assert (await learner.client.get(f"{V1}/exams")).json()["open_attempt_id"] == made["id"]


async def test_of_two_exams_begun_at_once_one_is(exam: ExamContent, learner: Learner) -> None:
    body = {"exam": exam.key}
    answers = await asyncio.gather(*[learner.client.post(ATTEMPTS, json=body) for _ in range(4)])
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_giving_up_frees_the_way_and_the_next_call(
    exam: ExamContent, learner: Learner, agent: AgentSide
) -> None:
    made = await begun(learner)
    assert (await learner.default_session())["mode"] == "exam"
    for _ in range(2):
        stopped = (await learner.client.post(f"{ATTEMPTS}/{made['id']}/stop")).json()
        assert (stopped["state"], stopped["view"]["state"]) == ("stopped", "stopped")
    assert (await learner.default_session())["mode"] == "conversation"
    call = await opened(learner, agent)
    assert (call.body["brief"]["mode"], call.body["brief"]["exam"]) == ("conversation", None)
    await begun(learner)


async def test_one_that_was_never_begun_is_over_after_a_day(
    exam: ExamContent, learner: Learner, owner: asyncpg.Connection
) -> None:
    made = await begun(learner)
    await put_back(owner, 24 * 3_600 + 1)
    await begun(learner)
    assert (await read(learner, made["id"]))["state"] == "expired"


async def test_tasks_are_not_repeated_before_all_were_had(
    exam: ExamContent, learner: Learner, agent: AgentSide
) -> None:
    had: list[dict[str, Any]] = []
    for number in range(3):
        made = await begun(learner)
        call = await opened(learner, agent, f"AJ_{number}")
        parts = call.body["brief"]["exam"]["content"]["parts"]
        assert [len(part["tasks"]) for part in parts] == [1, 1]
        had.append({part["key"]: part["tasks"][0]["key"] for part in parts})
        await told(call, event(0, "started", datetime.now(UTC)))
        await learner.client.post(f"{ATTEMPTS}/{made['id']}/stop")
        await call.close()
    assert {one["warm-up"] for one in had} == {"one", "two", "three"}
    assert {one["talk"] for one in had} == {"four", "five", "six"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"target_level": "B2"}, "level_not_of_exam"),
        ({"extra_time_percent": 50}, "extra_time_not_granted"),
        ({"extra_time_percent": 30}, "validation_error"),
        ({"time_scale": 0.1}, "validation_error"),
        ({"exam": "No Key"}, "validation_error"),
    ],
)
async def test_what_cannot_be_asked_for(
    exam: ExamContent, learner: Learner, body: dict[str, Any], code: str
) -> None:
    answer = await learner.client.post(ATTEMPTS, json={"exam": exam.key, **body})
    assert (answer.status_code, error_of(answer)) == (422, code)


async def test_a_learner_may_ask_for_a_quarter_more(
    exam: ExamContent, learner: Learner, agent: AgentSide
) -> None:
    made = await begun(learner, extra_time_percent=25, target_level="A1", audio_consent=True)
    asked = ("extra_time_percent", "extra_time_granted", "target_level", "audio_consent")
    assert [made[name] for name in asked] == [25, False, "A1", True]
    plan = (await opened(learner, agent)).body["brief"]["exam"]
    assert [phase["seconds"] for phase in plan["schedule"]] == [5, 75, 10, 37.5, 75]


async def test_history_is_paged_newest_first(exam: ExamContent, learner: Learner) -> None:
    keys = []
    for _ in range(3):
        keys.append((await begun(learner))["id"])
        await learner.client.post(f"{ATTEMPTS}/{keys[-1]}/stop")
    first = (await learner.client.get(ATTEMPTS, params={"limit": 2})).json()
    rest = (await learner.client.get(ATTEMPTS, params={"cursor": first["next_cursor"]})).json()
    assert [one["id"] for one in [*first["items"], *rest["items"]]] == keys[::-1]
    assert rest["next_cursor"] is None


async def test_attempts_of_others_are_not_there(
    exam: ExamContent, learner: Learner, stranger: Learner, anonymous: httpx.AsyncClient
) -> None:
    made = await begun(learner)
    for client, expected in ((anonymous, 401), (stranger.client, 404)):
        assert (await client.get(f"{ATTEMPTS}/{made['id']}")).status_code == expected
        assert (await client.post(f"{ATTEMPTS}/{made['id']}/stop")).status_code == expected
    assert (await stranger.client.get(ATTEMPTS)).json()["items"] == []
    await begun(stranger)


async def test_instructors_see_and_grant_within_their_programs_alone(
    exam: ExamContent, sign_up: SignUp, agent: AgentSide
) -> None:
    school = await found(sign_up)
    program = await school.program()
    learner = await school.join(program_id=program)
    teacher = await school.join("Tom", "instructor", program)
    other = await school.join("Olga", "instructor", await school.program("Morning class"))
    base = f"{V1}/review/learners/{learner.id}"
    grant = {"extra_time_percent": 50}
    for person in (learner, other):
        expected = 403 if person is learner else 404
        for path in (f"{base}/exams", f"{base}/extra-time"):
            assert (await person.client.get(path)).status_code == expected
        assert (await person.client.put(f"{base}/extra-time", json=grant)).status_code == expected

    assert (await teacher.client.put(f"{base}/extra-time", json=grant)).json() == grant
    assert (await teacher.client.get(f"{base}/extra-time")).json() == grant
    assert (await learner.client.get(f"{V1}/exams")).json()["granted_extra_time_percent"] == 50
    made = await begun(learner)
    assert (made["extra_time_percent"], made["extra_time_granted"]) == (50, True)
    [seen] = (await teacher.client.get(f"{base}/exams")).json()["items"]
    assert seen["id"] == made["id"]
    assert (await teacher.client.get(f"{base}/exams/{made['id']}")).json()["state"] == "waiting"
    assert (await other.client.get(f"{base}/exams/{made['id']}")).status_code == 404
    audited = (await learner.client.get(f"{V1}/users/me/audit")).json()
    assert "exam.extra_time_granted" in str(audited)


async def test_granted_time_can_be_taken_back_and_forgone(exam: ExamContent, sign_up: SignUp) -> None:
    school = await found(sign_up)
    learner = await school.join()
    path = f"{V1}/review/learners/{learner.id}/extra-time"
    await school.admin.client.put(path, json={"extra_time_percent": 100})
    made = await begun(learner, extra_time_percent=0)
    assert (made["extra_time_percent"], made["extra_time_granted"]) == (0, False)
    await learner.client.post(f"{ATTEMPTS}/{made['id']}/stop")
    await school.admin.client.put(path, json={"extra_time_percent": 0})
    assert (await school.admin.client.get(path)).json() == {"extra_time_percent": 0}
    assert (await begun(learner))["extra_time_percent"] == 0


async def test_a_lesson_begun_meanwhile_waits_for_the_exam(
    exam: ExamContent, learner: Learner, agent: AgentSide, app: FastAPI
) -> None:
    await begun(learner)
    await learner.client.post(f"{V1}/users/me/placements", json={"kind": "spoken"})
    call = await opened(learner, agent)
    assert call.body["brief"]["mode"] == "exam"
    assert call.body["brief"]["lesson"] is None
