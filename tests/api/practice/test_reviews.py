"""Reviews: whose they are, when they come back, gradings that count once and can be taken back."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from tests.api.conftest import Learner, SignUp, error_of
from tests.api.practice.conftest import GO, NOW, OLD, V1, Clock, Practice, corrected
from tests.api.school import found

REVIEWS = f"{V1}/reviews"


async def test_nobody_else_reaches_an_item(
    anonymous: httpx.AsyncClient, stranger: Learner, practice: Practice, clock: Clock, sign_up: SignUp
) -> None:
    await practice.slipped(await practice.call("I have twenty years old"), OLD)
    clock.move(days=1)
    (item,) = await practice.due()
    path = f"{REVIEWS}/{item['id']}"
    grading = {"grading_id": str(uuid4()), "rating": "good"}
    asked: list[tuple[str, str, dict[str, Any] | None]] = [
        ("POST", path, grading),
        ("POST", f"{path}/undo", {"grading_id": grading["grading_id"]}),
        ("POST", f"{path}/typed", {"text": "I am"}),
        ("POST", f"{path}/said", None),
        ("PUT", f"{path}/suspension", None),
        ("DELETE", f"{path}/suspension", None),
        ("DELETE", path, None),
    ]
    school = await found(sign_up)
    teacher = await school.join("Tina", "instructor")
    for method, address, body in asked:
        assert (await anonymous.request(method, address, json=body)).status_code == 401
        for other in (stranger, teacher, school.admin):
            refused = await other.client.request(method, address, json=body)
            assert (refused.status_code, error_of(refused)) == (404, "not_found"), address
    assert (await stranger.client.get(f"{REVIEWS}/due")).json()["items"] == []
    assert [one["id"] for one in await practice.due()] == [item["id"]]


async def test_a_planted_mistake_is_due_the_next_day(practice: Practice, clock: Clock) -> None:
    assert await practice.slipped(await practice.call("I have twenty years old"), OLD) == 1
    summary = await practice.get("reviews/summary")
    assert (summary["total"], summary["due"]) == (1, 0)
    assert [day["due"] for day in summary["forecast"]] == [0, 1, 0, 0, 0, 0, 0]
    assert await practice.due() == []
    clock.move(hours=12)
    (item,) = await practice.due()
    assert (item["cue"], item["answer"]) == ("I have twenty years old", "I am twenty years old.")
    assert (item["kind"], item["category"], item["note"]) == ("correction", "grammar", "So it is said.")
    graded = await practice.grade(item["id"], "good")
    assert (graded["due"], await practice.due()) == (0, [])
    clock.move(days=2)
    assert [one["id"] for one in await practice.due()] == [item["id"]]
    assert (await practice.grade(item["id"], "good"))["item"]["due_at"] > "2026-12"


async def test_a_grading_sent_twice_counts_once(
    practice: Practice, clock: Clock, owner: asyncpg.Connection
) -> None:
    await practice.slipped(await practice.call("I have twenty"), OLD, GO)
    clock.move(days=1)
    first, second = await practice.due()
    key = uuid4()
    once = await practice.grade(first["id"], "hard", key)
    clock.move(minutes=1)
    assert (await practice.grade(first["id"], "hard", key))["item"] == once["item"]
    for item, rating in ((second, "hard"), (first, "good")):
        body = {"grading_id": str(key), "rating": rating}
        refused = await practice.learner.client.post(f"{REVIEWS}/{item['id']}", json=body)
        assert (refused.status_code, error_of(refused)) == (409, "grading_id_used")
    kept = "SELECT count(*) FROM review_entries WHERE how = 'screen'"
    assert await owner.fetchval(kept) == 1


async def test_the_last_grading_can_be_taken_back_and_only_that(practice: Practice, clock: Clock) -> None:
    await practice.slipped(await practice.call("I have twenty"), OLD)
    clock.move(days=1)
    (item,) = await practice.due()
    first, second = uuid4(), uuid4()
    after_first = await practice.grade(item["id"], "again", first)
    clock.move(minutes=10)
    await practice.grade(item["id"], "easy", second)

    async def undo(key: UUID) -> httpx.Response:
        address = f"{REVIEWS}/{item['id']}/undo"
        return await practice.learner.client.post(address, json={"grading_id": str(key)})

    refused = await undo(first)
    assert (refused.status_code, error_of(refused)) == (409, "not_the_last")
    assert (await undo(uuid4())).status_code == 404
    for _twice in range(2):
        answer = await undo(second)
        assert answer.json()["item"] == after_first["item"]
    assert (await undo(first)).json()["item"] == item
    assert await practice.due() == [item]


async def test_items_are_left_out_taken_in_and_removed_for_good(
    practice: Practice, clock: Clock, owner: asyncpg.Connection
) -> None:
    call = await practice.call("I have twenty")
    await practice.slipped(call, OLD)
    clock.move(days=1)
    (item,) = await practice.due()
    path = f"{REVIEWS}/{item['id']}"
    client = practice.learner.client
    for _twice in range(2):
        assert (await client.put(f"{path}/suspension")).status_code == 204
    assert await practice.due() == []
    body = {"grading_id": str(uuid4()), "rating": "good"}
    refused = await client.post(path, json=body)
    assert (refused.status_code, error_of(refused)) == (409, "item_suspended")
    assert [one["id"] for one in (await practice.get("reviews", suspended=True))["items"]] == [item["id"]]
    assert (await client.delete(f"{path}/suspension")).status_code == 204
    assert await practice.due() == [item]
    assert (await client.delete(path)).status_code == 204
    assert (await client.delete(path)).status_code == 404
    assert await practice.slipped(call, OLD) == 0
    assert (await practice.get("reviews/summary"))["total"] == 0
    assert "twenty" not in str(await owner.fetchrow("SELECT cue, answer, note FROM review_items"))


async def test_the_same_slip_does_not_flood(practice: Practice, clock: Clock) -> None:
    call = await practice.call("She go to school. She go home")
    assert await practice.slipped(call, GO, corrected("go", "goes", "She goes home.")) == 1
    assert await practice.slipped(call, GO) == 0, "the same call again"
    clock.move(days=1)
    (item,) = await practice.due()
    assert item["times_made"] == 1
    await practice.grade(item["id"], "easy")
    clock.move(hours=1)
    later = await practice.call("My sister go there", job="AJ_2")
    again = corrected("go", "goes", "My sister goes there.")
    for _twice in range(2):
        assert await practice.slipped(later, again, at=clock.now) == 0
    clock.move(minutes=10)
    (item,) = await practice.due()
    assert (item["times_made"], item["cue"], item["call_id"]) == (2, "My sister go there", later.id)
    assert item["answer"] == "My sister goes there."


async def test_of_one_rule_only_so_many_are_learned_at_a_time(practice: Practice, clock: Clock) -> None:
    verbs = ["walk", "swim", "cook", "sing", "read"]
    found = [corrected(verb, f"{verb}s", f"She {verb}s well.") for verb in verbs]
    other = corrected("in", "on", "She comes on Monday.", rule="preposition")
    assert await practice.slipped(await practice.call("She walk"), *found, other) == 4
    later = await practice.call("She sing", job="AJ_2")
    assert await practice.slipped(later, found[3], found[4], at=clock.now) == 0
    clock.move(days=1)
    times = sorted(item["times_made"] for item in await practice.due())
    assert times == [1, 1, 1, 2]


async def test_days_are_those_of_the_learners_time_zone(practice: Practice, clock: Clock) -> None:
    patched = await practice.learner.client.patch(
        f"{V1}/users/me/preferences", json={"time_zone": "Pacific/Auckland"}
    )
    assert patched.json()["time_zone"] == "Pacific/Auckland"
    await practice.slipped(await practice.call("I have twenty"), OLD)
    (item,) = (await practice.get("reviews"))["items"]
    assert item["due_at"] == "2026-11-22T11:00:00Z"
    summary = await practice.get("reviews/summary", time_zone="America/Lima")
    assert summary["forecast"][0]["day"] == "2026-11-22", "what the learner chose goes before"
    wrong = await practice.learner.client.patch(
        f"{V1}/users/me/preferences", json={"time_zone": "Mars/Olympus"}
    )
    assert wrong.status_code == 422
    asked = await practice.learner.client.get(f"{REVIEWS}/summary", params={"time_zone": "../etc"})
    assert (asked.status_code, error_of(asked)) == (422, "unknown_time_zone")


async def test_pages_go_through_all_items(practice: Practice) -> None:
    found = [corrected(f"w{n}", f"v{n}", f"I say v{n}.", rule=f"rule-{n}") for n in range(5)]
    await practice.slipped(await practice.call("I say"), *found)
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = await practice.get("reviews", **query)
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 5
    refused = await practice.learner.client.get(REVIEWS, params={"cursor": "nonsense"})
    assert error_of(refused) == "invalid_cursor"


async def test_what_a_deleted_call_gave_goes_with_it(practice: Practice, clock: Clock) -> None:
    first = await practice.call("I have twenty")
    await practice.slipped(first, OLD)
    second = await practice.call("She go", job="AJ_2")
    await practice.slipped(second, GO, at=NOW)
    deleted = await practice.learner.client.delete(f"{V1}/calls/{first.id}")
    assert deleted.is_success, deleted.text
    clock.move(days=1)
    assert [item["answer"] for item in await practice.due()] == [GO.better]
