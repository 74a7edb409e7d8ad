"""An exam for tests: a warm-up, a prepared long turn, a pair task and a discussion."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from api.contract.exams import ExamContent, ExamEvent, ExamPlan, schedule_of
from api.contract.lessons import Visual

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WORDS = ["town", "visit", "friend", "work", "like"]
WARM_UP, LONG_TURN, PAIR, DISCUSSION = "warm-up", "long-turn", "pair", "discussion"
QUESTIONS = ["Where do you live?", "What do you do?", "What do you like?"]
VIEWS = ["Do tourists help a town?", "Should it be cheaper to travel?"]
PROMPTS = ["Can you tell me more?", "Is there anything else?"]
OPINIONS = [
    "I think a festival would bring many people to the town. Don't you agree?",
    "A market is a good idea, because everybody has to eat. What's your view?",
    "Museums can be boring for children, I believe. How could we change that?",
    "Walks at night sound fun to me, above all with stories. Would you go?",
    "Somebody has to pay for all this. Where could the money come from?",
    "Visitors bring noise as well, and not everybody in the town wants that. Would you mind the noise?",
    "I would love to see old photographs of the town in the museum, with names. What would you show?",
    "I am not so sure about the cycle paths, they cost a lot. Are they useful?",
]
ASKS = [
    "Shall we begin with the festival?",
    "What about the market?",
    "And the museum?",
    "Which one is best?",
]
PICTURE = Visual(key="town", kind="picture", title="A town", description="A small town.", picture="a-town")


def _task(key: str, **changes: Any) -> dict[str, Any]:
    return {
        "key": key,
        "title": f"About {key}",
        "topic": "Towns",
        "begin": [f"Now we come to the {key}.", "Here is what you do."],
        "instructions": f"Talk about the {key}.",
        "words": WORDS,
        **changes,
    }


def content() -> ExamContent:
    """The template, each part with the task that was drawn."""
    parts: list[dict[str, Any]] = [
        {"key": WARM_UP, "kind": "interview", "scored": False, "instructions_s": 20, "speaking_s": 60,
         "tasks": [_task("you", questions=QUESTIONS, prompts=PROMPTS)]},
        {"key": LONG_TURN, "kind": "long_turn", "scored": True, "instructions_s": 15, "preparation_s": 30,
         "speaking_s": 60, "tasks": [_task("picture", prompts=PROMPTS, visuals=[PICTURE], points=["Who?"])]},
        {"key": PAIR, "kind": "pair", "scored": True, "instructions_s": 15, "speaking_s": 180,
         "tasks": [_task("plan", questions=ASKS, opinions=OPINIONS)]},
        {"key": DISCUSSION, "kind": "discussion", "scored": True, "instructions_s": 15, "speaking_s": 90,
         "tasks": [_task("travel", questions=VIEWS, prompts=PROMPTS)]},
    ]  # fmt: skip
    return ExamContent.model_validate(
        {
            "key": "test",
            "title": "A test exam",
            "description": "For tests.",
            "from_level": "B1",
            "target_level": "B2",
            "welcome": ["Hello.", "I am an AI, and your examiner today."],
            "goodbye": ["That is the end of the exam.", "Goodbye."],
            "parts": [{"title": part["key"], "end": "Thank you.", **part} for part in parts],
        }
    )


def plan(*events: ExamEvent, now: datetime = NOW) -> ExamPlan:
    """The attempt as the API hands it to a worker."""
    template = content()
    return ExamPlan(
        attempt_id=UUID(int=7),
        version=1,
        content=template,
        schedule=schedule_of(template),
        events=list(events),
        now=now,
    )


def begins(part: str, kind: str) -> float:
    """Seconds from the start of the exam to the beginning of a phase, where nobody leaves."""
    before = 0.0
    for phase in plan().schedule:
        if phase.part == part and phase.kind == kind:
            return before
        before += phase.seconds
    raise LookupError(part)


LENGTH = sum(phase.seconds for phase in plan().schedule)
