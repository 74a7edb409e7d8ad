"""All SQL about the words of a learner and the pauses between them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Float, cast, column, func, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.reckoning.repository import PUNCTUATION
from api.calls.models import Call, Turn
from api.contract.calls import InputKind, Role
from api.sessions.models import PracticeSession

MOST_WORDS = 20_000
"""Different words of a learner that are looked at, those said most often first."""
LONGEST_WORD = 40


@dataclass(frozen=True)
class WordRow:
    """A word that a learner said, in lower case."""

    word: str
    times: int
    first_at: datetime


@dataclass(frozen=True)
class PauseRow:
    """How a learner spoke in a week: seconds of speech, words, stretches without a pause, and pauses."""

    week: date
    words: int
    runs: int
    pauses: int
    pause_s: float
    spoken_s: float


class LanguageRepository:
    """The spoken turns of one learner's closed calls in one organisation."""

    def __init__(self, session: AsyncSession, organisation_id: UUID, user_id: UUID) -> None:
        self.session = session
        self.organisation_id = organisation_id
        self.user_id = user_id

    async def words(self) -> list[WordRow]:
        """The different words that the learner said."""
        texts = func.translate(func.lower(func.replace(Turn.text, "’", "'")), "\n\r\t", "   ")
        pieces = func.string_to_table(texts, " ").table_valued("piece", name="pieces").render_derived()
        word = func.btrim(pieces.c.piece, PUNCTUATION)
        query = (
            select(word, func.count(), func.min(Turn.started_at))
            .select_from(Turn)
            .join(Call, Call.id == Turn.call_id)
            .join(PracticeSession, PracticeSession.id == Call.session_id)
            .join(pieces, true())
            .where(*self._spoken(), word != "", func.length(word) <= LONGEST_WORD)
            .group_by(word)
            .order_by(func.count().desc(), word)
            .limit(MOST_WORDS)
        )
        return [WordRow(*row) for row in (await self.session.execute(query)).all()]

    async def pauses(self, zone: str, since: date, pause_s: float) -> list[PauseRow]:
        """How the learner spoke in each week of a time zone, from the times of words, oldest first.

        Args:
            zone: A name of the time zone database.
            since: A Monday there.
            pause_s: Silence between two words of a turn that is a pause, in seconds.
        """
        words = (
            func.jsonb_array_elements(Turn.words)
            .table_valued(column("word", JSONB), with_ordinality="place", name="spoken")
            .render_derived()
        )
        start = cast(words.c.word["start"].astext, Float)
        end = cast(words.c.word["end"].astext, Float)
        of_turn: dict[str, Any] = {"partition_by": Turn.id, "order_by": words.c.place}
        week = cast(func.date_trunc("week", func.timezone(zone, Turn.started_at)), Date)
        timed = (
            select(
                week.label("week"),
                (end - start).label("length"),
                (start - func.lag(end).over(**of_turn)).label("gap"),
            )
            .select_from(Turn)
            .join(Call, Call.id == Turn.call_id)
            .join(PracticeSession, PracticeSession.id == Call.session_id)
            .join(words, true())
            .where(*self._spoken(), Turn.started_at >= func.timezone(zone, since))
            .subquery()
        )
        gap, paused = timed.c.gap, timed.c.gap >= pause_s
        begins = gap.is_(None) | paused
        spoken = func.sum(timed.c.length) + func.coalesce(func.sum(func.greatest(gap, 0.0)), 0.0)
        query = (
            select(
                timed.c.week,
                func.count(),
                func.count().filter(begins),
                func.count().filter(paused),
                func.coalesce(func.sum(gap).filter(paused), 0.0),
                spoken,
            )
            .group_by(timed.c.week)
            .order_by(timed.c.week)
        )
        return [PauseRow(*row) for row in (await self.session.execute(query)).all()]

    def _spoken(self) -> tuple[ColumnElement[bool], ...]:
        return (
            Call.organisation_id == self.organisation_id,
            PracticeSession.user_id == self.user_id,
            Call.ended_at.is_not(None),
            Call.deleted_at.is_(None),
            Turn.role == Role.LEARNER,
            Turn.input_kind == InputKind.VOICE,
        )
