"""Rooms that the test plays, in the place of LiveKit's."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from api.relay.relays import Relays
from api.settings import Settings
from tests.support.fake_room import FakeRooms


@pytest.fixture
async def rooms(app: FastAPI, settings: Settings) -> AsyncIterator[FakeRooms]:
    """The rooms that the application goes into."""
    fake = FakeRooms()
    before = app.state.relays
    app.state.relays = Relays(settings, fake.open)
    yield fake
    await app.state.relays.close()
    app.state.relays = before
