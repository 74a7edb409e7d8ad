"""`avaaz bench retrieval`: the right passage among 20,000, how fast, and whether answers keep to it.

Documents are brought through the API and read by the job worker, as a learner's are. Questions are asked one
after the other, as in a call, and then by two callers at once. Then the guided coach answers them from what
was found, and questions whose answers stand nowhere too.
"""

import asyncio
import json
import os
import re
import secrets
import socket
import sys
import time
from collections.abc import Sequence
from typing import Any, Final

import aiohttp
from rich.table import Table

from infra.bench.figures import Spread
from infra.bench.machine import Report, describe_machine, own_versions
from infra.bench.material import DUPLICATES, Question, hiding, load, long_pdf, markdown
from infra.bench.reporter import Reporter
from infra.bench.vectors import FILE, VectorCache
from infra.stack.embedded import RunningStack, running_stack
from infra.stack.errors import PartFailedError
from infra.stack.settings import PROJECT_ROOT, load_settings

API: Final = "/api/v1"
OTHER_PARTS: Final = ("livekit", "agent", "shipper")
CALLERS: Final = 2
AMONG: Final = 5
ROUNDS: Final = 3
"""Times that each question is asked for the figures of time."""
READ_WITHIN_S: Final = 900.0

COUNTED_AFTER_S: Final = 30.0
"""After this the database has counted what was just brought into it; until then it finds without its indexes,
nine times as slowly."""
_UNLIMITED: Final = "1000000/minute"
_TIMEOUT: Final = aiohttp.ClientTimeout(total=60)
_AT_ONCE: Final = 2

Passages = list[dict[str, Any]]


class RetrievalReport(Report):
    """What `avaaz bench retrieval --json` writes."""

    questions: int
    chunks: int
    near_duplicates: int
    recall_at_5: float
    recall_at_1: float
    p95_ms: float | None
    p50_ms: float | None
    """Of questions that are asked one after the other, as a learner in a call asks."""
    busy_p95_ms: float | None
    qps: float
    callers: int
    """How many ask at once for these two."""
    grounded: float
    """Share of the questions kept apart that the guided coach answers with the right fact."""
    refused_correctly: float
    """Share of the questions without an answer, those kept apart, to which it says nothing."""
    answered_wrongly: float
    """Share of the questions kept apart to which it says something without the right fact."""
    evaluated: int
    missed: list[str]
    """Questions whose passage was not among the first five."""
    read_seconds: float
    """From the first file to the last passage."""
    pdf_200_pages_s: float
    """From the first byte of a PDF of 200 pages to its last passage, nothing else going on."""
    vectors_from_cache: int
    load_average: float


class Asker:
    """A learner with a browser."""

    def __init__(self, base_url: str) -> None:
        self.http = aiohttp.ClientSession(
            base_url=base_url,
            headers={"Origin": base_url},
            timeout=_TIMEOUT,
            cookie_jar=aiohttp.CookieJar(unsafe=True),
        )

    async def enter(self) -> None:
        """Make an account and sign in."""
        email, password = f"reader-{secrets.token_hex(6)}@example.com", f"Read-{secrets.token_hex(8)}-1a"
        account = {"email": email, "password": password, "display_name": "Reader"}
        await self._post("/auth/register", account)
        await self._post("/auth/login", {"email": email, "password": password})

    async def _post(self, path: str, body: dict[str, str]) -> None:
        async with self.http.post(API + path, json=body) as answer:
            answer.raise_for_status()

    async def bring(self, title: str, content: bytes, kind: str = "text/markdown") -> str:
        """Bring a document; return its key."""
        form = aiohttp.FormData()
        form.add_field("title", title)
        form.add_field("file", content, filename="document.md", content_type=kind)
        async with self.http.post(f"{API}/documents", data=form) as answer:
            answer.raise_for_status()
            key: str = (await answer.json())["id"]
            return key

    async def remove(self, key: str) -> None:
        """Remove a document."""
        async with self.http.delete(f"{API}/documents/{key}") as answer:
            answer.raise_for_status()

    async def documents(self) -> list[dict[str, Any]]:
        """All documents."""
        items: list[dict[str, Any]] = []
        cursor = ""
        while True:
            async with self.http.get(f"{API}/documents?limit=100&cursor={cursor}") as answer:
                answer.raise_for_status()
                page = await answer.json()
            items += page["items"]
            cursor = page["next_cursor"] or ""
            if not cursor:
                return items

    async def find(self, question: str) -> Passages:
        """Ask a question."""
        query = {"q": question, "limit": str(AMONG)}
        async with self.http.get(f"{API}/knowledge/search", params=query) as answer:
            answer.raise_for_status()
            found: Passages = (await answer.json())["items"]
            return found


