"""The words at the end of a lesson do not contradict one another."""

from agent.lesson_state import LessonState
from agent.lesson_summary import divided, summary
from api.contract.lessons import LessonContent
from tests.agent.lesson.plans import TINY


def asking_twice() -> LessonContent:
    """A lesson of which two steps ask for the same, and one of them for something else besides."""
    values = TINY.model_dump(mode="json")
    again = {**values["steps"][0]["criteria"][0], "key": "drink-again"}
    values["steps"][1]["criteria"].append(again)
    return LessonContent.model_validate(values)


def test_what_was_met_once_is_not_named_for_the_next_time() -> None:
    content, state = asking_twice(), LessonState(met=("drink", "ask-price", "hot"))
    shown, missing = divided(content, state)
    assert [one.key for one in shown] == ["drink", "ask-price", "hot"]
    assert missing == []


def test_what_was_met_twice_is_named_once() -> None:
    content, state = asking_twice(), LessonState(met=("drink", "drink-again"))
    words = " ".join(text for kind, text in summary(content, state) if kind == "text")
    assert words.count("say what you drink") == 1
    assert "ask for the price" in words
