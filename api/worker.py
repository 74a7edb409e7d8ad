"""`python -m api.worker`: the job worker.

Takes jobs from the queue as they are committed, sweeps calls and rooms every few seconds, and clears expired
browser sessions once an hour. A lost database is met by connecting again until it is back.
"""

import asyncio
import signal
from datetime import timedelta

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.models import Schedule

from api.analytics.jobs import AnalyticsJobs
from api.assessment.jobs import AssessmentJobs
from api.authoring.jobs import AuthoringJobs
from api.calls.livekit import LiveKit
from api.calls.supervision import Supervisor
from api.corrections.jobs import CorrectionJobs
from api.credentials import service as credentials
from api.database import Database, plain_url
from api.dead_letters import service as dead_letters
from api.exams.jobs import ExamJobs
from api.identity import service as identity
from api.identity.jobs import IdentityJobs
from api.job_runner import Handler, JobRunner
from api.jobs import JobName
from api.knowledge.embeddings import Embeddings
from api.knowledge.jobs import KnowledgeJobs
from api.mail import service as mail
from api.mail.jobs import MailJobs
from api.memory.jobs import MemoryJobs
from api.onboarding.spoken import PlacementJobs
from api.organisations.jobs import OrganisationJobs
from api.practice.jobs import PracticeJobs
from api.privacy.jobs import PrivacyJobs
from api.recordings.jobs import RecordingJobs
from api.settings import Settings, get_settings
from api.storage import storage_of
from api.worker_metrics import WorkerMetrics
from infra.error_tracking import configure_error_tracking
from infra.garbage import keep_what_is_loaded
from infra.telemetry import configure_logging, correlated, get_logger
from infra.tracing import configure_tracing

log = get_logger(__name__)

RECONNECT_AFTER_S = 1.0
STOP_WITHIN_S = 4.0
POLL = timedelta(seconds=5)
"""How long a job may wait where its notification was missed."""
QUEUE_LOOK_S = 15.0
"""Between two counts of the queue for the figures."""


