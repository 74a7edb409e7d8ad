"""Whole calls as the measurements need them: an account and a room for one, its record afterwards."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from infra.bench.account import Account
from infra.bench.measures import hear_greeting
from infra.bench.recordings import Utterance
from infra.bench.room_client import RoomClient, RoomClientError

RECORD_WITHIN_S = 20.0
ASK_EVERY_S = 0.5
INTO_GREETING_S = 1.0


@asynccontextmanager
async def own_call(api_url: str, *, seed: int = 1) -> AsyncIterator[RoomClient]:
    """A call of an account of its own, hung up at the end.

    Raises:
        ApiRefusedError: the account or the token was refused.
        RoomClientError: the room cannot be entered.
    """
    async with Account(api_url) as account:
        await account.sign_up()
        client = RoomClient(account, seed=seed)
        try:
            await client.join()
            yield client
        finally:
            await client.hang_up()


async def open_long_answer(client: RoomClient, opener: Utterance) -> float:
    """Cuts the greeting short with something that is answered at length; returns when it was said.

    Raises:
        RoomClientError: the coach did not greet.
    """
    if await hear_greeting(client) is None:
        raise RoomClientError("the coach did not greet")
    await asyncio.sleep(INTO_GREETING_S)
    return (await client.say(opener.samples)).ended


async def recorded_turns(account: Account) -> list[dict[str, Any]]:
    """The turns of the newest call, waited for until the API has it closed."""
    end = time.monotonic() + RECORD_WITHIN_S
    calls = await account.calls()
    while (not calls or calls[0]["state"] != "closed") and time.monotonic() < end:
        await asyncio.sleep(ASK_EVERY_S)
        calls = await account.calls()
    return await account.turns(str(calls[0]["id"])) if calls else []
