"""The archive: a tar whose first member is a manifest naming the SHA-256 of all others, optionally sealed.

A sealed archive is an age file (age-encryption.org/v1), so that any age tool opens it.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

import pyrage
from pydantic import BaseModel, ValidationError

from infra.stack.errors import StackError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DATABASE: Final = "database.dump"
OBJECTS: Final = "objects/"
SEALED_SUFFIX: Final = ".age"
_MANIFEST_LIMIT: Final = 256 * 1024 * 1024
_AGE_HEADER: Final = b"age-encryption.org/"


class Member(BaseModel):
    """One file of the archive."""

    name: str
    bytes: int
    sha256: str


class Manifest(BaseModel):
    """What an archive says of itself."""

    format: int = FORMAT
    made_at: datetime
    version: str
    """Of the product that made it."""
    schema_revision: str
    """Of the migrations that the database stood at."""
    members: list[Member]


def describe(files: dict[str, Path]) -> list[Member]:
    """Name, size and SHA-256 of the files that go into an archive, by their names in it."""
    return [
        Member(name=name, bytes=path.stat().st_size, sha256=_sha256(path)) for name, path in files.items()
    ]


def write(target: Path, manifest: Manifest, files: dict[str, Path], recipient: str | None) -> None:
    """Write an archive in one step: a half-written one never has the name `target`.

    Raises:
        StackError: the recipient is no age public key, or the disk is full.
    """
    partial = target.with_name(f".{target.name}.partial")
    try:
        plain = partial.with_suffix(".tar") if recipient else partial
        _write_tar(plain, manifest, files)
        if recipient:
            _seal(plain, partial, recipient)
        partial.replace(target)
    except OSError as error:
        raise StackError(f"The archive could not be written: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
        partial.with_suffix(".tar").unlink(missing_ok=True)


def _write_tar(path: Path, manifest: Manifest, files: dict[str, Path]) -> None:
    with _private(path) as file, tarfile.open(fileobj=file, mode="w") as tar:
        text = manifest.model_dump_json(indent=1).encode()
        head = tarfile.TarInfo(MANIFEST)
        head.size, head.mode = len(text), 0o600
        tar.addfile(head, io.BytesIO(text))
        for name, source in files.items():
            tar.add(source, arcname=name, recursive=False)


@contextmanager
def _private(path: Path) -> Iterator[BinaryIO]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _seal(source: Path, target: Path, recipient: str) -> None:
    try:
        key = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise StackError("BACKUP_RECIPIENT is no age public key (age1...).") from error
    with source.open("rb") as reader, _private(target) as writer:
        pyrage.encrypt_io(reader, writer, [key])


@contextmanager
def opened(source: Path, folder: Path, identity: str | None) -> Iterator[tuple[Manifest, Path]]:
    """Unpack an archive into an empty folder and check every byte of it against its manifest.

    Yields:
        The manifest and the folder.

    Raises:
        StackError: it is no archive, sealed for another key, damaged, or of a later format.
    """
    try:
        plain = _unsealed(source, folder / "archive.tar", identity)
        manifest = _unpack(plain, folder)
    except (tarfile.TarError, EOFError, ValidationError) as error:
        raise StackError(f"{source} is damaged or is no backup of Avaaz.") from error
    except OSError as error:
        raise StackError(f"{source} could not be read: {error.strerror or error}") from error
    yield manifest, folder


def _unsealed(source: Path, plain: Path, identity: str | None) -> Path:
    with source.open("rb") as reader:
        sealed = reader.read(len(_AGE_HEADER)) == _AGE_HEADER
        if not sealed:
            return source
        reader.seek(0)
        if identity is None:
            raise StackError(f"{source} is encrypted: set BACKUP_IDENTITY (or BACKUP_IDENTITY_FILE).")
        with _private(plain) as writer:
            _decrypt(reader, writer, identity)
    return plain


def _decrypt(reader: BinaryIO, writer: BinaryIO, identity: str) -> None:
    try:
        key = pyrage.x25519.Identity.from_str(_key_line(identity))
    except pyrage.IdentityError as error:
        raise StackError("BACKUP_IDENTITY is no age secret key (AGE-SECRET-KEY-1...).") from error
    try:
        pyrage.decrypt_io(reader, writer, [key])
    except pyrage.DecryptError as error:
        raise StackError("The archive was encrypted for another key, or is damaged.") from error


def _key_line(identity: str) -> str:
    """The key itself; `age-keygen` writes two lines of comment before it."""
    lines = [line.strip() for line in identity.splitlines()]
    return next((line for line in lines if line and not line.startswith("#")), "")


def _unpack(plain: Path, folder: Path) -> Manifest:
    with tarfile.open(plain, mode="r:") as tar:
        manifest = _manifest(tar)
        expected = {member.name: member for member in manifest.members}
        for info in tar:
            if info.name == MANIFEST:
                continue
            if not info.isfile() or info.name not in expected:
                raise StackError(f"The archive holds something that its manifest does not name: {info.name}")
            tar.extract(info, folder, filter="data")
            _check(folder / info.name, expected.pop(info.name))
    if expected:
        raise StackError(f"The archive is not whole: {next(iter(expected))} is missing.")
    return manifest


def _manifest(tar: tarfile.TarFile) -> Manifest:
    head = tar.next()
    file = tar.extractfile(head) if head is not None and head.name == MANIFEST else None
    if file is None or head is None or head.size > _MANIFEST_LIMIT:
        raise tarfile.ReadError("no manifest")
    manifest = Manifest.model_validate_json(file.read())
    if manifest.format != FORMAT:
        raise StackError(f"The archive has format {manifest.format}; this version reads format {FORMAT}.")
    return manifest


def _check(path: Path, member: Member) -> None:
    if path.stat().st_size != member.bytes or _sha256(path) != member.sha256:
        raise StackError(f"The archive is damaged: {member.name} is not what was written.")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
