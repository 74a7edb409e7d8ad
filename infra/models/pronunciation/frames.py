"""Frames of audio as points in which phones lie apart, and how well each class of phone fits a frame.

The encoders' states are turned onto their principal axes; each class is a normal distribution there, all of
one shape (linear discriminant analysis), so that its fit is a linear function of the frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from infra.models.pronunciation.alignment import CLASSES, Floats, Whole

AXES: Final = 200
_SHARE: Final = 0.01
"""Of the mean variance, added to each axis: the classes' shape is estimated from few minutes of speech."""
_PULL: Final = 5.0
"""Frames of the overall mean that each class is counted to have."""
_SEEN: Final = 20.0
"""Frames that each class is counted to have more than it has, for its share in speech."""

Wide = npt.NDArray[np.float64]
States = npt.NDArray[np.floating[Any]]
"""Of encoders: in half precision where there are many."""


@dataclass(frozen=True, slots=True)
class Axes:
    """A linear map from encoder states (frames x width) to principal axes (frames x AXES)."""

    basis: Floats
    offset: Floats

    def project(self, states: States) -> Floats:
        """Points of the frames."""
        points: Floats = (states.astype(np.float32) @ self.basis - self.offset).astype(np.float32)
        return points


@dataclass(frozen=True, slots=True)
class Classes:
    """How well each class fits a frame: log likelihoods, but for what is common to all classes of a frame."""

    weights: Floats
    bias: Floats
    shares: Floats
    """Logarithm of each class's share in speech."""

    def fits(self, points: Floats) -> Floats:
        """Frames x CLASSES."""
        found: Floats = points @ self.weights + self.bias
        return found

    def chances(self, points: Floats, scale: float = 0.5) -> Floats:
        """Log probabilities of the classes of each frame.

        `scale` below 1, since neighbouring frames say much the same.
        """
        return log_softmax(scale * (self.fits(points) + self.shares))


class Tally:
    """Counts, sums and products of the classes' frames: `Classes` are made from it; tallies add up."""

    def __init__(self, axes: int = AXES) -> None:
        self.count = np.zeros(CLASSES)
        self.sums = np.zeros((CLASSES, axes))
        self.products = np.zeros((axes, axes))

    def add(self, points: Floats, labels: Whole) -> None:
        """Frames of known classes."""
        wide = points.astype(np.float64)
        self.count += np.bincount(labels, minlength=CLASSES)
        np.add.at(self.sums, labels, wide)
        self.products += wide.T @ wide

    def plus(self, other: "Tally", sign: float = 1.0) -> "Tally":
        """Both together; with `sign` -1, this one without the other."""
        total = Tally(len(self.products))
        total.count = self.count + sign * other.count
        total.sums = self.sums + sign * other.sums
        total.products = self.products + sign * other.products
        return total

    def classes(self) -> Classes:
        """The classes that these frames show."""
        frames = self.count.sum()
        seen = np.maximum(self.count, 1e-6)[:, None]
        means = (self.sums + _PULL * self.sums.sum(axis=0) / frames) / (seen + _PULL)
        within = (self.products - self.sums.T @ (self.sums / seen)) / frames
        within += _SHARE * np.trace(within) / len(within) * np.eye(len(within))
        weights = np.linalg.solve((within + within.T) / 2, means.T)
        shares = np.log((self.count + _SEEN) / (frames + _SEEN * CLASSES))
        return Classes(
            weights.astype(np.float32),
            (-0.5 * (means.T * weights).sum(axis=0)).astype(np.float32),
            shares.astype(np.float32),
        )


def principal_axes(states: Sequence[States], axes: int = AXES) -> Axes:
    """The axes along which the states, each dimension scaled to the same variance, differ most."""
    count = sum(map(len, states))
    mean: Wide = np.sum([one.sum(axis=0, dtype=np.float64) for one in states], axis=0) / count
    width = len(mean)
    products = np.zeros((width, width))
    for one in states:
        centred = one.astype(np.float32) - mean.astype(np.float32)
        products += centred.T @ centred
    deviation = np.sqrt(np.diag(products) / count) + 1e-3
    _, vectors = np.linalg.eigh(products / np.outer(deviation, deviation))
    chosen = vectors[:, ::-1][:, :axes] / deviation[:, None]
    # In half precision here too, as they are kept: what is fitted later meets the same axes.
    basis = chosen.astype(np.float16).astype(np.float32)
    return Axes(basis, (mean @ basis).astype(np.float32))


def log_softmax(values: Floats) -> Floats:
    """Along the last axis."""
    top = values.max(axis=-1, keepdims=True)
    shares: Floats = values - top - np.log(np.exp(values - top).sum(axis=-1, keepdims=True))
    return shares
