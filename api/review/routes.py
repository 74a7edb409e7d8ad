"""Routes under /api/v1/review for those who look after learners, and under /api/v1/users/me for learners."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.assignments import service as assignments
from api.audit.models import AuditAction
from api.audit.service import CurrentWitness
from api.calls.schemas import TurnPage
from api.database import Session
from api.identity.auth import CurrentPrincipal, Principal, RequireRole
from api.identity.models import MemberRole
from api.pages import Cursor, decode_cursor
from api.practice import service as practice
from api.review import service, writing
from api.review.exports import MEDIA_TYPES, WRITERS, Format, Transcript
from api.review.pdf import as_pdf
from api.review.schemas import (
    BookmarkOut,
    BookmarkPage,
    CallReview,
    CommentChange,
    CommentOut,
    CommentThread,
    FlagChange,
    FlagOut,
    MarkRead,
    MyCommentPage,
    NewAnswer,
    NewBookmark,
    NewComment,
    NewFlag,
    News,
    ReviewedCallPage,
)
from api.review.service import Reading

router = APIRouter(prefix="/review", tags=["review"])
learner_router = APIRouter(prefix="/users/me", tags=["review"])

Teacher = Annotated[Principal, Depends(RequireRole(MemberRole.INSTRUCTOR, MemberRole.ADMIN))]
ReadVersion = Annotated[int, Query(ge=1, le=2**31 - 1, description="The version that was read.")]
Limit = Annotated[int, Query(ge=1, le=100)]
TranscriptFormat = Annotated[Format, Query(alias="format")]


async def reading(session: Session, person: Teacher, witness: CurrentWitness) -> Reading:
    """Who reads, and that it is noted."""
    return Reading(session, person, witness)


CurrentReading = Annotated[Reading, Depends(reading)]


@router.get("/learners/{learner_id}/calls", response_model=ReviewedCallPage)
async def list_calls(
    learner_id: UUID, person: Teacher, session: Session, cursor: Cursor = None, limit: Limit = 20
) -> ReviewedCallPage:
    """A learner's calls, newest first, with how much was written about each."""
    return await service.list_calls(session, person, learner_id, after=decode_cursor(cursor), limit=limit)


@router.get("/calls/{call_id}", response_model=CallReview)
async def read_call(call_id: UUID, reading: CurrentReading) -> CallReview:
    """A call with its comments, flags and the reader's bookmarks; noted in the audit log."""
    return await service.read_call(reading, call_id)


@router.get("/calls/{call_id}/turns", response_model=TurnPage)
async def list_turns(
    call_id: UUID,
    reading: CurrentReading,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 200,
) -> TurnPage:
    """The transcript of a call, in order; noted in the audit log."""
    return await service.list_turns(reading, call_id, after=decode_cursor(cursor), limit=limit)


@router.get(
    "/calls/{call_id}/transcript",
    response_class=Response,
    responses={200: {"content": {kind: {} for kind in MEDIA_TYPES.values()}}},
)
async def export_transcript(
    call_id: UUID, reading: CurrentReading, request: Request, form: TranscriptFormat = Format.TEXT
) -> Response:
    """A transcript with its comments as a file; noted in the audit log. 413 `too_long` for a PDF."""
    row = await service.visible_call(reading.session, reading.person, call_id)
    await reading.note(AuditAction.CALL_EXPORTED, call_id, row.learner_id)
    transcript = Transcript(request.app.state.database, reading.person, row)
    headers = {"Content-Disposition": f'attachment; filename="{transcript.file_name(form)}"'}
    if form is Format.PDF:
        return Response(await as_pdf(transcript), media_type=MEDIA_TYPES[form], headers=headers)
    return StreamingResponse(WRITERS[form](transcript), media_type=MEDIA_TYPES[form], headers=headers)


@router.post("/calls/{call_id}/answers/read", status_code=204, response_class=Response)
async def mark_answers_read(call_id: UUID, person: Teacher, session: Session) -> Response:
    """The learner's answers on a call were read."""
    await service.mark_answers_read(session, person, call_id)
    return Response(status_code=204)


@router.post("/calls/{call_id}/comments", status_code=201, response_model=CommentOut)
async def add_comment(call_id: UUID, data: NewComment, person: Teacher, session: Session) -> CommentOut:
    """Write to the learner: a note on the call, a comment on a turn or a part of it, an answer."""
    return await writing.comment(session, person, call_id, data)


