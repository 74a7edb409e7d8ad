"""Mastery of an objective, from 0 to 1, out of what a learner was seen to do.

The estimate is the mean of a Beta distribution after Bernoulli trials (A. Gelman et al., Bayesian Data
Analysis, 3rd ed., section 2.4), from the prior Beta(1, 3): of whoever has shown
nothing a quarter is believed.

    level = (1 + shown) / (4 + pieces)

A piece of evidence is one criterion of a lesson's step, met or not; one that was met after a hint counts half
(`HELPED`). Only the latest 40 pieces count, so that an old failure is outgrown. Mastered is 0.8, which eleven
pieces without a miss reach. Prior, half and limit are ours; a learner can be told each piece by name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.curriculum.attempts.models import EvidenceSource, Mastery, MasteryEvidence
from api.curriculum.attempts.repository import MasteryRepository

PRIOR_SHOWN: Final = 1.0
PRIOR_PIECES: Final = 4.0
HELPED: Final = 0.5
MASTERED: Final = 0.8


@dataclass(frozen=True)
class Origin:
    """Where evidence comes from: the kind of thing, and the one attempt, placement or exam attempt."""

    source: EvidenceSource
    reference: UUID


@dataclass(frozen=True)
class Evidence:
    """One thing that a learner was seen to do, or not to do.

    `criterion` names the thing within its origin: noted again, it changes at most from not shown to shown.
    """

    objective_key: str
    criterion: str
    shown: bool
    at: datetime
    helped: bool = False


def level_of(evidence: Iterable[MasteryEvidence]) -> tuple[float, int]:
    """Mastery, from 0 to 1, and on how many pieces of evidence it rests."""
    pieces = list(evidence)
    shown = sum((HELPED if piece.helped else 1.0) for piece in pieces if piece.shown)
    return (PRIOR_SHOWN + shown) / (PRIOR_PIECES + len(pieces)), len(pieces)


async def note(
    session: AsyncSession,
    organisation_id: UUID,
    learner_id: UUID,
    origin: Origin,
    evidence: list[Evidence],
) -> None:
    """Keep evidence and reckon the mastery of the objectives that it speaks for.

    Args:
        session: A writing session that acts for the organisation.
        organisation_id: Where the learner showed it.
        learner_id: The learner.
        origin: What it comes from.
        evidence: What was seen; every objective exists.
    """
    if not evidence:
        return
    repository = MasteryRepository(session, organisation_id, learner_id)
    await repository.hold()
    seen = {piece.criterion: piece for piece in sorted(evidence, key=lambda piece: (piece.shown, piece.at))}
    await repository.put_evidence(
        [
            {
                "objective_key": piece.objective_key,
                "source": origin.source,
                "reference": origin.reference,
                "criterion": piece.criterion,
                "shown": piece.shown,
                "helped": piece.helped,
                "at": piece.at,
            }
            for piece in seen.values()
        ]
    )
    for key in sorted({piece.objective_key for piece in evidence}):
        level, pieces = level_of(await repository.evidence(key))
        await repository.put(key, level, pieces)


async def of_learner(session: AsyncSession, organisation_id: UUID, learner_id: UUID) -> dict[str, Mastery]:
    """A learner's mastery by objective; an objective without evidence is not there."""
    return await MasteryRepository(session, organisation_id, learner_id).all()


async def evidence_for(
    session: AsyncSession, organisation_id: UUID, learner_id: UUID, objective_key: str
) -> list[MasteryEvidence]:
    """The pieces that a learner's mastery of an objective rests on, newest first."""
    return await MasteryRepository(session, organisation_id, learner_id).evidence(objective_key)
