"""The clock of an attempt as its worker keeps it: the API's time, the events of plan and call."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from api.contract.exams import (
    ExamClock,
    ExamEvent,
    ExamEventKind,
    ExamPlan,
    ExamPosition,
    ExamView,
    view_of,
)


def clock_of(plan: ExamPlan, came_at: float) -> Callable[[], datetime]:
    """The API's time, by the loop's steady clock.

    Args:
        plan: With the API's time when it answered.
        came_at: When the answer came, by the loop's clock; a learner may be waited for since.
    """
    loop = asyncio.get_running_loop()
    return lambda: plan.now + timedelta(seconds=loop.time() - came_at)


class ExamTime:
    """Where the attempt stands, by its events alone."""

    def __init__(self, plan: ExamPlan, now: Callable[[], datetime]) -> None:
        self.plan = plan
        self._now = now

    def place(self) -> ExamPosition:
        """Where it stands now."""
        return ExamClock(self.plan.schedule, self.plan.events).at(self._now())

    @property
    def away(self) -> bool:
        """Whether somebody is out of the room by the record; in preparation the clock runs all the same."""
        return ExamClock(self.plan.schedule, self.plan.events).is_away(self._now())

    def view(self) -> ExamView:
        """The same for the learner's screen."""
        return view_of(self.plan, self._now())

    def note(self, kind: ExamEventKind, phase: int | None = None) -> ExamEvent:
        """Something happened now."""
        last = max(self.plan.events, key=lambda event: event.number, default=None)
        at = self._now() if last is None else max(self._now(), last.at)
        event = ExamEvent(number=last.number + 1 if last else 0, kind=kind, at=at, phase=phase)
        self.plan = self.plan.model_copy(update={"events": [*self.plan.events, event]})
        return event

    @property
    def started_at(self) -> datetime | None:
        """When the exam began."""
        return next((event.at for event in self.plan.events if event.kind is ExamEventKind.STARTED), None)
