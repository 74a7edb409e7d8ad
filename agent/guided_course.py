"""Where a `guided` conversation goes next: the question an answer led to, a look back at something told
before, the topic's next question with a bridge to it, or another topic."""

import re
from collections.abc import Sequence

from agent.guided_content import LEVELS, RUNGS, Content, Question, Rule, Rung, Tone, compiled
from agent.guided_hearing import plain
from agent.guided_memory import Memory, sentences
from agent.guided_reply import Kind, Reply, Turn
from agent.guided_wording import Wording

SORROW_OFFER = "recall.sorrow_offer"
"""The question that comes after bad news."""

SORROW_LATER = "recall.sorrow_later"
"""The question that comes back to bad news, once."""

_SORROW = "recall.sorrow"
_RECALL_EVERY = 6
"""Coach's turns from one look back to the next, at least."""
_RECALL_AFTER = 4
"""Learner's turns until something told may be spoken of again."""
_SORROW_AFTER = 8
_NAME_EVERY = 9
_MOST_PUTS = 3


class Course:
    """Puts questions: new ones, and open ones again."""

    def __init__(self, content: Content, wording: Wording) -> None:
        self._content = content
        self._wording = wording

    def leads(self, key: str | None, question: Question | None, rule: Rule | None) -> list[str]:
        """The questions that an answer leads to, best first."""
        if key is None or question is None:
            return []
        targets = [rule.then if rule else None, question.then]
        return [self._content.resolve(key, target) for target in targets if target]

    def next(
        self, turn: Turn, kind: Kind, intent: str, *, tone: Tone = "neutral", then: Sequence[str] = ()
    ) -> Reply:
        """Put the next question: one the answer led to, else a look back, else the topic's next, else
        another topic's first."""
        for key in then:
            if self.is_open(turn, key):
                return self.put(turn, key, "ask", kind, intent, tone)
        recalled = self._recall(turn) if kind == "answer" else None
        if recalled:
            return self.put(turn, recalled, "ask", kind, intent, tone)
        topic = turn.memory.topic or self._mentioned(turn.heard.plain)
        for key in self._spine(topic):
            if self.is_open(turn, key):
                bridged = self._bridge(turn, key) if kind == "answer" else None
                return self.put(turn, key, "ask", kind, intent, tone, wording=bridged)
        return self.enter(turn, self.fresh_topic(turn), intent, kind, tone)

    def enter(
        self, turn: Turn, topic: str | None, intent: str, kind: Kind = "topic", tone: Tone = "neutral"
    ) -> Reply:
        """Begin a topic; without one, or when nothing of it is left to ask, the learner chooses."""
        keys = [key for key in self._spine(topic) if self.is_open(turn, key)]
        if topic is None or not keys:
            return Reply((*turn.said, *sentences(self._wording.line(turn, "empty_end"))), kind, intent, tone)
        turn.said.append(self._wording.pick(turn, self._content.topics[topic].enter, "enter"))
        return self.put(turn, keys[0], "ask", kind, intent, tone)

    def put(  # noqa: PLR0917  the parts of one reply
        self,
        turn: Turn,
        key: str,
        rung: Rung,
        kind: Kind,
        intent: str,
        tone: Tone = "neutral",
        *,
        wording: str | None = None,
    ) -> Reply:
        """A reply that ends in this question; `wording` is the question with a bridge before it."""
        question = self._content.questions[key]
        text = wording or self.text(turn, question, rung)
        return Reply((*turn.said, *sentences(text)), kind, intent, tone, key, rung, source="line")

    @staticmethod
    def text(turn: Turn, question: Question, rung: Rung) -> str:
        """A question as put on this rung."""
        return question.wording(turn.level) if rung == "ask" else getattr(question, rung) or question.again

    def back(self, turn: Turn, kind: Kind, intent: str, *, lead: bool = True) -> Reply:
        """Return to the question that is open; when it was put back twice already, go on to another one."""
        key = turn.memory.unanswered
        if key is None or turn.memory.puts >= _MOST_PUTS:
            return self.next(turn, kind, intent)
        if lead:
            turn.said.append(self._wording.line(turn, "back"))
        rung: Rung = "again" if turn.memory.rung == "ask" else turn.memory.rung
        return self.put(turn, key, rung, kind, intent)

    def climb(
        self, turn: Turn, intent: str, leads: dict[str, str], *, least: Rung = "again", most: int = 3
    ) -> Reply:
        """The open question one rung easier, after the lead named for that rung; else another question."""
        key, rung = turn.memory.unanswered, turn.memory.rung
        step = self.easier(key, rung)
        if step and RUNGS.index(step) < RUNGS.index(least):
            step = least
        if key is None or step is None or RUNGS.index(rung) > most:
            if not turn.said:
                turn.said.extend(sentences(self._wording.line(turn, "move_on")))
            return self.next(turn, "rephrase", intent)
        if leads.get(step):
            turn.said.extend(sentences(self._wording.line(turn, leads[step])))
        return self.put(turn, key, step, "rephrase", intent)

    def easier(self, key: str | None, rung: Rung) -> Rung | None:
        """The rung below, as far as the question has one."""
        if key is None:
            return None
        following = RUNGS[RUNGS.index(rung) + 1 :]
        question = self._content.questions[key]
        return next((step for step in following if step != "choice" or question.choice), None)

    def is_open(self, turn: Turn, key: str) -> bool:
        """Whether a question may still be asked: new, not too hard, not already answered, not about a
        sorrow."""
        question, memory = self._content.questions[key], turn.memory
        if key in memory.asked or LEVELS.index(question.level) > LEVELS.index(turn.level):
            return False
        if question.skip and compiled(question.skip).search(memory.learner_words):
            return False
        return not _hurts(memory, f"{question.wording(turn.level)} {question.again}")

    def fresh_topic(self, turn: Turn) -> str | None:
        """The topic least spoken of so far, never the present one while another has questions left."""
        memory = turn.memory
        names = [name for name in self._content.topics if name != "hello"]
        names = [name for name in names if any(self.is_open(turn, key) for key in self._spine(name))]
        others = [name for name in names if name != memory.topic]
        order = sorted(
            others, key=lambda name: (memory.share(name), (names.index(name) + turn.seed) % len(names))
        )
        return order[0] if order else next(iter(names), None)

    def wished(self, turn: Turn) -> str | None:
        """The topic that the learner asks for by name."""
        if compiled("not want to|do not like").search(turn.heard.plain):
            return None
        for name, topic in self._content.topics.items():
            if name != "hello" and compiled(topic.wish).search(turn.heard.plain):
                return name
        return None

    def main_topic(self, memory: Memory) -> str | None:
        """The name of what was mostly talked about."""
        names = [name for name in self._content.topics if name != "hello" and memory.share(name) >= 2]
        best = max(names, key=memory.share, default=None)
        return self._content.topics[best].name if best else None

    def _recall(self, turn: Turn) -> str | None:
        """A question about something that was told a while ago, with the words that bring it back."""
        memory = turn.memory
        if memory.coach_turns - memory.recalled_at < _RECALL_EVERY or turn.heard.tone in ("mild", "grave"):
            return None
        if memory.sorrow_at is not None and SORROW_LATER not in memory.asked:
            due = memory.learner_turns - memory.sorrow_at >= _SORROW_AFTER
            return self._recalled(turn, SORROW_LATER) if due else None
        for key, question in self._content.recall.questions.items():
            told = memory.facts.get(question.needs or "")
            if told is None or memory.learner_turns - told.turn < _RECALL_AFTER:
                continue
            lead = question.lead.format(*told.words)
            found = None if _hurts(memory, lead) else self._recalled(turn, f"recall.{key}", *told.words)
            if found:
                return found
        return None

    def _recalled(self, turn: Turn, key: str, *words: str) -> str | None:
        if not self.is_open(turn, key):
            return None
        lead = self._content.recall.questions[key.split(".")[1]].lead.format(*map(self._cased, words))
        turn.said.append(re.sub(r"\ba(?= [aeiou])", "an", lead))
        return key

    def _cased(self, word: str) -> str:
        kinds = self._content.lexicon.kinds
        return word.title() if word in f"{kinds['place'].words}|{kinds['weekday'].words}".split("|") else word

    def _bridge(self, turn: Turn, key: str) -> str | None:
        """Words that lead from one matter of a topic to the next: a sentence of its own, or the first
        words of the question."""
        memory, question = turn.memory, self._content.questions[key]
        text = question.wording(turn.level)
        if memory.name and memory.coach_turns - memory.named_at >= _NAME_EVERY:
            line = self._wording.fresh(turn, "bridge_name", name=memory.name)
            turn.said.extend([line] if line else [])
            return None
        if (memory.current or "").startswith(_SORROW):
            turn.said.extend(
                [self._wording.line(turn, "elsewhere")] if memory.current != SORROW_OFFER else []
            )
            return None
        if question.about and memory.coach_turns % 2 == 0:
            line = self._wording.fresh(turn, "bridge", about=question.about)
            turn.said.extend([line] if line else [])
            return None
        openings = self._content.manners.prefixes
        if len(sentences(text)) > 1 or len(turn.said) > 2:
            return None
        rest = text if text.startswith("I ") else text[0].lower() + text[1:]
        return f"{openings[memory.coach_turns // 2 % len(openings)]} {rest}"

    def _spine(self, topic: str | None) -> list[str]:
        if topic is None:
            return []
        questions = self._content.topics[topic].questions
        return [f"{topic}.{key}" for key, question in questions.items() if not question.follow]

    def _mentioned(self, said: str) -> str | None:
        counts = {
            name: len(compiled(topic.words).findall(said)) for name, topic in self._content.topics.items()
        }
        best = max(counts, key=lambda name: counts[name])
        return best if counts[best] else None


class NoCourse(Course):
    """Puts no question of its own: a lesson does."""

    def next(
        self,
        turn: Turn,
        kind: Kind,
        intent: str,
        *,
        tone: Tone = "neutral",
        then: Sequence[str] = (),  # noqa: ARG002  part of the interface
    ) -> Reply:
        """What was said so far."""
        return Reply(tuple(turn.said), kind, intent, tone, source="line")

    def enter(
        self,
        turn: Turn,
        topic: str | None,  # noqa: ARG002
        intent: str,
        kind: Kind = "topic",
        tone: Tone = "neutral",
    ) -> Reply:
        """What was said so far."""
        return self.next(turn, kind, intent, tone=tone)

    def climb(
        self,
        turn: Turn,
        intent: str,
        leads: dict[str, str],  # noqa: ARG002
        *,
        least: Rung = "again",  # noqa: ARG002
        most: int = 3,  # noqa: ARG002
    ) -> Reply:
        """What was said so far."""
        return self.next(turn, "rephrase", intent)


def _hurts(memory: Memory, text: str) -> bool:
    return any(compiled(words).search(plain(text)) for words in memory.avoid)
