"""What the learner's material says to an utterance, asked of the API within a strict time."""

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID

from agent.api_client import AgentApi, ApiRefusedError, ApiUnavailableError
from agent.grounding import about
from agent.turn_taking import words_of
from api.contract.calls import Passage

_REST_AFTER_FAILURE = 10.0
_FORESEEN_WITHIN = 3.0
"""Seconds for a passage that nobody waits for yet."""
_TRIES = 2
_KEPT = 8
_MAX_QUERY = 2_000


class Memory:
    """Retrieval for one call: at most `timeout` seconds, empty on any trouble, asked once for each utterance.

    The answer may be started several times before the learner has ended the turn; the same words are
    asked once.
    """

    def __init__(self, api: AgentApi, *, timeout: float) -> None:
        self._api = api
        self._timeout = timeout
        self._asked: dict[tuple[str, ...], list[Passage]] = {}
        self._rest_until = 0.0
        self._call: tuple[UUID, str] | None = None
        self._foreseeing: asyncio.Task[None] | None = None
        self.last_ms: float | None = None
        self.foreseen: list[Passage] = []
        """Passages of what the coach may quote."""

    def use(self, call_id: UUID, grant: str) -> None:
        """From now on the call is open and may be asked for."""
        self._call = (call_id, grant)

    async def retrieve(self, utterance: str) -> list[Passage]:
        """Passages for the utterance, best first; empty when there are none, or none in time."""
        key = tuple(words_of(utterance))
        if not key or self._call is None or time.monotonic() < self._rest_until:
            self.last_ms = None
            return []
        if key in self._asked:
            return self._asked[key]
        started = time.perf_counter()
        passages = await self._ask(self._call, utterance[:_MAX_QUERY])
        self.last_ms = (time.perf_counter() - started) * 1_000
        self._asked[key] = passages
        while len(self._asked) > _KEPT:
            self._asked.pop(next(iter(self._asked)))
        return passages

    def known(self, utterance: str) -> list[Passage]:
        """What was found for the utterance already; empty where it was not asked."""
        return self._asked.get(tuple(words_of(utterance)), [])

    def foresee(self, texts: Sequence[str]) -> asyncio.Task[None]:
        """Look up, while the talk goes on, what the coach may quote later."""
        self._foreseeing = asyncio.create_task(self._foresee(texts))
        return self._foreseeing

    def forget(self) -> None:
        """The talk is over: nothing more is looked up."""
        if self._foreseeing is not None:
            self._foreseeing.cancel()

    def quoted(self, words: str) -> list[Passage]:
        """Of what was looked up ahead, that which words to be said are about; nobody waits for it."""
        self.last_ms = None
        return about(words, self.foreseen)

    async def _foresee(self, texts: Sequence[str]) -> None:
        for text in texts:
            known = {one.source.chunk_id for one in self.foreseen}
            found = await self._patiently(text[:_MAX_QUERY])
            self.foreseen += [one for one in found if one.source.chunk_id not in known]

    async def _patiently(self, query: str) -> list[Passage]:
        for _ in range(_TRIES):
            if self._call is None:
                break
            try:
                return await self._fetch(self._call, query, _FORESEEN_WITHIN)
            except (TimeoutError, ApiUnavailableError):
                continue
            except ApiRefusedError:
                break
        return []

    async def _ask(self, call: tuple[UUID, str], query: str) -> list[Passage]:
        try:
            return await self._fetch(call, query, self._timeout)
        except (TimeoutError, ApiUnavailableError, ApiRefusedError):
            self._rest_until = time.monotonic() + _REST_AFTER_FAILURE
            return []

    async def _fetch(self, call: tuple[UUID, str], query: str, within: float) -> list[Passage]:
        async with asyncio.timeout(within):
            return (await self._api.retrieve(*call, query, within=within)).passages
