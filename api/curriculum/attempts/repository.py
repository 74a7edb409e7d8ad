"""All SQL about attempts, their events, and mastery; of the organisation that is acted for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.contract.lessons import LessonEventKind
from api.curriculum.attempts.models import (
    AttemptState,
    LessonAttempt,
    LessonCall,
    LessonEventRow,
    Mastery,
    MasteryEvidence,
)
from api.curriculum.models import LessonVersion
from api.database import utc_now
from api.pages import Mark

MOST_EVIDENCE = 40
"""The latest pieces of evidence that mastery of an objective rests on."""

AttemptRow = tuple[LessonAttempt, LessonVersion]


class AttemptRepository:
    """Attempts and the calls that were given them."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, attempt: LessonAttempt) -> None:
        """Keep a new attempt."""
        self.session.add(attempt)
        await self.session.flush()

    async def get(self, attempt_id: UUID, *, lock: bool = False) -> AttemptRow | None:
        """An attempt with its version, held until the request ends where `lock` says so."""
        query = _attempts().where(LessonAttempt.id == attempt_id)
        return await self._one(query.with_for_update(of=LessonAttempt) if lock else query)

    async def hold_session(self, session_id: UUID) -> None:
        """Let no other transaction change which attempt is a session's open one until this one ends."""
        key = func.hashtextextended(f"attempts:{session_id}", 0)
        await self.session.execute(select(func.pg_advisory_xact_lock(key)))

    async def open_of(self, session_id: UUID) -> AttemptRow | None:
        """A session's open attempt."""
        return await self._one(
            _attempts().where(
                LessonAttempt.session_id == session_id, LessonAttempt.state == AttemptState.OPEN
            )
        )

    async def unfinished(self, learner_id: UUID, lesson_id: UUID) -> AttemptRow | None:
        """A learner's last attempt at a lesson, if it can be taken up again."""
        query = (
            _attempts()
            .where(
                LessonAttempt.learner_id == learner_id,
                LessonAttempt.lesson_id == lesson_id,
                LessonAttempt.is_draft.is_(False),
            )
            .order_by(LessonAttempt.started_at.desc(), LessonAttempt.id)
            .limit(1)
        )
        found = await self._one(query)
        return found if found and found[0].state != AttemptState.COMPLETED else None

    async def any_of_lesson(self, lesson_id: UUID) -> bool:
        """Whether anybody has tried a lesson."""
        query = select(LessonAttempt.id).where(LessonAttempt.lesson_id == lesson_id).limit(1)
        return (await self.session.scalar(query)) is not None

    async def some(self, learner_id: UUID, attempt_ids: set[UUID]) -> list[AttemptRow]:
        """A learner's own among these attempts."""
        if not attempt_ids:
            return []
        return await self._rows(
            _attempts().where(LessonAttempt.learner_id == learner_id, LessonAttempt.id.in_(attempt_ids))
        )

    async def of_lessons(self, learner_id: UUID, lesson_ids: Sequence[UUID]) -> list[LessonAttempt]:
        """A learner's attempts at some lessons, drafts left out, newest first."""
        query = select(LessonAttempt).where(
            LessonAttempt.learner_id == learner_id,
            LessonAttempt.lesson_id.in_(lesson_ids),
            LessonAttempt.is_draft.is_(False),
        )
        query = query.order_by(LessonAttempt.started_at.desc(), LessonAttempt.id)
        return list((await self.session.scalars(query)).all())

    async def page(
        self, organisation_id: UUID, learner_id: UUID, after: Mark | None, limit: int
    ) -> list[AttemptRow]:
        """The next attempts of a learner, drafts left out, newest first."""
        query = _attempts().where(
            LessonAttempt.organisation_id == organisation_id,
            LessonAttempt.learner_id == learner_id,
            LessonAttempt.is_draft.is_(False),
        )
        if after is not None:
            query = query.where(tuple_(LessonAttempt.started_at, LessonAttempt.id) < (after.at, after.id))
        return await self._rows(
            query.order_by(LessonAttempt.started_at.desc(), LessonAttempt.id.desc()).limit(limit)
        )

    async def of_call(self, call_id: UUID) -> AttemptRow | None:
        """The attempt that a call was given as its plan."""
        return await self._one(
            _attempts()
            .join(LessonCall, LessonCall.attempt_id == LessonAttempt.id)
            .where(LessonCall.call_id == call_id)
        )

    async def for_call(self, call_id: UUID, session_id: UUID) -> AttemptRow | None:
        """The attempt that a call was given as its plan, else the open one of its session."""
        given = and_(LessonCall.attempt_id == LessonAttempt.id, LessonCall.call_id == call_id)
        return await self._one(
            _attempts()
            .outerjoin(LessonCall, given)
            .where(
                LessonAttempt.session_id == session_id,
                or_(LessonCall.call_id.is_not(None), LessonAttempt.state == AttemptState.OPEN),
            )
            .order_by(LessonCall.call_id.nulls_last())
            .limit(1)
        )

    async def give_to(self, attempt: LessonAttempt, call_id: UUID) -> None:
        """Note that a call is given an attempt, once."""
        await self.session.execute(
            insert(LessonCall)
            .values(organisation_id=attempt.organisation_id, call_id=call_id, attempt_id=attempt.id)
            .on_conflict_do_nothing(index_elements=[LessonCall.call_id])
        )

    async def calls_of(self, attempt_id: UUID) -> list[UUID]:
        """The calls that were given an attempt, oldest first."""
        query = select(LessonCall.call_id).where(LessonCall.attempt_id == attempt_id)
        return list((await self.session.scalars(query.order_by(LessonCall.created_at))).all())

    async def insert_events(self, rows: list[dict[str, Any]]) -> set[int]:
        """Keep the events that are new; return their numbers."""
        if not rows:
            return set()
        statement = (
            insert(LessonEventRow)
            .values(rows)
            .on_conflict_do_nothing(index_elements=[LessonEventRow.call_id, LessonEventRow.number])
            .returning(LessonEventRow.number)
        )
        return set((await self.session.scalars(statement)).all())

    async def events(self, attempt_id: UUID, *kinds: LessonEventKind) -> list[LessonEventRow]:
        """The events of an attempt of some kinds, in order."""
        query = select(LessonEventRow).where(
            LessonEventRow.attempt_id == attempt_id, LessonEventRow.kind.in_(kinds)
        )
        return list(
            (await self.session.scalars(query.order_by(LessonEventRow.at, LessonEventRow.number))).all()
        )

    async def _one(self, query: Select[AttemptRow]) -> AttemptRow | None:
        row = (await self.session.execute(query)).one_or_none()
        return (row[0], row[1]) if row else None

    async def _rows(self, query: Select[AttemptRow]) -> list[AttemptRow]:
        return [(row[0], row[1]) for row in (await self.session.execute(query)).all()]


