"""An erased person is nowhere: markers planted in every text of every table, objects, queue, mail, log."""

import json
import logging
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from pgqueuer.errors import RetryRequested
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from api.curriculum.models import Objective
from api.database import async_url
from api.exams.models import ExamTemplate
from api.mail.service import forget_written, recipient_digest
from api.organisations.models import Program
from api.privacy.erasure import LOOK_AGAIN_AFTER
from api.storage import FolderStorage, StorageUnavailableError
from tests.api.conftest import PASSWORD, Addresses, AgentSide, Learner, SignUp, error_of, turn
from tests.api.privacy.conftest import Workshop
from tests.api.privacy.rows import personal_tables, row
from tests.api.privacy.test_deletion import held
from tests.api.school import choose, found
from tests.support.fake_livekit import FakeLiveKit

V1 = "/api/v1"
MARKER = "zebrafinch7"
DELETE = f"{V1}/users/me/delete"
ELSEWHERE = {"pgqueuer", "pgqueuer_log", "dead_letters", "mails", "invitations", "audit_events"}
"""Tables that are not about people and name some all the same."""


async def marked(sign_up: SignUp, owner: asyncpg.Connection) -> Learner:
    """A learner whose name and address are the marker."""
    learner = await sign_up(MARKER)
    email = f"{MARKER}@example.com"
    change = "UPDATE users SET email = $1::text, pending_email = 'next.' || $1::text WHERE id = $2"
    await owner.execute(change, email, learner.id)
    return Learner(learner.client, learner.id, email, learner.organisation_id)


async def fill(owner_url: str, learner: Learner, organisation_id: UUID) -> dict[str, Any]:
    """A row with the marker in every table about people; returns their keys, by table."""
    have: dict[str, Any] = {
        "users": learner.id,
        "organisations": organisation_id,
        "programs": uuid4(),
        "objectives": "a1-interaction",
        "exam_templates": uuid4(),
    }
    engine = create_async_engine(async_url(owner_url), poolclass=NullPool)
    async with engine.begin() as connection:
        program = {"id": have["programs"], "organisation_id": organisation_id, "name": "Evening class"}
        await connection.execute(insert(Program).values(**program))
        objective = {
            "key": have["objectives"],
            "level": "A1",
            "skill": "interaction",
            "can_do": "",
            "position": 0,
        }
        await connection.execute(insert(Objective).values(**objective).on_conflict_do_nothing())
        template = {
            "id": have["exam_templates"],
            "key": f"exam-{have['exam_templates'].hex}",
            "number": 1,
            "offered": False,
            "from_level": "A1",
            "target_level": "A2",
            "title": "",
            "content": {},
            "content_hash": "",
        }
        await connection.execute(insert(ExamTemplate).values(**template))
        for table in personal_tables():
            values = row(table, MARKER, have)
            await connection.execute(insert(table).values(**values).on_conflict_do_nothing())
            have[table.name] = values.get("id")
    return have


async def plant_elsewhere(owner: asyncpg.Connection, learner: Learner, school_id: Any) -> None:
    """What names a person outside the tables about people."""
    payload = json.dumps({"user_id": str(learner.id), "email": learner.email}).encode()
    await owner.execute(
        "INSERT INTO pgqueuer (priority, status, entrypoint, payload, dedupe_key)"
        " VALUES (0, 'queued', 'identity.recover', $1, $2)",
        payload,
        learner.email,
    )
    await owner.execute(
        "INSERT INTO pgqueuer_log (job_id, status, priority, entrypoint, traceback)"
        " VALUES (1, 'exception', 0, 'x', $1)",
        json.dumps({"error": f"could not reach {learner.email}"}),
    )
    await owner.execute(
        "INSERT INTO dead_letters (id, job, arguments, attempts, error) VALUES ($1, 'x', $2, 3, 'E')",
        uuid4(),
        json.dumps({"user_id": str(learner.id)}),
    )
    await owner.execute(
        "INSERT INTO mails (id, kind, recipient, locale, values, attempts, sent_at)"
        " VALUES ($1, 'invitation', $2, 'en', '{}', 1, now()),"
        " ($3, 'invitation', 'b@example.com', 'en', $4, 1, now())",
        uuid4(),
        learner.email,
        uuid4(),
        json.dumps({"text": {"from": MARKER}}),
    )
    await owner.execute(
        "INSERT INTO invitations (id, organisation_id, role, email, max_uses, uses, expires_at)"
        " VALUES ($1, $2, 'learner', $3, 1, 0, now())",
        uuid4(),
        school_id,
        learner.email,
    )
    await owner.execute(
        "INSERT INTO audit_events (id, organisation_id, actor_id, actor_role, action, subject_kind,"
        " subject_id, learner_id, at, correlation_id, details)"
        " VALUES ($1, $2, $3, 'learner', 'call.read', 'user', $3, $3, now(), 'x', '{}')",
        uuid4(),
        school_id,
        learner.id,
    )


