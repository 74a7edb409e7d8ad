"""A mock exam in a call: everything of the call that differs from a talk with the coach."""

import asyncio
from collections.abc import Callable
from typing import Any

from livekit.agents import NOT_GIVEN, AgentSession, llm
from pydantic import BaseModel

from agent.exam_ear import ExamAgent
from agent.exam_script import Script
from agent.exam_stage import EXAM_TURNS, SessionStage
from agent.exam_time import ExamTime, clock_of
from agent.exam_wording import ModelWording
from agent.examiner import Examiner
from agent.filter import Filter
from agent.hearing import Hearing
from agent.kit import Kit
from agent.notices import Screen
from agent.outbox import ExamLine
from agent.pace import Pace
from agent.recorder import Recorder
from agent.senses import Senses
from agent.session_options import CONNECTIONS
from api.contract.calls import CallBrief, Role, TurnRecord
from api.contract.exams import ExamEvent, ExamPlan, ExamView
from api.contract.room import TOPIC_EXAM
from infra import telemetry

log = telemetry.get_logger(__name__)


class Sitting:
    """One attempt as far as this call carries it.

    `came_at` is when the plan came, by the loop's clock. `keep` takes lines for the outbox; `on_over` is
    called once the goodbye was heard, `on_broken` where the examiner cannot go on.
    """

    def __init__(
        self,
        plan: ExamPlan,
        brief: CallBrief,
        *,
        came_at: float,
        kit: Kit,
        hearing: Hearing,
        recorder: Recorder,
        screen: Screen,
        keep: Callable[[BaseModel], None],
        on_over: Callable[[], None],
        on_broken: Callable[[], None],
    ) -> None:
        self._plan = plan
        self._keep = keep
        self._screen = screen
        self._on_over = on_over
        self._on_broken = on_broken
        self._shown = ""
        self._running: asyncio.Task[None] | None = None
        Pace(kit.voice, brief.learner.level)
        model = llm.FallbackAdapter(kit.models, max_retry_per_llm=0) if kit.models else None
        self._wording = _wording_of(plan, brief, model) if model else None
        self.agent = ExamAgent(hearing, on_words=self._heard)
        self.session = session_of(kit, model)
        self._stage = SessionStage(
            self.session,
            self.agent,
            lambda: self._examiner.silence,
            hearing=hearing,
            recorder=recorder,
            on_turn=self._turn,
        )
        before = _said_before(plan, brief)
        self._examiner = Examiner(
            ExamTime(plan, clock_of(plan, came_at)),
            self._stage,
            Script(plan.content, before),
            on_event=self._event,
            on_view=self._view,
            wording=self._wording,
            said_before=before,
        )

    def begin(self) -> None:
        """The learner is there and can hear: the exam goes on, or begins."""
        self._running = asyncio.create_task(self._run())

    def learner_present(self, present: bool) -> None:
        """The learner has left the room, or is back in it."""
        self._examiner.learner_present(present)
        if present:
            self._shown = ""
            self._examiner.show()

    def typed(self, text: str) -> None:
        """The learner wrote."""
        self._stage.typed(text)

    def repeat(self) -> None:
        """The learner asks for the question again."""
        self._examiner.repeat()

    def finish_phase(self) -> None:
        """The learner has finished this phase before its time."""
        self._examiner.finish_phase()

    async def aclose(self) -> None:
        """The call ends: the clock stands still until somebody goes on, and nothing that was said is lost."""
        self._examiner.leave()
        if self._running:
            self._running.cancel()
            await asyncio.wait({self._running})
        self._stage.aclose()

    async def _run(self) -> None:
        try:
            await self._examiner.run()
        except Exception:
            log.exception("the exam broke off")
            self._on_broken()
        else:
            self._on_over()

    def _heard(self, words: str) -> None:
        self._examiner.words(words)

    def _turn(self, turn: TurnRecord) -> None:
        if self._wording:
            self._wording.heard(turn)

    def _event(self, event: ExamEvent) -> None:
        log.info("exam moves", kind=event.kind, number=event.number)
        self._keep(ExamLine(attempt_id=self._plan.attempt_id, event=event))

    def _view(self, view: ExamView) -> None:
        body = view.model_dump_json()
        if body != self._shown:
            self._shown = body
            self._screen.show(TOPIC_EXAM, body)


class QuietSenses(Senses):
    """What fails is shown and not said: the examiner says only its script."""

    def apologise(self, name: str) -> None:
        """Nothing is said."""


def session_of(kit: Kit, model: llm.LLM[Any] | None) -> AgentSession[None]:
    """The session of an exam; the model is in it so that what it is asked for is counted."""
    return AgentSession[None](
        stt=kit.stt,
        llm=model or NOT_GIVEN,
        tts=kit.tts,
        vad=kit.vad,
        turn_handling=EXAM_TURNS,
        aec_warmup_duration=None,
        user_away_timeout=None,
        max_tool_steps=1,
        conn_options=CONNECTIONS,
    )


def _wording_of(plan: ExamPlan, brief: CallBrief, model: llm.LLM[Any]) -> ModelWording:
    return ModelWording(model, level=plan.content.from_level, fit=Filter(under_age=brief.learner.under_age))


def _said_before(plan: ExamPlan, brief: CallBrief) -> tuple[str, ...]:
    """What the examiner said earlier in this attempt, as far as the brief tells."""
    started = next((event.at for event in plan.events if event.kind == "started"), None)
    if started is None:
        return ()
    return tuple(turn.text for turn in brief.last_turns if turn.role is Role.COACH and turn.at >= started)
