"""Suggestions: by a language model under a schema, by a template where it fails, always a draft."""

import json
from typing import Any

import pytest

from api.authoring.jobs import AuthoringJobs
from tests.api.authoring.conftest import LESSONS, V1, Model, Staff, Work, document, read, wish
from tests.api.conftest import Learner, error_of
from tests.api.curriculum.conftest import listed
from tests.api.knowledge.conftest import Shelf

SUGGEST = f"{V1}/authoring/suggest"


def proposal(**more: Any) -> dict[str, Any]:
    """A good answer of a language model."""
    exchange = {
        "say": "What do you cook at home?",
        "easier": "What do you cook?",
        "nudge": "Begin like this: I cook ...",
        "model": "I cook rice with vegetables.",
        "otherwise": "That sounds good.",
        "wants": "fact",
    }
    criterion = {
        "says": "Say what you cook",
        "kind": "phrase",
        "phrases": ["I cook ..."],
        "words": [],
        "at_least": 1,
    }
    step = {
        "kind": "task",
        "mode": "individual",
        "title": "At home",
        "instructions": "Say what you cook.",
        "guidance": "Ask what the learner cooks.",
        "seconds": 90,
        "coach_role": None,
        "learner_role": None,
        "opinions": [],
        "exchanges": [exchange],
        "criteria": [criterion],
    }
    return {
        "title": "In my kitchen",
        "goal": "You can say what you cook.",
        "phrases": [{"text": "I cook ...", "meaning": "says what you make", "example": "I cook rice."}],
        "vocabulary": [{"word": "rice", "meaning": "small white grains", "cefr": "A1"}],
        "steps": [step, {**step, "title": "At home"}],
        "reflection": "What did you learn?",
        **more,
    }


async def suggested(author: Learner, work: Work, **more: Any) -> dict[str, Any]:
    """A suggestion once its job was done."""
    asked = await author.client.post(SUGGEST, json=wish(**more))
    assert asked.status_code == 202, asked.text
    assert asked.json()["state"] == "queued"
    await work()
    answer = await author.client.get(f"{V1}/authoring/suggestions/{asked.json()['id']}")
    body: dict[str, Any] = answer.json()
    return body


async def test_learners_ask_for_none_and_see_none(staff: Staff, work: Work) -> None:
    assert (await staff.learner.client.post(SUGGEST, json=wish())).status_code == 403
    done = await suggested(staff.instructor, work)
    for other, status in ((staff.learner, 403), (staff.colleague, 404)):
        answer = await other.client.get(f"{V1}/authoring/suggestions/{done['id']}")
        assert answer.status_code == status


async def test_without_a_model_a_template_writes_a_draft(staff: Staff, work: Work) -> None:
    done = await suggested(staff.instructor, work, words=["spicy"])
    assert (done["state"], done["written_by"], done["fell_back"]) == ("ready", "template", None)
    draft = await read(staff.instructor, done["lesson_id"])
    assert draft["usable"]
    assert draft["offered"] is None
    assert draft["content"]["task"] == "exchange_views"
    assert "spicy" in [one["word"] for one in draft["content"]["vocabulary"]]
    assert await listed(staff.learner) == []


async def test_documents_are_quoted_and_looked_into(staff: Staff, work: Work, shelf: Shelf) -> None:
    mine = await document(shelf, staff.instructor)
    empty = await document(shelf, staff.instructor, "1, 2, 3.\n\n4, 5, 6.", "figures.txt")
    done = await suggested(staff.instructor, work, document_ids=[mine, empty])
    assert done["unread"] == 1
    draft = await read(staff.instructor, done["lesson_id"])
    assert sorted(draft["document_ids"]) == sorted([mine, empty])
    said = json.dumps(draft["content"])
    assert "A community garden is a small piece of land" in said
    assert "full marks" not in said