async def holding(owner: asyncpg.Connection, *marks: str) -> dict[str, int]:
    """The tables of the whole schema whose rows hold one of these, as text or as bytes."""
    wanted = [*(mark.lower() for mark in marks), *(mark.encode().hex() for mark in marks)]
    tables = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    counts = {
        one["tablename"]: await owner.fetchval(
            f"""SELECT count(*) FROM "{one["tablename"]}" AS r WHERE EXISTS (
                SELECT 1 FROM unnest($1::text[]) AS m WHERE position(m IN lower(r::text)) > 0)""",  # noqa: S608
            wanted,
        )
        for one in tables
    }
    return {name: count for name, count in counts.items() if count}


def files_holding(workshop: Workshop) -> list[str]:
    """Stored objects and written mail that hold the marker."""
    home = workshop.settings.avaaz_home
    found = (path for path in home.rglob("*") if path.is_file())
    return [path.name for path in found if MARKER.encode() in path.read_bytes()]


async def erase(learner: Learner) -> None:
    """Delete the account."""
    answer = await learner.client.post(DELETE, json={"password": PASSWORD})
    assert answer.status_code == 204, answer.text


async def test_only_who_knows_the_password_erases(anonymous: httpx.AsyncClient, learner: Learner) -> None:
    assert (await anonymous.post(DELETE, json={"password": PASSWORD})).status_code == 401
    wrong = await learner.client.post(DELETE, json={"password": "Wrong-pass-1"})
    assert (wrong.status_code, error_of(wrong)) == (403, "wrong_password")


