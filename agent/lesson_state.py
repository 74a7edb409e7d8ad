"""Where a lesson stands, and what one turn does to it: plain values, never changed in place."""

from dataclasses import dataclass
from typing import Literal

from agent.difficulty import Mark
from api.contract.lessons import LessonEventKind, LessonProgress, Support

Form = Literal["say", "easier", "nudge", "model", "translation"]
"""How the open question was put or helped with."""

Phase = Literal["steps", "retry", "reflection", "over"]
"""In the steps; at the second try of a criterion, after a step's exchanges; at the last question; over."""

Kind = Literal[
    "begin", "answer", "nudge", "help", "back", "retry", "reflection", "translate", "grave", "over",
    "stopped", "close", "aside", "repeat", "slower",
]  # fmt: skip
"""What a move asks of whoever gives it words. `aside` says something and puts no question, `close` says
goodbye."""


@dataclass(frozen=True)
class LessonState:
    """Where a lesson stands."""

    step: int = 0
    exchange: int = 0
    phase: Phase = "steps"
    asked: bool = False
    """The open question was put, and heard."""
    given: tuple[Form, ...] = ()
    """How it was put and helped with so far."""
    nudged: bool = False
    turns: tuple[str, ...] = ()
    """The learner's answers in this step."""
    met: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    missed: str | None = None
    """The criterion that the second try is for."""
    retried: bool = False
    """The step has had its second try."""
    since: float = 0.0
    """When the step began, by the clock that the moves are given."""
    marks: tuple[Mark, ...] = ()
    """How the answers went since support changed last."""
    support: Support = Support.USUAL
    slowed: int = 0
    ended: Literal["completed", "stopped"] | None = None

    @property
    def is_over(self) -> bool:
        """Whether the lesson has ended, one way or the other."""
        return self.phase == "over"

    def progress(self) -> LessonProgress:
        """What another call, or another worker, needs to go on from here."""
        return LessonProgress(
            step=self.step, exchange=self.exchange, met=list(self.met), skipped=list(self.skipped)
        )


@dataclass(frozen=True)
class Happening:
    """An event of the lesson before it has a number and a time."""

    kind: LessonEventKind
    step: str | None = None
    exchange: int | None = None
    criterion: str | None = None
    support: Support | None = None
    reason: str | None = None


Part = tuple[Literal["line", "text", "intent", "visual"], str]
"""A piece of what is said: a line of `prompts/lesson.yaml` by its name, a text as it is, `guided`'s answer to
an intent, the description of a visual."""


@dataclass(frozen=True)
class Move:
    """What one turn leads to: the state afterwards, what happened, and what is to be said."""

    state: LessonState
    kind: Kind
    parts: tuple[Part, ...] = ()
    happened: tuple[Happening, ...] = ()
    question: str = ""
    """The question or help that the move ends in; empty where it asks nothing."""
    direct: bool = False
    """Said as it is, also where a language model leads the lesson."""
    troubled: bool = False
    """The learner could use a reminder of the commands."""

    @property
    def is_answered(self) -> bool:
        """Whether it follows an answer, in which a slip may be taken up."""
        return self.kind in ("answer", "retry", "reflection", "over") and not self.direct
