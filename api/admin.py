"""`python -m api.admin`: what an operator does by hand, next to the database.

set-role EMAIL ROLE     give a person the role learner, instructor or admin
rotate-secrets          encrypt what is kept with the present SECRET_KEY, so that the previous one can go
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from api.database import Database
from api.errors import NotFoundError
from api.identity import roles
from api.identity.models import MemberRole
from api.oauth import service as oauth
from api.oauth.vault import Vault
from api.settings import Settings, get_settings
from infra.telemetry import configure_logging


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line; what is wrong with it is said, and ends the program with 2."""
    parser = argparse.ArgumentParser(prog="python -m api.admin")
    commands = parser.add_subparsers(dest="command", required=True)
    role = commands.add_parser("set-role", help="give a person a role")
    role.add_argument("email")
    role.add_argument("role", choices=[role.value for role in MemberRole])
    commands.add_parser("rotate-secrets", help="encrypt what is kept with the present SECRET_KEY")
    return parser.parse_args(arguments)


async def run(settings: Settings, command: argparse.Namespace) -> str:
    """Do it; returns what to tell the operator.

    Raises:
        NotFoundError: Nobody has the address.
    """
    database = Database.connect(settings.database_url, process="admin", pool_size=1)
    try:
        async with database.transaction() as session:
            if command.command == "set-role":
                await roles.set_role(session, command.email, MemberRole(command.role))
                return f"The role is now {command.role}."
            renewed, lost = await oauth.renew_secrets(session, Vault(settings))
            return f"{renewed} provider accounts renewed, {lost} emptied that no known secret opens."
    finally:
        await database.close()


def main() -> None:
    """Run the command given."""
    command = parse()
    configure_logging("admin")
    try:
        sys.stdout.write(asyncio.run(run(get_settings(), command)) + "\n")
    except NotFoundError:
        sys.exit("There is no account for this address.")


if __name__ == "__main__":
    main()
