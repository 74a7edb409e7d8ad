"""What is found in learners' words: for whom, from what, dismissed, counted, and what a model adds."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.contract.corrections import CorrectionCategory
from api.corrections import service
from api.corrections.grammar import CheckerUnavailableError
from api.settings import Settings
from api.tenancy import act_for
from api.worker import Worker
from tests.api.conftest import AgentSide, Learner, SignUp, error_of, turn
from tests.api.corrections.conftest import SAID, Desk, Vendor
from tests.api.school import found
from tests.support.waiting import until

V1 = "/api/v1"


async def test_corrections_are_for_the_learner_alone(
    anonymous: httpx.AsyncClient, stranger: Learner, desk: Desk, owner: asyncpg.Connection
) -> None:
    call = await desk.call()
    await desk.corrected(call)
    [first, *_] = await desk.shown(call)
    path, dismissal = f"{V1}/calls/{call.id}/corrections", f"{V1}/corrections/{first['id']}/dismissal"
    assert (await anonymous.get(path)).status_code == 401
    assert (await anonymous.put(dismissal)).status_code == 401
    for role in ("learner", "instructor", "admin"):
        await owner.execute("UPDATE memberships SET role = $1 WHERE user_id = $2", role, stranger.id)
        for refused in (
            await stranger.client.get(path),
            await stranger.client.put(dismissal),
            await stranger.client.delete(dismissal),
        ):
            assert (refused.status_code, error_of(refused)) == (404, "not_found")
    assert (await desk.learner.client.put(f"{V1}/corrections/{uuid4()}/dismissal")).status_code == 404


async def test_slips_are_found_where_they_are(desk: Desk, vendor: Vendor) -> None:
    call = await desk.call()
    await desk.corrected(call)
    items = await desk.shown(call)
    assert [(one["original"], one["replacement"]) for one in items] == [
        ("live", "lives"),
        ("am agree", "agree"),
        ("go", "went"),
    ]
    for one in items[:2]:
        assert SAID[1][1][one["start"] : one["end"]] == one["original"]
        assert one["better"] == "My brother lives in Lima and I agree with him."
        assert one["explanation"]
        assert (one["by_model"], one["hidden_at"]) == (False, None)
    assert {one["rule"] for one in items} >= {"AVAAZ_AM_AGREE"}
    assert all(form["medium"] == "speech" for form in vendor.forms)
    asked = len(vendor.forms)
    await desk.corrected(call)
    assert (len(vendor.forms), await desk.shown(call)) == (asked, items)


async def test_words_that_may_be_misheard_are_not_blamed(desk: Desk) -> None:
    call = await desk.call(unsure=("live", "cinema"))
    await desk.corrected(call)
    assert [one["original"] for one in await desk.shown(call)] == ["am agree", "go"]


async def test_typed_words_are_sure_and_are_not_taken_for_speech(desk: Desk, vendor: Vendor) -> None:
    call = await desk.agent.opened(await desk.learner.room(), "AJ_t")
    typed = {**turn("t1", 1, "She don't like it."), "input_kind": "text", "words": []}
    assert (await call.append(typed)).status_code == 200
    await desk.corrected(call)
    assert [one["replacement"] for one in await desk.shown(call)] == ["doesn't"]
    assert "medium" not in vendor.forms[0]


async def test_a_dismissed_correction_is_kept_hidden_and_comes_back(desk: Desk) -> None:
    call = await desk.call()
    await desk.corrected(call)
    [first, *others] = await desk.shown(call)
    dismissal = f"{V1}/corrections/{first['id']}/dismissal"
    for _ in range(2):
        assert (await desk.learner.client.put(dismissal)).status_code == 204
    [hidden, *rest] = await desk.shown(call)
    assert hidden["hidden_as"] == "learner"
    assert hidden["hidden_at"] is not None
    assert rest == others
    assert (await desk.learner.client.delete(dismissal)).status_code == 204
    assert await desk.shown(call) == [first, *others]


async def test_an_instructor_reads_and_dismisses_those_of_their_learners(
    sign_up: SignUp, agent: AgentSide, desk: Desk
) -> None:
    school = await found(sign_up)
    program = await school.program()
    pupil = await school.join("Mia", program_id=program)
    teacher = await school.join("Tina", "instructor", program)
    other = await school.join("Otto", "instructor")
    held = Desk(desk.jobs, agent, pupil)
    call = await held.call()
    await desk.jobs.correct(str(school.id), call.id)
    path = f"{V1}/review/calls/{call.id}/corrections"
    assert (await pupil.client.get(path)).status_code == 403
    assert (await other.client.get(path)).status_code == 404
    read = (await teacher.client.get(path)).json()
    assert len(read["items"]) == 3
    dismissal = f"{V1}/corrections/{read['items'][0]['id']}/dismissal"
    assert (await other.client.put(dismissal)).status_code == 404
    assert (await teacher.client.put(dismissal)).status_code == 204
    assert (await held.shown(call))[0]["hidden_as"] == "instructor"


async def test_rates_and_what_is_to_be_practised(desk: Desk, app: FastAPI) -> None:
    call = await desk.call()
    await desk.corrected(call)
    [first, *_] = await desk.shown(call)
    await desk.learner.client.put(f"{V1}/corrections/{first['id']}/dismissal")
    organisation, learner = desk.learner.organisation_id, desk.learner.id
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    async with app.state.database.reading() as session:
        await act_for(session, organisation)
        [day] = await service.error_rates(session, organisation, learner, long_ago, zone="Asia/Tokyo")
        standing = await service.new_corrections(session, organisation, learner)
        later = datetime.now(UTC) + timedelta(hours=1)
        assert await service.error_rates(session, organisation, learner, later) == []
        assert await service.new_corrections(session, organisation, learner, later) == []
    assert day.slips == {CorrectionCategory.GRAMMAR: 2}
    assert day.words == sum(len(text.split()) for role, text in SAID if role == "learner")
    assert day.per_100_words() == pytest.approx(200 / day.words)
    assert [one.correction.replacement for one in standing] == ["agree", "went"]
    assert {one.call_id for one in standing} == {UUID(call.id)}
    assert standing[0].turn_text == SAID[1][1]


async def test_a_checker_that_is_away_leaves_the_turns_for_later(desk: Desk, vendor: Vendor) -> None:
    call = await desk.call()
    vendor.status = 503
    with pytest.raises(CheckerUnavailableError):
        await desk.corrected(call)
    assert await desk.shown(call) == []
    vendor.status = 200
    await desk.corrected(call)
    assert len(await desk.shown(call)) == 3


async def test_the_worker_corrects_while_the_call_goes_on(
    desk: Desk, vendor: Vendor, settings: Settings
) -> None:
    call = await desk.call(close=False)
    worker = Worker(settings.model_copy(update={"grammar_url": f"{vendor.base}/v2"}))
    running = asyncio.create_task(worker.run())

    async def found_all() -> bool:
        return len(await desk.shown(call)) == 3

    try:
        await until(found_all)
    finally:
        worker.stop()
        await running


PROPOSED: dict[str, Any] = {
    "corrections": [
        {
            "turn": 5,
            "quote": "friendly",
            "replacement": "very friendly",
            "category": "word_choice",
            "severity": "slight",
            "explanation": "Stronger.",
        },
        {
            "turn": 2,
            "quote": "brother live",
            "replacement": "brother is living",
            "category": "grammar",
            "severity": "clear",
            "explanation": "Over what a rule found.",
        },
        {
            "turn": 5,
            "quote": "never said",
            "replacement": "x",
            "category": "grammar",
            "severity": "clear",
            "explanation": "Nobody said it.",
        },
        {
            "turn": 3,
            "quote": "What did you do",
            "replacement": "Give me full marks",
            "category": "register",
            "severity": "clear",
            "explanation": "The coach said it.",
        },
    ]
}


async def test_a_language_model_adds_what_it_quotes_and_no_more(modelled: Desk, vendor: Vendor) -> None:
    vendor.replies = [PROPOSED]
    call = await modelled.call()
    await modelled.corrected(call)
    items = await modelled.shown(call)
    assert [one["replacement"] for one in items] == ["lives", "agree", "went", "very friendly"]
    assert [one["by_model"] for one in items] == [False, False, False, True]
    assert items[3]["better"] == "People who live here are very friendly."
    await modelled.corrected(call)
    assert len(vendor.asked) == 1


@pytest.mark.parametrize("reply", [500, "no JSON", {"corrections": [{"turn": "two"}]}])
async def test_without_a_useful_model_the_rules_stand(modelled: Desk, vendor: Vendor, reply: Any) -> None:
    vendor.replies = [reply]
    call = await modelled.call()
    await modelled.corrected(call)
    assert [one["replacement"] for one in await modelled.shown(call)] == ["lives", "agree", "went"]
