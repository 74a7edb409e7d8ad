"""The coach in conversation: what is heard, what is looked up, what is answered."""

import asyncio
import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Callable

from livekit import rtc
from livekit.agents import Agent, APIConnectionError, APIError, ModelSettings, llm, stt

from agent.corrections import Corrector, instruction
from agent.due import DueTalk
from agent.ear import Reconnection
from agent.filter import Filter
from agent.grounding import asks, quoted_in, rested_on
from agent.guards import LABEL_END
from agent.hearing import Hearing
from agent.lesson import Lesson
from agent.lesson_state import Move
from agent.memory import Memory
from agent.recorder import Answer
from agent.texts import one_line
from api.contract.calls import CallBrief, CorrectionStyle, Passage
from prompts import Prompt, load

GUIDED = "guided"
_MAX_DATA = 120
"""Characters of what a learner said that stand in one line of the instructions."""
_MOST_NOTE = 1_000
_MOST_PASSAGE = 2_000


class Tutor(Agent):
    """One call's coach.

    `llm_node` is pure: it may run several times for one turn and be thrown away, so it changes nothing
    but the notes of what stood behind an answer.
    """

    def __init__(
        self,
        *,
        brief: CallBrief,
        hearing: Hearing,
        memory: Memory,
        on_answer: Callable[[Answer], None],
        guided_hash: str | None,
        lesson: Lesson | None = None,
        corrector: Corrector | None = None,
        due: DueTalk | None = None,
    ) -> None:
        self._prompt = load("tutor")
        super().__init__(instructions=instructions(self._prompt, brief), chat_ctx=history(brief))
        self._filter = Filter(under_age=brief.learner.under_age)
        self._hearing = hearing
        self._memory = memory
        self._on_answer = on_answer
        self._guided_hash = guided_hash
        self._lesson = lesson
        self._corrector = corrector
        self._due = due
        if due:
            due.know(self.chat_ctx)
        if lesson:
            lesson.know(self.chat_ctx)
        self._listen_anew = asyncio.Event()
        self._connection = Reconnection()

    def teach(self, lesson: Lesson) -> None:
        """From now on the talk is this lesson."""
        self._lesson = lesson
        self._memory.foresee(lesson.quotations)

    async def on_enter(self) -> None:
        """The talk begins."""
        if self._lesson:
            self._memory.foresee(self._lesson.quotations)

    async def on_exit(self) -> None:
        """The talk is over."""
        self._memory.forget()

    def reconnect_hearing(self) -> None:
        """Give up the recognizer's connection, which answers no more, and open another."""
        self._listen_anew.set()

    async def stt_node(
        self, audio: AsyncIterable[rtc.AudioFrame], model_settings: ModelSettings
    ) -> AsyncIterator[stt.SpeechEvent]:
        """The recognizer's events, with words kept and an early start where a text looks whole."""
        await self._connection.wait()
        self._listen_anew.clear()
        source = Agent.default.stt_node(self, self._watched(audio), model_settings)
        try:
            async for event in self._until_anew(source):
                self._connection.works()
                for passed in self._hearing.process(event):
                    yield passed
        except APIError as error:
            self._connection.failed(error)
            raise
        finally:
            await source.aclose()

    async def llm_node(
        self, chat_ctx: llm.ChatContext, tools: list[llm.Tool], model_settings: ModelSettings
    ) -> AsyncIterator[llm.ChatChunk | str]:
        """The answer, with passages of the learner's material in a copy of the conversation."""
        context = chat_ctx.copy()
        move = self._lesson.answer(context) if self._lesson else None
        if self._lesson and move and move.direct:
            words = self._filter.text(" ".join(self._lesson.words(move, context)))
            self._on_answer(Answer(words, GUIDED, load("lesson").hash))
            yield words
            return
        passages, slip = await asyncio.gather(self._passages(context, move), self._slip(context, move))
        if slip:
            context.add_message(role="system", content=slip)
        if passages:
            context.add_message(role="system", content=render(self._prompt, passages))
        if self._lesson and move:
            context.add_message(role="system", content=self._lesson.instructions(move))
        elif self._due and (due := self._due.answer(context)):
            context.add_message(role="system", content=due.instruction)
        said: list[str] = []
        name = GUIDED
        try:
            source = Agent.default.llm_node(self, context, tools, model_settings)
            async for chunk in self._filter.stream(source):
                if isinstance(chunk, llm.ChatChunk):
                    name = _label(chunk) or name
                    said.append((chunk.delta.content if chunk.delta else None) or "")
                    yield chunk
        finally:
            self._on_answer(self._answer("".join(said), name, move, passages))

    def _answer(self, text: str, name: str, move: Move | None, passages: list[Passage]) -> Answer:
        if name == GUIDED:
            quoted = tuple(quoted_in(text, passages))
            return Answer(text, name, self._guided_hash, self._memory.last_ms, quoted)
        digest = _together(self._prompt.hash, load("lesson").hash) if move else self._prompt.hash
        sources = tuple(rested_on(text, passages))
        return Answer(text, name, digest, self._memory.last_ms, sources)

    async def _passages(self, context: llm.ChatContext, move: Move | None) -> list[Passage]:
        """What the learner asks about; where they ask nothing, what a lesson made from documents quotes."""
        said = last_words(context)
        if self._lesson is None or move is None or not self._lesson.plan.from_documents or asks(said):
            return await self._memory.retrieve(said)
        return self._memory.quoted(" ".join(self._lesson.words(move, context)))

    async def _slip(self, context: llm.ChatContext, move: Move | None) -> str | None:
        """What the model is told of the one slip that it may take up; nothing while there is no answer."""
        if self._corrector is None or (move is not None and not move.is_answered):
            return None
        found = await self._corrector.to_say(last_words(context), doubtful=self._hearing.doubtful)
        return instruction(found, self._corrector.style) if found else None

    async def _watched(self, audio: AsyncIterable[rtc.AudioFrame]) -> AsyncIterator[rtc.AudioFrame]:
        async for frame in audio:
            self._hearing.quiet.observe(frame)
            yield frame

    async def _until_anew(self, source: AsyncIterator[stt.SpeechEvent]) -> AsyncIterator[stt.SpeechEvent]:
        anew = asyncio.ensure_future(self._listen_anew.wait())
        coming: asyncio.Future[stt.SpeechEvent] | None = None
        try:
            while True:
                coming = asyncio.ensure_future(anext(source))
                await asyncio.wait({coming, anew}, return_when=asyncio.FIRST_COMPLETED)
                if not coming.done():
                    raise APIConnectionError("the recognizer did not answer")
                try:
                    yield coming.result()
                except StopAsyncIteration:
                    return
        finally:
            anew.cancel()
            if coming is not None and not coming.done():
                coming.cancel()
                await asyncio.wait({coming})


