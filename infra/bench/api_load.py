"""`avaaz bench api`: many signed-in people at once, each reading, thinking a few seconds, and reading on.

The load runs in this process, on the same cores as what it measures, so it is kept light: one event loop, one
kept connection a person, answers read and thrown away.
"""

import asyncio
import os
import random
import secrets
import time
from collections.abc import Sequence
from typing import Any, Final

import aiohttp
from rich.table import Table

from infra.bench.figures import Spread
from infra.bench.load import OTHER_PARTS, THINKING_S, RouteFigures, Tally, cells, without_children
from infra.bench.machine import CpuMeter, Report, describe_machine, own_versions
from infra.bench.reporter import Reporter
from infra.stack.embedded import RunningStack, running_stack

SIGN_INS_A_SECOND: Final = 8.0
PASSWORD: Final = "Bench-" + secrets.token_urlsafe(9) + "-1a"
_UNLIMITED: Final = "1000000/minute"
_TIMEOUT: Final = aiohttp.ClientTimeout(total=30)
_AT_ONCE: Final = 4
"""Sign-ups at once while the people are made."""

ROUTES: Final = (
    ("GET", "/api/v1/users/me", 4),
    ("GET", "/api/v1/sessions/default", 4),
    ("GET", "/api/v1/sessions/{session}/calls?limit=20", 4),
    ("GET", "/api/v1/users/me/preferences", 2),
    ("GET", "/api/v1/config", 2),
    ("PATCH", "/api/v1/users/me/preferences", 1),
    ("POST", "/api/v1/sessions/default/token", 1),
)
"""Method, route and weight: what the web application asks while people look around."""


class ApiReport(Report):
    """What `avaaz bench api --json` writes."""

    users: int
    seconds: float
    p95_ms: float | None
    p50_ms: float | None
    rps: float
    errors: int
    error_kinds: dict[str, int]
    routes: dict[str, RouteFigures]
    sign_in_ms: Spread
    """Sign-ins at eight a second, nothing else going on."""
    sign_in_errors: int
    """Sign-ins that were refused or not answered; those people try again before the load."""
    cpu_cores: dict[str, float]
    """Cores in use during the load; `load` is this process."""


