"""`python -m api.seed`: make the demo accounts of the embedded stack; run again, it changes nothing.

Refuses to run anywhere else: their passwords are known to everybody.
"""

import asyncio
import os
import sys

from api.database import Database
from api.errors import ConflictError
from api.identity import service as identity
from api.identity.auth import UserManager
from api.identity.demo import demo_accounts
from api.identity.repository import UserRepository
from api.identity.schemas import DemoAccount, Register
from api.sessions import service as sessions
from infra.telemetry import configure_logging, get_logger

log = get_logger(__name__)


async def seed(database_url: str) -> int:
    """Make the accounts that are missing; return how many were."""
    database = Database.connect(database_url, process="seed", pool_size=1)
    try:
        return sum([await _ensure(database, account) for account in demo_accounts()])
    finally:
        await database.close()


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
            person.user.is_verified = True
            await sessions.create_default(session, person)
    except ConflictError:
        return False
    return True


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
