"""Lessons that a school's staff write together: who may, saving, conflicts, publishing, history."""

import copy
from typing import Any

import httpx

from tests.api.authoring.conftest import LESSONS, V1, Staff, published, read, save, saved, wish, written
from tests.api.conftest import AgentSide, Learner, SignUp, error_of
from tests.api.curriculum.conftest import Load, begun, lesson, listed, next_call
from tests.api.school import found


def without_words(content: dict[str, Any]) -> dict[str, Any]:
    """A lesson in which a text is missing."""
    broken = copy.deepcopy(content)
    broken["steps"][0]["exchanges"][0]["say"] = ""
    return broken


async def test_learners_and_strangers_write_nothing(
    staff: Staff, anonymous: httpx.AsyncClient, sign_up: SignUp
) -> None:
    draft = await written(staff.instructor)
    path = f"{LESSONS}/{draft['lesson_id']}"
    other = (await found(sign_up, "South School", "Bob")).admin
    for client, status in ((anonymous, 401), (staff.learner.client, 403), (other.client, 404)):
        assert (await client.get(path)).status_code == status
        body = {"version": draft["version"], "content": draft["content"]}
        assert (await client.put(path, json=body)).status_code == status
        for what in ("preview", "archive", "duplicate"):
            assert (await client.post(f"{path}/{what}")).status_code == status
        assert (await client.delete(path)).status_code == status
    assert (await read(staff.instructor, draft["lesson_id"]))["version"] == draft["version"]
    assert await listed(staff.learner) == []


async def test_staff_of_all_programs_write_together(staff: Staff) -> None:
    draft = await written(staff.instructor)
    seen = await read(staff.colleague, draft["lesson_id"])
    await saved(staff.colleague, seen, title="Food we like")
    [item] = (await staff.school.admin.client.get(LESSONS)).json()["items"]
    assert (item["title"], item["author_name"], item["offered"]) == ("Food we like", "Tina", None)


async def test_what_is_not_whole_is_kept_and_named(staff: Staff) -> None:
    draft = await written(staff.instructor)
    answer = await save(staff.instructor, draft, **without_words(draft["content"]))
    assert not answer.json()["usable"]
    now = await read(staff.colleague, draft["lesson_id"])
    assert now["content"]["steps"][0]["exchanges"][0]["say"] == ""
    [problem] = [one for one in now["problems"] if one["weight"] == "error"]
    assert (problem["path"], problem["code"]) == ("steps.0.exchanges.0.say", "missing")
    assert problem["message"] == "Write something here."
    for what, body in (("preview", None), ("publish", {"version": now["version"]})):
        refused = await staff.instructor.client.post(f"{LESSONS}/{draft['lesson_id']}/{what}", json=body)
        assert error_of(refused) == "lesson_unfinished"
    whole = await saved(staff.instructor, now, **draft["content"])
    assert whole["usable"]
    assert (await published(staff.instructor, whole))["offered"]["number"] == 1


async def test_nobodys_work_is_written_over(staff: Staff) -> None:
    draft = await written(staff.instructor)
    await saved(staff.colleague, draft, title="Theirs")
    answer = await save(staff.instructor, draft, title="Mine", topic="Drinks")
    assert (answer.status_code, error_of(answer)) == (409, "changed_meanwhile")
    [told] = answer.json()["error"]["details"]
    assert told["present"]["content"]["title"] == "Theirs"
    changes = {one["path"]: (one["before"], one["after"]) for one in told["changes"]}
    assert changes == {"title": ("Theirs", "Mine"), "topic": ("food and cooking", "Drinks")}
    again = {**draft, "version": told["present"]["version"]}
    assert (await saved(staff.instructor, again, title="Mine"))["content"]["title"] == "Mine"


async def test_two_saves_of_the_same_unfinished_version_meet(staff: Staff) -> None:
    draft = await written(staff.instructor)
    first = await save(staff.instructor, draft, **without_words(draft["content"]))
    assert first.status_code == 200
    second = await save(staff.colleague, draft, **without_words(draft["content"]))
    assert error_of(second) == "changed_meanwhile"


