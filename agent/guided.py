"""`guided`, the coach of last resort and the embedded default: an `llm.LLM` that needs no language model.

Its words stand in `prompts/guided/`, its reasoning in `guided_dialogue.py`; this module speaks LiveKit's
interface. A reply is sent sentence by sentence, the first a short fixed one, so that speech can begin at
once.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from livekit.agents import APIConnectOptions, llm
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, NotGivenOr
from livekit.agents.utils import shortuuid

from agent.conversation import utterances
from agent.corrections import Corrector, explicit
from agent.due import DueTalk
from agent.grounding import answer_from
from agent.guided_content import content
from agent.guided_dialogue import Dialogue, dialogue
from agent.guided_grammar import GrammarServer
from agent.guided_greeting import greeting_text, hello_text
from agent.guided_memory import Utterance
from agent.guided_reply import Reply
from agent.lesson import Lesson
from agent.turn_taking import ends_open
from api.contract.calls import CallBrief, CorrectionStyle, Passage
from api.contract.levels import Level
from prompts import load


class Guided(llm.LLM[Any]):
    """Answers every chat from the guided dialogue.

    `level` chooses wordings and questions. `grammar_url` is the base of a LanguageTool server with its
    `/v2`, asked for at most 60 ms a turn; without it, or when it fails, the coach's own patterns stand alone.
    """

    def __init__(self, *, level: Level, grammar_url: str | None = None) -> None:
        super().__init__()
        self.dialogue: Dialogue = dialogue(level)
        self.grammar = GrammarServer(grammar_url, self.dialogue.plain_words) if grammar_url else None
        self.corrector: Corrector | None = None
        """Finds slips, and knows how the learner wants to be told of them."""
        self.doubtful: Callable[[], set[str]] = set
        """Answers the words that may have been misheard."""
        self.recalled: Callable[[str], Sequence[Passage]] = lambda _said: ()
        """Answers the passages of the learner's material that were found for what they said."""
        self.due: DueTalk | None = None
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

    @property
    def recasts_itself(self) -> bool:
        """Whether its own patterns may lead to a recast now."""
        style = self.corrector.style if self.corrector else CorrectionStyle.RECAST
        return style is CorrectionStyle.RECAST and not self.doubtful()

    async def correction(self, text: str, *, own: bool = True) -> str | None:
        """The sentence in which one slip of a turn is taken up, as the learner wants it; None for none."""
        if self.corrector and self.corrector.style is not CorrectionStyle.RECAST:
            found = await self.corrector.to_say(text, doubtful=self.doubtful())
            return explicit(found) if found else None
        if self.doubtful() or ends_open(text):
            return None
        slip = self.dialogue.recasts.find(text) if own else None
        if slip:
            return slip.text
        return await self.grammar.recast(text) if self.grammar else None

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
        said = history[-1].text if history and history[-1].role == "learner" else ""
        if self._guided.lesson and move:
            recast = await self._guided.correction(said) if move.is_answered else None
            self._send(history, self._guided.lesson.words(move, self._chat_ctx, recast=recast))
            return
        due = self._guided.due.answer(self._chat_ctx) if self._guided.due else None
        if due and due.kind == "ask":
            self._send(history, due.sentences)
            return
        if due:  # the try is no part of the talk, which goes on from before it
            after = self._guided.dialogue.reply(history[:-2])
            self._send(history, (*due.sentences, *after.sentences))
            return
        dialogue, own = self._guided.dialogue, self._guided.recasts_itself
        reply = dialogue.reply(history, own_recasts=own)
        if reply.intent == "answer" and not reply.recast and said:
            recast = await self._guided.correction(said, own=False)
            if recast:
                reply = dialogue.reply(history, recast=recast, own_recasts=own)
        self._send(history, from_passages(said, self._guided.recalled(said), reply) or reply.sentences)

    def _send(self, history: list[Utterance], sentences: Sequence[str]) -> None:
        request = shortuuid("guided_")
        for place, sentence in enumerate(sentences):
            delta = llm.ChoiceDelta(role="assistant", content=sentence if place == 0 else f" {sentence}")
            self._event_ch.send_nowait(llm.ChatChunk(id=request, delta=delta))
        usage = _usage(history, " ".join(sentences))
        self._event_ch.send_nowait(llm.ChatChunk(id=request, usage=usage))


def from_passages(said: str, passages: Sequence[Passage], reply: Reply) -> Sequence[str] | None:
    """A question answered from the learner's material, and the talk's own question after it.

    Args:
        said: What the learner said.
        passages: What retrieval found for it.
        reply: What would be said without them.

    Returns:
        The sentences to say; None where the passages do not hold the answer.
    """
    answered = answer_from(said, passages)
    if answered is None:
        return None
    leads = load("grounding").value("found")
    back = [one for one in reply.sentences[-1:] if one.endswith("?")]
    return [leads[len(said) % len(leads)], answered.text, *back]


def _usage(history: list[Utterance], said: str) -> llm.CompletionUsage:
    """Words counted as tokens, so that use shows up although nothing is paid for."""
    read = sum(len(turn.text.split()) for turn in history[-1:])
    spoken = len(said.split())
    return llm.CompletionUsage(completion_tokens=spoken, prompt_tokens=read, total_tokens=read + spoken)
