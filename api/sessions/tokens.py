"""The token that lets a learner into one room, with voice and text, or with text alone."""

import json
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from livekit import api as lkapi

from api.contract.room import AGENT_NAME, ATTRIBUTE_WRITES
from api.settings import Settings

EMPTY_TIMEOUT_S = 60
DEPARTURE_TIMEOUT_S = 120
MAX_PARTICIPANTS = 6
"""Learner, coach, room for the second worker or second browser tab of a hand-over, two who listen in."""


def learner_identity(user_id: UUID) -> str:
    """The identity of a learner in a room."""
    return f"learner-{user_id}"


@dataclass(frozen=True)
class Admission:
    """Who is let into which room, decided by the server."""

    user_id: UUID
    display_name: str
    room: str
    correlation_id: str
    writes: bool = False
    """They come by text alone: no microphone is published, and nothing needs to be spoken."""


def mint(settings: Settings, admission: Admission) -> str:
    """Return a signed token, valid `token_minutes`, for one room, with a dispatch of the coach in it.

    Minting writes nothing anywhere: clients mint when a page loads, after each lost connection, and at the
    end.
    """
    metadata = json.dumps({"channel": "web", "correlation_id": admission.correlation_id})
    grants = lkapi.VideoGrants(
        room_join=True,
        room=admission.room,
        can_publish=not admission.writes,
        can_publish_sources=["microphone"],
        can_publish_data=True,
        can_subscribe=True,
        can_update_own_metadata=False,
    )
    configuration = lkapi.RoomConfiguration(
        empty_timeout=EMPTY_TIMEOUT_S,
        departure_timeout=DEPARTURE_TIMEOUT_S,
        max_participants=MAX_PARTICIPANTS,
        agents=[lkapi.RoomAgentDispatch(agent_name=AGENT_NAME, metadata=metadata)],
    )
    return (
        lkapi.AccessToken(settings.livekit_api_key, settings.livekit_api_secret.get_secret_value())
        .with_identity(learner_identity(admission.user_id))
        .with_name(admission.display_name)
        .with_ttl(timedelta(minutes=settings.token_minutes))
        .with_grants(grants)
        .with_attributes({ATTRIBUTE_WRITES: "on"} if admission.writes else {})
        .with_room_config(configuration)
        .to_jwt()
    )
