"""A school as tests need one: made, joined and filled through the API itself."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from tests.api.conftest import Learner, SignUp

V1 = "/api/v1"
Join = Callable[..., Awaitable[Learner]]


def made(answer: httpx.Response) -> dict[str, Any]:
    """What was made, which it must have been."""
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


@dataclass(frozen=True)
class School:
    """A school with its administrator, who acts under it."""

    admin: Learner
    id: UUID
    sign_up: SignUp

    async def program(self, name: str = "Evening class") -> str:
        """A new program."""
        answer = await self.admin.client.post(f"{V1}/programs", json={"name": name})
        key: str = made(answer)["id"]
        return key

    async def link(self, **wanted: Any) -> str:
        """The secret of a new invitation by link."""
        answer = await self.admin.client.post(f"{V1}/invitations/links", json=wanted)
        url: str = made(answer)["url"]
        return url.partition("#token=")[2]

    async def join(self, name: str = "Mia", role: str = "learner", program_id: str | None = None) -> Learner:
        """Somebody new who came in by a link, and was given this role; they act under the school."""
        person = await self.sign_up(name)
        await self.let_in(person, role, program_id)
        return person

    async def let_in(self, person: Learner, role: str = "learner", program_id: str | None = None) -> None:
        """Let somebody in who has an account."""
        accepted = await accept(person, await self.link(max_uses=1))
        assert accepted.status_code == 200, accepted.text
        if role != "learner":
            await self.give(person, role)
        if program_id is not None:
            await self.enrol(person, program_id, "learner" if role == "learner" else "instructor")

    async def give(self, person: Learner, role: str) -> None:
        """Give a member another role."""
        answer = await self.admin.client.patch(f"{V1}/members/{person.id}", json={"role": role})
        assert answer.status_code == 200, answer.text

    async def enrol(self, person: Learner, program_id: str, role: str = "learner") -> None:
        """Let a member learn or teach in a program."""
        path = f"{V1}/programs/{program_id}/members/{person.id}"
        answer = await self.admin.client.put(path, json={"role": role})
        assert answer.status_code == 204, answer.text

    async def members(self, **query: Any) -> dict[str, Any]:
        """The list of members."""
        answer = await self.admin.client.get(f"{V1}/members", params=query)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body


async def found(sign_up: SignUp, name: str = "North School", admin: str = "Ada") -> School:
    """A new school."""
    person = await sign_up(admin)
    body = made(await person.client.post(f"{V1}/organisations", json={"name": name}))
    return School(person, UUID(body["id"]), sign_up)


async def accept(person: Learner, token: str) -> httpx.Response:
    """Accept an invitation."""
    return await person.client.post(f"{V1}/invitations/accept", json={"token": token})


async def own(person: Learner) -> list[dict[str, Any]]:
    """The organisations of a person."""
    items: list[dict[str, Any]] = (await person.client.get(f"{V1}/users/me/organisations")).json()["items"]
    return items


async def choose(person: Learner, organisation_id: UUID | str) -> httpx.Response:
    """Act under another organisation."""
    return await person.client.put(
        f"{V1}/users/me/organisation", json={"organisation_id": str(organisation_id)}
    )
