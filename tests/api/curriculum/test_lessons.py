"""The catalogue, beginning and leaving, objectives, scenarios, pictures: who sees what, and what happens."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.api.conftest import AgentSide, Learner, SignUp, error_of
from tests.api.curriculum.conftest import (
    V1,
    Load,
    begun,
    event,
    lesson,
    listed,
    next_call,
    told,
    whole_lesson,
)
from tests.api.school import choose, found

MANY = (
    lesson("a1-hello", "A1", title="Hello", topic="People"),
    lesson("a2-shop", "A2", title="At the shop", topic="Shopping", task="role_play", kind="scenario",
           vocabulary=[{"word": "receipt", "meaning": "paper from a shop", "cefr": "A2"}]),
    lesson("a2-job", "A2", title="My job", topic="Work", area="work", exam_tags=["interview"]),
    lesson("b1-news", "B1", title="The news", topic="Media", objectives=["b1-interaction", "b1-production"]),
)  # fmt: skip


@pytest.fixture
async def catalogue(load_lessons: Load) -> None:
    """Four lessons of the installation."""
    await load_lessons(*MANY)


async def titles(person: Learner, **query: Any) -> list[str]:
    """The titles of the lessons that a person is offered."""
    return [one["title"] for one in await listed(person, **query)]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/objectives"),
        ("GET", "/objectives/a1-interaction"),
        ("GET", "/lessons"),
        ("GET", "/lessons/facets"),
        ("GET", "/lessons/recommended"),
        ("GET", "/lessons/current"),
        ("GET", "/lessons/attempts"),
        ("GET", f"/lessons/{uuid4()}"),
        ("POST", f"/lessons/{uuid4()}/start"),
        ("GET", f"/lessons/attempts/{uuid4()}"),
        ("POST", f"/lessons/attempts/{uuid4()}/leave"),
        ("GET", "/lessons/pictures/family-at-home"),
        ("GET", "/scenarios"),
        ("GET", "/school/lessons/pack"),
        ("POST", "/school/lessons/pack"),
    ],
)
async def test_nobody_is_let_in(anonymous: httpx.AsyncClient, method: str, path: str) -> None:
    assert (await anonymous.request(method, f"{V1}{path}")).status_code == 401


async def test_filters_and_search(catalogue: None, learner: Learner) -> None:
    assert await titles(learner) == ["Hello", "At the shop", "My job", "The news"]
    assert await titles(learner, level="A2") == ["At the shop", "My job"]
    assert await titles(learner, topic="Work") == ["My job"]
    assert await titles(learner, area="work") == ["My job"]
    assert await titles(learner, task="role_play") == ["At the shop"]
    assert await titles(learner, kind="scenario") == ["At the shop"]
    assert await titles(learner, objective="b1-interaction") == ["The news"]
    assert await titles(learner, q="receipts") == ["At the shop"], "by a word of its vocabulary, in any form"
    assert await titles(learner, q="sho") == ["At the shop"], "by a part of its title"
    assert await titles(learner, q="interview") == ["My job"]
    assert await titles(learner, q="100%_") == []
    assert await titles(learner, q="zebra") == []
    refused = await learner.client.get(f"{V1}/lessons", params={"level": "C2"})
    assert (refused.status_code, error_of(refused)) == (422, "validation_error")


async def test_pages_hold_each_lesson_once(catalogue: None, learner: Learner) -> None:
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await learner.client.get(f"{V1}/lessons", params={"limit": 1, "cursor": cursor})
        body = answer.json()
        seen += [one["title"] for one in body["items"]]
        cursor = body["next_cursor"]
    assert seen == ["Hello", "At the shop", "My job", "The news"]


async def test_facets_name_the_topics(catalogue: None, learner: Learner) -> None:
    body = (await learner.client.get(f"{V1}/lessons/facets")).json()
    assert body["topics"] == ["Media", "People", "Shopping", "Work"]
    assert body["levels"] == ["A1", "A2", "B1", "B2"]


async def test_detail_tells_all_a_learner_needs(catalogue: None, learner: Learner) -> None:
    [one] = await listed(learner, q="receipt")
    body = (await learner.client.get(f"{V1}/lessons/{one['id']}")).json()
    assert [objective["key"] for objective in body["objectives"]] == ["a2-interaction", "a2-production"]
    assert [step["key"] for step in body["lesson_steps"]] == ["say", "ask"]
    assert [one["key"] for one in body["lesson_steps"][0]["criteria"]] == ["from", "long"]
    assert body["vocabulary"][0]["word"] == "receipt"
    assert (body["state"], body["attempt"], body["origin"]) == ("new", None, "installation")
    assert "guidance" not in str(body), "what the coach is told is not for the learner"
    assert (await learner.client.get(f"{V1}/lessons/{uuid4()}")).status_code == 404


async def test_scenarios_are_templates(catalogue: None, learner: Learner) -> None:
    body = (await learner.client.get(f"{V1}/scenarios", params={"kind": "scenario"})).json()
    [one] = body["items"]
    assert (one["title"], one["seconds"], one["pair"]) == ("At the shop", 120, False)
    assert [step["key"] for step in one["steps"]] == ["say", "ask"]


async def test_pictures_run_nothing(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.curriculum.routes.picture", {"house": b"<svg/>"}.get)
    drawn = await learner.client.get(f"{V1}/lessons/pictures/house")
    assert (drawn.status_code, drawn.headers["Content-Type"]) == (200, "image/svg+xml")
    assert "default-src 'none'" in drawn.headers["Content-Security-Policy"]
    assert drawn.headers["X-Content-Type-Options"] == "nosniff"
    assert (await learner.client.get(f"{V1}/lessons/pictures/no-house")).status_code == 404
    assert (await learner.client.get(f"{V1}/lessons/pictures/..%2Fobjectives")).status_code in {404, 422}


async def test_a_lesson_is_the_plan_of_the_next_call(
    catalogue: None, learner: Learner, stranger: Learner, agent: AgentSide
) -> None:
    [one] = await listed(learner, q="receipt")
    taken = await begun(learner, one["id"])
    assert (taken["takes_effect"], taken["resumed"], taken["open_call_id"]) == ("next_call", False, None)
    assert (await learner.default_session())["mode"] == "lesson"
    call = await next_call(learner, agent)
    brief = call.body["brief"]
    assert (brief["mode"], brief["lesson"]["attempt_id"]) == ("lesson", taken["attempt"]["id"])
    assert brief["lesson"]["content"]["steps"][0]["exchanges"][0]["say"] == "Where are you from?"
    assert brief["lesson"]["progress"] == {"step": 0, "exchange": 0, "met": [], "skipped": []}
    others = await next_call(stranger, agent, "AJ_2")
    assert (others.body["brief"]["mode"], others.body["brief"]["lesson"]) == ("conversation", None)
    assert [one["state"] for one in await listed(learner, q="receipt")] == ["open"]
    assert [one["state"] for one in await listed(stranger, q="receipt")] == ["new"]


async def test_two_tabs_open_one_lesson(catalogue: None, learner: Learner, owner: asyncpg.Connection) -> None:
    keys = [one["id"] for one in await listed(learner)]
    await asyncio.gather(*(begun(learner, key) for key in [*keys, *keys]))
    states = await owner.fetch("SELECT state, count(*) FROM lesson_attempts GROUP BY state ORDER BY state")
    assert [tuple(one) for one in states] == [("left", len(keys) - 1), ("open", 1)]


async def test_a_call_that_goes_on_stays_what_it_is(
    catalogue: None, learner: Learner, agent: AgentSide
) -> None:
    call = await next_call(learner, agent)
    [shop] = await listed(learner, q="receipt")
    [job] = await listed(learner, topic="Work")
    taken = await begun(learner, shop["id"])
    assert (taken["takes_effect"], taken["open_call_id"]) == ("after_this_call", call.id)
    replaced = await agent.opened(await learner.room(), "AJ_other")
    assert replaced.body["brief"]["resumed"]
    assert (replaced.body["brief"]["mode"], replaced.body["brief"]["lesson"]) == ("conversation", None)
    await replaced.close()
    second = await next_call(learner, agent, "AJ_3")
    assert second.body["brief"]["lesson"]["attempt_id"] == taken["attempt"]["id"]
    await begun(learner, job["id"])
    third = await agent.opened(await learner.room(), "AJ_4")
    assert third.body["brief"]["resumed"]
    assert third.body["brief"]["lesson"] is None, "the lesson that the call began with was left"


async def test_leaving_goes_back_to_free_talk_and_the_way_back(
    catalogue: None, learner: Learner, stranger: Learner, agent: AgentSide
) -> None:
    [shop] = await listed(learner, q="receipt")
    attempt = (await begun(learner, shop["id"]))["attempt"]["id"]
    call = await next_call(learner, agent)
    await told(call, attempt, *whole_lesson()[:4])
    await call.close()
    left = (await learner.client.post(f"{V1}/lessons/attempts/{attempt}/leave")).json()
    assert (left["attempt"]["state"], left["takes_effect"]) == ("left", "next_call")
    assert (await learner.client.get(f"{V1}/lessons/current")).json() == {"attempt": None}
    assert (await learner.default_session())["mode"] == "conversation"
    talk = await next_call(learner, agent, "AJ_2")
    assert talk.body["brief"]["lesson"] is None
    await talk.close()
    again = await begun(learner, shop["id"])
    assert (again["resumed"], again["attempt"]["id"], again["attempt"]["step"]) == (True, attempt, 0)
    plan = (await next_call(learner, agent, "AJ_3")).body["brief"]["lesson"]
    assert (plan["progress"]["exchange"], plan["progress"]["met"]) == (1, ["from"])
    anew = await begun(learner, shop["id"], restart=True)
    assert anew["attempt"]["id"] != attempt
    theirs = await stranger.client.post(f"{V1}/lessons/attempts/{attempt}/leave")
    assert (theirs.status_code, error_of(theirs)) == (404, "not_found")
    listing = (await learner.client.get(f"{V1}/lessons/attempts")).json()["items"]
    assert [(one["id"], one["state"]) for one in listing] == [
        (anew["attempt"]["id"], "open"),
        (attempt, "left"),
    ]


async def test_a_lesson_taken_away_goes_on_to_its_end(
    catalogue: None, load_lessons: Load, learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    [shop] = await listed(learner, q="receipt")
    attempt = (await begun(learner, shop["id"]))["attempt"]["id"]
    await load_lessons(MANY[0])
    assert await titles(learner) == ["Hello"]
    call = await next_call(learner, agent)
    assert call.body["brief"]["lesson"]["version"] == 1
    assert (await learner.client.get(f"{V1}/lessons/{shop['id']}")).json()["attempt"]["id"] == attempt
    await owner.execute("UPDATE lessons SET deleted_at = now() WHERE id = $1", shop["id"])
    done = await told(call, attempt, *whole_lesson())
    assert (done["added"], done["refused"]) == (11, [])
    shown = (await learner.client.get(f"{V1}/lessons/attempts/{attempt}")).json()
    assert (shown["state"], shown["title"]) == ("completed", "At the shop")
    assert (await learner.client.post(f"{V1}/lessons/{shop['id']}/start")).status_code == 404


async def test_a_changed_lesson_does_not_change_under_its_learner(
    catalogue: None, load_lessons: Load, learner: Learner, agent: AgentSide
) -> None:
    [shop] = await listed(learner, q="receipt")
    await begun(learner, shop["id"])
    await load_lessons(MANY[0], lesson("a2-shop", title="At the new shop"))
    plan = (await next_call(learner, agent)).body["brief"]["lesson"]
    assert (plan["version"], plan["content"]["title"]) == (1, "At the shop")
    assert (await begun(learner, shop["id"]))["attempt"]["version"] == 1
    assert (await begun(learner, shop["id"], restart=True))["attempt"]["version"] == 2


async def test_a_school_lesson_stays_in_its_school(sign_up: SignUp, load_lessons: Load) -> None:
    await load_lessons()
    school = await found(sign_up)
    teacher, mia, other = await school.join("Tina", "instructor"), await school.join(), await sign_up("Zoe")
    pack = {"lessons": [lesson("ours").model_dump(mode="json", by_alias=True)], "publish": True}
    [key] = (await teacher.client.post(f"{V1}/school/lessons/pack", json=pack)).json()["made"]
    assert [one["origin"] for one in await listed(mia)] == ["organisation"]
    assert await listed(other) == []
    for path in (f"/lessons/{key}", f"/lessons/{key}/start"):
        answer = await other.client.request("POST" if path.endswith("start") else "GET", f"{V1}{path}")
        assert answer.status_code == 404
    await choose(mia, mia.organisation_id)
    assert await listed(mia) == [], "not where they practise by themselves"


async def test_an_assigned_lesson_is_done_by_going_through_it(
    sign_up: SignUp, load_lessons: Load, agent: AgentSide
) -> None:
    await load_lessons(*MANY)
    school = await found(sign_up)
    program = await school.program()
    teacher = await school.join("Tina", "instructor", program)
    mia = await school.join("Mia", program_id=program)
    [shop] = await listed(mia, q="receipt")
    path = f"{V1}/review/learners/{mia.id}/assignments"
    unknown = await teacher.client.post(path, json={"title": "x", "lesson_id": str(uuid4())})
    assert (unknown.status_code, error_of(unknown)) == (404, "no_such_lesson")
    body = {"title": "Please", "lesson_id": shop["id"], "due_on": "2026-12-01"}
    made = await teacher.client.post(path, json=body)
    assert (made.status_code, made.json()["lesson_title"]) == (201, "At the shop")
    [first, *_] = (await mia.client.get(f"{V1}/lessons/recommended")).json()["items"]
    assert (first["lesson"]["id"], first["reason"]) == (
        shop["id"],
        {"code": "assigned", "parameters": {"due_on": "2026-12-01"}},
    )
    attempt = (await begun(mia, shop["id"]))["attempt"]["id"]
    await told(await next_call(mia, agent), attempt, *whole_lesson())
    [assignment] = (await mia.client.get(f"{V1}/users/me/assignments")).json()["items"]
    assert assignment["done_at"] is not None
    [shown] = await listed(mia, q="receipt")
    assert (shown["state"], shown["assigned"]) == ("completed", False)


async def test_instructors_see_what_their_learners_showed(
    sign_up: SignUp, load_lessons: Load, agent: AgentSide
) -> None:
    await load_lessons(*MANY)
    school = await found(sign_up)
    program, other = await school.program(), await school.program("Morning")
    teacher = await school.join("Tina", "instructor", program)
    stranger = await school.join("Ivo", "instructor", other)
    mia = await school.join("Mia", program_id=program)
    [shop] = await listed(mia, q="receipt")
    attempt = (await begun(mia, shop["id"]))["attempt"]["id"]
    await told(await next_call(mia, agent), attempt, *whole_lesson())
    path = f"{V1}/review/learners/{mia.id}"
    for person, status in ((mia, 403), (stranger, 404)):
        for what in ("lessons", "objectives"):
            assert (await person.client.get(f"{path}/{what}")).status_code == status
    [kept] = (await teacher.client.get(f"{path}/lessons")).json()["items"]
    assert (kept["id"], kept["state"]) == (attempt, "completed")
    items = (await teacher.client.get(f"{path}/objectives")).json()["items"]
    assert {one["key"] for one in items if one["mastery"]} == {"a2-interaction", "a2-production"}
    seen = (await mia.client.get(f"{V1}/users/me/audit")).json()["items"]
    assert seen[0]["action"] == "learner.seen"


async def test_recommended_by_what_was_shown(catalogue: None, learner: Learner, agent: AgentSide) -> None:
    async def reasons() -> list[tuple[str, str]]:
        items = (await learner.client.get(f"{V1}/lessons/recommended")).json()["items"]
        return [(one["lesson"]["title"], one["reason"]["code"]) for one in items]

    assert await reasons() == [("At the shop", "level"), ("My job", "level")]
    [shop] = await listed(learner, q="receipt")
    attempt = (await begun(learner, shop["id"]))["attempt"]["id"]
    assert (await reasons())[0] == ("At the shop", "go_on")
    call = await next_call(learner, agent)
    await told(call, attempt, *whole_lesson())
    [next_one] = (await learner.client.get(f"{V1}/lessons/recommended")).json()["items"]
    assert next_one["lesson"]["title"] == "My job"
    weakest = {"code": "weakest_skill", "parameters": {"skill": "production", "percent": 20}}
    assert next_one["reason"] == weakest, "one criterion of it was missed"
    [job] = await listed(learner, topic="Work")
    second = (await begun(learner, job["id"]))["attempt"]["id"]
    await call.close()
    await told(await next_call(learner, agent, "AJ_2"), second, event(0, "completed"))
    assert await reasons() == [("The news", "next_level")]
