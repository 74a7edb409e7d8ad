"""Which slips and phrases become items, and which are one and the same."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.contract.corrections import Correction, CorrectionCategory, Severity
from api.practice.material import Slip, of_phrase, of_slip, sentence_at, worth_learning
from api.practice.models import ItemKind
from api.practice.rules import Measure, rules

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def slip(original: str, replacement: str, better: str, *, minutes: int = 0, **changes: Any) -> Slip:
    values: dict[str, Any] = {
        "start": 0,
        "end": len(original),
        "original": original,
        "replacement": replacement,
        "better": better,
        "category": CorrectionCategory.GRAMMAR,
        "rule": "verb-third-person",
        "explanation": "He and she want an s.",
        "severity": Severity.CLEAR,
        "confidence": 0.9,
    }
    correction = Correction.model_validate({**values, **changes})
    return Slip(correction, None, uuid4(), NOW + timedelta(minutes=minutes), better.replace("goes", "go"))


def test_the_same_words_put_right_are_one_item_and_show_the_last_time() -> None:
    first = slip("go", "goes", "She goes home.")
    second = slip("Go", "goes", "He goes to work.", minutes=5)
    assert [one.correction.better for one in worth_learning([second, first])] == ["He goes to work."]


def test_other_words_or_another_rule_are_another_item() -> None:
    slips = [
        slip("go", "goes", "She goes home."),
        slip("like", "likes", "She likes it."),
        slip("go", "goes", "She goes there.", rule="agreement"),
        slip("", "goes", "She goes away."),
    ]
    assert len(worth_learning(slips)) == 4


def test_a_sentence_with_two_slips_is_one_item() -> None:
    grave = slip("go", "goes", "She goes to school.", severity=Severity.OBSCURING)
    slight = slip("at", "to", "She goes to school!", rule="preposition", severity=Severity.SLIGHT)
    assert worth_learning([slight, grave]) == [grave]


@pytest.mark.parametrize(
    "unfit",
    [
        slip("go", "goes", "Goes."),
        slip("go", "goes", "She goes " + "very " * 30 + "far."),
        slip("go", "goes", "She goes home.", confidence=0.5),
    ],
)
def test_what_is_unsure_or_cannot_be_said_in_a_breath_is_none(unfit: Slip) -> None:
    assert worth_learning([unfit]) == []


def test_what_matters_most_comes_first() -> None:
    slight = slip("go", "goes", "She goes home.", severity=Severity.SLIGHT, confidence=1.0)
    grave = slip("like", "likes", "She likes it.", severity=Severity.OBSCURING, confidence=0.8)
    assert worth_learning([slight, grave]) == [grave, slight]


def test_an_item_of_a_slip_asks_by_the_learners_own_sentence() -> None:
    made = of_slip(slip("go", "goes", "She goes home."))
    assert (made.cue, made.answer, made.note) == ("She go home.", "She goes home.", "He and she want an s.")


def test_phrases_are_the_same_whatever_their_dress() -> None:
    one = of_phrase(ItemKind.PHRASE, "I'm keen on ...", "I like it", "I'm keen on tea.", None)
    other = of_phrase(ItemKind.PHRASE, "i am keen on", "to like", "", uuid4())
    word = of_phrase(ItemKind.WORD, "I am keen on", "to like", "", None)
    assert one is not None
    assert other is not None
    assert word is not None
    assert one.key == other.key != word.key
    assert of_phrase(ItemKind.PHRASE, "...", "nothing", "", None) is None


@pytest.mark.parametrize(
    ("text", "span", "found"),
    [
        ("I am Ana. She go home. Bye!", "go", "She go home."),
        ("She go home", "go", "She go home"),
        ("Well? She go", "She", "She go"),
        ("One.\nShe go home!", "home", "She go home!"),
    ],
)
def test_the_sentence_around_a_span(text: str, span: str, found: str) -> None:
    start = text.index(span)
    assert sentence_at(text, start, start + len(span)) == found


def test_rules_are_whole() -> None:
    held = rules()
    assert {badge.measure for badge in held.badges} == set(Measure)
    assert min(vars(held.points).values()) > 0