class _Person:
    """One signed-in learner with a connection of their own."""

    def __init__(self, base_url: str) -> None:
        self.email = f"load-{secrets.token_hex(8)}@example.com"
        self._base = base_url
        self._session_id = ""
        self._http = aiohttp.ClientSession(
            base_url=base_url,
            connector=aiohttp.TCPConnector(limit=1, keepalive_timeout=60),
            headers={"Origin": base_url},
            timeout=_TIMEOUT,
            cookie_jar=aiohttp.CookieJar(unsafe=True),
        )

    async def sign_up(self) -> None:
        """Make the account."""
        body = {"email": self.email, "password": PASSWORD, "display_name": "Load"}
        await self._expect("POST", "/api/v1/auth/register", body)

    async def sign_in(self) -> None:
        """Get the cookie."""
        await self._expect("POST", "/api/v1/auth/login", {"email": self.email, "password": PASSWORD})

    async def open(self) -> None:
        """What the first page asks for."""
        self._session_id = (await self._expect("GET", "/api/v1/sessions/default"))["id"]

    async def act(self, method: str, route: str, tally: Tally) -> None:
        """One request, counted when its answer came."""
        began = time.perf_counter()
        body = {"POST": {}, "PATCH": {"patience": random.choice(("quick", "balanced"))}}.get(method)
        kind = ""
        try:
            path = route.replace("{session}", self._session_id)
            async with self._http.request(method, path, json=body) as answer:
                await answer.read()
                kind = str(answer.status) if answer.status >= 400 else ""
        except (aiohttp.ClientError, TimeoutError) as error:
            kind = type(error).__name__
        tally.count(f"{method} {route.partition('?')[0]}", time.perf_counter() - began, kind)

    async def _expect(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        async with self._http.request(method, path, json=body) as answer:
            answer.raise_for_status()
            return await answer.json() if answer.content_type == "application/json" else {}

    async def close(self) -> None:
        """Give the connection back."""
        await self._http.close()


class ApiBench:
    """One measurement of the API under load."""

    def __init__(self, users: int, seconds: float, reporter: Reporter) -> None:
        self._users = users
        self._seconds = seconds
        self._reporter = reporter

    async def run(self) -> ApiReport:
        """Start Postgres, API and job worker, load them, stop them.

        Raises:
            StackError: they did not come up.
            aiohttp.ClientError: an account could not be made.
        """
        machine = describe_machine()
        overrides = {"AUTH_RATE_LIMIT": _UNLIMITED, "MAX_CALLS": "100000"}
        self._reporter.begin("starting database and API", 1)
        async with running_stack(env=overrides, without=OTHER_PARTS) as stack:
            people = [_Person(stack.api_url) for _ in range(self._users)]
            try:
                await self._make(people)
                sign_ins, sign_in_errors = await self._sign_in(people)
                tally, wall, cores = await self._load(stack, people)
            finally:
                await asyncio.gather(*(person.close() for person in people))
        whole = tally.whole()
        return ApiReport(
            machine=machine,
            versions=own_versions(),
            users=self._users,
            seconds=round(wall, 1),
            p95_ms=whole.p95,
            p50_ms=whole.p50,
            rps=round(whole.n / wall, 1),
            errors=sum(tally.errors.values()),
            error_kinds=dict(tally.kinds),
            routes=tally.routes(),
            sign_in_ms=sign_ins,
            sign_in_errors=sign_in_errors,
            cpu_cores=cores,
        )

    async def _make(self, people: Sequence[_Person]) -> None:
        self._reporter.begin("making accounts", len(people))
        gate = asyncio.Semaphore(_AT_ONCE)

        async def make(person: _Person) -> None:
            async with gate:
                await person.sign_up()
                self._reporter.step()

        await asyncio.gather(*(make(person) for person in people))

    async def _sign_in(self, people: Sequence[_Person]) -> tuple[Spread, int]:
        """All people sign in at a steady pace; an answer that is late does not hold the next one back.

        Returns:
            Milliseconds of all that were answered at once, and how many were not.
        """
        self._reporter.begin("signing in", len(people))
        began = time.perf_counter()
        late: list[_Person] = []

        async def one(number: int, person: _Person) -> float | None:
            await asyncio.sleep(max(0.0, began + number / SIGN_INS_A_SECOND - time.perf_counter()))
            asked = time.perf_counter()
            try:
                await person.sign_in()
                took = time.perf_counter() - asked
                await person.open()
            except (aiohttp.ClientError, TimeoutError):
                late.append(person)
                return None
            self._reporter.step()
            return took

        durations = await asyncio.gather(*(one(*pair) for pair in enumerate(people)))
        for person in late:
            await person.sign_in()
            await person.open()
            self._reporter.step()
        return Spread.of(took * 1000 for took in durations if took is not None), len(late)

    async def _load(
        self, stack: RunningStack, people: Sequence[_Person]
    ) -> tuple[Tally, float, dict[str, float]]:
        tally = Tally()
        tasks = [asyncio.create_task(_look_around(person, tally)) for person in people]
        try:
            self._reporter.begin("warming up", 1)
            await asyncio.sleep(THINKING_S[1] + 3.0)
            names = ("postgres", "api", "worker")
            pids = {name: pid for name in names if (pid := stack.part(name).pid)}
            meter = CpuMeter({**pids, "load": os.getpid()})
            self._reporter.begin("measuring", round(self._seconds))
            tally.measuring, began = True, time.perf_counter()
            while (left := began + self._seconds - time.perf_counter()) > 0:
                await asyncio.sleep(min(1.0, left))
                self._reporter.step()
            tally.measuring = False
            return tally, time.perf_counter() - began, without_children(meter.cores(), pids)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _look_around(person: _Person, tally: Tally) -> None:
    steps = random.Random(secrets.randbits(32))
    weights = [weight for _, _, weight in ROUTES]
    await asyncio.sleep(steps.uniform(0, THINKING_S[1]))
    while True:
        method, route, _ = steps.choices(ROUTES, weights)[0]
        await person.act(method, route, tally)
        await asyncio.sleep(steps.uniform(*THINKING_S))


def api_table(report: ApiReport) -> Table:
    """The figures for a terminal."""
    shown = Table(title=f"avaaz bench api, {report.users} people, {report.rps:.0f} requests a second")
    for heading in ("route", "p50 ms", "p95 ms", "n", "errors"):
        shown.add_column(heading, justify="left" if heading == "route" else "right")
    shown.add_row(
        "all", *cells(report.p50_ms, report.p95_ms, round(report.rps * report.seconds), report.errors)
    )
    for name, route in report.routes.items():
        shown.add_row(name, *cells(route.p50_ms, route.p95_ms, route.n, route.errors))
    sign_in = report.sign_in_ms
    shown.add_row("sign-in, 8 a second", *cells(sign_in.p50, sign_in.p95, sign_in.n, report.sign_in_errors))
    cores = ", ".join(f"{name} {used:.2f}" for name, used in report.cpu_cores.items())
    shown.add_row(f"cores: {cores}", "", "", "", "")
    return shown
