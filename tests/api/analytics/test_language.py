"""The language of a learner: whose it is, and that it follows what was said and deleted."""

from typing import Any

import httpx

from api.database import utc_now
from tests.api.analytics.test_figures import held_call
from tests.api.conftest import AgentSide, Learner, turn

PATH = "/api/v1/analytics/me/language"


def timed(item: str, text: str, pause_after: int | None = None, typed: bool = False) -> dict[str, Any]:
    """A turn of a word each half second, with a pause of a second after one of them."""
    words, at = [], 0.0
    for number, word in enumerate(text.split()):
        words.append({"word": word, "start": at, "end": at + 0.5, "confidence": 0.9})
        at += 0.5 + (1.0 if number == pause_after else 0.0)
    now = utc_now().isoformat()
    kind = {"input_kind": "text", "words": []} if typed else {"words": words}
    return turn(item, 0, text) | {"started_at": now, "ended_at": now} | kind


async def language(learner: Learner, **query: Any) -> dict[str, Any]:
    answer = await learner.client.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_nobody_sees_it_and_a_new_learner_has_none(
    anonymous: httpx.AsyncClient, learner: Learner
) -> None:
    assert (await anonymous.get(PATH)).status_code == 401
    body = await language(learner, weeks=2)
    assert body["vocabulary"]["words"] == 0
    assert [week["words_per_minute"] for week in body["fluency"]] == [None, None]
    wrong = await learner.client.get(PATH, params={"time_zone": "Mars/Olympus"})
    assert wrong.status_code == 422


async def test_words_and_pauses_are_those_that_were_spoken(
    learner: Learner, stranger: Learner, agent: AgentSide
) -> None:
    sentence = "I don’t negotiate with the two big dogs that live in our environment every day, no"
    call = await held_call(
        learner,
        agent,
        timed("a", sentence, pause_after=3),
        timed("b", sentence),
        timed("c", "ubiquitous", typed=True),
    )
    await held_call(stranger, agent, timed("a", "Ubiquitous sovereignty"))
    body = await language(learner, weeks=2)
    levels = {level["level"]: level for level in body["vocabulary"]["levels"]}
    assert levels["B2"]["examples"] == ["environment"]
    assert levels["B1"]["examples"] == ["negotiate"]
    assert levels["C"]["words"] == 0
    week = body["fluency"][-1]
    words = 2 * len(sentence.split())
    seconds = words * 0.5 + 1
    assert week["words_per_minute"] == round(words * 60 / seconds, 1)
    assert (week["pauses_per_minute"], week["mean_pause_s"]) == (round(60 / seconds, 1), 1.0)
    assert week["words_per_run"] == round(words / 3, 1)
    assert (await learner.client.delete(f"/api/v1/calls/{call.id}")).is_success
    assert (await language(learner))["vocabulary"]["words"] == 0
