"""What is remembered of a learner, taken back by them, and the reports on their calls."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.calls import service as calls
from api.calls.schemas import CallState
from api.contract.calls import BriefFact, FactKind
from api.database import utc_now
from api.errors import NotFoundError
from api.identity.auth import Principal
from api.memory import notes
from api.memory.repository import FactRow, MemoryRepository
from api.memory.rules import RULES, rules, rules_hash
from api.memory.schemas import FactOut, MemoryOut, Refusal, ReportContent, ReportOut, ReportState
from api.sessions.models import PracticeSession

RECAPS_IN_SUMMARY = 30


@dataclass(frozen=True)
class Recalled:
    """What the coach is told of earlier calls besides the summary."""

    facts: list[BriefFact]
    last_topic: str | None


async def recall(session: AsyncSession, practice: PracticeSession) -> Recalled:
    """What the coach is told when a call of this session opens."""
    repository = MemoryRepository(session)
    facts = await repository.facts(practice.organisation_id, practice.user_id)
    recaps = await repository.recaps(practice.id, 1)
    return Recalled(notes.for_brief(facts), notes.last_topic(facts, recaps))


async def memory_of(session: AsyncSession, person: Principal) -> MemoryOut:
    """All that the coach remembers of a person, in the organisation they act under."""
    repository = MemoryRepository(session)
    facts = await repository.facts(person.organisation_id, person.user.id)
    summaries = [one.summary for one in await repository.sessions_of(person.organisation_id, person.user.id)]
    return MemoryOut(
        items=[_shown(row) for row in notes.standing(facts)],
        summary="\n".join(summary for summary in summaries if summary),
    )


async def forget_fact(session: AsyncSession, person: Principal, fact_id: UUID) -> None:
    """Take one fact out of the memory, and out of the summary that may tell it.

    Raises:
        NotFoundError: The person has no such fact.
    """
    repository = MemoryRepository(session)
    rows = await repository.facts(person.organisation_id, person.user.id)
    row = next((row for row in rows if row.fact.id == fact_id), None)
    if row is None:
        raise NotFoundError
    text, kind, call_id = row.fact.text, row.fact.kind, row.fact.call_id
    only = None if FactKind(kind) in rules().single else fact_id
    await repository.remove_facts(person.organisation_id, person.user.id, utc_now(), kind=kind, fact_id=only)
    for practice in await repository.sessions_of(person.organisation_id, person.user.id):
        await repository.lock_session(practice.id)
        for recap, _at in await repository.recaps(practice.id, RECAPS_IN_SUMMARY):
            by_model = recap.written_by != RULES
            if by_model and (recap.call_id == call_id or notes.tells(recap.text, text)):
                await repository.delete_recap(recap.id)
        await rebuild_summary(session, practice.id)


async def forget_all(session: AsyncSession, person: Principal) -> None:
    """Take everything out of the memory: facts, recaps and the summary. The calls themselves stay."""
    repository = MemoryRepository(session)
    await repository.remove_facts(person.organisation_id, person.user.id, utc_now())
    for practice in await repository.sessions_of(person.organisation_id, person.user.id):
        await repository.lock_session(practice.id)
        await repository.delete_recaps(practice.id)
        await repository.put_summary(practice.id, "", None)


async def forget_call(session: AsyncSession, call_id: UUID) -> None:
    """Remove what was made from a call: its report, its recap, what was told in it, its part of the summary.

    For those who delete calls; the organisation must be acted for already.
    """
    repository = MemoryRepository(session)
    row = await calls.with_learner(session, call_id)
    await repository.delete_of_call(call_id)
    if row is not None:
        await repository.lock_session(row.call.session_id)
        await rebuild_summary(session, row.call.session_id)


async def rebuild_summary(session: AsyncSession, session_id: UUID) -> None:
    """Put a session's summary together anew from the facts and recaps that are left."""
    repository = MemoryRepository(session)
    practice = await repository.lock_session(session_id)
    if practice is None:
        return
    facts = await repository.facts(practice.organisation_id, practice.user_id)
    recaps = await repository.recaps(session_id, RECAPS_IN_SUMMARY)
    await repository.put_summary(session_id, notes.assembled(facts, recaps), rules_hash())


async def report_of(session: AsyncSession, person: Principal, call_id: UUID) -> ReportOut:
    """The report on a person's own call.

    Raises:
        NotFoundError: The call does not exist or is somebody else's.
    """
    call = await calls.read_call(session, person, call_id)
    return await report_on(session, call_id, is_open=call.state is CallState.OPEN)


async def report_on(session: AsyncSession, call_id: UUID, *, is_open: bool = False) -> ReportOut:
    """The report on a call, for those who have shown that they may see it."""
    report = await MemoryRepository(session).report(call_id)
    if is_open:
        return ReportOut(call_id=call_id, state=ReportState.PENDING)
    if report is None:
        return ReportOut(call_id=call_id, state=ReportState.REFUSED, reason=Refusal.NOT_MADE)
    return ReportOut(
        call_id=call_id,
        state=ReportState(report.state),
        reason=Refusal(report.reason) if report.reason else None,
        content=ReportContent.model_validate(report.content) if report.content else None,
        prompt_hash=report.prompt_hash,
        written_by=report.written_by,
        written_at=report.written_at,
    )


def _shown(row: FactRow) -> FactOut:
    fact = row.fact
    return FactOut(
        id=fact.id,
        kind=FactKind(fact.kind),
        text=fact.text,
        quote=row.quote,
        call_id=fact.call_id,
        turn_id=fact.turn_id,
        said_at=fact.said_at,
    )
