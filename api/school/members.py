"""Rows of the made-up school's people and programs."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from api.organisations.models import EnrolmentRole
from api.school.plan import EXAM_PROGRAM, NAMESPACE, PROGRAMS, SMALL_PROGRAM, Person

EXAM_LEARNERS: Final = 30
SMALL_LEARNERS: Final = 4


def enrolments(
    learners: Sequence[Person], instructors: Sequence[Person]
) -> Iterator[tuple[str, EnrolmentRole, Person]]:
    """Who learns and teaches in which program: every learner in one, some in two; every instructor in two."""
    for number, person in enumerate(learners):
        yield PROGRAMS[number % len(PROGRAMS)], EnrolmentRole.LEARNER, person
    for person in learners[:EXAM_LEARNERS]:
        yield EXAM_PROGRAM, EnrolmentRole.LEARNER, person
    for person in learners[-SMALL_LEARNERS:]:
        yield SMALL_PROGRAM, EnrolmentRole.LEARNER, person
    for number, person in enumerate(instructors):
        yield PROGRAMS[number % len(PROGRAMS)], EnrolmentRole.INSTRUCTOR, person
        others = (EXAM_PROGRAM, SMALL_PROGRAM, *PROGRAMS[3:])
        yield others[number % len(others)], EnrolmentRole.INSTRUCTOR, person


def account(person: Person, hashed: str, began: datetime) -> dict[str, Any]:
    """A person's account, confirmed and with all questions answered."""
    return {
        "id": person.id,
        "email": person.email,
        "hashed_password": hashed,
        "display_name": person.name,
        "level": person.level,
        "is_active": True,
        "is_superuser": False,
        "is_verified": True,
        "email_verified_at": began,
        "birth_year": 1990,
        "ai_disclosure_at": began,
        "terms_accepted_at": began,
        "created_at": began,
    }


def session_id(person: Person) -> UUID:
    """The key of a learner's default session."""
    return uuid5(NAMESPACE, f"session {person.id}")


def program_id(name: str) -> UUID:
    """The key of a program."""
    return uuid5(NAMESPACE, f"program {name}")