class RetrievalBench:
    """One measurement of retrieval."""

    def __init__(self, chunks: int, reporter: Reporter) -> None:
        self._chunks = chunks
        self._reporter = reporter
        self._material = load()

    async def run(self) -> RetrievalReport:
        """Start database, API, job worker and model server; fill and ask them; stop them.

        Raises:
            StackError: they did not come up, or the documents were not read.
            aiohttp.ClientError: a request was refused.
        """
        models = _free_port()
        cache = VectorCache(load_settings().avaaz_home / FILE, f"http://127.0.0.1:{models}/v1")
        self._reporter.begin("starting database, API and models", 1)
        env = {
            "EMBEDDINGS_URL": f"{await cache.serve()}/v1",
            "UPLOAD_RATE_LIMIT": _UNLIMITED,
            "USER_RATE_LIMIT": _UNLIMITED,
            "LEARNER_DOCUMENTS": "100000",
        }
        try:
            overrides = {"MODELS_PORT": models}
            async with running_stack(None, overrides, env=env, without=OTHER_PARTS) as stack:
                return await self.measure(stack, cache)
        finally:
            await cache.close()

    async def measure(self, stack: RunningStack, cache: VectorCache) -> RetrievalReport:
        """Fill a running stack and ask it."""
        asker = Asker(stack.api_url)
        machine = describe_machine()
        try:
            await asker.enter()
            read_seconds, chunks = await self._fill(asker)
            pdf_seconds = await self._read_pdf(asker)
            await asyncio.sleep(COUNTED_AFTER_S)
            await self._ask_all(asker, self._material.questions[:20])
            self._reporter.begin("asking, one after the other", ROUNDS * len(self._material.questions))
            found, alone, _ = await self._timed(asker, 1)
            self._reporter.begin(f"asking, {CALLERS} at once", ROUNDS * len(self._material.questions))
            _, busy, wall = await self._timed(asker, CALLERS)
            absent = await self._ask_all(asker, self._material.absent)
        finally:
            await asker.http.close()
        ranks = [_rank(question, passages) for question, passages in found]
        return RetrievalReport(
            machine=machine,
            versions=own_versions(),
            questions=len(found),
            chunks=chunks,
            near_duplicates=DUPLICATES * len(found),
            recall_at_5=_share([rank is not None for rank in ranks]),
            recall_at_1=_share([rank == 0 for rank in ranks]),
            p95_ms=alone.p95,
            p50_ms=alone.p50,
            busy_p95_ms=busy.p95,
            qps=round(busy.n / wall, 1),
            callers=CALLERS,
            **await self._answers(found, absent),
            missed=[q.text for (q, _), rank in zip(found, ranks, strict=True) if rank is None],
            read_seconds=read_seconds,
            pdf_200_pages_s=pdf_seconds,
            vectors_from_cache=cache.hits,
            load_average=round(os.getloadavg()[0], 2),
        )

    async def _fill(self, asker: Asker) -> tuple[float, int]:
        written = [(title, sections) for title, sections in self._material.documents.items()]
        written += hiding(self._material, self._chunks - sum(len(one) for _, one in written))
        self._reporter.begin("bringing documents", len(written))
        began, gate = time.perf_counter(), asyncio.Semaphore(_AT_ONCE)

        async def bring(title: str, text: str) -> None:
            async with gate:
                await asker.bring(title, text.encode())
                self._reporter.step()

        await asyncio.gather(*(bring(title, markdown(title, sections)) for title, sections in written))
        self._reporter.begin("reading them", len(written))
        documents = await self._read(asker, began)
        seconds = round(time.perf_counter() - began, 1)
        return seconds, sum(one["chunk_count"] for one in documents)

    async def _read_pdf(self, asker: Asker) -> float:
        """Bring a PDF and wait for it; it is taken away again."""
        self._reporter.begin("reading a PDF of 200 pages", 1)
        content = await asyncio.to_thread(long_pdf, self._material)
        began = time.perf_counter()
        key = await asker.bring("Long", content, "application/pdf")
        await self._read(asker, began)
        seconds = round(time.perf_counter() - began, 1)
        await asker.remove(key)
        return seconds

    async def _read(self, asker: Asker, began: float) -> list[dict[str, Any]]:
        """Wait until all documents are read."""
        done = 0
        while time.perf_counter() - began < READ_WITHIN_S:
            documents = await asker.documents()
            failed = [one["title"] for one in documents if one["state"] == "failed"]
            if failed:
                raise PartFailedError(f"A document was not read: {failed[0]}")
            ready = sum(one["state"] == "ready" for one in documents)
            for _ in range(ready - done):
                self._reporter.step()
            done = ready
            if done == len(documents):
                return documents
            await asyncio.sleep(1)
        raise PartFailedError(f"The documents were not read within {READ_WITHIN_S:.0f} s.")

    async def _timed(
        self, asker: Asker, callers: int
    ) -> tuple[list[tuple[Question, Passages]], Spread, float]:
        """Ask everything some times over: what was found, how long each took, and all together in seconds."""
        durations: list[float] = []
        began = time.perf_counter()
        for _ in range(ROUNDS):
            found = await self._ask_all(asker, self._material.questions, durations, callers)
        wall = time.perf_counter() - began
        return found, Spread.of(duration * 1000 for duration in durations), wall

    async def _ask_all(
        self,
        asker: Asker,
        questions: Sequence[Question],
        durations: list[float] | None = None,
        callers: int = CALLERS,
    ) -> list[tuple[Question, Passages]]:
        """Ask by some callers, each its next question when it has the answer."""
        found: dict[int, Passages] = {}
        waiting = iter(range(len(questions)))

        async def caller() -> None:
            for index in waiting:
                began = time.perf_counter()
                found[index] = await asker.find(questions[index].text)
                if durations is not None:
                    durations.append(time.perf_counter() - began)
                    self._reporter.step()

        await asyncio.gather(*(caller() for _ in range(callers)))
        return [(question, found[index]) for index, question in enumerate(questions)]

    async def _answers(
        self, found: list[tuple[Question, Passages]], absent: list[tuple[Question, Passages]]
    ) -> dict[str, Any]:
        """The guided coach's answers, over the questions that no threshold was set on."""
        kept_apart = [*found[1::2], *absent[1::2]]
        answers = await _guided([(question.text, passages) for question, passages in kept_apart])
        right, wrong, refused = [], [], []
        for (question, _), answer in zip(kept_apart, answers, strict=True):
            if question.facts:
                right.append(_holds(answer, question))
                wrong.append(bool(answer) and not _holds(answer, question))
            else:
                refused.append(not answer)
        return {
            "grounded": _share(right),
            "answered_wrongly": _share(wrong),
            "refused_correctly": _share(refused),
            "evaluated": len(kept_apart),
        }


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _rank(question: Question, passages: Passages) -> int | None:
    texts = [" ".join(one["text"].split()) for one in passages]
    return texts.index(question.section) if question.section in texts else None


