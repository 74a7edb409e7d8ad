"""Facts from a learner's own sentences, and what is left alone."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from api.memory.rules import facts_of, recap_of, subjects_of
from api.memory.said import Said, sentences, squeezed

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def said(text: str, *, by_learner: bool = True) -> Said:
    """A spoken turn."""
    return Said(uuid4(), by_learner, text, True, NOW, NOW)


@pytest.mark.parametrize(
    ("sentence", "told", "topic"),
    [
        ("My name is ana and I live in Lima with my sister.", ("is called Ana", "lives in Lima"), "Lima"),
        ("um i uh live in a small town near rome", ("lives in a small town",), "a small town"),
        ("I'm from Brazil.", ("comes from Brazil",), "Brazil"),
        ("I’m a nurse, but I like cooking.", ("likes cooking", "is a nurse"), "cooking"),
        ("I work in an office in the center.", ("works in an office in the center",), "your work"),
        ("I have two older sisters.", ("has two sisters",), "your sisters"),
        ("I have a dog called rex", ("has a dog called Rex",), "your dog"),
        ("my dog's name is Rex", ("has a dog called Rex",), "your dog"),
        ("I have an exam next week", ("has an exam next week",), "your exam"),
        ("I am flying to Rome on Friday", ("is going to Rome on Friday",), "your trip to Rome"),
        ("I want to pass the exam.", ("wants to pass the exam",), "your goals"),
        ("I need English for my work", ("learns English for their work",), "why you learn English"),
        ("I play the guitar in a band", ("plays the guitar",), "the guitar"),
    ],
)
def test_facts_are_told(sentence: str, told: tuple[str, ...], topic: str) -> None:
    facts = facts_of([said(sentence)])
    assert {fact.text for fact in facts} == set(told)
    assert topic in {fact.topic for fact in facts}


@pytest.mark.parametrize(
    "sentence",
    [
        "I do not live in Lima.",
        "If I live in Paris, I am happy.",
        "My brother said I live in a zoo.",
        "Call me later, please.",
        "I work in the morning.",
        "I am from work.",
        "I like nothing.",
        "I have cancer and I live in Lima.",
        "I vote for the president and I work as a cook.",
        "My sister told me a secret, I have a dog.",
        "I take my medicine and I like swimming.",
        "",
        "...",
    ],
)
def test_what_is_unsure_or_nobodys_business_tells_nothing(sentence: str) -> None:
    assert facts_of([said(sentence)]) == []


def test_only_the_learner_tells_and_the_newest_mention_counts() -> None:
    first, second = said("I live in Lima."), said("Yes, I live in Lima!")
    [fact] = facts_of([said("I live in Rome.", by_learner=False), first, second])
    assert fact.turn is second


def test_subjects_and_recap() -> None:
    turns = [said("I cook dinner and I eat at home."), said("Food is good.", by_learner=False)]
    assert subjects_of(turns)[0] == "food"
    assert recap_of(["food"]) == "Talked about food."
    assert recap_of([]) == "A short call."


def test_sentences_are_found_with_and_without_marks() -> None:
    assert sentences("Hello. How are you?\nfine ... ") == ["Hello.", "How are you?", "fine ..."]
    assert squeezed("It’s  FINE, really!") == "it’s fine really"
