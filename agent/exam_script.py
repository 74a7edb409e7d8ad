"""What the examiner says: the template's script, and the few lines around it."""

from collections.abc import Collection, Sequence
from functools import cache
from itertools import cycle

from pydantic import BaseModel, ConfigDict

import prompts
from api.contract.exams import ExamContent, ExamPart

WORDS_A_SECOND = 2.4
"""How fast the voice speaks, with its pauses between sentences; estimates what fits into a time."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Lines(_Strict):
    """Lines beside the script."""

    start: str
    go_on: str
    resumed: str
    only_once: str


class PartnerLines(_Strict):
    """How the other candidate reacts, hands over and asks."""

    reactions: tuple[str, ...]
    hand_over: tuple[str, ...]
    nudges: tuple[str, ...]


class Instructions(_Strict):
    """What a language model is told."""

    partner: str
    follow_up: str


class ExaminerContent(_Strict):
    """The content of `prompts/examiner.yaml`."""

    version: int
    lines: Lines
    acknowledgements: tuple[str, ...]
    more: tuple[str, ...]
    partner: PartnerLines
    instructions: Instructions


@cache
def examiner_content() -> ExaminerContent:
    """The examiner's words, read once a process."""
    return prompts.load("examiner").parse(ExaminerContent)


def seconds_of(text: str) -> float:
    """About how long it takes to say."""
    return len(text.split()) / WORDS_A_SECOND


class Script:
    """The words of one attempt, each question and each prompt once.

    `said` is what the examiner said before in this attempt, so that a worker that goes on with it begins with
    what is still to be asked.
    """

    def __init__(self, content: ExamContent, said: Collection[str] = ()) -> None:
        self.content = content
        self._said = list(said)
        self._acknowledgements = cycle(examiner_content().acknowledgements)
        self._prompts = {part.key: self._left(part.tasks[0].prompts) for part in content.parts}

    def opening(self, part: ExamPart) -> list[str]:
        """What is said in a part's phase of instructions."""
        first = part.key == self.content.parts[0].key
        return [*(self.content.welcome if first else ()), *part.tasks[0].begin]

    def questions(self, part: ExamPart) -> list[str]:
        """What is still to be asked in a part, in order."""
        return self._left(part.tasks[0].questions)

    def more(self) -> list[str]:
        """What may be asked when the part's own questions are through, each once an exam."""
        return self._left(examiner_content().more)

    def prompt(self, part: ExamPart) -> str | None:
        """The next of the rubric's prompts, if any is left."""
        left = self._prompts[part.key]
        return left.pop(0) if left else None

    def acknowledgement(self) -> str:
        """A word after an answer that judges nothing."""
        return next(self._acknowledgements)

    def note(self, text: str) -> None:
        """This was said."""
        self._said.append(text)

    def _left(self, lines: Sequence[str]) -> list[str]:
        return [line for line in lines if not any(line in said for said in self._said)]
