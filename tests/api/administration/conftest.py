"""People who run things: an operator, an administrator of a school with members, and others."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.api.conftest import Learner, SignUp

Enter = Callable[[Learner, UUID, str], Awaitable[None]]


@pytest.fixture
def enter(owner: asyncpg.Connection) -> Enter:
    """Let somebody belong to an organisation in a role, and act under it."""

    async def into(person: Learner, organisation_id: UUID, role: str) -> None:
        await owner.execute(
            "INSERT INTO memberships (id, organisation_id, user_id, role, chosen_at)"
            " VALUES ($1, $2, $3, $4, now() + interval '1 second')",
            uuid4(),
            organisation_id,
            person.id,
            role,
        )

    return into


@dataclass(frozen=True)
class School:
    """A school and one person of each role in it."""

    id: UUID
    admin: Learner
    instructor: Learner
    learner: Learner


@pytest.fixture
async def school(owner: asyncpg.Connection, sign_up: SignUp, enter: Enter) -> School:
    """A school."""
    made = uuid4()
    await owner.execute("INSERT INTO organisations (id, name, kind) VALUES ($1, 'Lakeside', 'school')", made)
    people = {}
    for role in ("admin", "instructor", "learner"):
        people[role] = await sign_up(f"{role} of Lakeside")
        await enter(people[role], made, role)
    for person in people.values():
        await owner.execute(
            "INSERT INTO sessions (id, organisation_id, user_id, is_default, mode, summary, last_activity_at)"
            " VALUES ($1, $2, $3, true, 'conversation', '', now())",
            uuid4(),
            made,
            person.id,
        )
    await owner.execute("UPDATE users SET is_verified = true WHERE id = $1", people["admin"].id)
    return School(made, **people)


@pytest.fixture
async def operator(owner: asyncpg.Connection, sign_up: SignUp) -> Learner:
    """Who runs the installation."""
    person = await sign_up("Olga")
    await owner.execute("UPDATE users SET is_superuser = true WHERE id = $1", person.id)
    return person
