"""Routes under /api/v1/admin: people, organisations, settings, maintenance, health, counts, the audit log.

Operators run the installation; an administrator finds the same pages for their own organisation alone, and
not those that only an installation has.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.administration import configuration, overview, people, tenants
from api.administration.desk import CurrentDesk, OperatorsDesk
from api.administration.registry import Definition
from api.administration.schemas import (
    Erasure,
    MaintenanceOut,
    MaintenanceWanted,
    OrganisationFigures,
    OrganisationPage,
    PersonOut,
    PersonPage,
    RoleChange,
    SettingChange,
    SettingList,
    Statistics,
    Suspension,
    SystemHealth,
)
from api.administration.switchboard import CurrentSwitchboard, CurrentSwitches
from api.audit import service as audit
from api.audit.schemas import AuditFilter, AuditPage, audit_filter
from api.database import Session
from api.health.routes import Probe
from api.identity.auth import AppSettings
from api.identity.models import OrganisationKind, User
from api.pages import Cursor, decode_cursor
from api.rate_limit import Limiter
from api.text import PlainText

router = APIRouter(prefix="/admin", tags=["administration"])

Search = Annotated[PlainText, Query(max_length=120)]
Limit = Annotated[int, Query(ge=1, le=100)]


async def wanted_person(user_id: UUID, desk: CurrentDesk, session: Session) -> User:
    """The person in the address.

    Raises:
        NotFoundError: There is none, or they are not the desk's.
    """
    return await people.find(session, desk, user_id)


Wanted = Annotated[User, Depends(wanted_person)]


async def wanted_organisation(
    desk: CurrentDesk, session: Session, organisation_id: Annotated[UUID | None, Query()] = None
) -> UUID | None:
    """The organisation that is asked about; an administrator's own, and None for the installation.

    Raises:
        NotFoundError: It does not exist, or is not theirs.
    """
    return await desk.narrowed(session, organisation_id)


WantedOrganisation = Annotated[UUID | None, Depends(wanted_organisation)]


async def wanted_setting(setting: str, organisation_id: WantedOrganisation) -> Definition:
    """The setting in the address.

    Raises:
        NotFoundError: There is none, or organisations have none of their own.
    """
    return configuration.definition_of(setting, organisation_id)


WantedSetting = Annotated[Definition, Depends(wanted_setting)]


@router.get("/statistics", response_model=Statistics)
async def read_statistics(session: Session, organisation_id: WantedOrganisation) -> Statistics:
    """Counts of people and calls, and how long answers took."""
    return await overview.statistics(session, organisation_id)


@router.get("/health", response_model=SystemHealth)
async def read_health(
    _desk: OperatorsDesk, session: Session, settings: AppSettings, probe: Probe, switches: CurrentSwitches
) -> SystemHealth:
    """How each part does, with times and versions."""
    return await overview.health(session, settings, probe, switches)


@router.get("/users", response_model=PersonPage)
async def list_people(
    session: Session,
    organisation_id: WantedOrganisation,
    search: Search = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PersonPage:
    """People, the newest accounts first; `search` is a whole address or part of a name."""
    return await people.page(session, organisation_id, search, after=decode_cursor(cursor), limit=limit)


@router.get("/users/{user_id}", response_model=PersonOut)
async def read_person(user: Wanted, desk: CurrentDesk, session: Session) -> PersonOut:
    """One person."""
    return await people.read(session, desk, user)


@router.put("/users/{user_id}/role", status_code=204, response_class=Response)
async def set_role(
    user: Wanted, desk: CurrentDesk, session: Session, settings: AppSettings, change: RoleChange
) -> Response:
    """Give a person another role in an organisation."""
    await people.set_role(session, settings, desk, user, change)
    return Response(status_code=204)


@router.post("/users/{user_id}/deactivate", status_code=204, response_class=Response)
async def deactivate(desk: OperatorsDesk, user: Wanted, session: Session) -> Response:
    """Close an account: it is signed out everywhere and nothing opens it. What was kept stays."""
    await people.set_active(session, desk, user, active=False)
    return Response(status_code=204)


@router.post("/users/{user_id}/reactivate", status_code=204, response_class=Response)
async def reactivate(desk: OperatorsDesk, user: Wanted, session: Session) -> Response:
    """Open a closed account again."""
    await people.set_active(session, desk, user, active=True)
    return Response(status_code=204)


@router.post("/users/{user_id}/erase", status_code=204, response_class=Response)
async def erase(
    desk: OperatorsDesk, user: Wanted, session: Session, settings: AppSettings, named: Erasure
) -> Response:
    """Erase a person with everything of theirs, for good, at their wish."""
    await people.erase(session, settings, desk, user, named.email)
    return Response(status_code=204)


@router.post("/users/{user_id}/sign-out", status_code=204, response_class=Response)
async def sign_out(user: Wanted, desk: CurrentDesk, session: Session) -> Response:
    """Sign a person's browsers and API clients out."""
    await people.sign_out(session, desk, user)
    return Response(status_code=204)


