"""One call, from the job's start to the close record."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from livekit import rtc
from livekit.agents import (
    AgentSession,
    ConversationItemAddedEvent,
    JobContext,
    UserInputTranscribedEvent,
    llm,
    room_io,
)
from livekit.agents.voice import SpeechHandle

from agent import providers, turn_taking
from agent.api_client import AgentApi, ApiRefusedError
from agent.classroom import Classroom
from agent.commands import Command
from agent.conversation import utterances
from agent.correlation import channel_of, correlation_of
from agent.endpointing import Pauses
from agent.exam_call import QuietSenses, Sitting
from agent.expected import expected_words
from agent.farewell import Farewell
from agent.filter import Filter
from agent.floor import Floor
from agent.guided import Guided
from agent.hearing import Hearing
from agent.kit import Kit
from agent.lesson_words import last_said
from agent.memory import Memory
from agent.notices import Screen
from agent.opening import Opening, offline_brief
from agent.outbox import CallLine, OpenedLine, OutboxWriter, SoundBox
from agent.recorder import Answer, Recorder, usage_records
from agent.recording import CallRecording
from agent.room_inputs import RoomInputs
from agent.senses import Senses
from agent.session_options import CONNECTIONS
from agent.turn_detector import PolicyDetector
from agent.tutor import GUIDED, Tutor
from api.contract.calls import CallBrief, CallOpened, CloseReason, InputKind, OpenCall, Patience
from api.contract.exams import ExamPlan
from api.contract.room import (
    ATTRIBUTE_ANSWERED_BY,
    ATTRIBUTE_PATIENCE,
    ATTRIBUTE_RECORDING,
    ATTRIBUTE_WAITS,
    ATTRIBUTE_WRITES,
)
from infra import telemetry
from prompts import load

log = telemetry.get_logger(__name__)
LEARNER_WAIT_S = 60.0
TIME_NOTICE_S = 60.0


class Call:
    """The conversation of one room: opened with the API, spoken, recorded, closed with a reason.

    A call that ends without a reason of ours (the worker is stopped, the room is lost) writes no close
    record: it stays open for another worker, or for the API to close.
    """

    def __init__(self, ctx: JobContext, kit: Kit) -> None:
        self._ctx = ctx
        self._kit = kit
        self._settings = kit.settings
        self._correlation = correlation_of(ctx)
        self._channel = channel_of(ctx)
        self._api = AgentApi(
            self._settings.api_url,
            self._settings.agent_service_key.get_secret_value(),
            correlation_id=self._correlation,
        )
        self._memory = Memory(self._api, timeout=self._settings.retrieval_timeout)
        self._hearing = Hearing(lambda: self._floor.overlapping if self._floor else False)
        self._floor: Floor | None = None
        self._session: AgentSession[None] | None = None
        self._writer = OutboxWriter(self._settings.outbox, ctx.job.id)
        self._recorder = Recorder(
            self._writer, take_words=self._hearing.take_words, max_delay=self._max_delay
        )
        self._screen = Screen(ctx.room)
        self._reason: CloseReason | None = None
        self._grace: asyncio.TimerHandle | None = None
        self._grace_s = 90.0
        self._timers: list[asyncio.TimerHandle] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._opening: Opening | None = None
        self._recording: CallRecording | None = None
        self._ends: list[Callable[[], None]] = []
        self._greeted = asyncio.Event()
        self._first_words: SpeechHandle | None = None
        self._classroom: Classroom | None = None
        self._begin_late: Callable[[CallBrief], Coroutine[Any, Any, None]] | None = None
        self._filter: Filter | None = None
        self._sitting: Sitting | None = None
        self._opened_at = 0.0
        """When the API opened the call, by the loop's clock."""

    async def run(self) -> None:
        """Open the call, greet, and leave the rest to the session's events."""
        self._recorder.start()
        await self._ctx.connect()
        if has_coach(self._ctx.room.remote_participants.values()):
            log.warning("another coach is in the room: it is left to that one")
            self._stop("another coach")
            return
        request = self._open_request()
        self._recorder.line(CallLine(open=request, correlation_id=self._correlation))
        self._opening = Opening(
            self._api, request, on_opened=self._opened, on_refused=lambda: self._stop("refused")
        )
        learner = await self._wait_for_learner()
        if learner is None:
            self.finish(CloseReason.LEARNER_GONE)
            return
        try:
            brief = await self._opening.brief_within(self._settings.open_call_timeout)
        except ApiRefusedError as error:
            log.warning("the API refused the call", status=error.status, code=error.code)
            self._stop("refused")
            return
        if brief is None:
            self._screen.notice("record_delayed")
            brief = offline_brief()
        if brief.exam is not None:
            await self._examine(brief, brief.exam, learner)
        else:
            await self._talk(brief, learner)

    def finish(self, reason: CloseReason) -> None:
        """End the call for this reason; later reasons do not count."""
        if self._reason is None:
            self._reason = reason
            log.info("call ends", reason=reason)
            self._stop(reason)

    async def finalise(self) -> None:
        """After the session has ended: everything onto the disk, the close record when the call is over."""
        for timer in self._timers:
            timer.cancel()
        if self._floor:
            self._floor.close()
        for end in self._ends:
            end()
        if self._opening:
            await self._opening.aclose()
        if self._recording:
            await self._recording.aclose()
        if self._classroom:
            await self._classroom.aclose()
        if self._sitting:
            await self._sitting.aclose()
        if self._reason is None:
            await self._recorder.drain()
        else:
            usage = list(self._session.usage.model_usage) if self._session else []
            await self._recorder.close(self._reason, usage_records(usage))
        self._writer.close()
        await self._api.aclose()
        if self._reason is not None:
            with suppress(Exception):  # the room may be gone already
                await asyncio.wait_for(self._ctx.delete_room(), 5.0)

    async def _talk(self, brief: CallBrief, learner: str) -> None:
        guided = Guided(level=brief.learner.level, grammar_url=self._settings.grammar_url or None)
        chain = providers.build_llm(self._kit.models, guided)
        providers.choose_voice(self._kit.voice, self._settings, brief.learner.voice)
        self._filter = Filter(under_age=brief.learner.under_age)
        room = self._classroom = self._teach(brief)
        room.equip(guided)
        guided.recalled = self._memory.known
        detector = PolicyDetector(self._fell_silent, self._kit.second, sure=self._is_sure)
        session = self._build_session(brief, chain, detector)
        self._session = session
        tutor = Tutor(
            brief=brief,
            hearing=self._hearing,
            memory=self._memory,
            on_answer=self._recorder.answered,
            guided_hash=guided.prompt_hash,
            lesson=room.lesson,
            corrector=room.corrector,
            due=room.due,
        )
        self._begin_late = lambda late: self._late_lesson(late, guided, tutor)
        self._floor = Floor(
            session,
            patience=brief.learner.patience,
            level=brief.learner.level,
            on_silence=lambda times: self._spawn(self._help(guided, times)),
            on_waiting=lambda waits: self._screen.attributes({ATTRIBUTE_WAITS: "on" if waits else ""}),
            pauses=Pauses(brief.learner.pauses.seconds, brief.learner.pauses.turns),
            heard=lambda: detector.heard,
            said=lambda: self._hearing.said,
            asked=lambda: " ".join(last_said(utterances(session.history))),
            max_hints=room.max_hints,
        )
        senses = Senses(
            session,
            screen=self._screen,
            apologies=self._kit.apologies,
            hearing=self._hearing,
            reconnect=tutor.reconnect_hearing,
        )
        self._ends += [
            senses.watch_models(chain, self._kit.models),
            senses.watch_voice(self._kit.voice, self._kit.last_voice),
        ]
        farewell = Farewell(
            session,
            is_goodbye=guided.wants_to_close,
            on_end=lambda: self.finish(CloseReason.COACH_CLOSED),
        )
        self._ends.append(farewell.close)
        session.on("agent_state_changed", detector.coach_changed)
        session.on("conversation_item_added", self._item)
        session.on("user_input_transcribed", self._transcribed)
        self._watch_room(learner)
        RoomInputs(
            self._ctx.room,
            learner=learner,
            limit=brief.limits.max_typed_characters,
            on_text=self._typed,
            on_refused=lambda: self._screen.notice("message_refused"),
            on_patience=self._patience,
            on_end=lambda: self.finish(CloseReason.LEARNER_LEFT),
            on_stop_recording=self._stop_recording,
            on_command=lambda command: self._spawn(self._command(guided, command)),
        ).register()
        answered_by = "language_model" if self._kit.models else "guided"
        self._screen.attributes(
            {ATTRIBUTE_ANSWERED_BY: answered_by, ATTRIBUTE_PATIENCE: brief.learner.patience.value}
        )
        self._grace_s = brief.limits.reconnect_grace_s
        await session.start(tutor, room=self._ctx.room, room_options=room_options(learner))
        self._record(brief, session)
        self._fit_to(self._ctx.room.remote_participants.get(learner))
        self._greet(guided, brief)
        self._limit_time(brief)

    async def _examine(self, brief: CallBrief, plan: ExamPlan, learner: str) -> None:
        """A mock exam in place of a talk: nothing teaches, and the clock alone leads."""
        providers.choose_voice(self._kit.voice, self._settings, brief.learner.voice)
        sitting = self._sitting = Sitting(
            plan,
            brief,
            came_at=self._opened_at,
            kit=self._kit,
            hearing=self._hearing,
            recorder=self._recorder,
            screen=self._screen,
            keep=self._recorder.line,
            on_over=lambda: self.finish(CloseReason.COACH_CLOSED),
            on_broken=lambda: self._stop("the exam broke off"),
        )
        self._session = sitting.session
        senses = QuietSenses(
            sitting.session,
            screen=self._screen,
            apologies=self._kit.apologies,
            hearing=self._hearing,
            reconnect=lambda: None,
        )
        self._ends.append(senses.watch_voice(self._kit.voice, self._kit.last_voice))
        self._watch_room(learner)
        RoomInputs(
            self._ctx.room,
            learner=learner,
            limit=brief.limits.max_typed_characters,
            on_text=self._written,
            on_refused=lambda: self._screen.notice("message_refused"),
            on_patience=self._patience,
            on_end=lambda: self.finish(CloseReason.LEARNER_LEFT),
            on_stop_recording=self._stop_recording,
            on_command=lambda command: sitting.repeat() if command == "repeat" else None,
            on_exam_done=sitting.finish_phase,
        ).register()
        self._screen.attributes({ATTRIBUTE_PATIENCE: brief.learner.patience.value})
        self._grace_s = brief.limits.reconnect_grace_s
        await sitting.session.start(sitting.agent, room=self._ctx.room, room_options=room_options(learner))
        self._record(brief, sitting.session)
        self._fit_to(self._ctx.room.remote_participants.get(learner))
        if brief.resumed:
            self._screen.notice("coach_resumed")
        if learner not in self._ctx.room.remote_participants and self._grace is None:
            self._learner_gone()
        sitting.begin()

    async def _written(self, text: str) -> None:
        if self._sitting:
            self._sitting.typed(text)

    def _teach(self, brief: CallBrief) -> Classroom:
        return Classroom(
            self._kit,
            brief,
            channel=self._channel,
            hearing=self._hearing,
            screen=self._screen,
            keep=self._recorder.line,
            floor=lambda: self._floor,
            session=lambda: self._session,
        )

    async def _late_lesson(self, brief: CallBrief, guided: Guided, tutor: Tutor) -> None:
        """The API has opened the call when the talk was under way: its lesson is not lost."""
        await self._greeted.wait()
        words = self._classroom.take_up(brief, guided, tutor) if self._classroom else None
        if words and self._floor and self._classroom:
            self._floor.max_hints = self._classroom.max_hints
            self._say(words, guided.prompt_hash)

    def _build_session(
        self, brief: CallBrief, chain: llm.LLM[Any], detector: PolicyDetector
    ) -> AgentSession[None]:
        return AgentSession[None](
            stt=self._kit.stt,
            llm=chain,
            tts=self._kit.tts,
            vad=self._kit.vad,
            turn_handling=turn_taking.turn_handling(brief.learner.patience, detector),
            aec_warmup_duration=None,
            user_away_timeout=None,
            transcription_timeout=self._settings.stt_answer_timeout,
            stt_context_options={"keyterms": expected_words(brief)},
            max_tool_steps=1,
            conn_options=CONNECTIONS,
        )

    def _fit_to(self, learner: rtc.RemoteParticipant | None) -> None:
        """Speak only to a learner who can hear it; one who is there by text alone gets the words at once."""
        writes = learner is not None and learner.attributes.get(ATTRIBUTE_WRITES) == "on"
        if self._session:
            self._session.output.set_audio_enabled(not writes)
        if self._floor:
            self._floor.learner_writes(writes)

    def _record(self, brief: CallBrief, session: AgentSession[None]) -> None:
        """Record the call where the learner has agreed; else nothing of its sound is kept anywhere."""
        if not brief.learner.recording_consent:
            return
        self._recording = CallRecording(
            SoundBox.of_job(self._settings.outbox, self._ctx.job.id),
            first_number=brief.next_segment,
            on_stopped=lambda: self._screen.attributes({ATTRIBUTE_RECORDING: "stopped"}),
        )
        self._recording.start(session)
        if self._recording.on:
            self._screen.attributes({ATTRIBUTE_RECORDING: "on"})

    def _stop_recording(self) -> None:
        if self._recording:
            self._recording.stop()

    def _greet(self, guided: Guided, brief: CallBrief) -> None:
        if brief.resumed:
            self._screen.notice("coach_resumed")
        greeting = self._say(guided.greeting(brief, datetime.now(UTC)), guided.prompt_hash)
        if brief.first_call:
            self._first_words = greeting
        self._greeted.set()

    def _say(self, text: str, prompt_hash: str | None = None) -> SpeechHandle | None:
        """Say fixed words; they become a turn like any other. Nothing is said in a call that ends."""
        if self._session is None or self._reason is not None:
            return None
        text = self._filter.text(text) if self._filter else text
        self._recorder.answered(Answer(text, GUIDED, prompt_hash or load("call").hash))
        return self._session.say(text)

    async def _help(self, guided: Guided, times: int) -> None:
        if self._session is None:
            return
        if self._floor and times <= self._floor.max_hints:
            self._say(guided.silence_hint(self._session.history), guided.prompt_hash)
            return
        await self._say_last(load("call").text("lines", "nobody_there"), CloseReason.COACH_CLOSED)

    async def _command(self, guided: Guided, command: Command) -> None:
        await self._greeted.wait()
        if self._classroom and self._reason is None:
            await self._classroom.command(command, guided, self._say)

    async def _say_last(self, text: str, reason: CloseReason) -> None:
        if self._session is not None:
            self._recorder.answered(Answer(text, GUIDED, load("call").hash))
            await self._session.say(text, allow_interruptions=False)
        self.finish(reason)

    def _limit_time(self, brief: CallBrief) -> None:
        total = float(brief.limits.max_duration_s)
        loop = asyncio.get_running_loop()
        self._timers += [
            loop.call_later(max(0.0, total - TIME_NOTICE_S), self._time_is_nearly_up),
            loop.call_later(total, self._time_is_up),
        ]

    def _time_is_nearly_up(self) -> None:
        self._screen.notice("time_limit")
        self._say(load("call").text("lines", "time_is_nearly_up"))

    def _time_is_up(self) -> None:
        self._spawn(self._say_last(load("call").text("lines", "time_is_up"), CloseReason.TIME_LIMIT))

    def _item(self, event: ConversationItemAddedEvent) -> None:
        if not isinstance(event.item, llm.ChatMessage):
            return
        turn = self._recorder.commit(event.item)
        if self._classroom:
            self._classroom.committed(event.item)
            if turn:
                self._spawn(self._classroom.note(turn))
        if self._floor is None:
            return
        if event.item.role == "user":
            self._floor.learner_spoke(typed=turn is not None and turn.input_kind is InputKind.TEXT)
        else:
            self._kit.last_voice.heard()
        self._floor.settle()

    def _transcribed(self, event: UserInputTranscribedEvent) -> None:
        if self._floor and event.transcript.strip():
            self._floor.words_came()

    def _fell_silent(self, probability: float | None) -> bool:
        return self._floor.fell_silent(probability) if self._floor else False

    def _is_sure(self, probability: float | None) -> bool:
        return self._floor.is_sure(probability) if self._floor else False

    def _patience(self, patience: Patience) -> Patience:
        if self._floor is None:
            return patience
        self._floor.set_patience(patience)
        self._screen.attributes({ATTRIBUTE_PATIENCE: patience.value})
        return patience

    async def _typed(self, text: str) -> None:
        if self._session is None:
            return
        await self._greeted.wait()
        if self._first_words is not None:  # they say that an AI speaks: a message waits for their end
            await self._first_words
        self._recorder.typed(text)
        await self._session.interrupt()
        self._session.generate_reply(user_input=text)

    def _watch_room(self, learner: str) -> None:
        def gone(participant: rtc.RemoteParticipant) -> None:
            if participant.identity == learner:
                self._learner_gone()

        def back(participant: rtc.RemoteParticipant) -> None:
            if participant.identity == learner:
                self._fit_to(participant)
                self._learner_back()

        def ready(participant: rtc.RemoteParticipant) -> None:
            if participant.identity != learner:
                return
            if self._classroom:
                self._classroom.show_again()
            if self._sitting:
                self._sitting.learner_present(True)

        self._ctx.room.on("participant_disconnected", gone)
        self._ctx.room.on("participant_active", ready)
        self._ctx.room.on("participant_connected", back)

    def _learner_gone(self) -> None:
        log.info("learner disconnected")
        if self._floor:
            self._floor.learner_present(False)
        if self._sitting:
            self._sitting.learner_present(False)
        elif self._session:
            self._session.interrupt()
        self._grace = asyncio.get_running_loop().call_later(
            self._grace_s, self.finish, CloseReason.LEARNER_GONE
        )
        self._timers.append(self._grace)

    def _learner_back(self) -> None:
        if self._grace is None:
            return
        log.info("learner came back")
        self._grace.cancel()
        self._grace = None
        if self._sitting:
            return  # it goes on when the learner can hear it
        if self._floor:
            self._floor.learner_present(True)
        question = self._classroom.question if self._classroom else ""
        line = "welcome_back_to_lesson" if question else "welcome_back"
        self._say(load("call").text("lines", line).format(question=question))

    async def _wait_for_learner(self) -> str | None:
        try:
            async with asyncio.timeout(LEARNER_WAIT_S):
                return (await self._ctx.wait_for_participant()).identity
        except (TimeoutError, RuntimeError):
            return None

    def _open_request(self) -> OpenCall:
        present = next(iter(self._ctx.room.remote_participants.values()), None)
        return OpenCall(
            room=self._ctx.room.name,
            job_id=self._ctx.job.id,
            channel=self._channel,
            participant_identity=present.identity if present else None,
        )

    def _opened(self, opened: CallOpened) -> None:
        self._opened_at = asyncio.get_running_loop().time()
        log.info("call opened", call_id=str(opened.call_id), resumed=opened.brief.resumed)
        self._recorder.line(
            OpenedLine(call_id=opened.call_id, grant=opened.grant, base=opened.brief.next_position)
        )
        if opened.brief.has_material:
            self._memory.use(opened.call_id, opened.grant)
        if self._begin_late is not None and opened.brief.exam is not None:
            self._stop("an exam came late")  # another job is called, which has it from the beginning
        elif self._begin_late is not None:
            self._spawn(self._begin_late(opened.brief))

    def _max_delay(self) -> float:
        return self._floor.longest if self._floor else float("inf")

    def _stop(self, reason: str) -> None:
        self._ctx.shutdown(reason=reason)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def has_coach(others: Iterable[rtc.RemoteParticipant]) -> bool:
    """Whether a coach is in the room already, so that a job which was dispatched beside it has to leave.

    One that has died is taken out before another is called, or LiveKit does it after a while.
    """
    return any(other.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT for other in others)


def room_options(learner: str) -> room_io.RoomOptions:
    """Audio in 20 ms pieces both ways, captions in step with the sound; typed text is taken by
    `RoomInputs`."""
    return room_io.RoomOptions(
        text_input=False,
        audio_input=room_io.AudioInputOptions(frame_size_ms=20),
        text_output=room_io.TextOutputOptions(sync_transcription=True),
        participant_identity=learner,
        close_on_disconnect=False,
    )
