"""Every lesson of the curriculum goes to its end, led by `guided`, whatever the learner does."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from agent.lesson_criteria import is_met
from api.contract.lessons import LessonContent, LessonEventKind
from tests.agent.lesson.plans import Pupil, model_turn, one_word_turn, seeded, silent_turn

LESSONS = seeded()
NAMES = [lesson.key for lesson in LESSONS]


def last_sentences(said: list[str]) -> list[str]:
    """What each of the coach's turns ends in."""
    return [words[-60:] for words in said]


@pytest.mark.parametrize("turn", [model_turn, one_word_turn, silent_turn])
@pytest.mark.parametrize("lesson", LESSONS, ids=NAMES)
def test_it_is_led_to_its_end(lesson: LessonContent, turn: Callable[[Pupil], str]) -> None:
    pupil = Pupil(lesson)
    said = pupil.finish(turn)
    kinds = [one.kind for one in pupil.happened]
    assert kinds[0] is LessonEventKind.STARTED
    assert kinds[-1] is LessonEventKind.COMPLETED
    assert kinds.count(LessonEventKind.STEP_FINISHED) == len(lesson.steps)
    assert all(said), "the coach always has words"
    whole = [pupil.coach[0], *said]
    assert all(one != two for one, two in pairwise(whole)), "nothing is said twice in a row"
    ends = last_sentences(whole)
    assert all(one != two for one, two in pairwise(ends)), "no question twice in a row"


@pytest.mark.parametrize("lesson", LESSONS, ids=NAMES)
def test_its_own_examples_reach_its_goals(lesson: LessonContent) -> None:
    pupil = Pupil(lesson)
    pupil.finish(model_turn)
    asked = [
        one
        for step in lesson.steps
        for one in step.criteria
        if is_met(one, [exchange.model for exchange in step.exchanges])
    ]
    missed = {one.key for one in asked} - set(pupil.lesson.state.met)
    assert not missed


@pytest.mark.parametrize("lesson", LESSONS, ids=NAMES)
def test_a_good_answer_is_taken_for_one(lesson: LessonContent) -> None:
    pupil = Pupil(lesson)
    while pupil.lesson.running:
        exchange = pupil.lesson.walk.exchange(pupil.lesson.state)
        model_turn(pupil)
        assert exchange is None or pupil.moves[-1].kind in ("answer", "retry", "reflection", "grave"), (
            f"{exchange.model} was taken for {pupil.moves[-1].kind}"
        )
