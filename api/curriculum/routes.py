"""Routes under /api/v1: objectives, lessons, scenarios, school/lessons, and lessons under review/learners."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Path, Query, Response

from api.audit.service import CurrentWitness
from api.contract.lessons import Area, LessonKind, Skill, TaskKind
from api.contract.levels import Level
from api.curriculum import catalogue, objectives, packs, recommendation
from api.curriculum.attempts import presenting
from api.curriculum.attempts import service as attempts
from api.curriculum.attempts.schemas import (
    AttemptDetail,
    AttemptPage,
    CurrentLesson,
    LessonTaken,
    StartLesson,
)
from api.curriculum.attempts.service import Taken
from api.curriculum.repository import Asked
from api.curriculum.schemas import (
    LessonDetail,
    LessonFacets,
    LessonPack,
    LessonPage,
    ObjectiveEvidence,
    ObjectiveList,
    PackImport,
    PackImported,
    Recommendations,
    ScenarioPage,
)
from api.database import Session
from api.errors import NotFoundError
from api.identity.auth import CurrentPrincipal, Principal, RequireRole
from api.identity.models import MemberRole
from api.pages import Cursor, Mark, decode_cursor, encode_cursor
from api.text import PlainText
from prompts.curriculum import picture

objectives_router = APIRouter(prefix="/objectives", tags=["curriculum"])
router = APIRouter(prefix="/lessons", tags=["curriculum"])
scenarios_router = APIRouter(prefix="/scenarios", tags=["curriculum"])
learners_router = APIRouter(prefix="/review/learners", tags=["curriculum"])
school_router = APIRouter(prefix="/school/lessons", tags=["curriculum"])

Teacher = Annotated[Principal, Depends(RequireRole(MemberRole.INSTRUCTOR, MemberRole.ADMIN))]
Limit = Annotated[int, Query(ge=1, le=100)]
Name = Annotated[str, Path(max_length=64, pattern=r"^[a-z0-9-]+$")]
DRAWING_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "private, max-age=86400",
}
"""An SVG opened by itself runs nothing and loads nothing."""


async def asked(  # noqa: PLR0917 - FastAPI passes each by name
    level: Level | None = None,
    topic: Annotated[PlainText | None, Query(max_length=400)] = None,
    area: Area | None = None,
    task: TaskKind | None = None,
    kind: LessonKind | None = None,
    objective: Annotated[PlainText | None, Query(max_length=64)] = None,
    q: Annotated[PlainText | None, Query(max_length=200, description="Words to look for.")] = None,
) -> Asked:
    """The filter in an address."""
    return Asked(
        level=level, topic=topic, area=area, task=task, kind=kind, objective=objective, words=q or None
    )


Filter = Annotated[Asked, Depends(asked)]


@objectives_router.get("", response_model=ObjectiveList)
async def list_objectives(
    person: CurrentPrincipal, session: Session, level: Level | None = None, skill: Skill | None = None
) -> ObjectiveList:
    """What learners can do after the lessons, by level and skill, with the learner's mastery of each."""
    return await objectives.list_objectives(session, person, level, skill)


@objectives_router.get("/{objective_key}", response_model=ObjectiveEvidence)
async def read_objective(
    objective_key: Annotated[str, Path(max_length=64)], person: CurrentPrincipal, session: Session
) -> ObjectiveEvidence:
    """An objective, and each thing that the learner's mastery of it rests on."""
    return await objectives.read_evidence(session, person, objective_key)


@router.get("", response_model=LessonPage)
async def list_lessons(
    person: CurrentPrincipal, session: Session, wanted: Filter, cursor: Cursor = None, limit: Limit = 40
) -> LessonPage:
    """The lessons that the learner is offered, by level, with where they stand with each."""
    after = decode_cursor(cursor)
    return await catalogue.list_lessons(session, person, wanted, after=after, limit=limit)


@router.get("/facets", response_model=LessonFacets)
async def read_facets(person: CurrentPrincipal, session: Session) -> LessonFacets:
    """What lessons can be filtered by."""
    return await catalogue.facets(session, person)


@router.get("/recommended", response_model=Recommendations)
async def recommended(
    person: CurrentPrincipal, session: Session, limit: Annotated[int, Query(ge=1, le=20)] = 4
) -> Recommendations:
    """Lessons to take next, each with the rule that speaks for it."""
    return await recommendation.recommend(session, person, limit)


@router.get("/current", response_model=CurrentLesson)
async def read_current(person: CurrentPrincipal, session: Session) -> CurrentLesson:
    """The lesson of the learner's next call."""
    found = await attempts.current(session, person)
    return CurrentLesson(attempt=presenting.shown(found.attempt, found.version) if found else None)


