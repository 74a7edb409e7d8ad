"""The agent's half of the API, in memory: idempotent as the contract says, and breakable on demand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from pydantic import BaseModel, ValidationError

from agent.api_client import AgentApi
from api.contract.calls import (
    AppendTurns,
    CallBrief,
    CallClosed,
    CallOpened,
    CloseCall,
    LearnerBrief,
    LossNoted,
    Mode,
    OpenCall,
    Passage,
    Retrieved,
    SegmentKept,
    TurnRecord,
    TurnsAppended,
    WorkerNoted,
)
from api.contract.exams import AppendExamEvents, ExamEvent, ExamEventsAppended
from api.contract.lessons import AppendLessonEvents, LessonEvent, LessonEventsAppended, RefusedEvent
from api.contract.levels import Level

SERVICE_KEY = "service-key"


def brief(**changes: Any) -> CallBrief:
    """A first call of an A2 learner, or what the changes say."""
    learner = LearnerBrief(display_name="Anna", level=Level.A2)
    values: dict[str, Any] = {
        "learner": learner,
        "mode": Mode.CONVERSATION,
        "first_call": True,
        "resumed": False,
    }
    return CallBrief(**{**values, **changes})


@dataclass
class FakeApi:
    """Records what it is sent. `down` makes every request fail; `refuse` refuses turns by item id."""

    brief: CallBrief = field(default_factory=brief)
    service_key: str = SERVICE_KEY
    down: bool = False
    grant_valid: bool = True
    refuse: set[str] = field(default_factory=set)
    passages: list[Passage] = field(default_factory=list)
    rooms: dict[str, UUID] = field(default_factory=dict)
    turns: dict[UUID, dict[str, TurnRecord]] = field(default_factory=dict)
    closed: dict[UUID, CloseCall] = field(default_factory=dict)
    lesson: dict[UUID, dict[int, LessonEvent]] = field(default_factory=dict)
    """Events of lessons, by call and number."""
    attempts: set[UUID] = field(default_factory=set)
    refuse_lesson: tuple[int, str] | None = None
    refuse_events: set[int] = field(default_factory=set)
    exam: dict[UUID, dict[int, ExamEvent]] = field(default_factory=dict)
    """Events of exams, by attempt and number."""
    refuse_exam: tuple[int, str] | None = None
    lost: list[UUID] = field(default_factory=list)
    """Calls whose job was reported dead, a report each."""
    erased: set[UUID] = field(default_factory=set)
    """Calls that are no more."""
    knows_losses: bool = True
    sound: dict[UUID, dict[int, bytes]] = field(default_factory=dict)
    """Segments of recordings, by call and number."""
    store_away: bool = False
    recording_wanted: bool = True
    ready: int = 0
    """How often a worker said that it is ready."""
    opened: int = 0
    appended: int = 0
    lose_answers: int = 0

    def client(self) -> AgentApi:
        """An agent's client of this API, without a socket."""
        return AgentApi("http://api.test", SERVICE_KEY, transport=httpx.MockTransport(self.answer))

    def answer(self, request: httpx.Request) -> httpx.Response:
        """One request."""
        if self.down:
            raise httpx.ConnectError("down", request=request)
        try:
            response = self.route(request.url.path, request.headers.get("Authorization", ""), request.content)
        except ValidationError:
            return _error(422, "validation_failed")
        if self.lose_answers > 0:
            self.lose_answers -= 1
            raise httpx.ReadTimeout("answer lost", request=request)
        return response

    def route(self, path: str, authorization: str, body: bytes) -> httpx.Response:
        """The endpoint of a path."""
        if path in {"/agent/calls", "/agent/workers/ready"}:
            if authorization != f"Bearer {self.service_key}":
                return _error(401, "service_key_invalid")
            return self._open(OpenCall.model_validate_json(body)) if body else self._ready()
        if authorization != "Bearer grant" or not self.grant_valid:
            return _error(401, "grant_invalid")
        call, action, *number = path.removeprefix("/agent/calls/").split("/")
        if UUID(call) in self.erased:
            return _error(410, "call_erased")
        actions: dict[str, Callable[[UUID], httpx.Response]] = {
            "turns": lambda call: self._append(call, AppendTurns.model_validate_json(body)),
            "lesson": lambda call: self._teach(call, AppendLessonEvents.model_validate_json(body)),
            "exam": lambda _: self._examine(AppendExamEvents.model_validate_json(body)),
            "lost": self._lose,
            "close": lambda call: self._close(call, CloseCall.model_validate_json(body)),
            "audio": lambda call: self._hear(call, int(number[0]), body),
            "retrieve": lambda _: _ok(Retrieved(passages=self.passages)),
        }
        return actions[action](UUID(call))

    def kept(self, room: str) -> list[TurnRecord]:
        """The turns of a room's call, in order."""
        turns = self.turns.get(self.rooms[room], {})
        return sorted(turns.values(), key=lambda turn: turn.position)

    def _open(self, request: OpenCall) -> httpx.Response:
        self.opened += 1
        call = self.rooms.setdefault(request.room, uuid4())
        opened = CallOpened(
            call_id=call,
            session_id=uuid4(),
            grant="grant",
            grant_expires_at=datetime.now(UTC) + timedelta(days=7),
            brief=self.brief.model_copy(update={"next_position": len(self.turns.get(call, {}))}),
        )
        return httpx.Response(201, content=opened.model_dump_json())

    def _append(self, call: UUID, body: AppendTurns) -> httpx.Response:
        if any(turn.item_id in self.refuse for turn in body.turns):
            return _error(422, "validation_failed")
        self.appended += 1
        kept = self.turns.setdefault(call, {})
        new = [turn for turn in body.turns if turn.item_id not in kept]
        kept.update({turn.item_id: turn for turn in new})
        return _ok(TurnsAppended(added=len(new), already_kept=len(body.turns) - len(new)))

    def _teach(self, call: UUID, body: AppendLessonEvents) -> httpx.Response:
        if self.refuse_lesson:
            return _error(*self.refuse_lesson)
        self.attempts.add(body.attempt_id)
        kept = self.lesson.setdefault(call, {})
        fit = {one.number: one for one in body.events if one.number not in self.refuse_events}
        new = {number: one for number, one in fit.items() if number not in kept}
        kept.update(new)
        refused = [
            RefusedEvent(number=one.number, code="unknown_step")
            for one in body.events
            if one.number not in fit
        ]
        return _ok(LessonEventsAppended(added=len(new), already_kept=len(fit) - len(new), refused=refused))

    def _examine(self, body: AppendExamEvents) -> httpx.Response:
        if self.refuse_exam:
            return _error(*self.refuse_exam)
        kept = self.exam.setdefault(body.attempt_id, {})
        new = {event.number: event for event in body.events if event.number not in kept}
        kept.update(new)
        answer = ExamEventsAppended(
            added=len(new), already_kept=len(body.events) - len(new), events=list(kept.values())
        )
        return _ok(answer)

    def _hear(self, call: UUID, number: int, data: bytes) -> httpx.Response:
        if self.store_away:
            return _error(503, "storage_full")
        if not self.recording_wanted:
            return _error(410, "recording_stopped")
        if data == b"junk":
            return _error(422, "segment_invalid")
        kept = self.sound.setdefault(call, {})
        added = number not in kept
        kept[number] = data
        return _ok(SegmentKept(added=added))

    def _ready(self) -> httpx.Response:
        self.ready += 1
        return _ok(WorkerNoted())

    def _lose(self, call: UUID) -> httpx.Response:
        if not self.knows_losses:
            return _error(404, "not_found")
        self.lost.append(call)
        return _ok(LossNoted(replaced=call not in self.closed))

    def _close(self, call: UUID, body: CloseCall) -> httpx.Response:
        self.closed[call] = body
        kept = self.turns.get(call, {})
        return _ok(CallClosed(missing=[item for item in body.item_ids if item not in kept]))


def _ok(body: BaseModel) -> httpx.Response:
    return httpx.Response(200, content=body.model_dump_json())


def _error(status: int, code: str) -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": code, "message": code, "request_id": "x"}})
