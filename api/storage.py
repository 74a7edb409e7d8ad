"""Stored objects, which are too large for the database: a folder, or a bucket that speaks S3.

Keys are paths of plain names, `recordings/<call>/...`; what belongs together stands under one prefix, so that
it can be erased by it. An object is there whole or not at all. A full or unreachable store is a
`StorageUnavailableError`, which callers may try again; nothing is half written then.
"""

import asyncio
import errno
import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Final, Protocol
from uuid import uuid4

import obstore
from fastapi import Depends, Request
from obstore.exceptions import BaseError
from obstore.store import S3Store

from api.errors import UnavailableError
from api.settings import Settings
from infra.telemetry import get_logger

log = get_logger(__name__)

PIECE_BYTES: Final = 256 * 1024
RETRY_S: Final = 30
_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class StorageUnavailableError(UnavailableError):
    """Objects cannot be stored or read now (`storage_unavailable`, `storage_full`)."""

    code = "storage_unavailable"
    message = "The place where recordings are kept does not answer. Please try again in a little while."


class ObjectMissingError(LookupError):
    """There is no object of this key."""


class Storage(Protocol):
    """Where objects are kept."""

    async def put(self, key: str, data: bytes) -> None:
        """Keep an object; one of this key is replaced.

        Raises:
            StorageUnavailableError: It could not be kept.
        """

    async def put_file(self, key: str, path: Path) -> None:
        """Keep a file's content as an object; one of this key is replaced.

        Raises:
            StorageUnavailableError: It could not be kept.
        """

    async def get(self, key: str) -> bytes:
        """A whole object.

        Raises:
            ObjectMissingError: It is not there.
            StorageUnavailableError: It could not be read.
        """

    def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to `end`, which is not among them, piece by piece.

        Raises:
            ObjectMissingError: It is not there.
            StorageUnavailableError: It could not be read.
        """

    async def delete(self, prefix: str) -> None:
        """Remove the object of this key, and everything under it; what is not there is no error.

        Raises:
            StorageUnavailableError: Something may still be there.
        """


def storage_of(settings: Settings) -> Storage:
    """The store that the settings name: a bucket where there is one, else a folder."""
    if settings.s3_bucket:
        return BucketStorage(settings)
    return FolderStorage(settings.objects_dir or settings.avaaz_home / "objects")


async def current_storage(request: Request) -> Storage:
    """The application's store."""
    storage: Storage = request.app.state.storage
    return storage


CurrentStorage = Annotated[Storage, Depends(current_storage)]


def checked(key: str) -> str:
    """The key, if it is one.

    Raises:
        ValueError: It could lead elsewhere.
    """
    if not _KEY.fullmatch(key):
        raise ValueError("a key is a path of plain names")
    return key


class FolderStorage:
    """Objects as files under a folder: written beside, synchronised, and put in place by renaming."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def put(self, key: str, data: bytes) -> None:
        """See `Storage`."""
        await self._kept(lambda draft: draft.write_bytes(data), key)

    async def put_file(self, key: str, path: Path) -> None:
        """See `Storage`."""
        await self._kept(lambda draft: shutil.copyfile(path, draft), key)

    async def get(self, key: str) -> bytes:
        """See `Storage`."""
        try:
            return await asyncio.to_thread(self._path(key).read_bytes)
        except FileNotFoundError:
            raise ObjectMissingError(key) from None
        except OSError as error:
            raise _away(error) from error

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See `Storage`."""
        try:
            file = await asyncio.to_thread(self._path(key).open, "rb")
        except FileNotFoundError:
            raise ObjectMissingError(key) from None
        except OSError as error:
            raise _away(error) from error
        with file:
            file.seek(start)
            while start < end:
                piece = await asyncio.to_thread(file.read, min(PIECE_BYTES, end - start))
                if not piece:
                    return
                start += len(piece)
                yield piece

    async def delete(self, prefix: str) -> None:
        """See `Storage`."""
        try:
            await asyncio.to_thread(_remove, self._path(prefix))
        except OSError as error:
            raise _away(error) from error

    async def _kept(self, write: "Write", key: str) -> None:
        try:
            await asyncio.to_thread(_put_in_place, self._path(key), write)
        except OSError as error:
            raise _away(error) from error

    def _path(self, key: str) -> Path:
        return self.folder / checked(key)


class Write(Protocol):
    """Fills a file."""

    def __call__(self, path: Path, /) -> object:
        """Write it."""


class BucketStorage:
    """Objects in a bucket of a server that speaks S3."""

    def __init__(self, settings: Settings) -> None:
        endpoint = settings.s3_endpoint
        secret = settings.s3_secret_access_key
        self.store = S3Store(
            settings.s3_bucket,
            endpoint=endpoint,
            region=settings.s3_region,
            access_key_id=settings.s3_access_key_id,
            secret_access_key=secret.get_secret_value() if secret else None,
            client_options={"timeout": "20s", "connect_timeout": "3s", "allow_http": _is_plain(endpoint)},
            retry_config={"max_retries": 2},
        )

    async def put(self, key: str, data: bytes) -> None:
        """See `Storage`."""
        try:
            await obstore.put_async(self.store, checked(key), data)
        except BaseError as error:
            raise _away(error) from error

    async def put_file(self, key: str, path: Path) -> None:
        """See `Storage`."""
        try:
            await obstore.put_async(self.store, checked(key), path)
        except BaseError as error:
            raise _away(error) from error

    async def get(self, key: str) -> bytes:
        """See `Storage`."""
        try:
            answer = await obstore.get_async(self.store, checked(key))
            return bytes(await answer.bytes_async())
        except FileNotFoundError:
            raise ObjectMissingError(key) from None
        except BaseError as error:
            raise _away(error) from error

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See `Storage`."""
        while start < end:
            until = min(start + PIECE_BYTES, end)
            try:
                yield bytes(await obstore.get_range_async(self.store, checked(key), start=start, end=until))
            except FileNotFoundError:
                raise ObjectMissingError(key) from None
            except BaseError as error:
                raise _away(error) from error
            start = until

    async def delete(self, prefix: str) -> None:
        """See `Storage`."""
        try:
            async for found in obstore.list(self.store, checked(prefix)):
                await obstore.delete_async(self.store, [one["path"] for one in found])
            await obstore.delete_async(self.store, prefix)
        except FileNotFoundError:
            return
        except BaseError as error:
            raise _away(error) from error


def _is_plain(endpoint: str | None) -> bool:
    return endpoint is not None and endpoint.startswith("http://")


def _put_in_place(path: Path, write: Write) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        write(draft)
        _sync(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _away(error: Exception) -> StorageUnavailableError:
    full = isinstance(error, OSError) and error.errno in _FULL
    log.warning("storage failed", error=type(error).__name__, full=full)
    if full:
        return StorageUnavailableError(
            "The place where recordings are kept is full.", code="storage_full", retry_after_s=RETRY_S
        )
    return StorageUnavailableError(retry_after_s=RETRY_S)
