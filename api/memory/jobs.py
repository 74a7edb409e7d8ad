"""Remembering a call and reporting on it, by the job worker.

Both read, then write with no transaction open, then keep what was written; both may come twice and then
find nothing to do. While a language model fails, they go on without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics import service as analytics
from api.calls import service as calls
from api.calls.models import Call, LearnersCall
from api.corrections import service as corrections
from api.corrections.jobs import CorrectionJobs
from api.database import Database, utc_now
from api.language_model import LanguageModel, LanguageModelError
from api.memory import by_model, notes, service
from api.memory import report as reports
from api.memory.by_model import Remembered
from api.memory.findings import Finding, findings_of
from api.memory.repository import MemoryRepository
from api.memory.rules import RULES, Fact, facts_of, recap_of, rules_hash, subject_name, subjects_of
from api.memory.said import Said, said
from api.memory.schemas import Refusal, ReportState, TalkTime
from api.memory.talk_time import talk_time
from api.settings import Settings
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

_SETTLED = frozenset({ReportState.READY, ReportState.REFUSED})


@dataclass(frozen=True)
class _Read:
    """A call as it stands in the record."""

    row: LearnersCall
    turns: list[Said]


@dataclass
class MemoryJobs:
    """The worker's memory."""

    database: Database
    settings: Settings
    corrections: CorrectionJobs
    model: LanguageModel | None = field(init=False)

    def __post_init__(self) -> None:
        self.model = LanguageModel.configured(self.settings)

    async def close(self) -> None:
        """Close the connections."""
        if self.model is not None:
            await self.model.close()

    async def remember(self, organisation_id: str, call_id: str, **_cause: str) -> None:
        """Bring recap, facts and summary up to date with a call's turns."""
        organisation, call = UUID(organisation_id), UUID(call_id)
        async with self.database.reading() as session:
            await act_for(session, organisation)
            repository = MemoryRepository(session)
            read = await _read(session, call)
            if read is None or not read.turns or await repository.recap_turns(call) == len(read.turns):
                return
            facts = await repository.facts(organisation, read.row.user_id)
            recaps = await repository.recaps(read.row.call.session_id, service.RECAPS_IN_SUMMARY)
        known = [row.fact.text for row in notes.standing(facts)]
        earlier = [f"{at:%Y-%m-%d}: {recap.text}" for recap, at in recaps if recap.call_id != call]
        remembered = await self._remembered(read.turns, earlier, known)
        async with self.database.transaction() as session:
            await act_for(session, organisation)
            await _keep(session, read, remembered)
        log.info("call remembered", call_id=call_id, facts=len(remembered.facts), by=remembered.written_by)

    async def _remembered(
        self, turns: Sequence[Said], earlier: Sequence[str], known: Sequence[str]
    ) -> Remembered:
        if self.model is not None:
            try:
                return await by_model.remember(self.model, turns, earlier, known)
            except LanguageModelError as error:
                log.warning("language model did not remember: rules do", reason=str(error))
        subjects = subjects_of(turns)
        return Remembered(
            recap=recap_of(subjects),
            topic=subject_name(subjects[0]) if subjects else None,
            summary=None,
            facts=facts_of(turns),
            prompt_hash=rules_hash(),
            written_by=RULES,
        )

    async def report(self, organisation_id: str, call_id: str, **_cause: str) -> None:
        """Write the report on a call that is over.

        Raises:
            CheckerUnavailableError: The learner's sentences cannot be checked at the moment.
        """
        organisation, call = UUID(organisation_id), UUID(call_id)
        async with self.database.reading() as session:
            await act_for(session, organisation)
            repository = MemoryRepository(session)
            read, kept = await _read(session, call), await repository.report(call)
            figures = await analytics.call_figures(session, call)
        if read is None or kept is None or figures is None:
            return
        if kept.state in _SETTLED and kept.turn_count == len(read.turns):
            return
        time = talk_time(read.turns, figures)
        values = await self._reported(read, time)
        async with self.database.transaction() as session:
            await act_for(session, organisation)
            await _keep_report(session, read.row.call, {**values, "turn_count": len(read.turns)})
        log.info("call reported", call_id=call_id, state=values["state"], by=values.get("written_by"))

    async def _reported(self, read: _Read, time: TalkTime) -> dict[str, Any]:
        if reports.says_too_little(time):
            return {"state": ReportState.REFUSED, "reason": Refusal.TOO_LITTLE_SAID, "content": None}
        written = await self._written(read, time)
        return {
            "state": ReportState.READY,
            "reason": None,
            "content": written.content.model_dump(mode="json"),
            "prompt_hash": written.prompt_hash,
            "written_by": written.written_by,
            "written_at": utc_now(),
        }

    async def _written(self, read: _Read, time: TalkTime) -> reports.Written:
        row = read.row
        if self.model is not None:
            try:
                return await reports.by_model(
                    self.model, read.turns, time, locale=row.locale, level=row.level
                )
            except LanguageModelError as error:
                log.warning("language model did not report: rules do", reason=str(error))
        found = await self._findings(row)
        return reports.by_rules(read.turns, time, found, row.locale)

    async def _findings(self, row: LearnersCall) -> list[Finding] | None:
        """What is wrong in a call's sentences; None where nobody looks."""
        organisation, call = row.call.organisation_id, row.call.id
        await self.corrections.correct(str(organisation), str(call), "report")
        if self.corrections.checker is None:
            return None
        async with self.database.reading() as session:
            await act_for(session, organisation)
            found = await corrections.new_corrections(session, organisation, row.user_id, call_id=call)
        return findings_of(found)

    async def give_up_report(self, organisation_id: str, call_id: str, **_cause: str) -> None:
        """Say that there will be no report, where one was promised."""
        async with self.database.transaction() as session:
            await act_for(session, UUID(organisation_id))
            repository = MemoryRepository(session)
            kept = await repository.report(UUID(call_id))
            if kept is not None and kept.state == ReportState.PENDING:
                kept.state = ReportState.FAILED


