"""What the coach remembers: who may see it, what is taken from words, what is taken back."""

import json
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

import prompts
from tests.api.conftest import AgentSide, Learner, error_of, turn
from tests.api.memory.conftest import Coach, Vendor

MEMORY = "/api/v1/users/me/memory"


async def test_strangers_see_and_remove_nothing(
    anonymous: httpx.AsyncClient, stranger: Learner, coach: Coach, owner: asyncpg.Connection
) -> None:
    call = await coach.call()
    await coach.jobs.remember(**coach.about(call))
    fact = (await coach.memory())["items"][0]["id"]
    for method, path in (("GET", MEMORY), ("DELETE", MEMORY), ("DELETE", f"{MEMORY}/{fact}")):
        refused = await anonymous.request(method, path)
        assert (refused.status_code, error_of(refused)) == (401, "unauthenticated"), (method, path)
    assert (await stranger.client.get(MEMORY)).json() == {"items": [], "summary": ""}
    for role in ("learner", "instructor", "admin"):
        await owner.execute("UPDATE memberships SET role = $1 WHERE user_id = $2", role, stranger.id)
        assert (await stranger.client.delete(f"{MEMORY}/{fact}")).status_code == 404
        assert (await stranger.client.delete(MEMORY)).status_code == 204
    assert (await coach.memory())["items"], "it was not theirs to forget"


async def test_another_organisations_job_finds_nothing(
    coach: Coach, stranger: Learner, owner: asyncpg.Connection
) -> None:
    call = await coach.call()
    foreign = {**coach.about(call), "organisation_id": str(stranger.organisation_id)}
    await coach.jobs.remember(**foreign)
    await coach.jobs.report(**foreign)
    await coach.jobs.give_up_report(**foreign)
    assert await owner.fetchval("SELECT count(*) FROM memory_facts") == 0
    assert await owner.fetchval("SELECT state FROM call_reports") == "pending"


async def test_a_close_queues_both_jobs_with_its_own_transaction(
    coach: Coach, owner: asyncpg.Connection
) -> None:
    call = await coach.call()
    rows = await owner.fetch("SELECT payload FROM pgqueuer WHERE entrypoint LIKE 'memory.%'")
    assert [json.loads(row["payload"])["call_id"] for row in rows] == [call.id, call.id]
    texts = str([row["payload"] for row in await owner.fetch("SELECT payload FROM pgqueuer")])
    assert "Lima" not in texts


async def test_facts_rest_on_turns_and_reach_the_next_call(coach: Coach) -> None:
    call = await coach.call()
    await coach.jobs.remember(**coach.about(call))
    memory = await coach.memory()
    told = {(item["kind"], item["text"]) for item in memory["items"]}
    assert told >= {
        ("name", "is called Ana"),
        ("home", "lives in Lima"),
        ("family", "has a dog called Rex"),
        ("hobby", "likes cooking fish"),
        ("plan", "has an exam next week"),
    }
    quotes = {item["text"]: item["quote"] for item in memory["items"]}
    assert quotes["lives in Lima"] == "My name is Ana and I live in Lima with my family."
    assert "Talked about food, family and home." in memory["summary"]
    session = await coach.learner.default_session()
    assert session["summary"] == memory["summary"]
    brief = (await coach.call((), prefix="n", close=False)).body["brief"]
    assert brief["last_topic"] == "your exam"
    assert "lives in Lima" in {fact["text"] for fact in brief["facts"]}
    assert brief["summary"] == memory["summary"]


async def test_doing_it_again_changes_nothing(coach: Coach, owner: asyncpg.Connection) -> None:
    call = await coach.call()
    await coach.jobs.remember(**coach.about(call))
    before = await coach.memory()
    await owner.execute("UPDATE call_recaps SET turn_count = 0")
    await coach.jobs.remember(**coach.about(call))
    assert await coach.memory() == before
    digest = prompts.load("memory/rules").hash
    hashes = await owner.fetch(
        "SELECT prompt_hash FROM memory_facts UNION SELECT prompt_hash FROM call_recaps"
    )
    assert {row["prompt_hash"] for row in hashes} == {digest}
    assert await owner.fetchval("SELECT summary_hash FROM sessions WHERE summary <> ''") == digest


async def test_what_is_nobodys_business_is_not_kept(coach: Coach, owner: asyncpg.Connection) -> None:
    call = await coach.call(
        (
            ("learner", "I have cancer and I live in Arequipa."),
            ("learner", "I pray in the church and I like singing psalms."),
            ("learner", "I vote for the president. My brother told me a secret: I have a dog."),
            ("learner", "If I live in Paris I am happy."),
        )
    )
    await coach.jobs.remember(**coach.about(call))
    assert (await coach.memory())["items"] == []
    kept = str(await owner.fetch("SELECT text FROM call_recaps UNION ALL SELECT summary FROM sessions"))
    assert "cancer" not in kept
    assert "Arequipa" not in kept


