"""Embeddings kept in a file, between the job worker and the model server: what was embedded once stays so."""

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any, Final

import aiohttp
from aiohttp import web

FILE: Final = "bench-vectors.sqlite"


class VectorCache:
    """A server of OpenAI's protocol that passes on what it has not seen.

    Only batches are kept: a question, which comes alone, is asked of the model each time, as in a call.
    """

    def __init__(self, file: Path, base: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._kept = sqlite3.connect(file, isolation_level=None)
        self._kept.execute(
            "CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, model TEXT, vector TEXT)"
        )
        self._base = base
        self._http: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None
        self.hits = 0

    async def serve(self) -> str:
        """Listen on a free port of loopback; return the address."""
        self._http = aiohttp.ClientSession()
        app = web.Application(client_max_size=16_000_000)
        app.router.add_post("/v1/embeddings", self._embed)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        """Stop."""
        if self._runner is not None:
            await self._runner.cleanup()
        if self._http is not None:
            await self._http.close()
        self._kept.close()

    async def _embed(self, request: web.Request) -> web.Response:
        asked = await request.json()
        texts = asked["input"]
        if len(texts) < 2:
            return web.json_response(await self._ask(asked))
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        known = {key: row for key in keys if (row := self._row(key))}
        missing = [(key, text) for key, text in zip(keys, texts, strict=True) if key not in known]
        self.hits += len(texts) - len(missing)
        if missing:
            body = await self._ask({**asked, "input": [text for _, text in missing]})
            rows = [
                (key, body["model"], json.dumps(one["embedding"]))
                for (key, _), one in zip(missing, body["data"], strict=True)
            ]
            self._kept.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
            known |= {key: (model, vector) for key, model, vector in rows}
        data = [{"index": index, "embedding": json.loads(known[key][1])} for index, key in enumerate(keys)]
        return web.json_response({"object": "list", "model": known[keys[0]][0], "data": data})

    def _row(self, key: str) -> tuple[str, str] | None:
        found: tuple[str, str] | None = self._kept.execute(
            "SELECT model, vector FROM vectors WHERE key = ?", (key,)
        ).fetchone()
        return found

    async def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert self._http is not None  # noqa: S101 - served by now
        async with self._http.post(f"{self._base}/embeddings", json=asked) as answer:
            answer.raise_for_status()
            body: dict[str, Any] = await answer.json()
            return body
