"""Finding passages: by meaning and by words at once, in what a person may see; none where nothing fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from api.contract.calls import Passage, Source
from api.knowledge.chunking import sentences, tokens_of
from api.knowledge.embeddings import QUERY_TIMEOUT_S, Embeddings, EmbeddingsUnavailableError, Space
from api.knowledge.fusion import confidence, fitting
from api.knowledge.repository import ChunkRepository, Narrowed, Read, Reader
from api.knowledge.reranker import MOST as MOST_RERANKED
from api.knowledge.reranker import Reranker, RerankerUnavailableError
from api.knowledge.vectors import Numbers
from api.text import strip_unstorable

OF_EACH_LIST: Final = 40
EXPANDED_TOKENS: Final = 300
"""A passage is given with what stands around it up to this size."""
SKIPPED: Final = (
    "also", "anyth", "could", "explain", "far", "find", "get", "hello", "help", "hi", "know", "let",
    "like", "long", "mani", "mean", "much", "name", "need", "often", "okay", "one", "pleas", "question",
    "realli", "rememb", "say", "someth", "talk", "tell", "thank", "thing", "think", "us", "use", "want",
    "well", "word", "would", "yes",
)  # fmt: skip
"""Stems that a question in a talk is made with, which say nothing of what is looked for."""


@dataclass(frozen=True)
class Found:
    """A passage that fits."""

    read: Read
    score: float

    @property
    def source(self) -> Source:
        """Where it is from."""
        chunk, document = self.read.chunk, self.read.document
        return Source(chunk_id=chunk.id, document_id=document.id, title=document.title, page=chunk.page)

    @property
    def passage(self) -> Passage:
        """As the agent gets it: with its surroundings, as far as they fit."""
        return Passage(text=expanded(self.read), source=self.source, score=self.score)


class Retrieval:
    """Search over chunks, with the servers that it asks."""

    def __init__(self, embeddings: Embeddings | None, reranker: Reranker | None) -> None:
        self.embeddings = embeddings
        self.reranker = reranker

    async def close(self) -> None:
        """Give the connections back."""
        for client in (self.embeddings, self.reranker):
            if client is not None:
                await client.close()

    async def find(
        self,
        session: AsyncSession,
        reader: Reader,
        question: str,
        *,
        limit: int,
        narrowed: Narrowed | None = None,
        reranked: bool = True,
    ) -> list[Found]:
        """The passages that fit a question, best first.

        Args:
            session: Acts for the reader's organisation.
            reader: Whose material is looked through.
            question: What is looked for, in whatever words.
            limit: Most passages.
            narrowed: Which part of the material.
            reranked: Whether the reranker is asked, where there is one.
        """
        asked = " ".join(strip_unstorable(question).split())
        if not asked:
            return []
        near = await self._near(asked)
        chunks = ChunkRepository(session)
        candidates = await chunks.candidates(
            asked, SKIPPED, reader, narrowed or Narrowed(), OF_EACH_LIST, near=near
        )
        best = fitting(candidates)
        reranking = reranked and self.reranker is not None
        best = best[: MOST_RERANKED if reranking else limit]
        read = await chunks.read([one.chunk_id for one in best], reader) if best else {}
        found = [Found(read[one.chunk_id], confidence(one)) for one in best if one.chunk_id in read]
        return (await self._reranked(asked, found) if reranking else found)[:limit]

    async def _near(self, asked: str) -> tuple[Space, Numbers] | None:
        """The question's vector; without one, words alone are looked for."""
        if self.embeddings is None:
            return None
        try:
            embedded = await self.embeddings.embed([asked], within_s=QUERY_TIMEOUT_S)
        except EmbeddingsUnavailableError:
            return None
        vector = embedded.vectors[0]
        return (embedded.space, vector) if any(vector) else None

    async def _reranked(self, asked: str, found: list[Found]) -> list[Found]:
        if self.reranker is None or len(found) < 2:
            return found
        try:
            order = await self.reranker.order(asked, [one.read.chunk.text for one in found])
        except RerankerUnavailableError:
            return found
        return [found[index] for index, _ in order]


def expanded(read: Read) -> str:
    """A passage with whole sentences of what follows and precedes it, as many as fit."""
    own = sentences(read.chunk.text)
    left = EXPANDED_TOKENS - tokens_of(read.chunk.text)
    after = _fresh_after(own, sentences(read.after))
    before = _fresh_before(sentences(read.before), own)
    kept_after = _as_fit(after, left)
    left -= sum(map(tokens_of, kept_after))
    kept_before = _as_fit(before[::-1], left)[::-1]
    return " ".join([*kept_before, *own, *kept_after])


def _as_fit(texts: Sequence[str], tokens: int) -> list[str]:
    kept: list[str] = []
    for text in texts:
        tokens -= tokens_of(text)
        if tokens < 0:
            break
        kept.append(text)
    return kept


def _fresh_after(own: list[str], after: list[str]) -> list[str]:
    """What follows, without the sentences that it repeats."""
    for count in range(min(len(own), len(after)), 0, -1):
        if own[-count:] == after[:count]:
            return after[count:]
    return after


def _fresh_before(before: list[str], own: list[str]) -> list[str]:
    for count in range(min(len(own), len(before)), 0, -1):
        if before[-count:] == own[:count]:
            return before[:-count]
    return before


async def current_retrieval(request: Request) -> Retrieval:
    """The application's search."""
    retrieval: Retrieval = request.app.state.retrieval
    return retrieval


CurrentRetrieval = Annotated[Retrieval, Depends(current_retrieval)]
