"""The quick lesson: a learner's document becomes a lesson of their own, which is begun at once."""

import asyncio
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.authoring.material import material_of
from api.authoring.publishing import begun
from api.authoring.repository import SourceRepository
from api.authoring.schemas import AttemptBegun
from api.authoring.template_files import document_template
from api.authoring.templates import TooLittleTextError, Wanted, lesson_from_document
from api.authoring.wishes import objectives_for
from api.contract.lessons import Area, TaskKind
from api.contract.levels import Level
from api.curriculum import service as curriculum
from api.curriculum.attempts import service as attempts
from api.errors import InvalidError
from api.identity.auth import Principal
from api.knowledge import reading


async def from_document(session: AsyncSession, person: Principal, document_id: UUID) -> AttemptBegun:
    """Make a lesson of a document that the learner may see and begin it; one that they have is begun anew.

    The lesson is theirs alone, and in its calls only this document is looked into.

    Raises:
        NotFoundError: There is no such document for them.
        ConflictError: It is not read yet (`document_not_ready`), or they have as many lessons as a learner
            may have (`too_many_lessons`).
        InvalidError: There is too little text in it to talk about (`too_little_text`).
    """
    text = await reading.text_of(session, person, document_id)
    level = Level(person.user.level)
    sources = SourceRepository(session)
    lesson_id = await sources.quick_lesson(person.user.id, document_id, level)
    if lesson_id is None:
        lesson_id = await _make(session, person, level, document_id, text)
    return begun(await attempts.start(session, person, lesson_id, restart=True))


async def _make(
    session: AsyncSession, person: Principal, level: Level, document_id: UUID, text: reading.DocumentText
) -> UUID:
    material = await asyncio.to_thread(material_of, text.title, text.pieces)
    preferred = document_template().objectives.get(level, ())
    wanted = Wanted(
        level=level,
        task=TaskKind.EXPLAIN,
        topic=material.title or "your text",
        area=Area.STUDY,
        objectives=await objectives_for(session, level, preferred),
        material=material,
    )
    try:
        content = lesson_from_document(wanted)
    except TooLittleTextError:
        raise InvalidError("There is too little text in it to talk about.", code="too_little_text") from None
    work = await curriculum.create_draft(session, person, content, personal=True)
    lesson_id = work.lesson.id
    await curriculum.publish(session, person, lesson_id, 1)
    await SourceRepository(session).put(person.organisation_id, lesson_id, [document_id])
    return lesson_id
