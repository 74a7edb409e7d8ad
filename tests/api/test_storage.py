"""Stored objects: the same promises by a folder and by a server that speaks S3."""

import asyncio
import errno
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import S3Store
from pydantic import SecretStr

from api.settings import Settings
from api.storage import (
    PIECE_BYTES,
    BucketStorage,
    FolderStorage,
    ObjectMissingError,
    Storage,
    StorageUnavailableError,
    storage_of,
)
from tests.support.ports import free_port

BUCKET = "avaaz-objects"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """An S3 server with a bucket."""
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    assert httpx.put(f"{address}/{BUCKET}").status_code == 200
    yield address
    server.stop()


def bucket_settings(endpoint: str) -> Settings:
    return Settings.model_construct(
        s3_bucket=BUCKET,
        s3_endpoint=endpoint,
        s3_access_key_id="key",
        s3_secret_access_key=SecretStr("secret"),
    )


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Each kind of store, empty or with what other tests left under other names."""
    if request.param == "folder":
        return storage_of(Settings.model_construct(objects_dir=tmp_path))
    return storage_of(bucket_settings(request.getfixturevalue("s3")))


async def read(storage: Storage, key: str, start: int, end: int) -> bytes:
    return b"".join([piece async for piece in storage.read(key, start, end)])


async def test_what_is_put_is_got_whole_and_in_part(storage: Storage, tmp_path: Path) -> None:
    data = bytes(range(256)) * (PIECE_BYTES // 100)
    await storage.put("a/b/one.ogg", b"old")
    await storage.put("a/b/one.ogg", data)
    assert await storage.get("a/b/one.ogg") == data
    assert await read(storage, "a/b/one.ogg", 5, 9) == data[5:9]
    assert await read(storage, "a/b/one.ogg", 0, len(data)) == data
    file = tmp_path / "file"
    file.write_bytes(b"of a file")
    await storage.put_file("a/two", file)
    assert await storage.get("a/two") == b"of a file"


async def test_what_is_deleted_is_gone_with_all_under_it(storage: Storage) -> None:
    for key in ("c/1/x", "c/1/y/z", "c/10/x", "c/2"):
        await storage.put(key, b"here")
    await storage.delete("c/1")
    await storage.delete("c/2")
    await storage.delete("c/never")
    for key in ("c/1/x", "c/1/y/z", "c/2"):
        with pytest.raises(ObjectMissingError):
            await storage.get(key)
        with pytest.raises(ObjectMissingError):
            await read(storage, key, 0, 1)
    assert await storage.get("c/10/x") == b"here"


@pytest.mark.parametrize("key", ["", "/x", "../x", "a//b", "a/../b", "a/.b", "a/b/", "a b"])
async def test_a_key_leads_nowhere_else(storage: Storage, key: str) -> None:
    with pytest.raises(ValueError, match="plain names"):
        await storage.put(key, b"")
    with pytest.raises(ValueError, match="plain names"):
        await storage.delete(key)


async def test_a_full_folder_says_so_and_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = FolderStorage(tmp_path)
    await storage.put("a/one", b"old")
    monkeypatch.setattr("api.storage.os.fsync", _full)
    with pytest.raises(StorageUnavailableError) as refused:
        await storage.put("a/one", b"new")
    assert refused.value.code == "storage_full"
    monkeypatch.undo()
    assert await storage.get("a/one") == b"old"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["one"]


def _full(_handle: int) -> None:
    raise OSError(errno.ENOSPC, "full")


async def test_a_bucket_that_does_not_answer_says_so() -> None:
    storage = BucketStorage(bucket_settings(f"http://127.0.0.1:{free_port()}"))
    async with asyncio.timeout(60):
        with pytest.raises(StorageUnavailableError) as refused:
            await storage.put("a/one", b"new")
    assert refused.value.code == "storage_unavailable"
    assert isinstance(storage.store, S3Store)
