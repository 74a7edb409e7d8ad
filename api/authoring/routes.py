"""Routes under /api/v1/authoring for those who write lessons, and the learner's quick lesson."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from api.authoring import drafts, publishing, quick, suggesting
from api.authoring.schemas import (
    AssignedOut,
    AttemptBegun,
    CheckOut,
    ContentCheck,
    Decision,
    DraftOut,
    DraftSave,
    FromDocument,
    LessonAssignment,
    LessonDocuments,
    LessonWish,
    SavedOut,
    Seen,
    SuggestionOut,
    SuggestionWish,
    VersionDetail,
    VersionList,
    WrittenLessonPage,
)
from api.database import Session
from api.identity.auth import CurrentPrincipal, Principal, RequireRole
from api.identity.models import MemberRole
from api.pages import Cursor, decode_cursor

router = APIRouter(prefix="/authoring", tags=["authoring"])
quick_router = APIRouter(prefix="/lessons", tags=["authoring"])

require_author = RequireRole(MemberRole.INSTRUCTOR, MemberRole.ADMIN)
Author = Annotated[Principal, Depends(require_author)]
Limit = Annotated[int, Query(ge=1, le=100)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/lessons", response_model=WrittenLessonPage)
async def list_lessons(
    person: Author, session: Session, cursor: Cursor = None, limit: Limit = 30
) -> WrittenLessonPage:
    """The organisation's lessons with their states, last made first."""
    return await drafts.list_lessons(session, person, after=decode_cursor(cursor), limit=limit)


@router.post("/lessons", status_code=201, response_model=DraftOut)
async def begin_lesson(wish: LessonWish, person: Author, session: Session) -> DraftOut:
    """Begin a lesson: a draft from the template of its kind of task."""
    return await drafts.begin(session, person, wish)


@router.post("/validate", response_model=CheckOut, dependencies=[Depends(require_author)])
async def check_lesson(data: ContentCheck, session: Session) -> CheckOut:
    """What stands against a lesson, in plain words; nothing is kept."""
    return await drafts.look_over(session, data.content)


@router.get("/lessons/{lesson_id}", response_model=DraftOut)
async def read_lesson(lesson_id: UUID, person: Author, session: Session) -> DraftOut:
    """A lesson to go on writing, with what stands against it."""
    return await drafts.read(session, person, lesson_id)


@router.put("/lessons/{lesson_id}", response_model=SavedOut)
async def save_lesson(lesson_id: UUID, data: DraftSave, person: Author, session: Session) -> SavedOut:
    """Keep what was written, whole or not; 409 `changed_meanwhile` holds how it stands and what differs."""
    return await drafts.save(session, person, lesson_id, data)


@router.delete("/lessons/{lesson_id}", status_code=204, response_class=Response)
async def delete_lesson(lesson_id: UUID, person: Author, session: Session) -> Response:
    """Delete a lesson; what learners did in it stays."""
    await publishing.delete(session, person, lesson_id)
    return Response(status_code=204)


@router.put("/lessons/{lesson_id}/documents", status_code=204, response_class=Response)
async def put_documents(lesson_id: UUID, data: LessonDocuments, person: Author, session: Session) -> Response:
    """Say which documents a lesson is made from; its calls look into those alone."""
    await suggesting.require_documents(session, person, data.document_ids)
    await drafts.put_documents(session, person, lesson_id, data.document_ids)
    return Response(status_code=204)


@router.post("/lessons/{lesson_id}/duplicate", status_code=201, response_model=DraftOut)
async def duplicate_lesson(lesson_id: UUID, person: Author, session: Session) -> DraftOut:
    """Begin a lesson with what another one holds, such as one that comes with the installation."""
    return await drafts.duplicate(session, person, lesson_id)


@router.post("/lessons/{lesson_id}/preview", status_code=201, response_model=AttemptBegun)
async def preview_lesson(lesson_id: UUID, person: Author, session: Session) -> AttemptBegun:
    """Talk to the lesson as it stands, in one's own next call; nothing of it counts."""
    return await publishing.preview(session, person, lesson_id)


@router.post("/lessons/{lesson_id}/publish", response_model=DraftOut)
async def publish_lesson(lesson_id: UUID, data: Decision, person: Author, session: Session) -> DraftOut:
    """Offer the draft to learners from now on."""
    return await publishing.publish(session, person, lesson_id, data.version)


@router.post("/lessons/{lesson_id}/archive", response_model=DraftOut)
async def archive_lesson(lesson_id: UUID, person: Author, session: Session) -> DraftOut:
    """Offer a lesson no more; learners who are in the middle come to its end."""
    return await publishing.archive(session, person, lesson_id)


@router.delete("/lessons/{lesson_id}/draft", response_model=DraftOut)
async def discard_draft(
    lesson_id: UUID, version: Annotated[Seen, Query()], person: Author, session: Session
) -> DraftOut:
    """Throw the draft away and go back to what is offered."""
    return await publishing.discard(session, person, lesson_id, version)


@router.get("/lessons/{lesson_id}/versions", response_model=VersionList)
async def list_versions(lesson_id: UUID, person: Author, session: Session) -> VersionList:
    """All versions of a lesson, newest first."""
    return await publishing.list_versions(session, person, lesson_id)


@router.get("/lessons/{lesson_id}/versions/{number}", response_model=VersionDetail)
async def read_version(lesson_id: UUID, number: Number, person: Author, session: Session) -> VersionDetail:
    """A version with what it changed."""
    return await publishing.read_version(session, person, lesson_id, number)


@router.post("/lessons/{lesson_id}/versions/{number}/revert", response_model=DraftOut)
async def revert_lesson(
    lesson_id: UUID, number: Number, data: Decision, person: Author, session: Session
) -> DraftOut:
    """Make an older version the draft again."""
    return await publishing.revert(session, person, lesson_id, number, data.version)


@router.post("/lessons/{lesson_id}/assignments", status_code=201, response_model=AssignedOut)
async def assign_lesson(
    lesson_id: UUID, data: LessonAssignment, person: Author, session: Session
) -> AssignedOut:
    """Give a lesson to a learner or to everybody in a program, by a day if need be."""
    return await publishing.assign(session, person, lesson_id, data)


@router.post("/suggest", status_code=202, response_model=SuggestionOut)
async def suggest(wish: SuggestionWish, person: Author, session: Session) -> SuggestionOut:
    """Have a lesson drafted; it is never published by itself."""
    return await suggesting.ask(session, person, wish)


@router.get("/suggestions/{suggestion_id}", response_model=SuggestionOut)
async def read_suggestion(suggestion_id: UUID, person: Author, session: Session) -> SuggestionOut:
    """How far a suggestion is."""
    return await suggesting.read(session, person, suggestion_id)


@quick_router.post("/from-document", status_code=201, response_model=AttemptBegun)
async def make_quick_lesson(data: FromDocument, person: CurrentPrincipal, session: Session) -> AttemptBegun:
    """Make a lesson of a document for oneself, and begin it: it is the plan of the next call."""
    return await quick.from_document(session, person, data.document_id)
