"""Embeddings by OpenAI's protocol, from the local model server or any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx

from api.settings import Settings
from infra.telemetry import get_logger

log = get_logger(__name__)

OPENAI: Final = "https://api.openai.com/v1"
BATCH: Final = 64
MOST_CHARACTERS: Final = 8_000
QUERY_TIMEOUT_S: Final = 0.5
BATCH_TIMEOUT_S: Final = 60.0


class EmbeddingsUnavailableError(Exception):
    """No vectors can be had now."""


@dataclass(frozen=True)
class Space:
    """The vectors that can be compared with one another: a model's, of one length."""

    model: str
    dimension: int


@dataclass(frozen=True)
class Embedded:
    """Texts as vectors, in order."""

    space: Space
    vectors: list[list[float]]


class Embeddings:
    """Asks `<base>/embeddings`.

    Which model answers is what the answer says, so that a server that changes its model is noticed.
    """

    def __init__(
        self,
        base: str,
        *,
        model: str,
        dimensions: int | None = None,
        key: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = f"{base.rstrip('/')}/embeddings"
        self._asked: dict[str, Any] = {"model": model, "encoding_format": "float"}
        if dimensions is not None:
            self._asked["dimensions"] = dimensions
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.AsyncClient(headers=headers, transport=transport)

    @classmethod
    def configured(cls, settings: Settings) -> "Embeddings | None":
        """The one that the settings name; None where there is none, and search goes by words alone."""
        key = settings.embeddings_api_key or settings.openai_api_key
        base = settings.embeddings_url or (OPENAI if settings.openai_api_key else None)
        if base is None:
            return None
        return cls(
            base,
            model=settings.embeddings_model,
            dimensions=settings.embeddings_dimensions,
            key=key.get_secret_value() if key else None,
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def embed(self, texts: Sequence[str], *, within_s: float = BATCH_TIMEOUT_S) -> Embedded:
        """Vectors of some texts, at most `BATCH`.

        Raises:
            EmbeddingsUnavailableError: The server does not answer in time, or not as it should.
        """
        asked = {**self._asked, "input": [text[:MOST_CHARACTERS] for text in texts]}
        try:
            answer = await self._client.post(self._url, json=asked, timeout=within_s)
            answer.raise_for_status()
            return _read(answer.json(), len(texts), self._asked["model"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError, IndexError) as error:
            log.warning("no embeddings", error=type(error).__name__)
            raise EmbeddingsUnavailableError from None


def _read(body: dict[str, Any], count: int, model: str) -> Embedded:
    rows = sorted(body["data"], key=lambda one: int(one["index"]))
    vectors = [[float(value) for value in row["embedding"]] for row in rows]
    lengths = {len(vector) for vector in vectors}
    if len(vectors) != count or len(lengths) != 1 or 0 in lengths:
        raise ValueError("the vectors do not fit the texts")
    return Embedded(Space(str(body.get("model") or model)[:128], lengths.pop()), vectors)
