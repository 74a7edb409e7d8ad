"""A small LiveKit server API for tests: rooms and people that a test sets, dispatches that it records."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import time
from typing import Any

from aiohttp import web
from livekit import api as lkapi
from livekit.protocol.agent import Job, JobState, JobStatus
from livekit.protocol.models import ParticipantInfo

Answer = Callable[[bytes], Any]


@dataclass
class FakeLiveKit:
    """What lives on the server, and what it was asked to do."""

    secret: str
    rooms: dict[str, list[ParticipantInfo]] = field(default_factory=dict)
    ages_s: dict[str, float] = field(default_factory=dict)
    dispatches: list[tuple[str, str, str]] = field(default_factory=list)
    """Room, agent name and metadata of each explicit dispatch."""
    deleted: list[str] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    """Room and identity of each participant that was to be taken out."""
    promised: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    """By room: the coaches that a worker accepted to bring, and how many seconds ago."""
    told: list[tuple[str, str]] = field(default_factory=list)
    """Each time a room's metadata was set: the room and what it says."""
    workers: int = 0
    """How many there are to accept what is dispatched."""
    failing: bool = False

    def learner_in(self, room: str) -> None:
        """Put a learner into a room."""
        person = ParticipantInfo(identity="learner-1", state=ParticipantInfo.ACTIVE)
        self.rooms.setdefault(room, []).append(person)

    def agent_in(self, room: str, identity: str = "coach-1") -> None:
        """Put an agent into a room."""
        agent = ParticipantInfo(identity=identity, state=ParticipantInfo.ACTIVE, kind=ParticipantInfo.AGENT)
        self.rooms.setdefault(room, []).append(agent)

    def reset(self) -> None:
        """Empty the server."""
        self.rooms.clear()
        self.ages_s.clear()
        self.dispatches.clear()
        self.deleted.clear()
        self.removed.clear()
        self.told.clear()
        self.promised.clear()
        self.workers = 0
        self.failing = False

    def list_rooms(self, _body: bytes) -> Any:
        """RoomService.ListRooms."""
        return lkapi.ListRoomsResponse(
            rooms=[
                lkapi.Room(name=name, creation_time=int(time() - self.ages_s.get(name, 60)))
                for name in self.rooms
            ]
        )

    def list_participants(self, body: bytes) -> Any:
        """RoomService.ListParticipants."""
        request = lkapi.ListParticipantsRequest.FromString(body)
        return lkapi.ListParticipantsResponse(participants=self.rooms.get(request.room, []))

    def delete_room(self, body: bytes) -> Any:
        """RoomService.DeleteRoom."""
        request = lkapi.DeleteRoomRequest.FromString(body)
        self.deleted.append(request.room)
        self.rooms.pop(request.room, None)
        return lkapi.DeleteRoomResponse()

    def remove_participant(self, body: bytes) -> Any:
        """RoomService.RemoveParticipant; as the real one, it takes a moment until nobody sees them."""
        request = lkapi.RoomParticipantIdentity.FromString(body)
        self.removed.append((request.room, request.identity))
        return lkapi.RemoveParticipantResponse()

    def update_room_metadata(self, body: bytes) -> Any:
        """RoomService.UpdateRoomMetadata."""
        request = lkapi.UpdateRoomMetadataRequest.FromString(body)
        self.told.append((request.room, request.metadata))
        return lkapi.Room(name=request.room, metadata=request.metadata)

    def list_dispatch(self, body: bytes) -> Any:
        """AgentDispatchService.ListDispatch: one dispatch with every job of the room."""
        request = lkapi.ListAgentDispatchRequest.FromString(body)
        jobs = [
            Job(
                id=identity.removeprefix("coach-"),
                state=JobState(
                    status=JobStatus.JS_RUNNING,
                    started_at=int((time() - age) * 1e9),
                    participant_identity=identity,
                ),
            )
            for identity, age in self.promised.get(request.room, [])
        ]
        dispatch = lkapi.AgentDispatch(id="AD_1", room=request.room)
        dispatch.state.jobs.extend(jobs)
        return lkapi.ListAgentDispatchResponse(agent_dispatches=[dispatch])

    def create_dispatch(self, body: bytes) -> Any:
        """AgentDispatchService.CreateDispatch."""
        request = lkapi.CreateAgentDispatchRequest.FromString(body)
        self.dispatches.append((request.room, request.agent_name, request.metadata))
        if self.workers:
            self.promised.setdefault(request.room, []).append((f"coach-AJ_new_{len(self.dispatches)}", 0.0))
        return lkapi.AgentDispatch(id="AD_1", room=request.room, agent_name=request.agent_name)

    def handler(self, answer: Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Serve one method: check the signature, then answer in protobuf."""

        async def handle(request: web.Request) -> web.Response:
            if self.failing:
                return web.json_response({"code": "unavailable", "msg": "down"}, status=503)
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            lkapi.TokenVerifier("devkey", self.secret).verify(token)
            message = answer(await request.read())
            return web.Response(body=message.SerializeToString(), content_type="application/protobuf")

        return handle


@asynccontextmanager
async def serving_livekit(secret: str) -> AsyncIterator[tuple[FakeLiveKit, str]]:
    """Serve a fake on loopback; yield it with its address."""
    fake = FakeLiveKit(secret)
    app = web.Application()
    for path, answer in {
        "RoomService/ListRooms": fake.list_rooms,
        "RoomService/ListParticipants": fake.list_participants,
        "RoomService/DeleteRoom": fake.delete_room,
        "RoomService/RemoveParticipant": fake.remove_participant,
        "RoomService/UpdateRoomMetadata": fake.update_room_metadata,
        "AgentDispatchService/ListDispatch": fake.list_dispatch,
        "AgentDispatchService/CreateDispatch": fake.create_dispatch,
    }.items():
        app.router.add_post(f"/twirp/livekit.{path}", fake.handler(answer))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield fake, f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
