"""A whole exam in no time: a loop whose clock jumps, a voice that takes as long as its words, a learner."""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from agent.exam_script import Script, seconds_of
from agent.exam_time import ExamTime, clock_of
from agent.examiner import Examiner, Wording
from api.contract.exams import ExamEvent, ExamPlan, ExamView

Result = TypeVar("Result")
THREAD_WITHIN_S = 10.0


class _Jump(selectors.SelectSelector):
    """Nothing is waited for: the time until the next timer has passed at once."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:  # a thread is waited for, which takes its time
            found = super().select(THREAD_WITHIN_S)
            if not found:
                raise RuntimeError("everybody waits for something that never comes")
            return found
        self.now += max(0.0, timeout)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop with a clock of its own, in seconds from 0."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        return self._jump.now


def in_no_time(work: Coroutine[Any, Any, Result]) -> Result:
    """Run on a virtual loop."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


def now() -> float:
    """Seconds since the loop began."""
    return asyncio.get_running_loop().time()


@dataclass(frozen=True)
class Line:
    """Something said, and when it was begun and ended."""

    who: str
    text: str
    began: float
    ended: float


@dataclass
class Room:
    """Examiner and learner together. `lines` is all that was said, `views` what the screen was told."""

    plan: ExamPlan
    said_before: tuple[str, ...] = ()
    wording: Wording | None = None
    lines: list[Line] = field(default_factory=list)
    views: list[tuple[float, ExamView]] = field(default_factory=list)
    events: list[ExamEvent] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)
    _saying: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.time = ExamTime(self.plan, clock_of(self.plan, now()))
        self.examiner = Examiner(
            self.time,
            self,
            Script(self.plan.content, self.said_before),
            on_event=self.events.append,
            on_view=lambda view: self.views.append((now(), view)),
            wording=self.wording,
            said_before=self.said_before,
        )

    # What the examiner uses.

    def say(self, text: str, *, yields: bool = False) -> Awaitable[object]:
        before = self._saying
        self._saying = asyncio.create_task(self._voice(text, before))
        return asyncio.shield(self._saying)

    def hush(self) -> None:
        if self._saying:
            self._saying.cancel()

    def said(self) -> str:
        return " ".join(self._words)

    async def take(self) -> str:
        text, self._words = self.said(), []
        if text:
            self.taken.append(text)
        return text

    # What the learner does.

    async def speak(self, text: str, seconds: float) -> None:
        """Say this, in so many seconds; words are heard as they come."""
        began = now()
        self.examiner.silence.learner(True)
        words = text.split()
        for word in words:
            await asyncio.sleep(seconds / len(words))
            self._words.append(word)
            self.examiner.words(self.said())
        self.examiner.silence.learner(False)
        self.lines.append(Line("learner", text, began, now()))

    # What tests ask.

    def by(self, who: str) -> list[Line]:
        """What one of them said."""
        return [line for line in self.lines if line.who == who]

    def between(self, begin: float, end: float, who: str = "coach") -> list[Line]:
        """What one of them began to say in a stretch of time."""
        return [line for line in self.by(who) if begin <= line.began < end]

    async def _voice(self, text: str, before: asyncio.Task[None] | None) -> None:
        if before:
            await asyncio.wait({before})
        began = now()
        self.examiner.silence.coach(True)
        try:
            await asyncio.sleep(seconds_of(text))
        finally:
            self.examiner.silence.coach(False)
            self.lines.append(Line("coach", text, began, now()))


async def sit(room: Room, learner: Callable[[Room], Coroutine[Any, Any, None]] | None = None) -> None:
    """The exam to its end, with somebody who sits it."""
    sitting = asyncio.create_task(learner(room)) if learner else None
    await room.examiner.run()
    if sitting:
        sitting.cancel()
        await asyncio.wait({sitting})
