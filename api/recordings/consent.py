"""Whether a learner's calls may be recorded: asked once for each version of the words, in each organisation.

Consent is one person's to one organisation, because its staff may hear what was recorded there.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.database import utc_now
from api.errors import ConflictError, ForbiddenError
from api.identity import consents
from api.identity.auth import Principal
from api.identity.schemas import ConsentState
from api.jobs import JobName, enqueue
from api.recordings.models import RecordingConsent
from api.recordings.repository import RecordingConsentRepository, RecordingRepository
from api.recordings.schemas import CONSENT_VERSION, RecordingConsentAnswer, RecordingConsentOut
from api.settings import Settings
from infra.telemetry import get_logger

log = get_logger(__name__)

CLOCKS_DIFFER_BY = timedelta(seconds=30)
"""At most, between the machine that records and this one."""

_ADULT_FIRST = frozenset({ConsentState.NEEDED, ConsentState.ASKED})


async def state_of(session: AsyncSession, settings: Settings, person: Principal) -> RecordingConsentOut:
    """How it stands with a person's consent to being recorded."""
    answer = await RecordingConsentRepository(session).latest(person.organisation_id, person.user.id)
    adult = await consents.state_of(session, settings, person.user) in _ADULT_FIRST
    kept = await RecordingRepository(session).count_kept(person.organisation_id, person.user.id)
    return RecordingConsentOut(
        version=CONSENT_VERSION,
        asked=answer is not None and answer.version == CONSENT_VERSION,
        granted=_stands(answer) and not adult,
        adult_needed=adult,
        granted_at=answer.granted_at if answer else None,
        withdrawn_at=answer.withdrawn_at if answer else None,
        recordings=kept,
    )


async def give_answer(
    session: AsyncSession, settings: Settings, person: Principal, given: RecordingConsentAnswer
) -> RecordingConsentOut:
    """Keep a person's yes or no. A no stops the recording of a running call and what still waits of it.

    Raises:
        ConflictError: Other words are in force than were read (`consent_outdated`).
        ForbiddenError: A guardian or the school has to agree to the practice first (`consent_needed`).
    """
    if given.granted:
        await _grant(session, settings, person, given.version)
    else:
        await _refuse(session, person)
        if given.erase:
            arguments = {"organisation_id": str(person.organisation_id), "user_id": str(person.user.id)}
            await enqueue(session, JobName.ERASE_RECORDINGS, {**arguments, "before": utc_now().isoformat()})
    return await state_of(session, settings, person)


async def may_record(session: AsyncSession, settings: Settings, organisation_id: UUID, user_id: UUID) -> bool:
    """Whether a call that begins now may be recorded: a yes to the words in force, and an adult's yes."""
    repository = RecordingConsentRepository(session)
    if not _stands(await repository.latest(organisation_id, user_id)):
        return False
    learner = await repository.learner(user_id)
    return learner is not None and await consents.state_of(session, settings, learner) not in _ADULT_FIRST


async def may_keep(
    session: AsyncSession, organisation_id: UUID, user_id: UUID, recorded_at: datetime
) -> bool:
    """Whether what was recorded at a moment may be kept: the yes it was recorded under was not taken back."""
    answer = await RecordingConsentRepository(session).latest(organisation_id, user_id)
    if answer is None or answer.granted_at is None or answer.withdrawn_at is not None:
        return False
    return recorded_at + CLOCKS_DIFFER_BY >= answer.granted_at


def _stands(answer: RecordingConsent | None) -> bool:
    if answer is None or answer.version != CONSENT_VERSION:
        return False
    return answer.granted_at is not None and answer.withdrawn_at is None


async def _grant(session: AsyncSession, settings: Settings, person: Principal, version: str) -> None:
    if version != CONSENT_VERSION:
        raise ConflictError("These words are not in force any more.", code="consent_outdated")
    if await consents.state_of(session, settings, person.user) in _ADULT_FIRST:
        raise ForbiddenError("A parent, guardian or your school must agree first.", code="consent_needed")
    repository = RecordingConsentRepository(session)
    answer = await repository.latest(person.organisation_id, person.user.id)
    if _stands(answer):
        return
    now = utc_now()
    if answer is not None and answer.withdrawn_at is None:
        answer.withdrawn_at = now  # to older words; the new answer takes its place
        await session.flush()
    await repository.add(_answer(person, granted_at=now))
    await _note(session, person, AuditAction.CONSENT_GIVEN)


async def _refuse(session: AsyncSession, person: Principal) -> None:
    repository = RecordingConsentRepository(session)
    answer = await repository.latest(person.organisation_id, person.user.id)
    now = utc_now()
    if answer is not None and answer.withdrawn_at is None:
        answer.withdrawn_at = now
        await session.flush()
        await _note(session, person, AuditAction.CONSENT_WITHDRAWN)
        if answer.version == CONSENT_VERSION:
            return
    if answer is None or answer.version != CONSENT_VERSION:
        await repository.add(_answer(person, withdrawn_at=now))


def _answer(
    person: Principal, *, granted_at: datetime | None = None, withdrawn_at: datetime | None = None
) -> RecordingConsent:
    return RecordingConsent(
        organisation_id=person.organisation_id,
        user_id=person.user.id,
        version=CONSENT_VERSION,
        granted_at=granted_at,
        withdrawn_at=withdrawn_at,
    )


async def _note(session: AsyncSession, person: Principal, action: AuditAction) -> None:
    log.info("consent to recording", action=action, user_id=str(person.user.id))
    await audit.record(
        session,
        person,
        action,
        subject=Subject("recording_consent", person.user.id),
        learner_id=person.user.id,
        details={"version": CONSENT_VERSION},
    )
