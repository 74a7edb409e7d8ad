"""The agent's calls to the API. Two errors: try again later, or never."""

from collections.abc import Awaitable
from types import TracebackType
from typing import Self, TypeVar
from uuid import UUID

import httpx
from pydantic import BaseModel, ValidationError

from agent.http import client
from api.contract.calls import (
    AppendTurns,
    CallClosed,
    CallOpened,
    CloseCall,
    LossNoted,
    OpenCall,
    Retrieve,
    Retrieved,
    SegmentKept,
    TurnRecord,
    TurnsAppended,
    WorkerNoted,
)
from api.contract.exams import AppendExamEvents, ExamEventsAppended
from api.contract.lessons import AppendLessonEvents, LessonEventsAppended
from api.contract.sound import AUDIO_TYPE
from infra import telemetry

Answer = TypeVar("Answer", bound=BaseModel)
_SOUND_TIMEOUT_S = 20.0
_RETRY = frozenset({408, 425, 429, 500, 502, 503, 504})


class ApiUnavailableError(RuntimeError):
    """The API could not be asked or could not answer now; the same request may succeed later."""


class ApiRefusedError(RuntimeError):
    """The API said no for good: `status` and its stable `code`."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"the API refused with {status} {code}")
        self.status = status
        self.code = code


class AgentApi:
    """Client of `/agent/calls...`. Opening takes the service key, everything else a call's grant.

    Requests carry the correlation id that is given, else the one that is bound where they are made.
    """

    def __init__(
        self,
        base_url: str,
        service_key: str,
        *,
        correlation_id: str | None = None,
        timeout: float = 5.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._key = service_key
        self._correlation = correlation_id
        self._http = client(base_url=base_url, timeout=timeout, transport=transport, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def open_call(self, request: OpenCall) -> CallOpened:
        """Trade room and job for a grant and the brief; an open call of that room is resumed."""
        return await self._post("/agent/calls", request, CallOpened, self._key)

    async def append(self, call_id: UUID, grant: str, turns: list[TurnRecord]) -> TurnsAppended:
        """Add turns; what is already kept is counted and left alone."""
        body = AppendTurns(turns=turns)
        return await self._post(f"/agent/calls/{call_id}/turns", body, TurnsAppended, grant)

    async def append_lesson(
        self, call_id: UUID, grant: str, body: AppendLessonEvents
    ) -> LessonEventsAppended:
        """Add events of the call's lesson; what is already kept is counted and left alone."""
        return await self._post(f"/agent/calls/{call_id}/lesson", body, LessonEventsAppended, grant)

    async def append_exam(self, call_id: UUID, grant: str, body: AppendExamEvents) -> ExamEventsAppended:
        """Add what moved the clock of the call's exam; answers the whole record as it stands."""
        return await self._post(f"/agent/calls/{call_id}/exam", body, ExamEventsAppended, grant)

    async def retrieve(self, call_id: UUID, grant: str, query: str, *, within: float) -> Retrieved:
        """Passages for an utterance, best first, within that many seconds."""
        path = f"/agent/calls/{call_id}/retrieve"
        return await self._post(path, Retrieve(query=query), Retrieved, grant, within=within)

    async def close(self, call_id: UUID, grant: str, request: CloseCall) -> CallClosed:
        """End the call; answers which committed items the record lacks."""
        return await self._post(f"/agent/calls/{call_id}/close", request, CallClosed, grant)

    async def put_sound(self, call_id: UUID, grant: str, number: int, data: bytes) -> SegmentKept:
        """Deliver a segment of the call's recording; sent again, it is kept once."""
        path = f"/agent/calls/{call_id}/audio/{number}"
        headers = {**self._headers(grant), "Content-Type": AUDIO_TYPE}
        asked = self._http.put(path, content=data, headers=headers, timeout=_SOUND_TIMEOUT_S)
        return await _answered(path, asked, SegmentKept)

    async def report_lost(self, call_id: UUID, grant: str) -> LossNoted:
        """Say that the job which held this grant has died, so that another one is called."""
        return await self._post(f"/agent/calls/{call_id}/lost", None, LossNoted, grant)

    async def worker_ready(self) -> WorkerNoted:
        """Say that LiveKit gives jobs to this worker from now on."""
        return await self._post("/agent/workers/ready", None, WorkerNoted, self._key)

    async def _post(
        self,
        path: str,
        body: BaseModel | None,
        answer: type[Answer],
        token: str,
        *,
        within: float | None = None,
    ) -> Answer:
        asked = self._http.post(
            path,
            content=body.model_dump_json() if body else None,
            headers=self._headers(token),
            timeout=self._http.timeout if within is None else within,
        )
        return await _answered(path, asked, answer)

    def _headers(self, token: str) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        correlation = self._correlation or telemetry.correlation_id.get()
        return {**headers, telemetry.REQUEST_ID_HEADER: correlation} if correlation else headers


async def _answered(path: str, asked: Awaitable[httpx.Response], answer: type[Answer]) -> Answer:
    try:
        response = await asked
    except httpx.HTTPError as error:
        raise ApiUnavailableError(f"{path}: {type(error).__name__}") from error
    if response.status_code in _RETRY:
        raise ApiUnavailableError(f"{path}: {response.status_code}")
    if not response.is_success:
        raise ApiRefusedError(response.status_code, _code(response))
    try:
        return answer.model_validate_json(response.content)
    except ValidationError as error:
        raise ApiUnavailableError(f"{path}: an answer that does not fit the contract") from error


def _code(response: httpx.Response) -> str:
    try:
        return str(response.json()["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return "unknown"
