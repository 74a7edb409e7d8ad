"""Routes about assessments: the learner's own, and those of learners whom one looks after."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.assessment import service
from api.assessment.schemas import AskReview, AssessmentPage, LearnersAssessmentPage
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.audit.service import CurrentWitness
from api.contract.assessment import Assessment, ReviewAsked
from api.database import Session
from api.identity.auth import CurrentPrincipal
from api.pages import Cursor, decode_cursor
from api.review.routes import Teacher

router = APIRouter(tags=["assessment"])

Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("/exams/attempts/{exam_attempt_id}/assessment", response_model=Assessment)
async def read_assessment(
    exam_attempt_id: UUID, person: CurrentPrincipal, session: Session, witness: CurrentWitness
) -> Assessment:
    """The judgement of an attempt: the learner's own, or one of a learner whom the person looks after.

    Asked for until `state` is `ready` or `failed`; 404 before the attempt is over. Whoever reads somebody
    else's is noted before.
    """
    row = await service.readable(session, person, exam_attempt_id)
    if row.user_id != person.user.id:
        subject = Subject("exam_attempt", exam_attempt_id)
        await witness.note(person, AuditAction.REPORT_READ, subject=subject, learner_id=row.user_id)
    return await service.shown(session, person, row)


@router.post("/exams/attempts/{exam_attempt_id}/review-request", status_code=201, response_model=ReviewAsked)
async def ask_for_review(
    exam_attempt_id: UUID, asked: AskReview, person: CurrentPrincipal, session: Session
) -> ReviewAsked:
    """Ask that a person looks at the judgement of one's own attempt; asked again, the new note stands."""
    return await service.ask_for_review(session, person, exam_attempt_id, asked.note)


@router.get("/assessments", response_model=AssessmentPage)
async def list_assessments(
    person: CurrentPrincipal, session: Session, cursor: Cursor = None, limit: Limit = 50
) -> AssessmentPage:
    """One's own assessments with their scores, the newest exam first: for the history and the trend."""
    return await service.list_own(session, person, after=decode_cursor(cursor), limit=limit)


@router.get("/review/learners/{learner_id}/assessments", response_model=AssessmentPage)
async def list_of_learner(
    learner_id: UUID,
    person: Teacher,
    session: Session,
    witness: CurrentWitness,
    *,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AssessmentPage:
    """The assessments of a learner whom the person looks after, the newest exam first; noted."""
    after = decode_cursor(cursor)
    return await service.list_of_learner(session, person, witness, learner_id, after=after, limit=limit)


@router.get("/review/assessments", response_model=LearnersAssessmentPage)
async def list_of_learners(
    person: Teacher,
    session: Session,
    *,
    asked: Annotated[bool, Query(description="Only those that the learner asked to look at.")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> LearnersAssessmentPage:
    """The assessments of all learners whom the person looks after, the newest exam first."""
    return await service.list_of_learners(
        session, person, asked_only=asked, after=decode_cursor(cursor), limit=limit
    )
