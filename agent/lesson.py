"""The lesson of a call as it runs: where it stands, moved by committed turns, shown and kept."""

import time
from collections.abc import Callable
from dataclasses import replace

from livekit.agents import llm

from agent.commands import Command, command_content
from agent.conversation import new_words, utterances
from agent.guided_dialogue import dialogue
from agent.guided_hearing import plain_whole
from agent.lesson_instructions import instructions
from agent.lesson_state import LessonState, Move
from agent.lesson_walk import Walk
from agent.lesson_words import LessonWords
from api.contract.calls import CallBrief, Channel
from api.contract.lessons import LessonPlan

Moved = Callable[[Move, str | None], None]
"""Told of a move that counts, and of the learner's turn that it rests on."""


class Lesson:
    """One lesson in one call.

    `answer` is pure and may be asked several times for words that are not final; `learner` and `coach` are
    told of turns that were committed, and they alone move the state. `on_moved` hears of each move.
    `is_speaking` tells whether the coach is just heard: its question counts as put then.
    """

    def __init__(
        self,
        plan: LessonPlan,
        brief: CallBrief,
        *,
        channel: Channel = Channel.WEB,
        has_model: bool = False,
        on_moved: Moved = lambda *_: None,
        is_speaking: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        learner = brief.learner
        self._native = learner.native_language if learner.translation else None
        self._on_phone = channel is Channel.PHONE
        self.walk = Walk(
            plan,
            level=learner.level,
            translates=has_model and self._native is not None,
            on_phone=self._on_phone,
        )
        self.plan = plan
        self._words = LessonWords(plan.content, dialogue(learner.level))
        self._on_moved = on_moved
        self._is_speaking = is_speaking
        self._clock = clock
        self._heard: set[str] = set()
        self._guesses: dict[tuple[str, bool], Move] = {}
        self._last: Move | None = None
        self._said = 0
        self._suggested: list[Move] = []
        self._suggested_at = 0
        self.state = LessonState(support=plan.support)

    def begin(self, greeting: str) -> str:
        """Start, or go on where an earlier call or worker stopped; the first words of the call."""
        move = self.walk.start(self._clock())
        self._apply(move, None)
        again = self.plan.progress != type(self.plan.progress)()
        return self._words.opening(move, greeting, again=again)

    def know(self, context: llm.ChatContext) -> None:
        """These turns are of earlier calls, and no answers in this one."""
        self._heard.update(message.id for message in context.messages())

    @property
    def quotations(self) -> list[str]:
        """What the coach may say from the documents that the lesson is made from; empty without any."""
        if not self.plan.from_documents:
            return []
        exchanges = [one for step in self.plan.content.steps for one in step.exchanges]
        return list(dict.fromkeys(text for one in exchanges for text in (one.otherwise, one.model)))

    @property
    def running(self) -> bool:
        """Whether the lesson still goes on."""
        return not self.state.is_over

    @property
    def is_closing(self) -> bool:
        """Whether the coach just says goodbye to a learner who did."""
        return self._last is not None and self._last.kind == "close"

    def answer(self, context: llm.ChatContext) -> Move | None:
        """What the last words of a conversation lead to; None when the lesson was over before them."""
        text = new_words(context, self._heard)
        if not text:
            return self._last
        return self._guess(text) if self.running else None

    def words(self, move: Move, context: llm.ChatContext, *, recast: str | None = None) -> tuple[str, ...]:
        """What `guided` says of a move, sentence by sentence."""
        history = utterances(context)
        return (*self._suggestion(move, len(history)), *self._words.of(move, history, recast=recast))

    def instructions(self, move: Move) -> str:
        """What a language model is told for its reply."""
        return instructions(self.walk, move, native_language=self._native, on_phone=self._on_phone)

    def learner(self, message: llm.ChatMessage) -> None:
        """A turn of the learner's was committed."""
        if message.id in self._heard:
            return
        self._heard.add(message.id)
        if not self.running:
            self._last = None
            return
        self._apply(self._guess(message.text_content or ""), message.id)

    def coach(self, message: llm.ChatMessage) -> None:
        """A turn of the coach's was committed, as far as it was heard."""
        self._said += 1
        self.state = self.walk.said(self.state, message.text_content or "", interrupted=message.interrupted)

    def silence(self, context: llm.ChatContext) -> tuple[str, ...]:
        """Help into silence."""
        move = self.walk.silence(self.state, self._clock())
        self._apply(move, None)
        return self.words(move, context)

    def command(self, command: Command) -> Move:
        """A button was pressed."""
        move = self.walk.command(self.state, command, self._clock())
        self._apply(move, None)
        return move

    def _guess(self, text: str) -> Move:
        key = (plain_whole(text) or text, "?" in text)
        if key not in self._guesses:
            state = replace(self.state, asked=True) if self._is_speaking() else self.state
            self._guesses[key] = self.walk.hear(state, text, self._clock())
        return self._guesses[key]

    def _apply(self, move: Move, item_id: str | None) -> None:
        self.state, self._last = move.state, move
        self._guesses.clear()
        if move.troubled and self._may_suggest():
            self._suggested.append(move)
            self._suggested_at = self._said
        self._on_moved(move, item_id)

    # Reminders of the commands.

    def _may_suggest(self) -> bool:
        rules = command_content().suggest
        if len(self._suggested) >= rules.most:
            return False
        return not self._suggested or self._said - self._suggested_at >= rules.every

    def _suggestion(self, move: Move, seed: int) -> tuple[str, ...]:
        """At a moment of trouble, seldom: what the learner may say."""
        counted = move is self._last
        if not (move in self._suggested if counted else move.troubled and self._may_suggest()):
            return ()
        lines = command_content().suggest.lines
        return (lines[seed % len(lines)],)
