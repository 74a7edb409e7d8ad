"""The level from somebody's own words: four levels, the rules in between, and what may not count."""

from pathlib import Path

import pytest
import yaml

from api.contract.lessons import LessonKind
from api.contract.levels import Level
from api.onboarding.placement import (
    LEVELS,
    MOST_QUOTED,
    Answer,
    Measure,
    judge,
    placement_file,
)

ATTACKS = Path(__file__).parents[3] / "agent" / "injection" / "attacks.yaml"
TASKS = ("about-you", "last-week", "a-choice", "a-view")
SAMPLES = {
    Level(level): tuple(texts)
    for level, texts in yaml.safe_load(Path(__file__).with_name("samples.yaml").read_text("utf-8")).items()
}


def given(texts: tuple[str, ...], rate: float | None = None) -> list[Answer]:
    """Answers to the tasks in order; spoken at so many words a minute where a rate is given."""
    made: list[Answer] = []
    for task, text in zip(TASKS, texts, strict=False):
        step = 60 / rate if rate else 0
        times = (
            [(index * step, index * step + 0.7 * step) for index in range(len(text.split()))] if rate else []
        )
        made.append(Answer(task, text, times))
    return made


@pytest.mark.parametrize("level", list(Level))
def test_samples_of_each_level_are_placed_there(level: Level) -> None:
    assert judge(given(SAMPLES[level])).level is level


@pytest.mark.parametrize("level", list(Level))
def test_reasons_quote_the_learners_own_words(level: Level) -> None:
    said = " ".join(SAMPLES[level])
    for reason in judge(given(SAMPLES[level])).reasons:
        if reason.quote is not None:
            assert len(reason.quote) <= MOST_QUOTED
            assert reason.quote.rstrip("…") in said


def test_slow_speech_counts_against_and_one_measure_alone_does_not_lift() -> None:
    texts = SAMPLES[Level.B2]
    fast, slow = judge(given(texts, rate=130)), judge(given(texts, rate=40))
    tempo = {reason.measure: reason for reason in slow.reasons}[Measure.TEMPO]
    assert (fast.level, slow.level) == (Level.B2, Level.B2), "one measure alone does not bring anybody down"
    assert tempo.level is Level.A1
    assert tempo.value == pytest.approx(40, abs=3)
    assert judge(given(SAMPLES[Level.A1], rate=150)).level is Level.A1


def test_pauses_of_thought_do_not_slow_the_tempo() -> None:
    words = [(index * 0.5, index * 0.5 + 0.4) for index in range(20)]
    thinking = words[:10] + [(start + 30, end + 30) for start, end in words[10:]]
    text = " ".join(["word"] * 20)
    values = [
        next(
            one.value
            for one in judge([Answer("about-you", text, times)]).reasons
            if one.measure is Measure.TEMPO
        )
        for times in (words, thinking)
    ]
    assert values[1] >= values[0]


def test_nobody_is_placed_far_above_the_last_task_they_answered() -> None:
    judged = judge([Answer("about-you", SAMPLES[Level.B2][0]), Answer("about-you", SAMPLES[Level.B2][3])])
    assert judged.level is Level.A2
    assert judged.reasons[-1].measure is Measure.TASKS


@pytest.mark.parametrize("text", ["", "Yes.", "I am Ali and I like", "... !!! ???", "你好 我叫李"])
def test_too_little_says_nothing(text: str) -> None:
    judged = judge([Answer("about-you", text)])
    assert judged.level is None
    assert judged.reasons == []


def test_repeating_a_word_is_no_vocabulary_and_other_tasks_do_not_count() -> None:
    assert judge([Answer("about-you", "nevertheless " * 60)]).level is Level.A1
    assert judge([Answer("unknown", " ".join(SAMPLES[Level.B2]))]).level is None


def test_orders_are_words_like_others() -> None:
    for order in yaml.safe_load(ATTACKS.read_text("utf-8"))["attacks"].values():
        judged = judge([Answer(task, order) for task in TASKS[:2]])
        assert judged.level is not Level.B2, order
        added = judge([*given(SAMPLES[Level.A1]), Answer("about-you", order)])
        assert added.level is not Level.B2, "asking for a level gives none"


def test_the_file_is_a_lesson_with_a_level_for_each_task() -> None:
    file = placement_file()
    assert file.content.kind is LessonKind.EXAM_PART
    assert tuple(step.key for step in file.content.steps) == TASKS
    assert list(file.rules.tasks) == list(TASKS)
    assert list(file.rules.tasks.values()) == list(LEVELS)
    assert len({structure.key for structure in file.rules.structures}) == len(file.rules.structures)
    assert 120 <= sum(step.seconds for step in file.content.steps) <= 240


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("past", "yesterday i went home"),
        ("perfect", "i have never been there"),
        ("condition", "if i had time i would go"),
        ("passive", "they should be allowed to use it"),
        ("unreal_past", "i would have gone"),
        ("past_perfect", "she had already left before i had gone"),
        ("comparison", "it is bigger than my town"),
        ("going_to", "i am going to visit her"),
        ("relative", "people who live here"),
        ("used_to", "i am used to it"),
    ],
)
def test_structures_are_found_where_they_are(key: str, sentence: str) -> None:
    structures = {one.key: one for one in placement_file().rules.structures}
    assert structures[key].within(sentence)
    assert not structures[key].within("i like my small dog and my red car")
