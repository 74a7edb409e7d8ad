"""Steps that the spoken tests share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from infra.bench.account import Account
from infra.bench.calls import recorded_turns
from infra.bench.recordings import Utterance
from infra.bench.room_client import RoomClient
from infra.stack.embedded import RunningStack
from tests.support.records import StoredTurn, stored_calls, stored_turns

GREETING_WITHIN_S = 20.0
ANSWER_WITHIN_S = 15.0
LONGEST_SPEECH_S = 40.0
PAUSE_S = 1.5


@asynccontextmanager
async def calling(account: Account, *, hear_out: bool = True) -> AsyncIterator[RoomClient]:
    """A call in which the greeting has begun, or ended where `hear_out`; hung up afterwards."""
    client = RoomClient(account)
    try:
        await client.join()
        heard = await client.first_sound_after(client.pressed, limit=GREETING_WITHIN_S)
        assert heard is not None, "no greeting was heard"
        if hear_out:
            assert await client.quiet(PAUSE_S, limit=LONGEST_SPEECH_S), "the greeting never ended"
        yield client
    finally:
        await client.hang_up()


async def say_and_hear(client: RoomClient, utterance: Utterance) -> float:
    """Says it, hears an answer to its end; returns when the answer began."""
    spoken = await client.say(utterance.samples)
    answered = await client.first_sound_after(spoken.ended, limit=ANSWER_WITHIN_S)
    assert answered is not None, f"no answer to {utterance.text!r}"
    assert await client.quiet(PAUSE_S, limit=LONGEST_SPEECH_S), "the answer never ended"
    return answered


async def kept(stack: RunningStack, account: Account) -> list[StoredTurn]:
    """The turns of the learner's last call as Postgres holds them, once the call is closed."""
    await recorded_turns(account)
    calls = await stored_calls(stack.database_url, account.email)
    assert calls, "no call is in the database"
    assert calls[-1]["ended_at"] is not None, "the call was not closed"
    return await stored_turns(stack.database_url, calls[-1]["id"])
