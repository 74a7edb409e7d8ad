"""Putting together what the coach gets of earlier calls: the running summary, the facts that hold."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from api.contract.calls import BriefFact, FactKind
from api.database import utc_now
from api.memory.models import CallRecap
from api.memory.repository import FactRow
from api.memory.rules import rules
from api.memory.said import squeezed, words_of

MAX_SUMMARY: Final = 1_500
MAX_FACTS_TEXT: Final = 700
MOST_BRIEF_FACTS: Final = 20
PLANS_HOLD: Final = timedelta(days=45)
"""What was coming up so long ago is over."""
_TELLING_WORD: Final = 4


def fact_key(kind: FactKind, text: str) -> str:
    """What a fact is known by: the same thing said twice is one fact."""
    return sha256(f"{kind}:{squeezed(text)}".encode()).hexdigest()


def standing(facts: Iterable[FactRow]) -> list[FactRow]:
    """The facts that hold, newest first: of some kinds the newest alone."""
    seen: set[str] = set()
    kept = []
    for row in facts:
        alone = FactKind(row.fact.kind) in rules().single
        if not (alone and row.fact.kind in seen):
            kept.append(row)
        seen.add(row.fact.kind)
    return kept


def for_brief(facts: Iterable[FactRow]) -> list[BriefFact]:
    """What the coach is told; of plans only those that may still lie ahead."""
    since = utc_now() - PLANS_HOLD
    return [
        BriefFact(kind=FactKind(row.fact.kind), text=row.fact.text, said_at=row.fact.said_at)
        for row in standing(facts)
        if row.fact.kind != FactKind.PLAN or row.fact.said_at > since
    ][:MOST_BRIEF_FACTS]


def last_topic(facts: Sequence[FactRow], recaps: Sequence[tuple[CallRecap, datetime]]) -> str | None:
    """What the latest call was about, as it fits after "Last time we talked about".

    Something that the learner told there, by the rules' order, else its subject.
    """
    if not recaps:
        return None
    latest = recaps[0][0]
    order = [kind.value for kind in dict.fromkeys(rule.kind for rule in rules().facts)]
    told = [row.fact for row in standing(facts) if row.fact.call_id == latest.call_id and row.fact.topic]
    told.sort(key=lambda fact: order.index(fact.kind))
    return told[0].topic if told else latest.topic


def assembled(facts: Iterable[FactRow], recaps: Iterable[tuple[CallRecap, datetime]]) -> str:
    """The running summary from facts and recaps, newest first, within 1,500 characters."""
    words = rules().recap
    lines = []
    told = _joined([row.fact.text for row in standing(facts)])
    if told:
        lines.append(words["told"].format(facts=told))
    lines += [words["entry"].format(date=f"{at:%Y-%m-%d}", text=recap.text) for recap, at in recaps]
    summary = ""
    for line in lines:
        longer = f"{summary}\n{line}".strip()
        if len(longer) > MAX_SUMMARY:
            break
        summary = longer
    return summary


def tells(text: str, fact: str) -> bool:
    """Whether a text may tell a fact: one of the fact's own words stands in it."""
    telling = {word for word in words_of(fact) if len(word) >= _TELLING_WORD}
    return bool((telling or set(words_of(fact))) & set(words_of(text)))


def _joined(texts: Sequence[str]) -> str:
    joined = ""
    for text in texts:
        longer = f"{joined}; {text}" if joined else text
        if len(longer) > MAX_FACTS_TEXT:
            break
        joined = longer
    return joined
