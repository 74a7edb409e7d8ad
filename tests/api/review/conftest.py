"""A school with two instructors, learners of two programs, and a call that was held."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from tests.api.conftest import AgentSide, Learner, SignUp, turn

REVIEW = "/api/v1/review"
Enrol = Callable[..., Awaitable[Learner]]


@dataclass(frozen=True)
class School:
    """An organisation as its owner's database connection makes it."""

    organisation_id: UUID
    program_id: UUID
    other_program_id: UUID
    join: Enrol
    """`await join("Maya")` is a learner of the program; `role=` and `program_id=` say otherwise."""


@dataclass(frozen=True)
class HeldCall:
    """A call with three turns."""

    id: str
    turns: list[dict[str, Any]]

    @property
    def at(self) -> str:
        """Its address for instructors."""
        return f"{REVIEW}/calls/{self.id}"


async def _program(owner: asyncpg.Connection, organisation_id: UUID, name: str) -> UUID:
    made: UUID = await owner.fetchval(
        "INSERT INTO programs (id, organisation_id, name, description) VALUES ($1, $2, $3, '') RETURNING id",
        uuid4(),
        organisation_id,
        name,
    )
    return made


async def enrol(owner: asyncpg.Connection, school: UUID, program_id: UUID, user_id: UUID, role: str) -> None:
    """Put a member of a school into one of its programs."""
    await owner.execute(
        "INSERT INTO enrolments (id, organisation_id, program_id, user_id, role) VALUES ($1, $2, $3, $4, $5)",
        uuid4(),
        school,
        program_id,
        user_id,
        role,
    )


@pytest.fixture
async def school(sign_up: SignUp, owner: asyncpg.Connection) -> School:
    """A school without people, and the way into it."""
    organisation_id: UUID = await owner.fetchval(
        "INSERT INTO organisations (id, name, kind) VALUES ($1, 'Night School', 'school') RETURNING id",
        uuid4(),
    )
    first = await _program(owner, organisation_id, "Evening class")
    second = await _program(owner, organisation_id, "Morning class")

    async def join(name: str, role: str = "learner", program_id: UUID | None = first) -> Learner:
        person = await sign_up(name)
        await owner.execute(
            "INSERT INTO memberships (id, organisation_id, user_id, role, chosen_at)"
            " VALUES ($1, $2, $3, $4, now() + interval '1 second')",
            uuid4(),
            organisation_id,
            person.id,
            role,
        )
        await owner.execute(
            "INSERT INTO sessions (id, organisation_id, user_id, is_default, mode, summary, last_activity_at)"
            " VALUES ($1, $2, $3, true, 'conversation', '', now())",
            uuid4(),
            organisation_id,
            person.id,
        )
        if program_id is not None and role != "admin":
            await enrol(owner, organisation_id, program_id, person.id, role)
        return Learner(person.client, person.id, person.email, organisation_id)

    return School(organisation_id, first, second, join)


@pytest.fixture
async def teacher(school: School) -> Learner:
    """An instructor of the first program."""
    return await school.join("Tom", "instructor")


@pytest.fixture
async def colleague(school: School) -> Learner:
    """Another instructor of the first program."""
    return await school.join("Cora", "instructor")


@pytest.fixture
async def outsider(school: School) -> Learner:
    """An instructor of the same school who teaches another program."""
    return await school.join("Olaf", "instructor", school.other_program_id)


@pytest.fixture
async def maya(school: School) -> Learner:
    """A learner of the first program."""
    return await school.join("Maya")


async def hold_call(agent: AgentSide, learner: Learner, *texts: str, job: str = "AJ_1") -> HeldCall:
    """A call of a learner in which these things were said in turn, the learner first."""
    call = await agent.opened(await learner.room(), job)
    said = [turn(f"i{n}", n, text, ("learner", "coach")[n % 2]) for n, text in enumerate(texts)]
    assert (await call.append(*said)).status_code == 200
    assert (await call.close()).status_code == 200
    kept = await learner.client.get(f"/api/v1/calls/{call.id}/turns")
    return HeldCall(call.id, kept.json()["items"])


@pytest.fixture
async def call(agent: AgentSide, maya: Learner) -> HeldCall:
    """Maya's call."""
    return await hold_call(agent, maya, "I buyed plums \U0001f600 yesterday.", "You bought plums?", "Yes.")


async def written(by: Learner, call: HeldCall, text: str = "Well said.", **more: Any) -> dict[str, Any]:
    """A comment that must be kept."""
    answer = await by.client.post(f"{call.at}/comments", json={"text": text, **more})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def ok(answer: httpx.Response) -> Any:
    """The body of an answer that must be good."""
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None
