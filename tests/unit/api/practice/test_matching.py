"""Whether an answer was said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.practice.matching import Verdict, compared, plain, says

WORDS = st.lists(
    st.sampled_from(["i", "am", "going", "to", "the", "market", "with", "my", "sister"]), min_size=1
)


@pytest.mark.parametrize(
    ("heard", "answer"),
    [
        ("I am twenty years old", "I am twenty years old."),
        ("uh, I'm twenty um years old!", "I am twenty years old."),
        ("Well, she doesn’t like fish, you know.", "She does not like fish."),
        ("She does not like fish", "She doesn't like fish."),
        ("I cannot come", "I can't come"),
        ("it's raining", "It is raining."),
        ("So I am keen on long walks by the sea", "I am keen on ... walks"),
    ],
)
def test_the_same_words_are_the_answer(heard: str, answer: str) -> None:
    assert says(heard, answer)
    assert compared(heard, answer).verdict is Verdict.MATCH


@pytest.mark.parametrize(
    ("heard", "answer"),
    [
        ("I have twenty years", "I am twenty years old."),
        ("She like fish", "She likes fish."),
        ("years twenty am I old", "I am twenty years old."),
        ("the marketing", "market"),
        ("walks are what I am keen on", "I am keen on ... walks"),
        ("", "Hello"),
        ("hello", "..."),
    ],
)
def test_other_words_are_not(heard: str, answer: str) -> None:
    assert not says(heard, answer)


def test_dots_stand_for_any_words() -> None:
    assert says("I am keen on very long walks", "I am keen on ... walks")
    assert says("I would rather stay at home than go out", "I would rather … than …")


def test_what_is_missing_is_shown_in_the_answers_own_words() -> None:
    found = compared("She like the fish", "She likes fish – doesn't she?")
    assert found.words == [
        ("She", True), ("likes", False), ("fish", True), ("–", True), ("doesn't", False), ("she?", False),
    ]  # fmt: skip
    assert found.verdict is Verdict.DIFFERENT


def test_one_wrong_word_of_many_is_close() -> None:
    assert compared("I am living here since two years", "I have lived here for two years").verdict is (
        Verdict.DIFFERENT
    )
    assert compared("She go to school by bus", "She goes to school by bus").verdict is Verdict.CLOSE


@settings(deadline=None)
@given(WORDS)
def test_every_sentence_says_itself(words: list[str]) -> None:
    sentence = " ".join(words)
    assert says(f"so {sentence.upper()} !", f"{sentence.capitalize()}.")
    assert all(said for _word, said in compared(sentence, sentence).words)


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_breaks_it(heard: str, answer: str) -> None:
    found = compared(heard, answer)
    assert [word for word, _said in found.words] == answer.split()
    assert all(word == word.lower() for word in plain(heard))
