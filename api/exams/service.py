"""Beginning an attempt, looking at it and giving it up; extra time; what other domains ask about attempts."""

import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.audit.service import Witness
from api.calls import service as calls
from api.contract.calls import Mode
from api.contract.exams import DrawnTask, ExamContent
from api.contract.levels import Level
from api.database import utc_now
from api.errors import ConflictError, InvalidError, NotFoundError
from api.exams import content as contents
from api.exams import record
from api.exams.drawing import draw
from api.exams.models import OPEN, ExamState, ExamTemplate
from api.exams.record import Sitting
from api.exams.repository import AttemptRow, ExamRepository, TemplateRepository
from api.exams.schemas import StartExam
from api.identity.auth import Principal
from api.organisations import access
from api.pages import Mark
from api.sessions import service as sessions
from api.settings import Settings

OWN_EXTRA_TIME: Final = 0.25
"""What a learner may ask for themselves: these are exams for practice, and the result says so."""


@dataclass(frozen=True)
class Offer:
    """The templates, the learner's open attempt, and the extra time that their school grants."""

    templates: list[ExamTemplate]
    open_attempt_id: UUID | None
    extra_time: float


async def list_exams(session: AsyncSession, person: Principal) -> Offer:
    """What a learner can sit."""
    repository = ExamRepository(session)
    opened = await repository.open_of(person.organisation_id, person.user.id)
    return Offer(
        templates=await TemplateRepository(session).offered(),
        open_attempt_id=opened[0].id if opened else None,
        extra_time=await granted_extra_time(session, person.organisation_id, person.user.id),
    )


async def read_exam(session: AsyncSession, key: str) -> ExamTemplate:
    """A template that learners are offered.

    Raises:
        NotFoundError: There is none of this key.
    """
    template = await TemplateRepository(session).offered_by_key(key)
    if template is None:
        raise NotFoundError
    return template


async def start(session: AsyncSession, settings: Settings, person: Principal, wanted: StartExam) -> Sitting:
    """Make an attempt: it is what the learner's next call is for, and its clock begins with the examiner.

    Raises:
        NotFoundError: There is no such template.
        ConflictError: The learner has an attempt open (`exam_open`, with its id).
        InvalidError: The level is none of the template's (`level_not_of_exam`), or so much extra time is
            neither granted nor the learner's to ask for (`extra_time_not_granted`).
    """
    template = await read_exam(session, wanted.exam)
    await _require_none_open(session, person)
    content = contents.parse(template)
    repository = ExamRepository(session)
    granted = await granted_extra_time(session, person.organisation_id, person.user.id)
    extra_time = _extra_time(wanted, granted)
    seed = secrets.randbits(62)
    earlier = await repository.begun_tasks(person.user.id, template.key)
    drawn = draw(content, [[DrawnTask.model_validate(one) for one in tasks] for tasks in earlier], seed)
    practice = (await calls.default_state(session, person)).practice
    attempt = await repository.insert(
        {
            "organisation_id": person.organisation_id,
            "learner_id": person.user.id,
            "session_id": practice.id,
            "template_id": template.id,
            "state": ExamState.WAITING,
            "target_level": _target_level(wanted, content),
            "extra_time": extra_time,
            "extra_time_granted": 0 < extra_time <= granted,
            "time_scale": settings.exam_time_scale,
            "seed": seed,
            "tasks": [one.model_dump() for one in drawn],
            "audio_consent": wanted.audio_consent,
        }
    )
    if attempt is None:
        await _require_none_open(session, person)
        raise ConflictError("You have an exam open.", code="exam_open")
    await sessions.set_mode(session, practice.id, Mode.EXAM)
    return await record.sitting_of(session, (attempt, template))


async def read(session: AsyncSession, person: Principal, attempt_id: UUID) -> Sitting:
    """One of the learner's attempts.

    Raises:
        NotFoundError: It is no attempt of the learner's.
    """
    return await record.sitting_of(session, await _own(session, person, attempt_id))


async def stop(session: AsyncSession, person: Principal, attempt_id: UUID) -> Sitting:
    """Give an attempt up; one that is over stays as it is.

    Raises:
        NotFoundError: It is no attempt of the learner's.
    """
    sitting = await record.sitting_of(session, await _own(session, person, attempt_id, lock=True))
    await record.stop(session, sitting)
    return sitting


async def calls_of(session: AsyncSession, attempt_id: UUID) -> list[UUID]:
    """The calls that an attempt was sat in, oldest first."""
    return await ExamRepository(session).calls_of(attempt_id)


async def list_own(
    session: AsyncSession, person: Principal, *, after: Mark | None, limit: int
) -> tuple[list[AttemptRow], Mark | None]:
    """One page of the learner's attempts, newest first, and where it ended."""
    return await _page(session, person.organisation_id, person.user.id, after, limit)


