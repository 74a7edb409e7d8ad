"""A call recorded in a real room: under consent alone, and each turn is where its time says."""

import asyncio
import time
from typing import Any

import httpx
import numpy as np

from api.contract.room import ATTRIBUTE_RECORDING
from infra.bench.account import Account
from infra.bench.recordings import Utterance
from infra.stack.embedded import RunningStack
from tests.support.opus import Samples, heard
from tests.voice.talking import calling, kept, say_and_hear

CONSENT = "/api/v1/users/me/recording-consent"
READY_WITHIN_S = 60.0
NEAR_S = 0.6
"""On a busy machine; what a quiet one reaches is in docs/decisions/recordings.md."""
LOUD = 0.02


async def agree(account: Account) -> str:
    """Says yes to the words in force; returns their version."""
    version: str = (await account._http.get(CONSENT)).json()["version"]
    answer = await account._http.put(CONSENT, json={"granted": True, "version": version})
    assert answer.json()["granted"] is True
    return version


async def recording_of(account: Account, call_id: str) -> dict[str, Any]:
    """The recording of a call, once it is put together."""
    end = time.monotonic() + READY_WITHIN_S
    while True:
        shown: dict[str, Any] = (await account._http.get(f"/api/v1/calls/{call_id}/recording")).json()
        if shown["state"] == "ready" or time.monotonic() > end:
            return shown
        await asyncio.sleep(0.5)


def sounds_near(side: Samples, at: float) -> float | None:
    """Where a voice begins that was silent before, nearest to a place; in seconds from it."""
    step = 480
    level = np.sqrt(np.mean(side[: side.size // step * step].reshape(-1, step) ** 2, axis=1)) > LOUD
    begins = [
        index * step / 48_000
        for index in np.flatnonzero(level[1:] & ~level[:-1]) + 1
        if not level[max(0, index - 20) : index].any()
    ]
    return min((float(begin) - at for begin in begins), key=abs, default=None)


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
    async with httpx.AsyncClient(base_url=stack.api_url) as anybody:
        sound = (await anybody.get(recording["url"])).content
    sides = dict(zip(("learner", "coach"), heard(sound), strict=True))
    begun = np.datetime64(recording["started_at"].removesuffix("Z"), "us")
    shown = {turn["item_id"]: turn for turn in await account.turns(call["id"])}
    off: dict[str, float | None] = {}
    for turn in turns:
        moment = np.datetime64(shown[turn.item_id]["started_at"].removesuffix("Z"), "us")
        at = float((moment - begun) / np.timedelta64(1, "s"))
        off[f"{turn.role} at {at:.2f}"] = sounds_near(sides[turn.role], at)
    found = [distance for distance in off.values() if distance is not None and abs(distance) < NEAR_S]
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
