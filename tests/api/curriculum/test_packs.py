"""Lesson packs: out of one school, into another, and what is refused on the way."""

import json
from typing import Any

import asyncpg
import httpx
import pytest

from tests.api.conftest import Learner, SignUp, error_of
from tests.api.curriculum.conftest import V1, Load, lesson, listed, step
from tests.api.school import School, found

PACK = f"{V1}/school/lessons/pack"


@pytest.fixture
async def school(sign_up: SignUp, load_lessons: Load) -> School:
    """A school, and the installation's objectives."""
    await load_lessons()
    return await found(sign_up)


@pytest.fixture
async def teacher(school: School) -> Learner:
    """An instructor."""
    return await school.join("Tina", "instructor")


def pack(*lessons: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A pack as a file holds it."""
    return {"format": "avaaz-lessons-1", "lessons": list(lessons), **more}


def plain(key: str = "ours", **more: Any) -> dict[str, Any]:
    """A lesson as a file holds it."""
    return {**lesson(key).model_dump(mode="json", by_alias=True, exclude_none=True), **more}


async def taken(person: Learner, body: dict[str, Any]) -> httpx.Response:
    """A pack taken in."""
    return await person.client.post(PACK, json=body)


async def test_who_may(school: School, teacher: Learner, anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get(PACK)).status_code == 401
    mia = await school.join()
    for answer in (await mia.client.get(PACK), await taken(mia, pack(plain()))):
        assert (answer.status_code, error_of(answer)) == (403, "forbidden")


async def test_from_one_school_into_another(
    school: School, teacher: Learner, sign_up: SignUp, owner: asyncpg.Connection
) -> None:
    empty = await teacher.client.get(PACK)
    assert (empty.status_code, error_of(empty)) == (404, "nothing_to_export")
    done = await taken(teacher, pack(plain("one"), plain("two", title="Two"), publish=True))
    assert done.status_code == 201, done.text
    first, second = done.json()["made"]
    whole = (await teacher.client.get(PACK)).json()
    assert [one["key"] for one in whole["lessons"]] == ["one", "two"]
    some = (await teacher.client.get(PACK, params={"lesson": [second]})).json()
    assert [one["key"] for one in some["lessons"]] == ["two"]

    south = await found(sign_up, "South School", "Bob")
    foreign = await south.admin.client.get(PACK, params={"lesson": [first]})
    assert foreign.status_code == 404
    there = await taken(south.admin, whole)
    assert len(there.json()["made"]) == 2
    assert await listed(south.admin) == [], "drafts, until somebody publishes them"
    again = await taken(south.admin, {**whole, "publish": True})
    assert again.json() == {"made": [], "already_here": ["one", "two"]}
    noted = await owner.fetch("SELECT details FROM audit_events WHERE action = 'lesson.imported'")
    assert {"lessons": 2, "published": True} in [json.loads(one["details"]) for one in noted]


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (pack(), "validation_error", "body.lessons"),
        (pack(plain(), format="zip"), "validation_error", "body.format"),
        (pack({"key": "x"}), "validation_error", "body.lessons.0.level"),
        (pack(plain(colour="red")), "validation_error", "body.lessons.0.colour"),
        (pack(*[plain(f"l{n}") for n in range(101)]), "validation_error", "body.lessons"),
        (pack(plain(), plain("b", title="<img src=x onerror=x>")), "html_not_allowed", "lessons.1.title"),
        (pack(plain(steps=[step("say") | {"guidance": "</script><script>"}])), "html_not_allowed",
         "lessons.0.steps.0.guidance"),
        (pack(plain(topic="Pe\u202eople")), "unprintable_text", "lessons.0.topic"),
        (pack(plain(objectives=["no-such"], steps=[step("say")])), "unknown_objective",
         "lessons.0.objectives.0"),
        (pack(plain(steps=[step("say", {"key": "c", "says": "x", "kind": "pattern", "pattern": "(a+)+b"})])),
         "pattern_not_allowed", "lessons.0.steps.0.criteria.0.pattern"),
        (pack(plain(steps=[step("say", {"key": "c", "says": "x", "kind": "pattern", "pattern": "(a"})])),
         "validation_error", "body.lessons.0.steps.0.criteria.0.pattern"),
    ],
)  # fmt: skip
async def test_what_is_refused_says_where(
    teacher: Learner, owner: asyncpg.Connection, body: dict[str, Any], code: str, field: str
) -> None:
    answer = await taken(teacher, body)
    assert (answer.status_code, error_of(answer)) == (422, code), answer.text
    assert field in [one["field"] for one in answer.json()["error"]["details"]]
    assert await owner.fetchval("SELECT count(*) FROM lessons") == 0, "all or nothing"


async def test_a_huge_pack_is_not_read(teacher: Learner) -> None:
    answer = await taken(teacher, pack(plain(topic="x" * 1_100_000)))
    assert (answer.status_code, error_of(answer)) == (413, "too_large")
    nested = await teacher.client.post(PACK, content=b"[" * 200 + b"]" * 200)
    assert nested.status_code == 422