async def test_no_table_no_object_no_job_no_line_holds_an_erased_person(  # noqa: PLR0917
    sign_up: SignUp,
    stranger: Learner,
    agent: AgentSide,
    workshop: Workshop,
    owner: asyncpg.Connection,
    addresses: Addresses,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    learner = await marked(sign_up, owner)
    school = await found(sign_up)
    await school.let_in(learner)
    await choose(learner, school.id)
    in_school = await held(learner, agent, f"My name is {MARKER}")
    await choose(learner, learner.organisation_id)
    filled = [await fill(addresses.owner, learner, one) for one in (school.id, learner.organisation_id)]
    await plant_elsewhere(owner, learner, school.id)
    export_id = await owner.fetchval("SELECT id FROM exports LIMIT 1")
    for key in (
        f"recordings/{in_school.id}/segments/0.ogg",
        f"recordings/{in_school.id}/call.ogg",
        f"exports/{export_id}.zip",
    ):
        await workshop.storage.put(key, MARKER.encode())
    traces = [MARKER, str(learner.id)]
    calls = [in_school.id, *(str(keys["calls"]) for keys in filled)]
    assert set(filled[0]) - {
        "users",
        "organisations",
        "programs",
        "objectives",
        "exam_templates",
    } | ELSEWHERE <= set(await holding(owner, *traces, *calls))
    await held(stranger, agent, "I like figs")

    await erase(learner)
    assert set(await holding(owner, *traces)) <= {"mails"}, "the farewell alone waits"
    await workshop.work()

    assert await holding(owner, *traces) == {}
    assert set(await holding(owner, *calls)) == {"erased_keys"}, "by which late pieces are recognized"
    assert files_holding(workshop) == []
    assert MARKER not in caplog.text
    kept = await owner.fetch("SELECT text FROM turns")
    assert [one["text"] for one in kept] == ["I like figs"]


async def test_the_farewell_itself_goes_a_while_later(learner: Learner, workshop: Workshop) -> None:
    folder = workshop.settings.avaaz_home / "mail"
    await workshop.work()
    assert list(folder.glob("*.eml"))
    await erase(learner)
    rows = await workshop.owner.fetch(
        "SELECT execute_after - created AS delay FROM pgqueuer WHERE entrypoint = 'privacy.forget_mail'"
    )
    assert sorted(one["delay"] >= LOOK_AGAIN_AFTER * 0.99 for one in rows) == [False, True]
    await workshop.work()
    assert list(folder.glob("*.eml")) == []


async def test_mail_of_others_stays(learner: Learner, stranger: Learner, workshop: Workshop) -> None:
    await workshop.work()
    digest = recipient_digest(workshop.settings, learner.email)
    assert forget_written(workshop.settings, digest, None) == 1
    assert len(list((workshop.settings.avaaz_home / "mail").glob("*.eml"))) == 1
    assert stranger.email


async def test_erased_in_the_middle_of_a_call(
    learner: Learner, agent: AgentSide, workshop: Workshop, livekit: FakeLiveKit, owner: asyncpg.Connection
) -> None:
    room = await learner.room()
    livekit.learner_in(room)
    livekit.agent_in(room)
    call = await agent.opened(room)
    assert (await call.append(turn("a", 0))).status_code == 200
    await erase(learner)
    for answer in (await call.append(turn("b", 1)), await call.close(), await call.post("lost", {})):
        assert (answer.status_code, error_of(answer)) == (410, "call_erased")
    sound = await agent.client.put(
        f"/agent/calls/{call.id}/audio/0",
        content=b"OggS",
        headers={"Authorization": f"Bearer {call.body['grant']}", "Content-Type": "audio/ogg"},
    )
    assert sound.status_code in {410, 415, 422}, sound.text
    again = await agent.open(room, "AJ_2")
    assert (again.status_code, error_of(again)) == (410, "session_erased")
    assert "calls.end_erased_room" in await workshop.work()
    assert room not in livekit.rooms
    assert await owner.fetchval("SELECT count(*) FROM turns") == 0
    assert not list(workshop.storage.folder.rglob("*.ogg"))


async def test_what_an_older_copy_of_the_database_never_knew_is_not_taken_for_erased(
    learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    room = await learner.room()
    call = await agent.opened(room)
    await erase(learner)
    await owner.execute("DELETE FROM erased_keys")
    answer = await call.append(turn("b", 1))
    assert (answer.status_code, error_of(answer)) == (401, "grant_invalid")
    assert (await agent.open(room, "AJ_2")).status_code == 404


async def test_keys_of_what_was_erased_are_forgotten_too(
    learner: Learner, agent: AgentSide, owner: asyncpg.Connection, workshop: Workshop
) -> None:
    await held(learner, agent)
    await erase(learner)
    assert await owner.fetchval("SELECT count(*) FROM erased_keys") == 2
    await owner.execute("UPDATE erased_keys SET erased_at = now() - interval '61 days'")
    await workshop.jobs.daily()
    assert await owner.fetchval("SELECT count(*) FROM erased_keys") == 0


async def test_a_store_that_is_away_is_waited_for(
    learner: Learner, agent: AgentSide, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = await held(learner, agent)
    await workshop.storage.put(f"recordings/{call.id}/call.ogg", b"sound")
    await erase(learner)

    async def away(_self: FolderStorage, _key: str) -> None:
        raise StorageUnavailableError

    with monkeypatch.context() as patched:
        patched.setattr(FolderStorage, "delete", away)
        with pytest.raises(RetryRequested):
            await workshop.jobs.erase_remains([f"recordings/{call.id}"], [], again=False)
    await workshop.work()
    assert not list(workshop.storage.folder.rglob("*.ogg"))


async def test_an_erased_teacher_leaves_their_learners_what_is_theirs(
    sign_up: SignUp, agent: AgentSide, workshop: Workshop, app: FastAPI, owner: asyncpg.Connection
) -> None:
    school = await found(sign_up)
    teacher, mia = await school.join("Rosa", "instructor"), await school.join()
    call = await held(mia, agent)
    await erase(teacher)
    await workshop.work()
    assert (await mia.client.get(f"{V1}/calls/{call.id}")).status_code == 200
    assert await holding(owner, str(teacher.id), teacher.email) == {}
    assert app.state.database
