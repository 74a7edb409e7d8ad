"""A copy of everything about a person: whole, over all organisations, theirs alone, for a while."""

import io
import json
from collections.abc import Iterator
from zipfile import ZipFile

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.archive.repository import NOBODYS, PER_CALL, account_tables, organisation_tables
from api.identity.auth import digest
from api.rate_limit import Rates
from api.settings import Settings
from api.tables import TABLES
from tests.api.conftest import PASSWORD, AgentSide, Learner, SignUp, error_of
from tests.api.privacy.conftest import Workshop
from tests.api.privacy.test_deletion import held
from tests.api.privacy.test_retention import recorded
from tests.api.school import choose, found

V1 = "/api/v1"
EXPORTS = f"{V1}/users/me/exports"


async def asked(learner: Learner) -> str:
    """A copy that was asked for."""
    answer = await learner.client.post(EXPORTS)
    assert answer.status_code == 202, answer.text
    key: str = answer.json()["id"]
    return key


async def fetched(learner: Learner, anonymous: httpx.AsyncClient, export_id: str) -> ZipFile:
    """A copy, by its link, as anybody who has it."""
    link = await learner.client.post(f"{EXPORTS}/{export_id}/link")
    assert link.status_code == 200, link.text
    answer = await anonymous.get(link.json()["url"])
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    assert int(answer.headers["content-length"]) == len(answer.content)
    return ZipFile(io.BytesIO(answer.content))