async def test_documents_of_others_are_not_used(staff: Staff, shelf: Shelf) -> None:
    theirs = await document(shelf, staff.learner)
    answer = await staff.instructor.client.post(SUGGEST, json=wish(document_ids=[theirs]))
    assert answer.status_code == 404
    unread = (await shelf.bring(staff.instructor, "A text of mine.", "mine.txt")).json()["id"]
    answer = await staff.instructor.client.post(SUGGEST, json=wish(document_ids=[unread]))
    assert error_of(answer) == "document_not_ready"


async def test_a_model_writes_under_a_schema_and_code_makes_a_lesson_of_it(
    staff: Staff, work: Work, model: Model, shelf: Shelf
) -> None:
    mine = await document(shelf, staff.instructor)
    model.answers = [json.dumps(proposal())]
    done = await suggested(staff.instructor, work, document_ids=[mine])
    assert (done["state"], done["written_by"], done["fell_back"]) == ("ready", "toy-llm", None)
    draft = await read(staff.instructor, done["lesson_id"])
    content = draft["content"]
    assert (content["title"], content["topic"], content["level"]) == ("In my kitchen", wish()["topic"], "A2")
    assert [step["key"] for step in content["steps"]] == ["at-home", "at-home-2"]
    assert (draft["usable"], draft["offered"]) == (True, None)
    [request] = model.asked
    assert request["response_format"]["json_schema"]["schema"]["additionalProperties"] is False
    told, data = (message["content"] for message in request["messages"])
    assert "full marks" in data
    assert "full marks" not in told


async def test_a_model_may_put_its_answer_right_once(staff: Staff, work: Work, model: Model) -> None:
    wrong = proposal()
    wrong["steps"][0]["criteria"][0]["phrases"] = []
    wrong["steps"][0]["title"] = "<b>Home</b>"
    model.answers = [json.dumps(wrong), json.dumps(proposal())]
    done = await suggested(staff.instructor, work)
    assert (done["written_by"], done["fell_back"]) == ("toy-llm", None)
    assert any("Say what to listen for" in one for one in model.material["what_is_wrong"])
    assert json.loads(model.material["your_last_answer"])["title"] == "In my kitchen"


@pytest.mark.parametrize("answer", ["not json", "{}", json.dumps(proposal(steps=[]))])
async def test_what_is_no_lesson_twice_leaves_it_to_the_template_and_says_so(
    staff: Staff, work: Work, model: Model, answer: str
) -> None:
    model.answers = [answer]
    done = await suggested(staff.instructor, work)
    assert (done["state"], done["written_by"], done["fell_back"]) == ("ready", "template", "unusable")
    assert len(model.asked) == 2
    assert (await read(staff.instructor, done["lesson_id"]))["usable"]


async def test_a_model_that_is_away_leaves_it_to_the_template(staff: Staff, work: Work, model: Model) -> None:
    model.status = 500
    done = await suggested(staff.instructor, work)
    assert (done["written_by"], done["fell_back"]) == ("template", "unavailable")
    assert len(model.asked) == 1


async def test_done_twice_it_stays_one_draft(staff: Staff, work: Work, desk_jobs: AuthoringJobs) -> None:
    done = await suggested(staff.instructor, work)
    await desk_jobs.suggest(organisation_id=str(staff.school.id), suggestion_id=done["id"])
    again = await staff.instructor.client.get(f"{V1}/authoring/suggestions/{done['id']}")
    assert again.json() == done
    assert len((await staff.instructor.client.get(LESSONS)).json()["items"]) == 1


async def test_whoever_writes_no_more_gets_none(staff: Staff, work: Work) -> None:
    asked = (await staff.instructor.client.post(SUGGEST, json=wish())).json()
    await staff.school.give(staff.instructor, "learner")
    await work()
    assert (await staff.school.admin.client.get(LESSONS)).json()["items"] == []
    await staff.school.give(staff.instructor, "instructor")
    answer = await staff.instructor.client.get(f"{V1}/authoring/suggestions/{asked['id']}")
    assert answer.json()["state"] == "failed"


async def test_a_few_at_a_time(staff: Staff) -> None:
    answers = [await staff.instructor.client.post(SUGGEST, json=wish(topic=f"food {n}")) for n in range(4)]
    assert [one.status_code for one in answers] == [202, 202, 202, 429]
