"""`guided`, the coach of last resort and the embedded default: an `llm.LLM` that needs no language model.

Its words stand in `prompts/guided/`, its reasoning in `guided_dialogue.py`; this module speaks LiveKit's
interface. A reply is sent sentence by sentence, the first a short fixed one, so that speech can begin at
once.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from livekit.agents import APIConnectOptions, llm
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, NotGivenOr
from livekit.agents.utils import shortuuid

from agent.conversation import utterances
from agent.guided_content import content
from agent.guided_dialogue import Dialogue, dialogue
from agent.guided_grammar import GrammarServer
from agent.guided_greeting import greeting_text, hello_text
from agent.guided_memory import Utterance
from agent.lesson import Lesson
from api.contract.calls import CallBrief
from api.contract.levels import Level


class Guided(llm.LLM[Any]):
    """Answers every chat from the guided dialogue.

    `level` chooses wordings and questions. `grammar_url` is the base of a LanguageTool server with its
    `/v2`, asked for at most 60 ms a turn; without it, or when it fails, the coach's own patterns stand alone.
    """

    def __init__(self, *, level: Level, grammar_url: str | None = None) -> None:
        super().__init__()
        self.dialogue: Dialogue = dialogue(level)
        self.grammar = GrammarServer(grammar_url, self.dialogue.plain_words) if grammar_url else None
        self.lesson: Lesson | None = None
        """The lesson that it leads, or would lead if a language model failed."""
        self._prompt_hash = hashlib.sha256("".join(content().hashes).encode()).hexdigest()

    @property
    def model(self) -> str:
        """The name kept with each turn."""
        return "guided"

    @property
    def provider(self) -> str:
        """Who gives the words."""
        return "avaaz"

    @property
    def prompt_hash(self) -> str:
        """SHA-256 over the hashes of every prompt file that `guided` speaks from (64 hexadecimal
        characters)."""
        return self._prompt_hash

    def chat(
        self,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool] | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        parallel_tool_calls: NotGivenOr[bool] = NOT_GIVEN,  # noqa: ARG002  part of the interface
        tool_choice: NotGivenOr[llm.ToolChoice] = NOT_GIVEN,  # noqa: ARG002
        extra_kwargs: NotGivenOr[dict[str, Any]] = NOT_GIVEN,  # noqa: ARG002
    ) -> "GuidedStream":
        """A stream of the coach's next turn; tools are never called."""
        return GuidedStream(self, chat_ctx=chat_ctx, tools=tools or [], conn_options=conn_options)

    def silence_hint(self, chat_ctx: llm.ChatContext) -> str:
        """What to say when the learner stays silent: easier each time, then another question, then
        patience."""
        if self.lesson and self.lesson.running:
            return " ".join(self.lesson.silence(chat_ctx))
        return self.dialogue.silence(utterances(chat_ctx)).text

    def greeting(self, brief: CallBrief, now: datetime) -> str:
        """The first words of a call, fit for who calls and why. `now` is the learner's local or any
        aware time."""
        if self.lesson:
            return self.lesson.begin(hello_text(content(), brief, now))
        return greeting_text(content(), self.dialogue, brief, now)

    def goodbye(self) -> str:
        """The last words of a call that the coach ends."""
        return content().manners.goodbye[0]

    def wants_to_close(self, chat_ctx: llm.ChatContext) -> bool:
        """Whether the last thing said is this coach's goodbye to a learner who said goodbye."""
        if self.lesson and self.lesson.running and not self.lesson.is_closing:
            return False  # words of a lesson may be those of a goodbye
        history = utterances(chat_ctx)
        return len(history) > 1 and history[-2].role == "learner" and self.dialogue.state(history).closed

    async def aclose(self) -> None:
        """Close the grammar server's connections."""
        await super().aclose()
        if self.grammar:
            await self.grammar.aclose()


class GuidedStream(llm.LLMStream):
    """One reply of `Guided`, sent sentence by sentence."""

    def __init__(
        self,
        guided: Guided,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool],
        conn_options: APIConnectOptions,
    ) -> None:
        super().__init__(guided, chat_ctx=chat_ctx, tools=tools, conn_options=conn_options)
        self._guided = guided

    async def _run(self) -> None:
        history = utterances(self._chat_ctx)
        move = self._guided.lesson.answer(self._chat_ctx) if self._guided.lesson else None
        if self._guided.lesson and move:
            self._send(history, self._guided.lesson.words(move, self._chat_ctx))
            return
        reply = self._guided.dialogue.reply(history)
        if self._guided.grammar and reply.intent == "answer" and not reply.recast and history:
            recast = await self._guided.grammar.recast(history[-1].text)
            if recast:
                reply = self._guided.dialogue.reply(history, recast=recast)
        self._send(history, reply.sentences)

    def _send(self, history: list[Utterance], sentences: Sequence[str]) -> None:
        request = shortuuid("guided_")
        for place, sentence in enumerate(sentences):
            delta = llm.ChoiceDelta(role="assistant", content=sentence if place == 0 else f" {sentence}")
            self._event_ch.send_nowait(llm.ChatChunk(id=request, delta=delta))
        usage = _usage(history, " ".join(sentences))
        self._event_ch.send_nowait(llm.ChatChunk(id=request, usage=usage))


def _usage(history: list[Utterance], said: str) -> llm.CompletionUsage:
    """Words counted as tokens, so that use shows up although nothing is paid for."""
    read = sum(len(turn.text.split()) for turn in history[-1:])
    spoken = len(said.split())
    return llm.CompletionUsage(completion_tokens=spoken, prompt_tokens=read, total_tokens=read + spoken)