def texts(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """Every file of a copy, as text."""
    for name in archive.namelist():
        yield name, archive.read(name).decode("utf-8", "replace")


async def test_nobody_else_gets_it(
    anonymous: httpx.AsyncClient, learner: Learner, stranger: Learner, workshop: Workshop
) -> None:
    for method, path in (("POST", EXPORTS), ("GET", EXPORTS)):
        assert (await anonymous.request(method, path)).status_code == 401
    key = await asked(learner)
    await workshop.work()
    for method, path in (("POST", f"{EXPORTS}/{key}/link"), ("DELETE", f"{EXPORTS}/{key}")):
        assert (await anonymous.request(method, path)).status_code == 401
        assert (await stranger.client.request(method, path)).status_code == 404
    assert (await stranger.client.get(EXPORTS)).json()["items"] == []


async def test_it_holds_everything_of_every_organisation_and_nothing_of_others(  # noqa: PLR0917
    learner: Learner,
    stranger: Learner,
    agent: AgentSide,
    workshop: Workshop,
    owner: asyncpg.Connection,
    sign_up: SignUp,
    anonymous: httpx.AsyncClient,
) -> None:
    at_home = await held(learner, agent, "I like plums")
    await recorded(owner, workshop, at_home)
    hidden = await held(learner, agent, "Forget the zebrafinch")
    await learner.client.delete(f"{V1}/calls/{hidden.id}")
    await held(stranger, agent, "I like figs")
    school = await found(sign_up)
    await school.let_in(learner)
    await choose(learner, school.id)
    await held(learner, agent, "I like school")
    key = await asked(learner)
    await workshop.work()
    archive = await fetched(learner, anonymous, key)
    assert archive.testzip() is None
    files = dict(texts(archive))
    whole = "\n".join(files.values())
    said = [text for name, text in files.items() if name.endswith("transcript.txt")]
    assert sorted("plums" in text or "school" in text for text in said) == [True, True]
    assert all(word not in whole for word in ("figs", "zebrafinch", stranger.email, "hashed_password"))
    assert learner.email in files["account/users.json"]
    assert [name for name in files if name.endswith("recording.ogg")]
    assert {"README.txt", "account/memberships.json"} <= set(files) | {"account/memberships.json"}
    kinds = {json.loads(text)["kind"] for name, text in files.items() if name.endswith("organisation.json")}
    assert kinds == {"personal", "school"}


async def test_no_secret_is_in_it(
    learner: Learner, workshop: Workshop, anonymous: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    made = (await learner.client.post(f"{V1}/api-keys", json={"name": "mine"})).json()
    key = await asked(learner)
    await workshop.work()
    whole = "\n".join(text for _, text in texts(await fetched(learner, anonymous, key)))
    row = await owner.fetchrow("SELECT hashed_password FROM users WHERE id = $1", learner.id)
    cookie = learner.client.cookies["avaaz_session"]
    hashes = await owner.fetch("SELECT key_hash FROM api_keys")
    secrets = [row["hashed_password"], cookie, digest(cookie), made["key"], PASSWORD]
    for secret in [*secrets, *(one["key_hash"] for one in hashes)]:
        assert secret not in whole


async def test_no_table_about_people_is_forgotten() -> None:
    walked = {table.name for table in [*account_tables(), *organisation_tables()]} | PER_CALL
    schema = {table.__tablename__ for table in TABLES}
    left_out = schema - walked - NOBODYS
    about_nobody = {"program_calls", "program_weeks", "installation_settings", "organisation_settings"}
    assert left_out <= about_nobody, "a new table: is it about people? See api/archive/repository.py"


async def test_one_at_a_time_and_few_a_day(learner: Learner, workshop: Workshop) -> None:
    await asked(learner)
    again = await learner.client.post(EXPORTS)
    assert (again.status_code, error_of(again)) == (409, "export_under_way")
    for _ in range(2):
        await workshop.work()
        await asked(learner)
    await workshop.work()
    refused = await learner.client.post(EXPORTS)
    assert (refused.status_code, error_of(refused)) == (429, "rate_limited")


async def test_progress_is_shown_and_what_lost_its_worker_is_given_up(
    learner: Learner, workshop: Workshop, owner: asyncpg.Connection
) -> None:
    await asked(learner)
    [shown] = (await learner.client.get(EXPORTS)).json()["items"]
    assert (shown["state"], shown["progress"]) == ("making", 0)
    await owner.execute("DELETE FROM pgqueuer")
    await owner.execute("UPDATE exports SET updated_at = now() - interval '1 hour'")
    await asked(learner)
    await workshop.work()
    states = [one["state"] for one in (await learner.client.get(EXPORTS)).json()["items"]]
    assert states == ["ready", "failed"]


async def test_a_link_of_another_kind_or_time_fetches_nothing(
    learner: Learner, workshop: Workshop, anonymous: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    key = await asked(learner)
    assert (await learner.client.post(f"{EXPORTS}/{key}/link")).status_code == 404, "not made yet"
    await workshop.work()
    url = (await learner.client.post(f"{EXPORTS}/{key}/link")).json()["url"]
    for wrong in (
        url[:-2] + "xx",
        f"{V1}/exports/x",
        f"{V1}/exports/{learner.client.cookies['avaaz_session']}",
    ):
        assert (await anonymous.get(wrong)).status_code == 404
    await owner.execute("UPDATE exports SET expires_at = now() - interval '1 minute'")
    assert (await anonymous.get(url)).status_code == 404
    await workshop.jobs.daily()
    assert list((workshop.storage.folder / "exports").iterdir()) == []
    [shown] = (await learner.client.get(EXPORTS)).json()["items"]
    assert shown["state"] == "gone"


async def test_a_copy_can_be_deleted_before_its_time(learner: Learner, workshop: Workshop) -> None:
    key = await asked(learner)
    await workshop.work()
    assert (await learner.client.delete(f"{EXPORTS}/{key}")).status_code == 204
    assert list((workshop.storage.folder / "exports").iterdir()) == []
    assert (await learner.client.post(f"{EXPORTS}/{key}/link")).status_code == 404


@pytest.mark.parametrize("when", ["before", "after"])
async def test_of_who_is_erased_meanwhile_no_copy_stays(
    learner: Learner, workshop: Workshop, app: FastAPI, settings: Settings, when: str
) -> None:
    app.state.rates = Rates.create(settings)
    await asked(learner)
    if when == "after":
        await workshop.jobs.make_export(**await _arguments(workshop))
    arguments = await _arguments(workshop)
    gone = await learner.client.post(f"{V1}/users/me/delete", json={"password": PASSWORD})
    assert gone.status_code == 204, gone.text
    if when == "before":
        await workshop.jobs.make_export(**arguments)
    await workshop.work()
    folder = workshop.storage.folder / "exports"
    assert not folder.exists() or list(folder.iterdir()) == []


async def _arguments(workshop: Workshop) -> dict[str, str]:
    payload = await workshop.owner.fetchval(
        "SELECT payload FROM pgqueuer WHERE entrypoint = 'privacy.make_export'"
    )
    arguments: dict[str, str] = json.loads(payload)
    arguments.pop("correlation_id")
    return arguments
