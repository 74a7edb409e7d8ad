"""Who may read and write about a learner: refused first, then let in."""

import asyncpg
import httpx
import pytest

from tests.api.conftest import Learner, error_of
from tests.api.review.conftest import REVIEW, HeldCall, School, ok, written


def reads(learner: Learner, call: HeldCall) -> list[str]:
    """Every address that shows something of a learner."""
    return [
        f"{REVIEW}/learners/{learner.id}",
        f"{REVIEW}/learners/{learner.id}/calls",
        f"{REVIEW}/learners/{learner.id}/assignments",
        call.at,
        f"{call.at}/turns",
        f"{call.at}/transcript",
    ]


async def test_anonymous(anonymous: httpx.AsyncClient, maya: Learner, call: HeldCall) -> None:
    for address in reads(maya, call):
        assert (await anonymous.get(address)).status_code == 401, address


async def test_learners_are_refused_even_their_own(maya: Learner, call: HeldCall) -> None:
    for address in (*reads(maya, call), f"{REVIEW}/learners", f"{REVIEW}/bookmarks"):
        assert (await maya.client.get(address)).status_code == 403, address


@pytest.fixture
async def head_of_another(stranger: Learner, owner: asyncpg.Connection) -> Learner:
    """An administrator of another organisation."""
    await owner.execute("UPDATE memberships SET role = 'admin' WHERE user_id = $1", stranger.id)
    return stranger


@pytest.mark.parametrize("who", ["other program", "other school", "no program"])
async def test_others_are_told_that_nothing_is_there(
    who: str, school: School, head_of_another: Learner, maya: Learner, call: HeldCall
) -> None:
    if who == "other school":
        asking = head_of_another
    else:
        program = school.other_program_id if who == "other program" else None
        asking = await school.join("Olaf", "instructor", program)
    for address in reads(maya, call):
        assert (await asking.client.get(address)).status_code == 404, address
    for body in ({"text": "Hello"}, {"text": "Hello", "turn_id": call.turns[0]["id"]}):
        assert (await asking.client.post(f"{call.at}/comments", json=body)).status_code == 404
    assert (await asking.client.post(f"{call.at}/flags", json={"kind": "attention"})).status_code == 404
    assert (await asking.client.post(f"{call.at}/bookmarks", json={})).status_code == 404
    assert ok(await asking.client.get(f"{REVIEW}/learners"))["items"] == []


async def test_instructor_and_administrator_read_and_it_is_noted(
    school: School, teacher: Learner, maya: Learner, call: HeldCall, owner: asyncpg.Connection
) -> None:
    administrator = await school.join("Ada", "admin")
    for person in (teacher, administrator):
        for address in reads(maya, call):
            answer = await person.client.get(address)
            assert answer.status_code == 200, (address, answer.text)
    rows = await owner.fetch("SELECT actor_id, action FROM audit_events WHERE learner_id = $1", maya.id)
    for person in (teacher, administrator):
        noted = {row["action"] for row in rows if row["actor_id"] == person.id}
        assert noted == {"learner.seen", "call.read", "call.exported"}
    await owner.execute("DELETE FROM enrolments WHERE user_id = $1", maya.id)
    assert (await teacher.client.get(call.at)).status_code == 404


async def test_what_is_said_in_the_personal_organisation_stays_there(
    teacher: Learner, maya: Learner, call: HeldCall, owner: asyncpg.Connection
) -> None:
    own = await owner.fetchval(
        "SELECT s.id FROM sessions s WHERE s.user_id = $1 AND s.organisation_id <> $2",
        maya.id,
        maya.organisation_id,
    )
    await owner.execute(
        "UPDATE calls SET session_id = $1, organisation_id = (SELECT organisation_id FROM sessions"
        " WHERE id = $1) WHERE id = $2",
        own,
        call.id,
    )
    assert (await teacher.client.get(call.at)).status_code == 404
    assert ok(await teacher.client.get(f"{REVIEW}/learners/{maya.id}/calls"))["items"] == []


async def test_colleague_may_not_change_what_is_not_hers(
    teacher: Learner, colleague: Learner, call: HeldCall, school: School
) -> None:
    comment = await written(teacher, call)
    change = {"text": "Other words", "version": 1}
    refused = await colleague.client.patch(f"{REVIEW}/comments/{comment['id']}", json=change)
    assert (refused.status_code, error_of(refused)) == (403, "not_yours")
    gone = f"{REVIEW}/comments/{comment['id']}?version=1"
    assert (await colleague.client.delete(gone)).status_code == 403
    administrator = await school.join("Ada", "admin")
    assert (await administrator.client.delete(gone)).status_code == 204
