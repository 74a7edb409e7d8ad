"""The dialogue of `guided`: from a conversation so far to the coach's next words, as a pure function.

Nothing is kept between calls. What was asked, where the talk stands and what the learner told is read from
the history each time, by recognising the coach's own sentences, so a reply may be computed several times
and thrown away, and a resumed call may begin in the middle. The same history always gives the same reply.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, cached_property

from agent.guided_content import Content, Question, Rule, Tone, compiled, content
from agent.guided_course import SORROW_OFFER, Course, NoCourse
from agent.guided_hearing import Hearing
from agent.guided_listening import Listening
from agent.guided_memory import Memory, Utterance, remember
from agent.guided_recasts import Recasts
from agent.guided_reply import MAX_REPLY, Kind, Reply, Turn, digest
from agent.guided_responses import Responses
from agent.guided_wording import Wording
from api.contract.levels import Level

__all__ = ["MAX_REPLY", "Dialogue", "Kind", "Reply", "dialogue"]

_MORE_AFTER = 3
_MORE_EVERY = 9
"""Coach's turns before, and from one to the next, that only ask to hear more."""
_WARMING = ("it is like that", "my uncle died", "what is the capital of peru", "can we talk about football")
"""Learner's turns that together touch every pattern that is not a question's own."""
_MOST_WORDS_FOR_MORE = 6
_SHORT_RECAST = 4
"""Words of a recast after which there is room for a comment."""


