"""A learner's account over the product's HTTP API, as the browser uses it."""

import secrets
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

PASSWORD_BYTES = 12


class ApiRefusedError(Exception):
    """The API answered with an error; the message holds its status and code."""


@dataclass(frozen=True)
class RoomTicket:
    """What the token endpoint gives: where the room is and the token to enter it."""

    server_url: str
    participant_token: str


class Account:
    """One signed-in learner. Use as an async context manager."""

    def __init__(self, base_url: str) -> None:
        self._http = httpx.AsyncClient(base_url=base_url, timeout=30.0, headers={"Origin": base_url})
        self.email = f"learner-{secrets.token_hex(8)}@example.com"
        self.password = f"Bench-{secrets.token_hex(PASSWORD_BYTES)}"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def sign_up(self, display_name: str = "Anna") -> None:
        """Makes the account and signs in.

        Raises:
            ApiRefusedError: the API refused either.
        """
        body = {"email": self.email, "password": self.password, "display_name": display_name}
        await self._send("POST", "/api/v1/auth/register", body)
        await self.sign_in(self.email, self.password)

    async def sign_in(self, email: str, password: str) -> None:
        """Signs in; the session cookie is kept from then on.

        Raises:
            ApiRefusedError: the pair is not known.
        """
        await self._send("POST", "/api/v1/auth/login", {"email": email, "password": password})

    async def room_ticket(self) -> RoomTicket:
        """What pressing the talk button asks for first.

        Raises:
            ApiRefusedError: no room is to be had.
        """
        answer = await self._send("POST", "/api/v1/sessions/default/token", {})
        return RoomTicket(answer["server_url"], answer["participant_token"])

    async def session(self) -> dict[str, Any]:
        """The learner's default session."""
        return await self._send("GET", "/api/v1/sessions/default")

    async def calls(self) -> list[dict[str, Any]]:
        """Calls of the default session, newest first."""
        session = await self.session()
        items = (await self._send("GET", f"/api/v1/sessions/{session['id']}/calls?limit=50"))["items"]
        return sorted(items, key=lambda call: str(call["started_at"]), reverse=True)

    async def turns(self, call_id: str) -> list[dict[str, Any]]:
        """Every turn of a call, in order."""
        turns: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = await self._send("GET", f"/api/v1/calls/{call_id}/turns?limit=100{cursor}")
            turns += page["items"]
            if not page.get("next_cursor"):
                return turns
            cursor = f"&cursor={page['next_cursor']}"

    async def begin_exam(self, key: str) -> dict[str, Any]:
        """Begins a mock exam: the next call is its.

        Raises:
            ApiRefusedError: it cannot be begun.
        """
        return await self._send("POST", "/api/v1/exams/attempts", {"exam": key})

    async def exam_attempt(self, attempt_id: str) -> dict[str, Any]:
        """How one of the learner's exams stands."""
        return await self._send("GET", f"/api/v1/exams/attempts/{attempt_id}")

    async def _send(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        response = await self._http.request(method, path, json=body)
        if response.is_error:
            raise ApiRefusedError(
                f"{method} {path.partition('?')[0]}: {response.status_code} {_code(response)}"
            )
        return dict(response.json()) if response.content else {}


def _code(response: httpx.Response) -> str:
    try:
        return str(response.json()["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return response.reason_phrase
