"""Routes under /api/v1: exams, and exams under review/learners."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.audit.service import CurrentWitness
from api.curriculum.routes import DRAWING_HEADERS
from api.database import Session, utc_now
from api.errors import NotFoundError
from api.exams import presenting, service
from api.exams.record import Sitting
from api.exams.repository import AttemptRow
from api.exams.schemas import (
    ExamAttemptDetail,
    ExamAttemptPage,
    ExamList,
    ExamOut,
    ExtraTimeGrant,
    ExtraTimeGranted,
    StartExam,
)
from api.identity.auth import AppSettings, CurrentPrincipal, Principal, RequireRole
from api.identity.models import MemberRole
from api.pages import Cursor, Mark, decode_cursor, encode_cursor
from prompts.exams import picture

router = APIRouter(prefix="/exams", tags=["exams"])
learners_router = APIRouter(prefix="/review/learners", tags=["exams"])

Teacher = Annotated[Principal, Depends(RequireRole(MemberRole.INSTRUCTOR, MemberRole.ADMIN))]
Limit = Annotated[int, Query(ge=1, le=100)]
Name = Annotated[str, Path(max_length=64, pattern=r"^[a-z0-9-]+$")]


@router.get("", response_model=ExamList)
async def list_exams(person: CurrentPrincipal, session: Session) -> ExamList:
    """The mock exams that there are: their parts and lengths, no tasks."""
    offer = await service.list_exams(session, person)
    return ExamList(
        items=[presenting.offered(template) for template in offer.templates],
        open_attempt_id=offer.open_attempt_id,
        granted_extra_time_percent=presenting.percent(offer.extra_time),
    )


@router.post("/attempts", status_code=201, response_model=ExamAttemptDetail)
async def start_exam(
    wanted: StartExam, person: CurrentPrincipal, session: Session, settings: AppSettings
) -> ExamAttemptDetail:
    """Begin an exam: it is what the learner's next call is for. Answers 409 `exam_open` while one is open."""
    return await _detail(session, await service.start(session, settings, person, wanted))


@router.get("/attempts", response_model=ExamAttemptPage)
async def list_attempts(
    person: CurrentPrincipal, session: Session, cursor: Cursor = None, limit: Limit = 20
) -> ExamAttemptPage:
    """The learner's attempts, newest first."""
    return _page(*await service.list_own(session, person, after=decode_cursor(cursor), limit=limit))


@router.get("/attempts/{exam_attempt_id}", response_model=ExamAttemptDetail)
async def read_attempt(
    exam_attempt_id: UUID, person: CurrentPrincipal, session: Session
) -> ExamAttemptDetail:
    """One of the learner's attempts: part, phase, what remains of it, and the tasks of parts that began."""
    return await _detail(session, await service.read(session, person, exam_attempt_id))


@router.post("/attempts/{exam_attempt_id}/stop", response_model=ExamAttemptDetail)
async def stop_attempt(
    exam_attempt_id: UUID, person: CurrentPrincipal, session: Session
) -> ExamAttemptDetail:
    """Give an attempt up; it cannot be taken up again."""
    return await _detail(session, await service.stop(session, person, exam_attempt_id))


@router.get(
    "/pictures/{picture_name}",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {}}, "description": "The picture."}},
)
async def read_picture(picture_name: Name, _person: CurrentPrincipal) -> Response:
    """A picture that tasks show, as SVG."""
    drawing = picture(picture_name)
    if drawing is None:
        raise NotFoundError
    return Response(drawing, media_type="image/svg+xml", headers=DRAWING_HEADERS)


@router.get("/{exam_key}", response_model=ExamOut)
async def read_exam(exam_key: Name, _person: CurrentPrincipal, session: Session) -> ExamOut:
    """One mock exam: its parts and lengths, no tasks."""
    return presenting.offered(await service.read_exam(session, exam_key))


@learners_router.get("/{learner_id}/exams", response_model=ExamAttemptPage)
async def list_learner_attempts(  # noqa: PLR0917 - FastAPI passes each by name
    learner_id: UUID,
    person: Teacher,
    session: Session,
    witness: CurrentWitness,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> ExamAttemptPage:
    """A learner's attempts, newest first, for who looks after them; noted in the audit log."""
    after = decode_cursor(cursor)
    found = await service.list_of_learner(session, person, witness, learner_id, after=after, limit=limit)
    return _page(*found)


@learners_router.get("/{learner_id}/exams/{exam_attempt_id}", response_model=ExamAttemptDetail)
async def read_learner_attempt(
    learner_id: UUID, exam_attempt_id: UUID, person: Teacher, session: Session, witness: CurrentWitness
) -> ExamAttemptDetail:
    """One of a learner's attempts, for who looks after them; noted in the audit log."""
    sitting = await service.read_of_learner(session, person, witness, learner_id, exam_attempt_id)
    return await _detail(session, sitting)


@learners_router.get("/{learner_id}/extra-time", response_model=ExtraTimeGranted)
async def read_extra_time(learner_id: UUID, person: Teacher, session: Session) -> ExtraTimeGranted:
    """The extra time that a learner is granted in exams."""
    extra_time = await service.read_extra_time(session, person, learner_id)
    return ExtraTimeGranted(extra_time_percent=presenting.percent(extra_time))


@learners_router.put("/{learner_id}/extra-time", response_model=ExtraTimeGranted)
async def grant_extra_time(
    learner_id: UUID, grant: ExtraTimeGrant, person: Teacher, session: Session
) -> ExtraTimeGranted:
    """Grant a learner extra time in the exams that they begin from now on; the audit log names who did."""
    await service.grant_extra_time(session, person, learner_id, grant.extra_time_percent / 100)
    return ExtraTimeGranted(extra_time_percent=grant.extra_time_percent)


async def _detail(session: AsyncSession, sitting: Sitting) -> ExamAttemptDetail:
    return presenting.in_detail(sitting, await service.calls_of(session, sitting.attempt.id), utc_now())


def _page(rows: list[AttemptRow], mark: Mark | None) -> ExamAttemptPage:
    return ExamAttemptPage(
        items=[presenting.shown(attempt, template) for attempt, template in rows],
        next_cursor=encode_cursor(mark) if mark else None,
    )
