"""Comments, answers, flags and bookmarks, and two who write at once."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.api.conftest import Learner, error_of
from tests.api.review.conftest import REVIEW, HeldCall, ok, written

ME = "/api/v1/users/me"
HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


async def test_learner_sees_answers_and_the_instructor_sees_the_answer(
    teacher: Learner, maya: Learner, call: HeldCall
) -> None:
    note = await written(teacher, call, "A lively call.")
    comment = await written(teacher, call, "bought", turn_id=call.turns[0]["id"], span_start=2, span_end=7)
    assert ok(await maya.client.get(f"{ME}/news"))["new_comments"] == 2
    received = ok(await maya.client.get(f"{ME}/comments"))["items"]
    assert [one["comment"]["id"] for one in received] == [comment["id"], note["id"]]
    assert received[0]["words"] == "buyed"
    assert received[0]["comment"]["author_name"] == "Tom"

    assert (await maya.client.post(f"{ME}/comments/read", json={"call_id": call.id})).status_code == 204
    assert ok(await maya.client.get(f"{ME}/news"))["new_comments"] == 0
    answered = await maya.client.post(f"{ME}/comments/{comment['id']}/answers", json={"text": "Thank you!"})
    assert answered.status_code == 201
    assert ok(await maya.client.get(f"{ME}/news"))["new_comments"] == 0

    [listed] = ok(await teacher.client.get(f"{REVIEW}/learners/{maya.id}/calls"))["items"]
    assert (listed["comment_count"], listed["new_answers"]) == (3, 1)
    assert ok(await teacher.client.get(f"{REVIEW}/learners"))["items"][0]["new_answers"] == 1
    shown = ok(await teacher.client.get(call.at))["comments"]
    answer = next(one for one in shown if one["by_learner"])
    assert (answer["text"], answer["parent_id"]) == ("Thank you!", comment["id"])
    assert (answer["turn_id"], answer["span_start"], answer["span_end"]) == (call.turns[0]["id"], 2, 7)
    assert (await teacher.client.post(f"{call.at}/answers/read")).status_code == 204
    assert ok(await teacher.client.get(f"{REVIEW}/learners"))["items"][0]["new_answers"] == 0
    thread = ok(await maya.client.get(f"{ME}/calls/{call.id}/comments"))["items"]
    assert [one["id"] for one in thread] == [note["id"], comment["id"], answer["id"]]


async def test_answers_are_one_level_deep(teacher: Learner, maya: Learner, call: HeldCall) -> None:
    comment = await written(teacher, call)
    first = ok(await maya.client.post(f"{ME}/comments/{comment['id']}/answers", json={"text": "Why?"}))
    second = await written(teacher, call, "Because.", parent_id=first["id"])
    assert second["parent_id"] == first["parent_id"] == comment["id"]
    assert ok(await maya.client.get(f"{ME}/news"))["new_comments"] == 2


async def test_learner_answers_only_what_was_written_to_them(
    teacher: Learner, stranger: Learner, call: HeldCall
) -> None:
    comment = await written(teacher, call)
    answer = await stranger.client.post(f"{ME}/comments/{comment['id']}/answers", json={"text": "Hello"})
    assert answer.status_code == 404
    assert (await stranger.client.get(f"{ME}/calls/{call.id}/comments")).status_code == 404
    assert ok(await stranger.client.get(f"{ME}/comments"))["items"] == []


@pytest.mark.parametrize(
    "place",
    [
        {"span_start": 0, "span_end": 4},
        {"turn": True, "span_start": 4},
        {"turn": True, "span_start": 4, "span_end": 4},
        {"turn": True, "span_start": 0, "span_end": 10_000},
        {"turn": True, "span_start": 0, "span_end": 27},
        {"turn": True, "span_start": -1, "span_end": 3},
    ],
)
async def test_places_that_are_none(teacher: Learner, call: HeldCall, place: dict[str, Any]) -> None:
    turn_id = {"turn_id": call.turns[0]["id"]} if place.pop("turn", False) else {}
    answer = await teacher.client.post(f"{call.at}/comments", json={"text": "x", **turn_id, **place})
    assert answer.status_code == 422


async def test_spans_count_characters_and_not_bytes(teacher: Learner, call: HeldCall) -> None:
    text = call.turns[0]["text"]
    assert len(text) == 26
    comment = await written(teacher, call, turn_id=call.turns[0]["id"], span_start=16, span_end=len(text))
    assert text[comment["span_start"] : comment["span_end"]] == "yesterday."


async def test_turn_of_another_call_is_no_place(teacher: Learner, call: HeldCall) -> None:
    for what in ("comments", "flags", "bookmarks"):
        body = {"turn_id": str(uuid4()), "text": "x", "kind": "attention"}
        wanted = {"comments": {"turn_id", "text"}, "flags": {"turn_id", "kind"}, "bookmarks": {"turn_id"}}
        sent = {name: value for name, value in body.items() if name in wanted[what]}
        assert (await teacher.client.post(f"{call.at}/{what}", json=sent)).status_code == 404


@pytest.mark.parametrize("text", ["", "   \n ", "\x00", "x" * 2_001])
async def test_texts_have_limits(teacher: Learner, call: HeldCall, text: str) -> None:
    assert (await teacher.client.post(f"{call.at}/comments", json={"text": text})).status_code == 422


async def test_texts_are_kept_as_text(teacher: Learner, maya: Learner, call: HeldCall) -> None:
    comment = await written(teacher, call, f"  {HOSTILE}\x07\n\nSecond line  ")
    assert comment["text"] == f"{HOSTILE}\n\nSecond line"
    assert ok(await maya.client.get(f"{ME}/comments"))["items"][0]["comment"]["text"] == comment["text"]


async def test_of_two_changes_at_once_one_is_told_of_the_other(teacher: Learner, call: HeldCall) -> None:
    comment = await written(teacher, call)
    address = f"{REVIEW}/comments/{comment['id']}"
    answers = await asyncio.gather(
        *(teacher.client.patch(address, json={"text": f"Words {n}", "version": 1}) for n in range(2))
    )
    by_status = {answer.status_code: answer for answer in answers}
    assert set(by_status) == {200, 409}
    assert error_of(by_status[409]) == "changed_meanwhile"
    assert by_status[409].json()["error"]["details"][0]["present"] == by_status[200].json()
    assert (await teacher.client.delete(f"{address}?version=1")).status_code == 409
    assert (await teacher.client.delete(f"{address}?version=2")).status_code == 204


async def test_two_instructors_commenting_at_once_are_both_kept(
    teacher: Learner, colleague: Learner, call: HeldCall
) -> None:
    body = {"text": "Past tense.", "turn_id": call.turns[0]["id"]}
    answers = await asyncio.gather(
        *(one.client.post(f"{call.at}/comments", json=body) for one in (teacher, colleague))
    )
    assert [answer.status_code for answer in answers] == [201, 201]
    shown = ok(await teacher.client.get(call.at))["comments"]
    assert sorted((one["author_name"], one["mine"]) for one in shown) == [("Cora", False), ("Tom", True)]


async def test_answered_comment_stays(teacher: Learner, maya: Learner, call: HeldCall) -> None:
    comment = await written(teacher, call)
    ok(await maya.client.post(f"{ME}/comments/{comment['id']}/answers", json={"text": "Thanks"}))
    refused = await teacher.client.delete(f"{REVIEW}/comments/{comment['id']}?version=1")
    assert (refused.status_code, error_of(refused)) == (409, "answered")


async def test_changed_comment_is_new_to_the_learner(teacher: Learner, maya: Learner, call: HeldCall) -> None:
    comment = await written(teacher, call)
    ok(await maya.client.post(f"{ME}/comments/read", json={}))
    changed = {"text": "Better words", "version": 1}
    assert ok(await teacher.client.patch(f"{REVIEW}/comments/{comment['id']}", json=changed))["version"] == 2
    assert ok(await maya.client.get(f"{ME}/news"))["new_comments"] == 1


async def test_flags_are_seen_by_instructors_and_resolved_by_any(
    teacher: Learner, colleague: Learner, maya: Learner, call: HeldCall
) -> None:
    body = {"kind": "attention", "turn_id": call.turns[0]["id"], "note": HOSTILE}
    flag = ok(await teacher.client.post(f"{call.at}/flags", json=body))
    ok(await teacher.client.post(f"{call.at}/flags", json={"kind": "good_example"}))
    assert ok(await colleague.client.get(f"{REVIEW}/learners"))["items"][0]["open_flags"] == 1
    address = f"{REVIEW}/flags/{flag['id']}"
    resolved = ok(await colleague.client.patch(address, json={"version": 1, "resolved": True}))
    assert resolved["resolved_at"]
    assert resolved["author_name"] == "Tom"
    late = await teacher.client.patch(address, json={"version": 1, "note": "Still"})
    assert (late.status_code, error_of(late)) == (409, "changed_meanwhile")
    assert late.json()["error"]["details"][0]["present"] == resolved
    assert ok(await colleague.client.get(f"{REVIEW}/learners"))["items"][0]["open_flags"] == 0
    assert (await colleague.client.delete(f"{address}?version=2")).status_code == 403
    assert (await teacher.client.delete(f"{address}?version=2")).status_code == 204
    assert HOSTILE not in (await maya.client.get(f"{ME}/calls/{call.id}/comments")).text


async def test_bookmarks_are_their_owners_alone(teacher: Learner, colleague: Learner, call: HeldCall) -> None:
    body = {"turn_id": call.turns[1]["id"]}
    made = [ok(await teacher.client.post(f"{call.at}/bookmarks", json=body)) for _ in range(2)]
    assert made[0] == made[1]
    ok(await teacher.client.post(f"{call.at}/bookmarks", json={}))
    listed = ok(await teacher.client.get(f"{REVIEW}/bookmarks"))["items"]
    assert [one["words"] for one in listed] == ["", "You bought plums?"]
    assert {one["learner_name"] for one in listed} == {"Maya"}
    assert ok(await colleague.client.get(f"{REVIEW}/bookmarks"))["items"] == []
    assert ok(await colleague.client.get(call.at))["bookmarks"] == []
    address = f"{REVIEW}/bookmarks/{made[0]['id']}"
    assert (await colleague.client.delete(address)).status_code == 404
    assert (await teacher.client.delete(address)).status_code == 204
    assert len(ok(await teacher.client.get(call.at))["bookmarks"]) == 1
