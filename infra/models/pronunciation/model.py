"""All that is fitted, as one file of arrays: from encoder states to scores."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any, Final

import numpy as np

from infra.models.pronunciation.alignment import Floats, Path, Whole, align
from infra.models.pronunciation.features import FIT, Yardstick, describe
from infra.models.pronunciation.frames import Axes, Classes
from infra.models.pronunciation.trees import Forest

FILE: Final = File(__file__).with_name("weights.npz")
DIGEST: Final = "0264791ec494811bf630d5568ecf53a2b71942c3b779df76fcd1e263a938b459"
"""SHA-256 of `FILE`: what `python -m infra.models.pronunciation.fit` wrote last."""

_EXPECTED: Final = 0.95
"""Share of plausible phones that is expected before anything is heard..."""
_WEIGHT: Final = 8
"""... as firmly as so many phones say it: of two or three phones, one may be badly wrong."""

Span = tuple[float, float]


class WrongWeightsError(RuntimeError):
    """The fitted weights are not those that belong to this code."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one recording: where the phones lie, how each was said (0 to 1), the share in a plausible place."""

    path: Path
    phones: Floats
    aligned: float


@dataclass(frozen=True, slots=True)
class Model:
    """Fitted arrays. `plausible` is the least fit of a phone in its right place, `least_aligned` the least
    `sureness` where a text was said at all."""

    axes: Axes
    yardstick: Yardstick
    forests: tuple[Forest, ...]
    plausible: float
    least_aligned: float

    def find(self, points: Floats, phones: Whole, words: Whole, spans: Sequence[Span] | None = None) -> Path:
        """Where the phones lie in a recording's points; raises `TooShortError`."""
        return align(self.yardstick.finding.chances(points), phones, words, spans)

    def score(
        self, points: Floats, phones: Whole, words: Whole, spans: Sequence[Span] | None = None
    ) -> Scores:
        """How phones were said; raises `TooShortError`."""
        path = self.find(points, phones, words, spans)
        features = describe(points, self.yardstick, phones, words, path)
        judged = np.mean([forest.predict(features) for forest in self.forests], axis=0)
        aligned = float((features[:, FIT] >= self.plausible).mean())
        return Scores(path, np.clip(judged, 0, 1).astype(np.float32), aligned)

    def fits(self, scores: Scores) -> bool:
        """Whether the text was said at all, well or badly."""
        return sureness(scores.aligned, len(scores.phones)) >= self.least_aligned

    def save(self) -> bytes:
        """As a file of arrays."""
        arrays: dict[str, Any] = {
            "basis": self.axes.basis.astype(np.float16),
            "offset": self.axes.offset,
            "durations": self.yardstick.durations,
            "plausible": np.float32(self.plausible),
            "least_aligned": np.float32(self.least_aligned),
        }
        for name, classes in (("finding", self.yardstick.finding), ("judging", self.yardstick.judging)):
            arrays |= {f"{name}.{part}": getattr(classes, part) for part in Classes.__slots__}
        for at, forest in enumerate(self.forests):
            arrays |= {f"forest{at}.{part}": getattr(forest, part) for part in Forest.__slots__}
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)
        return file.getvalue()


def sureness(aligned: float, phones: int) -> float:
    """The share of plausible phones, drawn towards the expected one where there are few."""
    return (aligned * phones + _EXPECTED * _WEIGHT) / (phones + _WEIGHT)


def load(file: File = FILE, digest: str = DIGEST) -> Model:
    """The model as it was fitted.

    Raises:
        WrongWeightsError: the file is not there, or not the one that belongs to this code.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise WrongWeightsError(f"{file.name}: {error.strerror}") from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise WrongWeightsError(f"{file.name} is not the one that was fitted for this code")
    return restore(data)


def restore(data: bytes) -> Model:
    """What `Model.save` gave."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    finding, judging = (
        Classes(*(kept[f"{name}.{part}"] for part in Classes.__slots__)) for name in ("finding", "judging")
    )
    forests: list[Forest] = []
    while f"forest{len(forests)}.feature" in kept:
        parts = {part: kept[f"forest{len(forests)}.{part}"] for part in Forest.__slots__}
        forests.append(Forest(**{**parts, "base": float(parts["base"])}))
    return Model(
        Axes(kept["basis"].astype(np.float32), kept["offset"]),
        Yardstick(finding, judging, kept["durations"]),
        tuple(forests),
        float(kept["plausible"]),
        float(kept["least_aligned"]),
    )