async def test_garbage_is_refused(staff: Staff) -> None:
    draft = await written(staff.instructor)
    garbage: list[dict[str, Any]] = [
        {"steps": "none"},
        {"title": 7},
        {"surprise": 1},
        {"steps": [{"exchanges": [{"say": ["a"]}]}]},
    ]
    for change in garbage:
        answer = await save(staff.instructor, draft, **change)
        assert (answer.status_code, error_of(answer)) == (422, "unreadable_lesson"), change
    huge = await save(staff.instructor, draft, goal="x" * 300_000)
    assert error_of(huge) == "lesson_too_large"
    assert (await read(staff.instructor, draft["lesson_id"]))["version"] == draft["version"]


async def test_problems_are_plain_and_in_place(staff: Staff) -> None:
    draft = await written(staff.instructor)
    steps = copy.deepcopy(draft["content"]["steps"])
    steps[0]["title"] = "<b>Hello</b>"
    steps[1]["criteria"] = [
        {"key": "a", "says": "Say it", "kind": "pattern", "pattern": "(a+)+$"},
        {"key": "b", "says": "Say it", "kind": "phrase", "phrases": ["never said in a model"]},
    ]
    body = {"content": {**draft["content"], "steps": steps, "objectives": ["no-such"]}}
    answer = await staff.instructor.client.post(f"{V1}/authoring/validate", json=body)
    problems = {(one["path"], one["code"], one["weight"]) for one in answer.json()["problems"]}
    assert {
        ("steps.0.title", "html_not_allowed", "error"),
        ("objectives.0", "unknown_objective", "error"),
        ("steps.1.criteria.0.pattern", "wild_pattern", "error"),
        ("steps.1.criteria.1", "not_in_models", "advice"),
    } <= problems
    body["content"]["steps"][1]["criteria"] = [{"key": "a", "says": "Say it", "kind": "words", "words": []}]
    answer = await staff.instructor.client.post(f"{V1}/authoring/validate", json=body)
    assert ("steps.1.criteria.0", "nothing_to_look_for") in {
        (one["path"], one["code"]) for one in answer.json()["problems"]
    }


async def test_publishing_while_somebody_is_in_the_middle(staff: Staff, agent: AgentSide) -> None:
    draft = await published(staff.instructor, await written(staff.instructor))
    lesson_id = draft["lesson_id"]
    await begun(staff.learner, lesson_id)
    changed = await published(staff.colleague, await saved(staff.colleague, draft, title="A new title"))
    assert changed["offered"]["number"] == 2
    plan = (await next_call(staff.learner, agent)).body["brief"]["lesson"]
    assert (plan["version"], plan["content"]["title"]) == (1, draft["content"]["title"])
    assert [one["title"] for one in await listed(staff.learner)] == ["A new title"]
    await staff.instructor.client.post(f"{LESSONS}/{lesson_id}/archive")
    assert await listed(staff.learner) == []
    assert (await staff.instructor.client.delete(f"{LESSONS}/{lesson_id}")).status_code == 204
    again = await agent.opened(await staff.learner.room(), "AJ_2")
    assert again.body["brief"]["lesson"]["content"]["title"] == draft["content"]["title"]


async def test_a_draft_is_tried_by_its_author_alone_and_counts_nothing(
    staff: Staff, agent: AgentSide
) -> None:
    draft = await written(staff.instructor)
    answer = await staff.instructor.client.post(f"{LESSONS}/{draft['lesson_id']}/preview")
    assert answer.status_code == 201, answer.text
    plan = (await next_call(staff.instructor, agent)).body["brief"]["lesson"]
    assert (plan["attempt_id"], plan["draft"]) == (answer.json()["attempt_id"], True)
    start = await staff.learner.client.post(f"{V1}/lessons/{draft['lesson_id']}/start")
    assert start.status_code == 404


