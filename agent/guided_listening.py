"""What `guided` says to an answer before it goes on: the reaction that fits, and the tone of it."""

import re
from dataclasses import dataclass

from agent.guided_content import Content, Question, Rule, Tone, compiled
from agent.guided_hearing import Heard, Hearing, plain
from agent.guided_recasts import Recasts, turned
from agent.guided_reply import Turn
from agent.guided_wording import Wording

_SAYABLE_VERBS = frozenset({"like", "love", "enjoy", "go", "went"})
_MOST_SHAPE_WORDS = 7
_MOST_OWN_WORDS = 5
_ALONE = frozenset({"weekday", "place", "dish", "drink", "hobby", "season"})
"""Kinds of words that can be said back alone, without an article."""
_LONG_ANSWER = 8
"""Words of an answer that is worth praising for its length."""

_MANNER = (
    "own", "comment", "follow", "own", "comment", "own", "listen", "comment", "own", "follow", "comment",
)  # fmt: skip
"""What the coach prefers to say after the opener, turn after turn; what does not fit becomes a comment.
The first reply of a call is the second here."""


@dataclass(frozen=True)
class Comment:
    """The sentence after the opener, what it rests on, and how the opener should sound."""

    text: str
    source: str
    tone: Tone


class Listening:
    """Finds what to say to an answer."""

    def __init__(
        self,
        content: Content,
        hearing: Hearing,
        wording: Wording,
        *,
        recasts: Recasts,
        plain_words: frozenset[str],
    ) -> None:
        self._content = content
        self._manners = content.manners
        self._hearing = hearing
        self._wording = wording
        self._recasts = recasts
        self._plain_words = plain_words

    def rule(self, question: Question | None, heard: Heard) -> Rule | None:
        """The first reaction of a question that fits what was heard."""
        if question is None:
            return None
        return next((rule for rule in question.hear if self._fires(rule.when, heard, question)), None)

    def comment(self, turn: Turn, question: Question | None, rule: Rule | None) -> Comment:
        """What to say to this answer, in the manner whose turn it is where that fits."""
        manner = _MANNER[turn.memory.coach_turns % len(_MANNER)]
        if turn.heard.tone not in ("mild", "grave") and not turn.heard.and_you:
            several = self._several(question, turn.heard)
            own = self._said_back(turn) if manner == "own" or several else None
            if own:
                tone = self._noted(turn, rule)
                return Comment(own, "echo", "noted" if tone == "warm" else tone)
            if manner == "follow" and self._leads_on(turn, rule):
                link = self._wording.fresh(turn, "follow")
                if link:
                    return Comment(link, "rule", self._noted(turn, rule))
            if manner == "listen" and len(turn.heard.plain.split()) >= _LONG_ANSWER:
                return Comment(self._wording.line(turn, "listening"), "plain", "warm")
        return self._specific(turn, rule)

    def tone(self, heard: Heard, rule: Rule | None) -> Tone:
        """How the acknowledgement of an answer should sound: the comment carries its own mood."""
        if rule and rule.tone:
            return rule.tone
        if heard.tone == "mild":
            return "mild"
        if self._says_no(heard):
            return "fine"
        return "neutral" if rule else heard.tone

    def own_words(self, turn: Turn) -> str | None:
        """A short answer said back from the coach's side: "with my wife" becomes "With your wife."."""
        said = re.sub(r"^(?:(?:yes|yeah|well|oh|maybe|ok) )+", "", turn.heard.plain)
        words = said.split()
        if not words or len(words) > _MOST_OWN_WORDS or turn.heard.negated or words[0] in ("i", "no"):
            return None
        if len(words) == 1 and not any(kind in _ALONE for kind, _ in turn.heard.echoes):
            return None
        back = self._recasts.tail(said, whole=True)
        if not back or re.search(r"(?<!\w)(?:you|he|she|it|they|is|are|was)(?!\w)", back):
            return None
        text = self._recasts.proper(back[0].upper() + back[1:]) + "."
        return text if self._wording.is_fresh(turn, text) else None

    def _said_back(self, turn: Turn) -> str | None:
        """The answer in the coach's mouth, as it is or as a sentence about the learner."""
        found = self.own_words(turn) or self._shape(turn.heard)
        return found if found and self._wording.is_fresh(turn, found) else None

    def thing(self, heard: Heard) -> str | None:
        """A word of the answer that the coach may ask more about."""
        if heard.negated:
            return None
        for kind, word in heard.echoes:
            if kind == "kin":
                return f"your {word}" if f"my {word}" in heard.plain else None
            if kind in ("hobby", "place"):
                return self._recasts.proper(word)
        return None

    def _several(self, question: Question | None, heard: Heard) -> bool:
        """Whether the answer names things of several reactions, so that one would hear half of it."""
        if question is None or " and " not in heard.plain:
            return False
        rules = [rule for rule in question.hear if not rule.when.startswith("@")]
        return sum(self._fires(rule.when, heard, question) for rule in rules) > 1

    def _leads_on(self, turn: Turn, rule: Rule | None) -> bool:
        """Whether the reaction's next question itself asks to hear more of the same."""
        if rule is None or rule.then is None or turn.memory.current is None:
            return False
        key = self._content.resolve(turn.memory.current, rule.then)
        return key not in turn.memory.asked and self._content.questions[key].is_open

    def _fires(self, pattern: str, heard: Heard, question: Question) -> bool:
        if not pattern.startswith("@"):
            return self._hears(pattern, heard, question)
        name, _, words = pattern[1:].partition("|")
        if name == "any" or (words and self._hears(words, heard, question)):
            return True
        if name == "yes" and self._says_no(heard):
            return False
        return bool(self._hearing.matches(name, heard.plain))

    def _hears(self, words: str, heard: Heard, question: Question) -> bool:
        """Whether the words are there and, where the question does not look for the negative, not denied."""
        for match in compiled(words).finditer(heard.plain):
            if question.negative or not self._denied(heard.plain[: match.start()]):
                return True
        return False

    def _denied(self, before: str) -> bool:
        return bool(re.search(self._manners.denial, before))

    def _says_no(self, heard: Heard) -> bool:
        return bool(self._hearing.matches("no", heard.plain))

    def _noted(self, turn: Turn, rule: Rule | None) -> Tone:
        tone = self.tone(turn.heard, rule)
        return "noted" if tone in ("neutral", "amused", "agreeing") else tone

    def _specific(self, turn: Turn, rule: Rule | None) -> Comment:
        """The sentence that shows that the coach heard this answer."""
        heard = turn.heard
        tone = self.tone(heard, rule)
        name = self._hearing.matches("name", heard.plain)
        if name and plain(name.group(1)) not in self._plain_words:
            text = self._wording.line(turn, "name").format(name=name.group(1).capitalize())
            return Comment(text, "echo", tone)
        if rule:
            return Comment(rule.say, "rule", tone)
        for found in (self._said_back(turn), self._echo(turn)):
            if found and self._wording.is_fresh(turn, found):
                return Comment(found, "echo", "noted" if tone == "neutral" else tone)
        return self._general(turn, tone)

    def _general(self, turn: Turn, tone: Tone) -> Comment:
        """A sentence for an answer that nothing in the content fits."""
        heard = turn.heard
        for feeling, lines in self._manners.feelings.items():
            if not heard.negated and compiled(feeling).search(heard.plain):
                return Comment(self._wording.pick(turn, lines, "feeling"), "tone", tone)
        if tone == "mild":
            return Comment(self._wording.line(turn, "plain_mild"), "tone", tone)
        if self._says_no(heard):
            return Comment(self._wording.line(turn, "plain_no"), "tone", tone)
        name = "after_more" if turn.memory.asked_for_more else "plain"
        return Comment(self._wording.line(turn, name), "plain", tone)

    def _shape(self, heard: Heard) -> str | None:
        for shape in self._manners.shapes:
            match = re.search(shape.when, heard.plain)
            if match is None:
                continue
            words = " ".join(match.groups()).split()
            if len(words) > _MOST_SHAPE_WORDS or not all(self._safe(word) for word in words):
                return None
            filled = shape.say.replace("{1}", turned(match.group(1)))
            return filled.replace("{2}", turned(match.group(2)) if match.re.groups > 1 else "")
        return None

    def _safe(self, word: str) -> bool:
        return word in self._plain_words or word in _SAYABLE_VERBS or word.isdigit()

    def _echo(self, turn: Turn) -> str | None:
        heard = turn.heard
        for kind, word in heard.echoes:
            entry = self._content.lexicon.kinds[kind]
            if not entry.say or heard.tone in ("mild", "grave") or (heard.negated and not entry.negated):
                continue
            fresh = [self._worded(text, word) for text in entry.say]
            fresh = [text for text in fresh if self._wording.is_fresh(turn, text)]
            if fresh:
                return fresh[turn.seed % len(fresh)]
        return None

    @staticmethod
    def _worded(text: str, word: str) -> str:
        filled = text.replace("{x}", word)
        return filled.replace("{X}", word.title() if "about {X}" in text else word[0].upper() + word[1:])
