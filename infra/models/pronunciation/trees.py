"""Boosted regression trees: grown by best gain over binned features, read back as flat arrays.

Friedman (2001), "Greedy function approximation", with the binned histograms and leaf-wise growth that
LightGBM made usual. It is here because the training then needs nothing that the server does not have.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from infra.models.pronunciation.alignment import Floats

_BINS: Final = 64
_LEAF: Final = -1

Wide = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Growth:
    """How trees are grown; chosen once, for all speakers alike."""

    trees: int = 300
    rate: float = 0.03
    leaves: int = 15
    fewest: int = 30
    """Phones in a leaf."""
    ridge: float = 5.0
    rows: float = 0.7
    """Share of the phones that each tree sees."""
    columns: float = 0.3
    """Share of the features that each tree may ask."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees as arrays (trees x nodes). A node asks whether a feature is at most its threshold."""

    feature: npt.NDArray[np.int16]
    threshold: Floats
    left: npt.NDArray[np.int8]
    right: npt.NDArray[np.int8]
    value: Floats
    base: float

    def predict(self, features: Floats) -> Floats:
        """One figure for each row of features."""
        trees = np.arange(len(self.feature))[None]
        at = np.zeros((len(features), len(self.feature)), np.int64)
        rows = np.arange(len(features))[:, None]
        while True:
            asked = self.feature[trees, at]
            inner = asked >= 0
            if not inner.any():
                break
            below = features[rows, np.maximum(asked, 0)] <= self.threshold[trees, at]
            onward = np.where(below, self.left[trees, at], self.right[trees, at])
            at = np.where(inner, onward, at)
        found: Floats = (self.base + self.value[trees, at].sum(axis=1)).astype(np.float32)
        return found


@dataclass(slots=True, eq=False)
class _Node:
    """A leaf of the tree that grows: its rows, and the best way to divide them."""

    rows: Whole
    sums: Wide
    counts: Wide
    gain: float = -1.0
    feature: int = _LEAF
    bin: int = 0
    number: int = 0


@dataclass(slots=True)
class _Tree:
    feature: list[int] = field(default_factory=list)
    threshold: list[float] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def leaf(self, value: float) -> int:
        """A new leaf's number."""
        self.feature.append(_LEAF)
        self.threshold.append(0.0)
        self.left.append(0)
        self.right.append(0)
        self.value.append(value)
        return len(self.feature) - 1


def grow(features: Floats, targets: Floats, growth: Growth, seed: int) -> Forest:
    """Trees that together predict the targets from the features, by least squares."""
    steps = np.linspace(0, 1, _BINS)[1:-1]
    edges = [np.unique(np.quantile(column, steps).astype(np.float32)) for column in features.T]
    binned = np.stack(
        [np.searchsorted(edge, column, side="left") for edge, column in zip(edges, features.T, strict=True)],
        axis=1,
    )
    draw = np.random.default_rng(seed)
    base = float(targets.mean())
    current = np.full(len(targets), base)
    trees = []
    for _ in range(growth.trees):
        rows = np.sort(draw.choice(len(targets), int(growth.rows * len(targets)), replace=False))
        columns = np.sort(
            draw.choice(features.shape[1], max(1, int(growth.columns * features.shape[1])), replace=False)
        )
        tree = _Grower(binned[:, columns], targets - current, growth).grow(rows)
        for node, asked in enumerate(tree.feature):
            if asked != _LEAF:
                tree.feature[node] = int(columns[asked])
                tree.threshold[node] = float(edges[columns[asked]][int(tree.threshold[node])])
        trees.append(tree)
        current += _read(tree, features)
    return _flat(trees, base)


class _Grower:
    """One tree over the residuals."""

    def __init__(self, binned: Whole, residuals: Wide, growth: Growth) -> None:
        self._flat = binned + np.arange(binned.shape[1]) * _BINS
        self._binned = binned
        self._residuals = residuals
        self._growth = growth

    def grow(self, rows: Whole) -> _Tree:
        """The leaf whose division gains most is divided, until there are enough. Thresholds are bins yet."""
        tree = _Tree()
        open_leaves = [self._node(tree, rows, *self._histogram(rows))]
        leaves = 1
        while leaves < self._growth.leaves:
            best = max(open_leaves, key=lambda node: node.gain)
            if best.gain <= 0:
                break
            open_leaves.remove(best)
            open_leaves.extend(self._divide(tree, best))
            leaves += 1
        return tree

    def _divide(self, tree: _Tree, node: _Node) -> Iterator[_Node]:
        below = self._binned[node.rows, node.feature] <= node.bin
        one, other = node.rows[below], node.rows[~below]
        small, large = (one, other) if len(one) <= len(other) else (other, one)
        sums, counts = self._histogram(small)
        found = {
            id(small): (small, sums, counts),
            id(large): (large, node.sums - sums, node.counts - counts),
        }
        children = [self._node(tree, *found[id(side)]) for side in (one, other)]
        tree.feature[node.number], tree.threshold[node.number] = node.feature, float(node.bin)
        tree.left[node.number], tree.right[node.number] = (child.number for child in children)
        yield from children

    def _histogram(self, rows: Whole) -> tuple[Wide, Wide]:
        """Sums of residuals, and counts, by feature and bin."""
        width = self._flat.shape[1]
        places = self._flat[rows].ravel()
        sums = np.bincount(places, np.repeat(self._residuals[rows], width), width * _BINS)
        counts = np.bincount(places, minlength=width * _BINS)
        return sums.reshape(width, _BINS).astype(np.float64), counts.reshape(width, _BINS).astype(np.float64)

    def _node(self, tree: _Tree, rows: Whole, sums: Wide, counts: Wide) -> _Node:
        ridge, fewest = self._growth.ridge, self._growth.fewest
        total, count = float(self._residuals[rows].sum()), len(rows)
        node = _Node(rows, sums, counts, number=tree.leaf(self._growth.rate * total / (count + ridge)))
        below, under = np.cumsum(sums, axis=1), np.cumsum(counts, axis=1)
        gains = below**2 / (under + ridge) + (total - below) ** 2 / (count - under + ridge)
        gains[(under < fewest) | (count - under < fewest)] = -np.inf
        at = int(gains.argmax())
        gain = float(gains.ravel()[at]) - total**2 / (count + ridge)
        if np.isfinite(gain) and gain > 0:
            node.gain, node.feature, node.bin = gain, at // _BINS, at % _BINS
        return node


def _read(tree: _Tree, features: Floats) -> Wide:
    return _flat([tree], 0.0).predict(features).astype(np.float64)


def _flat(trees: list[_Tree], base: float) -> Forest:
    most = max(len(tree.feature) for tree in trees)

    def table(name: str, empty: float) -> Wide:
        rows = [getattr(tree, name) for tree in trees]
        return np.array([row + [empty] * (most - len(row)) for row in rows], np.float64)

    return Forest(
        table("feature", _LEAF).astype(np.int16),
        table("threshold", 0).astype(np.float32),
        table("left", 0).astype(np.int8),
        table("right", 0).astype(np.int8),
        table("value", 0).astype(np.float32),
        base,
    )
