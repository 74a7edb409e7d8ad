"""Boundaries of mock exams in a real room, as the learner's screen is told of them.

A learner sits exams on a stack whose settings shorten them, keeps silent, and in each reloads once and loses
the worker once. When a boundary was carried out is when the screen was told of the new phase, by this
machine's clock; where it belongs says the API's record, by the same clock.
"""

import asyncio
import os
import signal
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import psutil

from infra.bench.account import Account
from infra.bench.reporter import Reporter
from infra.bench.room_client import RoomClient, RoomClientError
from infra.stack.embedded import RunningStack
from infra.stack.plan import SECOND_AGENT

SCALE: Final = 0.12
"""An exam of thirteen minutes takes a minute and a half."""
FEWEST_PHASES: Final = 11
"""Of our templates."""
RELOAD_IN: Final = 3
KILL_IN: Final = 7
"""Phases in which something happens, by their index."""
AWAY_S: Final = 3.0
LOOK_S: Final = 0.02
MOVES_WITHIN_S: Final = 90.0
SETTLED_S: Final = 0.5
"""Before and after somebody is away, what is told may be under way."""
OVER: Final = 1_000
"""Above every phase."""
WORKERS: Final = ("agent", SECOND_AGENT)


@dataclass
class RoomFigures:
    """What the exams in rooms gave together."""

    errors_s: list[float] = field(default_factory=list)
    unattended: int = 0
    """Boundaries at which no examiner or no learner was there."""
    kills: int = 0
    reconnects: int = 0


@dataclass
class Watch:
    """What a learner's screens were told of one attempt, over all their connections, and when."""

    views: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    gaps: list[tuple[float, float]] = field(default_factory=list)
    """From somebody's leaving to the first word after it."""

    @property
    def phase(self) -> int:
        """The phase that was told last; above all phases once it is over."""
        return _phase(self.views[-1][1]) if self.views else -1

    def entered(self, phase: int) -> float | None:
        """When a screen was first told that a phase had begun."""
        return next((at for at, view in self.views if _phase(view) >= phase), None)

    def attended(self, moment: float) -> bool:
        """Whether everybody was there at a moment."""
        return not any(began <= moment <= ended for began, ended in self.gaps)


def _phase(view: dict[str, Any]) -> int:
    if view["state"] in {"finished", "stopped"}:
        return OVER
    return -1 if view["phase_index"] is None else int(view["phase_index"])


class RoomExams:
    """Exams sat in the rooms of one stack, one after the other."""

    def __init__(self, stack: RunningStack, reporter: Reporter) -> None:
        self._stack = stack
        self._reporter = reporter
        self.figures = RoomFigures()

    async def sit(self, key: str) -> None:
        """One exam from beginning to end, with a reload in its first half and a killed worker in its second.

        Raises:
            ApiRefusedError: The exam cannot be begun.
            RoomClientError: The examiner did not come, or not back.
        """
        async with Account(self._stack.api_url) as account:
            await account.sign_up()
            attempt = await account.begin_exam(key)
            watch = Watch()
            self._reporter.begin(f"sitting {key}", FEWEST_PHASES)
            client = await self._enter(account, watch)
            try:
                await self._reach(watch, RELOAD_IN)
                client = await self._reload(account, client, watch)
                await self._reach(watch, KILL_IN)
                await self._kill(watch)
                await self._reach(watch, OVER)
            finally:
                await client.leave()
            self._measure(watch, await account.exam_attempt(attempt["id"]))

    async def _enter(self, account: Account, watch: Watch) -> RoomClient:
        client = RoomClient(account)
        client.received.exam_views = watch.views
        await client.join()
        return client

    async def _reach(self, watch: Watch, phase: int) -> None:
        """Wait until the screen is told of a phase."""
        shown, since = watch.phase, time.monotonic()
        while watch.phase < phase:
            await asyncio.sleep(LOOK_S)
            if watch.phase != shown:
                shown, since = watch.phase, time.monotonic()
                self._reporter.step()
            if time.monotonic() - since > MOVES_WITHIN_S:
                raise RoomClientError(f"the exam stands still in phase {shown}")

    async def _reload(self, account: Account, client: RoomClient, watch: Watch) -> RoomClient:
        left = time.time()
        await client.leave()
        await asyncio.sleep(AWAY_S)
        again = await self._enter(account, watch)
        await self._told_after(watch, left)
        self.figures.reconnects += 1
        return again

    async def _kill(self, watch: Watch) -> None:
        """Kill the worker that holds the call, with all its processes; another takes the call over."""
        name = holder(self._stack)
        pid = self._stack.part(name).pid
        killed = time.time()
        if pid is not None:
            os.killpg(pid, signal.SIGKILL)
        await self._told_after(watch, killed)
        await self._stack.wait_ready(name, not_pid=pid)
        self.figures.kills += 1

    async def _told_after(self, watch: Watch, moment: float) -> None:
        """Wait for the first word after a moment; until then nobody was led."""
        before, end = len(watch.views), time.monotonic() + MOVES_WITHIN_S
        while len(watch.views) == before or watch.views[-1][1]["paused"]:
            await asyncio.sleep(LOOK_S)
            if time.monotonic() > end:
                raise RoomClientError("the examiner did not come back")
        watch.gaps.append((moment - SETTLED_S, watch.views[-1][0] + SETTLED_S))

    def _measure(self, watch: Watch, attempt: dict[str, Any]) -> None:
        moments = [_seconds(phase["began_at"]) for phase in attempt["phases"]]
        moments.append(_seconds(attempt["phases"][-1]["ended_at"]))
        for phase, belongs in enumerate(moments[1:], start=1):
            told = watch.entered(phase if phase < len(moments) - 1 else OVER)
            if told is None or not watch.attended(belongs):
                self.figures.unattended += 1
            else:
                self.figures.errors_s.append(abs(told - belongs))


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def holder(stack: RunningStack) -> str:
    """The part whose worker holds the one call that there is: one of its processes writes the call's record.

    Raises:
        RoomClientError: No worker does.
    """
    folder = str(stack.home / "outbox")
    for name in WORKERS:
        pid = stack.part(name).pid
        processes = psutil.Process(pid).children(recursive=True) if pid else []
        if any(file.path.startswith(folder) for process in processes for file in process.open_files()):
            return name
    raise RoomClientError("no worker holds the call")
