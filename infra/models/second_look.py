"""The larger models, for after a turn: loaded when asked for, given back when nobody asks for a while."""

import asyncio
import contextlib
import ctypes
import gc
import time
from typing import Final

from infra.models import committee, stt, whisper
from infra.models.bias import Keyterm
from infra.models.committee import Committee
from infra.models.metrics import DECODES
from infra.models.pronounce import Pronunciations
from infra.models.stt import Audio
from infra.models.words import Word
from infra.models.worker import Abort, Job, Priority, Worker
from infra.telemetry import get_logger

NAMES: Final = (committee.MODEL, stt.BASE.name, whisper.MODEL)
"""Models that only recordings are heard by: all together, and two of them alone, to compare."""
_log = get_logger(__name__)


class SecondLook:
    """A thread of its own for the larger models; they stay for `idle_s` seconds after their last use."""

    def __init__(self, idle_s: float) -> None:
        self._idle_s = idle_s
        self._worker = Worker("second-look")
        self._committee: Committee | None = None
        self._timer: asyncio.TimerHandle | None = None

    def hear(self, audio: Audio, keyterms: tuple[Keyterm, ...], model: str) -> Job[list[Word]]:
        """Words of an audio stretch, without times, by one of `NAMES`."""

        def work(abort: Abort) -> list[Word]:
            members = self._members()
            began = time.perf_counter()
            if model == whisper.MODEL:
                found = members.alone(audio)
            elif model == stt.BASE.name:
                found = members.moonshines[-1].hear(audio, abort).words
            else:
                found = members.hear(audio, keyterms, abort)
            DECODES.labels("second_look").observe(time.perf_counter() - began)
            return found

        job = self._worker.submit(work, Priority.FILE)
        self._rest_later()
        return job

    @property
    def loaded(self) -> bool:
        """Whether the models are in memory."""
        return self._committee is not None

    def close(self) -> None:
        """End the thread."""
        if self._timer is not None:
            self._timer.cancel()
        self._worker.close()

    def _members(self) -> Committee:
        if self._committee is None:
            began = time.perf_counter()
            self._committee = Committee(Pronunciations())
            _give_memory_back()
            _log.info("second look loaded", seconds=round(time.perf_counter() - began, 1))
        return self._committee

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
        self._committee = None
        _give_memory_back()


def _give_memory_back() -> None:
    """Loading leaves some 300 MB unused with the C library; where it is glibc, the system gets them back."""
    gc.collect()
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
