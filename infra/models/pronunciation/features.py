"""What a phone's place in the audio tells of how it was said, as numbers.

Beside its own frames: what else they fit, how long it is for its kind and its speaker's pace, how well its
word, its neighbours and the whole utterance went.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from infra.models.pronunciation.alignment import PAUSE, Floats, Path, Whole
from infra.models.pronunciation.frames import Classes, log_softmax

_SOFT: Final = 0.3
"""Scale of the fits: with it, probabilities are neither all 0 nor all 1."""
_AROUND: Final = 2
"""Frames beside a phone in which it is looked for too."""
FIT: Final = 7
"""Column: how much less a phone's own class fits its frames than the best does, on average."""
_PACE: Final = 10
"""Columns of what is told of a phone by itself, here and in the lists below."""
_SUMMARY: Final = [0, 1, 4]
_WHOLE: Final = [0, 1, 4, 6, 7, 9]
_BESIDE: Final = [0, 1, 4, 10]

Wide = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What phones are held against.

    `finding` are the classes that their places were found by, `judging` those of well pronounced phones;
    `durations` is the usual logarithm of each class's length in frames.
    """

    finding: Classes
    judging: Classes
    durations: Floats


def describe(points: Floats, yardstick: Yardstick, phones: Whole, words: Whole, path: Path) -> Floats:
    """Features of each phone (phones x features)."""
    fits = yardstick.judging.fits(points)
    soft = log_softmax(_SOFT * fits)
    chances = yardstick.finding.chances(points)
    chances -= chances.max(axis=1, keepdims=True)
    spans = [slice(int(start), int(end)) for start, end in zip(path.starts, path.ends, strict=True)]
    rows = [_fit(fits, soft, chances, int(phone), span) for phone, span in zip(phones, spans, strict=True)]
    own = np.array(rows)
    own[:, _PACE] -= yardstick.durations[phones]
    others = np.array(
        [soft[span, :PAUSE].mean(axis=0) - row[0] for span, row in zip(spans, rows, strict=True)]
    )
    pooled = np.array([points[span].mean(axis=0) for span in spans])
    return np.hstack([own, *_context(own, words), phones[:, None], others, pooled]).astype(np.float32)


def _fit(fits: Floats, soft: Floats, chances: Floats, phone: int, span: slice) -> list[float]:
    """How a phone's frames fit it, how they fit others, how long it is (twice: once for its pace)."""
    here, quarter = soft[span], (span.stop - span.start) // 4
    core = soft[span.start + quarter : max(span.start + quarter + 1, span.stop - quarter)].mean(axis=0)
    around = soft[max(0, span.start - _AROUND) : span.stop + _AROUND, phone]
    mean = here.mean(axis=0)
    others = np.delete(mean[:PAUSE], phone)
    length = float(np.log(span.stop - span.start))
    return [
        float(mean[phone]),
        float(mean[phone] - others.max()),
        float(mean[PAUSE]),
        float(core[phone]),
        float(core[phone] - np.delete(core[:PAUSE], phone).max()),
        float(around.max()),
        float((fits[span, :PAUSE].argmax(axis=1) == phone).mean()),
        float(chances[span, phone].mean()),
        float(-(np.exp(here) * here).sum(axis=1).mean()),
        length,
        length,
        float((others > mean[phone]).sum()),
        float(here[:, phone].min()),
        float(fits[span, phone].max() - fits[span].max()),
    ]


def _context(own: Wide, words: Whole) -> list[Wide]:
    """Pace, the word's mean and least, the utterance's mean, place and length of the word, the neighbours."""
    count = len(own)
    pace = np.full((count, 1), own[:, _PACE].mean())
    means = np.array([own[words == word][:, _SUMMARY].mean(axis=0) for word in words])
    least = np.array([own[words == word][:, _SUMMARY].min(axis=0) for word in words])
    whole = np.repeat(own[:, _WHOLE].mean(axis=0)[None], count, axis=0)
    changes = np.flatnonzero(np.diff(words)) + 1
    place = np.zeros((count, 4))
    place[[0, *changes], 0] = 1
    place[[*(changes - 1), count - 1], 1] = 1
    place[:, 2] = [(words == word).sum() for word in words]
    place[:, 3] = np.arange(count) / count
    padded = np.pad(own[:, _BESIDE], ((1, 1), (0, 0)))
    return [pace, means, least, whole, place, padded[:-2], padded[2:]]