async def _read(session: AsyncSession, call_id: UUID) -> _Read | None:
    row = await calls.with_learner(session, call_id)
    return None if row is None else _Read(row, said(await calls.turns_of(session, call_id)))


async def _keep(session: AsyncSession, read: _Read, remembered: Remembered) -> None:
    """Keep what is remembered of a call, unless more of it is remembered already, or the call is gone."""
    repository, call = MemoryRepository(session), read.row.call
    practice = await repository.lock_session(call.session_id)
    kept = await repository.recap_turns(call.id)
    gone = await calls.with_learner(session, call.id) is None
    if practice is None or gone or (kept is not None and kept > len(read.turns)):
        return
    shaped = {"prompt_hash": remembered.prompt_hash, "written_by": remembered.written_by}
    await repository.put_recap(
        {
            "organisation_id": call.organisation_id,
            "session_id": call.session_id,
            "call_id": call.id,
            "text": remembered.recap,
            "topic": remembered.topic,
            "turn_count": len(read.turns),
            **shaped,
        }
    )
    await repository.put_facts(
        [{**_fact_row(read.row, fact), **shaped} for fact in _distinct(remembered.facts)]
    )
    if remembered.summary:
        await repository.put_summary(practice.id, remembered.summary, remembered.prompt_hash)
    else:
        await service.rebuild_summary(session, practice.id)


def _distinct(facts: Sequence[Fact]) -> list[Fact]:
    """The last mention of each fact: one statement may not write a row twice."""
    return list({notes.fact_key(fact.kind, fact.text): fact for fact in facts}.values())


def _fact_row(row: LearnersCall, fact: Fact) -> dict[str, Any]:
    return {
        "organisation_id": row.call.organisation_id,
        "user_id": row.user_id,
        "call_id": row.call.id,
        "turn_id": fact.turn.id,
        "kind": fact.kind,
        "text": fact.text,
        "topic": fact.topic,
        "key": notes.fact_key(fact.kind, fact.text),
        "said_at": fact.turn.started_at,
    }


async def _keep_report(session: AsyncSession, call: Call, values: dict[str, Any]) -> None:
    """Keep a report, unless one from more of the call is kept already, or the call is gone."""
    repository = MemoryRepository(session)
    kept = await repository.report(call.id)
    if kept is None or (kept.state in _SETTLED and kept.turn_count > values["turn_count"]):
        return
    for name, value in values.items():
        setattr(kept, name, value)
