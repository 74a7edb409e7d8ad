"""What was computed once: hearings, spoken words and traces, by the content they were computed from."""

import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import BaseModel

from infra.bench.turns.audio import Samples, to_pcm

Model = TypeVar("Model", bound=BaseModel)


class Store:
    """A folder of results. Its files may be thrown away at any time."""

    def __init__(self, folder: Path, versions: str) -> None:
        self._folder = folder
        self._versions = versions
        folder.mkdir(parents=True, exist_ok=True)

    async def model(
        self, kind: type[Model], samples: Samples, compute: Callable[[], Awaitable[Model]]
    ) -> Model:
        """What was computed from a sound before, or is now."""
        path = self._path(kind.__name__, to_pcm(samples), "json")
        if path.exists():
            return kind.model_validate_json(path.read_text("utf-8"))
        found = await compute()
        self._write(path, found.model_dump_json().encode())
        return found

    async def sound(self, name: str, compute: Callable[[], Awaitable[Samples]]) -> Samples:
        """A sound that was made before under this name, or is now: a synthesizer never speaks twice alike."""
        path = self._path("sound", name.encode(), "f4")
        if not path.exists():
            self._write(path, (await compute()).astype("<f4").tobytes())
        return np.frombuffer(path.read_bytes(), "<f4").astype(np.float32)

    def _path(self, kind: str, content: bytes, ending: str) -> Path:
        digest = hashlib.sha256(self._versions.encode() + content).hexdigest()[:32]
        return self._folder / f"{kind.lower()}-{digest}.{ending}"

    def _write(self, path: Path, content: bytes) -> None:
        partial = path.with_suffix(".partial")
        partial.write_bytes(content)
        partial.replace(path)
