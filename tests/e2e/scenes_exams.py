"""Mock exams: the list, one exam before it begins, and an exam that is open."""

from typing import Any
from uuid import UUID

from playwright.async_api import Page

from tests.e2e.answers import CONSENT, Answers, refusal, session
from tests.e2e.scene import Act, Scene, nothing

LIST = "GET /exams"
ATTEMPTS = "GET /exams/attempts"
OPEN_ID = str(UUID(int=0xEA0))
DIMENSIONS = ["fluency", "pronunciation", "grammar", "vocabulary", "coherence"]


def part(key: str, kind: str, title: str, speaking_s: int, **more: Any) -> dict[str, Any]:
    """A part as it awaits the learner."""
    return {
        "key": key,
        "kind": kind,
        "title": title,
        "scored": True,
        "dimensions": DIMENSIONS,
        "instructions_s": 15,
        "preparation_s": 0,
        "speaking_s": speaking_s,
        **more,
    }


PARTS = [
    part("warm-up", "interview", "Warm-up", 30, scored=False, dimensions=[]),
    part("interview", "interview", "About you", 120),
    part("two-pictures", "long_turn", "Two pictures", 60),
    part("comment", "discussion", "A short comment", 30),
    part("together", "pair", "Talk together", 120, preparation_s=15),
    part("decision", "pair", "Decide together", 60),
    part("discussion", "discussion", "Discussion", 240),
]


def exam(from_level: str, target_level: str, minutes: int, description: str, parts: int) -> dict[str, Any]:
    """A template, without its tasks."""
    return {
        "key": f"{from_level}-{target_level}".lower(),
        "version": 1,
        "title": f"Mock oral exam, {from_level} to {target_level}",
        "description": description,
        "from_level": from_level,
        "target_level": target_level,
        "minutes": minutes,
        "on_phone": False,
        "parts": PARTS[:parts],
    }


EXAMS = [
    exam("A1", "A2", 8, "Easy questions, a short talk about one thing, and pictures to talk about.", 5),
    exam("A2", "B1", 11, "Questions about yourself, a picture to describe, and a task in a pair.", 5),
    exam("B1", "B2", 13, "You compare two pictures, decide something together and discuss it.", 7),
]


def exams(open_attempt: str | None = None) -> dict[str, Any]:
    """What there is to sit."""
    body = {"items": EXAMS, "open_attempt_id": open_attempt, "granted_extra_time_percent": 0}
    return {"body": body}


def attempt(number: int, levels: tuple[str, str], state: str, day: int) -> dict[str, Any]:
    """One sitting of November 2026."""
    from_level, target_level = levels
    return {
        "id": str(UUID(int=0xEA0 + number)),
        "exam": f"{from_level}-{target_level}".lower(),
        "version": 1,
        "title": f"Mock oral exam, {from_level} to {target_level}",
        "from_level": from_level,
        "target_level": target_level,
        "state": state,
        "extra_time_percent": 0,
        "extra_time_granted": False,
        "audio_consent": True,
        "created_at": f"2026-11-{day:02}T17:00:00Z",
        "started_at": f"2026-11-{day:02}T17:01:00Z",
        "ended_at": None if state == "running" else f"2026-11-{day:02}T17:15:00Z",
    }


RUNNING = attempt(0, ("A2", "B1"), "running", 21)
SAT = [
    RUNNING,
    attempt(1, ("A2", "B1"), "finished", 20),
    attempt(2, ("A2", "B1"), "stopped", 16),
    attempt(3, ("A1", "A2"), "finished", 12),
]


def judged(sat: dict[str, Any], level: str | None, state: str = "ready") -> dict[str, Any]:
    """What was judged of a sitting, as a history shows it."""
    return {
        "attempt_id": sat["id"],
        "title": sat["title"],
        "target_level": sat["target_level"],
        "taken_at": sat["started_at"],
        "state": state,
        "scored_at": sat["ended_at"],
        "version": "1",
        "band_table": "1",
        "scores": {},
        "level": level,
        "refused": None,
        "flags": [],
        "review_asked_at": None,
    }


DETAIL = {
    **RUNNING,
    "now": "2026-11-21T17:06:00Z",
    "view": {
        "attempt_id": OPEN_ID,
        "title": RUNNING["title"],
        "state": "running",
        "parts": [
            {key: held for key, held in one.items() if key in ("key", "kind", "title", "scored")}
            | {"state": state}
            for one, state in zip(PARTS, ["done", "done", "running", "coming", "coming"], strict=False)
        ],
        "phase": "speaking",
        "phase_index": 5,
        "remaining_s": 41.0,
        "length_s": 60.0,
        "paused": True,
        "task_title": None,
        "instructions": None,
        "points": [],
        "may_finish": False,
    },
    "total_remaining_s": 437.0,
    "phases": [],
    "tasks": [],
    "call_ids": [],
}

EXAM_ANSWERS: Answers = {
    LIST: exams(),
    ATTEMPTS: {"body": {"items": [], "next_cursor": None}},
    "GET /assessments": {"body": {"items": [], "next_cursor": None}},
    f"GET /exams/attempts/{OPEN_ID}": {"body": DETAIL},
}
OPENED: Answers = {
    LIST: exams(OPEN_ID),
    ATTEMPTS: {"body": {"items": SAT, "next_cursor": "more"}},
    "GET /assessments": {
        "body": {"items": [judged(SAT[1], None, "scoring"), judged(SAT[3], "A2")], "next_cursor": None}
    },
}
EXAM_MODE: Answers = {"GET /sessions/default": {"body": {**session(), "mode": "exam"}}}


def scene(
    name: str, path: str, shows: str, *, answers: Answers | None = None, act: Act = nothing, tall: int = 1_300
) -> Scene:
    """A page about mock exams."""
    return Scene(name, shows, path, answers={**EXAM_ANSWERS, **(answers or {})}, act=act, tall=tall)


async def _begin_unanswered(page: Page) -> None:
    await page.get_by_test_id("start-exam").click()


EXAM_PAGES = (
    scene("exams", "/exams", "[data-testid=exams]"),
    scene("exams-open", "/exams", "[data-testid=open-exam]", answers=OPENED, tall=1_800),
    scene(
        "exams-failed", "/exams", "[data-testid=failure]",
        answers={LIST: refusal(500, "internal_error")}, tall=900,
    ),
    scene("exam", "/exams/b1-b2", "[role=alert]", act=_begin_unanswered, tall=2_700),
    scene(
        "exam-recorded", "/exams/a2-b1", "[data-testid=start-exam]",
        answers={"GET /users/me/recording-consent": {"body": {**CONSENT, "granted": True}}}, tall=900,
    ),
    scene("exam-next-call", "/", "[data-testid=open-exam]", answers={**OPENED, **EXAM_MODE}, tall=900),
)  # fmt: skip
