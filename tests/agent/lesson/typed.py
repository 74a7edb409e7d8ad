"""A whole call without sound: the real session, tutor and recorder, a lesson, and any chain of models."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livekit.agents import AgentSession, ConversationItemAddedEvent, llm
from livekit.plugins import openai

from agent.guards import GuardedLLM
from agent.guided import Guided
from agent.hearing import Hearing
from agent.lesson import Lesson
from agent.lesson_state import Move
from agent.memory import Memory
from agent.outbox import OutboxWriter, Segment, read
from agent.providers import build_llm
from agent.recorder import Recorder
from agent.tutor import Tutor
from api.contract.lessons import LessonPlan
from tests.agent.fake_api import FakeApi
from tests.agent.lesson.plans import NOW, brief_of
from tests.support.openai_server import MODEL, OpenAiServer


def model_of(server: OpenAiServer) -> GuardedLLM:
    """The stock plugin at a server of OpenAI's protocol, with the limits that a call gives it."""
    plugin = openai.LLM(model=MODEL, base_url=server.url, api_key="test")
    return GuardedLLM(plugin, first_token=5.0, stall=5.0)


@dataclass
class TypedCall:
    """A call in which everything is typed."""

    session: AgentSession[None]
    lesson: Lesson
    guided: Guided
    moves: list[Move]
    path: Path
    tutor: Tutor
    said: list[str] = field(default_factory=list)

    async def type(self, text: str) -> str:
        """A turn; answers what the coach said."""
        before = len(self.said)
        await self.session.generate_reply(user_input=text)
        return " ".join(self.said[before:])

    async def silence(self) -> str:
        """The learner says nothing for a while."""
        await self.session.say(self.guided.silence_hint(self.session.history))
        return self.said[-1]

    async def press(self, command: Any) -> str:
        """A button."""
        self.lesson.command(command)
        await self.session.generate_reply()
        return self.said[-1]

    def segment(self) -> Segment:
        """What is on the disk."""
        return read(self.path)


@asynccontextmanager
async def typed_call(
    home: Path, plan: LessonPlan, *models: llm.LLM[Any], memory: Memory | None = None, **changes: Any
) -> AsyncIterator[TypedCall]:
    """A call of this lesson, led by these models and `guided` after them; greeted already."""
    brief = brief_of(plan, **changes)
    moves: list[Move] = []
    lesson = Lesson(plan, brief, has_model=bool(models), on_moved=lambda move, _: moves.append(move))
    guided = Guided(level=plan.content.level)
    guided.lesson = lesson
    writer = OutboxWriter(home, "job-1")
    recorder = Recorder(writer, take_words=list, max_delay=lambda: 1.0)
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(FakeApi().client())
        session = AgentSession[None](
            llm=build_llm(list(models), guided), turn_handling={"turn_detection": "manual"}
        )
        tutor = Tutor(
            brief=brief,
            hearing=Hearing(lambda: False),
            memory=memory or Memory(api, timeout=0.15),
            on_answer=recorder.answered,
            guided_hash=guided.prompt_hash,
            lesson=lesson,
        )
        call = TypedCall(session, lesson, guided, moves, writer.path, tutor)

        def added(event: ConversationItemAddedEvent) -> None:
            if not isinstance(event.item, llm.ChatMessage):
                return
            recorder.commit(event.item)
            if event.item.role == "user":
                lesson.learner(event.item)
            else:
                lesson.coach(event.item)
                call.said.append(event.item.text_content or "")

        session.on("conversation_item_added", added)
        recorder.start()
        await session.start(tutor)
        await session.say(guided.greeting(brief, NOW))
        try:
            yield call
        finally:
            await session.aclose()
            await recorder.drain()
            writer.close()
