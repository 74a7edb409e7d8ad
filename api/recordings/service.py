"""Recordings: taking their segments in, handing them out, erasing them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.calls.models import Call
from api.contract.assessment import SoundKept
from api.contract.calls import SegmentKept
from api.contract.sound import MAX_SEGMENT_BYTES, SoundError, unpack_segment
from api.database import utc_now
from api.errors import ConflictError, GoneError, InvalidError, NotFoundError
from api.exams import record as exams
from api.identity.auth import Principal
from api.jobs import JobName, enqueue
from api.organisations import access
from api.recordings import consent, links
from api.recordings.models import Recording, RecordingState
from api.recordings.queue import join_soon
from api.recordings.repository import RecordingRepository, SegmentRepository
from api.recordings.schemas import HearingState, PeaksOut, RecordingOut
from api.settings import Settings
from api.storage import Storage
from api.tenancy import act_for

MOST_PEAKS: Final = 1_000
_FOLDER: Final = "recordings"
HELD_AT_MOST: Final = timedelta(hours=24)
"""Sound that is held for scoring alone is erased so long after its call began, scored or not."""


def folder_of(call_id: UUID) -> str:
    """Where everything is that is stored of a call's recording."""
    return f"{_FOLDER}/{call_id}"


async def keep_segment(
    session: AsyncSession, storage: Storage, call: Call, number: int, data: bytes
) -> SegmentKept:
    """Keep a segment; sent again, it stays as it is. Of a call that is over, all are joined then.

    Raises:
        GoneError: The learner has withdrawn consent, or had it erased (`recording_stopped`).
        InvalidError: It is no segment, or too large (`segment_invalid`).
        ConflictError: The call has another segment of this number (`segment_differs`).
        StorageUnavailableError: It could not be stored now.
    """
    if len(data) > MAX_SEGMENT_BYTES:
        raise InvalidError(f"A segment has at most {MAX_SEGMENT_BYTES} bytes.", code="segment_invalid")
    try:
        sound = unpack_segment(data)
    except SoundError as error:
        raise InvalidError(f"This is no segment: {error}.", code="segment_invalid") from None
    await _require_wanted(session, call, sound.started_at)
    digest = hashlib.sha256(data).hexdigest()
    key = f"{folder_of(call.id)}/segments/{number}.ogg"
    added = await SegmentRepository(session).add(
        {
            "organisation_id": call.organisation_id,
            "call_id": call.id,
            "number": number,
            "started_at": sound.started_at,
            "duration_s": sound.duration_s,
            "size_bytes": len(data),
            "sha256": digest,
            "object_key": key,
        }
    )
    if not added and await SegmentRepository(session).digest_of(call.id, number) != digest:
        raise ConflictError("The call has another segment of this number.", code="segment_differs")
    if added:
        await storage.put(key, data)
    if call.ended_at is not None:
        await join_soon(session, call.organisation_id, call.id, after=number)
    return SegmentKept(added=added)


async def _require_wanted(session: AsyncSession, call: Call, recorded_at: datetime) -> None:
    repository = RecordingRepository(session)
    learner_id = await repository.learner_of(call.organisation_id, call.id)
    allowed = learner_id is not None and await consent.may_keep(
        session, call.organisation_id, learner_id, recorded_at
    )
    for_scoring = not allowed and await _held_for_scoring(session, call)
    if allowed or for_scoring:
        recording = await repository.ensure(call.organisation_id, call.id, for_scoring=for_scoring)
        if recording.state != RecordingState.ERASED and (allowed or recording.for_scoring):
            return
    raise GoneError("The learner does not want this call to be recorded.", code="recording_stopped")


async def _held_for_scoring(session: AsyncSession, call: Call) -> bool:
    """Whether a call's sound may be held until its exam is scored; then it is erased a day later at most."""
    left = HELD_AT_MOST - (utc_now() - call.started_at)
    if left <= timedelta() or not await exams.holds_sound(session, call.id):
        return False
    arguments = {"organisation_id": str(call.organisation_id), "call_id": str(call.id)}
    await enqueue(session, JobName.ERASE_HELD_SOUND, arguments, delay=left)
    return True


async def learner_of_hearable(session: AsyncSession, person: Principal, call_id: UUID) -> UUID:
    """The learner of a call that a person may hear: their own, or a learner's whom they may look at.

    Raises:
        NotFoundError: There is no such call for this person.
    """
    learner_id = await RecordingRepository(session).learner_of(person.organisation_id, call_id)
    if learner_id is None:
        raise NotFoundError
    if learner_id != person.user.id:
        await access.require_visible(session, person, learner_id)
    return learner_id


