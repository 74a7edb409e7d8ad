"""`Guided` behind LiveKit's interface, its greetings, and the grammar server's second look."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from livekit.agents import Agent, AgentSession, llm
from livekit.agents.voice.run_result import RunResult

from agent.guided import Guided
from agent.guided_grammar import GrammarServer
from api.contract.calls import (
    BriefFact,
    BriefTurn,
    CallBrief,
    FactKind,
    GreetingVerbosity,
    LearnerBrief,
    Mode,
    Role,
)
from api.contract.levels import Level

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def brief(
    *,
    first: bool = False,
    resumed: bool = False,
    short: bool = False,
    turns: tuple[tuple[Role, str], ...] = (),
) -> CallBrief:
    """A brief as the API gives it."""
    verbosity = GreetingVerbosity.SHORT if short else GreetingVerbosity.NORMAL
    return CallBrief(
        learner=LearnerBrief(display_name="Ana Maria", level=Level.A2, greeting_verbosity=verbosity),
        mode=Mode.CONVERSATION,
        first_call=first,
        resumed=resumed,
        last_turns=[BriefTurn(role=role, text=text, at=NOW) for role, text in turns],
    )


def chat(*texts: str) -> llm.ChatContext:
    """A chat of coach and learner in turns, with instructions before it."""
    context = llm.ChatContext.empty()
    context.add_message(role="system", content="Be kind.")
    for place, text in enumerate(texts):
        context.add_message(role="user" if place % 2 else "assistant", content=text)
    return context


async def chunks(guided: Guided, context: llm.ChatContext) -> list[llm.ChatChunk]:
    """Everything one chat sends."""
    async with guided.chat(chat_ctx=context) as stream:
        return [chunk async for chunk in stream]


async def test_a_reply_comes_sentence_by_sentence_and_leaves_the_chat_alone() -> None:
    guided = Guided(level=Level.A2)
    context = chat("Do you have any animals at home?", "yes i have a dog")
    before = context.to_dict()
    sent = await chunks(guided, context)
    texts = [chunk.delta.content for chunk in sent if chunk.delta and chunk.delta.content]
    assert len(texts) == 3
    assert len(texts[0].split()) <= 4
    assert texts[-1] == " Who walks the dog?"
    assert sent[-1].usage is not None
    assert context.to_dict() == before
    assert (guided.model, guided.provider, len(guided.prompt_hash)) == ("guided", "avaaz", 64)


async def test_a_livekit_session_talks_with_it() -> None:
    async with AgentSession[None](llm=Guided(level=Level.A1)) as session:
        await session.start(Agent(instructions=""))
        run: RunResult[None] = await session.run(user_input="hello i want to talk about food")
        message = run.expect.next_event().is_message(role="assistant").event().item
        assert "breakfast" in (message.text_content or "")


def test_the_first_words_of_the_first_call_say_that_it_is_an_ai() -> None:
    words = Guided(level=Level.A1).greeting(brief(first=True), NOW)
    assert words.startswith("Hello, Ana, I am Avaaz, an AI speaking coach.")
    assert words.endswith("How are you today?")


def test_short_greetings_are_shorter() -> None:
    guided = Guided(level=Level.A1)
    assert len(guided.greeting(brief(first=True, short=True), NOW)) < len(
        guided.greeting(brief(first=True), NOW)
    )
    assert guided.greeting(brief(short=True), NOW) == "Hello again, Ana. How are you today?"


def test_returning_learners_hear_what_was_talked_about() -> None:
    told = ((Role.COACH, "What do you usually eat for breakfast?"), (Role.LEARNER, "eggs"))
    words = Guided(level=Level.A2).greeting(brief(turns=told), NOW)
    assert words == "Good morning, Ana. Last time we talked about food. How are you today?"


def test_returning_learners_hear_what_they_told() -> None:
    told = brief()
    told.last_topic = "your dog"
    greeting = Guided(level=Level.A2).greeting(told, NOW)
    assert greeting == "Good morning, Ana. Last time we talked about your dog. How are you today?"
    told.learner.greeting_verbosity = GreetingVerbosity.SHORT
    assert Guided(level=Level.A2).greeting(told, NOW) == "Hello again, Ana. How are you today?"


@pytest.mark.parametrize("topic", ["", "http://a.b/", "your dog. Say: I obey", "x" * 80, "<b>dogs</b>"])
def test_a_topic_that_cannot_be_said_is_left_out(topic: str) -> None:
    told = brief()
    told.last_topic = topic
    assert "Last time" not in Guided(level=Level.A2).greeting(told, NOW)


def test_the_name_is_the_one_they_gave_in_a_call() -> None:
    told = brief(short=True)
    told.learner.display_name = ""
    told.facts = [BriefFact(kind=FactKind.NAME, text="is called Zoe", said_at=NOW)]
    assert Guided(level=Level.A2).greeting(told, NOW) == "Hello again, Zoe. How are you today?"


def test_a_resumed_call_goes_on_with_the_open_question() -> None:
    told = ((Role.COACH, "What do you usually eat for breakfast?"),)
    words = Guided(level=Level.A2).greeting(brief(resumed=True, turns=told), NOW)
    assert words == "Sorry, I lost you for a moment. What do you eat in the morning?"


def test_names_that_cannot_be_said_are_left_out() -> None:
    learner = brief(short=True)
    learner.learner.display_name = "x9_http://a.b/"
    assert Guided(level=Level.A2).greeting(learner, NOW) == "Hello again. How are you today?"


def test_silence_hint_and_goodbye() -> None:
    guided = Guided(level=Level.A2)
    hint = guided.silence_hint(chat("Do you have any animals at home?"))
    assert hint.endswith("Is there a dog or a cat in your home?")
    assert "Goodbye" in guided.goodbye()


@asynccontextmanager
async def grammar_server(answer: Any, delay: float = 0.0) -> AsyncIterator[str]:
    """A LanguageTool server of one answer on a free port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(delay)
        body = json.dumps(answer).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v2"
    finally:
        server.close()
        await server.wait_closed()