def _attempts() -> Select[AttemptRow]:
    return select(LessonAttempt, LessonVersion).join(
        LessonVersion, LessonVersion.id == LessonAttempt.version_id
    )


class MasteryRepository:
    """Evidence and what it amounts to, of one learner in one organisation."""

    def __init__(self, session: AsyncSession, organisation_id: UUID, learner_id: UUID) -> None:
        self.session = session
        self.organisation_id = organisation_id
        self.learner_id = learner_id

    async def put_evidence(self, rows: list[dict[str, Any]]) -> None:
        """Keep evidence; what was shown once stays shown, whatever came late."""
        own = {"organisation_id": self.organisation_id, "learner_id": self.learner_id}
        statement = insert(MasteryEvidence).values([{**row, **own} for row in rows])
        new = statement.excluded
        await self.session.execute(
            statement.on_conflict_do_update(
                index_elements=["learner_id", "source", "reference", "criterion"],
                set_={
                    "shown": or_(MasteryEvidence.shown, new.shown),
                    "helped": case((MasteryEvidence.shown, MasteryEvidence.helped), else_=new.helped),
                    "updated_at": utc_now(),
                },
            )
        )

    async def evidence(self, objective_key: str, limit: int = MOST_EVIDENCE) -> list[MasteryEvidence]:
        """The latest evidence for an objective, newest first."""
        query = select(MasteryEvidence).where(
            MasteryEvidence.organisation_id == self.organisation_id,
            MasteryEvidence.learner_id == self.learner_id,
            MasteryEvidence.objective_key == objective_key,
        )
        query = query.order_by(MasteryEvidence.at.desc(), MasteryEvidence.id).limit(limit)
        return list((await self.session.scalars(query)).all())

    async def put(self, objective_key: str, level: float, evidence: int) -> None:
        """Keep the mastery of an objective."""
        values = {"level": level, "evidence": evidence}
        await self.session.execute(
            insert(Mastery)
            .values(
                organisation_id=self.organisation_id,
                learner_id=self.learner_id,
                objective_key=objective_key,
                **values,
            )
            .on_conflict_do_update(
                index_elements=["organisation_id", "learner_id", "objective_key"],
                set_={**values, "updated_at": utc_now()},
            )
        )

    async def all(self) -> dict[str, Mastery]:
        """Mastery by objective."""
        query = select(Mastery).where(
            Mastery.organisation_id == self.organisation_id, Mastery.learner_id == self.learner_id
        )
        return {one.objective_key: one for one in (await self.session.scalars(query)).all()}

    async def hold(self) -> None:
        """Let no other transaction reckon this learner's mastery until this one ends."""
        key = func.hashtextextended(f"mastery:{self.organisation_id}:{self.learner_id}", 0)
        await self.session.execute(select(func.pg_advisory_xact_lock(key)))