@router.post("/users/{user_id}/verification", status_code=202, response_class=Response)
async def resend_verification(
    user: Wanted, desk: CurrentDesk, session: Session, limiter: Limiter
) -> Response:
    """Mail a person the link that confirms their address once more."""
    limiter.mail.take(str(user.id))
    await people.resend_verification(session, desk, user)
    return Response(status_code=202)


@router.get("/organisations", response_model=OrganisationPage)
async def list_organisations(
    _desk: OperatorsDesk,
    session: Session,
    search: Search = "",
    kind: OrganisationKind | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> OrganisationPage:
    """Organisations, the newest first; `search` is part of a name."""
    return await tenants.page(session, kind, search, after=decode_cursor(cursor), limit=limit)


@router.get("/organisations/{organisation_id}", response_model=OrganisationFigures)
async def read_organisation(
    organisation_id: UUID, _desk: OperatorsDesk, session: Session
) -> OrganisationFigures:
    """One organisation."""
    return await tenants.read(session, organisation_id)


@router.put("/organisations/{organisation_id}/suspension", status_code=204, response_class=Response)
async def suspend(
    organisation_id: UUID,
    wanted: Suspension,
    desk: OperatorsDesk,
    session: Session,
    switchboard: CurrentSwitchboard,
) -> Response:
    """Suspend an organisation: its members are told why, and get no new calls. Those that run go on."""
    await tenants.suspend(session, desk, organisation_id, wanted.reason)
    switchboard.forget()
    return Response(status_code=204)


@router.delete("/organisations/{organisation_id}/suspension", status_code=204, response_class=Response)
async def resume(
    organisation_id: UUID, desk: OperatorsDesk, session: Session, switchboard: CurrentSwitchboard
) -> Response:
    """Let an organisation's members go on."""
    await tenants.suspend(session, desk, organisation_id, None)
    switchboard.forget()
    return Response(status_code=204)


@router.get("/settings", response_model=SettingList)
async def list_settings(session: Session, organisation_id: WantedOrganisation) -> SettingList:
    """The settings of the installation, or of an organisation, with what holds."""
    return await configuration.settings_of(session, organisation_id)


@router.put("/settings/{setting}", status_code=204, response_class=Response)
async def change_setting(  # noqa: PLR0917 - FastAPI passes each by name
    setting: WantedSetting,
    change: SettingChange,
    desk: CurrentDesk,
    session: Session,
    organisation_id: WantedOrganisation,
    switchboard: CurrentSwitchboard,
) -> Response:
    """Set something, for the installation or for an organisation. Null goes back to the default."""
    await configuration.change(session, desk, setting, change.value, organisation_id)
    switchboard.forget()
    return Response(status_code=204)


@router.get("/maintenance", response_model=MaintenanceOut)
async def read_maintenance(_desk: OperatorsDesk, session: Session) -> MaintenanceOut:
    """Whether new calls are refused."""
    return await configuration.maintenance(session)


@router.put("/maintenance", status_code=204, response_class=Response)
async def begin_maintenance(
    wanted: MaintenanceWanted, desk: OperatorsDesk, session: Session, switchboard: CurrentSwitchboard
) -> Response:
    """Refuse new calls; those that run go on."""
    await configuration.begin_maintenance(session, desk, wanted)
    switchboard.forget()
    return Response(status_code=204)


@router.delete("/maintenance", status_code=204, response_class=Response)
async def end_maintenance(desk: OperatorsDesk, session: Session, switchboard: CurrentSwitchboard) -> Response:
    """Let calls begin again."""
    await configuration.end_maintenance(session, desk)
    switchboard.forget()
    return Response(status_code=204)


@router.get("/audit", response_model=AuditPage)
async def list_events(
    session: Session,
    organisation_id: WantedOrganisation,
    wanted: Annotated[AuditFilter, Depends(audit_filter)],
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AuditPage:
    """Who did, saw or heard what, newest first; for an administrator in their organisation alone."""
    return await audit.list_events(session, organisation_id, wanted, after=decode_cursor(cursor), limit=limit)
