"""The archive's form: whole or refused."""

import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest

from infra.backup import archive
from infra.stack.errors import StackError


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A dump and an object."""
    dumped, stored = tmp_path / "dump", tmp_path / "object"
    dumped.write_bytes(b"rows" * 1000)
    stored.write_bytes(b"sound" * 1000)
    return {archive.DATABASE: dumped, "objects/calls/1.opus": stored}


@pytest.fixture
def identity() -> pyrage.x25519.Identity:
    """A key of its own."""
    return pyrage.x25519.Identity.generate()


def manifest(files: dict[str, Path], form: int = archive.FORMAT) -> archive.Manifest:
    """A manifest that fits the files."""
    return archive.Manifest(
        format=form,
        made_at=datetime.now(UTC),
        version="0.1.0",
        schema_revision="0001",
        members=archive.describe(files),
    )


def open_in(folder: Path, source: Path, identity: str | None = None) -> archive.Manifest:
    """Unpack into a new folder."""
    folder.mkdir()
    with archive.opened(source, folder, identity) as (found, _):
        return found


def test_a_plain_archive_comes_back_whole(tmp_path: Path, files: dict[str, Path]) -> None:
    target = tmp_path / "a.tar"
    archive.write(target, manifest(files), files, None)
    found = open_in(tmp_path / "out", target)
    assert found == manifest(files).model_copy(update={"made_at": found.made_at})
    assert (tmp_path / "out" / "objects/calls/1.opus").read_bytes() == b"sound" * 1000
    assert target.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_a_sealed_archive_shows_nothing_and_opens_with_its_key_only(
    tmp_path: Path, files: dict[str, Path], identity: pyrage.x25519.Identity
) -> None:
    target = tmp_path / "a.tar.age"
    archive.write(target, manifest(files), files, str(identity.to_public()))
    assert b"rowsrows" not in target.read_bytes()
    with pytest.raises(StackError, match="BACKUP_IDENTITY"):
        open_in(tmp_path / "none", target)
    with pytest.raises(StackError, match="another key"):
        open_in(tmp_path / "wrong", target, str(pyrage.x25519.Identity.generate()))
    with pytest.raises(StackError, match="AGE-SECRET-KEY"):
        open_in(tmp_path / "garbage", target, "a password")
    assert open_in(tmp_path / "right", target, str(identity)).schema_revision == "0001"
    written = f"# created: 2026-11-21T10:00:00Z\n# public key: {identity.to_public()}\n{identity}\n"
    assert open_in(tmp_path / "file", target, written).schema_revision == "0001"
    assert (tmp_path / "right" / archive.DATABASE).read_bytes() == b"rows" * 1000


def test_a_recipient_that_is_no_key_leaves_nothing_behind(tmp_path: Path, files: dict[str, Path]) -> None:
    before = set(tmp_path.iterdir())
    with pytest.raises(StackError, match="BACKUP_RECIPIENT"):
        archive.write(tmp_path / "a.tar", manifest(files), files, "my password")
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
def test_a_changed_byte_is_noticed(tmp_path: Path, files: dict[str, Path], place: float) -> None:
    target = tmp_path / "a.tar"
    archive.write(target, manifest(files), files, None)
    content = bytearray(target.read_bytes())
    wanted = content.index(b"rowsrows") + int(place * 4000)
    content[wanted] ^= 1
    target.write_bytes(content)
    with pytest.raises(StackError, match="damaged"):
        open_in(tmp_path / "out", target)


def test_a_cut_archive_is_noticed(tmp_path: Path, files: dict[str, Path]) -> None:
    target = tmp_path / "a.tar"
    archive.write(target, manifest(files), files, None)
    content = target.read_bytes()
    for number, length in enumerate((0, 100, 5_000, 7_000)):
        target.write_bytes(content[:length])
        with pytest.raises(StackError):
            open_in(tmp_path / f"out{number}", target)


def test_what_the_manifest_does_not_name_is_refused(tmp_path: Path, files: dict[str, Path]) -> None:
    target = tmp_path / "a.tar"
    archive.write(target, manifest(files), files, None)
    for number, name in enumerate(("../evil", "/etc/evil", "objects/more")):
        with tarfile.open(target, "a") as tar:
            info = tarfile.TarInfo(name)
            info.size = 4
            tar.addfile(info, io.BytesIO(b"evil"))
        with pytest.raises(StackError, match="does not name"):
            open_in(tmp_path / f"out{number}", target)
    assert not (tmp_path / "evil").exists()


def test_a_missing_member_is_noticed(tmp_path: Path, files: dict[str, Path]) -> None:
    whole = manifest(files)
    fewer = {archive.DATABASE: files[archive.DATABASE]}
    target = tmp_path / "a.tar"
    archive.write(target, whole, fewer, None)
    with pytest.raises(StackError, match="not whole"):
        open_in(tmp_path / "out", target)


def test_a_later_format_is_refused(tmp_path: Path, files: dict[str, Path]) -> None:
    target = tmp_path / "a.tar"
    archive.write(target, manifest(files, archive.FORMAT + 1), files, None)
    with pytest.raises(StackError, match="format 2"):
        open_in(tmp_path / "out", target)


def test_no_archive_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "holiday.jpg"
    source.write_bytes(b"\xff\xd8\xff" * 1000)
    with pytest.raises(StackError, match="no backup"):
        open_in(tmp_path / "out", source)
