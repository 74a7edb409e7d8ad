"""Objectives, with the lessons that serve them and what a learner has shown of them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.audit.service import Witness
from api.contract.lessons import Skill
from api.contract.levels import Level
from api.curriculum.attempts import mastery
from api.curriculum.attempts import service as attempts
from api.curriculum.attempts.models import EvidenceSource, Mastery, MasteryEvidence
from api.curriculum.attempts.service import Taken
from api.curriculum.models import Objective
from api.curriculum.repository import LessonRepository, ObjectiveRepository
from api.curriculum.schemas import EvidenceOut, MasteryOut, ObjectiveEvidence, ObjectiveList, ObjectiveOut
from api.errors import NotFoundError
from api.identity.auth import Principal
from api.organisations import access


async def list_objectives(
    session: AsyncSession, person: Principal, level: Level | None = None, skill: Skill | None = None
) -> ObjectiveList:
    """All objectives, or those of a level or skill, with the person's mastery of each."""
    found = await _all(session, person.organisation_id, person.user.id)
    wanted = [one for one in found if level in {None, one.level} and skill in {None, one.skill}]
    return ObjectiveList(items=wanted)


async def catalogue(session: AsyncSession) -> list[Objective]:
    """All objectives, in order, for those who write lessons."""
    return await ObjectiveRepository(session).all()


async def named(session: AsyncSession, person: Principal, keys: Sequence[str]) -> list[ObjectiveOut]:
    """The objectives of these keys, in this order."""
    found = {one.key: one for one in await _all(session, person.organisation_id, person.user.id)}
    return [found[key] for key in keys if key in found]


async def read_evidence(session: AsyncSession, person: Principal, key: str) -> ObjectiveEvidence:
    """An objective with what the person's mastery of it rests on.

    Raises:
        NotFoundError: There is no such objective.
    """
    found = await named(session, person, [key])
    if not found:
        raise NotFoundError
    pieces = await mastery.evidence_for(session, person.organisation_id, person.user.id, key)
    known = await attempts.by_id(
        session, person, {piece.reference for piece in pieces if piece.source == EvidenceSource.LESSON}
    )
    return ObjectiveEvidence(
        objective=found[0], evidence=[_piece(piece, known.get(piece.reference)) for piece in pieces]
    )


async def list_of_learner(
    session: AsyncSession, person: Principal, witness: Witness, learner_id: UUID
) -> ObjectiveList:
    """All objectives with a learner's mastery of each, for who looks after them; noted in the audit log.

    Raises:
        NotFoundError: The learner is not theirs to see.
    """
    await note_seen(session, person, witness, learner_id)
    return ObjectiveList(items=await _all(session, person.organisation_id, learner_id))


async def note_seen(session: AsyncSession, person: Principal, witness: Witness, learner_id: UUID) -> None:
    """Admit only who may look at this learner, and note that they do.

    Raises:
        NotFoundError: The learner is not theirs to see.
    """
    await access.require_visible(session, person, learner_id)
    await witness.note(
        person, AuditAction.LEARNER_SEEN, subject=Subject("user", learner_id), learner_id=learner_id
    )


async def _all(session: AsyncSession, organisation_id: UUID, learner_id: UUID) -> list[ObjectiveOut]:
    lessons: dict[str, list[UUID]] = {}
    for key, lesson_id in await LessonRepository(session).lessons_by_objective(learner_id):
        lessons.setdefault(key, []).append(lesson_id)
    mastered = await mastery.of_learner(session, organisation_id, learner_id)
    return [
        _shown(one, mastered.get(one.key), lessons.get(one.key, []))
        for one in await ObjectiveRepository(session).all()
    ]


def _shown(one: Objective, kept: Mastery | None, lesson_ids: list[UUID]) -> ObjectiveOut:
    return ObjectiveOut(
        key=one.key,
        level=Level(one.level),
        skill=Skill(one.skill),
        can_do=one.can_do,
        mastery=_mastery(kept) if kept else None,
        lesson_ids=lesson_ids,
    )


def _mastery(kept: Mastery) -> MasteryOut:
    return MasteryOut(
        level=kept.level,
        evidence=kept.evidence,
        mastered=kept.level >= mastery.MASTERED,
        updated_at=kept.updated_at,
    )


def _piece(piece: MasteryEvidence, origin: Taken | None) -> EvidenceOut:
    asked = (
        {one["key"]: one["says"] for step in origin.version.content["steps"] for one in step["criteria"]}
        if origin
        else {}
    )
    return EvidenceOut(
        source=EvidenceSource(piece.source),
        says=asked.get(piece.criterion),
        lesson_id=origin.attempt.lesson_id if origin else None,
        lesson_title=origin.version.title if origin else None,
        shown=piece.shown,
        helped=piece.helped,
        at=piece.at,
    )
