"""Lessons as learners see them: lists, details, scenarios."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.assignments import service as assignments
from api.contract.lessons import Area, LessonContent, LessonKind, Step, StepMode, TaskKind
from api.contract.levels import Level
from api.curriculum import content as contents
from api.curriculum import objectives
from api.curriculum.attempts import presenting
from api.curriculum.attempts import service as attempts
from api.curriculum.attempts.models import AttemptState, LessonAttempt
from api.curriculum.models import Lesson, LessonVersion
from api.curriculum.repository import Asked, LessonRepository
from api.curriculum.schemas import (
    CriterionOut,
    LessonBrief,
    LessonDetail,
    LessonFacets,
    LessonPage,
    Scenario,
    ScenarioPage,
    StepOut,
)
from api.errors import NotFoundError
from api.identity.auth import Principal
from api.pages import Mark, encode_cursor

Row = tuple[Lesson, LessonVersion]


async def list_lessons(
    session: AsyncSession, person: Principal, asked: Asked, *, after: Mark | None, limit: int
) -> LessonPage:
    """One page of the lessons that the person is offered, by level, with where they stand with each."""
    rows = await LessonRepository(session).page(person.user.id, asked, after, limit + 1)
    page = [(lesson, version) for lesson, version, _ in rows[:limit]]
    return LessonPage(
        items=await briefs(session, person, page),
        next_cursor=_cursor(rows, limit),
    )


async def facets(session: AsyncSession, person: Principal) -> LessonFacets:
    """What the person's lessons can be filtered by."""
    return LessonFacets(
        levels=list(Level),
        areas=list(Area),
        tasks=list(TaskKind),
        kinds=list(LessonKind),
        topics=await LessonRepository(session).topics(person.user.id),
    )


async def read_lesson(session: AsyncSession, person: Principal, lesson_id: UUID) -> LessonDetail:
    """A lesson in detail. One that is offered no more is shown to who has begun it, as they know it.

    Raises:
        NotFoundError: The person is offered no such lesson and has not begun it.
    """
    mine = (await attempts.latest_of(session, person.user.id, [lesson_id])).get(lesson_id, [])
    row = await LessonRepository(session).offered_to(person.user.id, lesson_id)
    if row is None:
        row = await _begun(session, mine)
    [brief] = await briefs(session, person, [row])
    content = contents.parse(row[1])
    last = await attempts.with_version(session, mine[0]) if mine else None
    return LessonDetail(
        **brief.model_dump(),
        objectives=await objectives.named(session, person, content.objectives),
        phrases=content.phrases,
        vocabulary=content.vocabulary,
        visuals=content.visuals,
        lesson_steps=[_step(step, content) for step in content.steps],
        attempt=presenting.shown(*last) if last else None,
    )


async def list_scenarios(
    session: AsyncSession, person: Principal, asked: Asked, *, after: Mark | None, limit: int
) -> ScenarioPage:
    """One page of the speaking tasks of the lessons that the person is offered."""
    repository = LessonRepository(session)
    rows = await repository.page(person.user.id, asked, after, limit + 1, whole=True)
    return ScenarioPage(
        items=[_scenario(lesson, version) for lesson, version, _ in rows[:limit]],
        next_cursor=_cursor(rows, limit),
    )


@dataclass(frozen=True)
class Offered:
    """A lesson that a learner is offered."""

    id: UUID
    level: Level
    task: TaskKind


async def offered_to(session: AsyncSession, learner_id: UUID) -> list[Offered]:
    """Every lesson that a learner is offered in the organisation that is acted for."""
    rows = await LessonRepository(session).all_offered(learner_id)
    return [Offered(lesson.id, Level(version.level), TaskKind(version.task)) for lesson, version in rows]


async def briefs(session: AsyncSession, person: Principal, rows: Sequence[Row]) -> list[LessonBrief]:
    """Lessons as a list shows them, with where the person stands with each."""
    keys = [lesson.id for lesson, _ in rows]
    mine = await attempts.latest_of(session, person.user.id, keys)
    asked_for = await assignments.assigned_lessons(session, person)
    return [
        _brief(lesson, version, mine.get(lesson.id, [])).model_copy(
            update={"assigned": lesson.id in asked_for, "due_on": asked_for.get(lesson.id)}
        )
        for lesson, version in rows
    ]


async def _begun(session: AsyncSession, mine: list[LessonAttempt]) -> Row:
    """A lesson that is offered no more, in the version that the learner began last."""
    lesson = await LessonRepository(session).known(mine[0].lesson_id) if mine else None
    if lesson is None:
        raise NotFoundError
    return lesson, (await attempts.with_version(session, mine[0]))[1]


def _brief(lesson: Lesson, version: LessonVersion, mine: list[LessonAttempt]) -> LessonBrief:
    last = mine[0] if mine else None
    completed = any(one.state == AttemptState.COMPLETED for one in mine)
    return LessonBrief(
        id=lesson.id,
        key=lesson.key,
        version=version.number,
        title=version.title,
        topic=version.topic,
        goal=version.goal,
        level=Level(version.level),
        area=Area(version.area),
        task=TaskKind(version.task),
        kind=LessonKind(version.kind),
        minutes=version.minutes,
        exam_tags=version.exam_tags,
        origin=_origin(lesson),
        state=presenting.state_of(last, completed=completed),
        steps=version.step_count,
        steps_done=last.step if last else 0,
        assigned=False,
        due_on=None,
    )


def _origin(lesson: Lesson) -> Literal["installation", "organisation", "own"]:
    if lesson.organisation_id is None:
        return "installation"
    return "organisation" if lesson.learner_id is None else "own"


def _step(step: Step, content: LessonContent) -> StepOut:
    return StepOut(
        key=step.key,
        kind=step.kind,
        title=step.title,
        instructions=step.instructions,
        mode=step.mode,
        seconds=step.seconds,
        coach_role=step.coach_role,
        learner_role=step.learner_role,
        visual=step.visual,
        criteria=[
            CriterionOut(key=one.key, says=one.says, objective=one.objective or content.objectives[0])
            for one in step.criteria
        ],
    )


def _scenario(lesson: Lesson, version: LessonVersion) -> Scenario:
    content = contents.parse(version)
    return Scenario(
        lesson_id=lesson.id,
        title=content.title,
        level=content.level,
        task=content.task,
        kind=content.kind,
        seconds=sum(step.seconds for step in content.steps),
        pair=any(step.mode is StepMode.PAIR for step in content.steps),
        exam_tags=content.exam_tags,
        steps=[_step(step, content) for step in content.steps],
    )


def _cursor(rows: list[tuple[Lesson, LessonVersion, int]], limit: int) -> str | None:
    if len(rows) <= limit:
        return None
    last, _, rank = rows[limit - 1]
    return encode_cursor(Mark(rank, last.created_at, last.id))
