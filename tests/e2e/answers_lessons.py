"""What the API answers about lessons in the scenes."""

from typing import Any
from uuid import UUID

Answers = dict[str, dict[str, Any] | None]

RECOMMENDED = "GET /lessons/recommended"
LIST = "GET /lessons"
CURRENT = "GET /lessons/current"
OBJECTIVES = "GET /objectives"


def lesson(number: int, title: str, level: str, topic: str, goal: str, **more: Any) -> dict[str, Any]:
    """A lesson as a list shows it."""
    return {
        "id": str(UUID(int=0xE0 + number)),
        "key": f"lesson-{number}",
        "version": 1,
        "title": title,
        "topic": topic,
        "goal": goal,
        "level": level,
        "area": "everyday",
        "task": "role_play",
        "kind": "lesson",
        "minutes": 8,
        "exam_tags": [],
        "origin": "installation",
        "state": "new",
        "steps": 5,
        "steps_done": 0,
        "assigned": False,
        "due_on": None,
        **more,
    }


MARKET = lesson(
    1, "At the market", "A1", "Shopping", "You can buy fruit and ask what it costs.", state="completed",
    steps_done=5,
)  # fmt: skip
DOCTOR = lesson(
    2, "At the doctor's", "A2", "Health", "You can say what hurts and understand advice.", state="started",
    steps_done=2, kind="scenario", exam_tags=["role-play"],
)  # fmt: skip
WEEKEND = lesson(
    3, "A plan for the weekend", "A2", "Free time", "You can suggest a plan and agree on a time.",
    assigned=True, due_on="2026-12-01", origin="organisation",
)  # fmt: skip
INTERVIEW = lesson(
    4, "My first job interview", "B1", "Work", "You can talk about your experience and your strengths.",
    area="work", minutes=11,
)  # fmt: skip
ALL = [MARKET, DOCTOR, WEEKEND, INTERVIEW]


def objective(key: str, level: str, skill: str, can_do: str, mastery: float | None = None) -> dict[str, Any]:
    """Something to be able to do."""
    kept = {"evidence": 14, "mastered": (mastery or 0) >= 0.8, "updated_at": "2026-11-20T17:00:00Z"}
    return {
        "key": key,
        "level": level,
        "skill": skill,
        "can_do": can_do,
        "mastery": None if mastery is None else {"level": mastery, **kept},
        "lesson_ids": [],
    }


DOES = [
    objective("a2-a", "A2", "reception", "Can follow simple instructions, for example at a doctor's.", 0.46),
    objective("a2-b", "A2", "production", "Can tell a short story about the past.", 0.83),
    objective("a2-c", "A2", "interaction", "Can explain a simple problem and ask for help."),
    objective("a2-d", "A2", "mediation", "Can pass on the main facts of a short message."),
]


def step(key: str, kind: str, title: str, instructions: str, **more: Any) -> dict[str, Any]:
    """A part of a lesson."""
    return {
        "key": key,
        "kind": kind,
        "title": title,
        "instructions": instructions,
        "mode": "individual",
        "seconds": 120,
        "coach_role": None,
        "learner_role": None,
        "visual": None,
        "criteria": [],
        **more,
    }


STEPS = [
    step("warm-up", "warm_up", "How are you?", "Say how you feel today."),
    step(
        "visit", "task", "At the doctor's", "Tell the doctor what hurts and since when.", mode="pair",
        seconds=240, coach_role="The doctor", learner_role="Somebody with a bad back",
        criteria=[
            {"key": "hurts", "says": "Say what hurts", "objective": "a2-c"},
            {"key": "since", "says": "Say since when", "objective": "a2-c"},
        ],
    ),
]  # fmt: skip


def attempt(state: str) -> dict[str, Any]:
    """Her way through the lesson at the doctor's."""
    return {
        "id": f"00000000-0000-0000-0000-0000000000f{len(state)}",
        "lesson_id": DOCTOR["id"],
        "version": 1,
        "title": DOCTOR["title"],
        "level": "A2",
        "state": state,
        "draft": False,
        "step": 2,
        "steps": [{"key": one["key"], "title": one["title"], "state": "done"} for one in STEPS],
        "criteria": [
            {"key": "hurts", "says": "Say what hurts", "step": "visit", "met": True},
            {"key": "since", "says": "Say since when", "step": "visit", "met": False},
        ],
        "support": "usual",
        "started_at": "2026-11-18T17:00:00Z",
        "finished_at": None,
    }


DETAIL = {
    **DOCTOR,
    "objectives": [DOES[2], DOES[0]],
    "phrases": [
        {"text": "My back hurts.", "meaning": "You feel pain there.", "example": "My back hurts when I sit."},
        {"text": "I've had it for two days.", "meaning": "It began two days ago.",
         "example": "I've had it for two days."},
    ],
    "vocabulary": [
        {"word": "back", "meaning": "the part of you behind your chest", "cefr": "A2"},
        {"word": "pill", "meaning": "medicine that you swallow", "cefr": "A2"},
    ],
    "visuals": [
        {"key": "advice", "kind": "table", "title": "The doctor's advice", "description": "What to do when.",
         "picture": None, "rows": [["When", "What"], ["morning", "one pill"], ["evening", "a warm bath"]],
         "lines": []},
    ],
    "lesson_steps": STEPS,
    "attempt": attempt("left"),
}  # fmt: skip


def lessons(*items: dict[str, Any]) -> dict[str, Any]:
    """A list of lessons, as it is answered."""
    return {"body": {"items": list(items), "next_cursor": None}}


CATALOGUE: Answers = {
    LIST: lessons(*ALL),
    "GET /lessons/facets": {
        "body": {
            "levels": ["A1", "A2", "B1", "B2"],
            "areas": ["everyday", "work", "study"],
            "tasks": [],
            "kinds": [],
            "topics": sorted(one["topic"] for one in ALL),
        }
    },
    RECOMMENDED: {
        "body": {
            "items": [
                {
                    "lesson": WEEKEND,
                    "reason": {"code": "assigned", "parameters": {"due_on": "2026-12-01"}},
                },
                {
                    "lesson": DOCTOR,
                    "reason": {"code": "go_on", "parameters": {"steps_done": 2, "steps": 5}},
                },
                {
                    "lesson": INTERVIEW,
                    "reason": {
                        "code": "weakest_skill",
                        "parameters": {"skill": "interaction", "percent": 25},
                    },
                },
            ]
        }
    },
    CURRENT: {"body": {"attempt": None}},
    OBJECTIVES: {"body": {"items": DOES}},
    f"GET /lessons/{DOCTOR['id']}": {"body": DETAIL},
}
