"""`python -m api.admin`: what an operator does by hand, next to the database.

create EMAIL            make the first operator or administrator, or give an account that is there more to do
set-role EMAIL ROLE     give a person the role learner, instructor or admin
rotate-secrets          encrypt what is kept with the present SECRET_KEY, so that the previous one can go
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.database import Database
from api.errors import AvaazError, NotFoundError
from api.identity import appointments, roles
from api.identity.appointments import Appointment
from api.identity.auth import UserManager
from api.identity.models import MemberRole, User
from api.identity.repository import UserRepository
from api.identity.schemas import Register
from api.oauth import service as oauth
from api.oauth.vault import Vault
from api.sessions import service as sessions
from api.settings import Settings, get_settings
from api.tenancy import act_for
from api.terminal import NotGivenError, confirm, new_password
from infra.telemetry import configure_logging

USUAL_SCHOOL = "School"
"""Where somebody administers who is made no operator and for whom no school is named."""


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line; what is wrong with it is said, and ends the program with 2."""
    parser = argparse.ArgumentParser(prog="python -m api.admin")
    commands = parser.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create", help="make the first operator or administrator")
    create.add_argument("email")
    create.add_argument("--name", default="", help="what to call them")
    create.add_argument("--operator", action="store_true", help="runs the whole installation")
    create.add_argument("--school", help="administers this school, which is made where it is missing")
    create.add_argument("--password-file", type=Path, help="holds the password; else it is asked for")
    create.add_argument("--yes", action="store_true", help="promote an account that is there, unasked")
    role = commands.add_parser("set-role", help="give a person a role")
    role.add_argument("email")
    role.add_argument("role", choices=[role.value for role in MemberRole])
    commands.add_parser("rotate-secrets", help="encrypt what is kept with the present SECRET_KEY")
    return parser.parse_args(arguments)


async def run(settings: Settings, command: argparse.Namespace) -> str:
    """Do it; returns what to tell the operator.

    Raises:
        NotFoundError: Nobody has the address.
        NotGivenError: No password was given, or no consent to change an account that is there.
        InvalidError: The password breaks the rules.
        ValidationError: The address or the name is none.
    """
    database = Database.connect(settings.database_url, process="admin", pool_size=1)
    try:
        if command.command == "create":
            return await _create(database, command)
        async with database.transaction() as session:
            if command.command == "set-role":
                await roles.set_role(session, command.email, MemberRole(command.role))
                return f"The role is now {command.role}."
            renewed, lost = await oauth.renew_secrets(session, Vault(settings))
            return f"{renewed} provider accounts renewed, {lost} emptied that no known secret opens."
    finally:
        await database.close()


async def _create(database: Database, command: argparse.Namespace) -> str:
    """Make or promote an account. No transaction is open while somebody types."""
    school = command.school or (None if command.operator else USUAL_SCHOOL)
    appointment = Appointment(operator=command.operator, school=school)
    async with database.reading() as session:
        is_known = await appointments.known(session, command.email) is not None
    if is_known and not command.yes:
        confirm("This address has an account. Give it these rights?")
    password = None if is_known else new_password(command.password_file)
    async with database.transaction() as session:
        if password is None:
            user = await appointments.known(session, command.email)
            if user is None:
                raise NotFoundError
        else:
            data = Register(email=command.email, password=password, display_name=command.name)
            person = await appointments.make(session, UserManager(UserRepository(session)), data)
            await sessions.create_default(session, person)
            user = person.user
        place = await appointments.appoint(session, user, appointment)
        if place is not None:
            await sessions.create_default(session, place)
        await _note(session, user, place.organisation_id if place else None, operator=command.operator)
    return _told(appointment, made=password is not None)


async def _note(session: AsyncSession, user: User, organisation_id: UUID | None, *, operator: bool) -> None:
    """The audit log tells of it, although nobody is signed in: whoever holds the server did it."""
    await act_for(session, organisation_id, user.id, operator=True)
    await audit.record(
        session,
        None,
        AuditAction.ACCOUNT_CHANGED,
        subject=Subject("user", user.id),
        learner_id=user.id,
        organisation_id=organisation_id,
        details={"change": "appointed", "operator": operator},
    )


def _told(appointment: Appointment, *, made: bool) -> str:
    rights = ["operator of this installation"] if appointment.operator else []
    if appointment.school is not None:
        rights.append(f"administrator of “{appointment.school}”")
    return f"{'Made' if made else 'Promoted'}: {' and '.join(rights)}. Sign in, then choose Administration."


def main() -> None:
    """Run the command given."""
    command = parse()
    configure_logging("admin")
    try:
        sys.stdout.write(asyncio.run(run(get_settings(), command)) + "\n")
    except NotFoundError:
        sys.exit("There is no account for this address.")
    except ValidationError as error:
        sys.exit("\n".join(f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors()))
    except (AvaazError, NotGivenError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
