"""A shelf: documents brought through the API, read by the job worker's own handlers, over toy vectors."""

import hashlib
import json
import math
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from aiohttp import web
from fastapi import FastAPI

from api.jobs import JobName
from api.knowledge.embeddings import Embeddings
from api.knowledge.jobs import KnowledgeJobs
from api.knowledge.retrieval import Retrieval
from api.settings import Settings
from api.storage import FolderStorage
from tests.api.conftest import Learner

V1 = "/api/v1"
DOCUMENTS = f"{V1}/documents"

GUIDE = """# City guide

## Trams

The tram to the castle leaves from Mill Street every twelve minutes. A day ticket costs seven euros.

## Museums

The maritime museum opens at ten and closes on Mondays. Students with a card pay half the price.
"""


@dataclass
class Vectors:
    """An embeddings server: words, by their first letters, as directions; so like words are near."""

    model: str = "toy-1"
    dimension: int = 256
    away: bool = False
    asked: list[list[str]] = field(default_factory=list)

    def client(self) -> Embeddings:
        """A client of it."""
        return Embeddings("http://vectors.test/v1", model="any", transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            return httpx.Response(503)
        texts = json.loads(request.content)["input"]
        self.asked.append(texts)
        data = [{"index": index, "embedding": self._vector(text)} for index, text in enumerate(texts)]
        return httpx.Response(200, json={"model": self.model, "data": data})

    def _vector(self, text: str) -> list[float]:
        vector = [0.0] * self.dimension
        for word in re.findall(r"[a-z]{3,}", text.lower()):
            digest = hashlib.sha256(f"{self.model} {word[:5]}".encode()).digest()
            vector[int.from_bytes(digest[:4]) % self.dimension] += 1.0
        length = math.sqrt(sum(value * value for value in vector)) or 1.0
        return [value / length for value in vector]


@dataclass
class Shelf:
    """Brings documents and has them read."""

    app: FastAPI
    jobs: KnowledgeJobs
    storage: FolderStorage
    vectors: Vectors
    owner: asyncpg.Connection

    async def bring(
        self, person: Learner, content: bytes | str = GUIDE, name: str = "guide.md", **fields: str
    ) -> httpx.Response:
        """Bring a file."""
        data = content.encode() if isinstance(content, str) else content
        return await person.client.post(DOCUMENTS, files={"file": (name, data)}, data=fields)

    async def brought(
        self, person: Learner, content: bytes | str = GUIDE, name: str = "guide.md", **fields: str
    ) -> str:
        """Bring a file that must be taken, and have it read; returns its key."""
        answer = await self.bring(person, content, name, **fields)
        assert answer.status_code == 201, answer.text
        await self.work()
        key: str = answer.json()["id"]
        return key

    async def work(self) -> list[str]:
        """Do what is queued for documents, until nothing is."""
        done: list[str] = []
        while more := await self.work_once():
            done += more
        return done

    async def work_once(self) -> list[str]:
        """Do what is queued for documents now."""
        handlers: dict[str, Callable[..., Any]] = {
            JobName.READ_DOCUMENT: self.jobs.read_document,
            JobName.FORGET_DOCUMENTS: self.jobs.forget,
            JobName.EMBED_ORGANISATION: self.jobs.embed_organisation,
        }
        rows = await self.owner.fetch(
            "DELETE FROM pgqueuer WHERE entrypoint LIKE 'knowledge.%' RETURNING entrypoint, payload"
        )
        for row in rows:
            arguments = json.loads(row["payload"])
            arguments.pop("correlation_id")
            await handlers[row["entrypoint"]](**arguments)
        return [row["entrypoint"] for row in rows]

    async def models(self) -> dict[tuple[str, int], int]:
        """How many passages have vectors of which model and length."""
        rows = await self.owner.fetch(
            "SELECT model, dimension, count(*) AS n FROM document_chunks GROUP BY 1, 2"
        )
        return {(row["model"], row["dimension"]): row["n"] for row in rows}

    async def shown(self, person: Learner, key: str) -> dict[str, Any]:
        """A document as its reader sees it."""
        answer = await person.client.get(f"{DOCUMENTS}/{key}")
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def find(self, person: Learner, question: str, **narrowed: str) -> list[dict[str, Any]]:
        """What a search on the screen finds."""
        answer = await person.client.get(f"{V1}/knowledge/search", params={"q": question, **narrowed})
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


@pytest.fixture
async def reranker() -> AsyncIterator[dict[str, Any]]:
    """A server that speaks the rerankers' protocol and turns every order round."""
    state: dict[str, Any] = {"asked": [], "keys": [], "answer": None}

    async def order(request: web.Request) -> web.Response:
        asked = await request.json()
        state["asked"].append(asked)
        state["keys"] = [request.headers["Authorization"]]
        count = len(asked["documents"])
        turned = [{"index": index, "relevance_score": index / count} for index in range(count)]
        return web.json_response({"results": turned} if state["answer"] is None else state["answer"])

    app = web.Application()
    app.router.add_post("/v1/rerank", order)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    state["url"] = f"http://127.0.0.1:{runner.addresses[0][1]}/v1/rerank"
    yield state
    await runner.cleanup()


@pytest.fixture
def shelf(app: FastAPI, settings: Settings, owner: asyncpg.Connection, tmp_path: Path) -> Shelf:
    """A shelf over the test's own store."""
    vectors, storage = Vectors(), FolderStorage(tmp_path / "objects")
    app.state.storage = storage
    app.state.retrieval = Retrieval(vectors.client(), None)
    jobs = KnowledgeJobs(app.state.database, storage, settings, vectors.client())
    return Shelf(app, jobs, storage, vectors, owner)
