"""The other candidate of a pair task, whom the coach plays: what is said next, and how much of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle

from agent.exam_script import examiner_content, seconds_of
from api.contract.exams import ExamTask

USUAL_TURN_S = 8.0
"""How long a learner's turn in a pair task is taken to be while none was heard."""
MOST_TURN_S = 25.0
"""Of the other candidate's longest turn."""


@dataclass(frozen=True)
class Share:
    """Seconds that both have spoken in a pair task until now."""

    learner: float
    coach: float

    @property
    def coach_part(self) -> float:
        """The coach's part of all speaking; a half while nobody spoke."""
        both = self.learner + self.coach
        return self.coach / both if both else 0.5

    def after(self, coach: float, learner: float) -> "Share":
        """Once the coach has spoken for so long, and the learner after that."""
        return Share(self.learner + learner, self.coach + coach)


@dataclass
class Partner:
    """The other candidate in one task.

    Of what could be said next, that is said with which both will have spoken alike once the learner has
    answered as long as they usually do.
    """

    task: ExamTask
    said: Sequence[str] = ()
    _turns: list[float] = field(default_factory=list)
    _spoken: float = 0.0

    def __post_init__(self) -> None:
        """Leave out what was said before."""
        lines = examiner_content().partner
        self._opinions = [one for one in self.task.opinions if not self._was_said(one)]
        self._questions = [one for one in self.task.questions if not self._was_said(one)]
        self._reactions = cycle(lines.reactions)
        self._hand_over = cycle(lines.hand_over)
        self._nudges = cycle(lines.nudges)

    def next(self, share: Share, *, answered: bool) -> str:
        """What to say now; `answered` tells that the learner has just spoken."""
        if answered:
            self._turns.append(max(0.0, share.learner - self._spoken))
        self._spoken = share.learner
        if not answered:
            return self._ask()
        wanted = self._wanted_seconds(share)
        reaction = next(self._reactions)
        options = [(reaction, *one) for one in self._options()]
        best = min(options, key=lambda lines: abs(seconds_of(" ".join(lines)) - wanted))
        self._opinions = [one for one in self._opinions if one not in best]
        self._questions = [one for one in self._questions if one not in best]
        return " ".join(best)

    @property
    def usual_turn(self) -> float:
        """How long the learner's turns are, in seconds."""
        return sum(self._turns) / len(self._turns) if self._turns else USUAL_TURN_S

    def _wanted_seconds(self, share: Share) -> float:
        """How long to speak so that both have spoken alike after the learner's next turn."""
        return min(MOST_TURN_S, max(0.0, share.learner + self.usual_turn - share.coach))

    def _options(self) -> list[tuple[str, ...]]:
        """What may be said after a reaction, short and long; each ends so that the learner has the word."""
        hand_over = next(self._hand_over)
        question = self._questions[:1] or [hand_over]
        options: list[tuple[str, ...]] = [(hand_over,), tuple(question)]
        for count in range(1, len(self._opinions) + 1):
            opinions = self._opinions[:count]
            options.append(tuple(opinions) if opinions[-1].endswith("?") else (*opinions, hand_over))
            if self._questions:
                options.append((*opinions, self._questions[0]))
        return options

    def _ask(self) -> str:
        """The learner says nothing: a question, and nothing that takes their time."""
        return self._questions.pop(0) if self._questions else next(self._nudges)

    def _was_said(self, line: str) -> bool:
        return any(line in said for said in self.said)
