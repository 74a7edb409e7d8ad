"""Words that a call is likely to hear, told to the recognizer ahead.

They are given once, before the first word: a change within a call makes the recognizer's connection anew, and
its word times would begin again. A lesson's own words are few enough to be told whole. What is due for review
is left out: it is the learner's sentence put right, and the recognizer is not to put it right.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from api.contract.calls import CallBrief, Role
from api.contract.lessons import LessonContent

MOST: Final = 90
"""Vendors take a hundred; a word that was not expected needs no company."""
_LONGEST: Final = 40
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_FUNCTION: Final = frozenset(
    re.findall(
        "[a-z']+",
        "a about again all also am an and any are as at be been being but by can can't could did didn't do "
        "does doesn't don't down for from had has have he her here hers him his how i i'd i'll i'm i've if "
        "in into is isn't it it's its just let's may me might must my no not of off oh ok okay on or our "
        "out over please really shall she should so some than thank thanks that that's the their them then "
        "there these they this those to too under until up us very was we well were what what's when where "
        "which while who whom whose why will with won't would yes you you're your",
    )
)


def expected_words(brief: CallBrief) -> list[str]:
    """Names first, then the lesson's words, then what was talked about last; each once, at most 90."""
    found: dict[str, str] = {}
    for word in chain(_names(brief), *(map(_content, _texts(brief)))):
        found.setdefault(word.casefold(), word)
        if len(found) == MOST:
            break
    return list(found.values())


def _names(brief: CallBrief) -> Iterator[str]:
    yield from _WORD.findall(brief.learner.display_name)
    told = " ".join(fact.text for fact in brief.facts)
    yield from (
        word for word in _WORD.findall(told) if word[0].isupper() and word.casefold() not in _FUNCTION
    )


def _texts(brief: CallBrief) -> Iterator[str]:
    """What may be spoken of, the likeliest first."""
    if brief.lesson is not None:
        yield from _lesson(brief.lesson.content)
    yield brief.last_topic or ""
    yield from (fact.text for fact in brief.facts)
    yield from (turn.text for turn in reversed(brief.last_turns) if turn.role is Role.LEARNER)


def _lesson(content: LessonContent) -> Iterator[str]:
    yield content.topic
    yield from (item.word for item in content.vocabulary)
    yield from (phrase.text for phrase in content.phrases)
    exchanges = [one for step in content.steps for one in step.exchanges]
    yield from (one.model for one in exchanges)
    yield from (one.say for one in exchanges)


def _content(text: str) -> Iterable[str]:
    words = _WORD.findall(text)
    return (word for word in words if 2 < len(word) <= _LONGEST and word.casefold() not in _FUNCTION)
