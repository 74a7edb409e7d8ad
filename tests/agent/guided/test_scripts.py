"""Five topics, forty scripted learner turns each: the guided coach holds the conversation."""

from itertools import pairwise
from pathlib import Path

import pytest

from agent.guided_content import content
from agent.guided_dialogue import MAX_REPLY
from agent.guided_hearing import plain
from agent.guided_memory import sentences
from api.contract.levels import Level
from tests.agent.guided import scripted

PATHS = sorted(scripted.SCRIPTS.glob("*.yaml"))
CLOSED_CLASS = frozenset(
    [
        "a",
        "an",
        "the",
        "is",
        "are",
        "do",
        "does",
        "did",
        "you",
        "your",
        "in",
        "on",
        "at",
        "to",
        "of",
        "for",
        "with",
        "it",
        "what",
        "which",
        "who",
        "where",
        "when",
        "how",
        "and",
        "or",
        "not",
        "i",
        "my",
    ]
)


@pytest.fixture(params=PATHS, ids=[path.stem for path in PATHS])
def played(request: pytest.FixtureRequest) -> list[scripted.Played]:
    """One script's conversation."""
    path: Path = request.param
    return scripted.play(scripted.load_script(path))


def test_five_topics_of_forty_turns(played: list[scripted.Played]) -> None:
    assert len(PATHS) == 5
    assert len(played) == scripted.TURNS
    kinds = {turn.reply.intent for turn in played}
    assert {"answer", "rude", "silence", "goodbye"} <= kinds
    assert any(len(turn.line.say.split()) == 1 for turn in played)


def test_marked_turns_go_as_marked(played: list[scripted.Played]) -> None:
    for turn in played:
        for field in ("intent", "tone", "kind"):
            wanted = getattr(turn.line, field)
            assert wanted is None or getattr(turn.reply, field) == wanted, (turn.line, turn.reply)
        assert turn.line.contains is None or turn.line.contains in turn.reply.text, turn.reply


def test_recasts_stand_exactly_where_marked(played: list[scripted.Played]) -> None:
    assert [(t.line.say, t.reply.recast) for t in played] == [(t.line.say, t.line.recast) for t in played]


def test_no_question_is_repeated_or_nearly(played: list[scripted.Played]) -> None:
    asked = [turn.reply for turn in played if turn.reply.rung == "ask" and turn.reply.kind != "rephrase"]
    keys = [reply.question_id for reply in asked]
    assert len(keys) == len(set(keys))
    bags = [frozenset(plain(reply.sentences[-1]).split()) - CLOSED_CLASS for reply in asked]
    for place, bag in enumerate(bags):
        for other in bags[:place]:
            assert len(bag & other) / max(1, len(bag | other)) < 0.75, (bag, other)


def test_each_answer_is_acknowledged_before_the_next_question(played: list[scripted.Played]) -> None:
    openers = content().manners.openers
    for turn in played:
        if turn.reply.intent != "answer":
            continue
        assert turn.reply.sentences[0] in openers[turn.reply.tone], turn.reply
        assert len([s for s in turn.reply.sentences if not s.endswith("?")]) >= 2, turn.reply
        assert turn.reply.source in {"rule", "recast", "echo", "tone", "plain"}, turn.reply


def test_most_acknowledgements_are_about_what_was_said(played: list[scripted.Played]) -> None:
    answers = [turn.reply for turn in played if turn.reply.intent == "answer"]
    specific = [reply for reply in answers if reply.source in {"rule", "recast", "echo"}]
    assert len(specific) >= 0.8 * len(answers)


def test_acknowledgements_do_not_repeat(played: list[scripted.Played]) -> None:
    replies = [turn.reply for turn in played if turn.reply.intent == "answer"]
    seconds = [reply.sentences[1] for reply in replies if reply.source in {"rule", "echo"}]
    assert len(seconds) == len(set(seconds))
    firsts = [turn.reply.sentences[0] for turn in played if turn.reply.intent == "answer"]
    assert all(one != two for one, two in pairwise(firsts))


def test_words_suit_beginners_ears(played: list[scripted.Played]) -> None:
    said = [sentence for turn in played for sentence in turn.reply.sentences]
    assert all(turn.reply.text.count("?") <= 1 for turn in played)
    assert all(len(turn.reply.text) <= MAX_REPLY for turn in played)
    assert sum(len(sentence.split()) <= 12 for sentence in said) >= 0.97 * len(said)
    assert max(len(sentence.split()) for sentence in said) <= 16


def test_transcripts_are_current() -> None:
    for path in PATHS:
        kept = (scripted.DOCS / f"{path.stem}.md").read_text(encoding="utf-8")
        assert kept == scripted.transcript(scripted.load_script(path)), (
            "run python -m tests.agent.guided.scripted"
        )


def test_every_question_can_be_recognised_and_is_one_question() -> None:
    seen: dict[str, str] = {}
    for key, question in content().questions.items():
        for text in (*question.wordings(), question.again, question.example, question.choice or ""):
            assert text.count("?") <= 1, (key, text)
            for sentence in sentences(text):
                assert seen.setdefault(plain(sentence), key) == key, sentence


def test_topics_hold_a_long_talk() -> None:
    sizes = {name: len(topic.questions) for name, topic in content().topics.items() if name != "hello"}
    assert all(size >= 45 for size in sizes.values()), sizes
    assert {Level.A2, Level.B1} <= {question.level for question in content().questions.values()}
