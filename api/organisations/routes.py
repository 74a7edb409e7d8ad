"""Routes under /api/v1 about organisations: a person's own ones, and the one that they administer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.database import Session
from api.identity.auth import AppSettings, CurrentPrincipal, Principal, RequireRole
from api.identity.models import MemberRole
from api.invitations import service as invitations
from api.organisations import members, programs, service
from api.organisations.repository import MemberFilter
from api.organisations.schemas import (
    EnrolmentWanted,
    MemberOut,
    MemberPage,
    MemberUpdate,
    OrganisationChoice,
    OrganisationEnd,
    OrganisationOut,
    OrganisationWanted,
    OwnOrganisationList,
    ProgramList,
    ProgramOut,
    ProgramUpdate,
    ProgramWanted,
    Search,
)
from api.pages import Cursor, decode_cursor

router = APIRouter(tags=["organisations"])
Staff = Annotated[Principal, Depends(RequireRole(MemberRole.INSTRUCTOR, MemberRole.ADMIN))]
Admin = Annotated[Principal, Depends(RequireRole(MemberRole.ADMIN))]


@router.get("/users/me/organisations", response_model=OwnOrganisationList)
async def list_mine(person: CurrentPrincipal, session: Session) -> OwnOrganisationList:
    """The organisations that the signed-in person belongs to."""
    return OwnOrganisationList(items=await service.mine(session, person))


@router.put("/users/me/organisation", status_code=204, response_class=Response)
async def choose(choice: OrganisationChoice, person: CurrentPrincipal, session: Session) -> Response:
    """Act under another of one's organisations from now on: practice is kept there, by its rules."""
    await service.switch(session, person.user, choice.organisation_id)
    return Response(status_code=204)


@router.delete("/users/me/organisations/{organisation_id}", status_code=204, response_class=Response)
async def leave(organisation_id: UUID, person: CurrentPrincipal, session: Session) -> Response:
    """Leave a school. The account and the personal organisation stay, what was said there stays there."""
    await service.leave(session, person.user, organisation_id)
    return Response(status_code=204)


@router.post("/organisations", status_code=201, response_model=OrganisationOut)
async def create(wanted: OrganisationWanted, person: CurrentPrincipal, session: Session) -> OrganisationOut:
    """Make a school. Whoever makes it is its administrator, and acts under it from then on."""
    made = await service.create(session, person, wanted.name)
    return await service.overview(session, made.organisation_id)


@router.get("/organisation", response_model=OrganisationOut)
async def read(admin: Admin, session: Session) -> OrganisationOut:
    """The organisation that the administrator acts under."""
    return await service.overview(session, admin.organisation_id)


@router.patch("/organisation", response_model=OrganisationOut)
async def rename(wanted: OrganisationWanted, admin: Admin, session: Session) -> OrganisationOut:
    """Give the school another name."""
    return await service.rename(session, admin, wanted.name)


@router.post("/organisation/delete", status_code=204, response_class=Response)
async def close(wanted: OrganisationEnd, admin: Admin, session: Session) -> Response:
    """Delete the school, by its name: everybody is out at once, and what was said in it is erased."""
    await service.close(session, admin, wanted.name)
    await invitations.withdraw_all(session, admin.organisation_id)
    return Response(status_code=204)


@router.get("/members", response_model=MemberPage)
async def list_members(  # noqa: PLR0917 - FastAPI passes each by name
    admin: Admin,
    session: Session,
    settings: AppSettings,
    search: Search = "",
    role: MemberRole | None = None,
    program_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> MemberPage:
    """Members of the organisation, the newest first, found by name or address, role and program."""
    wanted = MemberFilter(admin.organisation_id, search, role, program_id)
    return await members.list_members(session, settings, wanted, after=decode_cursor(cursor), limit=limit)


@router.patch("/members/{user_id}", response_model=MemberOut)
async def set_role(
    user_id: UUID, changes: MemberUpdate, admin: Admin, session: Session, settings: AppSettings
) -> MemberOut:
    """Give a member another role; it holds from their next request."""
    return await members.set_role(session, settings, admin, user_id, changes.role)


@router.delete("/members/{user_id}", status_code=204, response_class=Response)
async def remove_member(user_id: UUID, admin: Admin, session: Session) -> Response:
    """Take somebody out of the school; their account stays."""
    await members.remove(session, admin, user_id)
    return Response(status_code=204)


@router.get("/programs", response_model=ProgramList)
async def list_programs(staff: Staff, session: Session) -> ProgramList:
    """The programs of the organisation; for an instructor, those that they teach."""
    return ProgramList(items=await programs.list_programs(session, staff))


@router.post("/programs", status_code=201, response_model=ProgramOut)
async def create_program(wanted: ProgramWanted, admin: Admin, session: Session) -> ProgramOut:
    """Make a program."""
    return await programs.create(session, admin, wanted)


@router.get("/programs/{program_id}", response_model=ProgramOut)
async def read_program(program_id: UUID, staff: Staff, session: Session) -> ProgramOut:
    """One program."""
    return await programs.read(session, staff, program_id)


@router.patch("/programs/{program_id}", response_model=ProgramOut)
async def update_program(
    program_id: UUID, changes: ProgramUpdate, admin: Admin, session: Session
) -> ProgramOut:
    """Change a program; archive it, or take it out of the archive."""
    return await programs.update(session, admin, program_id, changes)


@router.delete("/programs/{program_id}", status_code=204, response_class=Response)
async def delete_program(program_id: UUID, admin: Admin, session: Session) -> Response:
    """Delete a program. Its people stay in the organisation, and so does what was said."""
    await programs.delete(session, admin, program_id)
    return Response(status_code=204)


@router.put("/programs/{program_id}/members/{user_id}", status_code=204, response_class=Response)
async def enrol(
    program_id: UUID, user_id: UUID, wanted: EnrolmentWanted, admin: Admin, session: Session
) -> Response:
    """Let a member learn or teach in a program."""
    await programs.enrol(session, admin, program_id, user_id, wanted.role)
    return Response(status_code=204)


@router.delete("/programs/{program_id}/members/{user_id}", status_code=204, response_class=Response)
async def unenrol(program_id: UUID, user_id: UUID, admin: Admin, session: Session) -> Response:
    """Take somebody out of a program."""
    await programs.unenrol(session, admin, program_id, user_id)
    return Response(status_code=204)
