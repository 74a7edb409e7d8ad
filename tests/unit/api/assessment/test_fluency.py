"""Rates, runs, pauses, fillers and restarts from the times of words and silences."""

from dataclasses import replace

import pytest

from api.assessment.judging import fluency
from api.assessment.judging.syllables import by_spelling, syllables
from tests.unit.api.assessment.speaking import answer, without_sound


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1), ("table", 2), ("wanted", 2), ("liked", 1), ("changes", 2), ("likes", 1), ("idea", 3),
        ("didn't", 2), ("every", 3), ("people", 2), ("twenty-one", 3), ("I'm", 1), ("42", 2),
    ],
)  # fmt: skip
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_word_that_nobody_lists_is_counted_by_its_letters() -> None:
    assert (by_spelling("blorpness"), by_spelling("x")) == (2, 1)


def test_rate_leaves_pauses_out_and_speech_rate_does_not() -> None:
    found = fluency.measure([answer("my sister [1.0] works in a hospital [1.0] today", pace=0.25)])
    assert found.articulation_rate == pytest.approx(4.0)
    assert found.speaking_s == pytest.approx(11 * 0.25 + 2.0)
    assert found.speech_rate == pytest.approx(11 / 4.75)
    assert found.phonation_ratio == pytest.approx(2.75 / 4.75)
    assert found.runs == [3, 6, 2]


def test_pauses_within_and_between_clauses() -> None:
    found = fluency.measure(
        [answer("I went [0.5] home. [0.6] I was tired [0.4] because I had worked [0.2] a lot")]
    )
    assert [(round(pause.seconds, 1), pause.within) for _, pause in found.pauses] == [
        (0.5, True),
        (0.6, False),
        (0.4, False),
    ]
    assert found.mean_pause == pytest.approx(0.5)


def test_a_silence_below_a_quarter_of_a_second_is_no_pause() -> None:
    assert fluency.measure([answer("I went [0.24] home")]).pauses == []


def test_a_very_long_pause_counts_eight_seconds() -> None:
    found = fluency.measure([answer("I went [60] home")])
    assert found.pauses[0][1].seconds == 8.0
    assert found.speaking_s == pytest.approx(0.75 + 8.0)


def test_fillers_are_words_by_name_and_voice_between_words() -> None:
    said = answer("I think um that [0.3] people work")
    assert len(fluency.measure([said]).fillers) == 1
    words = [word for word in said.heard.words if word.bare != "um"]
    unheard = replace(said, heard=said.heard.model_copy(update={"words": words}))
    found = fluency.measure([unheard])
    assert [(round(start, 2), round(end, 2)) for _, (start, end) in found.fillers] == [(0.5, 0.75)]
    assert found.syllables == 6


def test_a_word_alone_between_pauses_may_be_a_hesitation() -> None:
    assert len(fluency.measure([answer("we went home [0.4] or [0.4] we stayed")]).fillers) == 1
    assert fluency.measure([answer("we went home or we stayed")]).fillers == []


def test_without_sound_gaps_between_words_are_pauses() -> None:
    found = fluency.measure([without_sound(answer("I went [0.5] home"))])
    assert [round(pause.seconds, 2) for _, pause in found.pauses] == [0.5]
    assert found.articulation_rate == pytest.approx(4.0)


def test_words_without_times_of_their_own_tell_nothing() -> None:
    said = answer("I went home")
    untimed = replace(said, heard=said.heard.model_copy(update={"timed": False}))
    assert fluency.measure([untimed]).words == 0


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("I I went home", 1),
        ("I went I went home", 1),
        ("it was very very good", 0),
        ("I went no sorry I go home", 1),
        ("I um I went home", 1),
        ("he said he said it", 1),
    ],
)
def test_restarts(said: str, count: int) -> None:
    assert len(fluency.measure([answer(said)]).restarts) == count


def test_turns_in_a_row_are_one_stretch_and_the_silence_between_them_a_pause() -> None:
    first, second = answer("I went home.", 0), answer("Then I slept.", 1, after_coach=False)
    together = fluency.measure([replace(first, began_at=0.0), replace(second, began_at=2.75)])
    assert [(round(pause.seconds, 2), pause.within) for _, pause in together.pauses] == [(2.0, False)]
    apart = fluency.measure([first, answer("Then I slept.", 1)])
    assert apart.pauses == []