@router.patch("/comments/{comment_id}", response_model=CommentOut)
async def change_comment(
    comment_id: UUID, change: CommentChange, person: Teacher, session: Session
) -> CommentOut:
    """Change one's own comment; 409 `changed_meanwhile` holds the present one."""
    return await writing.change_comment(session, person, comment_id, change)


@router.delete("/comments/{comment_id}", status_code=204, response_class=Response)
async def delete_comment(
    comment_id: UUID, version: ReadVersion, person: Teacher, session: Session
) -> Response:
    """Take back one's own comment, as long as nobody answered it."""
    await writing.delete_comment(session, person, comment_id, version)
    return Response(status_code=204)


@router.post("/calls/{call_id}/flags", status_code=201, response_model=FlagOut)
async def add_flag(call_id: UUID, data: NewFlag, person: Teacher, session: Session) -> FlagOut:
    """Flag a call or turn; learners do not see flags."""
    return await writing.flag(session, person, call_id, data)


@router.patch("/flags/{flag_id}", response_model=FlagOut)
async def change_flag(flag_id: UUID, change: FlagChange, person: Teacher, session: Session) -> FlagOut:
    """Change or resolve a flag; 409 `changed_meanwhile` holds the present one."""
    return await writing.change_flag(session, person, flag_id, change)


@router.delete("/flags/{flag_id}", status_code=204, response_class=Response)
async def delete_flag(flag_id: UUID, version: ReadVersion, person: Teacher, session: Session) -> Response:
    """Remove one's own flag."""
    await writing.delete_flag(session, person, flag_id, version)
    return Response(status_code=204)


@router.get("/bookmarks", response_model=BookmarkPage)
async def list_bookmarks(
    person: Teacher, session: Session, cursor: Cursor = None, limit: Limit = 50
) -> BookmarkPage:
    """One's own bookmarks, newest first."""
    return await service.list_bookmarks(session, person, after=decode_cursor(cursor), limit=limit)


@router.post("/calls/{call_id}/bookmarks", status_code=201, response_model=BookmarkOut)
async def add_bookmark(call_id: UUID, data: NewBookmark, person: Teacher, session: Session) -> BookmarkOut:
    """Mark a call or turn for oneself; nobody else sees it."""
    return await writing.bookmark(session, person, call_id, data)


@router.delete("/bookmarks/{bookmark_id}", status_code=204, response_class=Response)
async def delete_bookmark(bookmark_id: UUID, person: Teacher, session: Session) -> Response:
    """Remove one's own bookmark."""
    await writing.delete_bookmark(session, person, bookmark_id)
    return Response(status_code=204)


@learner_router.get("/news", response_model=News)
async def read_news(person: CurrentPrincipal, session: Session) -> News:
    """What waits for the learner: new comments, assignments that are not done, reviews that are due."""
    return News(
        new_comments=await service.count_new(session, person),
        open_assignments=await assignments.count_open(session, person),
        due_reviews=await practice.count_due(session, person),
    )


@learner_router.get("/comments", response_model=MyCommentPage)
async def list_received(
    person: CurrentPrincipal, session: Session, cursor: Cursor = None, limit: Limit = 20
) -> MyCommentPage:
    """What instructors wrote to the learner, newest first."""
    return await service.list_received(session, person, after=decode_cursor(cursor), limit=limit)


@learner_router.post("/comments/read", status_code=204, response_class=Response)
async def mark_read(data: MarkRead, person: CurrentPrincipal, session: Session) -> Response:
    """The comments on a call, or all, were read."""
    await service.mark_read(session, person, data.call_id)
    return Response(status_code=204)


@learner_router.get("/calls/{call_id}/comments", response_model=CommentThread)
async def read_thread(call_id: UUID, person: CurrentPrincipal, session: Session) -> CommentThread:
    """All comments and answers on one of the learner's own calls, oldest first."""
    return await service.thread_of_own_call(session, person, call_id)


@learner_router.post("/comments/{comment_id}/answers", status_code=201, response_model=CommentOut)
async def answer(comment_id: UUID, data: NewAnswer, person: CurrentPrincipal, session: Session) -> CommentOut:
    """Answer a comment."""
    return await writing.answer(session, person, comment_id, data.text)
