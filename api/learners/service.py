"""The learners whom an instructor or administrator looks after."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.speech import minutes
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.audit.service import Witness
from api.contract.levels import Level
from api.identity.auth import Principal
from api.learners import cursors
from api.learners.cursors import Place
from api.learners.repository import LearnerRepository, LearnerRow
from api.learners.schemas import LearnerOut, LearnerPage, LearnerProfile, ProgramName, Wanted
from api.organisations import access

WEEKS_SHOWN = 4


async def list_learners(
    session: AsyncSession, person: Principal, wanted: Wanted, *, cursor: str | None, limit: int
) -> LearnerPage:
    """One page of the learners whom the person looks after.

    Raises:
        InvalidError: The cursor was made for another order (`invalid_cursor`).
    """
    after = cursors.decode(wanted, cursor)
    learners = LearnerRepository(session, person)
    rows, total = await learners.page(wanted, after, limit + 1)
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    return LearnerPage(
        items=[_shown(row) for row in shown],
        total=total,
        next_cursor=cursors.encode(wanted, Place(last.key(wanted.sort), last.id)) if last else None,
    )


async def read_learner(
    session: AsyncSession, person: Principal, witness: Witness, learner_id: UUID
) -> LearnerProfile:
    """A learner's page; noted in the audit log.

    Raises:
        NotFoundError: The learner is not theirs to see.
    """
    await access.require_visible(session, person, learner_id)
    await witness.note(
        person, AuditAction.LEARNER_SEEN, subject=Subject("user", learner_id), learner_id=learner_id
    )
    learners = LearnerRepository(session, person)
    row = await learners.one(learner_id)
    return LearnerProfile(
        learner=_shown(row),
        native_language=row.native_language,
        joined_at=row.joined_at,
        programs=[ProgramName.model_validate(one) for one in await learners.programs_of(learner_id)],
    )


def _shown(row: LearnerRow) -> LearnerOut:
    weeks = (row.weeks_ms or [0] * WEEKS_SHOWN)[-WEEKS_SHOWN:]
    return LearnerOut(
        id=row.id,
        name=row.name,
        email=row.email,
        level=Level(row.level),
        last_activity_at=row.last_activity_at,
        calls=row.calls,
        minutes_spoken=minutes(row.spoken_ms),
        weeks=[minutes(spoken) for spoken in weeks],
        trend_minutes=minutes(row.month_ms - row.before_ms),
        open_flags=row.open_flags,
        new_answers=row.new_answers,
        next_due=row.next_due,
    )
