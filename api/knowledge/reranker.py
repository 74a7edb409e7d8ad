"""A reranker over HTTP, by the protocol that Jina, Cohere and local servers share. Off unless named."""

from collections.abc import Sequence
from typing import Any, Final

import httpx

from api.settings import Settings
from infra.telemetry import get_logger

log = get_logger(__name__)

MOST: Final = 24
"""Passages that are sent: each costs the model time."""


class RerankerUnavailableError(Exception):
    """No order can be had now."""


class Reranker:
    """Asks `RERANK_URL` how well passages answer a question."""

    def __init__(self, url: str, *, model: str, key: str | None, timeout_s: float) -> None:
        self._url, self._model, self._timeout_s = url, model, timeout_s
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.AsyncClient(headers=headers)

    @classmethod
    def configured(cls, settings: Settings) -> "Reranker | None":
        """The one that the settings name."""
        if settings.rerank_url is None:
            return None
        key = settings.rerank_api_key
        return cls(
            settings.rerank_url,
            model=settings.rerank_model,
            key=key.get_secret_value() if key else None,
            timeout_s=settings.rerank_timeout_s,
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def order(self, question: str, texts: Sequence[str]) -> list[tuple[int, float]]:
        """Places in `texts` with their relevance, best first.

        Raises:
            RerankerUnavailableError: It does not answer in time, or not as it should.
        """
        asked = {"model": self._model, "query": question, "documents": list(texts), "top_n": len(texts)}
        try:
            answer = await self._client.post(self._url, json=asked, timeout=self._timeout_s)
            answer.raise_for_status()
            return _read(answer.json(), len(texts))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            log.warning("not reranked", error=type(error).__name__)
            raise RerankerUnavailableError from None


def _read(body: dict[str, Any], count: int) -> list[tuple[int, float]]:
    found = [(int(one["index"]), float(one["relevance_score"])) for one in body["results"]]
    if {index for index, _ in found} != set(range(count)) or len(found) != count:
        raise ValueError("the order does not fit the texts")
    return sorted(found, key=lambda one: -one[1])
