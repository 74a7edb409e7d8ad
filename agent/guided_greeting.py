"""The first words of a call."""

import re
from datetime import datetime

from agent.guided_content import Content, compiled
from agent.guided_dialogue import Dialogue
from agent.guided_hearing import plain
from agent.guided_memory import Memory, Utterance, remember
from api.contract.calls import CallBrief, FactKind, GreetingVerbosity, Role

_NAME_CHARACTERS = 24
_CALLED = "is called "
_SAYABLE = re.compile(r"[^\W\d_][\w' -]{1,59}")
"""A topic that can be said aloud: a few plain words."""


def greeting_text(content: Content, dialogue: Dialogue, brief: CallBrief, now: datetime) -> str:
    """A greeting that fits: the first call says at once that an AI speaks, a resumed one goes on where
    it stopped,
    a later one remembers what was talked about."""
    words = content.manners.greeting
    short = brief.learner.greeting_verbosity is GreetingVerbosity.SHORT
    history = [
        Utterance("learner" if turn.role is Role.LEARNER else "coach", turn.text) for turn in brief.last_turns
    ]
    memory = remember(content, history)
    name = _name(brief.learner.display_name) or _told_name(brief)
    if brief.first_call:
        hello = (words.first_short if short else words.first)[0].format(name=name)
        return f"{hello} {words.start[0]}"
    if brief.resumed:
        return f"{words.resumed[0]} {_question_again(content, memory, dialogue)}"
    if short:
        return f"{words.returning_short[0].format(name=name)} {words.start[0]}"
    parts = [words.hello[_part_of_day(now)].format(name=name)]
    topic = _topic(content, memory, brief)
    parts.append(
        words.remember[0].format(topic=topic) if topic else words.returning[now.day % 2].format(name="")
    )
    return " ".join([*parts, words.start[0]])


def hello_text(content: Content, brief: CallBrief, now: datetime) -> str:
    """The words before a lesson: a hello, and in the first call that an AI speaks."""
    words = content.manners.greeting
    short = brief.learner.greeting_verbosity is GreetingVerbosity.SHORT
    name = _name(brief.learner.display_name) or _told_name(brief)
    if brief.first_call:
        return (words.first_short if short else words.first)[0].format(name=name)
    if brief.resumed:
        return words.resumed[0]
    if short:
        return words.returning_short[0].format(name=name)
    return words.hello[_part_of_day(now)].format(name=name)


def _question_again(content: Content, memory: Memory, dialogue: Dialogue) -> str:
    if memory.current:
        return content.questions[memory.current].again
    return dialogue.silence(()).sentences[-1]


def _topic(content: Content, memory: Memory, brief: CallBrief) -> str | None:
    """What the last call was about: as it is remembered, else by the questions asked, else by the words of
    its turns or of the summary."""
    if brief.last_topic and _SAYABLE.fullmatch(brief.last_topic):
        return brief.last_topic
    named = [name for name in content.topics if name != "hello" and memory.share(name)]
    if named:
        return content.topics[max(named, key=memory.share)].name
    said = " ".join([*(turn.text for turn in brief.last_turns), brief.summary])
    found = dialogue_topic(content, said)
    return content.topics[found].name if found else None


def dialogue_topic(content: Content, said: str) -> str | None:
    """The topic whose words stand most often in a text, when they stand there at least twice."""
    counts = {
        name: len(compiled(topic.words).findall(plain(said)))
        for name, topic in content.topics.items()
        if name != "hello"
    }
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] >= 2 else None


def _part_of_day(now: datetime) -> str:
    if now.hour < 12:
        return "morning"
    return "afternoon" if now.hour < 18 else "evening"


def _told_name(brief: CallBrief) -> str:
    """The name that the learner gave in an earlier call."""
    told = next((fact.text for fact in brief.facts if fact.kind is FactKind.NAME), "")
    return _name(told.removeprefix(_CALLED)) if told.startswith(_CALLED) else ""


def _name(display_name: str) -> str:
    """`, Ana` from a display name that can be said aloud, else nothing."""
    first = display_name.strip().split(" ")[0]
    return f", {first}" if first.isalpha() and len(first) <= _NAME_CHARACTERS else ""
