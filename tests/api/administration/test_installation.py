"""The installation: organisations, settings, maintenance, health, counts, jobs."""

import json
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from api.administration.registry import REGISTRY, SettingKind
from api.administration.switchboard import Switchboard
from api.database import Database
from api.main import create_app
from api.settings import Settings
from tests.api.administration.conftest import School
from tests.api.conftest import PASSWORD, AgentSide, Learner, client_of, error_of
from tests.support.ports import free_port

ADMIN = "/api/v1/admin"
TOKEN = "/api/v1/sessions/default/token"


async def set_(operator: Learner, key: str, value: object, organisation_id: UUID | None = None) -> None:
    """Change a setting."""
    query = f"?organisation_id={organisation_id}" if organisation_id else ""
    answer = await operator.client.put(f"{ADMIN}/settings/{key}{query}", json={"value": value})
    assert answer.status_code == 204, answer.text


async def test_organisations_are_found_with_their_figures(
    school: School, operator: Learner, agent: AgentSide
) -> None:
    await agent.opened(await school.learner.room())
    page = (await operator.client.get(f"{ADMIN}/organisations?search=lake&kind=school")).json()
    [found] = page["items"]
    assert (found["name"], found["members"], found["calls_last_30_days"]) == ("Lakeside", 3, 1)
    assert found["last_call_at"]
    assert (await operator.client.get(f"{ADMIN}/organisations?search=nowhere")).json()["items"] == []
    one = (await operator.client.get(f"{ADMIN}/organisations/{school.id}")).json()
    assert one == found


async def test_members_of_a_suspended_organisation_reach_their_account_alone(
    school: School, operator: Learner, agent: AgentSide, stranger: Learner
) -> None:
    member = school.learner.client
    running, next_room = await agent.opened(await school.learner.room()), await school.instructor.room()
    path = f"{ADMIN}/organisations/{school.id}/suspension"
    assert (await operator.client.put(path, json={"reason": " "})).status_code == 422
    assert (await operator.client.put(path, json={"reason": "Unpaid since June"})).status_code == 204
    refused = await member.get("/api/v1/sessions/default")
    assert (refused.status_code, error_of(refused)) == (403, "organisation_suspended")
    assert refused.json()["error"]["details"] == [{"reason": "Unpaid since June"}]
    assert error_of(await member.post(TOKEN)) == "organisation_suspended"
    late = await agent.open(next_room)
    assert (late.status_code, error_of(late)) == (403, "organisation_suspended")
    assert (await running.append()).status_code != 403, "a call that runs goes on"
    me = (await member.get("/api/v1/users/me")).json()
    assert me["organisation_suspended"] == "Unpaid since June"
    assert (await school.admin.client.get(f"{ADMIN}/users")).status_code == 403
    assert (await stranger.client.get("/api/v1/sessions/default")).status_code == 200
    assert (await operator.client.delete(path)).status_code == 204
    assert (await member.get("/api/v1/sessions/default")).status_code == 200
    changes = (await operator.client.get(f"{ADMIN}/audit?action=organisation.changed")).json()["items"]
    assert [one["details"]["change"] for one in changes] == ["resumed", "suspended"]
    assert "Unpaid" not in json.dumps(changes)


