"""Programs of a school, and who takes part in them."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Detail, Subject
from api.database import utc_now
from api.errors import ConflictError, NotFoundError
from api.identity.auth import Principal
from api.identity.models import MemberRole
from api.organisations import service
from api.organisations.models import EnrolmentRole, Program
from api.organisations.repository import (
    CountedProgram,
    EnrolmentRepository,
    MemberRepository,
    ProgramRepository,
)
from api.organisations.schemas import ProgramOut, ProgramUpdate, ProgramWanted
from infra.telemetry import get_logger

log = get_logger(__name__)

MOST_PROGRAMS = 200
"""Programs that an organisation may have, the archived ones included."""


async def list_programs(session: AsyncSession, person: Principal) -> list[ProgramOut]:
    """The programs of the organisation; for an instructor, those that they teach."""
    rows = await ProgramRepository(session).counted(person.organisation_id, taught_by=_limit(person))
    return [_out(row) for row in rows]


async def read(session: AsyncSession, person: Principal, program_id: UUID) -> ProgramOut:
    """One program.

    Raises:
        NotFoundError: It does not exist or is not theirs to see.
    """
    rows = await ProgramRepository(session).counted(
        person.organisation_id, only=program_id, taught_by=_limit(person)
    )
    if not rows:
        raise NotFoundError
    return _out(rows[0])


async def create(session: AsyncSession, person: Principal, wanted: ProgramWanted) -> ProgramOut:
    """Make a program.

    Raises:
        ConflictError: `program_exists`, `too_many_programs` or `personal_organisation`.
    """
    await service.require_school(session, person.organisation_id)
    programs = ProgramRepository(session)
    if await programs.count(person.organisation_id) >= MOST_PROGRAMS:
        raise ConflictError(f"There can be {MOST_PROGRAMS} programs.", code="too_many_programs")
    program = Program(
        organisation_id=person.organisation_id, name=wanted.name, description=wanted.description
    )
    try:
        async with session.begin_nested():
            await programs.add(program)
    except IntegrityError:
        raise _name_taken() from None
    await _note(session, person, AuditAction.PROGRAM_CHANGED, program.id, {"what": "made"})
    return await read(session, person, program.id)


async def update(
    session: AsyncSession, person: Principal, program_id: UUID, changes: ProgramUpdate
) -> ProgramOut:
    """Change a program, archive it or take it out of the archive.

    Raises:
        NotFoundError: It does not exist here.
        ConflictError: Another has the name (`program_exists`).
    """
    program = await _program(session, person, program_id)
    try:
        async with session.begin_nested():
            program.name = changes.name or program.name
            if changes.description is not None:
                program.description = changes.description
            if changes.archived is not None:
                program.archived_at = (program.archived_at or utc_now()) if changes.archived else None
            await session.flush()
    except IntegrityError:
        raise _name_taken() from None
    await _note(
        session,
        person,
        AuditAction.PROGRAM_CHANGED,
        program_id,
        {"archived": program.archived_at is not None},
    )
    return await read(session, person, program_id)


async def delete(session: AsyncSession, person: Principal, program_id: UUID) -> None:
    """Remove a program. Its learners stay in the organisation, and so does what they said.

    Raises:
        NotFoundError: It does not exist here.
    """
    program = await _program(session, person, program_id)
    await ProgramRepository(session).delete(program)
    await _note(session, person, AuditAction.PROGRAM_DELETED, program_id)
    log.info("program deleted", program_id=str(program_id))


async def enrol(
    session: AsyncSession, person: Principal, program_id: UUID, user_id: UUID, role: EnrolmentRole
) -> None:
    """Let a member learn or teach in a program, whatever they did in it before.

    Raises:
        NotFoundError: Program or member do not exist here.
        ConflictError: The program is archived (`program_archived`), or a learner cannot teach
            (`not_an_instructor`).
    """
    program = await require_open_program(session, person, program_id)
    membership = await MemberRepository(session).get(person.organisation_id, user_id)
    if membership is None:
        raise NotFoundError
    if role is EnrolmentRole.INSTRUCTOR and membership.role == MemberRole.LEARNER:
        raise ConflictError("Make this person an instructor first.", code="not_an_instructor")
    await EnrolmentRepository(session).put(program, user_id, role)
    await _note(
        session, person, AuditAction.MEMBER_CHANGED, program_id, {"enrolled": role.value}, learner_id=user_id
    )


async def unenrol(session: AsyncSession, person: Principal, program_id: UUID, user_id: UUID) -> None:
    """Take somebody out of a program; they stay in the organisation.

    Raises:
        NotFoundError: They are not in it.
    """
    await _program(session, person, program_id)
    if not await EnrolmentRepository(session).remove(program_id, user_id):
        raise NotFoundError
    await _note(
        session, person, AuditAction.MEMBER_CHANGED, program_id, {"enrolled": False}, learner_id=user_id
    )


async def require_open_program(session: AsyncSession, person: Principal, program_id: UUID) -> Program:
    """Return a program that people can still come into.

    Raises:
        NotFoundError: It does not exist here.
        ConflictError: It is archived (`program_archived`).
    """
    program = await _program(session, person, program_id)
    if program.archived_at is not None:
        raise ConflictError("This program is archived.", code="program_archived")
    return program


async def _note(
    session: AsyncSession,
    person: Principal,
    action: AuditAction,
    program_id: UUID,
    details: dict[str, Detail] | None = None,
    *,
    learner_id: UUID | None = None,
) -> None:
    subject = Subject("program", program_id)
    await audit.record(session, person, action, subject=subject, learner_id=learner_id, details=details)


def _limit(person: Principal) -> UUID | None:
    """Whose teaching limits what the person sees."""
    return None if person.role is MemberRole.ADMIN else person.user.id


async def _program(session: AsyncSession, person: Principal, program_id: UUID) -> Program:
    program = await ProgramRepository(session).get(person.organisation_id, program_id)
    if program is None:
        raise NotFoundError
    return program


def _name_taken() -> ConflictError:
    return ConflictError("There is a program of this name.", code="program_exists")


def _out(row: CountedProgram) -> ProgramOut:
    program = row.program
    return ProgramOut(
        id=program.id,
        name=program.name,
        description=program.description,
        archived=program.archived_at is not None,
        learners=row.learners,
        instructors=row.instructors,
        created_at=program.created_at,
    )
