"""An OpenAI-compatible chat server with a known first-token time, standing in for a hosted language model.

It answers plausible short sentences, or, for measuring barge-in, long ones. Only time is real about it.
"""

import asyncio
import contextlib
import itertools
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

MODEL = "bench-chat"
FIRST_TOKEN_S = 0.35
TOKENS_PER_SECOND = 60.0

SHORT = (
    "That sounds nice. What do you like best about it?",
    "I see. How often do you do that?",
    "Good to know. Who do you do it with?",
    "Thank you for telling me. When did it begin?",
    "That is interesting. Why is it important to you?",
    "Well said. What happened next?",
    "I understand. Where is that exactly?",
    "Great. What would you like to do tomorrow?",
)
LONG = (
    "Let me tell you a long story about my town, because it is a good way to practise listening.",
    "Every morning the baker opens his shop before the sun comes up, and the whole street smells of bread.",
    "The children walk to school along the river, and they count the boats that pass under the old bridge.",
    "In the afternoon the market fills with people who buy apples, cheese, flowers and fresh fish.",
    "An old man plays the violin near the fountain, and everybody knows the song that he plays last.",
)
LONG_ANSWER = " ".join(LONG)
"""About 30 s of speech: there is always something left to interrupt."""


class SlowLlm:
    """The server. `long_answers` may be changed while it runs."""

    def __init__(self, *, first_token_s: float = FIRST_TOKEN_S, long_answers: bool = False) -> None:
        self.first_token_s = first_token_s
        self.long_answers = long_answers
        self.requests = 0
        self._short = itertools.cycle(SHORT)
        self.url = ""

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["SlowLlm"]:
        """Serves on a free port of 127.0.0.1; `url` is the base that `LLM_URL` takes."""
        app = web.Application(client_max_size=2**22)
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/chat/completions", self._chat)
        runner = web.AppRunner(app, shutdown_timeout=0.5)
        await runner.setup()
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
            await web.SockSite(runner, listening).start()
            try:
                yield self
            finally:
                await runner.cleanup()

    async def _models(self, _request: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": MODEL, "object": "model"}]})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests += 1
        answer = LONG_ANSWER if self.long_answers else next(self._short)
        await asyncio.sleep(self.first_token_s)
        if not body.get("stream"):
            return web.json_response(_whole(answer))
        return await self._stream(request, answer)

    async def _stream(self, request: web.Request, answer: str) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        with contextlib.suppress(ConnectionResetError):
            await response.prepare(request)
            for word in answer.split(" "):
                await response.write(_event({"content": f"{word} "}, None))
                await asyncio.sleep(1 / TOKENS_PER_SECOND)
            await response.write(_event({}, "stop") + b"data: [DONE]\n\n")
            await response.write_eof()
        return response


def _event(delta: dict[str, str], finish: str | None) -> bytes:
    choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}
    chunk = {
        "id": "bench",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": MODEL,
        "choices": [choice],
    }
    return f"data: {json.dumps(chunk)}\n\n".encode()


def _whole(answer: str) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": len(answer.split()), "total_tokens": 1}
    return {
        "id": "bench",
        "object": "chat.completion",
        "created": 0,
        "model": MODEL,
        "choices": [choice],
        "usage": usage,
    }
