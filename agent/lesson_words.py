"""What `guided` says in a lesson: the lesson's own words, and around them lines that vary."""

from collections.abc import Sequence

import prompts
from agent.guided_dialogue import Dialogue
from agent.guided_memory import Utterance, sentences
from agent.lesson_state import Move, Part
from api.contract.lessons import LessonContent

_GREETS = ("hello", "hi ", "hi,", "hi!", "hey", "welcome", "good morning", "good afternoon", "good evening")
_PRESENTS = ("i'm avaaz", "i am avaaz", "my name is avaaz", "it's avaaz")


class LessonWords:
    """Gives a move its words; the same move and conversation always give the same."""

    def __init__(self, content: LessonContent, dialogue: Dialogue) -> None:
        self._content = content
        self._dialogue = dialogue
        self._prompt = prompts.load("lesson")

    def of(self, move: Move, history: Sequence[Utterance], *, recast: str | None = None) -> tuple[str, ...]:
        """Sentences for a move. `recast` is the learner's own sentence said well, before any reaction."""
        if move.kind == "repeat":
            return last_said(history) or sentences(move.question or self._content.reflection)
        said: list[str] = []
        for place, part in enumerate(move.parts):
            if place == 0 and recast and move.is_answered:
                said.append(recast)
                if part[0] == "text" and len(move.parts) > 1:
                    continue  # the recast acknowledges the answer
            said.extend(self._part(part, history, place))
        return tuple(said)

    def opening(self, move: Move, greeting: str, *, again: bool) -> str:
        """The first words of a call with a lesson. `greeting` are `guided`'s, without a question."""
        name = "again_today" if again else "today"
        lines: Sequence[str] = self._prompt.value("lines", name)
        today = lines[0].format(title=self._content.title.rstrip("."))
        words = list(self.of(move, ()))
        while not again and len(words) > 1 and words[0].lower().startswith((*_GREETS, *_PRESENTS)):
            del words[0]
        return " ".join(filter(None, [greeting, today, *words]))

    def _part(self, part: Part, history: Sequence[Utterance], place: int) -> Sequence[str]:
        kind, value = part
        match kind:
            case "text":
                return sentences(value)
            case "line":
                lines: Sequence[str] = self._prompt.value("lines", value)
                return sentences(self._dialogue.line(history, lines, f"{value}:{place}"))
            case "intent":
                return self._dialogue.beside(history, value)
            case "visual":
                shown = next(one for one in self._content.visuals if one.key == value)
                lead = self._dialogue.line(history, self._prompt.value("lines", "visual"), "visual")
                return (lead, *sentences(shown.description))


def last_said(history: Sequence[Utterance]) -> tuple[str, ...]:
    """The coach's last words, before those of the learner that asked for them again."""
    for turn in reversed(history):
        if turn.role == "coach":
            return sentences(turn.text)
    return ()