async def test_history_tells_what_changed_and_takes_back(staff: Staff) -> None:
    first = await published(staff.instructor, await written(staff.instructor))
    second = await published(staff.instructor, await saved(staff.instructor, first, title="Second"))
    path = f"{LESSONS}/{first['lesson_id']}/versions"
    items = (await staff.colleague.client.get(path)).json()["items"]
    assert [(one["number"], one["state"]) for one in items] == [(2, "published"), (1, "archived")]
    detail = (await staff.colleague.client.get(f"{path}/2")).json()
    assert detail["changes"] == [{"path": "title", "before": first["content"]["title"], "after": "Second"}]
    late = await staff.colleague.client.post(f"{path}/1/revert", json={"version": "9"})
    assert error_of(late) == "changed_meanwhile"
    body = {"version": second["version"]}
    back = (await staff.colleague.client.post(f"{path}/1/revert", json=body)).json()
    assert (back["content"]["title"], back["offered"]["number"]) == (first["content"]["title"], 2)
    query = {"version": back["version"]}
    gone = await staff.colleague.client.delete(f"{LESSONS}/{first['lesson_id']}/draft", params=query)
    assert gone.json()["content"]["title"] == "Second"
    assert (await staff.colleague.client.get(f"{path}/7")).status_code == 404


async def test_what_comes_with_the_installation_is_copied_and_not_changed(
    staff: Staff, load_lessons: Load
) -> None:
    await load_lessons(lesson())
    [seeded] = await listed(staff.instructor)
    path = f"{LESSONS}/{seeded['id']}"
    assert error_of(await staff.instructor.client.get(path)) == "not_yours"
    copied = (await staff.instructor.client.post(f"{path}/duplicate")).json()
    assert copied["content"]["title"] == seeded["title"]
    twice = (await staff.colleague.client.post(f"{LESSONS}/{copied['lesson_id']}/duplicate")).json()
    assert twice["content"]["title"] == f"{seeded['title']} (copy)"
    assert len({seeded["id"], copied["lesson_id"], twice["lesson_id"]}) == 3


async def test_a_lesson_is_given_to_one_learner_or_a_program(staff: Staff) -> None:
    draft = await written(staff.instructor)
    path = f"{LESSONS}/{draft['lesson_id']}/assignments"
    one, whole = {"learner_id": str(staff.learner.id)}, {"program_id": staff.program_id}
    assert error_of(await staff.instructor.client.post(path, json=one)) == "no_such_lesson"
    await published(staff.instructor, draft)
    second = await staff.school.join("Noa", program_id=staff.program_id)
    given = await staff.instructor.client.post(path, json={**whole, "due_on": "2030-01-31"})
    assert given.json() == {"assigned": 2, "full": 0}
    for learner in (staff.learner, second):
        [task] = (await learner.client.get(f"{V1}/users/me/assignments")).json()["items"]
        assert (task["lesson_id"], task["due_on"]) == (draft["lesson_id"], "2030-01-31")
    for body in (one, whole):
        assert (await staff.colleague.client.post(path, json=body)).status_code == 404
    assert (await staff.instructor.client.post(path, json={**one, **whole})).status_code == 422


async def test_a_lesson_may_be_about_what_the_author_says(staff: Staff) -> None:
    draft = await written(
        staff.instructor, level="B2", title="My debate", kind="exam_part", exam_tags=["b2-debate"],
        objectives=["b2-interaction"], area="work",
    )  # fmt: skip
    content = draft["content"]
    assert (content["title"], content["kind"], content["area"]) == ("My debate", "exam_part", "work")
    assert (content["objectives"], content["exam_tags"]) == (["b2-interaction"], ["b2-debate"])
    unknown = await staff.instructor.client.post(LESSONS, json=wish(objectives=["no-such"]))
    assert error_of(unknown) == "unknown_objective"


async def test_documents_must_be_ones_own_to_see(staff: Staff, learner: Learner) -> None:
    draft = await written(staff.instructor)
    body = {"document_ids": ["00000000-0000-0000-0000-000000000001"]}
    answer = await staff.instructor.client.put(f"{LESSONS}/{draft['lesson_id']}/documents", json=body)
    assert answer.status_code == 404
    too_many = {"document_ids": body["document_ids"] * 6}
    answer = await staff.instructor.client.put(f"{LESSONS}/{draft['lesson_id']}/documents", json=too_many)
    assert answer.status_code == 422
    assert learner.organisation_id != staff.school.id