def _holds(answer: str, question: Question) -> bool:
    said = answer.lower()
    return any(re.search(rf"\b{re.escape(fact)}", said) for fact in question.facts)


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


async def _guided(asked: list[tuple[str, Passages]]) -> list[str]:
    """What the guided coach says to each question, given its passages; empty where it says nothing."""
    lines = [
        json.dumps(
            {
                "question": question,
                "passages": [
                    {"text": one["text"], "source": one["source"], "score": one["score"]} for one in passages
                ],
            }
        )
        for question, passages in asked
    ]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "agent.grounding",
        cwd=PROJECT_ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, said = await process.communicate("\n".join(lines).encode())
    if process.returncode:
        raise PartFailedError("The guided coach did not answer:\n" + said.decode()[-2000:])
    return [json.loads(line)["answer"] for line in out.decode().splitlines()]


def retrieval_table(report: RetrievalReport) -> Table:
    """The figures for a terminal."""
    shown = Table(title=f"avaaz bench retrieval, {report.questions} questions, {report.chunks:,} chunks")
    shown.add_column("figure")
    shown.add_column("value", justify="right")
    rows = {
        "recall@5": f"{report.recall_at_5:.3f}",
        "recall@1": f"{report.recall_at_1:.3f}",
        "p50, p95 ms": f"{report.p50_ms}, {report.p95_ms}",
        f"p95 ms, {report.callers} callers": f"{report.busy_p95_ms}",
        f"questions a second, {report.callers} callers": f"{report.qps}",
        "grounded answers": f"{report.grounded:.3f}",
        "wrong answers": f"{report.answered_wrongly:.3f}",
        "refused correctly": f"{report.refused_correctly:.3f}",
        "reading all, s": f"{report.read_seconds}",
        "reading a PDF of 200 pages, s": f"{report.pdf_200_pages_s}",
        "load average": f"{report.load_average}",
    }
    for name, value in rows.items():
        shown.add_row(name, value)
    return shown
