"""Organisations, as an operator sees them: found, suspended, resumed."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.administration.desk import Desk
from api.administration.repository import CallFigures, OrganisationRepository
from api.administration.schemas import OrganisationFigures, OrganisationPage
from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.database import utc_now
from api.errors import NotFoundError
from api.identity.models import Organisation, OrganisationKind
from api.pages import Mark, encode_cursor
from infra.telemetry import get_logger

log = get_logger(__name__)

LATELY = timedelta(days=30)


async def page(
    session: AsyncSession, kind: OrganisationKind | None, search: str, *, after: Mark | None, limit: int
) -> OrganisationPage:
    """Organisations whose name holds `search`, the newest first.

    Args:
        session: Acts for an operator.
        kind: Only these.
        search: Empty for all.
        after: Where the last page ended.
        limit: Most organisations of the page.
    """
    repository = OrganisationRepository(session)
    found = await repository.page(kind, search.strip(), after, limit + 1)
    shown = found[:limit]
    figures = await repository.call_figures([one.id for one, _ in shown], utc_now() - LATELY)
    last = shown[-1][0] if len(found) > limit else None
    return OrganisationPage(
        items=[_shown(one, members, figures.get(one.id)) for one, members in shown],
        next_cursor=encode_cursor(Mark(0, last.created_at, last.id)) if last else None,
    )


async def read(session: AsyncSession, organisation_id: UUID) -> OrganisationFigures:
    """One organisation.

    Raises:
        NotFoundError: There is none.
    """
    found, members = await _found(session, organisation_id)
    figures = await OrganisationRepository(session).call_figures([found.id], utc_now() - LATELY)
    return _shown(found, members, figures.get(found.id))


async def suspend(session: AsyncSession, desk: Desk, organisation_id: UUID, reason: str | None) -> None:
    """Let an organisation's members do nothing in it but read their account, or with None let them again.

    Calls that run go on; new ones are refused.

    Raises:
        NotFoundError: There is no such organisation.
    """
    found, _ = await _found(session, organisation_id)
    suspended = reason is not None
    if suspended and found.suspended_at is None:
        found.suspended_at = utc_now()
    if not suspended:
        found.suspended_at = None
    found.suspension_reason = reason
    await audit.record(
        session,
        desk.person,
        AuditAction.ORGANISATION_CHANGED,
        subject=Subject("organisation", found.id),
        organisation_id=found.id,
        details={"change": "suspended" if suspended else "resumed"},
    )
    log.info("organisation changed", organisation_id=str(found.id), suspended=suspended)


async def _found(session: AsyncSession, organisation_id: UUID) -> tuple[Organisation, int]:
    found = await OrganisationRepository(session).one(organisation_id)
    if found is None:
        raise NotFoundError
    return found


def _shown(found: Organisation, members: int, figures: CallFigures | None) -> OrganisationFigures:
    calls = figures or CallFigures()
    return OrganisationFigures(
        id=found.id,
        name=found.name,
        kind=OrganisationKind(found.kind),
        created_at=found.created_at,
        suspended_at=found.suspended_at,
        suspension_reason=found.suspension_reason,
        members=members,
        calls_last_30_days=calls.calls,
        last_call_at=calls.last_call_at,
    )
