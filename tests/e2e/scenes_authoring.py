"""Lessons to write: their list, a new one being made, the builder in the states that matter."""

from typing import Any

from playwright.async_api import Page, expect

from api.authoring.templates import Wanted, lesson_from_template
from api.contract.lessons import Area, TaskKind
from api.contract.levels import Level
from tests.e2e.answers import Answers, refusal
from tests.e2e.answers_review import HOSTILE, SCHOOL, ago
from tests.e2e.scene import Act, Scene, nothing

LESSON_ID = "00000000-0000-0000-0000-0000000000e1"
SUGGESTION_ID = "00000000-0000-0000-0000-0000000000f1"
LIST = "/authoring"
ONE = f"/authoring/{LESSON_ID}"
SAVE = f"PUT /authoring/lessons/{LESSON_ID}"
CONTENT = lesson_from_template(
    Wanted(Level.A2, TaskKind.EXCHANGE_VIEWS, "food and cooking", Area.EVERYDAY, ["a2-agree"])
).model_dump(mode="json", by_alias=True, exclude_none=True)


def written(number: int, title: str, **more: Any) -> dict[str, Any]:
    """A lesson of the list."""
    return {
        "id": f"00000000-0000-0000-0000-0000000000e{number}",
        "title": title,
        "level": "A2",
        "task": "exchange_views",
        "area": "everyday",
        "kind": "lesson",
        "minutes": 6,
        "has_draft": True,
        "is_unfinished": False,
        "offered": None,
        "author_name": "Ana",
        "changed_at": ago(number * 90_000),
        **more,
    }


def problem(path: str, code: str, weight: str = "error", limit: int | None = None) -> dict[str, Any]:
    """Something that stands against a lesson."""
    return {"path": path, "code": code, "message": code, "weight": weight, "limit": limit}


def draft(*problems: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A lesson to go on writing."""
    return {
        "lesson_id": LESSON_ID,
        "version": "3",
        "content": CONTENT,
        "problems": list(problems),
        "usable": not any(one["weight"] == "error" for one in problems),
        "has_draft": True,
        "offered": {"number": 1, "published_at": ago(90_000)},
        "document_ids": [],
        "changed_at": ago(60),
        **more,
    }


def objective(key: str, skill: str, can_do: str) -> dict[str, Any]:
    """Something to be able to do."""
    return {"key": key, "level": "A2", "skill": skill, "can_do": can_do, "mastery": None, "lesson_ids": []}


OFFERED = {"number": 2, "published_at": ago(90_000)}
OBJECTIVES = [
    objective("a2-agree", "interaction", "Can agree or disagree politely about everyday subjects."),
    objective("a2-reasons", "production", "Can say what they think about a familiar subject and why."),
]
WRITING: Answers = {
    **SCHOOL,
    "GET /authoring/lessons": {
        "body": {
            "items": [
                written(1, "What do you think? Food and cooking", offered=OFFERED),
                written(2, "A visit to our museum", is_unfinished=True, author_name=""),
                written(3, "Talk about: the town we live in", has_draft=False, offered=OFFERED),
                written(4, HOSTILE, has_draft=False),
            ],
            "next_cursor": None,
        }
    },
    f"GET /authoring/lessons/{LESSON_ID}": {"body": draft()},
    SAVE: {"body": {"version": "4", "problems": [], "usable": True, "changed_at": ago(1)}},
    "GET /objectives": {"body": {"items": OBJECTIVES}},
    "GET /documents": {"body": {"items": [], "next_cursor": None, "most_bytes": 20_000_000}},
}


def scene(
    name: str,
    path: str,
    shows: str,
    *,
    answers: Answers | None = None,
    act: Act = nothing,
    tall: int | None = None,
) -> Scene:
    """A page as an instructor sees it."""
    return Scene(f"authoring-{name}", shows, path, answers={**WRITING, **(answers or {})}, act=act, tall=tall)


async def _new(page: Page) -> None:
    await page.get_by_test_id("new").click()
    await page.locator("input[name=topic]").fill("food and cooking")


async def _suggest(page: Page) -> None:
    await _new(page)
    await page.locator("dialog button[type=submit]").click()


async def _open_step(page: Page) -> None:
    """Opens the task and adds a criterion."""
    step = page.get_by_test_id("step").nth(2)
    await step.locator("summary").first.click()
    await step.get_by_test_id("add-criterion").click()
    await step.get_by_test_id("criterion").last.scroll_into_view_if_needed()


async def _write(page: Page) -> None:
    """Writes something that is saved by itself."""
    title = page.locator("input[name=title]")
    await title.fill("Food we like")
    await expect(page.get_by_test_id("save-state")).not_to_have_attribute("data-state", "waiting")


def suggestion(state: str, **more: Any) -> dict[str, Any]:
    """A draft that is being made."""
    return {
        "id": SUGGESTION_ID,
        "state": state,
        "lesson_id": None,
        "written_by": None,
        "fell_back": None,
        "unread": 0,
        "created_at": ago(5),
        **more,
    }


MET = refusal(409, "changed_meanwhile")
MET["body"]["error"]["details"] = [
    {
        "present": {"version": "9", "content": {**CONTENT, "title": "Eating out"}, "saved_by": "Ivo",
                    "changed_at": ago(5)},
        "changes": [{"path": "title", "before": "Eating out", "after": "Food we like"}],
    }
]  # fmt: skip
FELL_BACK = suggestion("ready", lesson_id=LESSON_ID, written_by="template", fell_back="unusable", unread=1)

AUTHORING_PAGES = (
    scene("lessons", LIST, "[data-testid=written]"),
    scene("lessons-none", LIST, "main h2",
          answers={"GET /authoring/lessons": {"body": {"items": [], "next_cursor": None}}}),
    scene("lessons-failed", LIST, "[data-testid=failure]",
          answers={"GET /authoring/lessons": refusal(422, "invalid")}),
    scene("new", LIST, "[data-testid=new-lesson]", act=_new, tall=1_100),
    scene("suggested", LIST, "[data-testid=suggest-progress] button", act=_suggest, answers={
        "POST /authoring/suggest": {"status": 202, "body": suggestion("queued")},
        f"GET /authoring/suggestions/{SUGGESTION_ID}": {"body": FELL_BACK},
    }),
    scene("builder", ONE, "[data-testid=step]", tall=2_200),
    scene("builder-step", ONE, "details[open] [data-testid=criterion]", act=_open_step, tall=4_200),
    scene("builder-problems", ONE, "[data-testid=problems]", tall=1_400, answers={
        f"GET /authoring/lessons/{LESSON_ID}": {"body": draft(
            problem("goal", "missing"),
            problem("steps.2.criteria.0", "nothing_to_look_for"),
            problem("minutes", "minutes_off", "advice", 9),
            offered=None,
        )},
    }),
    scene("builder-conflict", ONE, "[data-testid=conflict]", act=_write, tall=1_400, answers={SAVE: MET}),
    scene("builder-missing", ONE, "main h1",
          answers={f"GET /authoring/lessons/{LESSON_ID}": refusal(404, "not_found")}),
)  # fmt: skip
