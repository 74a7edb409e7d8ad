"""What is due for review, woven into free talk: asked for at a good moment, and said well once after the try.

Pure as the lesson is: `answer` may be asked several times, `learner` alone moves it. What was said is graded
from the turns afterwards, by the API.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from livekit.agents import llm

from agent.conversation import new_words
from agent.guided_content import content
from agent.guided_hearing import Hearing, plain_whole
from agent.guided_memory import sentences
from agent.lesson_criteria import phrase_pattern
from agent.texts import one_line
from api.contract.calls import DueItem
from prompts import load

MOST_IN_A_CALL = 2
_FIRST_AFTER, _NEXT_AFTER = 3, 6
"""Turns of the learner's in free talk before the first one, and from one to the next; after a lesson the
first comes at once."""
_MOST_DATA = 300


@dataclass(frozen=True)
class DueMove:
    """An item to ask for, or one that the learner has just tried."""

    kind: Literal["ask", "check"]
    item: DueItem
    right: bool = False

    @property
    def sentences(self) -> tuple[str, ...]:
        """What `guided` says of it."""
        prompt = load("lesson")
        lines: dict[str, Sequence[str]] = prompt.value("lines")
        pick = self.item.id.int
        if self.kind == "ask":
            return (lines["due"][pick % len(lines["due"])], *sentences(self.item.prompt))
        name = "due_right" if self.right else "due_wrong"
        line = lines[name][pick % len(lines[name])]
        return (line,) if self.right else (line, *sentences(self.item.answer))

    @property
    def instruction(self) -> str:
        """What a language model is told of it."""
        told = {
            "prompt": one_line(self.item.prompt, most=_MOST_DATA),
            "answer": one_line(self.item.answer, most=_MOST_DATA),
        }
        name = "due" if self.kind == "ask" else "due_check"
        return load("lesson").text("instructions", name).format(**told).strip()


class DueTalk:
    """The due items of one call. `is_free` tells whether the talk is free now."""

    def __init__(self, items: Sequence[DueItem], *, is_free: Callable[[], bool], after_lesson: bool) -> None:
        self._items = list(items[:MOST_IN_A_CALL])
        self._is_free = is_free
        self._hearing = Hearing(content())
        self._next_at = 1 if after_lesson else _FIRST_AFTER
        self._turns = 0
        self._waiting: DueItem | None = None
        self._heard: set[str] = set()
        self._last: DueMove | None = None

    def answer(self, context: llm.ChatContext) -> DueMove | None:
        """What the learner's last words give occasion for."""
        text = new_words(context, self._heard)
        return self._move(text) if text else self._last

    def know(self, context: llm.ChatContext) -> None:
        """These turns are of earlier calls."""
        self._heard.update(message.id for message in context.messages())

    def learner(self, message: llm.ChatMessage) -> None:
        """A turn of the learner's was committed."""
        if message.id in self._heard:
            return
        self._last = self._move(message.text_content or "")
        self._heard.add(message.id)
        if not self._is_free():
            return
        self._turns += 1
        self._waiting = None
        if self._last and self._last.kind == "ask":
            self._waiting = self._items.pop(0)
            self._next_at = self._turns + _NEXT_AFTER

    def _move(self, text: str) -> DueMove | None:
        if not self._is_free():
            return None
        if self._waiting is not None:
            said = phrase_pattern(self._waiting.answer).search(plain_whole(text))
            return DueMove("check", self._waiting, right=said is not None)
        now = self._items and self._turns + 1 >= self._next_at
        plain_answer = (
            self._hearing.heard(text).intent == "answer" and self._hearing.heard(text).tone != "grave"
        )
        return DueMove("ask", self._items[0]) if now and plain_answer else None
