"""All SQL about placements and levels."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.onboarding.models import LevelChange, Placement, PlacementKind, PlacementState


class OnboardingRepository:
    """Placements and levels of the learners of the organisation that is acted for."""

    def __init__(self, session: AsyncSession, organisation_id: UUID) -> None:
        self.session = session
        self.organisation_id = organisation_id

    async def add(self, row: Placement | LevelChange) -> None:
        """Keep a row."""
        self.session.add(row)
        await self.session.flush()

    async def abandon_running(self, user_id: UUID) -> None:
        """End what a learner had begun."""
        await self.session.execute(
            update(Placement)
            .where(
                Placement.organisation_id == self.organisation_id,
                Placement.user_id == user_id,
                Placement.state == PlacementState.RUNNING,
            )
            .values(state=PlacementState.ABANDONED)
        )

    async def placement(self, placement_id: UUID, user_id: UUID, *, lock: bool = False) -> Placement | None:
        """A learner's placement, held until the transaction ends where it is locked."""
        query = select(Placement).where(
            Placement.id == placement_id,
            Placement.organisation_id == self.organisation_id,
            Placement.user_id == user_id,
        )
        found: Placement | None = await self.session.scalar(query.with_for_update() if lock else query)
        return found

    async def for_call(self, call_id: UUID, user_id: UUID, *, since: datetime) -> Placement | None:
        """The placement that a call is for, else the spoken one that the learner's next call is for."""
        waiting = and_(
            Placement.kind == PlacementKind.SPOKEN,
            Placement.state == PlacementState.RUNNING,
            Placement.call_id.is_(None),
            Placement.created_at >= since,
        )
        query = (
            select(Placement)
            .where(
                Placement.organisation_id == self.organisation_id,
                Placement.user_id == user_id,
                or_(Placement.call_id == call_id, waiting),
            )
            .order_by(Placement.call_id.nulls_last())
            .limit(1)
        )
        found: Placement | None = await self.session.scalar(query)
        return found

    async def of_call(self, call_id: UUID, *, lock: bool = False) -> Placement | None:
        """The placement that a call is for, held until the transaction ends where it is locked."""
        query = select(Placement).where(
            Placement.organisation_id == self.organisation_id, Placement.call_id == call_id
        )
        found: Placement | None = await self.session.scalar(query.with_for_update() if lock else query)
        return found

    async def changes(self, user_id: UUID, most: int) -> Sequence[LevelChange]:
        """How a learner's levels came about, newest first."""
        rows = await self.session.scalars(
            select(LevelChange)
            .where(LevelChange.organisation_id == self.organisation_id, LevelChange.user_id == user_id)
            .order_by(LevelChange.created_at.desc(), LevelChange.id)
            .limit(most)
        )
        return rows.all()
