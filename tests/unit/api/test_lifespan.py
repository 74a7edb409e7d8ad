"""The application's beginning and end are reached through all of its middleware."""

import asyncio
import gc
from collections.abc import MutableMapping
from typing import Any

from api.main import create_app
from api.settings import Settings

ADDRESSES = {"database_url": "postgresql://a:b@127.0.0.1:1/c", "livekit_url": "ws://127.0.0.1:1"}
SECRETS = ("livekit_api_secret", "secret_key", "agent_service_key")


async def test_it_begins_and_ends() -> None:
    settings = Settings.model_validate(
        {**ADDRESSES, "livekit_api_key": "key", **{name: name * 4 for name in SECRETS}}
    )
    asked: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    answered: list[MutableMapping[str, Any]] = []
    frozen = 0

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal frozen
        answered.append(message)
        frozen = max(frozen, gc.get_freeze_count())
        await asked.put({"type": "lifespan.shutdown"})

    await asked.put({"type": "lifespan.startup"})
    try:
        await create_app(settings)({"type": "lifespan", "state": {}}, asked.get, send)
    finally:
        gc.unfreeze()
    assert [one["type"] for one in answered] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert frozen > 0, "the collector still looks through what is loaded"
