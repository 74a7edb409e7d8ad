"""A report from measured facts."""

from datetime import UTC, datetime
from uuid import uuid4

from api.memory.findings import Finding
from api.memory.report import by_rules
from api.memory.said import Said
from api.memory.schemas import TalkTime

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SENTENCE = "Last year I go to the mountains with my brother and we have slept in a small hut."


def said(text: str) -> Said:
    """A spoken turn of the learner's."""
    return Said(uuid4(), True, text, True, NOW, NOW)


def test_what_is_corrected_is_not_held_up_as_good() -> None:
    turns = [said(SENTENCE), said("I like it."), said("It was cold.")]
    time = TalkTime(
        call_seconds=60,
        learner_seconds=30,
        coach_seconds=30,
        learner_share=0.5,
        learner_words=23,
        learner_turns=3,
    )
    better = SENTENCE.replace("go", "went").replace("have slept", "slept")
    slip = Finding(turns[0].id, SENTENCE, better, "")
    praised = by_rules(turns, time, [], "en").content.went_well
    assert [one.quote for one in praised if one.turn_id == turns[0].id] == [SENTENCE]
    content = by_rules(turns, time, [slip], "en").content
    assert [one.quote for one in content.work_on] == [SENTENCE]
    assert not any(one.quote for one in content.went_well)
