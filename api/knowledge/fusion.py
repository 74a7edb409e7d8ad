"""Joining the two lists of a hybrid search, and saying honestly whether anything fits.

Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009): a passage scores 1 / (60 + rank) in each list. It
orders, and says nothing of how good the best is; whether a passage fits at all is told by the nearness of its
vector and by how much of what was asked, weighted by rarity, stands in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

K: Final = 60


@dataclass(frozen=True)
class Candidate:
    """A passage that one of the lists holds.

    `distance` is the cosine distance of its vector, None where it has none of the model in use; `coverage`
    the share of the question's words, weighted by how rare they are, that stand in it.
    """

    chunk_id: UUID
    distance: float | None
    coverage: float

    @property
    def nearness(self) -> float:
        """Cosine similarity, 0 where there is no vector."""
        return 0.0 if self.distance is None else 1.0 - self.distance


@dataclass(frozen=True)
class Threshold:
    """What a passage needs to be an answer: near enough in meaning, or in words, or in both."""

    nearness: float
    coverage: float
    words_alone: float
    meaning_alone: float

    def admits(self, candidate: Candidate) -> bool:
        """Whether a passage fits."""
        if candidate.coverage >= self.words_alone or candidate.nearness >= self.meaning_alone:
            return True
        return candidate.nearness >= self.nearness and candidate.coverage >= self.coverage


THRESHOLD: Final = Threshold(nearness=0.45, coverage=0.35, words_alone=0.7, meaning_alone=0.8)
"""Set on the half of `avaaz bench retrieval`'s questions that its figures leave out."""


def fused(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Best first, by the ranks in both lists."""
    scores: dict[UUID, float] = {one.chunk_id: 0.0 for one in candidates}
    for kept, key in _LISTS:
        ranked = sorted((one for one in candidates if kept(one)), key=lambda one: (key(one), one.chunk_id))
        for rank, one in enumerate(ranked, 1):
            scores[one.chunk_id] += 1 / (K + rank)
    return sorted(candidates, key=lambda one: (-scores[one.chunk_id], str(one.chunk_id)))


def fitting(candidates: Sequence[Candidate], threshold: Threshold = THRESHOLD) -> list[Candidate]:
    """Those that fit, best first; none where nothing does."""
    return [one for one in fused(candidates) if threshold.admits(one)]


def confidence(candidate: Candidate) -> float:
    """How sure it is that a passage fits, 0 to 1."""
    if candidate.distance is None:
        return round(min(1.0, candidate.coverage), 4)
    return round(min(1.0, max(0.0, (candidate.nearness + candidate.coverage) / 2)), 4)


Key = Callable[[Candidate], tuple[float, float]]
_LISTS: Final[tuple[tuple[Callable[[Candidate], bool], Key], ...]] = (
    (lambda one: one.distance is not None, lambda one: (-one.nearness, -one.coverage)),
    (lambda one: one.coverage > 0, lambda one: (-one.coverage, -one.nearness)),
)
