"""Consent to recording: asked once for each version, never assumed, taken back at any time."""

import asyncpg
import httpx

from api.database import utc_now
from api.recordings.schemas import CONSENT_VERSION
from tests.api.conftest import AgentSide, Learner, error_of
from tests.api.recordings.conftest import CONSENT, Recorded, answer


async def brief_of(learner: Learner, agent: AgentSide) -> bool:
    call = await agent.opened(await learner.room())
    allowed: bool = call.body["brief"]["learner"]["recording_consent"]
    await call.close()
    return allowed


async def test_nobody_else_is_asked(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get(CONSENT)).status_code == 401
    assert (await anonymous.put(CONSENT, json={"granted": True, "version": "x"})).status_code == 401


async def test_without_an_answer_nothing_is_recorded(learner: Learner, agent: AgentSide) -> None:
    state = (await learner.client.get(CONSENT)).json()
    assert (state["asked"], state["granted"], state["version"]) == (False, False, CONSENT_VERSION)
    assert await brief_of(learner, agent) is False


async def test_a_yes_holds_for_calls_from_then_on(
    learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    assert await brief_of(learner, agent) is False
    given = (await answer(learner, granted=True)).json()
    assert (given["asked"], given["granted"], given["withdrawn_at"]) == (True, True, None)
    assert await brief_of(learner, agent) is True
    await answer(learner, granted=True)
    rows = await owner.fetch("SELECT version, granted_at, withdrawn_at FROM recording_consents")
    assert [(row["version"], row["withdrawn_at"]) for row in rows] == [(CONSENT_VERSION, None)]


async def test_a_no_is_an_answer_and_can_be_changed(
    learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    said = (await answer(learner, granted=False)).json()
    assert (said["asked"], said["granted"]) == (True, False)
    assert await brief_of(learner, agent) is False
    await answer(learner, granted=True)
    assert await brief_of(learner, agent) is True
    taken_back = (await answer(learner, granted=False)).json()
    assert taken_back["granted"] is False
    assert taken_back["withdrawn_at"] is not None
    assert await brief_of(learner, agent) is False
    assert await owner.fetchval("SELECT count(*) FROM recording_consents") == 2, "answers are kept"


async def test_a_yes_to_other_words_does_not_hold(
    learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    outdated = await learner.client.put(CONSENT, json={"granted": True, "version": "2020-01"})
    assert (outdated.status_code, error_of(outdated)) == (409, "consent_outdated")
    await answer(learner, granted=True)
    await owner.execute("UPDATE recording_consents SET version = '2020-01'")
    state = (await learner.client.get(CONSENT)).json()
    assert (state["asked"], state["granted"]) == (False, False)
    assert await brief_of(learner, agent) is False
    assert (await answer(learner, granted=True)).json()["granted"] is True
    assert await owner.fetchval("SELECT count(*) FROM recording_consents WHERE withdrawn_at IS NULL") == 1


async def test_an_adult_comes_first(learner: Learner, agent: AgentSide, owner: asyncpg.Connection) -> None:
    await answer(learner, granted=True)
    await owner.execute("UPDATE users SET birth_year = $1 WHERE id = $2", utc_now().year - 12, learner.id)
    state = (await learner.client.get(CONSENT)).json()
    assert (state["adult_needed"], state["granted"]) == (True, False)
    refused = await answer(learner, granted=True)
    assert (refused.status_code, error_of(refused)) == (403, "consent_needed")
    call = await agent.opened(await room_made_before(learner, owner))
    assert call.body["brief"]["learner"]["recording_consent"] is False


async def room_made_before(learner: Learner, owner: asyncpg.Connection) -> str:
    """The room of a token from before the year of birth was known."""
    await owner.execute("UPDATE users SET birth_year = NULL WHERE id = $1", learner.id)
    room = await learner.room()
    await owner.execute("UPDATE users SET birth_year = $1 WHERE id = $2", utc_now().year - 12, learner.id)
    return room


async def test_another_learners_yes_counts_for_nobody_else(
    learner: Learner, stranger: Learner, agent: AgentSide
) -> None:
    await answer(stranger, granted=True)
    assert await brief_of(learner, agent) is False


async def test_answers_are_in_the_audit_log(learner: Learner, owner: asyncpg.Connection) -> None:
    await answer(learner, granted=True)
    await answer(learner, granted=False)
    rows = await owner.fetch("SELECT action, learner_id FROM audit_events ORDER BY at")
    assert [(row["action"], row["learner_id"]) for row in rows] == [
        ("consent.given", learner.id),
        ("consent.withdrawn", learner.id),
    ]


async def test_a_resumed_call_goes_on_with_higher_numbers(
    learner: Learner, agent: AgentSide, recorded: Recorded
) -> None:
    call = await recorded(learner)
    assert call.opened.body["brief"]["next_segment"] == 0
    resumed = await agent.opened(await learner.room(), "AJ_2")
    assert resumed.body["brief"]["resumed"] is True
    assert resumed.body["brief"]["next_segment"] > 0
