"""Keeps figures in step with the calls they are made from; whatever is reckoned twice comes out the same."""

from datetime import UTC, date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.reckoning.repository import FigureRepository, Member, OrganisationRepository
from api.database import utc_now


async def call_changed(session: AsyncSession, call_id: UUID) -> None:
    """Reckon a call that was closed, opened once more, deleted, restored, or got turns after it had closed.

    In the transaction in which that happens, so that no list shows one without the other.
    """
    await session.flush()
    owner = await OrganisationRepository(session).owner_of_call(call_id)
    if owner is None:
        return
    figures = FigureRepository(session, owner.member)
    await figures.lock()
    await figures.reckon_calls(call_id)
    await figures.count_for_programs(call_id)
    await figures.reckon_days(owner.started_at.astimezone(UTC).date())
    await figures.reckon_stats(today())


async def calls_removed(session: AsyncSession, organisation_id: UUID) -> None:
    """Take calls that were removed out of their learners' figures.

    Those of programs follow when they are reckoned.
    """
    await session.flush()
    for user_id in await OrganisationRepository(session).learners_out_of_step(organisation_id):
        figures = FigureRepository(session, Member(organisation_id, user_id))
        await figures.lock()
        await figures.reckon_days()
        await figures.reckon_stats(today())


async def recalculate(session: AsyncSession, organisation_id: UUID, user_id: UUID) -> None:
    """Make all figures of a learner in an organisation anew from the turns."""
    figures = FigureRepository(session, Member(organisation_id, user_id))
    await figures.lock()
    await figures.reckon_calls()
    await figures.count_for_programs()
    await figures.reckon_days()
    await figures.reckon_stats(today())


async def move_windows(session: AsyncSession, organisation_id: UUID) -> None:
    """Have the windows of every learner of an organisation end today."""
    await OrganisationRepository(session).move_windows(organisation_id, today())


async def learners_without_figures(session: AsyncSession, organisation_id: UUID) -> list[UUID]:
    """Learners with a closed call that was never reckoned, such as those from before there were figures."""
    return await OrganisationRepository(session).learners_without_figures(organisation_id)


async def stale_organisations(session: AsyncSession) -> list[UUID]:
    """Organisations of this installation in which a night has something to reckon."""
    return await OrganisationRepository(session).stale(today())


def today() -> date:
    """The present day of UTC."""
    return utc_now().date()
