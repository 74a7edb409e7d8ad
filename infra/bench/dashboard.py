"""`avaaz bench dashboard`: instructors at work over a school of 200 learners and 600,000 turns.

Each goes through the requests that the review screens make, in the order in which a person makes them, and
thinks between two clicks. The requests of one click go out together, as a browser's do. The load runs in this
process, on the same cores as what it measures.
"""

import asyncio
import os
import random
import sys
import time
from collections.abc import Sequence
from typing import Any, Final

import aiohttp
from rich.table import Table

from infra.bench.load import OTHER_PARTS, THINKING_S, RouteFigures, Tally, cells, without_children
from infra.bench.machine import CpuMeter, Report, describe_machine, own_versions
from infra.bench.reporter import Reporter
from infra.bench.statements import Buckets, read_statements
from infra.stack.embedded import RunningStack, running_stack
from infra.stack.errors import PartFailedError
from infra.stack.settings import PROJECT_ROOT

API: Final = "/api/v1"
PASSWORD: Final = "Teach-well-1"  # noqa: S105 - of made-up people
"""Of every instructor of the seeded school, which exists in the embedded stack only."""
SEARCHES: Final = ("ma", "sa", "learner-01", "nov", "zz")
ORDERS: Final = ("activity", "name", "minutes", "calls", "trend", "flags")
COMMENTS: Final = 0.15
"""How many of the calls that are opened are commented on."""
ARRIVING_S: Final = 25.0
"""Within which everybody has begun."""
_UNLIMITED: Final = "1000000/minute"
_TIMEOUT: Final = aiohttp.ClientTimeout(total=30)
_CONNECTIONS: Final = 6
"""A browser's to one origin."""
_SIGN_INS_AT_ONCE: Final = 2


class DashboardReport(Report):
    """What `avaaz bench dashboard --json` writes."""

    instructors: int
    seconds: float
    learners: int
    calls: int
    turns: int
    seed_seconds: float
    p95_ms: float | None
    p50_ms: float | None
    rps: float
    errors: int
    error_kinds: dict[str, int]
    statement_p99_ms: float | None
    """By the API's own timer, over every statement of the measured time."""
    statement_p50_ms: float | None
    statements: int
    routes: dict[str, RouteFigures]
    cpu_cores: dict[str, float]
    """Cores in use during the load; `load` is this process."""
    load_average: float
    """Of the machine at the end, everything that ran on it included."""