async def hear(session: AsyncSession, settings: Settings, person: Principal, call_id: UUID) -> RecordingOut:
    """How it stands with a call's recording, with an address that plays it for this person.

    Whoever calls this has asked `learner_of_hearable` first and noted who is about to hear it.
    """
    repository = RecordingRepository(session)
    recording = await repository.of_call(call_id)
    state = await _hearing(repository, recording, call_id)
    if recording is None or state is not HearingState.READY:
        return RecordingOut(state=state)
    link = links.Link(call_id, person.organisation_id, person.user.id)
    url, expires_at = links.make(settings, link)
    return RecordingOut(
        state=state,
        started_at=recording.started_at,
        duration_s=recording.duration_s,
        size_bytes=recording.size_bytes,
        url=url,
        expires_at=expires_at,
        peaks=shown_peaks(recording.peaks or b""),
    )


async def _hearing(
    repository: RecordingRepository, recording: Recording | None, call_id: UUID
) -> HearingState:
    if recording is None or recording.for_scoring:
        return HearingState.NONE
    if recording.state == RecordingState.ERASED:
        return HearingState.ERASED
    if await repository.is_open(call_id):
        return HearingState.RECORDING
    ready = recording.state == RecordingState.READY
    return HearingState.READY if ready else HearingState.PROCESSING


async def kept(session: AsyncSession, call_id: UUID) -> SoundKept:
    """Whether a call's recording is kept, held for scoring alone, or erased; or there never was one."""
    recording = await RecordingRepository(session).of_call(call_id)
    if recording is None:
        return "none"
    if recording.state == RecordingState.ERASED:
        return "erased"
    return "held" if recording.for_scoring else "kept"


@dataclass(frozen=True)
class Pieces:
    """The objects that hold what there is of a call's recording, and whether that is all."""

    keys: list[str]
    whole: bool


async def pieces_of(session: AsyncSession, call_id: UUID) -> Pieces | None:
    """Where a call's sound is, for jobs of its organisation; None where none is kept."""
    recording = await RecordingRepository(session).of_call(call_id)
    if recording is None or recording.state == RecordingState.ERASED:
        return None
    segments = await SegmentRepository(session).of_call(call_id)
    joined = [recording.object_key] if recording.object_key else []
    whole = recording.state == RecordingState.READY and not segments
    return Pieces([*joined, *(segment.object_key for segment in segments)], whole)


async def erase_held(session: AsyncSession, storage: Storage, call_ids: Sequence[UUID]) -> int:
    """Erase the sound of these calls that is held for scoring alone; return of how many.

    Raises:
        StorageUnavailableError: Something may still be there; nothing is forgotten then.
    """
    found = [call_id for call_id in call_ids if await kept(session, call_id) == "held"]
    await erase_calls(session, storage, found)
    return len(found)


async def of_link(session: AsyncSession, link: links.Link) -> Recording:
    """The recording that a link plays.

    Raises:
        NotFoundError: It was erased meanwhile, or the account of who asked is gone or closed.
    """
    await act_for(session, link.organisation_id, link.user_id)
    repository = RecordingRepository(session)
    recording = await repository.of_call(link.call_id)
    if recording is None or recording.for_scoring:
        raise NotFoundError
    if recording.object_key is None or not await repository.is_active(link.user_id):
        raise NotFoundError
    return recording


async def erase_call(session: AsyncSession, storage: Storage, call_id: UUID) -> None:
    """Erase all that is stored of a call's recording; what comes late of it is refused.

    For the deletion of a call, before its row goes, in a session that acts for its organisation.

    Raises:
        StorageUnavailableError: Something may still be there; nothing is forgotten then.
    """
    await erase_calls(session, storage, [call_id])


async def erase_calls(session: AsyncSession, storage: Storage, call_ids: Sequence[UUID]) -> None:
    """As `erase_call`, for several calls of the organisation that is acted for."""
    if not call_ids:
        return
    await RecordingRepository(session).erase(call_ids)
    await SegmentRepository(session).delete_of_calls(call_ids)
    for call_id in call_ids:
        await storage.delete(folder_of(call_id))


async def erase_before(
    session: AsyncSession,
    storage: Storage,
    organisation_id: UUID,
    moment: datetime,
    *,
    user_id: UUID | None = None,
) -> int:
    """Erase the recordings of an organisation's calls that began before a moment; return how many.

    Args:
        session: A job's session, acting for the organisation.
        storage: Where the recordings are.
        organisation_id: Whose.
        moment: Calls that began earlier.
        user_id: Only of this learner.

    Raises:
        StorageUnavailableError: Something may still be there; nothing is forgotten then.
    """
    found = await RecordingRepository(session).kept_before(organisation_id, moment, user_id)
    await erase_calls(session, storage, found)
    return len(found)


def shown_peaks(peaks: bytes) -> PeaksOut:
    """The peaks of both sides, the loudest of neighbours where there are too many to draw."""
    return PeaksOut(learner=_thinned(peaks[0::2]), coach=_thinned(peaks[1::2]))


def _thinned(values: bytes) -> list[int]:
    count = min(len(values), MOST_PEAKS)
    bounds = [index * len(values) // count for index in range(count + 1)] if count else []
    return [max(values[start:end]) for start, end in pairwise(bounds)]
