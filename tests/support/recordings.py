"""A learner's recordings: agreed to, put together, and looked through for where somebody begins to speak."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import httpx
import numpy as np

from infra.bench.account import Account
from tests.support.opus import Samples, heard

CONSENT = "/api/v1/users/me/recording-consent"
READY_WITHIN_S = 60.0
LOUD = 0.02
_STEP = 480
_RATE = 48_000
_QUIET_STEPS = 20


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


async def distances(
    api_url: str, recording: dict[str, Any], turns: Sequence[dict[str, Any]]
) -> list[float | None]:
    """For each turn how far from its time its speaker's voice begins in the recording, in seconds."""
    async with httpx.AsyncClient(base_url=api_url) as anybody:
        sound = (await anybody.get(recording["url"])).content
    sides = dict(zip(("learner", "coach"), heard(sound), strict=True))
    begun = _moment(recording["started_at"])
    return [
        _nearest_beginning(
            sides[turn["role"]], float((_moment(turn["started_at"]) - begun) / np.timedelta64(1, "s"))
        )
        for turn in turns
    ]


def _moment(written: str) -> np.datetime64:
    return np.datetime64(written.removesuffix("Z"), "us")


def _nearest_beginning(side: Samples, at: float) -> float | None:
    """Where a voice begins that was silent before, nearest to a place; in seconds from it."""
    steps = side[: side.size // _STEP * _STEP].reshape(-1, _STEP)
    level = np.sqrt(np.mean(steps**2, axis=1)) > LOUD
    begins = [
        index * _STEP / _RATE
        for index in np.flatnonzero(level[1:] & ~level[:-1]) + 1
        if not level[max(0, index - _QUIET_STEPS) : index].any()
    ]
    return min((float(begin) - at for begin in begins), key=abs, default=None)
