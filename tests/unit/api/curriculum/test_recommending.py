"""The rules by which lessons are recommended, without a database."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from api.contract.lessons import Area, LessonKind, Skill, TaskKind
from api.contract.levels import Level
from api.curriculum.attempts.schemas import LessonState
from api.curriculum.recommendation import Ground, ranked, weakest_skill
from api.curriculum.schemas import LessonBrief, MasteryOut, ObjectiveOut

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def brief(title: str, level: Level = Level.A2, **more: Any) -> LessonBrief:
    """A lesson that is new to the learner."""
    fields: dict[str, Any] = {
        "id": uuid4(),
        "key": title,
        "version": 1,
        "title": title,
        "topic": "People",
        "goal": "You can.",
        "level": level,
        "area": Area.EVERYDAY,
        "task": TaskKind.EXPLAIN,
        "kind": LessonKind.LESSON,
        "minutes": 5,
        "exam_tags": [],
        "origin": "installation",
        "state": LessonState.NEW,
        "steps": 4,
        "steps_done": 0,
        "assigned": False,
        "due_on": None,
    }
    return LessonBrief(**fields | more)


def objective(
    skill: Skill, mastery: float | None, *lesson_ids: UUID, level: Level = Level.A2
) -> ObjectiveOut:
    """An objective, with the learner's mastery of it."""
    kept = mastery is not None and MasteryOut(level=mastery, evidence=4, mastered=False, updated_at=NOW)
    return ObjectiveOut(
        key=f"{level}-{skill}",
        level=level,
        skill=skill,
        can_do="",
        mastery=kept or None,
        lesson_ids=[*lesson_ids],
    )


def reasons(ground: Ground) -> list[tuple[str, str]]:
    """What is recommended, and by which rule."""
    return [(one.lesson.title, one.reason.code) for one in ranked(ground)]


def test_each_lesson_once_by_its_first_reason() -> None:
    late = brief("late", assigned=True, due_on=date(2026, 12, 9))
    soon = brief("soon", assigned=True, due_on=date(2026, 12, 1))
    whenever = brief("whenever", assigned=True)
    half = brief("half", state=LessonState.STARTED, steps_done=2)
    hardly = brief("hardly", state=LessonState.STARTED, steps_done=1)
    now = brief("now", state=LessonState.OPEN)
    old = brief("old", state=LessonState.COMPLETED)
    new = brief("new")
    ground = Ground(
        Level.A2, [late, whenever, hardly, half, soon, now, old, new], [], {old.id: 3, half.id: 9}
    )
    assert reasons(ground) == [
        ("soon", "assigned"),
        ("late", "assigned"),
        ("whenever", "assigned"),
        ("now", "go_on"),
        ("half", "go_on"),
        ("hardly", "go_on"),
        ("old", "reviews_due"),
        ("new", "level"),
    ]
    assert next(one.reason.parameters for one in ranked(ground)) == {"due_on": "2026-12-01"}


def test_the_weakest_skill_comes_first_but_not_alone() -> None:
    weak = [brief(f"weak {number}") for number in range(3)]
    other = brief("other")
    objectives = [
        objective(Skill.INTERACTION, 0.7, other.id),
        objective(Skill.PRODUCTION, 0.2, *(one.id for one in weak)),
        objective(Skill.PRODUCTION, 0.0, other.id, level=Level.B1),
    ]
    found = list(ranked(Ground(Level.A2, [other, *weak], objectives, {})))
    assert [(one.lesson.title, one.reason.code) for one in found] == [
        ("weak 0", "weakest_skill"),
        ("weak 1", "weakest_skill"),
        ("other", "level"),
        ("weak 2", "level"),
    ]
    assert found[0].reason.parameters == {"skill": "production", "percent": 20}


def test_an_objective_without_evidence_counts_as_a_quarter() -> None:
    known = [objective(Skill.RECEPTION, 0.3), objective(Skill.MEDIATION, None)]
    assert weakest_skill(known, Level.A2) == (Skill.MEDIATION, 0.25)
    assert weakest_skill([objective(Skill.MEDIATION, None)], Level.A2) is None


def test_the_next_level_comes_when_this_one_is_done() -> None:
    done = brief("done", state=LessonState.COMPLETED)
    above, far = brief("above", Level.B1), brief("far", Level.B2)
    assert reasons(Ground(Level.A2, [done, above, far], [], {})) == [("above", "next_level")]
    assert reasons(Ground(Level.B2, [done], [], {})) == []
