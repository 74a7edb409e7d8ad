"""What a learner's turn is within a lesson: an answer, a command, a wish for help, or something beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from agent.commands import Command, spoken_command
from agent.guided_content import compiled, content
from agent.guided_hearing import Heard, Hearing, plain_whole
from agent.guided_memory import sentences
from agent.lesson_criteria import is_met
from api.contract.lessons import Criterion, Exchange, Reaction, Step, StepMode

_URGENT = frozenset({"distress", "rude", "order"})
"""Answered at once, whatever else the turn holds."""
_HELP = frozenset({"confused", "dont_know"})
_LONGEST_ASIDE = 12
"""Words from which a turn is an answer, whatever phrase it holds."""
_IN_ROLE = frozenset({"noise", "foreign", "no_questions"})
"""What is still beside the lesson when the learner speaks in a role."""
_WEAK = frozenset({"turns", "length"})
"""Kinds of criteria that any words may meet, so that they do not tell an answer."""
_ACCEPT_ONE_WORD = frozenset({"yes_no", "choice", "repeat"})


@dataclass(frozen=True)
class Listened:
    """One turn of the learner's against the open exchange."""

    text: str
    heard: Heard
    met: tuple[Criterion, ...]
    """Criteria of the step that are met with this turn and were not before."""
    reaction: Reaction | None
    words: int

    @property
    def fits(self) -> bool:
        """Whether something was said that the lesson listens for."""
        return self.reaction is not None or self.shows

    def filled(self, say: str) -> str:
        """A reaction's words with the learner's own in their places."""
        match = compiled(self.reaction.when).search(plain_whole(self.text)) if self.reaction else None
        for place, group in enumerate(match.groups() if match else ()):
            say = say.replace(f"{{{place}}}", _name(group or ""))
        return " ".join(re.sub(r"\{\d\}", "", say).split())

    @property
    def shows(self) -> bool:
        """Whether it shows what a criterion asks for in so many words."""
        return any(criterion.kind not in _WEAK for criterion in self.met)


class LessonHearing:
    """Understands turns with `guided`'s ear, and what the lesson wants to hear first."""

    def __init__(self) -> None:
        self._hearing = Hearing(content())
        self._bare = compiled(content().manners.bare)

    def listen(
        self, step: Step, exchange: Exchange | None, text: str, before: Sequence[str], met: Sequence[str]
    ) -> Listened:
        """A turn after the step's earlier ones; `met` are the keys of the criteria met so far."""
        open_ones = [criterion for criterion in step.criteria if criterion.key not in met]
        turns = [*before, text]
        said = plain_whole(text)
        hear = exchange.hear if exchange else []
        return Listened(
            text=text,
            heard=self._hearing.heard(text),
            met=tuple(criterion for criterion in open_ones if is_met(criterion, turns)),
            reaction=next((one for one in hear if compiled(one.when).search(said)), None),
            words=len(said.split()),
        )

    @staticmethod
    def is_urgent(turn: Listened) -> bool:
        """Whether it is answered at once: despair, insults, orders."""
        return turn.heard.intent in _URGENT

    @staticmethod
    def command(turn: Listened, step: Step) -> Command | None:
        """The command that it is; a sentence that the lesson asks for is none."""
        command = spoken_command(turn.text, in_role=in_role(step))
        return None if turn.fits and command not in ("skip", "stop") else command

    @staticmethod
    def wants_help(turn: Listened) -> bool:
        """Whether the learner did not understand, or does not know."""
        short = turn.words <= _LONGEST_ASIDE
        return turn.heard.intent in _HELP and short and not turn.shows

    def is_aside(self, turn: Listened, step: Step, exchange: Exchange | None) -> bool:
        """Whether it is something beside the lesson: a question to the coach, a goodbye, a wish."""
        intent = turn.heard.intent
        if intent == "answer" or intent in _HELP or turn.fits or turn.words > _LONGEST_ASIDE:
            return False
        if intent == "goodbye":
            return not (in_role(step) and turn.words <= 3 and _is_last(step, exchange))
        if in_role(step):
            return intent in _IN_ROLE
        if intent == "question":
            return (exchange is None or exchange.wants != "question") and not self.also_asks(turn)
        return intent not in ("repeat", "slower")

    @staticmethod
    def also_asks(turn: Listened) -> bool:
        """Whether an answer ends in a question back."""
        parts = sentences(turn.text)
        if turn.heard.intent != "question" or len(parts) < 2:
            return False
        return len(plain_whole(" ".join(parts[:-1])).split()) >= 3

    def is_too_short(self, turn: Listened, exchange: Exchange) -> bool:
        """Whether it is one word, or a bare "yes", where more was asked for."""
        if exchange.wants in _ACCEPT_ONE_WORD or turn.met:
            return False
        return turn.words <= 1 or bool(re.fullmatch(self._bare, plain_whole(turn.text)))


def in_role(step: Step) -> bool:
    """Whether the learner speaks to somebody whom the coach plays."""
    return step.mode is StepMode.PAIR or step.coach_role is not None


def _name(words: str) -> str:
    """Words as they are said back: a single word that is no everyday one is a name."""
    return words if " " in words or words in _everyday() else words.capitalize()


@cache
def _everyday() -> frozenset[str]:
    kinds = content().lexicon.kinds.items()
    named = {"place", "weekday"}
    listed = " ".join(entry.words.replace("|", " ") for kind, entry in kinds if kind not in named)
    return frozenset(f"{content().manners.plain_words} {listed}".split())


def _is_last(step: Step, exchange: Exchange | None) -> bool:
    return exchange is None or exchange is step.exchanges[-1]