async def test_maintenance_refuses_new_calls_and_lets_running_ones_finish(
    school: School, operator: Learner, agent: AgentSide, learner: Learner, anonymous: httpx.AsyncClient
) -> None:
    running = await agent.opened(await school.learner.room())
    late_room = await learner.room()
    wanted = {"minutes": 10, "message": "We move to a larger server."}
    assert (await operator.client.put(f"{ADMIN}/maintenance", json=wanted)).status_code == 204
    refused = await learner.client.post(TOKEN)
    assert (refused.status_code, error_of(refused)) == (503, "maintenance")
    assert 500 < int(refused.headers["Retry-After"]) <= 600
    late = await agent.open(late_room)
    assert (late.status_code, error_of(late)) == (403, "maintenance")
    assert (await school.learner.client.post(TOKEN)).status_code == 201, "back into the call that runs"
    assert (await agent.open(running.body["brief"] and await school.learner.room())).status_code == 201
    told = (await anonymous.get("/api/v1/config")).json()["maintenance"]
    assert told["message"] == "We move to a larger server."
    assert told["until"]
    state = (await operator.client.get(f"{ADMIN}/maintenance")).json()
    assert (state["on"], state["open_calls"]) == (True, 1)
    assert (await operator.client.post(TOKEN)).status_code == 201
    assert (await agent.open(await operator.room(), "AJ_2")).status_code == 201
    assert (await operator.client.delete(f"{ADMIN}/maintenance")).status_code == 204
    assert (await learner.client.post(TOKEN)).status_code == 201
    assert (await anonymous.get("/api/v1/config")).json()["maintenance"] is None


async def test_maintenance_of_unknown_length(operator: Learner, learner: Learner) -> None:
    assert (await operator.client.put(f"{ADMIN}/maintenance", json={})).status_code == 204
    refused = await learner.client.post(TOKEN)
    assert refused.headers["Retry-After"] == "300"


async def test_every_setting_has_a_default_and_takes_only_its_kind(operator: Learner) -> None:
    listed = (await operator.client.get(f"{ADMIN}/settings")).json()["items"]
    assert {one["key"] for one in listed} == set(REGISTRY)
    for one in listed:
        definition = REGISTRY[one["key"]]
        assert (one["effective"], one["value"], one["description"]) == (
            definition.default,
            None,
            definition.description,
        )
        wrong = [7] if definition.kind is SettingKind.SWITCH else [True, -1, 10**9]
        for value in wrong:
            answer = await operator.client.put(f"{ADMIN}/settings/{one['key']}", json={"value": value})
            assert (answer.status_code, error_of(answer)) == (422, "setting_invalid")
        for nonsense in ("yes", [1], 1.5):
            answer = await operator.client.put(f"{ADMIN}/settings/{one['key']}", json={"value": nonsense})
            assert answer.status_code == 422


async def test_an_organisation_can_be_stricter_and_never_looser(school: School, operator: Learner) -> None:
    own = f"{ADMIN}/settings/listening_in"
    assert (await school.admin.client.put(own, json={"value": True})).status_code == 204
    await set_(operator, "listening_in", value=False)
    [shown] = [
        one
        for one in (await school.admin.client.get(f"{ADMIN}/settings")).json()["items"]
        if one["key"] == "listening_in"
    ]
    assert (shown["value"], shown["installation_value"], shown["effective"]) == (True, False, False)
    await set_(operator, "listening_in", value=None)
    await set_(operator, "listening_in", value=False, organisation_id=school.id)
    listed = (await school.admin.client.get(f"{ADMIN}/settings")).json()["items"]
    assert {one["effective"] for one in listed if one["key"] == "listening_in"} == {False}
    events = (await operator.client.get(f"{ADMIN}/audit?action=setting.changed")).json()["items"]
    assert events[0]["details"] == {"setting": "listening_in", "value": False, "installation": False}
    assert len(events) == 4


async def test_closed_for_keys_gives_no_new_ones(school: School, operator: Learner, learner: Learner) -> None:
    await set_(operator, "api_keys", value=False, organisation_id=school.id)
    refused = await school.learner.client.post("/api/v1/api-keys", json={"name": "mine"})
    assert (refused.status_code, error_of(refused)) == (403, "api_keys_closed")
    assert (await learner.client.post("/api/v1/api-keys", json={"name": "mine"})).status_code == 201