class Worker:
    """One worker process: the queue's consumer beside the sweep, until it is told to stop."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = WorkerMetrics()
        self.database = Database.connect(
            settings.database_url, process="worker", pool_size=4, slow_ms=settings.slow_statement_ms
        )
        self.livekit = LiveKit(settings)
        self.supervisor = Supervisor(self.database, self.livekit, settings)
        self.corrections = CorrectionJobs(self.database, settings)
        self.memory = MemoryJobs(self.database, settings, self.corrections)
        self.analytics = AnalyticsJobs(self.database)
        self.knowledge = KnowledgeJobs(
            self.database, storage_of(settings), settings, Embeddings.configured(settings)
        )
        self.authoring = AuthoringJobs(self.database, settings)
        self.assessment = AssessmentJobs(self.database, storage_of(settings), settings)
        self.exams = ExamJobs(self.database, self.livekit)
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop`; what is being done then has a few seconds to finish."""
        keep_what_is_loaded()
        works = (self._consume(), self._sweep(), self._count_queue())
        tasks = [asyncio.create_task(work) for work in works]
        await self.stopping.wait()
        _done, late = await asyncio.wait(tasks, timeout=STOP_WITHIN_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.memory.close()
        await self.corrections.close()
        await self.authoring.close()
        await self.assessment.close()
        await self.knowledge.close()
        await self.livekit.close()
        await self.database.close()
        log.info("worker stopped", cut_short=len(late))

    def stop(self) -> None:
        """Ask the worker to end."""
        self.stopping.set()

    async def _sweep(self) -> None:
        while not self.stopping.is_set():
            with correlated(None):
                try:
                    self.metrics.swept(well=await self.supervisor.sweep())
                except Exception as error:  # the next sweep tries again, whatever it was
                    self.metrics.swept(well=False)
                    log.warning("sweep failed", error=type(error).__name__, exc_info=error)
            await self._pause(self.settings.sweep_interval_s)

    async def _count_queue(self) -> None:
        while not self.stopping.is_set():
            try:
                async with self.database.reading() as session:
                    states = await dead_letters.queue_states(session, done=False)
                self.metrics.queue({(state.job, state.state): state.count for state in states})
            except Exception as error:  # the database is away; the next look tries again
                log.warning("queue not counted", error=type(error).__name__)
            await self._pause(QUEUE_LOOK_S)

    async def _consume(self) -> None:
        while not self.stopping.is_set():
            try:
                await self._consume_once()
            except Exception as error:  # most often the database went away; connect again
                log.warning("queue connection lost", error=type(error).__name__)
                await self._pause(RECONNECT_AFTER_S)

    async def _consume_once(self) -> None:
        connection = await asyncpg.connect(
            plain_url(self.settings.database_url),
            timeout=5,
            server_settings={"application_name": "avaaz-worker-queue"},
        )
        try:
            queue = PgQueuer.from_asyncpg_connection(connection)
            self._register(queue)
            end = asyncio.create_task(self._end_with(queue))
            try:
                await queue.run(dequeue_timeout=POLL, shutdown_on_listener_failure=True)
            finally:
                end.cancel()
        finally:
            await connection.close(timeout=2)

    async def _end_with(self, queue: PgQueuer) -> None:
        await self.stopping.wait()
        queue.shutdown.set()

    def _register(self, queue: PgQueuer) -> None:
        storage = storage_of(self.settings)
        recordings = RecordingJobs(self.database, storage)
        practice = PracticeJobs(self.database)
        privacy = PrivacyJobs(self.database, storage, self.settings)
        handlers: dict[JobName, Handler] = {
            JobName.JOIN_RECORDING: recordings.join,
            JobName.ERASE_RECORDINGS: recordings.erase,
            JobName.ERASE_HELD_SOUND: recordings.erase_held,
            JobName.LISTEN_TO_EXAM: self.assessment.listen,
            JobName.SCORE_EXAM: self.assessment.score,
            JobName.END_ROOM: self.supervisor.end_room,
            JobName.ENSURE_AGENT: self.supervisor.ensure_agent,
            JobName.REPLACE_AGENT: self.supervisor.replace_agent,
            JobName.COVER_ROOMS: self.supervisor.cover_rooms,
            JobName.END_ERASED_ROOM: self.supervisor.end_erased_room,
            JobName.SEND_MAIL: MailJobs(self.database, self.settings).send,
            JobName.RECOVER_ACCOUNT: IdentityJobs(self.database).recover,
            JobName.ERASE_ORGANISATION: OrganisationJobs(self.database, storage).erase,
            JobName.REMEMBER_CALL: self.memory.remember,
            JobName.REPORT_CALL: self.memory.report,
            JobName.SUGGEST_LESSON: self.authoring.suggest,
            JobName.CORRECT_CALL: self.corrections.correct,
            JobName.PRACTISE_CALL: practice.practise_call,
            JobName.JUDGE_PLACEMENT: PlacementJobs(self.database).judge,
            JobName.AWARD: practice.award,
            JobName.RECKON_ORGANISATION: self.analytics.reckon_organisation,
            JobName.READ_DOCUMENT: self.knowledge.read_document,
            JobName.FORGET_DOCUMENTS: self.knowledge.forget,
            JobName.EMBED_ORGANISATION: self.knowledge.embed_organisation,
            JobName.SETTLE_EXAM: self.exams.settle,
            JobName.NOTE_ABSENCE: self.exams.note_absence,
            JobName.PURGE: privacy.purge,
            JobName.MAKE_EXPORT: privacy.make_export,
            JobName.ERASE_REMAINS: privacy.erase_remains,
            JobName.FORGET_MAIL: privacy.forget_mail,
        }
        when_dead: dict[JobName, Handler] = {
            JobName.REPORT_CALL: self.memory.give_up_report,
            JobName.SCORE_EXAM: self.assessment.give_up,
            JobName.SUGGEST_LESSON: self.authoring.give_up,
            JobName.MAKE_EXPORT: privacy.give_up_export,
            JobName.READ_DOCUMENT: self.knowledge.give_up,
        }
        first_pause = timedelta(seconds=self.settings.job_retry_s)
        runner = JobRunner(self.database, self.metrics, first_pause, when_dead)
        for name, handler in handlers.items():
            queue.entrypoint(name)(runner.job(handler))

        @queue.schedule("analytics.reckon_all", "7 0 * * *")
        async def reckon_all(_schedule: Schedule) -> None:
            with correlated(None):
                await self.analytics.reckon_all()

        @queue.schedule("knowledge.look_after", "*/10 * * * *")
        async def look_after_documents(_schedule: Schedule) -> None:
            with correlated(None):
                await self.knowledge.look_after()

        @queue.schedule("exams.look_after", "*/10 * * * *")
        async def look_after_exams(_schedule: Schedule) -> None:
            with correlated(None):
                await self.exams.look_after()

        @queue.schedule("privacy.daily", "37 2 * * *")
        async def remove_what_is_over(_schedule: Schedule) -> None:
            with correlated(None):
                await privacy.daily()

        @queue.schedule("identity.remove_expired_tokens", "17 * * * *")
        async def remove_expired_tokens(_schedule: Schedule) -> None:
            with correlated(None):
                async with self.database.transaction() as session:
                    lifetime = timedelta(days=self.settings.session_days)
                    removed = await identity.remove_expired(session, lifetime)
                    await credentials.remove_expired(session)
                    await mail.remove_old(session)
                    await dead_letters.remove_old(session)
                log.info("expired browser sessions removed", count=removed)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
        except TimeoutError:
            return


async def serve(settings: Settings) -> None:
    """Run a worker until SIGTERM or SIGINT."""
    worker = Worker(settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop)
    with worker.metrics.served(settings.api_host, settings.worker_metrics_port) as port:
        log.info("worker started", metrics_port=port)
        await worker.run()


def main() -> None:
    """Run as the settings say."""
    settings = get_settings()
    configure_logging("worker", settings.log_level)
    configure_error_tracking("worker")
    tracing = configure_tracing("worker")
    asyncio.run(serve(settings))
    if tracing is not None:
        tracing.shutdown()


if __name__ == "__main__":
    main()
