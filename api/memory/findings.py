"""A learner's sentences, and those among them that could be better, as a report tells of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from api.contract.checking import sentence_around
from api.corrections.service import Found
from api.memory.said import Said, sentences, words_of


@dataclass(frozen=True)
class Finding:
    """A sentence with what is wrong put right."""

    turn_id: UUID
    text: str
    better: str
    why: str


def findings_of(found: Sequence[Found]) -> list[Finding]:
    """The sentences in which corrections are, each once, with the reason of its first."""
    distinct: dict[tuple[UUID, int], Finding] = {}
    for one in found:
        begin, end = sentence_around(one.turn_text, one.correction.start)
        sentence = Finding(
            one.turn_id, one.turn_text[begin:end].strip(), one.correction.better, one.correction.explanation
        )
        distinct.setdefault((one.turn_id, begin), sentence)
    return list(distinct.values())


def count_sentences(turns: Sequence[Said]) -> int:
    """The learner's sentences of three words and more."""
    return sum(len(words_of(text)) >= 3 for turn in turns if turn.by_learner for text in sentences(turn.text))
