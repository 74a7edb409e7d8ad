"""Routes about marks that people give exam attempts, and about results to take away."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.assessment import service as assessments
from api.assessment.models import AssessmentRow
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.audit.service import CurrentWitness
from api.database import Session
from api.identity.auth import CurrentPrincipal
from api.marks import result_pdf, service
from api.marks.schemas import AttemptMarks, Calibration, DoubleMarkedPage, MarkOut, NewMark
from api.pages import Cursor, decode_cursor
from api.review.routes import Teacher

router = APIRouter(tags=["marks"])

Limit = Annotated[int, Query(ge=1, le=100)]
PDF_TYPE = "application/pdf"


async def readable(exam_attempt_id: UUID, person: CurrentPrincipal, session: Session) -> AssessmentRow:
    """The assessment of an attempt that the person may read; 404 before the attempt is over."""
    return await assessments.readable(session, person, exam_attempt_id)


Readable = Annotated[AssessmentRow, Depends(readable)]


@router.get("/exams/attempts/{exam_attempt_id}/marks", response_model=AttemptMarks)
async def list_marks(
    row: Readable, person: CurrentPrincipal, session: Session, witness: CurrentWitness
) -> AttemptMarks:
    """What people gave an attempt: one's own, or one of a learner whom one looks after, which is noted."""
    await witness.note(
        person,
        AuditAction.REPORT_READ,
        subject=Subject("exam_attempt", row.attempt_id),
        learner_id=row.user_id,
    )
    return await service.of_attempt(session, person, row)


@router.post("/exams/attempts/{exam_attempt_id}/marks", status_code=201, response_model=MarkOut)
async def give_mark(exam_attempt_id: UUID, data: NewMark, person: Teacher, session: Session) -> MarkOut:
    """Give a dimension a mark beside the machine's; 409 `changed_meanwhile` where one's own is newer."""
    return await service.give(session, person, exam_attempt_id, data)


@router.get(
    "/exams/attempts/{exam_attempt_id}/result.pdf",
    response_class=Response,
    responses={200: {"content": {PDF_TYPE: {}}}},
)
async def export_result(
    row: Readable, person: CurrentPrincipal, session: Session, witness: CurrentWitness
) -> Response:
    """The result of an attempt as PDF, in the reader's language; noted where it is somebody else's.

    409 `not_ready` while it is not scored.
    """
    sheet = result_pdf.Sheet(
        assessment=await assessments.shown(session, person, row),
        marks=await service.of_attempt(session, person, row),
        locale=person.user.locale,
    )
    result_pdf.require_ready(sheet)
    await witness.note(
        person,
        AuditAction.RESULT_EXPORTED,
        subject=Subject("exam_attempt", row.attempt_id),
        learner_id=row.user_id,
    )
    headers = {"Content-Disposition": f'attachment; filename="{sheet.file_name}"'}
    return Response(await result_pdf.as_pdf(sheet), media_type=PDF_TYPE, headers=headers)


@router.get("/calibration", response_model=Calibration)
async def read_calibration(person: Teacher, session: Session) -> Calibration:
    """How far the machine's scores agree with people's marks, over the learners whom one looks after."""
    return await service.calibration(session, person)


@router.get("/calibration/attempts", response_model=DoubleMarkedPage)
async def list_double_marked(
    person: Teacher, session: Session, cursor: Cursor = None, limit: Limit = 20
) -> DoubleMarkedPage:
    """Attempts that both the machine and people marked, the last marked first."""
    return await service.list_double_marked(session, person, after=decode_cursor(cursor), limit=limit)
