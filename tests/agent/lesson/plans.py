"""Lessons to try: the seeded ones, and two tiny ones; and a learner who goes through one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from livekit.agents import llm

from agent.guided import Guided
from agent.lesson import Lesson
from agent.lesson_state import Happening, Move
from api.contract.calls import CallBrief, Channel, LearnerBrief
from api.contract.lessons import LessonContent, LessonPlan, LessonProgress, Support
from api.contract.levels import Level
from prompts import curriculum
from tests.agent.fake_api import brief

MOST_TURNS = 200
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def exchange(say: str, **more: Any) -> dict[str, Any]:
    """An exchange with everything it needs."""
    return {
        "say": say,
        "easier": f"Easier: {say}",
        "nudge": f"Nudge for: {say}",
        "model": "I like green tea very much.",
        "otherwise": "Thank you.",
        **more,
    }


TINY = LessonContent.model_validate(
    {
        "key": "tea",
        "level": "A2",
        "title": "Tea",
        "topic": "Drinks",
        "area": "everyday",
        "task": "introduce_yourself",
        "goal": "You can talk about tea.",
        "minutes": 3,
        "objectives": ["a2-tea"],
        "phrases": [{"text": "I like ...", "meaning": "It is good.", "example": "I like tea."}],
        "visuals": [
            {
                "key": "cup",
                "kind": "card",
                "title": "A cup",
                "description": "A card with two words: hot, cold.",
                "lines": ["hot", "cold"],
            }
        ],
        "steps": [
            {
                "key": "start",
                "kind": "warm_up",
                "title": "Start",
                "instructions": "Say what you drink.",
                "guidance": "Ask what the learner drinks.",
                "seconds": 60,
                "exchanges": [
                    exchange(
                        "What do you drink in the morning?",
                        hear=[{"if": "coffee", "say": "Coffee wakes you up."}],
                    ),
                    exchange("Who makes it for you?"),
                ],
                "criteria": [
                    {
                        "key": "drink",
                        "says": "Say what you drink.",
                        "kind": "phrase",
                        "phrases": ["i drink ..."],
                    },
                ],
            },
            {
                "key": "shop",
                "kind": "task",
                "title": "In the shop",
                "instructions": "Buy tea.",
                "guidance": "Play the seller.",
                "mode": "pair",
                "coach_role": "The seller",
                "learner_role": "A customer",
                "opinions": ["Green tea is best."],
                "visual": "cup",
                "seconds": 60,
                "exchanges": [
                    exchange(
                        "Good morning. Can I help you?",
                        hear=[{"if": "(green|black) tea", "say": "One {0} tea, here you are."}],
                        wants="phrase",
                    ),
                    exchange("Anything else?", wants="yes_no"),
                ],
                "criteria": [
                    {"key": "ask-price", "says": "Ask for the price.", "kind": "question"},
                    {"key": "hot", "says": "Use hot or cold.", "kind": "words", "words": ["hot", "cold"]},
                ],
            },
        ],
        "reflection": "What was easy today?",
    }
)


def seeded() -> list[LessonContent]:
    """Every lesson of `prompts/curriculum/lessons`."""
    found = []
    for prompt in curriculum.lessons():
        content = {key: value for key, value in prompt.content.items() if key != "version"}
        found.append(LessonContent.model_validate(content))
    return found


def plan_of(content: LessonContent = TINY, **changes: Any) -> LessonPlan:
    """A plan of a lesson, from its beginning or with some progress."""
    return LessonPlan(attempt_id=UUID(int=1), lesson_id=UUID(int=2), version=1, content=content, **changes)


def brief_of(plan: LessonPlan, **changes: Any) -> CallBrief:
    """What a call of this lesson is opened with."""
    learner = LearnerBrief(display_name="Anna", level=plan.content.level)
    return brief(lesson=plan, **{"learner": learner, "first_call": False, **changes})


@dataclass
class Pupil:
    """A learner in a lesson that `guided` leads, without sound and without a session."""

    content: LessonContent = TINY
    progress: LessonProgress = field(default_factory=LessonProgress)
    support: Support = Support.USUAL
    channel: Channel = Channel.WEB
    changes: dict[str, Any] = field(default_factory=dict)
    now: float = 0.0

    def __post_init__(self) -> None:
        plan = plan_of(self.content, progress=self.progress, support=self.support)
        self.brief = brief_of(plan, **self.changes)
        self.moves: list[Move] = []
        self.lesson = Lesson(
            plan,
            self.brief,
            channel=self.channel,
            on_moved=lambda move, _: self.moves.append(move),
            clock=lambda: self.now,
        )
        self.guided = Guided(level=self.content.level)
        self.guided.lesson = self.lesson
        self.context = llm.ChatContext.empty()
        self.coach: list[str] = []
        self._said(self.guided.greeting(self.brief, NOW))

    @property
    def happened(self) -> list[Happening]:
        """Everything that happened so far."""
        return [one for move in self.moves for one in move.happened]

    def guess(self, text: str) -> str:
        """What the coach would say if the learner had said this."""
        context = self.context.copy()
        context.add_message(role="user", content=text)
        move = self.lesson.answer(context)
        assert move is not None
        return " ".join(self.lesson.words(move, context))

    def say(self, text: str, *, seconds: float = 4.0, heard: str | None = None) -> str:
        """A turn, and the coach's answer to it, of which only `heard` reaches the learner where given."""
        self.now += seconds
        message = self.context.add_message(role="user", content=text)
        move = self.lesson.answer(self.context)
        assert move is not None, "the lesson is over"
        words = " ".join(self.lesson.words(move, self.context))
        self.lesson.learner(message)
        self._said(words if heard is None else heard, interrupted=heard is not None)
        return words

    def silence(self) -> str:
        """The learner says nothing for a while."""
        self.now += 10
        words = self.guided.silence_hint(self.context)
        self._said(words)
        return words

    def press(self, command: Any) -> str:
        """A button."""
        words = " ".join(self.lesson.words(self.lesson.command(command), self.context))
        self._said(words)
        return words

    def finish(self, turn: Callable[["Pupil"], str]) -> list[str]:
        """Go on until the lesson is over; the coach's turns."""
        said: list[str] = []
        while self.lesson.running:
            assert len(said) < MOST_TURNS, "the lesson does not end"
            said.append(turn(self))
        return said

    def model_answer(self) -> str:
        """What a good learner would say now."""
        walk, state = self.lesson.walk, self.lesson.state
        exchange = walk.exchange(state)
        if exchange is not None:
            return exchange.model
        return walk.form(state, "model") or "It was easy to talk today."

    def _said(self, words: str, *, interrupted: bool = False) -> None:
        self.coach.append(words)
        if words:
            message = self.context.add_message(role="assistant", content=words, interrupted=interrupted)
            self.lesson.coach(message)


def model_turn(pupil: Pupil) -> str:
    """The answer that the lesson itself gives as an example."""
    return pupil.say(pupil.model_answer())


def one_word_turn(pupil: Pupil) -> str:
    """One word that fits nothing."""
    return pupil.say("Banana.")


def silent_turn(pupil: Pupil) -> str:
    """Nothing."""
    return pupil.silence()


LEVELS = list(Level)