@router.get("/attempts", response_model=AttemptPage)
async def list_attempts(
    person: CurrentPrincipal, session: Session, cursor: Cursor = None, limit: Limit = 20
) -> AttemptPage:
    """The learner's attempts, newest first."""
    return _page(*await attempts.list_own(session, person, after=decode_cursor(cursor), limit=limit))


@router.get("/attempts/{attempt_id}", response_model=AttemptDetail)
async def read_attempt(attempt_id: UUID, person: CurrentPrincipal, session: Session) -> AttemptDetail:
    """One of the learner's attempts: steps, criteria met, calls, and how the coach's help changed."""
    return await presenting.in_detail(session, await attempts.read(session, person, attempt_id))


@router.post("/attempts/{attempt_id}/leave", response_model=LessonTaken)
async def leave_attempt(attempt_id: UUID, person: CurrentPrincipal, session: Session) -> LessonTaken:
    """Back to free talk, from the next call on; the attempt can be taken up again."""
    return presenting.taken(await attempts.leave(session, person, attempt_id))


@router.get(
    "/pictures/{picture_name}",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {}}, "description": "The picture."}},
)
async def read_picture(picture_name: Name, _person: CurrentPrincipal) -> Response:
    """A picture that lessons show, as SVG."""
    drawing = picture(picture_name)
    if drawing is None:
        raise NotFoundError
    return Response(drawing, media_type="image/svg+xml", headers=DRAWING_HEADERS)


@router.get("/{lesson_id}", response_model=LessonDetail)
async def read_lesson(lesson_id: UUID, person: CurrentPrincipal, session: Session) -> LessonDetail:
    """A lesson: goal, objectives, steps with their criteria, phrases, vocabulary, and the last attempt."""
    return await catalogue.read_lesson(session, person, lesson_id)


@router.post("/{lesson_id}/start", response_model=LessonTaken)
async def start_lesson(
    lesson_id: UUID,
    person: CurrentPrincipal,
    session: Session,
    data: Annotated[StartLesson | None, Body()] = None,
) -> LessonTaken:
    """Begin a lesson or take it up again: it is the plan of the learner's next call."""
    restart = data is not None and data.restart
    return presenting.taken(await attempts.start(session, person, lesson_id, restart=restart))


@scenarios_router.get("", response_model=ScenarioPage)
async def list_scenarios(
    person: CurrentPrincipal, session: Session, wanted: Filter, cursor: Cursor = None, limit: Limit = 20
) -> ScenarioPage:
    """Speaking tasks as templates, for lessons and mock exams: their parts, timing, alone or in a pair."""
    after = decode_cursor(cursor)
    return await catalogue.list_scenarios(session, person, wanted, after=after, limit=limit)


@learners_router.get("/{learner_id}/lessons", response_model=AttemptPage)
async def list_learner_attempts(  # noqa: PLR0917 - FastAPI passes each by name
    learner_id: UUID,
    person: Teacher,
    session: Session,
    witness: CurrentWitness,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> AttemptPage:
    """A learner's attempts, newest first, for who looks after them; noted in the audit log."""
    after = decode_cursor(cursor)
    await objectives.note_seen(session, person, witness, learner_id)
    return _page(*await attempts.list_of(session, person, learner_id, after=after, limit=limit))


@learners_router.get("/{learner_id}/objectives", response_model=ObjectiveList)
async def list_learner_objectives(
    learner_id: UUID, person: Teacher, session: Session, witness: CurrentWitness
) -> ObjectiveList:
    """A learner's mastery by objective, for who looks after them; noted in the audit log."""
    return await objectives.list_of_learner(session, person, witness, learner_id)


def _page(found: list[Taken], mark: Mark | None) -> AttemptPage:
    return AttemptPage(
        items=[presenting.shown(one.attempt, one.version) for one in found],
        next_cursor=encode_cursor(mark) if mark else None,
    )


@school_router.get("/pack", response_model=LessonPack)
async def export_pack(
    person: Teacher, session: Session, lesson: Annotated[list[UUID] | None, Query(max_length=100)] = None
) -> LessonPack:
    """The organisation's own published lessons as a pack, or those of them that are named."""
    return await packs.export(session, person, lesson or [])


@school_router.post("/pack", status_code=201, response_model=PackImported)
async def import_pack(pack: PackImport, person: Teacher, session: Session) -> PackImported:
    """Take a pack in: its lessons become drafts of the organisation, or are published at once."""
    return await packs.take_in(session, person, pack)
