"""The dialogue of `guided`: from a conversation so far to the coach's next words, as a pure function.

Nothing is kept between calls. What was asked, where the talk stands and what the learner told is read
from the
history each time, by recognising the coach's own sentences, so a reply may be computed several times and
thrown
away, and a resumed call may begin in the middle. The same history always gives the same reply.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Literal

from agent.guided_content import Content, Question, Rule, Rung, Tone, compiled, content
from agent.guided_hearing import MAX_HEARD, Heard, Hearing, plain
from agent.guided_memory import Memory, Utterance, remember, sentences
from agent.guided_recasts import Recasts, turned
from api.contract.calls import Level

MAX_REPLY = 300
"""Characters of the longest reply."""

_RUNGS: tuple[Rung, ...] = ("ask", "again", "example", "choice")
_BASIC = ("mild", "grave")

Kind = Literal[
    "answer", "ask_back", "rephrase", "hint", "boundary", "topic", "wait", "close", "care", "social"
]
"""What a reply does; `answer` acknowledges an answer and goes on."""


@dataclass(frozen=True)
class Reply:
    """The coach's next turn. `sentences` are said in order; the first is short and mostly a fixed opener."""

    sentences: tuple[str, ...]
    kind: Kind
    intent: str
    """What the learner's turn was taken for."""
    tone: Tone = "neutral"
    question_id: str | None = None
    """The question this turn puts (again), e.g. `food.breakfast`; None when it asks nothing from the bank."""
    rung: Rung | None = None
    recast: str | None = None
    """Id of the slip that was recast."""
    source: str = ""
    """What the acknowledgement rests on: rule, recast, echo, shape, tone, plain or line."""

    @property
    def text(self) -> str:
        """All of it, as one text."""
        return " ".join(self.sentences)


@dataclass
class _Turn:
    """One reply in the making."""

    memory: Memory
    heard: Heard
    level: Level
    seed: int
    said: list[str] = field(default_factory=list)


