"""Slips are recast when they are sure, and right English is never touched."""

import pytest

import prompts
from agent.guided_dialogue import Dialogue
from tests.agent.guided.slips import SLIPS

FIND = Dialogue().recasts.find


@pytest.mark.parametrize(
    ("said", "recast"),
    [
        ("I have 20 years", "So you are 20 years old."),
        ("i am agree", "So you agree."),
        ("My brother work in a bank", "So your brother works in a bank."),
        ("she go to school", "So she goes to school."),
        ("yesterday i go to the park", "So you went to the park."),
        ("we eat fish yesterday", "So you ate fish yesterday."),
        ("it is more better", "So it is better."),
        ("people is nice", "So people are nice."),
        ("i have two sister", "So, two sisters."),
        ("i listen music", "So you listen to music."),
        ("i want go to spain", "So you want to go to Spain."),
        ("i can swimming", "So you can swim."),
        ("i like cook", "So you like cooking."),
        ("i have many childs", "So, many children."),
        ("i very like my city", "So you really like your city."),
    ],
)
def test_clear_slips(said: str, recast: str) -> None:
    found = FIND(said)
    assert found is not None
    assert found.text == recast


@pytest.mark.parametrize(
    "said",
    [
        "I have 20 years of experience", "I agree with you", "my brothers work in a bank",
        "did she go to school",
        "yesterday I went to the park", "my mother and my sister cook", "I saw my brother play football",
        "he can cook",
        "does she like music", "I am boring", "the best", "more than two", "people are nice",
        "I have two sisters",
        "one of the people is nice", "I like cooking", "I like music", "I want to go", "I can swim",
        "I like dance music",
        "they have a dog", "he has three cats", "my mother made me eat fish", "my teacher let me go home",
        "I do not eat fish yesterday I mean today", "most old people live there", "he has two cat toys",
        "she doesn't work",
        "I went I mean I go home", "I have two children", "I have been there", "my friend and I go to school",
        "I hope my sister works", "I am work manager", "I married her", "we have a car and two bikes", "",
        "I want study materials", "I think my husband likes it", "I like travel shows",
        "I have one room flat",
        "we play football last", "my father is a cook", "she and I work together", "I like read-only files",
    ],
)  # fmt: skip
def test_right_english_is_left_alone(said: str) -> None:
    assert FIND(said) is None


@pytest.mark.parametrize("rule", SLIPS)
def test_each_slip_is_heard_and_what_is_nearly_one_is_not(rule: str) -> None:
    slips, right = SLIPS[rule]
    assert len(slips) >= 2
    assert len(right) >= 2
    for said, recast in slips.items():
        found = FIND(said)
        assert found is not None, said
        assert (found.rule, found.text) == (rule, recast)
    for said in right:
        assert FIND(said) is None, said


def test_every_slip_has_its_examples() -> None:
    ids = [slip["id"] for slip in prompts.load("guided/recasts").value("slips")]
    assert len(ids) == len(set(ids))
    assert set(ids) == set(SLIPS)


@pytest.mark.parametrize(
    "said", ["she have kzrtz", "my parents is qwerty", "yesterday i buy xyzzy", "i want get"]
)
def test_a_recast_that_would_stop_in_the_middle_is_not_said(said: str) -> None:
    assert FIND(said) is None


def test_a_recast_does_not_bring_its_own_slip() -> None:
    found = FIND("my sister cook very good")
    assert found is not None
    assert found.text == "So your sister cooks very well."
