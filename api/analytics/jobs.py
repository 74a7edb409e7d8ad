"""Reckoning in the worker: by night for whoever has something to reckon, or when an instructor asks."""

from uuid import UUID

from api.analytics.programs import service as programs
from api.analytics.reckoning import service as reckoning
from api.database import Database
from api.jobs import JobName, enqueue
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)


class AnalyticsJobs:
    """Handlers of the worker."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def reckon_organisation(self, organisation_id: str) -> None:
        """Reckon what is stale in an organisation: calls without figures, windows, weeks of programs."""
        key = UUID(organisation_id)
        async with self.database.transaction() as session:
            await act_for(session, key)
            learners = await reckoning.learners_without_figures(session, key)
        for learner in learners:
            async with self.database.transaction() as session:
                await act_for(session, key)
                await reckoning.recalculate(session, key, learner)
        async with self.database.transaction() as session:
            await act_for(session, key)
            await reckoning.calls_removed(session, key)
            await reckoning.move_windows(session, key)
            weeks = await programs.weeks_to_reckon(session, key)
        for week in weeks:
            async with self.database.transaction() as session:
                await act_for(session, key)
                await programs.reckon_week(session, key, week)
        log.info(
            "figures reckoned", organisation_id=organisation_id, caught_up=len(learners), weeks=len(weeks)
        )

    async def reckon_all(self) -> None:
        """Queue a job for each organisation with something to reckon."""
        async with self.database.transaction() as session:
            stale = await reckoning.stale_organisations(session)
            for organisation_id in stale:
                await enqueue(session, JobName.RECKON_ORGANISATION, {"organisation_id": str(organisation_id)})
        log.info("organisations to reckon", count=len(stale))