async def list_of_learner(
    session: AsyncSession,
    person: Principal,
    witness: Witness,
    learner_id: UUID,
    *,
    after: Mark | None,
    limit: int,
) -> tuple[list[AttemptRow], Mark | None]:
    """One page of a learner's attempts, for who looks after them; noted in the audit log.

    Raises:
        NotFoundError: The learner is not theirs to see.
    """
    await _note_seen(session, person, witness, learner_id)
    return await _page(session, person.organisation_id, learner_id, after, limit)


async def read_of_learner(
    session: AsyncSession, person: Principal, witness: Witness, learner_id: UUID, attempt_id: UUID
) -> Sitting:
    """A learner's attempt, for who looks after them; noted in the audit log.

    Raises:
        NotFoundError: The learner is not theirs to see, or it is no attempt of theirs.
    """
    await access.require_visible(session, person, learner_id)
    found = await ExamRepository(session).get(attempt_id)
    if found is None or found[0].learner_id != learner_id:
        raise NotFoundError
    await _note_seen(session, person, witness, learner_id)
    return await record.sitting_of(session, found)


async def granted_extra_time(session: AsyncSession, organisation_id: UUID, learner_id: UUID) -> float:
    """The extra time that a school grants a learner, as a share; 0 for none."""
    found = await ExamRepository(session).accommodation(organisation_id, learner_id)
    return found.extra_time if found else 0.0


async def read_extra_time(session: AsyncSession, person: Principal, learner_id: UUID) -> float:
    """The extra time of a learner, for who looks after them.

    Raises:
        NotFoundError: The learner is not theirs to see.
    """
    await access.require_visible(session, person, learner_id)
    return await granted_extra_time(session, person.organisation_id, learner_id)


async def grant_extra_time(
    session: AsyncSession, person: Principal, learner_id: UUID, extra_time: float
) -> None:
    """Grant a learner extra time in the exams that they begin from now on.

    Raises:
        NotFoundError: The learner is not theirs to see.
    """
    await access.require_visible(session, person, learner_id)
    await ExamRepository(session).grant(person.organisation_id, learner_id, person.user.id, extra_time)
    await audit.record(
        session,
        person,
        AuditAction.EXTRA_TIME_GRANTED,
        subject=Subject("user", learner_id),
        learner_id=learner_id,
        details={"percent": round(extra_time * 100)},
    )


async def sitting(session: AsyncSession, attempt_id: UUID) -> Sitting | None:
    """An attempt with its record, for who proved their right to it; None where it is gone."""
    found = await ExamRepository(session).get(attempt_id)
    return await record.sitting_of(session, found) if found else None


async def sitting_of_call(session: AsyncSession, call_id: UUID) -> Sitting | None:
    """The attempt that a call was given, likewise."""
    found = await ExamRepository(session).of_call(call_id)
    return await record.sitting_of(session, found) if found else None


async def _require_none_open(session: AsyncSession, person: Principal) -> None:
    """Refuse a second attempt; one whose time is through is ended first."""
    found = await ExamRepository(session).open_of(person.organisation_id, person.user.id)
    if found is None:
        return
    await record.settle(session, await record.sitting_of(session, found), utc_now())
    if found[0].state in OPEN:
        raise ConflictError(
            "You have an exam open: go on with it, or give it up.",
            code="exam_open",
            details=[{"attempt_id": str(found[0].id)}],
        )


async def _own(
    session: AsyncSession, person: Principal, attempt_id: UUID, *, lock: bool = False
) -> AttemptRow:
    found = await ExamRepository(session).get(attempt_id, lock=lock)
    if found is None or found[0].learner_id != person.user.id:
        raise NotFoundError
    return found


async def _page(
    session: AsyncSession, organisation_id: UUID, learner_id: UUID, after: Mark | None, limit: int
) -> tuple[list[AttemptRow], Mark | None]:
    rows = await ExamRepository(session).page(organisation_id, learner_id, after, limit + 1)
    last = rows[limit - 1][0] if len(rows) > limit else None
    return rows[:limit], Mark(0, last.created_at, last.id) if last else None


async def _note_seen(session: AsyncSession, person: Principal, witness: Witness, learner_id: UUID) -> None:
    await access.require_visible(session, person, learner_id)
    await witness.note(
        person, AuditAction.LEARNER_SEEN, subject=Subject("user", learner_id), learner_id=learner_id
    )


def _extra_time(wanted: StartExam, granted: float) -> float:
    if wanted.extra_time_percent is None:
        return granted
    extra_time = wanted.extra_time_percent / 100
    if extra_time > max(granted, OWN_EXTRA_TIME):
        raise InvalidError("So much extra time is not granted.", code="extra_time_not_granted")
    return extra_time


def _target_level(wanted: StartExam, content: ExamContent) -> Level:
    level = wanted.target_level or content.target_level
    if not content.from_level <= level <= content.target_level:
        raise InvalidError("This level is none of the exam's.", code="level_not_of_exam")
    return level
