"""What is due reaches the coach, and what the learner says in a call counts."""

import json
from uuid import UUID

import asyncpg

from api.contract.corrections import Correction
from api.contract.lessons import Phrase, VocabularyItem
from api.practice import collecting
from api.tenancy import act_for
from tests.api.conftest import OpenedCall
from tests.api.practice.conftest import GO, NOW, OLD, Clock, Practice

TEA = Phrase(text="I'm keen on ...", meaning="You like something very much.", example="I'm keen on tea.")
BUSY = VocabularyItem.model_validate({"word": "busy", "meaning": "having a lot to do", "cefr": "A2"})


async def learned(practice: Practice) -> int:
    """Finish a lesson with a phrase and a word."""
    async with practice.database.transaction() as session:
        await act_for(session, practice.learner.organisation_id)
        return await collecting.add_phrases(
            session, practice.learner.organisation_id, practice.learner.id, [TEA], [BUSY]
        )


async def test_phrases_of_a_lesson_come_back_once(practice: Practice, clock: Clock) -> None:
    assert [await learned(practice) for _twice in range(2)] == [2, 0]
    clock.move(days=1)
    found = {(item["kind"], item["cue"], item["answer"]) for item in await practice.due()}
    assert found == {
        ("phrase", "You like something very much.", "I'm keen on ..."),
        ("word", "having a lot to do", "busy"),
    }


async def test_the_coach_is_told_what_is_due(practice: Practice, clock: Clock) -> None:
    await practice.slipped(await practice.call("I have twenty {years}"), OLD)
    assert (await practice.call("Hello", job="AJ_2")).body["brief"]["due"] == []
    clock.move(days=1)
    (item,) = (await practice.call("Hello", job="AJ_3")).body["brief"]["due"]
    assert item["answer"] == "I am twenty years old."
    assert '"I have twenty {years}"' in item["prompt"]


async def test_an_answer_said_in_a_call_is_a_review(
    practice: Practice, clock: Clock, owner: asyncpg.Connection
) -> None:
    await practice.slipped(await practice.call("I have twenty"), OLD, GO)
    await owner.execute("UPDATE review_items SET due_at = '2026-11-21T09:00Z'")
    clock.move(days=1)
    call = await practice.call(
        "Hi there",
        "Well I'm um twenty years old now",
        "coach:We say she goes to school.",
        "Yes she goes to school",
        job="AJ_2",
    )
    for _twice in range(2):
        await practice.heard(call)
    rows = await owner.fetch(
        "SELECT i.answer, e.rating, e.how, t.text, e.reviewed_at FROM review_entries e JOIN review_items i"
        " ON i.id = e.item_id JOIN turns t ON t.id = e.turn_id WHERE e.how = 'call' ORDER BY e.rating"
    )
    assert [(row["answer"], row["rating"], row["text"]) for row in rows] == [
        (GO.better, 2, "Yes she goes to school"),
        (OLD.better, 3, "Well I'm um twenty years old now"),
    ]
    assert {row["reviewed_at"].date() for row in rows} == {NOW.date()}
    assert [item["answer"] for item in await practice.due()] == [GO.better], "what was hard comes again"


async def test_what_is_not_due_or_the_coach_says_is_no_review(
    practice: Practice, clock: Clock, owner: asyncpg.Connection
) -> None:
    await practice.slipped(await practice.call("I have twenty"), OLD, GO)
    await owner.execute("UPDATE review_items SET due_at = '2026-11-21T09:00Z' WHERE answer = $1", GO.better)
    call = await practice.call("I am twenty years old", "coach:She goes to school.", job="AJ_2")
    await practice.heard(call)
    assert await owner.fetchval("SELECT count(*) FROM review_entries WHERE how = 'call'") == 0


async def kept(practice: Practice, call: OpenedCall, correction: Correction) -> UUID:
    """A correction of a call's first turn, as the corrections keep it."""
    key: UUID = await practice.owner.fetchval(
        "INSERT INTO turn_corrections (id, organisation_id, user_id, call_id, turn_id, said_at, start_at,"
        " end_at, original, replacement, better, category, rule, explanation, severity, confidence)"
        " SELECT gen_random_uuid(), organisation_id, $2, call_id, id, started_at, $3, $4, $5, $6, $7,"
        " 'grammar', $8, 'So it is said.', 'clear', 0.9 FROM turns WHERE call_id = $1"
        " ORDER BY position LIMIT 1 RETURNING id",
        UUID(call.id), practice.learner.id, correction.start, correction.end, correction.original,
        correction.replacement, correction.better, correction.rule,
    )  # fmt: skip
    return key


async def test_what_was_corrected_comes_back_and_what_was_dismissed_does_not(
    practice: Practice, clock: Clock
) -> None:
    call = await practice.call("Hello. She go to school. Bye!")
    key = await kept(practice, call, GO.model_copy(update={"start": 11, "end": 13}))
    for _twice in range(2):
        await practice.heard(call)
    assert await practice.due() == []
    clock.move(days=1)
    (item,) = await practice.due()
    assert (item["cue"], item["answer"], item["call_id"]) == ("She go to school.", GO.better, call.id)
    client = practice.learner.client
    for method, due in (("PUT", 0), ("DELETE", 1)):
        answer = await client.request(method, f"/api/v1/corrections/{key}/dismissal")
        assert answer.is_success, answer.text
        assert len(await practice.due()) == due


async def test_a_close_queues_the_look_at_the_call(practice: Practice, owner: asyncpg.Connection) -> None:
    call = await practice.call("My secret is figs")
    rows = await owner.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = 'practice.practise_call'")
    assert [json.loads(row["payload"])["call_id"] for row in rows] == [call.id]
    assert "figs" not in str(rows)


async def test_another_organisations_job_finds_nothing(
    practice: Practice, clock: Clock, owner: asyncpg.Connection
) -> None:
    await practice.slipped(await practice.call("I have twenty"), OLD)
    await owner.execute("UPDATE review_items SET due_at = '2026-11-21T09:00Z'")
    call = await practice.call("I am twenty years old", job="AJ_2")
    foreign = await owner.fetchval(
        "INSERT INTO organisations (id, name, kind) VALUES (gen_random_uuid(), 'Other', 'school')"
        " RETURNING id"
    )
    await practice.jobs.practise_call(str(foreign), call.id)
    await practice.jobs.award(str(foreign), str(practice.learner.id))
    assert await owner.fetchval("SELECT count(*) FROM review_entries WHERE how = 'call'") == 0
    assert await owner.fetchval("SELECT count(*) FROM point_entries") == 0
