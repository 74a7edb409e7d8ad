"""What a call's events make of an attempt: the same whichever way, how late and how often they come."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from api.contract.lessons import LessonContent, LessonEvent, LessonEventKind, Step

Kind = LessonEventKind
_OF_STEP = frozenset({Kind.STEP_STARTED, Kind.STEP_SKIPPED, Kind.STEP_FINISHED, Kind.EXCHANGE_DONE})


@dataclass
class Progress:
    """Where an attempt stands. The place only moves forward."""

    step: int = 0
    exchange: int = 0
    met: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    completed_at: datetime | None = None
    stopped_at: datetime | None = None


class Lesson:
    """A lesson's content, by the names that events use."""

    def __init__(self, content: LessonContent) -> None:
        self.content = content
        self.places = {step.key: place for place, step in enumerate(content.steps)}
        self.steps = {step.key: step for step in content.steps}
        self.step_of = {one.key: step.key for step in content.steps for one in step.criteria}
        self.objective_of = {
            one.key: one.objective or content.objectives[0] for step in content.steps for one in step.criteria
        }

    def fault(self, event: LessonEvent) -> str | None:
        """Why an event does not fit this lesson, as a stable code; None where it fits."""
        if event.step is not None and event.step not in self.places:
            return "unknown_step"
        if event.criterion is not None and event.criterion not in self.step_of:
            return "unknown_criterion"
        if self._lacks_something(event):
            return "incomplete"
        if event.exchange is not None and event.step is not None:
            return None if event.exchange < len(self._step(event).exchanges) else "unknown_exchange"
        return None

    def _step(self, event: LessonEvent) -> Step:
        return self.steps[event.step or ""]

    @staticmethod
    def _lacks_something(event: LessonEvent) -> bool:
        return (
            (event.kind in _OF_STEP and event.step is None)
            or (event.kind is Kind.EXCHANGE_DONE and event.exchange is None)
            or (event.kind is Kind.CRITERION_MET and event.criterion is None)
            or (event.kind is Kind.SUPPORT_CHANGED and event.support is None)
        )

    def advance(self, progress: Progress, events: Iterable[LessonEvent]) -> None:
        """Take events into account, in any order."""
        for event in events:
            self._take(progress, event)
        order = {key: place for place, key in enumerate(self.step_of)}
        progress.met.sort(key=lambda key: order.get(key, 0))
        progress.skipped.sort(key=lambda key: self.places.get(key, 0))

    def _take(self, progress: Progress, event: LessonEvent) -> None:
        if event.kind in _OF_STEP and event.step is not None:
            self._move(progress, event, self.places[event.step])
        if event.kind is Kind.STEP_SKIPPED and event.step not in {None, *progress.skipped}:
            progress.skipped.append(event.step or "")
        if event.kind is Kind.CRITERION_MET and event.criterion not in {None, *progress.met}:
            progress.met.append(event.criterion or "")
        if event.kind is Kind.COMPLETED:
            progress.step, progress.exchange = len(self.content.steps), 0
            progress.completed_at = min(progress.completed_at or event.at, event.at)
        if event.kind is Kind.STOPPED:
            progress.stopped_at = max(progress.stopped_at or event.at, event.at)

    @staticmethod
    def _move(progress: Progress, event: LessonEvent, place: int) -> None:
        reached = {
            Kind.STEP_STARTED: (place, 0),
            Kind.EXCHANGE_DONE: (place, (event.exchange or 0) + 1),
        }.get(event.kind, (place + 1, 0))
        progress.step, progress.exchange = max((progress.step, progress.exchange), reached)

    def missed_in(self, step: str, met: Iterable[str]) -> list[str]:
        """The criteria of a step that were not met."""
        return [one.key for one in self.steps[step].criteria if one.key not in set(met)]
