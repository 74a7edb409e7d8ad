"""Settings of the installation and of organisations, and maintenance."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.administration.desk import Desk
from api.administration.registry import REGISTRY, Definition, SettingKey, Value
from api.administration.repository import SettingRepository
from api.administration.schemas import MaintenanceOut, MaintenanceWanted, SettingList, SettingOut
from api.administration.switchboard import MAINTENANCE, Maintenance
from api.audit import service as audit
from api.audit.models import AuditAction
from api.calls import service as calls
from api.database import utc_now
from api.errors import NotFoundError
from infra.telemetry import get_logger

log = get_logger(__name__)


async def settings_of(session: AsyncSession, organisation_id: UUID | None) -> SettingList:
    """The settings of an organisation, or with None of the installation."""
    repository = SettingRepository(session)
    everywhere = await repository.of_installation()
    here = everywhere if organisation_id is None else await repository.of_organisation(organisation_id)
    return SettingList(
        organisation_id=organisation_id,
        items=[
            _shown(one, everywhere.get(one.key, one.default), here.get(one.key))
            for one in REGISTRY.values()
            if organisation_id is None or one.per_organisation
        ],
    )


def _shown(definition: Definition, everywhere: Value, here: Value) -> SettingOut:
    return SettingOut(
        key=definition.key,
        kind=definition.kind,
        description=definition.description,
        per_organisation=definition.per_organisation,
        default=definition.default,
        value=here,
        installation_value=everywhere,
        effective=definition.stricter(here, everywhere),
    )


def definition_of(key: str, organisation_id: UUID | None) -> Definition:
    """A setting by its key.

    Raises:
        NotFoundError: There is none, or an organisation has none of its own.
    """
    found = REGISTRY.get(SettingKey(key)) if key in set(SettingKey) else None
    if found is None or (organisation_id is not None and not found.per_organisation):
        raise NotFoundError
    return found


async def change(
    session: AsyncSession, desk: Desk, definition: Definition, value: Value, organisation_id: UUID | None
) -> None:
    """Set something, for an organisation or with None for the installation; a None value is the default.

    Raises:
        InvalidError: The value is none of this setting (`setting_invalid`).
    """
    repository = SettingRepository(session)
    if value is None:
        await repository.drop(definition.key, organisation_id)
    else:
        await repository.put(definition.key, definition.checked(value), organisation_id)
    await audit.record(
        session,
        desk.person,
        AuditAction.SETTING_CHANGED,
        organisation_id=organisation_id,
        details={"setting": definition.key, "value": value, "installation": organisation_id is None},
    )
    log.info("setting changed", setting=definition.key, installation=organisation_id is None)


async def maintenance(session: AsyncSession) -> MaintenanceOut:
    """Whether new calls are refused, and how many still run."""
    kept = (await SettingRepository(session).of_installation()).get(MAINTENANCE)
    found = Maintenance.read(kept) if kept else None
    return MaintenanceOut(
        on=found is not None,
        since=found.since if found else None,
        until=found.until if found else None,
        message=found.message if found else "",
        open_calls=await calls.count_open(session),
    )


async def begin_maintenance(session: AsyncSession, desk: Desk, wanted: MaintenanceWanted) -> None:
    """Refuse new calls from now on; begun already, the words and the end are changed."""
    repository = SettingRepository(session)
    kept = (await repository.of_installation()).get(MAINTENANCE)
    now = utc_now()
    planned = Maintenance(
        since=Maintenance.read(kept).since if kept else now,
        until=now + timedelta(minutes=wanted.minutes) if wanted.minutes else None,
        message=wanted.message,
    )
    await repository.put(MAINTENANCE, planned.kept(), None)
    await _note_maintenance(session, desk, on=True)


async def end_maintenance(session: AsyncSession, desk: Desk) -> None:
    """Let calls begin again."""
    await SettingRepository(session).drop(MAINTENANCE, None)
    await _note_maintenance(session, desk, on=False)


async def _note_maintenance(session: AsyncSession, desk: Desk, *, on: bool) -> None:
    await audit.record(session, desk.person, AuditAction.MAINTENANCE_CHANGED, details={"on": on})
    log.info("maintenance changed", on=on)
