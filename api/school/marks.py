"""What instructors of the made-up school wrote: comments, some of them answered, flags, assignments."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import uuid5

from api.review.models import FlagKind
from api.school.plan import NAMESPACE, SCHOOL_ID, Person, PlannedCall, numbered

COMMENTED_EVERY: Final = 50
"""Of so many calls one is commented on, and one of three comments is answered."""
FLAGGED_EVERY: Final = 80
SAYS: Final = (
    "Well said. Try it once more with the past tense.",
    "We say people buy, because people are more than one.",
    "Nice story! Which word were you looking for here?",
    "Listen to this part again: your pauses are much shorter than last month.",
)
ANSWERS: Final = ("Thank you, I will try it.", "I was looking for the word neighbourhood.")
TASKS: Final = ("Tell a story from your childhood", "Order a meal and complain politely", "Explain your job")


def comments(
    calls: Sequence[PlannedCall], learners: Sequence[Person], instructors: Sequence[Person]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Comments of instructors, and the learners' answers to them."""
    made, answered = [], []
    for place, call in enumerate(calls[::COMMENTED_EVERY]):
        at = call.started_at + timedelta(hours=9)
        common = {
            "organisation_id": SCHOOL_ID,
            "learner_id": learners[call.learner].id,
            "call_id": call.id,
            "turn_id": numbered(call.id, 1),
        }
        comment = uuid5(NAMESPACE, f"comment {call.id}")
        author = instructors[place % len(instructors)].id
        made.append(
            {**common, "id": comment, "author_id": author, "text": SAYS[place % len(SAYS)], "created_at": at}
        )
        if place % 3 == 0:
            said = {"text": ANSWERS[place % len(ANSWERS)], "author_id": common["learner_id"]}
            key = uuid5(NAMESPACE, f"answer {call.id}")
            answered.append({**common, **said, "id": key, "parent_id": comment, "created_at": at})
    return made, answered


def flags(
    calls: Sequence[PlannedCall], learners: Sequence[Person], instructors: Sequence[Person]
) -> list[dict[str, Any]]:
    """Flags, every other one of them settled."""
    kinds = list(FlagKind)
    return [
        {
            "id": uuid5(NAMESPACE, f"flag {call.id}"),
            "organisation_id": SCHOOL_ID,
            "learner_id": learners[call.learner].id,
            "call_id": call.id,
            "author_id": instructors[place % len(instructors)].id,
            "kind": kinds[place % len(kinds)],
            "resolved_at": call.started_at + timedelta(days=1) if place % 2 else None,
        }
        for place, call in enumerate(calls[::FLAGGED_EVERY])
    ]


def assignments(
    learners: Sequence[Person], instructors: Sequence[Person], today: date
) -> list[dict[str, Any]]:
    """One for every other learner, due last week to the week after next."""
    return [
        {
            "id": uuid5(NAMESPACE, f"assignment {person.id}"),
            "organisation_id": SCHOOL_ID,
            "learner_id": person.id,
            "author_id": instructors[place % len(instructors)].id,
            "title": TASKS[place % len(TASKS)],
            "due_on": today + timedelta(days=place % 21 - 7),
        }
        for place, person in enumerate(learners[::2])
    ]