async def test_the_number_of_calls_can_be_lowered_while_it_runs(
    school: School, operator: Learner, agent: AgentSide, learner: Learner
) -> None:
    await agent.opened(await school.learner.room())
    await set_(operator, "maximum_calls", value=1, organisation_id=school.id)
    refused = await school.instructor.client.post(TOKEN)
    assert (refused.status_code, error_of(refused)) == (503, "server_full")
    assert (await learner.client.post(TOKEN)).status_code == 201
    assert (await school.learner.client.post(TOKEN)).status_code == 201, "back into one's own call"
    await set_(operator, "maximum_calls", value=1)
    assert error_of(await learner.client.post(TOKEN)) == "server_full"
    await set_(operator, "maximum_calls", value=None)
    assert (await learner.client.post(TOKEN)).status_code == 201


async def test_health_names_parts_and_holds_no_secret(operator: Learner, app: FastAPI) -> None:
    settings: Settings = app.state.settings
    answer = await operator.client.get(f"{ADMIN}/health")
    body = answer.json()
    assert set(body["dependencies"]) >= {"postgres", "livekit"}
    assert body["versions"]["postgres"][0].isdigit()
    assert {one["part"] for one in body["providers"]} == {"stt", "llm", "tts"}
    assert body["disk"]["total_bytes"] > body["disk"]["free_bytes"] > 0
    assert body["maximum_calls"] == settings.max_calls
    for name in type(settings).model_fields:
        value = getattr(settings, name, None)
        if isinstance(value, SecretStr):
            assert value.get_secret_value() not in answer.text
    assert settings.database_url not in answer.text


async def test_counts_are_of_everything_or_of_ones_own(
    school: School, operator: Learner, agent: AgentSide, learner: Learner, owner: asyncpg.Connection
) -> None:
    for person in (school.learner, learner):
        call = await agent.opened(await person.room(), f"AJ_{person.id.hex[:6]}")
        await owner.execute(
            "UPDATE calls SET started_at = now() - interval '6 minutes', ended_at = now(),"
            " close_reason = 'learner_left' WHERE id = $1",
            UUID(call.id),
        )
    own = (await school.admin.client.get(f"{ADMIN}/statistics")).json()
    everything = (await operator.client.get(f"{ADMIN}/statistics")).json()
    assert (own["accounts"], everything["accounts"]) == (3, 5)
    assert [sum(day["calls"] for day in one["days"]) for one in (own, everything)] == [1, 2]
    assert sum(day["minutes"] for day in own["days"]) == pytest.approx(6, abs=0.2)
    assert len(own["days"]) == 30
    assert own["organisations"] is own["open_calls"] is None
    assert everything["organisations"] == {"schools": 1, "personal": 5, "suspended": 0}
    one = (await operator.client.get(f"{ADMIN}/statistics?organisation_id={school.id}")).json()
    assert one["days"] == own["days"]


async def test_a_dead_job_is_tried_again_or_let_go(operator: Learner, owner: asyncpg.Connection) -> None:
    letters = [uuid4(), uuid4()]
    for letter in letters:
        await owner.execute(
            "INSERT INTO dead_letters (id, job, arguments, attempts, error)"
            " VALUES ($1, 'calls.cover_rooms', '{}', 3, 'TimeoutError')",
            letter,
        )
    dead = (await operator.client.get(f"{ADMIN}/jobs/dead")).json()["items"]
    assert {one["id"] for one in dead} == {str(letter) for letter in letters}
    assert (await operator.client.post(f"{ADMIN}/jobs/dead/{letters[0]}/retry")).status_code == 204
    assert (await operator.client.delete(f"{ADMIN}/jobs/dead/{letters[1]}")).status_code == 204
    assert (await operator.client.get(f"{ADMIN}/jobs/dead")).json()["items"] == []
    states = (await operator.client.get(f"{ADMIN}/jobs")).json()["states"]
    assert ("calls.cover_rooms", "queued", 1) in {(one["job"], one["state"], one["count"]) for one in states}
    again = await operator.client.post(f"{ADMIN}/jobs/dead/{letters[0]}/retry")
    assert again.status_code == 404
    noted = (await operator.client.get(f"{ADMIN}/audit")).json()["items"]
    assert [one["action"] for one in noted] == ["job.discarded", "job.retried"]