class Instructor:
    """One signed-in instructor with a browser's connections."""

    def __init__(self, base_url: str, number: int, tally: Tally) -> None:
        self._email = f"instructor-{number + 1:03d}@school.example.com"
        self._tally = tally
        self._chance = random.Random(number)
        self._http = aiohttp.ClientSession(
            base_url=base_url,
            connector=aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=60),
            headers={"Origin": base_url},
            timeout=_TIMEOUT,
            cookie_jar=aiohttp.CookieJar(unsafe=True),
        )

    async def sign_in(self) -> None:
        """Get the cookie.

        Raises:
            aiohttp.ClientError: it was refused.
        """
        body = {"email": self._email, "password": PASSWORD}
        async with self._http.post(f"{API}/auth/login", json=body) as answer:
            answer.raise_for_status()

    async def work(self) -> None:
        """Look after learners until cancelled; nobody begins at the same time as all others."""
        await asyncio.sleep(self._chance.uniform(0, ARRIVING_S))
        while True:
            await self._click("/users/me")
            learners = await self._list()
            for learner in self._some(learners, 3):
                await self._look_at(learner["id"])
            await self._look_at_program()

    async def _list(self) -> list[dict[str, Any]]:
        """The list of learners, in another order, and once searched."""
        order = self._chance.choice(ORDERS)
        search = self._chance.choice(SEARCHES)
        await asyncio.gather(self._click("/review/learners?sort=activity"), self._click("/programs"))
        await self._think()
        page = await self._click(f"/review/learners?sort={order}")
        await self._think()
        found = await self._click(f"/review/learners?search={search}")
        await self._think()
        return [*found.get("items", []), *page.get("items", [])]

    async def _look_at(self, learner_id: str) -> None:
        """A learner's page, and calls that look worth reading."""
        answers = await asyncio.gather(
            self._ask("GET", "/review/learners/{learner}", learner=learner_id),
            self._ask("GET", "/review/learners/{learner}/calls", learner=learner_id),
            self._ask("GET", "/analytics/learners/{learner}?time_zone=Europe/Madrid", learner=learner_id),
            self._ask("GET", "/review/learners/{learner}/assignments", learner=learner_id),
        )
        await self._think()
        for call in self._some(answers[1].get("items", []), 2):
            await self._read(call["call"]["id"])

    async def _read(self, call_id: str) -> None:
        """A call's page with its first turns, and now and then a comment."""
        answers = await asyncio.gather(
            self._ask("GET", "/review/calls/{call}", call=call_id),
            self._ask("GET", "/review/calls/{call}/turns?limit=200", call=call_id),
            self._ask("GET", "/calls/{call}/recording", call=call_id),
        )
        await self._think()
        turns = answers[1].get("items", [])
        if turns and self._chance.random() < COMMENTS:
            turn = self._chance.choice(turns)["id"]
            body = {"turn_id": turn, "text": "Well said. Try it once more with the past tense."}
            await self._ask("POST", "/review/calls/{call}/comments", body, call=call_id)
            await self._think()

    async def _look_at_program(self) -> None:
        programs = (await self._click("/programs")).get("items", [])
        for program in self._some(programs, 1):
            await self._ask("GET", "/analytics/programs/{program}?weeks=12", program=program["id"])
            await self._think()

    def _some(self, items: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
        return self._chance.sample(items, min(most, len(items)))

    async def _think(self) -> None:
        await asyncio.sleep(self._chance.uniform(*THINKING_S))

    async def _click(self, path: str) -> dict[str, Any]:
        return await self._ask("GET", path)

    async def _ask(
        self, method: str, route: str, body: dict[str, str] | None = None, **keys: str
    ) -> dict[str, Any]:
        """One request, counted when its answer is read; an answer that is an error is empty."""
        found: dict[str, Any] = {}
        began, kind = time.perf_counter(), ""
        try:
            async with self._http.request(method, API + route.format(**keys), json=body) as answer:
                await answer.read()
                kind = str(answer.status) if answer.status >= 400 else ""
                found = {} if kind else await answer.json()
        except (aiohttp.ClientError, TimeoutError) as error:
            kind = type(error).__name__
        self._tally.count(f"{method} {route.partition('?')[0]}", time.perf_counter() - began, kind)
        return found

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.close()


class DashboardBench:
    """One measurement of the review screens' answers."""

    def __init__(self, instructors: int, seconds: float, size: dict[str, int], reporter: Reporter) -> None:
        self._instructors = instructors
        self._seconds = seconds
        self._size = size
        self._reporter = reporter

    async def run(self) -> DashboardReport:
        """Start Postgres, API and job worker, seed the school, load them, stop them.

        Raises:
            StackError: they did not come up, or the school could not be made.
            aiohttp.ClientError: an instructor could not sign in.
        """
        self._reporter.begin("starting database and API", 1)
        async with running_stack(env={"AUTH_RATE_LIMIT": _UNLIMITED}, without=OTHER_PARTS) as stack:
            return await self.measure(stack, await self._seed(stack))

    async def measure(self, stack: RunningStack, seed_seconds: float) -> DashboardReport:
        """Load a stack that has the school.

        Args:
            stack: With an unlimited rate of sign-ins.
            seed_seconds: How long the school took.

        Raises:
            aiohttp.ClientError: an instructor could not sign in.
        """
        machine, tally = describe_machine(), Tally()
        people = [Instructor(stack.api_url, number, tally) for number in range(self._instructors)]
        try:
            await self._sign_in(people)
            wall, statements, cores = await self._load(stack, people, tally)
        finally:
            await asyncio.gather(*(person.close() for person in people))
        whole = tally.whole()
        return DashboardReport(
            machine=machine,
            versions=own_versions(),
            instructors=self._instructors,
            seconds=round(wall, 1),
            **self._size,
            seed_seconds=seed_seconds,
            p95_ms=whole.p95,
            p50_ms=whole.p50,
            rps=round(whole.n / wall, 1),
            errors=sum(tally.errors.values()),
            error_kinds=dict(tally.kinds),
            statement_p99_ms=statements.quantile_ms(0.99),
            statement_p50_ms=statements.quantile_ms(0.5),
            statements=statements.n,
            routes=tally.routes(),
            cpu_cores=cores,
            load_average=round(os.getloadavg()[0], 2),
        )

    async def _seed(self, stack: RunningStack) -> float:
        self._reporter.begin("making the school", 1)
        began = time.perf_counter()
        words = [word for name, count in self._size.items() for word in (f"--{name}", str(count))]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "api.school.seed",
            *words,
            env={**os.environ, **stack.env},
            cwd=PROJECT_ROOT,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await process.communicate()
        if process.returncode:
            raise PartFailedError("The school could not be made:\n" + said.decode()[-2000:])
        self._reporter.step()
        return round(time.perf_counter() - began, 1)

    async def _sign_in(self, people: Sequence[Instructor]) -> None:
        self._reporter.begin("signing in", len(people))
        gate = asyncio.Semaphore(_SIGN_INS_AT_ONCE)

        async def one(person: Instructor) -> None:
            async with gate:
                await person.sign_in()
                self._reporter.step()

        await asyncio.gather(*(one(person) for person in people))

    async def _load(
        self, stack: RunningStack, people: Sequence[Instructor], tally: Tally
    ) -> tuple[float, Buckets, dict[str, float]]:
        tasks = [asyncio.create_task(person.work()) for person in people]
        try:
            self._reporter.begin("warming up", 1)
            await asyncio.sleep(ARRIVING_S + THINKING_S[1])
            names = ("postgres", "api", "worker")
            pids = {name: pid for name in names if (pid := stack.part(name).pid)}
            meter = CpuMeter({**pids, "load": os.getpid()})
            before = await read_statements(stack.api_url)
            self._reporter.begin("measuring", round(self._seconds))
            tally.measuring, began = True, time.perf_counter()
            while (left := began + self._seconds - time.perf_counter()) > 0:
                await asyncio.sleep(min(1.0, left))
                self._reporter.step()
            tally.measuring, wall = False, time.perf_counter() - began
            after = await read_statements(stack.api_url)
            return wall, after.since(before), without_children(meter.cores(), pids)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def dashboard_table(report: DashboardReport) -> Table:
    """The figures for a terminal."""
    shown = Table(
        title=f"avaaz bench dashboard, {report.instructors} instructors, {report.learners:,} learners, "
        f"{report.turns:,} turns, {report.rps:.0f} requests a second"
    )
    for heading in ("route", "p50 ms", "p95 ms", "n", "errors"):
        shown.add_column(heading, justify="left" if heading == "route" else "right")
    answers = round(report.rps * report.seconds)
    shown.add_row("all", *cells(report.p50_ms, report.p95_ms, answers, report.errors))
    for name, route in report.routes.items():
        shown.add_row(name, *cells(route.p50_ms, route.p95_ms, route.n, route.errors))
    statements = f"{report.statement_p50_ms} at p50, {report.statement_p99_ms} at p99"
    shown.add_row(f"statements, ms: {statements}", "", "", str(report.statements), "")
    cores = ", ".join(f"{name} {used:.2f}" for name, used in report.cpu_cores.items())
    shown.add_row(f"cores: {cores}; load average {report.load_average}", "", "", "", "")
    return shown
