"""The audit log: written with what it tells of, never changed, read by administrators and those concerned."""

from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.audit import service
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.audit.service import Witness
from api.database import Database
from api.identity.auth import Principal
from api.identity.models import MemberRole, User
from api.tenancy import act_for
from tests.api.conftest import Learner, SignUp, error_of
from tests.api.school import School, found

V1 = "/api/v1"


async def principal(
    database: Database, person: Learner, organisation_id: UUID, role: MemberRole
) -> Principal:
    """A person as the application knows them when they ask."""
    async with database.reading() as session:
        user = await session.get(User, person.id)
    assert user is not None
    return Principal(user, organisation_id, role)


@pytest.fixture
async def school(sign_up: SignUp) -> School:
    """A school."""
    return await found(sign_up)


async def read_by(app: FastAPI, school: School, teacher: Learner, learner: Learner, times: int = 1) -> UUID:
    """A teacher reads a call of a learner."""
    call_id = uuid4()
    person = await principal(app.state.database, teacher, school.id, MemberRole.INSTRUCTOR)
    for _ in range(times):
        await Witness(app.state.database).note(
            person, AuditAction.CALL_READ, subject=Subject("call", call_id), learner_id=learner.id
        )
    return call_id


async def test_only_administrators_read_the_log_of_an_organisation(
    anonymous: httpx.AsyncClient, school: School, app: FastAPI, stranger: Learner
) -> None:
    assert (await anonymous.get(f"{V1}/school/audit")).status_code == 401
    teacher, mia = await school.join("Rosa", "instructor"), await school.join()
    for person in (teacher, mia, stranger):
        answer = await person.client.get(f"{V1}/school/audit")
        assert (answer.status_code, error_of(answer)) == (403, "forbidden")
    call_id = await read_by(app, school, teacher, mia)
    answer = await school.admin.client.get(f"{V1}/school/audit", params={"action": "call.read"})
    [event] = answer.json()["items"]
    assert event["subject_id"] == str(call_id)
    assert (event["actor_name"], event["learner_name"]) == ("Rosa", "Mia")
    assert (event["actor_role"], event["organisation_name"]) == ("instructor", "North School")
    other = await found(school.sign_up, "South School", "Bo")
    assert await events(other.admin, "school/audit", action="call.read") == []


async def events(person: Learner, path: str, **query: str) -> list[str]:
    """The actions of a list."""
    answer = await person.client.get(f"{V1}/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return [event["action"] for event in answer.json()["items"]]


async def test_a_learner_reads_who_saw_what_of_theirs_wherever_they_act(
    app: FastAPI, school: School, stranger: Learner
) -> None:
    teacher, mia = await school.join("Rosa", "instructor"), await school.join()
    await read_by(app, school, teacher, mia)
    assert await events(mia, "users/me/audit") == ["call.read"]
    assert "call.read" not in await events(teacher, "users/me/audit")
    assert await events(stranger, "users/me/audit") == []
    own = await mia.client.put(
        f"{V1}/users/me/organisation", json={"organisation_id": str(mia.organisation_id)}
    )
    assert own.status_code < 300
    assert await events(mia, "users/me/audit") == ["call.read"]


async def test_reading_one_s_own_is_no_event_and_reading_again_soon_is_one(
    app: FastAPI, school: School
) -> None:
    teacher, mia = await school.join("Rosa", "instructor"), await school.join()
    await read_by(app, school, mia, mia)
    await read_by(app, school, teacher, mia, times=3)
    assert await events(school.admin, "school/audit", action="call.read") == ["call.read"]


async def test_lists_come_in_pages_and_by_filter(app: FastAPI, school: School) -> None:
    teacher, mia = await school.join("Rosa", "instructor"), await school.join()
    calls = [str(await read_by(app, school, teacher, mia)) for _ in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        answer = await school.admin.client.get(
            f"{V1}/school/audit", params={"limit": 2, "cursor": cursor, "learner_id": str(mia.id)}
        )
        page = answer.json()
        seen += [event["subject_id"] for event in page["items"] if event["action"] == "call.read"]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert seen == calls[::-1]
    nobody = str(uuid4())
    assert await events(school.admin, "school/audit", actor_id=nobody) == []
    assert await events(school.admin, "school/audit", until="2020-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET action = 'x'",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
    ],
)
async def test_nobody_who_serves_changes_an_event(app: FastAPI, school: School, statement: str) -> None:
    teacher, mia = await school.join("Rosa", "instructor"), await school.join()
    await read_by(app, school, teacher, mia)

    async def change() -> None:
        async with app.state.database.transaction() as session:
            await act_for(session, school.id, operator=True)
            await session.execute(text(statement))

    with pytest.raises(DBAPIError, match=r"never changed|permission denied"):
        await change()
    assert await events(school.admin, "school/audit", action="call.read") == ["call.read"]


async def test_young_events_stay_whoever_wants_them_removed(app: FastAPI, school: School) -> None:
    teacher, mia = await school.join("Rosa", "instructor"), await school.join()
    await read_by(app, school, teacher, mia)
    async with app.state.database.transaction() as session:
        removed = await session.scalar(text("SELECT trim_audit(now() + interval '1 day')"))
    assert removed == 0


async def test_an_old_event_goes_after_two_years(
    app: FastAPI, school: School, owner: asyncpg.Connection
) -> None:
    teacher, mia = await school.join("Rosa", "instructor"), await school.join()
    await read_by(app, school, teacher, mia)
    await owner.execute("UPDATE audit_events SET at = now() - interval '731 days' WHERE action = 'call.read'")
    async with app.state.database.transaction() as session:
        assert await service.remove_old(session) == 1


async def test_what_cannot_be_noted_is_not_shown(
    app: FastAPI, school: School, owner: asyncpg.Connection
) -> None:
    teacher, mia = await school.join("Rosa", "instructor"), await school.join()
    await owner.execute("ALTER TABLE audit_events ADD CONSTRAINT broken CHECK (action <> 'call.read')")
    try:
        with pytest.raises(DBAPIError):
            await read_by(app, school, teacher, mia)
    finally:
        await owner.execute("ALTER TABLE audit_events DROP CONSTRAINT broken")


async def test_an_event_is_lost_with_what_it_tells_of(app: FastAPI, school: School) -> None:
    person = await principal(app.state.database, school.admin, school.id, MemberRole.ADMIN)

    async def fail() -> None:
        async with app.state.database.transaction() as session:
            await act_for(session, school.id, school.admin.id)
            await service.record(session, person, AuditAction.PROGRAM_DELETED)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await events(school.admin, "school/audit", action="program.deleted") == []


@pytest.mark.parametrize(
    "details",
    [
        {"said": "I went to the market"},
        {"mail": "ana@example.com"},
        {"who": str(uuid4())},
        {f"n{number}": 1 for number in range(9)},
        {"long": "x" * 65},
    ],
)
async def test_texts_addresses_and_ids_are_no_details(
    app: FastAPI, school: School, details: dict[str, str | int | bool | None]
) -> None:
    async with app.state.database.transaction() as session:
        with pytest.raises(ValueError, match="plain words"):
            await service.record(session, None, AuditAction.SETTING_CHANGED, details=details)


async def test_an_event_in_the_name_of_another_organisation_is_refused(
    app: FastAPI, school: School, stranger: Learner
) -> None:

    async def pretend() -> None:
        async with app.state.database.transaction() as session:
            await act_for(session, stranger.organisation_id, stranger.id)
            await service.record(session, None, AuditAction.CALL_READ, organisation_id=school.id)

    with pytest.raises(DBAPIError, match=r"row-level security"):
        await pretend()
