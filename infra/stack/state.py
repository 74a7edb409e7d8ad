"""What the stack records of itself under `AVAAZ_HOME/run`, so that other terminals can see and stop it.

`stack.json` names the running `avaaz up`, `parts/PART.json` one part each. A lock held by that command says
says for certain whether it lives; pids are believed only together with the time at which their process began.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ValidationError

from infra.stack.errors import AlreadyRunningError
from infra.stack.files import write_private
from infra.stack.process import is_same, started_at


class State(StrEnum):
    """Where a part stands."""

    WAITING = "waiting"
    PREPARING = "preparing"
    STARTING = "starting"
    READY = "ready"
    DONE = "done"
    """A step that runs once and has ended well."""
    RESTARTING = "restarting"
    FAILED = "failed"
    STOPPED = "stopped"
    GIVEN = "given"
    """Not started, because its address is given."""


class PartRecord(BaseModel):
    """One part as others may see it."""

    name: str
    state: State
    pid: int | None = None
    began: float | None = None
    """When the process began, seconds since the epoch."""
    ports: list[int] = []
    restarts: int = 0
    note: str = ""

    @property
    def alive(self) -> bool:
        """Whether the recorded process still runs."""
        return is_same(self.pid, self.began)


class StackRecord(BaseModel):
    """The running `avaaz up`."""

    pid: int
    began: float
    run_id: str
    address: str
    ready: bool = False

    @property
    def alive(self) -> bool:
        """Whether that process still runs."""
        return is_same(self.pid, self.began)


class RunFolder:
    """`AVAAZ_HOME/run`: records and the lock."""

    def __init__(self, home: Path) -> None:
        self.path = home / "run"

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Held by the one `avaaz up` of this AVAAZ_HOME for as long as it lives.

        Raises:
            AlreadyRunningError: another process holds it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise AlreadyRunningError(f"The stack in {self.path.parent} runs already.") from None
        try:
            yield
        finally:
            os.close(descriptor)

    def is_locked(self) -> bool:
        """Whether an `avaaz up` lives."""
        if not self.path.exists():
            return False
        try:
            with self.lock():
                return False
        except AlreadyRunningError:
            return True

    def write_stack(self, run_id: str, address: str, *, ready: bool) -> None:
        """Records this process as the running stack."""
        pid = os.getpid()
        record = StackRecord(
            pid=pid, began=started_at(pid) or 0.0, run_id=run_id, address=address, ready=ready
        )
        write_private(self.path / "stack.json", record.model_dump_json())

    def read_stack(self) -> StackRecord | None:
        """The stack that was recorded last, alive or not."""
        try:
            return StackRecord.model_validate_json((self.path / "stack.json").read_text("utf-8"))
        except (FileNotFoundError, ValidationError):
            return None

    def write_part(self, record: PartRecord) -> None:
        """Records a part."""
        write_private(self.path / "parts" / f"{record.name}.json", record.model_dump_json())

    def read_parts(self) -> list[PartRecord]:
        """All recorded parts, by name."""
        records = []
        for path in sorted((self.path / "parts").glob("[!.]*.json")):
            with contextlib.suppress(FileNotFoundError, ValidationError):
                records.append(PartRecord.model_validate_json(path.read_text("utf-8")))
        return records

    def clear(self) -> None:
        """Forgets stack and parts."""
        for path in [self.path / "stack.json", *(self.path / "parts").glob("*.json")]:
            path.unlink(missing_ok=True)
