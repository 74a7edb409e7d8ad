"""A language model that does as it is told: a server of OpenAI's chat protocol, for tests of what it is told.

It answers at once, streamed, with what the last instruction asks it to say.
"""

import contextlib
import json
import re
import socket
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

MODEL = "obedient"


class OpenAiServer:
    """The server. `asked` holds the messages of each request; `fails` makes it answer 500."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[list[dict[str, Any]]] = []
        self.fails = False

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["OpenAiServer"]:
        """Serves on a free port of 127.0.0.1; `url` is the base that `LLM_URL` takes."""
        app = web.Application(client_max_size=2**22)
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

    def instructions(self, request: int = -1) -> str:
        """All that a request's system messages say."""
        return "\n".join(str(one["content"]) for one in self.asked[request] if one["role"] == "system")

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.asked.append(body["messages"])
        if self.fails:
            return web.json_response({"error": {"message": "down"}}, status=500)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for piece in (f"{self._answer()}", ""):
            await response.write(_event(piece, None if piece else "stop"))
        await response.write(b"data: [DONE]\n\n")
        await response.write_eof()
        return response

    def _answer(self) -> str:
        """What the last instruction puts after its colon; without one, a question."""
        told = self.instructions().strip().splitlines()[-1:]
        said = re.sub(r"^.*?: ", "", told[0]) if told else ""
        return f"I see. {said[:200]}" if said else "I see. And what do you think?"


def _event(piece: str, finish: str | None) -> bytes:
    choice = {
        "index": 0,
        "delta": {"role": "assistant", "content": piece},
        "finish_reason": finish,
    }
    chunk = {
        "id": "test",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": MODEL,
        "choices": [choice],
    }
    return f"data: {json.dumps(chunk)}\n\n".encode()