async def test_the_pages_open_while_the_database_is_away(settings: Settings) -> None:
    away = settings.model_copy(update={"database_url": f"postgresql://a:b@127.0.0.1:{free_port()}/x"})
    async with client_of(create_app(away)) as client:
        answer = await client.get("/api/v1/config")
    assert answer.status_code == 200
    assert answer.json()["maintenance"] is None


async def test_what_is_set_is_read_once_for_many(app: FastAPI, operator: Learner) -> None:
    database: Database = app.state.database
    board = Switchboard(database)
    first = await board.now()
    assert await board.now() is first
    board.forget()
    assert await board.now() is not first


async def test_a_sign_in_is_still_open_in_maintenance(
    operator: Learner, learner: Learner, anonymous: httpx.AsyncClient
) -> None:
    await operator.client.put(f"{ADMIN}/maintenance", json={})
    sign_in = {"email": learner.email, "password": PASSWORD}
    assert (await anonymous.post("/api/v1/auth/login", json=sign_in)).status_code == 204
    assert (await anonymous.get("/api/v1/sessions/default")).status_code == 200


async def register(client: httpx.AsyncClient, email: str) -> httpx.Response:
    """Ask for an account."""
    return await client.post("/api/v1/auth/register", json={"email": email, "password": PASSWORD})


async def test_closed_sign_up_admits_those_alone_whom_a_school_invited(
    school: School, operator: Learner, anonymous: httpx.AsyncClient
) -> None:
    wanted = {"emails": ["Invited@example.com"]}
    sent = await school.admin.client.post("/api/v1/invitations/mails", json=wanted)
    assert sent.is_success, sent.text
    await set_(operator, "sign_up_open", value=False)
    refused = await register(anonymous, "stranger@example.com")
    assert (refused.status_code, error_of(refused)) == (403, "sign_up_closed")
    assert (await register(anonymous, "invited@EXAMPLE.com")).status_code == 201
    await set_(operator, "sign_up_open", value=None)
    assert (await register(anonymous, "stranger@example.com")).status_code == 201


async def test_an_invitation_that_was_taken_back_lets_nobody_in(
    school: School, operator: Learner, anonymous: httpx.AsyncClient
) -> None:
    wanted = {"emails": ["late@example.com"]}
    await school.admin.client.post("/api/v1/invitations/mails", json=wanted)
    [made] = (await school.admin.client.get("/api/v1/invitations")).json()["items"]
    await school.admin.client.delete(f"/api/v1/invitations/{made['id']}")
    await set_(operator, "sign_up_open", value=False)
    assert error_of(await register(anonymous, "late@example.com")) == "sign_up_closed"


async def test_recording_switched_off_asks_nobody_and_records_nothing(
    school: School, operator: Learner, agent: AgentSide
) -> None:
    member, path = school.learner.client, "/api/v1/users/me/recording-consent"
    version = (await member.get(path)).json()["version"]
    given = await member.put(path, json={"granted": True, "version": version})
    assert given.json()["granted"], given.text
    await set_(operator, "recordings", value=False, organisation_id=school.id)
    state = (await member.get(path)).json()
    assert (state["possible"], state["granted"]) == (False, False)
    call = await agent.opened(await school.learner.room())
    assert call.body["brief"]["learner"]["recording_consent"] is False
    await call.close()
    await set_(operator, "recordings", value=None, organisation_id=school.id)
    assert (await member.get(path)).json()["granted"]
    again = await agent.opened(await school.learner.room(), "AJ_2")
    assert again.body["brief"]["learner"]["recording_consent"] is True


async def test_listening_in_can_be_switched_off(school: School, operator: Learner) -> None:
    listen = f"/api/v1/review/calls/{uuid4()}/listen"
    assert error_of(await school.instructor.client.post(listen)) == "not_found"
    await set_(operator, "listening_in", value=False)
    refused = await school.instructor.client.post(listen)
    assert (refused.status_code, error_of(refused)) == (403, "listening_not_allowed")
