"""A call ends after guided's goodbye, and only then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from livekit.agents import Agent, AgentSession, UserInputTranscribedEvent, llm

from agent.farewell import Farewell
from agent.guided import Guided
from api.contract.levels import Level
from tests.agent.fakes import ScriptedLLM

SHORT_S = 0.05


@asynccontextmanager
async def talk(model: llm.LLM[Any], *, wait_s: float = SHORT_S) -> AsyncIterator[tuple[Any, asyncio.Event]]:
    """A session over text with this model, and whether the call was ended."""
    ended = asyncio.Event()
    guided = Guided(level=Level.A2)
    async with AgentSession[None](llm=model) as session:
        farewell = Farewell(session, is_goodbye=guided.wants_to_close, on_end=ended.set, wait_s=wait_s)
        await session.start(Agent(instructions=""))
        yield session, ended
        farewell.close()


async def test_the_call_ends_after_the_goodbye() -> None:
    async with talk(Guided(level=Level.A2)) as (session, ended):
        await session.run(user_input="i have to go now bye")
        await asyncio.wait_for(ended.wait(), 10)


async def test_an_answer_does_not_end_it() -> None:
    async with talk(Guided(level=Level.A2)) as (session, ended):
        await session.run(user_input="my friend said goodbye to me yesterday")
        await asyncio.sleep(SHORT_S * 4)
        assert not ended.is_set()


async def test_words_after_the_goodbye_keep_it_open() -> None:
    async with talk(Guided(level=Level.A2), wait_s=1.0) as (session, ended):
        await session.run(user_input="bye")
        session.emit("user_input_transcribed", UserInputTranscribedEvent(transcript="one", is_final=False))
        await asyncio.sleep(1.5)
        assert not ended.is_set()
        await session.run(user_input="goodbye")
        await asyncio.wait_for(ended.wait(), 10)


async def test_going_on_after_the_goodbye_keeps_it_open() -> None:
    async with talk(Guided(level=Level.A2), wait_s=1.0) as (session, ended):
        await session.run(user_input="bye")
        await session.run(user_input="can we talk about food")
        await asyncio.sleep(1.5)
        assert not ended.is_set()


async def test_a_language_models_goodbye_ends_nothing() -> None:
    async with talk(ScriptedLLM("Bye! ", "It was nice.")) as (session, ended):
        await session.run(user_input="bye")
        await asyncio.sleep(SHORT_S * 4)
        assert not ended.is_set()
