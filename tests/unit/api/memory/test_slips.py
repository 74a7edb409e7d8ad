"""Slips that are put right, and right English that looks nearly the same, which stays."""

import pytest

from api.memory.slips import mended
from tests.agent.guided.slips import SLIPS

RIGHT = sorted({sentence for _slips, right in SLIPS.values() for sentence in right})


@pytest.mark.parametrize("sentence", RIGHT)
def test_right_sentences_stay(sentence: str) -> None:
    assert mended(sentence).text == sentence


@pytest.mark.parametrize(
    ("said", "better"),
    [
        ("My sister cook dinner.", "My sister cooks dinner."),
        ("Does my sister cook dinner?", "Does my sister cook dinner?"),
        ("Yesterday I go to the market and I see him.", "Yesterday I went to the market and I saw him."),
        ("I didn’t go there yesterday.", "I didn’t go there yesterday."),
        ("I am agree with you, but it depends of the day.", "I agree with you, but it depends on the day."),
        ("I have two sister and a dog.", "I have two sisters and a dog."),
        ("I am teacher in a school.", "I am a teacher in a school."),
        ("There is many people.", "There are many people."),
        ("She is more taller than me.", "She is taller than me."),
        ("I want to visit to my aunt.", "I want to visit my aunt."),
    ],
)
def test_sentences_are_put_right_as_a_whole(said: str, better: str) -> None:
    found = mended(said)
    assert found.text == better
    assert bool(found.why) is (said != better)