def instructions(prompt: Prompt, brief: CallBrief) -> str:
    """The system prompt for a learner: role, rules, level and what is known, all as plain text."""
    learner = brief.learner
    parts = [prompt.text("role"), prompt.text("rules"), prompt.text("levels", learner.level.value)]
    if learner.correction_style is not CorrectionStyle.RECAST:
        parts.append(prompt.text("corrections", learner.correction_style.value))
    if learner.under_age:
        parts.append(prompt.text("young"))
    parts.append(prompt.text("about_learner").format(name=_plain(learner.display_name)))
    if learner.goal:
        parts.append(prompt.text("about_goal").format(goal=_plain(learner.goal)))
    if learner.native_language:
        parts.append(prompt.text("about_language").format(native_language=_plain(learner.native_language)))
        if learner.translation:
            parts.append(prompt.text("translation").format(native_language=_plain(learner.native_language)))
    if brief.summary:
        parts.append(prompt.text("about_summary").format(summary=_notes(brief.summary)))
    if brief.facts:
        told = "\n".join(f"- {fact.said_at:%Y-%m-%d}: {_plain(fact.text)}" for fact in brief.facts)
        parts.append(prompt.text("about_facts").format(facts=told))
    if not brief.first_call and brief.last_topic:
        verbosity = brief.learner.greeting_verbosity.value
        parts.append(prompt.text("recap", verbosity).format(topic=_plain(brief.last_topic)))
    return "\n".join(part.strip() for part in parts)


def history(brief: CallBrief) -> llm.ChatContext:
    """The session's last turns as the conversation that is carried on."""
    context = llm.ChatContext.empty()
    for turn in brief.last_turns:
        context.add_message(
            role="user" if turn.role == "learner" else "assistant",
            content=turn.text,
            created_at=turn.at.timestamp(),
        )
    return context


def last_words(context: llm.ChatContext) -> str:
    """What the learner said last; empty when nothing was said."""
    for message in reversed(context.messages()):
        if message.role == "user":
            return message.text_content or ""
    return ""


def render(prompt: Prompt, passages: list[Passage]) -> str:
    """Passages with their sources, for the model."""
    lines = "\n".join(
        f'- "{one_line(passage.text, most=_MOST_PASSAGE)}" (from "{_plain(passage.source.title)}")'
        for passage in passages
    )
    return prompt.text("passages").format(passages=lines)


def _label(chunk: llm.ChatChunk) -> str | None:
    name, found, _ = chunk.id.rpartition(LABEL_END)
    return name if found else None


def _notes(text: str) -> str:
    """Notes of several lines: each one is data."""
    lines = (one_line(line, most=_MOST_NOTE) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _plain(text: str) -> str:
    """Words of the learner's as one short line: they are data and no instruction."""
    return one_line(text, most=_MAX_DATA)


def _together(*hashes: str) -> str:
    """One hash that stands for the prompt files that shaped an answer together."""
    return hashlib.sha256("".join(hashes).encode()).hexdigest()
