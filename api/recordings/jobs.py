"""What the job worker does with recordings: joining their segments, erasing on a learner's wish."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from pgqueuer.errors import RetryRequested

from api.contract.sound import Sound, SoundError, pack, unpack
from api.database import Database
from api.recordings import service
from api.recordings.joining import join, playing_time
from api.recordings.models import Recording, RecordingSegment, RecordingState
from api.recordings.repository import RecordingRepository, SegmentRepository
from api.storage import ObjectMissingError, Storage, StorageUnavailableError
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

STORAGE_PAUSE: Final = timedelta(minutes=1)
"""A store that is full or away is asked again so often, for as long as it takes."""


@dataclass(frozen=True)
class _Pieces:
    """What there is of a recording before it is joined."""

    recording: Recording
    segments: Sequence[RecordingSegment]


@dataclass(frozen=True)
class RecordingJobs:
    """The handlers."""

    database: Database
    storage: Storage

    async def join(self, organisation_id: str, call_id: str, after: int = 0) -> None:
        """Put a call's segments into one file; those that came late go into the file there is.

        Args:
            organisation_id: Whose call it is.
            call_id: The call.
            after: The last segment that had come, so that each late one has a job of its own.
        """
        tenant, call = UUID(organisation_id), UUID(call_id)
        pieces = await self._pieces(tenant, call)
        if pieces is None:
            return
        try:
            await self._join(tenant, call, pieces)
        except StorageUnavailableError as error:
            raise RetryRequested(STORAGE_PAUSE, error.code) from error
        log.info("recording joined", call_id=call_id, segments=len(pieces.segments), after=after)

    async def erase(self, organisation_id: str, user_id: str, before: str) -> None:
        """Erase a learner's recordings of an organisation that began before a moment, as they wished."""
        tenant = UUID(organisation_id)
        moment = datetime.fromisoformat(before)
        try:
            async with self.database.transaction() as session:
                await act_for(session, tenant)
                erased = await service.erase_before(
                    session, self.storage, tenant, moment, user_id=UUID(user_id)
                )
        except StorageUnavailableError as error:
            raise RetryRequested(STORAGE_PAUSE, error.code) from error
        log.info("recordings erased", user_id=user_id, count=erased)

    async def erase_held(self, organisation_id: str, call_id: str) -> None:
        """Erase a call's sound that was held for scoring alone: its day is over."""
        try:
            async with self.database.transaction() as session:
                await act_for(session, UUID(organisation_id))
                erased = await service.erase_held(session, self.storage, [UUID(call_id)])
        except StorageUnavailableError as error:
            raise RetryRequested(STORAGE_PAUSE, error.code) from error
        log.info("held sound erased", call_id=call_id, count=erased)

    async def _pieces(self, organisation_id: UUID, call_id: UUID) -> _Pieces | None:
        async with self.database.transaction() as session:
            await act_for(session, organisation_id)
            segments = await SegmentRepository(session).of_call(call_id)
            recording = await RecordingRepository(session).of_call(call_id)
        if recording is None or not segments or recording.state == RecordingState.ERASED:
            return None
        return _Pieces(recording, segments)

    async def _join(self, organisation_id: UUID, call_id: UUID, pieces: _Pieces) -> None:
        sounds = [sound for sound in [await self._joined_before(pieces.recording)] if sound]
        sounds += [await self._sound(segment) for segment in pieces.segments]
        whole, data = await asyncio.to_thread(_made, sounds)
        folder = service.folder_of(call_id)
        key = f"{folder}/{uuid4().hex}.ogg"
        await self.storage.put(key, data)
        before = pieces.recording.object_key
        async with self.database.transaction() as session:
            await act_for(session, organisation_id)
            settled = await RecordingRepository(session).settle(
                pieces.recording.id,
                before,
                {
                    "object_key": key,
                    "started_at": whole.started_at,
                    "duration_s": playing_time(whole),
                    "size_bytes": len(data),
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "peaks": whole.peaks,
                },
            )
            if settled:
                await SegmentRepository(session).delete([segment.id for segment in pieces.segments])
        if not settled:
            await self.storage.delete(key)
            raise RetryRequested(STORAGE_PAUSE, "joined by another worker, or erased, meanwhile")
        for old in [*([before] if before else []), *(segment.object_key for segment in pieces.segments)]:
            await self.storage.delete(old)

    async def _joined_before(self, recording: Recording) -> Sound | None:
        if recording.object_key is None:
            return None
        sound = unpack(await self.storage.get(recording.object_key))
        return Sound(sound.started_at, sound.packets, recording.peaks or b"", sound.pre_skip)

    async def _sound(self, segment: RecordingSegment) -> Sound:
        try:
            return unpack(await self.storage.get(segment.object_key))
        except (ObjectMissingError, SoundError):
            log.exception("a segment cannot be read", segment_id=str(segment.id))
            raise


def _made(sounds: Sequence[Sound]) -> tuple[Sound, bytes]:
    whole = join(sounds)
    return whole, pack(Sound(whole.started_at, whole.packets, b"", whole.pre_skip))
