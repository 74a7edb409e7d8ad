"""Everything of a call that teaches: its lesson, commands, what is due, corrections, and how fast the coach
speaks."""

from collections.abc import Awaitable, Callable

from livekit.agents import AgentSession, llm
from pydantic import BaseModel

from agent.caption_notes import CaptionNotes
from agent.commands import Command, spoken_command
from agent.conversation import utterances
from agent.corrections import Corrector
from agent.due import DueTalk
from agent.floor import MAX_HINTS, Floor
from agent.guided import Guided
from agent.hearing import Hearing
from agent.kit import Kit
from agent.lesson import Lesson
from agent.lesson_desk import LessonDesk
from agent.lesson_words import last_said
from agent.notices import Screen
from agent.pace import Pace
from agent.tutor import Tutor
from api.contract.calls import CallBrief, Channel, Role, TurnRecord
from api.contract.lessons import LessonPlan


class Classroom:
    """One call's teaching.

    `keep` takes lines for the outbox; `floor` and `session` answer the call's own, once it has them.
    """

    def __init__(
        self,
        kit: Kit,
        brief: CallBrief,
        *,
        channel: Channel,
        hearing: Hearing,
        screen: Screen,
        keep: Callable[[BaseModel], None],
        floor: Callable[[], Floor | None],
        session: Callable[[], AgentSession[None] | None],
    ) -> None:
        self._session = session
        self._hearing = hearing
        self._channel = channel
        self._has_model = bool(kit.models)
        self.corrector = Corrector(kit.settings.grammar_url, style=brief.learner.correction_style)
        self.pace = Pace(kit.voice, brief.learner.level)
        self.lesson: Lesson | None = None
        self._desk = LessonDesk(keep=keep, screen=screen, pace=self.pace, floor=floor)
        if brief.lesson is not None:
            self.lesson = self._desk.lesson = self._lesson_of(brief, brief.lesson)
        self.due = DueTalk(brief.due, is_free=lambda: not self._leads, after_lesson=self.lesson is not None)
        self._notes = CaptionNotes(screen, self.corrector)

    @property
    def max_hints(self) -> int:
        """Times in a row that the coach helps into silence: a lesson's ladder has one rung more."""
        return MAX_HINTS + 1 if self.lesson else MAX_HINTS

    @property
    def question(self) -> str:
        """The lesson's open question; empty in free talk."""
        return self.lesson.walk.question(self.lesson.state) if self.lesson else ""

    def equip(self, guided: Guided) -> None:
        """Give `guided` what it needs to lead the lesson, alone or when a model fails."""
        guided.lesson, guided.due, guided.corrector = self.lesson, self.due, self.corrector
        guided.doubtful = lambda: self._hearing.doubtful

    def take_up(self, brief: CallBrief, guided: Guided, tutor: Tutor) -> str | None:
        """The brief came late, in the middle of the talk: the words with which its lesson begins, if any."""
        session = self._session()
        if brief.lesson is None or self.lesson is not None or session is None:
            return None
        lesson = self.lesson = self._desk.lesson = self._lesson_of(brief, brief.lesson)
        lesson.know(session.history)
        guided.lesson = lesson
        tutor.teach(lesson)
        return lesson.begin("")

    def show_again(self) -> None:
        """The learner's screen is new."""
        self._desk.show_again()

    def committed(self, message: llm.ChatMessage) -> None:
        """A turn of either side was committed."""
        if message.role != "user":
            if self.lesson:
                self.lesson.coach(message)
            return
        if not self._leads and spoken_command(message.text_content or "") == "slower":
            self.pace.slower()
        self.due.learner(message)
        if self.lesson:
            self.lesson.learner(message)

    async def note(self, turn: TurnRecord) -> None:
        """Show what belongs under a turn."""
        if turn.role is Role.LEARNER:
            await self._notes.learner(turn)
        else:
            self._notes.coach(turn)

    async def command(self, command: Command, guided: Guided, say: Callable[[str], object]) -> None:
        """A button was pressed: what it asks for comes at once, in place of what is just said."""
        session = self._session()
        if session is None:
            return
        await session.interrupt()
        if self.lesson and self._leads:
            self.lesson.command(command)
            session.generate_reply()
            return
        if command == "slower":
            self.pace.slower()
        if command in ("repeat", "slower"):
            say(" ".join(last_said(utterances(session.history))))
        elif command == "hint":
            say(guided.silence_hint(session.history))

    def aclose(self) -> Awaitable[None]:
        """Close connections."""
        return self.corrector.aclose()

    def _lesson_of(self, brief: CallBrief, plan: LessonPlan) -> Lesson:
        return Lesson(
            plan,
            brief,
            channel=self._channel,
            has_model=self._has_model,
            on_moved=self._desk.moved,
            is_speaking=self._is_speaking,
        )

    @property
    def _leads(self) -> bool:
        return self.lesson is not None and self.lesson.running

    def _is_speaking(self) -> bool:
        session = self._session()
        return session is not None and session.agent_state == "speaking"
