"""Practice that is asked for, and done."""

from typing import Any

import pytest

from tests.api.conftest import Learner, error_of
from tests.api.review.conftest import REVIEW, School, ok

ME = "/api/v1/users/me"


async def assigned(by: Learner, to: Learner, **more: Any) -> dict[str, Any]:
    body = {"title": "Talk about your last holiday", **more}
    made: dict[str, Any] = ok(await by.client.post(f"{REVIEW}/learners/{to.id}/assignments", json=body))
    return made


async def test_learner_does_it_and_the_instructor_sees(teacher: Learner, maya: Learner) -> None:
    made = await assigned(teacher, maya, body="Use the past tense.\nTwo minutes.", due_on="2026-12-01")
    await assigned(teacher, maya, due_on="2026-11-28")
    assert ok(await maya.client.get(f"{ME}/news"))["open_assignments"] == 2
    assert ok(await teacher.client.get(f"{REVIEW}/learners"))["items"][0]["next_due"] == "2026-11-28"
    own = ok(await maya.client.get(f"{ME}/assignments"))["items"]
    assert [one["due_on"] for one in own] == ["2026-11-28", "2026-12-01"]
    assert (own[1]["body"], own[1]["author_name"]) == ("Use the past tense.\nTwo minutes.", "Tom")
    done = ok(await maya.client.post(f"{ME}/assignments/{made['id']}/done"))
    again = ok(await maya.client.post(f"{ME}/assignments/{made['id']}/done", json={}))
    assert again == done
    listed = ok(await teacher.client.get(f"{REVIEW}/learners/{maya.id}/assignments"))["items"]
    assert [bool(one["done_at"]) for one in listed] == [False, True]
    undone = ok(await maya.client.post(f"{ME}/assignments/{made['id']}/done", json={"done": False}))
    assert undone["done_at"] is None


async def test_whose_it_is(
    teacher: Learner, colleague: Learner, outsider: Learner, maya: Learner, school: School
) -> None:
    made = await assigned(teacher, maya)
    address = f"{REVIEW}/assignments/{made['id']}"
    change = {"version": 1, "title": "Another"}
    assert (await outsider.client.patch(address, json=change)).status_code == 404
    refused = await colleague.client.patch(address, json=change)
    assert (refused.status_code, error_of(refused)) == (403, "not_yours")
    assert (await maya.client.patch(address, json=change)).status_code == 403
    other = await school.join("Noor")
    assert (await other.client.post(f"{ME}/assignments/{made['id']}/done")).status_code == 404
    posted = await outsider.client.post(f"{REVIEW}/learners/{maya.id}/assignments", json={"title": "x"})
    assert posted.status_code == 404


async def test_nobody_overwrites_what_they_have_not_read(teacher: Learner, maya: Learner) -> None:
    made = await assigned(teacher, maya, due_on="2026-12-01")
    ok(await maya.client.post(f"{ME}/assignments/{made['id']}/done"))
    address = f"{REVIEW}/assignments/{made['id']}"
    late = await teacher.client.patch(address, json={"version": 1, "due_on": None})
    assert (late.status_code, error_of(late)) == (409, "changed_meanwhile")
    version = late.json()["error"]["details"][0]["present"]["version"]
    changed = ok(await teacher.client.patch(address, json={"version": version, "due_on": None}))
    assert (changed["due_on"], changed["title"]) == (None, made["title"])
    assert (await teacher.client.delete(f"{address}?version={version}")).status_code == 409
    assert (await teacher.client.delete(f"{address}?version={changed['version']}")).status_code == 204
    assert ok(await maya.client.get(f"{ME}/assignments"))["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"title": ""},
        {"title": "a\nb"},
        {"title": "x" * 121},
        {"title": "x", "body": "x" * 4_001},
        {"title": "x", "due_on": "soon"},
        {"title": "x", "learner_id": "me"},
    ],
)
async def test_limits(teacher: Learner, maya: Learner, body: dict[str, Any]) -> None:
    answer = await teacher.client.post(f"{REVIEW}/learners/{maya.id}/assignments", json=body)
    assert answer.status_code == 422
