"""The rows about speaking over the coach: barge-in, and noises that are no wish to speak.

They need a stack whose language model gives `LONG_ANSWER` to everything, so that there is always speech to
interrupt.
"""

import asyncio
import itertools
import math
import random
from collections.abc import Sequence

from infra.bench.account import ApiRefusedError
from infra.bench.calls import open_long_answer, own_call
from infra.bench.figures import Backchannel, BargeInSpread, Spread
from infra.bench.measures import ANSWER_WITHIN_S, BargeIns, Reactions, backchannel, barge_in, talks
from infra.bench.recordings import Utterance, noise
from infra.bench.reporter import Reporter
from infra.bench.room_client import RoomClient, RoomClientError
from infra.bench.slow_llm import LONG_ANSWER

TRIES_PER_CALL = 15
SPARE_CALLS = 2
"""Calls beyond those that are enough when every try tells something."""

EARLIEST_S, LATEST_S = 0.5, 2.5
"""How long the coach has been speaking when the learner cuts in: from its first second on."""

NOISES = {"cough": ("cough", "cough-once"), "mm-hm": ("mm-hm-anna", "mm-hm-marco")}
ROUNDS = 3
"""Long answers over which every noise is played once."""

LONGEST_OPENER_S = 2.2


class Interruptions:
    """Both rows on one stack; `notes` takes what went wrong."""

    def __init__(
        self,
        api_url: str,
        spoken: Sequence[Utterance],
        reporter: Reporter,
        notes: list[str],
        *,
        seed: int = 1,
    ) -> None:
        self._api_url = api_url
        self._spoken = itertools.cycle([one for one in spoken if _is_short(one)])
        self._reporter = reporter
        self._notes = notes
        self._random = random.Random(seed)

    async def barge_ins(self, wanted: int) -> BargeInSpread:
        """Speaks over long answers until so many tries told something, several in a call."""
        self._reporter.begin("barge-in", wanted)
        found = BargeIns()
        for _ in range(math.ceil(wanted / TRIES_PER_CALL) + SPARE_CALLS):
            missing = wanted - found.counted
            if missing <= 0:
                break
            try:
                await self._interrupted_call(min(missing, TRIES_PER_CALL), found)
            except (ApiRefusedError, RoomClientError) as error:
                self._notes.append(f"a call failed: {error}")
        return BargeInSpread(
            **Spread.of(value * 1_000 for value in found.stopped_s).model_dump(),
            missed=found.missed,
            told_nothing=found.told_nothing,
        )

    async def noises(self) -> dict[str, Backchannel]:
        """Plays every noise over long answers, several times."""
        self._reporter.begin("cough and mm-hm", ROUNDS * sum(map(len, NOISES.values())))
        found = {kind: Reactions() for kind in NOISES}
        try:
            async with own_call(self._api_url) as client:
                since = await open_long_answer(client, next(self._spoken))
                for index in range(ROUNDS):
                    if index:
                        since = (await client.say(next(self._spoken).samples)).ended
                    await self._round(client, since, found)
        except (ApiRefusedError, RoomClientError) as error:
            self._notes.append(f"a call failed: {error}")
        return {kind: _summed(reactions) for kind, reactions in found.items()}

    async def _interrupted_call(self, count: int, found: BargeIns) -> None:
        tries = [(next(self._spoken), self._random.uniform(EARLIEST_S, LATEST_S)) for _ in range(count)]
        async with own_call(self._api_url) as client:
            since = await open_long_answer(client, next(self._spoken))
            await barge_in(client, tries, found, self._reporter.step, since=since, long_answer=LONG_ANSWER)

    async def _round(self, client: RoomClient, since: float, found: dict[str, Reactions]) -> None:
        """Every noise over one long answer, as long as that answer goes on."""
        goes_on = await client.first_sound_after(since, limit=ANSWER_WITHIN_S) is not None
        for kind, names in NOISES.items():
            for name in names:
                if goes_on:
                    await asyncio.sleep(self._random.uniform(EARLIEST_S, 2 * EARLIEST_S))
                    goes_on = await client.until(lambda: talks(client, LONG_ANSWER), limit=ANSWER_WITHIN_S)
                if goes_on:
                    goes_on = await backchannel(client, noise(name), found[kind])
                self._reporter.step()


def _is_short(utterance: Utterance) -> bool:
    return len(utterance.text.split()) >= 5 and utterance.word_ends[-1] <= LONGEST_OPENER_S


def _summed(reactions: Reactions) -> Backchannel:
    return Backchannel(
        played=reactions.played,
        never_paused=reactions.never_paused,
        never_resumed=reactions.never_resumed,
        resume_ms=Spread.of(value * 1_000 for value in reactions.resumed_s),
    )