class Dialogue:
    """The engine over the content of `prompts/guided/`."""

    def __init__(self, level: Level = Level.A2, *, source: Content | None = None) -> None:
        self._content = source or content()
        self._manners = self._content.manners
        self._level = level
        self._hearing = Hearing(self._content)
        self._wording = Wording(self._manners)
        self._course = Course(self._content, self._wording)
        self._responses = Responses(self._content, self._hearing, self._wording, self._course)
        self._beside = Responses(
            self._content, self._hearing, self._wording, NoCourse(self._content, self._wording)
        )
        self._listening = Listening(
            self._content,
            self._hearing,
            self._wording,
            recasts=self.recasts,
            plain_words=self.plain_words,
        )

    @cached_property
    def plain_words(self) -> frozenset[str]:
        """Words that may be said back to a learner."""
        words = set(self._manners.plain_words.split())
        for kind in self._content.lexicon.kinds.values():
            words.update(re.findall(r"[a-z]+", kind.words))
        return frozenset(words)

    @cached_property
    def recasts(self) -> Recasts:
        """The finder of slips."""
        kinds = self._content.lexicon.kinds
        return Recasts(self.plain_words, f"{kinds['place'].words}|{kinds['weekday'].words}|english")

    def reply(
        self, history: Sequence[Utterance], *, recast: str | None = None, own_recasts: bool = True
    ) -> Reply:
        """What the coach says next. The history ends with the learner's turn; an empty one is silence.

        `recast` is a sentence that a grammar server's finding led to; it is used when no own slip was
        found and the turn is an answer. Own slips are looked for unless `own_recasts` is false.
        """
        turn = self._turn(history)
        if not turn.memory.last_learner:
            return self.silence(history)
        made = (
            self._on_answer(turn, own=own_recasts)
            if turn.heard.intent == "answer"
            else self._responses.reply(turn)
        )
        if made.intent == "answer" and recast and not made.recast:
            turn.said.clear()
            made = self._on_answer(turn, outside=recast, own=own_recasts)
        return _bounded(made)

    def silence(self, history: Sequence[Utterance]) -> Reply:
        """Help after silence: the question in other words, an example, a choice of two, another
        question, then quiet."""
        turn = self._turn(history)
        memory = turn.memory
        if memory.changes_since_learner >= 3:
            return Reply((self._wording.line(turn, "still_here"),), "wait", "silence", source="line")
        key, step = memory.unanswered, self._course.easier(memory.unanswered, memory.rung)
        if key is None or step is None:
            turn.said.append(self._wording.line(turn, "silence_change" if memory.current else "still_here"))
            return _bounded(self._course.next(turn, "hint", "silence"))
        lead = {"again": "silence_again", "example": "example_hint", "choice": "choice"}[step]
        turn.said.append(self._wording.line(turn, lead))
        return _bounded(self._course.put(turn, key, step, "hint", "silence"))

    def warm(self) -> None:
        """Compile what replies need, so that the first one is as quick as the others."""
        for question in self._content.questions.values():
            patterns = [*(rule.words for rule in question.hear), question.skip]
            for pattern in filter(None, patterns):
                compiled(pattern)
        opening = Utterance("coach", self._content.manners.greeting.start[0])
        for said in _WARMING:
            self.reply([opening, Utterance("learner", said)])

    def state(self, history: Sequence[Utterance]) -> Memory:
        """What is known of a conversation."""
        return remember(self._content, history)

    def beside(self, history: Sequence[Utterance], intent: str) -> tuple[str, ...]:
        """What is said to a turn of this intent while a lesson puts the questions: the answer alone.

        Besides the intents of `dialogue.yaml` there are `grave`, something sad, and `and_you`, a question put
        back.
        """
        turn = self._turn(history)
        if intent == "grave":
            line = self._wording.line(turn, "sympathy")
            return (self._wording.opener(turn, "grave", line), line)
        if intent == "and_you":
            return (self._wording.pick(turn, self._content.topic(None).and_you, "and_you"),)
        return self._beside.reply(replace(turn, heard=replace(turn.heard, intent=intent))).sentences

    def line(self, history: Sequence[Utterance], options: Sequence[str], salt: str) -> str:
        """One of several ways to say a thing: one that was not said yet in this conversation."""
        return self._wording.pick(self._turn(history), options, salt)

    def close(self, history: Sequence[Utterance]) -> Reply:
        """A polite end of the conversation."""
        return self._responses.goodbye(self._turn(history))

    # An answer.

    def _on_answer(self, turn: Turn, outside: str | None = None, *, own: bool = True) -> Reply:
        heard, memory = turn.heard, turn.memory
        question = self._content.questions.get(memory.current or "")
        if heard.tone == "grave":
            return self._on_grave(turn)
        rule = self._listening.rule(question, heard)
        if (rule is None or rule.when.startswith("@any")) and self._says_nothing(turn, question):
            return self._ask_properly(turn)
        slip = self.recasts.find(heard.text) if own else None
        recast = slip.text if slip else outside
        if recast is None and not heard.and_you and self._wants_more(turn, question):
            return self._more(turn, self._listening.tone(heard, rule))
        source, tone = self._acknowledge(turn, question, rule, recast)
        if heard.and_you:
            del turn.said[2:]
            turn.said.append(self._wording.pick(turn, self._content.topic(memory.current).and_you, "and_you"))
        leads = self._course.leads(memory.current, question, rule or self._rule_before(turn, question))
        made = self._course.next(turn, "answer", "answer", tone=tone, then=leads)
        return replace(made, recast=slip.rule if slip else ("grammar" if outside else None), source=source)

    def _acknowledge(
        self, turn: Turn, question: Question | None, rule: Rule | None, recast: str | None
    ) -> tuple[str, Tone]:
        """Opener and comment, or opener and recast; answers what they rest on and their tone."""
        if recast is None:
            comment = self._listening.comment(turn, question, rule)
            turn.said += [self._wording.opener(turn, comment.tone, comment.text), comment.text]
            return comment.source, comment.tone
        tone = self._listening.tone(turn.heard, rule)
        turn.said += [self._wording.opener(turn, tone, recast), recast]
        if rule and len(recast.split()) <= _SHORT_RECAST:
            turn.said.append(rule.say)
        return "recast", tone

    def _rule_before(self, turn: Turn, question: Question | None) -> Rule | None:
        """The reaction to what was said to the same question before the coach asked to hear more."""
        if not turn.memory.asked_for_more:
            return None
        return self._listening.rule(question, self._hearing.heard(turn.memory.answered))

    def _says_nothing(self, turn: Turn, question: Question | None) -> bool:
        """Whether a bare "yes" came to a question that wants more, put once so far."""
        if question is None or turn.memory.puts > 1 or turn.memory.rung != "ask":
            return False
        return question.is_open and bool(re.fullmatch(self._manners.bare, turn.heard.plain))

    def _ask_properly(self, turn: Turn) -> Reply:
        line = self._wording.line(turn, "bare")
        turn.said += [self._wording.opener(turn, "neutral", line), line]
        made = self._course.put(turn, str(turn.memory.current), "again", "rephrase", "answer")
        return replace(made, source="plain")

    def _wants_more(self, turn: Turn, question: Question | None) -> bool:
        """Whether this is the moment to ask nothing new, only to hear more of a thing just named."""
        memory = turn.memory
        since = memory.coach_turns - memory.more_at
        if question is None or memory.coach_turns <= _MORE_AFTER or (memory.more_at and since < _MORE_EVERY):
            return False
        short = len(turn.heard.plain.split()) <= _MOST_WORDS_FOR_MORE
        if not short or turn.heard.tone not in ("neutral", "warm"):
            return False
        thing = self._listening.thing(turn.heard)
        lines = self._manners.lines["more"]
        return thing is not None and all(self._wording.is_fresh(turn, line.format(x=thing)) for line in lines)

    def _more(self, turn: Turn, tone: Tone) -> Reply:
        thing = self._listening.thing(turn.heard) or ""
        tone = "warm" if tone == "warm" else "noted"
        line = self._wording.line(turn, "more").format(x=thing)
        turn.said += [self._wording.opener(turn, tone, line), line]
        return Reply(tuple(turn.said), "more", "answer", tone, source="echo")

    def _on_grave(self, turn: Turn) -> Reply:
        line = self._wording.line(turn, "sympathy")
        turn.said += [self._wording.opener(turn, "grave", line), line]
        if self._course.is_open(turn, SORROW_OFFER):
            return replace(
                self._course.put(turn, SORROW_OFFER, "ask", "care", "answer", "grave"), source="tone"
            )
        turn.said.append(self._wording.line(turn, "elsewhere"))
        return replace(self._course.next(turn, "care", "answer", tone="grave"), source="tone")

    def _turn(self, history: Sequence[Utterance]) -> Turn:
        memory = remember(self._content, history)
        heard = self._hearing.heard(memory.last_learner)
        seed = digest("\n".join(f"{turn.role}:{turn.text}" for turn in history))
        return Turn(memory, heard, self._level, seed)


def _bounded(reply: Reply) -> Reply:
    """At most `MAX_REPLY` characters: sentences in the middle give way first."""
    said = list(reply.sentences)
    while len(" ".join(said)) > MAX_REPLY and len(said) > 2:
        del said[1]
    return replace(reply, sentences=tuple(said))


@cache
def dialogue(level: Level) -> Dialogue:
    """The one `Dialogue` of a level in this process, its patterns compiled."""
    made = Dialogue(level)
    made.warm()
    return made
