"""All SQL about corrections, and the turns they are found in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.calls.models import Call, Turn
from api.corrections.models import CheckedTurn, TurnCorrection


@dataclass(frozen=True)
class FoundRow:
    """A correction with the turn that it is in."""

    correction: TurnCorrection
    turn_text: str


class CorrectionRepository:
    """Corrections, of the organisation that is acted for."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def checked(self, call_id: UUID) -> dict[UUID, str | None]:
        """The turns of a call that were looked at, with the language model that looked too."""
        query = select(CheckedTurn.turn_id, CheckedTurn.model).where(CheckedTurn.call_id == call_id)
        return {row.turn_id: row.model for row in (await self.session.execute(query)).all()}

    async def put_checked(self, rows: list[dict[str, Any]]) -> None:
        """Note turns as looked at; a language model's look is added to that of the rules."""
        if not rows:
            return
        statement = insert(CheckedTurn).values(rows)
        new = statement.excluded
        await self.session.execute(
            statement.on_conflict_do_update(
                index_elements=["turn_id"],
                set_={"model": new.model, "prompt_hash": new.prompt_hash, "updated_at": func.now()},
                where=new.model.is_not(None),
            )
        )

    async def add(self, rows: list[dict[str, Any]]) -> int:
        """Keep corrections that are not there yet; how many are new."""
        if not rows:
            return 0
        statement = insert(TurnCorrection).values(rows).on_conflict_do_nothing()
        return len((await self.session.scalars(statement.returning(TurnCorrection.id))).all())

    async def get(self, correction_id: UUID) -> TurnCorrection | None:
        """One correction, of a call that is not deleted."""
        query = (
            select(TurnCorrection)
            .join(Call, Call.id == TurnCorrection.call_id)
            .where(TurnCorrection.id == correction_id)
        )
        return (await self.session.scalars(query)).one_or_none()

    async def hide(self, correction_id: UUID, at: datetime | None, hidden_as: str | None) -> None:
        """Dismiss a correction, or show it again."""
        await self.session.execute(
            update(TurnCorrection)
            .where(TurnCorrection.id == correction_id)
            .values(hidden_at=at, hidden_as=hidden_as)
        )

    async def of_call(self, call_id: UUID) -> Sequence[TurnCorrection]:
        """The corrections of a call, in order, the dismissed ones among them."""
        query = (
            select(TurnCorrection)
            .join(Turn, Turn.id == TurnCorrection.turn_id)
            .where(TurnCorrection.call_id == call_id)
            .order_by(Turn.position, Turn.started_at, TurnCorrection.start_at)
        )
        return (await self.session.scalars(query)).all()

    async def standing(
        self, organisation_id: UUID, user_id: UUID, since: datetime, call_id: UUID | None
    ) -> list[FoundRow]:
        """A learner's corrections that nobody dismissed, found since a time, the oldest first."""
        query = (
            select(TurnCorrection, Turn.text)
            .join(Turn, Turn.id == TurnCorrection.turn_id)
            .join(Call, Call.id == TurnCorrection.call_id)
            .where(
                *_of_learner(TurnCorrection, organisation_id, user_id),
                TurnCorrection.created_at >= since,
                TurnCorrection.hidden_at.is_(None),
            )
            .order_by(TurnCorrection.said_at, TurnCorrection.start_at)
        )
        if call_id is not None:
            query = query.where(TurnCorrection.call_id == call_id)
        return [FoundRow(*row) for row in (await self.session.execute(query)).all()]

    async def words_by_day(
        self, organisation_id: UUID, user_id: UUID, since: datetime, zone: str
    ) -> list[tuple[date, int]]:
        """Words of the turns that were looked at, by the day on which they were said."""
        day = _day(CheckedTurn.said_at, zone)
        query = (
            select(day, func.sum(CheckedTurn.words))
            .join(Call, Call.id == CheckedTurn.call_id)
            .where(*_of_learner(CheckedTurn, organisation_id, user_id), CheckedTurn.said_at >= since)
            .group_by(day)
            .order_by(day)
        )
        return [(at, int(words)) for at, words in (await self.session.execute(query)).all()]

    async def slips_by_day(
        self, organisation_id: UUID, user_id: UUID, since: datetime, zone: str
    ) -> list[tuple[date, str, int]]:
        """Corrections that nobody dismissed, by day and category."""
        day = _day(TurnCorrection.said_at, zone)
        query = (
            select(day, TurnCorrection.category, func.count())
            .join(Call, Call.id == TurnCorrection.call_id)
            .where(
                *_of_learner(TurnCorrection, organisation_id, user_id),
                TurnCorrection.said_at >= since,
                TurnCorrection.hidden_at.is_(None),
            )
            .group_by(day, TurnCorrection.category)
        )
        return [(at, category, count) for at, category, count in (await self.session.execute(query)).all()]


def _of_learner(table: Any, organisation_id: UUID, user_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (table.organisation_id == organisation_id, table.user_id == user_id)


def _day(moment: Any, zone: str) -> ColumnElement[date]:
    return cast(func.timezone(zone, moment), Date)
