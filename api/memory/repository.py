"""All SQL about recaps, facts and reports, and the words they are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.calls.models import Call, Turn
from api.memory.models import CallRecap, CallReport, MemoryFact
from api.sessions.models import PracticeSession


@dataclass(frozen=True)
class FactRow:
    """A fact with the words it rests on."""

    fact: MemoryFact
    quote: str


class MemoryRepository:
    """Recaps, facts and reports, of the organisation that is acted for."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def put_recap(self, values: dict[str, Any]) -> None:
        """Keep a call's recap in the place of an earlier one."""
        await self._upsert(CallRecap, values, ["call_id"])

    async def recap_turns(self, call_id: UUID) -> int | None:
        """How many turns a call's recap was made from; None where it has none."""
        return (
            await self.session.scalars(select(CallRecap.turn_count).where(CallRecap.call_id == call_id))
        ).one_or_none()

    async def recaps(self, session_id: UUID, limit: int) -> Sequence[tuple[CallRecap, datetime]]:
        """A session's latest recaps with when their calls began, newest first."""
        query = (
            select(CallRecap, Call.started_at)
            .join(Call, Call.id == CallRecap.call_id)
            .where(CallRecap.session_id == session_id)
            .order_by(Call.number.desc())
            .limit(limit)
        )
        return [(recap, at) for recap, at in (await self.session.execute(query)).all()]

    async def put_summary(self, session_id: UUID, summary: str, prompt_hash: str | None) -> None:
        """Keep a session's summary."""
        await self.session.execute(
            update(PracticeSession)
            .where(PracticeSession.id == session_id)
            .values(summary=summary, summary_hash=prompt_hash)
        )

    async def lock_session(self, session_id: UUID) -> PracticeSession | None:
        """A session, held until the transaction ends: its memory is written by one at a time."""
        query = select(PracticeSession).where(PracticeSession.id == session_id).with_for_update()
        return (await self.session.scalars(query)).one_or_none()

    async def put_facts(self, rows: list[dict[str, Any]]) -> None:
        """Keep facts; one that is known takes the newer turn, one that was removed comes back only if it was
        said again since."""
        if not rows:
            return
        statement = insert(MemoryFact).values(rows)
        new = statement.excluded
        taken = ("call_id", "turn_id", "text", "topic", "said_at", "prompt_hash", "written_by")
        await self.session.execute(
            statement.on_conflict_do_update(
                index_elements=["organisation_id", "user_id", "key"],
                set_={**{name: new[name] for name in taken}, "removed_at": None, "updated_at": func.now()},
                where=(
                    (MemoryFact.said_at <= new.said_at)
                    & or_(MemoryFact.removed_at.is_(None), MemoryFact.removed_at < new.said_at)
                ),
            )
        )

    async def facts(self, organisation_id: UUID, user_id: UUID) -> list[FactRow]:
        """What is remembered of a learner, newest first."""
        query = (
            select(MemoryFact, Turn.text)
            .join(Turn, Turn.id == MemoryFact.turn_id)
            .where(
                MemoryFact.organisation_id == organisation_id,
                MemoryFact.user_id == user_id,
                MemoryFact.removed_at.is_(None),
            )
            .order_by(MemoryFact.said_at.desc(), MemoryFact.id)
        )
        return [FactRow(*row) for row in (await self.session.execute(query)).all()]

    async def remove_facts(
        self,
        organisation_id: UUID,
        user_id: UUID,
        now: datetime,
        *,
        kind: str | None = None,
        fact_id: UUID | None = None,
    ) -> None:
        """Empty a learner's facts: all, those of a kind, or one."""
        change = update(MemoryFact).where(
            MemoryFact.organisation_id == organisation_id,
            MemoryFact.user_id == user_id,
            MemoryFact.removed_at.is_(None),
        )
        if kind is not None:
            change = change.where(MemoryFact.kind == kind)
        if fact_id is not None:
            change = change.where(MemoryFact.id == fact_id)
        await self.session.execute(change.values(text="", topic=None, removed_at=now))

    async def sessions_of(self, organisation_id: UUID, user_id: UUID) -> Sequence[PracticeSession]:
        """A learner's sessions in an organisation."""
        query = select(PracticeSession).where(
            PracticeSession.organisation_id == organisation_id, PracticeSession.user_id == user_id
        )
        return (await self.session.scalars(query)).all()

    async def delete_recaps(self, session_id: UUID) -> None:
        """Remove a session's recaps."""
        await self.session.execute(delete(CallRecap).where(CallRecap.session_id == session_id))

    async def delete_recap(self, recap_id: UUID) -> None:
        """Remove one recap."""
        await self.session.execute(delete(CallRecap).where(CallRecap.id == recap_id))

    async def delete_of_call(self, call_id: UUID) -> None:
        """Remove all that was made from a call."""
        for table in (CallRecap, MemoryFact, CallReport):
            await self.session.execute(delete(table).where(table.call_id == call_id))

    async def report(self, call_id: UUID) -> CallReport | None:
        """A call's report."""
        return (
            await self.session.scalars(select(CallReport).where(CallReport.call_id == call_id))
        ).one_or_none()

    async def put_report(self, values: dict[str, Any]) -> None:
        """Keep a call's report, or its state, in the place of what was there."""
        await self._upsert(CallReport, values, ["call_id"])

    async def _upsert(self, table: Any, values: dict[str, Any], key: list[str]) -> None:
        statement = insert(table).values(**values)
        changed = {name: statement.excluded[name] for name in values if name not in key}
        await self.session.execute(
            statement.on_conflict_do_update(index_elements=key, set_={**changed, "updated_at": func.now()})
        )
