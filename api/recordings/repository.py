"""All SQL about consent to recording, recordings and their segments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.calls.models import Call
from api.identity.models import User
from api.recordings.models import Recording, RecordingConsent, RecordingSegment, RecordingState
from api.sessions.models import PracticeSession


class RecordingConsentRepository:
    """What learners answered."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def latest(self, organisation_id: UUID, user_id: UUID) -> RecordingConsent | None:
        """A learner's last answer."""
        rows = await self.session.scalars(
            select(RecordingConsent)
            .where(RecordingConsent.organisation_id == organisation_id, RecordingConsent.user_id == user_id)
            .order_by(RecordingConsent.created_at.desc(), RecordingConsent.id)
            .limit(1)
        )
        return rows.one_or_none()

    async def learner(self, user_id: UUID) -> User | None:
        """Whose answer it is."""
        return await self.session.get(User, user_id)

    async def add(self, row: RecordingConsent) -> None:
        """Keep an answer."""
        self.session.add(row)
        await self.session.flush()


class RecordingRepository:
    """Recordings."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def of_call(self, call_id: UUID, *, lock: bool = False) -> Recording | None:
        """The recording of a call."""
        query = select(Recording).where(Recording.call_id == call_id)
        rows = await self.session.scalars(query.with_for_update() if lock else query)
        return rows.one_or_none()

    async def learner_of(self, organisation_id: UUID, call_id: UUID) -> UUID | None:
        """The learner of a call of an organisation."""
        query = (
            select(PracticeSession.user_id)
            .join(Call, Call.session_id == PracticeSession.id)
            .where(Call.id == call_id, Call.organisation_id == organisation_id)
        )
        return (await self.session.execute(query)).scalar_one_or_none()

    async def is_active(self, user_id: UUID) -> bool:
        """Whether an account is there and not closed."""
        user = await self.session.get(User, user_id)
        return user is not None and user.is_active

    async def is_open(self, call_id: UUID) -> bool:
        """Whether a call goes on."""
        query = select(Call.id).where(Call.id == call_id, Call.ended_at.is_(None))
        return (await self.session.execute(query)).one_or_none() is not None

    async def ensure(self, organisation_id: UUID, call_id: UUID, *, for_scoring: bool = False) -> Recording:
        """The recording of a call, made where there is none; what one is for is said when it is made.

        It is held until the transaction ends, so that nobody erases it while a piece is being kept.
        """
        await self.session.execute(
            insert(Recording)
            .values(organisation_id=organisation_id, call_id=call_id, for_scoring=for_scoring)
            .on_conflict_do_nothing(index_elements=["call_id"])
        )
        query = select(Recording).where(Recording.call_id == call_id).with_for_update(key_share=True)
        return (await self.session.scalars(query.execution_options(populate_existing=True))).one()

    async def settle(self, recording_id: UUID, before: str | None, values: dict[str, Any]) -> bool:
        """Give a recording its object, if nobody else has given it another one or erased it meanwhile."""
        rows = await self.session.execute(
            update(Recording)
            .where(
                Recording.id == recording_id,
                Recording.object_key.is_not_distinct_from(before),
                Recording.state != RecordingState.ERASED,
            )
            .values(**values, state=RecordingState.READY)
            .returning(Recording.id)
        )
        return rows.one_or_none() is not None

    async def erase(self, call_ids: Sequence[UUID]) -> None:
        """Leave of these calls' recordings only that there was one."""
        await self.session.execute(
            update(Recording)
            .where(Recording.call_id.in_(call_ids))
            .values(
                state=RecordingState.ERASED,
                object_key=None,
                sha256=None,
                peaks=None,
                started_at=None,
                duration_s=0.0,
                size_bytes=0,
            )
        )

    async def kept_before(
        self, organisation_id: UUID, moment: datetime, user_id: UUID | None
    ) -> Sequence[UUID]:
        """The calls that began before a moment and whose recordings are kept; of one learner, or of all."""
        query = (
            select(Recording.call_id)
            .join(Call, Call.id == Recording.call_id)
            .where(
                Recording.organisation_id == organisation_id,
                Recording.state != RecordingState.ERASED,
                Call.started_at < moment,
            )
        )
        if user_id is not None:
            query = query.join(PracticeSession, PracticeSession.id == Call.session_id).where(
                PracticeSession.user_id == user_id
            )
        return (await self.session.scalars(query)).all()

    async def count_kept(self, organisation_id: UUID, user_id: UUID) -> int:
        """How many recordings are kept of a learner in an organisation."""
        query = (
            select(func.count(Recording.id))
            .join(Call, Call.id == Recording.call_id)
            .join(PracticeSession, PracticeSession.id == Call.session_id)
            .where(
                Recording.organisation_id == organisation_id,
                Recording.state != RecordingState.ERASED,
                PracticeSession.user_id == user_id,
            )
        )
        return (await self.session.execute(query)).scalar_one()


class SegmentRepository:
    """Segments that are not joined yet."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, values: dict[str, Any]) -> bool:
        """Keep a segment; False where the call has one of this number."""
        rows = await self.session.execute(
            insert(RecordingSegment)
            .values(**values)
            .on_conflict_do_nothing(index_elements=["call_id", "number"])
            .returning(RecordingSegment.id)
        )
        return rows.one_or_none() is not None

    async def digest_of(self, call_id: UUID, number: int) -> str | None:
        """What a segment's content is known by."""
        rows = await self.session.scalars(
            select(RecordingSegment.sha256).where(
                RecordingSegment.call_id == call_id, RecordingSegment.number == number
            )
        )
        return rows.one_or_none()

    async def of_call(self, call_id: UUID) -> Sequence[RecordingSegment]:
        """A call's segments, in order."""
        rows = await self.session.scalars(
            select(RecordingSegment)
            .where(RecordingSegment.call_id == call_id)
            .order_by(RecordingSegment.number)
        )
        return rows.all()

    async def delete(self, ids: Sequence[UUID]) -> None:
        """Forget segments."""
        await self.session.execute(delete(RecordingSegment).where(RecordingSegment.id.in_(ids)))

    async def delete_of_calls(self, call_ids: Sequence[UUID]) -> None:
        """Forget all segments of these calls."""
        await self.session.execute(delete(RecordingSegment).where(RecordingSegment.call_id.in_(call_ids)))
