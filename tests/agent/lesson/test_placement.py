"""The placement is a lesson like others to the coach: led to its end, whatever the learner does."""

from collections.abc import Callable

import pytest

from api.contract.lessons import LessonContent, LessonEventKind
from prompts import load
from tests.agent.lesson.plans import Pupil, model_turn, one_word_turn, silent_turn

CONTENT = LessonContent.model_validate(load("placement").value("content"))


@pytest.mark.parametrize("turn", [model_turn, one_word_turn, silent_turn])
def test_it_is_led_to_its_end(turn: Callable[[Pupil], str]) -> None:
    pupil = Pupil(CONTENT)
    said = " ".join([pupil.coach[0], *pupil.finish(turn)])
    kinds = [one.kind for one in pupil.happened]
    assert kinds[-1] is LessonEventKind.COMPLETED
    assert all(step.exchanges[0].say in said for step in CONTENT.steps), "each question is put as it stands"
    answered = {one.step for one in pupil.happened if one.kind is LessonEventKind.EXCHANGE_DONE}
    assert answered == {step.key for step in CONTENT.steps}
