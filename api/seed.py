"""`python -m api.seed`: make the demo accounts of the embedded stack; run again, it changes nothing.

They belong to one demo school with a program, so that each finds something on their pages. Refuses to run
anywhere else: their passwords are known to everybody.
"""

import asyncio
import os
import sys
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.database import Database, utc_now
from api.errors import ConflictError
from api.identity import service as identity
from api.identity.auth import Principal, UserManager
from api.identity.demo import demo_accounts
from api.identity.models import MemberRole, OrganisationKind, User
from api.identity.repository import MembershipRepository, UserRepository
from api.identity.schemas import DemoAccount, Register
from api.organisations.models import Enrolment, EnrolmentRole, Program
from api.sessions import service as sessions
from api.tenancy import act_for
from infra.telemetry import configure_logging, get_logger

log = get_logger(__name__)

SCHOOL = "Demo school"
PROGRAM = "Everyday English"
PARTS = {MemberRole.LEARNER: EnrolmentRole.LEARNER, MemberRole.INSTRUCTOR: EnrolmentRole.INSTRUCTOR}


async def seed(database_url: str) -> int:
    """Make the accounts that are missing, and their places in the school; return how many accounts were."""
    database = Database.connect(database_url, process="seed", pool_size=1)
    try:
        made = sum([await _ensure(database, account) for account in demo_accounts()])
        async with database.transaction() as session:
            await _ensure_school(session)
    finally:
        await database.close()
    return made


async def _ensure(database: Database, account: DemoAccount) -> bool:
    name = "Demo " + account.role
    try:
        async with database.transaction() as session:
            manager = UserManager(UserRepository(session))
            data = Register(
                email=account.email,
                password=account.password,
                display_name=name,
                birth_year=1990,
                ai_disclosure=True,
                terms=True,
            )
            person = await identity.sign_up(session, manager, data, account.role)
            person.user.is_verified, person.user.email_verified_at = True, utc_now()
            person.user.is_superuser = account.role is MemberRole.ADMIN
            await sessions.create_default(session, person)
    except ConflictError:
        return False
    return True


async def _ensure_school(session: AsyncSession) -> None:
    """The school with its program; who joins it acts under it, until they choose otherwise."""
    members = MembershipRepository(session)
    await act_for(session, None, operator=True)
    found = await members.schools_named(SCHOOL)
    school_id = found[0].id if found else uuid4()
    await act_for(session, school_id, operator=True)
    if not found:
        await members.create_organisation(school_id, SCHOOL, OrganisationKind.SCHOOL)
    program = await _ensure_program(session, school_id)
    for account in demo_accounts():
        user = await UserRepository(session).get_by_email(account.email)
        if user is not None and await members.member(school_id, user.id) is None:
            await _join(session, user, account.role, program)


async def _ensure_program(session: AsyncSession, school_id: UUID) -> Program:
    found = (await session.scalars(select(Program).where(Program.organisation_id == school_id))).first()
    if found is not None:
        return found
    made = Program(organisation_id=school_id, name=PROGRAM, description="Talking about every day, A2 to B1.")
    session.add(made)
    await session.flush()
    return made


async def _join(session: AsyncSession, user: User, role: MemberRole, program: Program) -> None:
    school_id = program.organisation_id
    await MembershipRepository(session).add(school_id, user.id, role)
    await sessions.create_default(session, Principal(user, school_id, role))
    if role in PARTS:
        session.add(
            Enrolment(organisation_id=school_id, program_id=program.id, user_id=user.id, role=PARTS[role])
        )
        await session.flush()


def main() -> None:
    """Run where the environment says that this is the embedded stack."""
    configure_logging("seed")
    if os.environ.get("AVAAZ_EMBEDDED", "").lower() not in {"1", "true", "yes"}:
        log.error("demo accounts exist in the embedded stack only (AVAAZ_EMBEDDED=1)")
        sys.exit(2)
    made = asyncio.run(seed(os.environ["DATABASE_URL"]))
    log.info("demo accounts ready", made=made)


if __name__ == "__main__":
    main()
