"""Assessments shown, listed, and looked at again by a person who is asked to."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.assessment import wording
from api.assessment.judging.judgement import Judgement
from api.assessment.models import AssessmentRow
from api.assessment.repository import AssessmentRepository, NamedRow
from api.assessment.schemas import (
    AssessmentBrief,
    AssessmentPage,
    AssessmentState,
    Estimate,
    LearnersAssessment,
    LearnersAssessmentPage,
)
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.audit.service import Witness
from api.contract.assessment import Assessment, FlagCode, RefusalCode, ReviewAsked, SoundKept
from api.contract.exams import Dimension
from api.contract.levels import Level
from api.database import utc_now
from api.errors import NotFoundError
from api.exams import service as exams
from api.identity.auth import Principal
from api.organisations import access
from api.pages import Mark, encode_cursor
from api.recordings import service as recordings


async def readable(session: AsyncSession, person: Principal, attempt_id: UUID) -> AssessmentRow:
    """The assessment of an attempt, for its learner and those who look after them.

    Raises:
        NotFoundError: There is none yet, or it is not this person's to see.
    """
    row = await AssessmentRepository(session).of_attempt(attempt_id)
    if row is None or row.organisation_id != person.organisation_id:
        raise NotFoundError
    if row.user_id != person.user.id:
        await access.require_visible(session, person, row.user_id)
    return row


async def shown(session: AsyncSession, person: Principal, row: AssessmentRow) -> Assessment:
    """An assessment in the language of who reads it."""
    sound = await _sound(session, row)
    review = ReviewAsked(asked_at=row.review_asked_at, note=row.review_note) if row.review_asked_at else None
    head = Assessment(
        attempt_id=row.attempt_id,
        state=cast("AssessmentState", row.state),
        scored_at=row.scored_at,
        version=row.version,
        band_table=row.band_table,
        target_level=Level(row.target_level),
        sound=sound,
        review=review,
    )
    if row.judgement is None:
        return head
    return wording.told(head, Judgement.model_validate(row.judgement), person.user.locale)


async def scores_of(session: AsyncSession, attempt_id: UUID) -> dict[Dimension, float | None] | None:
    """The machine's scores of an attempt, for marks beside them; None until it is scored."""
    row = await AssessmentRepository(session).of_attempt(attempt_id)
    return _scores(row) if row is not None and row.state == "ready" else None


async def ask_for_review(
    session: AsyncSession, person: Principal, attempt_id: UUID, note: str
) -> ReviewAsked:
    """Have those who look after the learner see that a person should look at this; the newest note stands.

    Raises:
        NotFoundError: There is no assessment of an attempt of the person's own.
    """
    row = await AssessmentRepository(session).of_attempt(attempt_id, lock=True)
    if row is None or row.user_id != person.user.id or row.organisation_id != person.organisation_id:
        raise NotFoundError
    row.review_asked_at, row.review_note = utc_now(), note
    return ReviewAsked(asked_at=row.review_asked_at, note=note)


async def list_own(
    session: AsyncSession, person: Principal, *, after: Mark | None, limit: int
) -> AssessmentPage:
    """A page of the person's own assessments."""
    return await _page(session, person.organisation_id, person.user.id, after, limit)


async def list_of_learner(
    session: AsyncSession,
    person: Principal,
    witness: Witness,
    learner_id: UUID,
    *,
    after: Mark | None,
    limit: int,
) -> AssessmentPage:
    """A page of the assessments of a learner whom the person looks after; noted in the audit log.

    Raises:
        NotFoundError: The learner does not exist or is not theirs to see.
    """
    await access.require_visible(session, person, learner_id)
    await witness.note(
        person, AuditAction.LEARNER_SEEN, subject=Subject("user", learner_id), learner_id=learner_id
    )
    return await _page(session, person.organisation_id, learner_id, after, limit)


async def list_of_learners(
    session: AsyncSession, person: Principal, *, asked_only: bool, after: Mark | None, limit: int
) -> LearnersAssessmentPage:
    """A page of the assessments of all learners whom the person looks after."""
    rows = await AssessmentRepository(session).page_of_learners(
        person.organisation_id, access.visible_learners(person), after, limit + 1, asked_only=asked_only
    )
    return LearnersAssessmentPage(
        items=[_of_learner(one) for one in rows[:limit]],
        next_cursor=_cursor([one.row for one in rows], limit),
    )


async def _page(
    session: AsyncSession, organisation_id: UUID, user_id: UUID, after: Mark | None, limit: int
) -> AssessmentPage:
    rows = await AssessmentRepository(session).page(organisation_id, user_id, after, limit + 1)
    return AssessmentPage(items=[_brief(row) for row in rows[:limit]], next_cursor=_cursor(rows, limit))


def _cursor(rows: Sequence[AssessmentRow], limit: int) -> str | None:
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return encode_cursor(Mark(0, last.taken_at, last.id))


def _brief(row: AssessmentRow) -> AssessmentBrief:
    return AssessmentBrief(
        attempt_id=row.attempt_id,
        title=row.title,
        target_level=Level(row.target_level),
        taken_at=row.taken_at,
        state=cast("AssessmentState", row.state),
        scored_at=row.scored_at,
        version=row.version,
        band_table=row.band_table,
        scores=_scores(row),
        level=cast("Estimate | None", row.level),
        refused=RefusalCode(row.refused) if row.refused else None,
        flags=[FlagCode(flag) for flag in row.flags],
        review_asked_at=row.review_asked_at,
    )


def _of_learner(named: NamedRow) -> LearnersAssessment:
    return LearnersAssessment(
        **_brief(named.row).model_dump(),
        learner_id=named.row.user_id,
        learner_name=named.learner_name,
        review_note=named.row.review_note,
    )


def _scores(row: AssessmentRow) -> dict[Dimension, float | None]:
    return {Dimension(name): score for name, score in row.scores.items()}


async def _sound(session: AsyncSession, row: AssessmentRow) -> SoundKept:
    """Whether what was recorded of the attempt's calls can still be heard."""
    calls = await exams.calls_of(session, row.attempt_id)
    found = {await recordings.kept(session, call) for call in calls}
    return next((one for one in ("kept", "held", "erased") if one in found), "none")