class Dialogue:
    """The engine over the content of `prompts/guided/`."""

    def __init__(self, level: Level = Level.A2, *, source: Content | None = None) -> None:
        self._content = source or content()
        self._manners = self._content.manners
        self._level = level
        self._hearing = Hearing(self._content)

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
        found and the
        turn is an answer.
        """
        turn = self._turn(history)
        if not turn.memory.last_learner:
            return self.silence(history)
        handler = getattr(self, f"_on_{turn.heard.intent}", None)
        made: Reply = handler(turn) if handler else self._on_line(turn)
        if made.intent == "answer" and recast and not made.recast:
            made = self._on_answer(turn, outside=recast)
        return _bounded(made)

    def silence(self, history: Sequence[Utterance]) -> Reply:
        """Help after silence: the question in other words, an example, a choice of two, another
        question, then quiet."""
        turn = self._turn(history)
        memory = turn.memory
        if memory.changes_since_learner >= 3:
            return Reply((self._line(turn, "still_here"),), "wait", "silence", source="line")
        key, rung = memory.current, memory.rung
        step = self._next_rung(key, rung) if key else None
        if key is None or step is None:
            turn.said.append(self._line(turn, "silence_change" if key else "still_here"))
            return _bounded(self._next(turn, "hint", "silence"))
        lead = {"again": "silence_again", "example": "example_hint", "choice": "choice"}[step]
        turn.said.append(self._line(turn, lead))
        return _bounded(self._put(turn, key, step, "hint", "silence"))

    def state(self, history: Sequence[Utterance]) -> Memory:
        """What is known of a conversation."""
        return remember(self._content, history)

    def close(self, history: Sequence[Utterance]) -> Reply:
        """A polite end of the conversation."""
        turn = self._turn(history)
        return self._on_goodbye(turn)

    # What a turn can be.

    def _on_answer(self, turn: _Turn, outside: str | None = None) -> Reply:
        heard, memory = turn.heard, turn.memory
        question = self._content.questions.get(memory.current or "")
        if heard.tone == "grave":
            return self._on_grave(turn)
        slip = self.recasts.find(heard.text)
        rule = self._rule(question, heard)
        said, source = self._specific(turn, rule)
        tone = self._acknowledged(turn, rule)
        turn.said.append(self._opener(turn, tone))
        recast = slip.rule if slip else ("grammar" if outside else None)
        if slip or outside:
            turn.said.append(slip.text if slip else outside or "")
            source = "recast"
            if rule:
                turn.said.append(rule.say)
        else:
            turn.said.append(said)
        if heard.and_you:
            topic = self._content.topics[self._content.topic_of.get(memory.current or "", "hello")]
            del turn.said[2:]
            turn.said.append(self._pick(turn, topic.and_you, "and_you"))
        made = self._next(
            turn, "answer", "answer", tone=tone, then=self._lead(memory.current, question, rule)
        )
        return _with(made, recast=recast, source=source)

    def _on_grave(self, turn: _Turn) -> Reply:
        turn.said.append(self._opener(turn, "grave"))
        turn.said.append(self._line(turn, "sympathy"))
        turn.said.append(self._line(turn, "elsewhere"))
        return _with(self._next(turn, "care", "answer", tone="grave"), source="tone")

    def _on_distress(self, turn: _Turn) -> Reply:
        said = tuple(sentences(self._line(turn, "distress")))
        return Reply(said, "care", "distress", "grave", source="line")

    def _on_goodbye(self, turn: _Turn) -> Reply:
        memory = turn.memory
        if memory.closed:
            return Reply(tuple(sentences(self._line(turn, "close_again"))), "close", "goodbye", source="line")
        said = [self._line(turn, "close")]
        topic, kin = self._main_topic(memory), self._kin(memory)
        if kin:
            said.append(self._line(turn, "close_kin").format(kin=kin))
        elif topic:
            said.append(self._line(turn, "close_topic").format(topic=topic))
        said.append(self._line(turn, "close_end"))
        return Reply(tuple(said), "close", "goodbye", "warm", source="line")

    def _on_rude(self, turn: _Turn) -> Reply:
        lines = self._manners.lines["rude"]
        times = sum(1 for line in lines if plain(sentences(line)[0]) in turn.memory.said)
        turn.said.extend(sentences(lines[min(times, len(lines) - 1)]))
        if times:
            return Reply(tuple(turn.said), "boundary", "rude", source="line")
        return self._back(turn, "boundary", "rude")

    def _on_question(self, turn: _Turn) -> Reply:
        answer, known = self._answer(turn)
        answered = turn.heard.and_you and turn.heard.plain
        turn.said.extend(sentences(answer))
        if not answered and turn.memory.current and not turn.heard.and_you:
            return self._back(turn, "ask_back", "question", known=known)
        return _with(self._next(turn, "ask_back", "question"), source="line")

    def _on_hello(self, turn: _Turn) -> Reply:
        turn.said.extend(sentences(self._line(turn, "hello")))
        return self._back(turn, "social", "hello")

    def _on_thanks(self, turn: _Turn) -> Reply:
        turn.said.append(self._line(turn, "thanks"))
        return self._back(turn, "social", "thanks")

    def _on_continue(self, turn: _Turn) -> Reply:
        turn.said.extend(sentences(self._line(turn, "continue")))
        return self._back(turn, "social", "continue", lead=False)

    def _on_wait(self, turn: _Turn) -> Reply:
        return Reply(tuple(sentences(self._line(turn, "wait"))), "wait", "wait", source="line")

    def _on_no_questions(self, turn: _Turn) -> Reply:
        first = self._manners.lines["no_questions"][0]
        used = plain(sentences(first)[0]) in turn.memory.said
        line = self._line(turn, "no_questions_more") if used else first
        return Reply(tuple(sentences(line)), "boundary", "no_questions", source="line")

    def _on_change(self, turn: _Turn) -> Reply:
        wished = self._wished(turn)
        personal = compiled("personal|private|secret|none of your business|want to (?:answer|say)").search(
            turn.heard.plain
        )
        turn.said.extend(sentences(self._line(turn, "change_personal" if personal else "change")))
        if personal and not wished:
            return self._next(turn, "topic", "change")
        return self._enter(turn, wished or self._fresh_topic(turn), "change")

    def _on_repeat(self, turn: _Turn) -> Reply:
        turn.said.extend(sentences(self._line(turn, "repeat")))
        key = turn.memory.current
        if key is None:
            return self._next(turn, "rephrase", "repeat")
        rung = turn.memory.rung
        repeated = turn.memory.repeats >= 1
        return self._put(turn, key, "again" if repeated and rung == "ask" else rung, "rephrase", "repeat")

    def _on_slower(self, turn: _Turn) -> Reply:
        turn.said.append(self._line(turn, "slower"))
        key = turn.memory.current
        return (
            self._put(turn, key, "again", "rephrase", "slower")
            if key
            else self._next(turn, "rephrase", "slower")
        )

    def _on_confused(self, turn: _Turn) -> Reply:
        return self._climb(turn, "confused", {"again": "confused", "example": "example", "choice": "choice"})

    def _on_dont_know(self, turn: _Turn) -> Reply:
        turn.said.append(self._line(turn, "dont_know"))
        return self._climb(turn, "dont_know", {"example": "", "choice": ""}, least="example", most=1)

    def _on_noise(self, turn: _Turn) -> Reply:
        turn.said.append(self._line(turn, "noise"))
        return self._back(turn, "rephrase", "noise", lead=False)

    def _on_foreign(self, turn: _Turn) -> Reply:
        turn.said.extend(sentences(self._line(turn, "foreign")))
        return self._back(turn, "rephrase", "foreign", lead=False)

    def _on_meaning(self, turn: _Turn) -> Reply:
        match = self._hearing.matches("meaning", turn.heard.plain)
        word = next((group for group in match.groups() if group), "") if match else ""
        if word in ("it", "that", "this", "you"):
            return self._on_confused(turn)
        known = self._manners.meanings.get(word)
        turn.said.append(self._line(turn, "meaning"))
        turn.said.extend(sentences(known or self._line(turn, "meaning_unknown")))
        return self._back(turn, "ask_back", "meaning", lead=False)

    def _on_line(self, turn: _Turn) -> Reply:
        """Intents that one line answers before the talk goes back to its question."""
        turn.said.extend(sentences(self._line(turn, turn.heard.intent)))
        return self._back(turn, "ask_back", turn.heard.intent)

    # Acknowledging.

    def _rule(self, question: Question | None, heard: Heard) -> Rule | None:
        for rule in question.hear if question else ():
            if self._fires(rule.when, heard):
                return rule
        return None

    def _fires(self, pattern: str, heard: Heard) -> bool:
        if not pattern.startswith("@"):
            return bool(compiled(pattern).search(heard.plain))
        name, _, words = pattern[1:].partition("|")
        if name == "any" or (words and compiled(words).search(heard.plain)):
            return True
        if name == "yes" and self._hearing.matches("no", heard.plain):
            return False
        return bool(self._hearing.matches(name, heard.plain))

    def _acknowledged(self, turn: _Turn, rule: Rule | None) -> Tone:
        if rule and rule.tone:
            return rule.tone
        heard = turn.heard
        if heard.tone == "neutral" and self._hearing.matches("no", heard.plain):
            return "fine"
        return heard.tone

    def _specific(self, turn: _Turn, rule: Rule | None) -> tuple[str, str]:
        """The sentence that shows that the coach heard this answer, and what it rests on."""
        heard = turn.heard
        name = self._hearing.matches("name", heard.plain)
        if name and plain(name.group(1)) not in self.plain_words:
            return self._line(turn, "name").format(name=name.group(1).capitalize()), "echo"
        if rule:
            return rule.say, "rule"
        for found in (self._shape(heard), self._echo(turn)):
            if found and plain(found) not in turn.memory.said:
                return found, "echo"
        for feeling, lines in self._manners.feelings.items():
            if not heard.negated and compiled(feeling).search(heard.plain):
                return self._pick(turn, lines, "feeling"), "tone"
        group = "plain"
        if heard.tone == "mild":
            group = "plain_mild"
        elif self._hearing.matches("no", heard.plain):
            group = "plain_no"
        return self._line(turn, group), "tone" if group != "plain" else "plain"

    def _shape(self, heard: Heard) -> str | None:
        for shape in self._manners.shapes:
            match = re.search(shape.when, heard.plain)
            if match is None:
                continue
            words = " ".join(match.groups()).split()
            if len(words) > 7 or not all(self._safe(word) for word in words):
                return None
            filled = shape.say.replace("{1}", turned(match.group(1)))
            return filled.replace("{2}", turned(match.group(2)) if match.re.groups > 1 else "")
        return None

    def _safe(self, word: str) -> bool:
        return word in self.plain_words or word in ("like", "love", "enjoy", "go", "went") or word.isdigit()

    def _echo(self, turn: _Turn) -> str | None:
        heard = turn.heard
        for kind, word in heard.echoes:
            entry = self._content.lexicon.kinds[kind]
            if not entry.say or heard.tone in _BASIC or (heard.negated and not entry.negated):
                continue
            fresh = [self._worded(text, word) for text in entry.say]
            fresh = [text for text in fresh if plain(text) not in turn.memory.said]
            if fresh:
                return fresh[turn.seed % len(fresh)]
        return None

    @staticmethod
    def _worded(text: str, word: str) -> str:
        article = "An" if word[0] in "aeiou" else "A"
        filled = text.replace("{x}", word).replace("{A}", article)
        return filled.replace("{X}", word.title() if "about {X}" in text else word[0].upper() + word[1:])

    def _opener(self, turn: _Turn, tone: Tone) -> str:
        return self._least_recent(turn, self._manners.openers[tone])

    # Going on.

    def _lead(self, key: str | None, question: Question | None, rule: Rule | None) -> list[str]:
        if key is None or question is None:
            return []
        targets = [rule.then if rule else None, question.then]
        return [self._content.resolve(key, target) for target in targets if target]

    def _next(
        self, turn: _Turn, kind: Kind, intent: str, *, tone: Tone = "neutral", then: Sequence[str] = ()
    ) -> Reply:
        """Put the next question: one the answer led to, else the topic's next, else another topic's first."""
        for key in then:
            if self._open(turn, key):
                return self._put(turn, key, "ask", kind, intent, tone)
        topic = self._topic_now(turn)
        for key in self._spine(topic):
            if self._open(turn, key):
                return self._put(turn, key, "ask", kind, intent, tone)
        fresh = self._fresh_topic(turn)
        if fresh is None:
            return Reply((*turn.said, *sentences(self._line(turn, "empty_end"))), kind, intent, tone)
        return self._enter(turn, fresh, intent, kind, tone)

    def _enter(
        self, turn: _Turn, topic: str | None, intent: str, kind: Kind = "topic", tone: Tone = "neutral"
    ) -> Reply:
        keys = [key for key in self._spine(topic) if self._open(turn, key)] if topic else []
        if topic is None or not keys:
            return Reply((*turn.said, *sentences(self._line(turn, "empty_end"))), kind, intent, tone)
        turn.said.append(self._pick(turn, self._content.topics[topic].enter, "enter"))
        return self._put(turn, keys[0], "ask", kind, intent, tone)

    def _put(  # noqa: PLR0917  the parts of one reply
        self, turn: _Turn, key: str, rung: Rung, kind: Kind, intent: str, tone: Tone = "neutral"
    ) -> Reply:
        question = self._content.questions[key]
        text = question.wording(turn.level) if rung == "ask" else (getattr(question, rung) or question.again)
        return Reply((*turn.said, *sentences(text)), kind, intent, tone, key, rung, source="line")

    def _back(self, turn: _Turn, kind: Kind, intent: str, *, lead: bool = True, known: bool = True) -> Reply:
        """Return to the question that is open; when it was put back twice already, go on to another one."""
        key = turn.memory.current
        if key is None:
            return self._next(turn, kind, intent)
        if turn.memory.puts >= 3:
            return self._next(turn, kind, intent)
        if lead and known:
            turn.said.append(self._line(turn, "back"))
        rung: Rung = "again" if turn.memory.rung == "ask" else turn.memory.rung
        return self._put(turn, key, rung, kind, intent)

    def _climb(
        self, turn: _Turn, intent: str, leads: dict[str, str], *, least: Rung = "again", most: int = 3
    ) -> Reply:
        key, rung = turn.memory.current, turn.memory.rung
        step = self._next_rung(key, rung) if key else None
        if step and _RUNGS.index(step) < _RUNGS.index(least):
            step = least
        if key is None or step is None or _RUNGS.index(rung) > most:
            if not turn.said:
                turn.said.extend(sentences(self._line(turn, "move_on")))
            return self._next(turn, "rephrase", intent)
        if leads.get(step):
            turn.said.extend(sentences(self._line(turn, leads[step])))
        return self._put(turn, key, step, "rephrase", intent)

    def _next_rung(self, key: str, rung: Rung) -> Rung | None:
        following = _RUNGS[_RUNGS.index(rung) + 1 :]
        question = self._content.questions[key]
        return next((step for step in following if step != "choice" or question.choice), None)

    def _open(self, turn: _Turn, key: str) -> bool:
        """Whether a question may still be asked: new, not too hard, not already answered, not about a
        sorrow."""
        question, memory = self._content.questions[key], turn.memory
        if key in memory.asked or list(Level).index(question.level) > list(Level).index(turn.level):
            return False
        if question.skip and compiled(question.skip).search(memory.learner_words):
            return False
        text = plain(f"{question.wording(turn.level)} {question.again}")
        return not any(compiled(words).search(text) for words in memory.avoid)

    def _spine(self, topic: str | None) -> list[str]:
        if topic is None:
            return []
        questions = self._content.topics[topic].questions
        return [f"{topic}.{key}" for key, question in questions.items() if not question.follow]

    def _topic_now(self, turn: _Turn) -> str | None:
        memory = turn.memory
        if memory.topic:
            return memory.topic
        return self._mentioned(turn.heard.plain)

    def _mentioned(self, said: str) -> str | None:
        counts = {
            name: len(compiled(topic.words).findall(said)) for name, topic in self._content.topics.items()
        }
        best = max(counts, key=lambda name: counts[name])
        return best if counts[best] else None

    def _wished(self, turn: _Turn) -> str | None:
        if compiled("not want to|do not like").search(turn.heard.plain):
            return None
        for name, topic in self._content.topics.items():
            if name != "hello" and compiled(topic.wish).search(turn.heard.plain):
                return name
        return None

    def _fresh_topic(self, turn: _Turn) -> str | None:
        """The topic least spoken of so far, never the present one while another has questions left."""
        memory = turn.memory
        names = [name for name in self._content.topics if name != "hello"]
        names = [name for name in names if any(self._open(turn, key) for key in self._spine(name))]
        others = [name for name in names if name != memory.topic]
        order = sorted(
            others, key=lambda name: (memory.share(name), (names.index(name) + turn.seed) % len(names))
        )
        return order[0] if order else next(iter(names), None)

    def _kin(self, memory: Memory) -> str | None:
        """Somebody of whom the learner spoke, and not with sorrow."""
        told = self._hearing.heard(memory.learner_words[:MAX_HEARD])
        return None if memory.avoid else told.slot("kin")

    def _main_topic(self, memory: Memory) -> str | None:
        names = [name for name in self._content.topics if name != "hello" and memory.share(name) >= 2]
        best = max(names, key=memory.share, default=None)
        return self._content.topics[best].name if best else None

    def _answer(self, turn: _Turn) -> tuple[str, bool]:
        """The coach's answer to what the learner asked, and whether it knew one."""
        if turn.heard.and_you and not turn.heard.plain:
            topic = self._content.topics[self._content.topic_of.get(turn.memory.current or "", "hello")]
            return self._pick(turn, topic.and_you, "and_you"), True
        for asked in self._manners.asked:
            if compiled(asked.when).search(turn.heard.plain):
                return self._pick(turn, asked.say, "asked"), True
        return self._line(turn, "unknown_question"), False

    # Choosing words.

    def _line(self, turn: _Turn, name: str) -> str:
        return self._pick(turn, self._manners.lines[name], name)

    def _pick(self, turn: _Turn, options: Sequence[str], salt: str) -> str:
        """A variant that was not said yet, by chance of the history; else the one said longest ago."""
        fresh = [text for text in options if plain(sentences(text)[0]) not in turn.memory.said]
        if not fresh:
            return self._least_recent(turn, options)
        return fresh[_digest(f"{turn.seed}:{salt}") % len(fresh)]

    def _least_recent(self, turn: _Turn, options: Sequence[str]) -> str:
        recent = turn.memory.said
        start = turn.seed % len(options)
        turned_options = (*options[start:], *options[:start])
        return min(turned_options, key=lambda text: recent.get(plain(sentences(text)[0]), -1))

    def _turn(self, history: Sequence[Utterance]) -> _Turn:
        memory = remember(self._content, history)
        heard = self._hearing.heard(memory.last_learner)
        seed = _digest("\n".join(f"{turn.role}:{turn.text}" for turn in history))
        return _Turn(memory, heard, self._level, seed)


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(errors="replace"), digest_size=6).digest())


def _with(reply: Reply, **changes: str | None) -> Reply:
    kept = {name: getattr(reply, name) for name in reply.__dataclass_fields__}
    return Reply(**{**kept, **changes})


def _bounded(reply: Reply) -> Reply:
    """At most `MAX_REPLY` characters: sentences in the middle give way first."""
    said = list(reply.sentences)
    while len(" ".join(said)) > MAX_REPLY and len(said) > 2:
        del said[1]
    return Reply(
        **{**{name: getattr(reply, name) for name in reply.__dataclass_fields__}, "sentences": tuple(said)}
    )


@cache
def dialogue(level: Level) -> Dialogue:
    """The one `Dialogue` of a level in this process."""
    return Dialogue(level)