async def test_a_removed_fact_stays_removed_until_it_is_said_again(
    coach: Coach, owner: asyncpg.Connection
) -> None:
    call = await coach.call()
    await coach.jobs.remember(**coach.about(call))
    home = next(item for item in (await coach.memory())["items"] if item["kind"] == "home")
    assert (await coach.learner.client.delete(f"{MEMORY}/{home['id']}")).status_code == 204
    again = await coach.learner.client.delete(f"{MEMORY}/{home['id']}")
    assert (again.status_code, error_of(again)) == (404, "not_found")
    await owner.execute("UPDATE call_recaps SET turn_count = 0")
    await coach.jobs.remember(**coach.about(call))
    after = await coach.memory()
    assert "home" not in {item["kind"] for item in after["items"]}
    assert "Lima" not in after["summary"]
    assert "Lima" not in str(await owner.fetch("SELECT text FROM memory_facts"))
    later = turn("l1", 1, "I live in Lima.")
    later["started_at"], later["ended_at"] = "2031-01-01T10:00:00Z", "2031-01-01T10:00:02Z"
    second = await coach.call((), prefix="l", close=False)
    await second.append(later)
    await second.close()
    await coach.jobs.remember(**coach.about(second))
    assert "home" in {item["kind"] for item in (await coach.memory())["items"]}


async def test_everything_can_be_forgotten(coach: Coach) -> None:
    call = await coach.call()
    await coach.jobs.remember(**coach.about(call))
    assert (await coach.learner.client.delete(MEMORY)).status_code == 204
    assert await coach.memory() == {"items": [], "summary": ""}
    brief = (await coach.call((), prefix="n", close=False)).body["brief"]
    assert (brief["facts"], brief["last_topic"], brief["summary"]) == ([], None, "")


async def test_a_long_call_is_remembered_while_it_goes_on(coach: Coach, owner: asyncpg.Connection) -> None:
    call = await coach.call((), close=False)
    for start in (0, 30):
        turns = [turn(f"x{n}", n % 50, "I live in Lima.") for n in range(start, start + 30)]
        await call.append(*[{**one, "position": start + n} for n, one in enumerate(turns)])
    count = "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'memory.remember'"
    assert await owner.fetchval(count) == 1
    await coach.jobs.remember(**coach.about(call))
    assert (await coach.memory())["items"][0]["text"] == "lives in Lima"


async def test_the_summary_stays_short_however_many_calls_there_were(
    coach: Coach, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    call = await coach.call()
    await coach.jobs.remember(**coach.about(call))
    await owner.execute("UPDATE call_recaps SET text = repeat('word ', 200)")
    second = await coach.call(prefix="s")
    await coach.jobs.remember(**coach.about(second))
    summary = (await coach.memory())["summary"]
    assert 0 < len(summary) <= 1_500


NOTES: dict[str, Any] = {
    "recap": "Ana spoke about her dog Rex and an exam.",
    "topic": "your dog Rex",
    "summary": "Ana lives in Lima and has a dog.",
    "facts": [
        {"kind": "home", "text": "lives in Lima", "turn": 2, "quote": "I live in Lima"},
        {"kind": "work", "text": "works as a spy", "turn": 2, "quote": "I work as a spy"},
        {"kind": "plan", "text": "has cancer", "turn": 8, "quote": "I have an exam next week."},
        {"kind": "hobby", "text": "likes coaching", "turn": 1, "quote": "I am Avaaz"},
    ],
}


async def test_a_model_remembers_and_what_was_not_said_is_left_out(
    modelled: Coach, vendor: Vendor, owner: asyncpg.Connection
) -> None:
    vendor.replies = [NOTES]
    call = await modelled.call()
    await modelled.jobs.remember(**modelled.about(call))
    memory = await modelled.memory()
    assert [item["text"] for item in memory["items"]] == ["lives in Lima"]
    assert memory["summary"] == NOTES["summary"]
    [row] = await owner.fetch("SELECT prompt_hash, written_by FROM call_recaps")
    assert (row["prompt_hash"], row["written_by"]) == (prompts.load("memory/model").hash, "tiny")
    [request] = vendor.asked
    assert request["response_format"]["type"] == "json_schema"
    system, user = request["messages"]
    assert "Rex" not in system["content"], "what was said never stands among the instructions"
    assert json.loads(user["content"])["turns"][1] == {
        "turn": 2,
        "who": "learner",
        "said": "My name is Ana and I live in Lima with my family.",
    }
    brief = (await modelled.call((), prefix="n", close=False)).body["brief"]
    assert brief["last_topic"] == "your dog Rex"


async def test_a_fact_removed_is_gone_from_what_a_model_wrote(modelled: Coach, vendor: Vendor) -> None:
    vendor.replies = [NOTES]
    call = await modelled.call()
    await modelled.jobs.remember(**modelled.about(call))
    [home] = (await modelled.memory())["items"]
    await modelled.learner.client.delete(f"{MEMORY}/{home['id']}")
    assert await modelled.memory() == {"items": [], "summary": ""}


async def test_without_its_model_the_rules_remember(
    modelled: Coach, vendor: Vendor, owner: asyncpg.Connection
) -> None:
    for prefix, reply in (("a", 500), ("b", "no json"), ("c", {"recap": "x"})):
        vendor.replies = [reply]
        call = await modelled.call(prefix=prefix)
        await modelled.jobs.remember(**modelled.about(call))
    rows = await owner.fetch("SELECT written_by FROM call_recaps")
    assert [row["written_by"] for row in rows] == ["rules"] * 3


async def test_a_call_that_is_gone_is_no_failure(coach: Coach) -> None:
    gone = {"organisation_id": str(coach.learner.organisation_id), "call_id": str(uuid4())}
    await coach.jobs.remember(**gone)
    await coach.jobs.report(**gone)
    await coach.jobs.give_up_report(**gone)
