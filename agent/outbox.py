"""Turns on disk before anything else: a turn counts as committed once it is in the outbox.

One append-only segment a job, `<job>.log` in the outbox folder. A line is eight hexadecimal digits of
CRC-32, a blank and one JSON object with `kind`: `call` (the first line: room and job), `opened` (the
API's call and grant), `turn`, `lesson` (an event of the call's lesson), `exam` (what moved the clock of the
call's exam), `close`. A line is written whole and synchronised to the disk before its writer goes on. The
writer holds a lock on the file as long as it lives, so that a reader can tell a dead job's segment. A torn
last line, from a machine that stopped in the middle of a write, is left out when reading.

Sound that is recorded waits beside it, `<job>.audio/<number>.ogg`, each file whole and synchronised before it
has its name; `stopped` in that folder says that no recording is wanted any more.
"""

import fcntl
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from api.contract.calls import CloseCall, OpenCall, TurnRecord
from api.contract.exams import ExamEvent
from api.contract.lessons import LessonEvent

SUFFIX = ".log"
SOUND_SUFFIX = ".audio"


class CallLine(BaseModel):
    """First line of a segment: what is needed to open the call, now or later."""

    kind: Literal["call"] = "call"
    open: OpenCall
    correlation_id: str = ""


class OpenedLine(BaseModel):
    """The API has opened the call; `base` is the first turn position of this job in it."""

    kind: Literal["opened"] = "opened"
    call_id: UUID
    grant: str
    base: int = 0


class TurnLine(BaseModel):
    """A turn; its position counts from 0 in each segment, and `base` is added when it is sent."""

    kind: Literal["turn"] = "turn"
    turn: TurnRecord


class LessonLine(BaseModel):
    """An event of the lesson; its number counts from 0 in each segment, `base` is added when it is sent."""

    kind: Literal["lesson"] = "lesson"
    attempt_id: UUID
    event: LessonEvent


class ExamLine(BaseModel):
    """What moved the clock of the call's exam; its number counts within the attempt."""

    kind: Literal["exam"] = "exam"
    attempt_id: UUID
    event: ExamEvent


class CloseLine(BaseModel):
    """The call has ended. The last line of a segment."""

    kind: Literal["close"] = "close"
    close: CloseCall


AnyLine = CallLine | OpenedLine | TurnLine | LessonLine | ExamLine | CloseLine
_LINE: TypeAdapter[AnyLine] = TypeAdapter(Annotated[AnyLine, Field(discriminator="kind")])


class OutboxWriter:
    """Appends to one segment. Every method returns after the disk has the line; run it in a thread."""

    def __init__(self, folder: Path, job_id: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{_safe(job_id)}{SUFFIX}"
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)  # a reader's test holds it for an instant
        self._heal()
        _sync_folder(folder)

    def append(self, line: BaseModel) -> None:
        """Add a line and wait for the disk; raises `OSError` when the disk does not take it."""
        data = encode(line)
        written = os.write(self._file, data)
        if written != len(data):
            raise OSError("the outbox line was not written whole")
        os.fsync(self._file)

    def close(self) -> None:
        """Give the lock back: no line follows."""
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _heal(self) -> None:
        """Cut a torn end, so that what is appended next starts on a line of its own."""
        raw = self.path.read_bytes()
        whole = raw.rfind(b"\n") + 1
        if whole != len(raw):
            os.ftruncate(self._file, whole)


class SoundBox:
    """The recorded sound of one job, which waits to be delivered. Every method waits for the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of_job(cls, outbox: Path, job_id: str) -> Self:
        """The box of a job."""
        return cls(outbox / f"{_safe(job_id)}{SOUND_SUFFIX}")

    @classmethod
    def beside(cls, path: Path) -> Self:
        """The box that belongs to a segment of the outbox."""
        return cls(path.with_suffix(SOUND_SUFFIX))

    def open(self) -> None:
        """Its job records from now on."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def put(self, number: int, data: bytes) -> None:
        """Keep sound until it is delivered; raises `OSError` when the disk does not take it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f"{number}.part"
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / f"{number:011d}.ogg")
        _sync_folder(self.folder)

    def waiting(self) -> list[tuple[int, Path]]:
        """Numbers and files, in order."""
        return [(int(path.stem), path) for path in sorted(self.folder.glob("*.ogg"))]

    def is_stopped(self) -> bool:
        """Whether no recording is wanted any more."""
        return (self.folder / "stopped").exists()

    def mark_stopped(self) -> None:
        """No recording is wanted any more."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "stopped").touch()

    def clear(self) -> None:
        """Delete what waits."""
        for path in self.folder.glob("*.*"):
            path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete everything."""
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class Segment:
    """A segment as read: everything that was committed, in order."""

    path: Path
    call: CallLine | None = None
    opened: OpenedLine | None = None
    turns: list[TurnRecord] = field(default_factory=list)
    lesson: list[LessonLine] = field(default_factory=list)
    exam: list[ExamLine] = field(default_factory=list)
    close: CloseCall | None = None
    damaged: int = 0
    """Lines that were left out because their checksum or content is wrong."""


def encode(line: BaseModel) -> bytes:
    """A line as bytes: checksum, JSON, newline."""
    body = line.model_dump_json().encode()
    return b"%08x %s\n" % (zlib.crc32(body), body)


def decode(raw: bytes) -> AnyLine | None:
    """A line from bytes without its newline; None when it is torn or damaged."""
    checksum, _, body = raw.partition(b" ")
    try:
        if int(checksum, 16) != zlib.crc32(body):
            return None
        return _LINE.validate_python(json.loads(body))
    except (ValueError, ValidationError):
        return None


def read(path: Path) -> Segment:
    """Read a segment while it may still grow; an unfinished last line is not there yet."""
    segment = Segment(path)
    for raw in _whole_lines(path.read_bytes()):
        line = decode(raw)
        match line:
            case None:
                segment.damaged += 1
            case CallLine():
                segment.call = line
            case OpenedLine():
                segment.opened = line
            case TurnLine():
                segment.turns.append(line.turn)
            case LessonLine():
                segment.lesson.append(line)
            case ExamLine():
                segment.exam.append(line)
            case CloseLine():
                segment.close = line.close
    return segment


def segments(folder: Path) -> list[Path]:
    """All segments, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime)


def sound_boxes(folder: Path) -> list[SoundBox]:
    """The boxes of all jobs."""
    return [SoundBox(path) for path in folder.glob(f"*{SOUND_SUFFIX}")] if folder.is_dir() else []


def writer_lives(path: Path) -> bool:
    """Whether the job that writes this segment still runs."""
    file = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(file)
    return False


def _whole_lines(raw: bytes) -> Iterator[bytes]:
    yield from (line for line in raw[: raw.rfind(b"\n") + 1].split(b"\n") if line)


def _safe(job_id: str) -> str:
    return "".join(character if character.isalnum() or character in "-_" else "_" for character in job_id)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
