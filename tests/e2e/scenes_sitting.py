"""A mock exam in a call: its parts, its clock, the running task, and the way to the results."""

import json
from typing import Any
from uuid import UUID

from playwright.async_api import Page, Route

from prompts.exams import picture
from tests.e2e.scene import Act, Scene
from tests.e2e.scenes_exams import PARTS
from tests.e2e.scenes_lesson import in_lesson

PICTURES = (
    (
        "studying-in-the-library",
        "Alone in the library",
        "A young woman sits alone at a long table and writes.",
    ),
    ("cooking-class", "A cooking class", "Four people in aprons stand behind a long table in a kitchen."),
)
TASK: dict[str, Any] = {
    "task_title": "Ways of learning",
    "instructions": "Compare the two pictures and say what people may enjoy about learning in these ways.",
    "points": ["What is similar and what is different?", "What may people enjoy about it?"],
    "visuals": [
        {
            "key": name,
            "kind": "picture",
            "title": title,
            "description": description,
            "picture": name,
            "rows": [],
            "lines": [],
        }
        for name, title, description in PICTURES
    ],
}
TOGETHER: dict[str, Any] = {
    "task_title": "A town that wants visitors",
    "instructions": "Talk with the other candidate about how each idea could attract visitors to a town.",
    "points": ["A music festival", "A market with local food", "New cycle paths", "Guided walks at night"],
    "visuals": [],
}


def exam(running: int, phase: str, remaining_s: float, length_s: float, **more: Any) -> dict[str, Any]:
    """Where an exam stands."""
    states = ["done" if number < running else "coming" for number in range(len(PARTS))]
    if running < len(PARTS):
        states[running] = "running"
    parts = [
        {"key": part["key"], "title": part["title"], "kind": part["kind"], "scored": part["scored"]}
        for part in PARTS
    ]
    return {
        "attempt_id": str(UUID(int=0xEA1)),
        "title": "Mock oral exam, B1 to B2",
        "state": "running",
        "parts": [{**part, "state": state} for part, state in zip(parts, states, strict=True)],
        "phase": phase,
        "phase_index": running * 2 + 1,
        "remaining_s": remaining_s,
        "length_s": length_s,
        "paused": False,
        "may_finish": False,
        **more,
    }


FINISHED = {
    **exam(len(PARTS), "speaking", 0, 0, **TOGETHER),
    "state": "finished", "phase": None, "phase_index": None, "instructions": None, "points": [],
}  # fmt: skip


def in_exam(view: dict[str, Any], *after: str) -> Act:
    """A call in which the examiner shows this."""

    async def draw(route: Route) -> None:
        drawing = picture(route.request.url.rpartition("/")[2]) or b""
        await route.fulfill(body=drawing, content_type="image/svg+xml")

    async def act(page: Page) -> None:
        await page.route("**/exams/pictures/*", draw)
        shown = f"window.__room.events.onShown('exam', {json.dumps(json.dumps(view))});"
        await in_lesson(shown, *after)(page)

    return act


SITTING: tuple[Scene, ...] = (
    Scene(
        "exam-long-turn",
        "[data-testid=exam-area] [data-testid=visual]",
        act=in_exam(exam(2, "speaking", 47.6, 60, may_finish=True, **TASK)),
    ),
    Scene(
        "exam-preparation",
        "[data-testid=exam-done]",
        act=in_exam(exam(4, "preparation", 12.6, 15, may_finish=True, **TOGETHER)),
    ),
    Scene(
        "exam-paused",
        "[data-testid=exam-area][data-paused=true]",
        act=in_exam(exam(4, "speaking", 74.2, 120, paused=True, **TOGETHER)),
    ),
    Scene(
        "exam-over",
        "[data-testid=exam-results]",
        act=in_exam(FINISHED, "window.__room.events.onDisconnected('ended_by_coach');"),
        tall=1_000,
    ),
)
