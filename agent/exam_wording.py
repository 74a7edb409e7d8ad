"""A language model's words in an exam: what the other candidate says, and follow-up questions in discussions.

The model is given the meaning that the script sets and the last turns. What it answers is said only where it
keeps to the form; else the script's own words are.
"""

import asyncio
import re
from typing import Any

from livekit.agents import APIError, llm

from agent.exam_script import examiner_content
from agent.filter import Filter
from agent.texts import one_line
from api.contract.calls import Role, TurnRecord
from api.contract.levels import Level
from infra import telemetry

log = telemetry.get_logger(__name__)
ANSWERS_WITHIN_S = 4.0
"""How long the script waits for a model's words before it speaks its own."""
KEPT_TURNS = 8
MOST_LONGER = 2.0
"""How many times as long as what is meant the other candidate's words may be."""
FEWEST_WORDS = 12
MOST_QUESTION_WORDS = 26
_MOST_TURN = 800
_FORBIDDEN = re.compile(
    r"\b(?:full marks|marks?|scores?|grades?|examiner|instructions?|language model|correct answer|mistakes?"
    r"|good (?:job|english)|well done|excellent|your english)\b",
    re.IGNORECASE,
)
"""What neither part may say."""


class ModelWording:
    """Asks a model, or a chain of them; `fit` is the filter that its words pass."""

    def __init__(self, model: llm.LLM[Any], *, level: Level, fit: Filter) -> None:
        self._model = model
        self._level = level
        self._filter = fit
        self._turns: list[TurnRecord] = []

    def heard(self, turn: TurnRecord) -> None:
        """A turn of either side."""
        self._turns = [*self._turns, turn][-KEPT_TURNS:]

    async def partner(self, meant: str, task: str) -> str | None:
        """What the other candidate says instead of `meant`; None where nothing fit comes."""
        words = max(FEWEST_WORDS, int(len(meant.split()) * MOST_LONGER))
        instructions = examiner_content().instructions.partner
        said = await self._ask(
            instructions.format(level=self._level.value, task=task, meant=meant, words=words)
        )
        return said if said and len(said.split()) <= words else None

    async def follow_up(self, task: str) -> str | None:
        """A question that follows from the learner's last answer; None where nothing fit comes."""
        instructions = examiner_content().instructions.follow_up
        said = await self._ask(instructions.format(level=self._level.value, task=task))
        fits = said and said.endswith("?") and len(said.split()) <= MOST_QUESTION_WORDS
        return said if fits else None

    async def _ask(self, instructions: str) -> str | None:
        context = llm.ChatContext.empty()
        context.add_message(role="system", content=instructions)
        for turn in self._turns:
            context.add_message(
                role="user" if turn.role is Role.LEARNER else "assistant",
                content=one_line(turn.text, most=_MOST_TURN),
            )
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S), self._model.chat(chat_ctx=context) as stream:
                deltas = [chunk.delta async for chunk in stream if chunk.delta]
        except (APIError, TimeoutError) as error:
            log.warning("no words for the exam", error=type(error).__name__)
            return None
        said = self._filter.text(one_line("".join(one.content or "" for one in deltas), most=_MOST_TURN))
        return None if _FORBIDDEN.search(said) else said or None
