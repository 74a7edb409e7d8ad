"""How much the coach helps: a rule that explains itself."""

import pytest

from agent.difficulty import Mark, change_after
from agent.pace import rate_of
from agent.turn_taking import waits_for
from api.contract.lessons import LessonEventKind, Support
from api.contract.levels import Level
from tests.agent.lesson.plans import Pupil, one_word_turn, seeded

GOOD = Mark(helped=False, short=False, met=True)
HELPED = Mark(helped=True, short=False, met=False)
SHORT = Mark(helped=False, short=True, met=False)


@pytest.mark.parametrize(
    ("marks", "before", "after", "reason"),
    [
        ([GOOD, HELPED, HELPED, HELPED], Support.USUAL, Support.MORE, "3 of the last 4 answers needed help"),
        ([SHORT] * 4, Support.USUAL, Support.MORE, "4 of the last 4 answers were very short"),
        ([GOOD] * 5, Support.USUAL, Support.LESS, "goals were met"),
        ([GOOD] * 3, Support.MORE, Support.USUAL, "needed no help"),
        ([GOOD, SHORT, HELPED], Support.LESS, Support.USUAL, "2 of the last 3"),
    ],
)
def test_support_changes_with_a_reason(
    marks: list[Mark], before: Support, after: Support, reason: str
) -> None:
    change = change_after(marks, before)
    assert change is not None
    assert change.support is after
    assert reason in change.reason
    assert len(change.reason) <= 200


@pytest.mark.parametrize(
    ("marks", "before"),
    [
        ([GOOD] * 4, Support.USUAL),
        ([HELPED, GOOD, HELPED, GOOD, SHORT], Support.USUAL),
        ([GOOD, GOOD], Support.MORE),
        ([GOOD, GOOD, SHORT], Support.MORE),
        ([GOOD, SHORT, GOOD], Support.LESS),
    ],
)
def test_support_stays(marks: list[Mark], before: Support) -> None:
    assert change_after(marks, before) is None


def test_it_is_stored_as_an_event_of_the_lesson() -> None:
    pupil = Pupil(max(seeded(), key=lambda lesson: len(lesson.steps)))
    pupil.finish(one_word_turn)
    changes = [one for one in pupil.happened if one.kind is LessonEventKind.SUPPORT_CHANGED]
    assert changes
    assert changes[0].support is Support.MORE
    assert changes[0].reason


def test_beginners_and_those_who_ask_hear_it_slower() -> None:
    usual = rate_of(Level.B1, Support.USUAL, 0, in_lesson=True)
    assert usual == 1.0
    assert rate_of(Level.A1, Support.USUAL, 0, in_lesson=True) < usual
    assert rate_of(Level.B1, Support.MORE, 0, in_lesson=True) < usual
    asked = [rate_of(Level.B1, Support.USUAL, times, in_lesson=False) for times in range(4)]
    assert asked[0] == 1.0
    assert asked == sorted(asked, reverse=True)
    assert min(rate_of(Level.A1, Support.MORE, 9, in_lesson=True), asked[-1]) >= 0.7


def test_long_answers_are_waited_for() -> None:
    assert waits_for("long", Support.USUAL).doubt > waits_for("yes_no", Support.USUAL).doubt
    assert waits_for("fact", Support.MORE).quiet < waits_for("fact", Support.USUAL).quiet
    assert waits_for("fact", Support.LESS).quiet > waits_for("fact", Support.USUAL).quiet