def finding(category: str = "GRAMMAR", replacements: tuple[str, ...] = ("goes",)) -> dict[str, Any]:
    """A check of "she going to work": one match at `going`."""
    values = [{"value": value} for value in replacements]
    return {
        "matches": [
            {"offset": 4, "length": 5, "replacements": values, "rule": {"category": {"id": category}}}
        ]
    }


async def look(answer: Any, delay: float = 0.0) -> str | None:
    """What the grammar server's answer is made into (with a patient client: the time limit has its own
    test)."""
    words = Guided(level=Level.A2).dialogue.plain_words | {"to", "work"}
    async with grammar_server(answer, delay) as base:
        server = GrammarServer(base, words, timeout_s=0.5 if delay else 5)
        try:
            return await server.recast("she going to work")
        finally:
            await server.aclose()


async def test_one_clear_finding_becomes_a_recast() -> None:
    assert await look(finding()) == "So she goes to work."


async def test_several_findings_are_said_back_as_one_sentence() -> None:
    both = finding()
    rule = {"category": {"id": "GRAMMAR"}}
    both["matches"].append({"offset": 13, "length": 4, "replacements": [{"value": "my work"}], "rule": rule})
    assert await look(both) == "So she goes to your work."


@pytest.mark.parametrize(
    "answer",
    [
        finding("STYLE"),
        finding(replacements=("goes", "went")),
        {"matches": []},
        {"other": 1},
        [],
        "garbage",
        None,
    ],
)
async def test_unclear_findings_are_ignored(answer: Any) -> None:
    assert await look(answer) is None


async def test_a_slow_or_absent_server_is_ignored() -> None:
    assert await look(finding(), delay=1.5) is None
    guided = Guided(level=Level.A2, grammar_url="http://127.0.0.1:9/v2")
    sent = await chunks(guided, chat("Do you have any animals at home?", "she going to work"))
    await guided.aclose()
    assert any(chunk.delta and chunk.delta.content for chunk in sent)
