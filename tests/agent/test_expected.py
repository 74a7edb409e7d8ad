"""What the recognizer is told to expect of a call."""

from datetime import UTC, datetime

import pytest

from agent.expected import MOST, expected_words
from api.contract.calls import BriefFact, BriefTurn, FactKind, LearnerBrief, Role
from api.contract.lessons import LessonContent
from api.contract.levels import Level
from tests.agent.fake_api import brief
from tests.agent.lesson.plans import TINY, brief_of, plan_of, seeded

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def test_names_come_first_and_function_words_not_at_all() -> None:
    told = brief(
        learner=LearnerBrief(display_name="Siobhán", level=Level.A2),
        facts=[BriefFact(kind=FactKind.HOME, text="lives in Gdańsk with her dog", said_at=NOW)],
        last_topic="cooking soup",
        last_turns=[
            BriefTurn(role=Role.COACH, text="What is your favourite mushroom?", at=NOW),
            BriefTurn(role=Role.LEARNER, text="I like the chanterelle.", at=NOW),
        ],
    )
    words = expected_words(told)
    assert words[:2] == ["Siobhán", "Gdańsk"]
    assert set(words) == {"Siobhán", "Gdańsk", "lives", "dog", "cooking", "soup", "like", "chanterelle"}


def test_nothing_is_known_of_a_new_learner_but_the_name() -> None:
    assert expected_words(brief()) == ["Anna"]


@pytest.mark.parametrize("content", [TINY, *seeded()], ids=lambda content: content.key)
def test_a_lessons_words_are_expected_within_what_vendors_take(content: LessonContent) -> None:
    words = expected_words(brief_of(plan_of(content)))
    assert words[0] == "Anna"
    assert 1 < len(words) <= MOST
    assert all(0 < len(word) <= 40 for word in words)
    assert len({word.casefold() for word in words}) == len(words)
