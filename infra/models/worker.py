"""One thread for one native model: jobs by priority, later ones may interrupt earlier, less urgent ones."""

import asyncio
import heapq
import itertools
import threading
from collections.abc import Callable
from enum import IntEnum
from typing import Any, Generic, TypeVar

import onnxruntime as ort

T = TypeVar("T")
_MAX_RETRIES = 3


class Priority(IntEnum):
    """Order of work; a lower number goes first."""

    FINAL = 0
    SPECULATIVE = 1
    PARTIAL = 2
    FILE = 3


class Interrupted(Exception):  # noqa: N818 - nothing failed: the work was given up for something more urgent
    """Work was given up because it was cancelled or something more urgent came."""


class Abort:
    """Handle by which running inference is stopped from another thread."""

    def __init__(self) -> None:
        self.options = ort.RunOptions()
        self.raised = False

    def set(self) -> None:
        """Stop the run that carries `options`, now or at its next operator."""
        self.raised = True
        self.options.terminate = True


class Job(Generic[T]):
    """A unit of work: `future` gives its result on the event loop that submitted it."""

    def __init__(
        self, work: Callable[[Abort], T], priority: Priority, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.work = work
        self.priority = priority
        self.loop = loop
        self.future: asyncio.Future[T] = loop.create_future()
        self.future.add_done_callback(lambda f: f.cancelled() or f.exception())
        self.abort = Abort()
        self.running = False
        self.cancelled = False
        self.retries = 0

    def yields_to(self, other: "Job[Any]") -> bool:
        """Whether this running job is to be interrupted for another."""
        if other.priority >= self.priority or self.priority < Priority.PARTIAL:
            return False
        return self.priority == Priority.PARTIAL or self.retries < _MAX_RETRIES

    def cancel(self) -> None:
        """Give the job up, whether it waits or runs; its future raises `Interrupted`."""
        self.cancelled = True
        self.abort.set()
        if not self.future.done():
            self.future.set_exception(Interrupted())

    def settle(self, result: T | None, error: BaseException | None) -> None:
        """Hand the outcome to the event loop; a closed loop no longer wants it."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._settle, result, error)

    def _settle(self, result: Any, error: BaseException | None) -> None:
        if self.future.done():
            return
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class Worker:
    """Runs jobs one after another in its own thread, the most urgent first.

    A running job of priority PARTIAL is given up and one of FILE put back when something more urgent is
    submitted; a FILE job put back three times is then left to finish, so that uploads do not starve.
    """

    def __init__(self, name: str) -> None:
        self._queue: list[tuple[int, int, Job[Any]]] = []
        self._count = itertools.count()
        self._ready = threading.Condition()
        self._current: Job[Any] | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Jobs that wait."""
        with self._ready:
            return len({id(job) for _, _, job in self._queue if not job.cancelled and not job.running})

    @property
    def busy(self) -> bool:
        """Whether something runs or waits."""
        with self._ready:
            return self._current is not None or bool(self._queue)

    def submit(self, work: Callable[[Abort], T], priority: Priority) -> Job[T]:
        """Queue `work`; call on the event loop that will await the job's future."""
        job = Job(work, priority, asyncio.get_running_loop())
        self._push(job)
        return job

    def promote(self, job: Job[Any], priority: Priority) -> None:
        """Make a job more urgent; one that already runs is then no longer interrupted."""
        if priority < job.priority and not job.future.done():
            job.priority = priority
            if not job.running:
                self._push(job)

    def close(self) -> None:
        """End the thread after its current job."""
        with self._ready:
            self._closed = True
            if self._current is not None:
                self._current.abort.set()
            self._ready.notify()
        self._thread.join(timeout=5)

    def _push(self, job: Job[Any]) -> None:
        with self._ready:
            heapq.heappush(self._queue, (job.priority, next(self._count), job))
            if self._current is not None and self._current.yields_to(job):
                self._current.abort.set()
            self._ready.notify()

    def _next(self) -> Job[Any] | None:
        with self._ready:
            while not self._closed:
                while self._queue:
                    job = heapq.heappop(self._queue)[2]
                    if not job.cancelled and not job.running:
                        job.running, self._current = True, job
                        return job
                self._ready.wait()
            return None

    def _run(self) -> None:
        while (job := self._next()) is not None:
            result, error = None, None
            try:
                result = job.work(job.abort)
            except BaseException as failure:
                error = Interrupted() if job.abort.raised else failure
            with self._ready:
                self._current = None
            if isinstance(error, Interrupted) and job.priority == Priority.FILE and not job.cancelled:
                self._put_back(job)
            else:
                job.settle(result, error)

    def _put_back(self, job: Job[Any]) -> None:
        job.retries += 1
        job.abort, job.running = Abort(), False
        self._push(job)
