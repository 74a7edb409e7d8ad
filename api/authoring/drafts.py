"""Lessons as those who write them see them: listed, begun, read, saved, looked over.

All instructors and administrators of an organisation write its lessons together, whatever programs they
teach: a lesson belongs to the school, and only who learns with it is a program's matter. Nobody's work is
written over: a save names the version that was read, and is refused with what has changed since.

What is saved while it is no whole lesson stands beside the lesson's draft until it is one.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.authoring.checking import Problem, check, has_errors, is_readable
from api.authoring.history import changes
from api.authoring.models import UnfinishedDraft
from api.authoring.repository import DraftRepository, SourceRepository
from api.authoring.schemas import (
    ChangeOut,
    CheckOut,
    DraftOut,
    DraftSave,
    LessonWish,
    OfferedOut,
    ProblemOut,
    SavedOut,
    WrittenLesson,
    WrittenLessonPage,
)
from api.authoring.templates import lesson_from_template
from api.authoring.wishes import known, wanted_of
from api.contract.lessons import Area, LessonContent, LessonKind, TaskKind
from api.contract.levels import Level
from api.curriculum import content as contents
from api.curriculum import service as curriculum
from api.curriculum.content import MOST_BYTES
from api.curriculum.models import LessonVersion
from api.curriculum.service import Work
from api.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from api.identity.auth import Principal
from api.pages import Mark, encode_cursor


@dataclass(frozen=True)
class Desk:
    """A lesson with what is unfinished of it."""

    work: Work
    unfinished: UnfinishedDraft | None

    @property
    def version(self) -> str:
        """What a save must name, so that it writes over nothing unseen."""
        draft = self.work.draft.revision if self.work.draft else 0
        return f"{draft}+{self.unfinished.revision}" if self.unfinished else str(draft)

    @property
    def base(self) -> LessonVersion:
        """The version that is being changed: the draft, else what is or was offered."""
        found = self.work.draft or self.work.published or self.work.archived
        if found is None:
            raise NotFoundError
        return found

    @property
    def content(self) -> dict[str, Any]:
        """What was written last."""
        return self.unfinished.content if self.unfinished else self.base.content

    @property
    def changed_at(self) -> datetime:
        """When it was last written."""
        return self.unfinished.updated_at if self.unfinished else self.base.updated_at


async def list_lessons(
    session: AsyncSession, person: Principal, *, after: Mark | None, limit: int
) -> WrittenLessonPage:
    """One page of the organisation's lessons, last made first.

    Raises:
        ForbiddenError: A learner asks (`authors_only`).
    """
    works, mark = await curriculum.list_work(session, person, after=after, limit=limit)
    repository = DraftRepository(session)
    unfinished = await repository.of_lessons([work.lesson.id for work in works])
    names = await repository.names([one.lesson.author_id for one in works if one.lesson.author_id])
    desks = [Desk(work, unfinished.get(work.lesson.id)) for work in works]
    return WrittenLessonPage(
        items=[_listed(desk, names) for desk in desks], next_cursor=encode_cursor(mark) if mark else None
    )


async def begin(session: AsyncSession, person: Principal, wish: LessonWish) -> DraftOut:
    """Begin a lesson with a draft from the template of its kind of task.

    Raises:
        ForbiddenError: A learner asks (`authors_only`).
        ConflictError: There are as many lessons as there may be (`too_many_lessons`).
        InvalidError: An objective does not exist (`unknown_objective`).
    """
    wanted = await wanted_of(session, wish)
    work = await curriculum.create_draft(session, person, lesson_from_template(wanted))
    return await shown(session, Desk(work, None))


async def duplicate(session: AsyncSession, person: Principal, lesson_id: UUID) -> DraftOut:
    """Begin a lesson with what another one holds: one of the school's, draft or not, or the installation's.

    Raises:
        NotFoundError: There is no such lesson for them.
        ForbiddenError, ConflictError: As `begin`.
    """
    try:
        desk = await desk_of(session, person, lesson_id)
    except ForbiddenError as error:
        if error.code != "not_yours":
            raise
        return await shown(session, Desk(await curriculum.copy(session, person, lesson_id), None))
    content = contents.parse(desk.base)
    copied = content.model_copy(update={"title": f"{content.title[:110]} (copy)"})
    work = await curriculum.create_draft(session, person, copied)
    documents = SourceRepository(session)
    await documents.put(person.organisation_id, work.lesson.id, await documents.of_lesson(lesson_id))
    return await shown(session, Desk(work, None))


async def read(session: AsyncSession, person: Principal, lesson_id: UUID) -> DraftOut:
    """A lesson to go on writing.

    Raises:
        NotFoundError: There is no such lesson.
        ForbiddenError: It is not the person's to change.
    """
    return await shown(session, await desk_of(session, person, lesson_id))


async def save(session: AsyncSession, person: Principal, lesson_id: UUID, data: DraftSave) -> SavedOut:
    """Keep what was written, whole or not.

    Raises:
        NotFoundError: There is no such lesson.
        ForbiddenError: It is not the person's to change.
        ConflictError: It was saved by somebody else since it was read (`changed_meanwhile`, with how it
            stands now and what differs).
        InvalidError: It is no lesson in the making at all (`unreadable_lesson`), or too large.
    """
    desk = await held_desk(session, person, lesson_id)
    _require_readable(data.content)
    await require_seen(session, desk, data.version, data.content)
    problems = check(data.content, await known(session))
    if has_errors(problems):
        desk = await _keep_unfinished(session, person, desk, data.content)
    else:
        desk = await _keep_whole(session, person, desk, LessonContent.model_validate(data.content))
    return SavedOut(
        version=desk.version,
        problems=problems_out(problems),
        usable=not has_errors(problems),
        changed_at=desk.changed_at,
    )


async def look_over(session: AsyncSession, content: dict[str, Any]) -> CheckOut:
    """What stands against a lesson; nothing is kept.

    Raises:
        InvalidError: It is no lesson in the making at all (`unreadable_lesson`), or too large.
    """
    _require_readable(content)
    problems = check(content, await known(session))
    return CheckOut(problems=problems_out(problems), usable=not has_errors(problems))


async def put_documents(
    session: AsyncSession, person: Principal, lesson_id: UUID, document_ids: Sequence[UUID]
) -> None:
    """Say which documents a lesson is made from; its calls look into those alone.

    The caller has found the documents to be the person's to see.

    Raises:
        NotFoundError: There is no such lesson.
        ForbiddenError: It is not the person's to change.
    """
    await held_desk(session, person, lesson_id)
    sources = SourceRepository(session)
    await sources.remove_others(lesson_id, document_ids)
    await sources.put(person.organisation_id, lesson_id, document_ids)


async def desk_of(session: AsyncSession, person: Principal, lesson_id: UUID) -> Desk:
    """A lesson of the person's with what is unfinished of it.

    Raises:
        NotFoundError: There is no such lesson.
        ForbiddenError: It is not the person's to change.
    """
    work = await curriculum.read_work(session, person, lesson_id)
    return Desk(work, await DraftRepository(session).get(lesson_id))


async def held_desk(session: AsyncSession, person: Principal, lesson_id: UUID) -> Desk:
    """The same, held until the request ends."""
    await curriculum.read_work(session, person, lesson_id)
    await DraftRepository(session).hold_lesson(lesson_id)
    return await desk_of(session, person, lesson_id)


async def require_seen(
    session: AsyncSession, desk: Desk, version: str, content: dict[str, Any] | None = None
) -> None:
    """Refuse to decide over, or write over, what was saved since it was read.

    Raises:
        ConflictError: It was (`changed_meanwhile`).
    """
    if version == desk.version:
        return
    saved_by = desk.unfinished.author_id if desk.unfinished else None
    names = await DraftRepository(session).names([saved_by] if saved_by else [])
    present = {
        "version": desk.version,
        "content": desk.content,
        "saved_by": next(iter(names.values()), ""),
        "changed_at": desk.changed_at.isoformat(),
    }
    differs = changes(desk.content, content) if content is not None else []
    raise ConflictError(
        "Somebody else has saved this lesson since you read it. Look at it as it is now, then decide.",
        code="changed_meanwhile",
        details=[
            {
                "present": present,
                "changes": [ChangeOut(**vars(one)).model_dump(mode="json") for one in differs],
            }
        ],
    )


def require_usable(problems: Sequence[Problem]) -> None:
    """Refuse to try or publish what is no whole lesson.

    Raises:
        InvalidError: It has errors (`lesson_unfinished`, with each).
    """
    if has_errors(problems):
        raise InvalidError(
            "This lesson is not finished yet.",
            code="lesson_unfinished",
            details=[one.model_dump(mode="json") for one in problems_out(problems)],
        )


async def _keep_unfinished(
    session: AsyncSession, person: Principal, desk: Desk, content: dict[str, Any]
) -> Desk:
    if desk.unfinished is None:
        draft = UnfinishedDraft(
            organisation_id=person.organisation_id,
            lesson_id=desk.work.lesson.id,
            author_id=person.user.id,
            content=content,
            revision=1,
        )
        await DraftRepository(session).add(draft)
        return Desk(desk.work, draft)
    desk.unfinished.content = content
    desk.unfinished.author_id = person.user.id
    desk.unfinished.revision += 1
    await session.flush()
    return desk


async def _keep_whole(session: AsyncSession, person: Principal, desk: Desk, content: LessonContent) -> Desk:
    if desk.unfinished is not None:
        await DraftRepository(session).delete(desk.unfinished)
    draft = desk.work.draft
    work = await curriculum.save_draft(
        session, person, desk.work.lesson.id, content, revision=draft.revision if draft else None
    )
    return Desk(work, None)


def _require_readable(content: dict[str, Any]) -> None:
    written = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    if len(written) > MOST_BYTES:
        raise InvalidError("This lesson is too large.", code="lesson_too_large")
    if not is_readable(content):
        raise InvalidError("This is no lesson in the making.", code="unreadable_lesson")


async def shown(session: AsyncSession, desk: Desk) -> DraftOut:
    problems = check(desk.content, await known(session))
    return DraftOut(
        lesson_id=desk.work.lesson.id,
        version=desk.version,
        content=desk.content,
        problems=problems_out(problems),
        usable=not has_errors(problems),
        has_draft=desk.work.draft is not None or desk.unfinished is not None,
        offered=_offered(desk.work),
        document_ids=await SourceRepository(session).of_lesson(desk.work.lesson.id),
        changed_at=desk.changed_at,
    )


def _listed(desk: Desk, names: dict[UUID, str]) -> WrittenLesson:
    base, author_id = desk.base, desk.work.lesson.author_id
    return WrittenLesson(
        id=desk.work.lesson.id,
        title=base.title,
        level=Level(base.level),
        task=TaskKind(base.task),
        area=Area(base.area),
        kind=LessonKind(base.kind),
        minutes=base.minutes,
        has_draft=desk.work.draft is not None or desk.unfinished is not None,
        is_unfinished=desk.unfinished is not None,
        offered=_offered(desk.work),
        author_name=names.get(author_id, "") if author_id else "",
        changed_at=desk.changed_at,
    )


def _offered(work: Work) -> OfferedOut | None:
    if work.published is None:
        return None
    return OfferedOut(number=work.published.number, published_at=work.published.published_at)


def problems_out(problems: Sequence[Problem]) -> list[ProblemOut]:
    return [ProblemOut(**vars(one)) for one in problems]
