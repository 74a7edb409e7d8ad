"""The database as a whole, through Postgres' own programs: dumped, restored beside, and put in place."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from alembic.script import ScriptDirectory

from infra.stack.control import status
from infra.stack.errors import StackError
from infra.stack.plan import Plan, database_urls
from infra.stack.postgres import Login, run_program, run_sql
from infra.stack.process import output_of
from infra.stack.progress import Progress
from infra.stack.settings import PROJECT_ROOT
from infra.stack.supervisor import Supervisor

_RESTORING: Final = "_restoring"
_BEFORE: Final = "_before_restore"
_NEEDED: Final = ("postgres", "database")


@dataclass(frozen=True)
class Address(Login):
    """Where a database is, for the role that owns its schema."""

    name: str

    @property
    def url(self) -> str:
        """As one address, password included."""
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"postgresql://{login}@{self.host}:{self.port}/{quote(self.name, safe='')}"


def parse_address(url: str) -> Address:
    """Read a postgresql:// address."""
    parts = urlsplit(url)
    return Address(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or 5432,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        name=unquote(parts.path.lstrip("/")),
    )


def known_revisions() -> set[str]:
    """Every schema revision that this version has a migration for."""
    scripts = ScriptDirectory(str(PROJECT_ROOT / "migrations"))
    return {script.revision for script in scripts.walk_revisions()}


@asynccontextmanager
async def reached(plan: Plan, progress: Progress, *, alone: bool) -> AsyncIterator[Address]:
    """The database, running: a given one, the running stack's, or the embedded one started for a time.

    Args:
        plan: the stack as its settings lay it out.
        progress: where the start of the embedded server is shown.
        alone: nothing else may use it meanwhile.

    Raises:
        StackError: the owner's address is not known, or `alone` and the stack runs.
    """
    owner = database_urls(plan.settings, plan.credentials)[1]
    if owner is None:
        raise StackError("DATABASE_URL is given: MIGRATIONS_DATABASE_URL, the schema owner's address, too.")
    address = parse_address(owner)
    if not plan.settings.own_database:
        yield address
        return
    if status(plan.settings.avaaz_home).running:
        if alone:
            raise StackError("Avaaz is running. Stop it first: `avaaz down`.")
        yield address
        return
    async with _started(plan, progress):
        yield address


@asynccontextmanager
async def _started(plan: Plan, progress: Progress) -> AsyncIterator[None]:
    ready = asyncio.Event()
    supervisor = Supervisor(
        [part for part in plan.parts if part.name in _NEEDED],
        home=plan.settings.avaaz_home,
        cwd=PROJECT_ROOT,
        address=plan.settings.address,
        progress=progress,
        on_ready=ready.set,
    )
    running = asyncio.create_task(supervisor.run())
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait((running, waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        if running.done():
            running.result()
        yield
    finally:
        supervisor.stop()
        await running


async def dump(address: Address, target: Path) -> None:
    """Write a dump of one moment, while others go on reading and writing."""
    # The owner sees every row by a policy, not by passing the walls: without the option pg_dump refuses.
    options = ("--format=custom", "--enable-row-security", "--no-owner", "--no-privileges")
    await run_program("pg_dump", address, f"--dbname={address.name}", f"--file={target}", *options)


async def revision(address: Address) -> str:
    """The schema revision a database stands at.

    Raises:
        StackError: it has none: nothing was ever migrated there.
    """
    return (await query(address, "SELECT version_num FROM alembic_version;")).strip()


async def query(address: Address, sql: str, **names: str) -> str:
    """What a statement answers, unaligned, without a heading.

    Args:
        address: the database.
        sql: one or more statements; `:"name"` and `:'name'` stand for quoted identifiers and texts.
        names: their values.
    """
    return await run_sql(address, address.name, sql, names)


class Swap:
    """A restored database that is made ready beside the present one and then takes its place in one step."""

    def __init__(self, address: Address) -> None:
        self.present = address
        self.beside = replace(address, name=address.name + _RESTORING)
        self.before = replace(address, name=address.name + _BEFORE)
        self._server = replace(address, name="postgres")

    async def load(self, dumped: Path) -> None:
        """Restore a dump beside the present database."""
        await self._statement('DROP DATABASE IF EXISTS :"beside" WITH (FORCE); CREATE DATABASE :"beside";')
        options = ("--no-owner", "--no-privileges", "--exit-on-error")
        await run_program("pg_restore", self.beside, f"--dbname={self.beside.name}", *options, str(dumped))

    async def connections(self) -> int:
        """How many connections the present database has."""
        return int(await self._statement("SELECT count(*) FROM pg_stat_activity WHERE datname = :'present';"))

    async def put_in_place(self) -> None:
        """End what is connected, and let the restored database have the present one's name."""
        await self._statement(
            'DROP DATABASE IF EXISTS :"before" WITH (FORCE);'
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname IN (:'present', :'beside');"
        )
        await self._statement(
            'BEGIN; ALTER DATABASE :"present" RENAME TO :"before";'
            'ALTER DATABASE :"beside" RENAME TO :"present"; COMMIT;'
        )

    async def forget_before(self) -> None:
        """Drop what was there before the restore."""
        await self._statement('DROP DATABASE IF EXISTS :"before" WITH (FORCE);')

    async def abandon(self) -> None:
        """Drop the half-made one."""
        await self._statement('DROP DATABASE IF EXISTS :"beside" WITH (FORCE);')

    async def _statement(self, sql: str) -> str:
        return await query(
            self._server,
            sql,
            present=self.present.name,
            beside=self.beside.name,
            before=self.before.name,
        )


async def migrate(plan: Plan, address: Address) -> None:
    """Bring a database to the present schema, and give the serving role its rights there."""
    serving = parse_address(database_urls(plan.settings, plan.credentials)[0])
    env = {
        **plan.shared_env,
        "DATABASE_URL": replace(serving, name=address.name).url,
        "MIGRATIONS_DATABASE_URL": address.url,
    }
    await output_of([sys.executable, "-m", "api.migrate"], env, "The migrations", cwd=PROJECT_ROOT)
