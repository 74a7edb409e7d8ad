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
from agent.guided_course import SORROW_OFFER, Course
from agent.guided_hearing import MAX_HEARD, Hearing
from agent.guided_listening import Listening
from agent.guided_memory import Memory, Utterance, remember, sentences
from agent.guided_recasts import Recasts
from agent.guided_reply import MAX_REPLY, Kind, Reply, Turn, digest
from agent.guided_wording import Wording
from api.contract.calls import Level

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

    def reply(self, history: Sequence[Utterance], *, recast: str | None = None) -> Reply:
        """What the coach says next. The history ends with the learner's turn; an empty one is silence.

        `recast` is a sentence that a grammar server's finding led to; it is used when no own slip was
        found and the turn is an answer.
        """
        turn = self._turn(history)
        if not turn.memory.last_learner:
            return self.silence(history)
        handler = getattr(self, f"_on_{turn.heard.intent}", None)
        made: Reply = handler(turn) if handler else self._on_line(turn)
        if made.intent == "answer" and recast and not made.recast:
            turn.said.clear()
            made = self._on_answer(turn, outside=recast)
        return _bounded(made)

    def silence(self, history: Sequence[Utterance]) -> Reply:
        """Help after silence: the question in other words, an example, a choice of two, another
        question, then quiet."""
        turn = self._turn(history)
        memory = turn.memory
        if memory.changes_since_learner >= 3:
            return Reply((self._wording.line(turn, "still_here"),), "wait", "silence", source="line")
        key, step = memory.current, self._course.easier(memory.current, memory.rung)
        if key is None or step is None:
            turn.said.append(self._wording.line(turn, "silence_change" if key else "still_here"))
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

    def close(self, history: Sequence[Utterance]) -> Reply:
        """A polite end of the conversation."""
        return self._on_goodbye(self._turn(history))

    # An answer.

    def _on_answer(self, turn: Turn, outside: str | None = None) -> Reply:
        heard, memory = turn.heard, turn.memory
        question = self._content.questions.get(memory.current or "")
        if heard.tone == "grave":
            return self._on_grave(turn)
        rule = self._listening.rule(question, heard)
        if (rule is None or rule.when.startswith("@any")) and self._says_nothing(turn, question):
            return self._ask_properly(turn)
        slip = self.recasts.find(heard.text)
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
            turn.said += [self._wording.opener(turn, comment.tone), comment.text]
            return comment.source, comment.tone
        tone = self._listening.tone(turn.heard, rule)
        turn.said += [self._wording.opener(turn, tone), recast]
        if rule and len(recast.split()) <= _SHORT_RECAST:
            turn.said.append(rule.say)
        return "recast", tone

    def _rule_before(self, turn: Turn, question: Question | None) -> Rule | None:
        """The reaction to what was said to the same question before the coach asked to hear more."""
        if turn.memory.more_at != turn.memory.coach_turns:
            return None
        return self._listening.rule(question, self._hearing.heard(turn.memory.answered))

    def _says_nothing(self, turn: Turn, question: Question | None) -> bool:
        """Whether a bare "yes" came to a question that wants more, put once so far."""
        if question is None or turn.memory.puts > 1 or turn.memory.rung != "ask":
            return False
        return question.is_open and bool(re.fullmatch(self._manners.bare, turn.heard.plain))

    def _ask_properly(self, turn: Turn) -> Reply:
        turn.said.append(self._wording.opener(turn, "neutral"))
        turn.said.append(self._wording.line(turn, "bare"))
        made = self._course.put(turn, str(turn.memory.current), "again", "rephrase", "answer")
        return replace(made, source="plain")

    def _wants_more(self, turn: Turn, question: Question | None) -> bool:
        """Whether this is the moment to ask nothing new, only to hear more of a thing just named."""
        memory = turn.memory
        since = memory.coach_turns - memory.more_at
        if question is None or memory.coach_turns <= _MORE_AFTER or (memory.more_at and since < _MORE_EVERY):
            return False
        short = len(turn.heard.plain.split()) <= _MOST_WORDS_FOR_MORE
        return short and turn.heard.tone in ("neutral", "warm") and bool(self._listening.thing(turn.heard))

    def _more(self, turn: Turn, tone: Tone) -> Reply:
        thing = self._listening.thing(turn.heard) or ""
        tone = "warm" if tone == "warm" else "noted"
        turn.said.append(self._wording.opener(turn, tone))
        turn.said.append(self._wording.line(turn, "more").format(x=thing))
        return Reply(tuple(turn.said), "more", "answer", tone, source="echo")

    # Hard moments.

    def _on_grave(self, turn: Turn) -> Reply:
        turn.said.append(self._wording.opener(turn, "grave"))
        turn.said.append(self._wording.line(turn, "sympathy"))
        if self._course.is_open(turn, SORROW_OFFER):
            return replace(
                self._course.put(turn, SORROW_OFFER, "ask", "care", "answer", "grave"), source="tone"
            )
        turn.said.append(self._wording.line(turn, "elsewhere"))
        return replace(self._course.next(turn, "care", "answer", tone="grave"), source="tone")

    def _on_distress(self, turn: Turn) -> Reply:
        said = tuple(sentences(self._wording.line(turn, "distress")))
        return Reply(said, "care", "distress", "grave", source="line")

    def _on_rude(self, turn: Turn) -> Reply:
        lines = self._manners.lines["rude"]
        times = self._wording.lines_said(turn, "rude")
        turn.said.extend(sentences(lines[min(times, len(lines) - 1)]))
        if times:
            return Reply(tuple(turn.said), "boundary", "rude", source="line")
        return self._course.back(turn, "boundary", "rude")

    def _on_no_questions(self, turn: Turn) -> Reply:
        first = self._manners.lines["no_questions"][0]
        line = first if self._wording.is_fresh(turn, first) else self._wording.line(turn, "no_questions_more")
        return Reply(tuple(sentences(line)), "boundary", "no_questions", source="line")

    # Help with the open question.

    def _on_repeat(self, turn: Turn) -> Reply:
        turn.said.extend(sentences(self._wording.line(turn, "repeat")))
        key, rung = turn.memory.current, turn.memory.rung
        if key is None:
            return self._course.next(turn, "rephrase", "repeat")
        repeated = turn.memory.repeats >= 1
        return self._course.put(
            turn, key, "again" if repeated and rung == "ask" else rung, "rephrase", "repeat"
        )

    def _on_slower(self, turn: Turn) -> Reply:
        turn.said.append(self._wording.line(turn, "slower"))
        key = turn.memory.current
        if key is None:
            return self._course.next(turn, "rephrase", "slower")
        return self._course.put(turn, key, "again", "rephrase", "slower")

    def _on_confused(self, turn: Turn) -> Reply:
        leads = {"again": "confused", "example": "example", "choice": "choice"}
        return self._course.climb(turn, "confused", leads)

    def _on_dont_know(self, turn: Turn) -> Reply:
        turn.said.append(self._wording.line(turn, "dont_know"))
        return self._course.climb(turn, "dont_know", {"example": "", "choice": ""}, least="example", most=1)

    def _on_noise(self, turn: Turn) -> Reply:
        turn.said.append(self._wording.line(turn, "noise"))
        return self._course.back(turn, "rephrase", "noise", lead=False)

    def _on_foreign(self, turn: Turn) -> Reply:
        turn.said.extend(sentences(self._wording.line(turn, "foreign")))
        return self._course.back(turn, "rephrase", "foreign", lead=False)

    def _on_meaning(self, turn: Turn) -> Reply:
        match = self._hearing.matches("meaning", turn.heard.plain)
        word = next((group for group in match.groups() if group), "") if match else ""
        if word in ("it", "that", "this", "you"):
            return self._on_confused(turn)
        known = self._manners.meanings.get(word)
        turn.said.append(self._wording.line(turn, "meaning"))
        turn.said.extend(sentences(known or self._wording.line(turn, "meaning_unknown")))
        return self._course.back(turn, "ask_back", "meaning", lead=False)

    # Manners.

    def _on_goodbye(self, turn: Turn) -> Reply:
        memory = turn.memory
        if memory.closed:
            again = tuple(sentences(self._wording.line(turn, "close_again")))
            return Reply(again, "close", "goodbye", source="line")
        said = [self._wording.line(turn, "close")]
        topic, kin = self._course.main_topic(memory), self._kin(memory)
        if kin:
            said.append(self._wording.line(turn, "close_kin").format(kin=kin))
        elif topic:
            said.append(self._wording.line(turn, "close_topic").format(topic=topic))
        said.extend(sentences(self._wording.line(turn, "close_end")))
        return Reply(tuple(said), "close", "goodbye", "warm", source="line")

    def _on_question(self, turn: Turn) -> Reply:
        answer, known = self._answer(turn)
        turn.said.extend(sentences(answer))
        if turn.memory.current and not turn.heard.and_you:
            return self._course.back(turn, "ask_back", "question", lead=known)
        return replace(self._course.next(turn, "ask_back", "question"), source="line")

    def _on_hello(self, turn: Turn) -> Reply:
        turn.said.extend(sentences(self._wording.line(turn, "hello")))
        return self._course.back(turn, "social", "hello")

    def _on_thanks(self, turn: Turn) -> Reply:
        turn.said.append(self._wording.line(turn, "thanks"))
        return self._course.back(turn, "social", "thanks")

    def _on_continue(self, turn: Turn) -> Reply:
        turn.said.extend(sentences(self._wording.line(turn, "continue")))
        return self._course.back(turn, "social", "continue", lead=False)

    def _on_wait(self, turn: Turn) -> Reply:
        return Reply(tuple(sentences(self._wording.line(turn, "wait"))), "wait", "wait", source="line")

    def _on_change(self, turn: Turn) -> Reply:
        wished = self._course.wished(turn)
        personal = compiled("personal|private|secret|none of your business|want to (?:answer|say)").search(
            turn.heard.plain
        )
        turn.said.extend(sentences(self._wording.line(turn, "change_personal" if personal else "change")))
        if personal and not wished:
            return self._course.next(turn, "topic", "change")
        return self._course.enter(turn, wished or self._course.fresh_topic(turn), "change")

    def _on_line(self, turn: Turn) -> Reply:
        """Intents that one line answers before the talk goes back to its question."""
        turn.said.extend(sentences(self._wording.line(turn, turn.heard.intent)))
        return self._course.back(turn, "ask_back", turn.heard.intent)

    def _answer(self, turn: Turn) -> tuple[str, bool]:
        """The coach's answer to what the learner asked, and whether it knew one."""
        if turn.heard.and_you and not turn.heard.plain:
            return self._wording.pick(turn, self._content.topic(turn.memory.current).and_you, "and_you"), True
        for asked in self._manners.asked:
            if compiled(asked.when).search(turn.heard.plain):
                return self._wording.pick(turn, asked.say, "asked"), True
        return self._wording.line(turn, "unknown_question"), False

    def _kin(self, memory: Memory) -> str | None:
        """Somebody of whom the learner spoke, and not with sorrow."""
        told = self._hearing.heard(memory.learner_words[:MAX_HEARD])
        return None if memory.avoid else told.slot("kin")

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
