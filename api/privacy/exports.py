"""Archives of everything about a person: asked for, shown while they are made, fetched by a signed link."""

from datetime import UTC, timedelta
from typing import Final
from uuid import UUID

import jwt
from sqlalchemy.ext.asyncio import AsyncSession

from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.database import Database, utc_now
from api.errors import ConflictError, NotFoundError, RateLimitedError
from api.identity.auth import Principal
from api.jobs import JobName, enqueue
from api.privacy.models import Export, ExportState
from api.privacy.repository import ExportRepository
from api.privacy.schemas import ExportLink, ExportList, ExportOut
from api.settings import API_PREFIX, Settings
from api.signing import sign, verified
from api.storage import Storage
from api.tenancy import act_for

PURPOSE: Final = "export"
AUDIENCE: Final = "avaaz:export"
LINK_LIFETIME: Final = timedelta(minutes=10)
STALE_AFTER: Final = timedelta(minutes=30)
"""A making that has not moved for so long has lost its worker."""
MOST_A_DAY: Final = 3
SHOWN: Final = 5


def object_key(export_id: UUID) -> str:
    """Where an archive's file is stored."""
    return f"exports/{export_id}.zip"


async def ask(session: AsyncSession, person: Principal) -> ExportOut:
    """Have an archive made.

    Raises:
        ConflictError: One is being made (`export_under_way`).
        RateLimitedError: The person had as many as one may have a day.
    """
    repository, now = ExportRepository(session), utc_now()
    user_id = person.user.id
    await repository.give_up(user_id, now - STALE_AFTER)
    if await repository.count_since(user_id, now - timedelta(days=1)) >= MOST_A_DAY:
        raise RateLimitedError(f"You can ask for {MOST_A_DAY} copies a day.", retry_after_s=3600)
    export = await repository.begin(user_id)
    if export is None:
        raise ConflictError("A copy is being made already.", code="export_under_way")
    subject = Subject("export", export.id)
    await audit.record(session, person, AuditAction.EXPORT_ASKED, subject=subject, learner_id=user_id)
    arguments = {"export_id": str(export.id), "user_id": str(user_id)}
    await enqueue(session, JobName.MAKE_EXPORT, arguments)
    return ExportOut.model_validate(export)


async def list_exports(session: AsyncSession, user_id: UUID) -> ExportList:
    """A person's latest archives, newest first."""
    rows = await ExportRepository(session).of_user(user_id, SHOWN)
    return ExportList(items=[ExportOut.model_validate(row) for row in rows])


async def keys_of(session: AsyncSession, user_id: UUID) -> list[UUID]:
    """Keys of all archives of a person."""
    return list(await ExportRepository(session).all_keys(user_id))


async def link(session: AsyncSession, settings: Settings, person: Principal, export_id: UUID) -> ExportLink:
    """An address to fetch an archive from, good for some minutes.

    Raises:
        NotFoundError: The person has no such archive, or it is not there (yet, or any more).
    """
    await _ready(session, export_id, person.user.id)
    expires_at = (utc_now() + LINK_LIFETIME).replace(microsecond=0)
    claims = {"aud": AUDIENCE, "sub": str(export_id), "usr": str(person.user.id), "exp": expires_at}
    subject = Subject("export", export_id)
    await audit.record(
        session, person, AuditAction.EXPORT_FETCHED, subject=subject, learner_id=person.user.id
    )
    url = f"{API_PREFIX}/exports/{sign(settings, PURPOSE, claims)}"
    return ExportLink(url=url, expires_at=expires_at.astimezone(UTC))


async def of_link(session: AsyncSession, settings: Settings, token: str) -> Export:
    """The archive that a link fetches.

    Raises:
        NotFoundError: The link has run out or was not made here, or the archive is gone.
    """
    try:
        claims = verified(settings, PURPOSE, token, audience=AUDIENCE, require=["sub", "usr"])
        export_id, user_id = UUID(claims["sub"]), UUID(claims["usr"])
    except (jwt.PyJWTError, ValueError, AttributeError, UnicodeError, RecursionError):
        raise NotFoundError("This link does not work (any more).", code="link_invalid") from None
    await act_for(session, None, user_id)
    return await _ready(session, export_id, user_id)


async def remove(session: AsyncSession, storage: Storage, person: Principal, export_id: UUID) -> None:
    """Delete an archive before its time.

    Raises:
        NotFoundError: The person has no such archive.
        StorageUnavailableError: It could not be removed now.
    """
    export = await ExportRepository(session).get(export_id, person.user.id, lock=True)
    if export is None or export.state == ExportState.MAKING:
        raise NotFoundError
    export.state = ExportState.GONE
    await storage.delete(object_key(export_id))


async def remove_run_out(database: Database, storage: Storage) -> int:
    """Delete archives whose time is over; return how many.

    Raises:
        StorageUnavailableError: One could not be removed; it is tried again the next time.
    """
    async with database.reading() as session:
        over = await ExportRepository(session).run_out()
    for export_id, user_id in over:
        await storage.delete(object_key(export_id))
        async with database.transaction() as session:
            await act_for(session, None, user_id)
            export = await ExportRepository(session).get(export_id, user_id, lock=True)
            if export is not None:
                export.state = ExportState.GONE
    return len(over)


async def _ready(session: AsyncSession, export_id: UUID, user_id: UUID) -> Export:
    export = await ExportRepository(session).get(export_id, user_id)
    over = export is not None and export.expires_at is not None and export.expires_at <= utc_now()
    if export is None or export.state != ExportState.READY or over:
        raise NotFoundError
    return export
