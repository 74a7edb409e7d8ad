"""A call recorded in a real room: under consent alone, and each turn is where its time says."""

import asyncio
import time

from api.contract.room import ATTRIBUTE_RECORDING
from infra.bench.account import Account
from infra.bench.recordings import Utterance
from infra.stack.embedded import RunningStack
from tests.support.recordings import CONSENT, READY_WITHIN_S, agree, distances, recording_of
from tests.voice.talking import calling, kept, say_and_hear

NEAR_S = 0.6
"""On a busy machine; what a quiet one reaches is in docs/decisions/recordings.md."""


async def test_a_call_is_recorded_with_consent_and_turns_are_found_in_it(
    stack: RunningStack, account: Account, voices: list[Utterance]
) -> None:
    await agree(account)
    async with calling(account) as client:
        assert client.agent_attributes.get(ATTRIBUTE_RECORDING) == "on"
        for utterance in voices[:2]:
            await say_and_hear(client, utterance)
    turns = await kept(stack, account)
    call = (await account.calls())[0]
    recording = await recording_of(account, call["id"])
    assert recording["state"] == "ready", recording
    shown = await account.turns(call["id"])
    assert [turn["item_id"] for turn in shown] == [turn.item_id for turn in turns]
    off = await distances(stack.api_url, recording, shown)
    found = [distance for distance in off if distance is not None and abs(distance) < NEAR_S]
    assert len(found) >= len(turns) - 1, off
    assert recording["duration_s"] > 10


async def test_a_consent_taken_back_ends_the_recording_of_the_call_that_goes_on(
    stack: RunningStack, account: Account, voices: list[Utterance]
) -> None:
    version = await agree(account)
    outbox = stack.settings.avaaz_home / "outbox"
    async with calling(account) as client:
        await account._http.put(CONSENT, json={"granted": False, "version": version})
        end = time.monotonic() + READY_WITHIN_S
        while client.agent_attributes.get(ATTRIBUTE_RECORDING) != "stopped":
            assert time.monotonic() < end, "the recording was not stopped"
            await asyncio.sleep(0.2)
        assert not list(outbox.glob("*.audio/*.ogg"))
        await say_and_hear(client, voices[0])
        assert not list(outbox.glob("*.audio/*.ogg"))


async def test_without_consent_nothing_of_a_call_is_recorded(
    stack: RunningStack, account: Account, voices: list[Utterance]
) -> None:
    async with calling(account) as client:
        assert ATTRIBUTE_RECORDING not in client.agent_attributes
        await say_and_hear(client, voices[0])
        assert not list((stack.settings.avaaz_home / "outbox").glob("*.audio"))
    call = (await account.calls())[0]
    assert (await account._http.get(f"/api/v1/calls/{call['id']}/recording")).json()["state"] == "none"
    assert not (stack.settings.avaaz_home / "objects" / "recordings" / call["id"]).exists()
