"""A call's lesson at work: each move is kept in the outbox, shown on the screen, heard in pace and waits."""

from collections.abc import Callable
from datetime import UTC, datetime

from pydantic import BaseModel

from agent.floor import Floor
from agent.lesson import Lesson
from agent.lesson_state import Happening, Move
from agent.lesson_view import view_of, visual_of
from agent.notices import Screen
from agent.outbox import LessonLine
from agent.pace import Pace
from agent.turn_taking import Waits, waits_for
from api.contract.lessons import LessonEvent, LessonEventKind
from api.contract.room import TOPIC_LESSON, TOPIC_VISUAL


class LessonDesk:
    """Hears of a lesson's moves. `keep` takes a line for the outbox; `floor` answers the call's floor, once
    there is one."""

    def __init__(
        self,
        *,
        keep: Callable[[BaseModel], None],
        screen: Screen,
        pace: Pace,
        floor: Callable[[], Floor | None],
    ) -> None:
        self._keep = keep
        self._screen = screen
        self._pace = pace
        self._floor = floor
        self._events = 0
        self._shown: tuple[str, str] | None = None
        self.lesson: Lesson | None = None

    def moved(self, move: Move, item_id: str | None) -> None:
        """A move counts."""
        if self.lesson is None:
            return
        for happening in move.happened:
            self._note(happening, item_id)
        self._pace.lesson(move.state.support, running=not move.state.is_over)
        if any(one.kind is LessonEventKind.SLOWED for one in move.happened):
            self._pace.slower()
        self._wait_well()
        self._show()

    def show_again(self) -> None:
        """The learner's screen is new: send what it should show."""
        self._shown = None
        self._show()

    def _note(self, happening: Happening, item_id: str | None) -> None:
        if self.lesson is None:
            return
        event = LessonEvent(
            number=self._events,
            kind=happening.kind,
            at=datetime.now(UTC),
            step=happening.step,
            exchange=happening.exchange,
            criterion=happening.criterion,
            item_id=item_id,
            support=happening.support,
            reason=happening.reason,
        )
        self._events += 1
        self._keep(LessonLine(attempt_id=self.lesson.plan.attempt_id, event=event))

    def _wait_well(self) -> None:
        floor, lesson = self._floor(), self.lesson
        if floor is None or lesson is None:
            return
        if not lesson.running:
            floor.expect(Waits())
            return
        exchange = lesson.walk.exchange(lesson.state)
        floor.expect(waits_for(exchange.wants if exchange else None, lesson.state.support))

    def _show(self) -> None:
        lesson = self.lesson
        if lesson is None:
            return
        visual = visual_of(lesson.walk, lesson.state)
        shown = (
            view_of(lesson.walk, lesson.state).model_dump_json(),
            visual.model_dump_json() if visual else "null",
        )
        before, self._shown = self._shown or ("", ""), shown
        for topic, old, new in zip((TOPIC_LESSON, TOPIC_VISUAL), before, shown, strict=True):
            if new != old:
                self._screen.show(topic, new)
