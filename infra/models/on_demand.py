"""Models that are loaded when asked for, live in a thread of their own, and are given back when idle."""

import asyncio
import contextlib
import ctypes
import gc
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from infra.models.worker import Abort, Job, Priority, Worker
from infra.telemetry import get_logger

M = TypeVar("M")
R = TypeVar("R")
_log = get_logger(__name__)


class OnDemand(Generic[M]):
    """What `load` makes, in a thread named `name`; it stays for `idle_s` seconds after its last use."""

    def __init__(self, name: str, load: Callable[[], M], idle_s: float) -> None:
        self._name = name
        self._load = load
        self._idle_s = idle_s
        self._worker = Worker(name)
        self._model: M | None = None
        self._timer: asyncio.TimerHandle | None = None

    def submit(self, work: Callable[[M, Abort], R], priority: Priority = Priority.FILE) -> Job[R]:
        """Have the model do something; call on the event loop that will await the job's future."""
        job = self._worker.submit(lambda abort: work(self._loaded(), abort), priority)
        self._rest_later()
        return job

    @property
    def loaded(self) -> bool:
        """Whether the model is in memory."""
        return self._model is not None

    @property
    def busy(self) -> bool:
        """Whether something runs or waits."""
        return self._worker.busy

    def close(self) -> None:
        """End the thread."""
        if self._timer is not None:
            self._timer.cancel()
        self._worker.close()

    def _loaded(self) -> M:
        if self._model is None:
            began = time.perf_counter()
            self._model = self._load()
            _give_memory_back()
            _log.info("loaded", model=self._name, seconds=round(time.perf_counter() - began, 1))
        return self._model

    def _rest_later(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._idle_s, self._rest)

    def _rest(self) -> None:
        if self._worker.busy:
            self._rest_later()
        else:
            self._worker.submit(self._give_back, Priority.FILE)

    def _give_back(self, _abort: Abort) -> None:
        self._model = None
        _give_memory_back()


def _give_memory_back() -> None:
    """Loading leaves some 300 MB unused with the C library; where it is glibc, the system gets them back."""
    gc.collect()
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
