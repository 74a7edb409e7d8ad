"""Recognition for many streams: a thread for the speech model, one for the aligner, urgent work first."""

import asyncio
import contextlib
import time

import numpy as np

from infra.models import second_look
from infra.models.aligner import Aligner, AlignmentError
from infra.models.bias import Biaser, Keyterm
from infra.models.metrics import ALIGNED, DECODES
from infra.models.pronounce import Pronunciations
from infra.models.second_look import SecondLook
from infra.models.stt import MODEL, RATE, Audio, Moonshine
from infra.models.vad import MIN_VOICED_WINDOWS, Stretch
from infra.models.words import Word, confidence, spread
from infra.models.worker import Abort, Interrupted, Job, Priority, Worker
from infra.telemetry import get_logger

_DOUBTFUL = 0.35
_SHORTEST = RATE // 4
_log = get_logger(__name__)


class Recognizer:
    """The models of speech recognition. `load` first; afterwards everything is called on the event loop."""

    def __init__(self, second_look_idle_s: float) -> None:
        self._speech = Worker("stt")
        self._second = SecondLook(second_look_idle_s)
        self._times = Worker("aligner")
        self._model: Moonshine
        self._biaser: Biaser
        self._aligner: Aligner

    async def load(self) -> None:
        """Load each model in the thread it will live in, and warm it."""
        pronunciations = await asyncio.to_thread(Pronunciations)
        await asyncio.gather(
            self._speech.submit(lambda _: self._load_speech(pronunciations), Priority.FINAL).future,
            self._times.submit(lambda _: self._load_times(pronunciations), Priority.FINAL).future,
        )

    def close(self) -> None:
        """End both threads."""
        self._speech.close()
        self._times.close()
        self._second.close()

    @property
    def busy(self) -> bool:
        """Whether the speech model works or has work waiting."""
        return self._speech.busy

    def decode(
        self, audio: Audio, keyterms: tuple[Keyterm, ...], priority: Priority, model: str = MODEL
    ) -> Job[list[Word]]:
        """Words of an audio stretch, without times; by the quick model unless another is named."""
        if model in second_look.NAMES:
            return self._second.hear(_at_least(audio), keyterms, model)

        def work(abort: Abort) -> list[Word]:
            began = time.perf_counter()
            heard = self._model.hear(_at_least(audio), abort)
            if keyterms and priority is not Priority.PARTIAL:
                heard = self._biaser.apply(heard, keyterms, abort)
            DECODES.labels(priority.name.lower()).observe(time.perf_counter() - began)
            return heard.words

        return self._speech.submit(work, priority)

    def align(self, audio: Audio, words: list[Word], priority: Priority) -> Job[list[Word]]:
        """The same words with times; the job fails with `AlignmentError` when they do not fit."""
        return self._times.submit(lambda abort: self._aligner.align(audio, words, abort), priority)

    def promote(self, job: Job[list[Word]]) -> None:
        """Somebody waits for this decode now."""
        self._speech.promote(job, Priority.FINAL)

    def cancel(self, job: Job[list[Word]]) -> None:
        """Nobody wants this work any more, be it a decode or an alignment."""
        job.cancel()

    def _load_speech(self, pronunciations: Pronunciations) -> None:
        self._model = Moonshine()
        self._biaser = Biaser(self._model, pronunciations)
        self._model.hear(np.zeros(RATE, np.float32), Abort())

    def _load_times(self, pronunciations: Pronunciations) -> None:
        self._aligner = Aligner(pronunciations)
        noise = np.random.default_rng(0).normal(0, 0.05, RATE).astype(np.float32)
        with contextlib.suppress(AlignmentError, RuntimeError):
            self._aligner.align(noise, [Word("yes", 1.0)], Abort())


class Attempt:
    """One decode of a stretch as it stood, and its alignment: started early, awaited or given up."""

    def __init__(
        self,
        recognizer: Recognizer,
        stretch: Stretch,
        keyterms: tuple[Keyterm, ...],
        priority: Priority,
        model: str = MODEL,
    ) -> None:
        self._recognizer = recognizer
        self._audio = stretch.audio
        self._voice = stretch.voice
        self._voiced = stretch.voiced
        self._start = stretch.start / RATE
        self._priority = priority
        self._job = recognizer.decode(self._audio, keyterms, priority, model)
        self._aligning: asyncio.Task[list[Word]] | None = None
        self._align_job: Job[list[Word]] | None = None
        self._decoding = asyncio.create_task(self._decode())
        self._decoding.add_done_callback(_retrieved)

    async def words(self) -> list[Word]:
        """The words with estimated times, in seconds of the stream; raises `Interrupted` when given up."""
        return await asyncio.shield(self._decoding)

    async def timed_words(self, wait_s: float) -> list[Word]:
        """The words with aligned times where alignment is done within `wait_s`, else with estimated ones."""
        if self._priority is not Priority.FILE:
            self._recognizer.promote(self._job)
        words = await self.words()
        if self._aligning is None:
            return words
        try:
            async with asyncio.timeout(wait_s):
                aligned = await asyncio.shield(self._aligning)
        except TimeoutError:
            ALIGNED.labels("late").inc()
            return words
        except (AlignmentError, RuntimeError, Interrupted) as error:
            _log.debug("alignment failed", reason=str(error))
            ALIGNED.labels("estimate").inc()
            return words
        ALIGNED.labels("aligned").inc()
        return aligned

    def cancel(self) -> None:
        """Give the work up: speech went on."""
        for job in (self._job, self._align_job):
            if job is not None:
                self._recognizer.cancel(job)

    async def _decode(self) -> list[Word]:
        words = self._gated(await self._job.future)
        if words and self._priority is not Priority.PARTIAL:
            self._align_job = self._recognizer.align(self._audio, words, self._priority)
            self._aligning = asyncio.create_task(self._shifted(self._align_job))
            self._aligning.add_done_callback(_retrieved)
        return [word.shifted(self._start) for word in spread(words, self._voice)]

    async def _shifted(self, job: Job[list[Word]]) -> list[Word]:
        return [word.shifted(self._start) for word in await job.future]

    def _gated(self, words: list[Word]) -> list[Word]:
        """Nothing for clicks, nor for a doubtful word out of little voice: noise decodes to that."""
        if self._voiced < MIN_VOICED_WINDOWS:
            return []
        brief = self._voiced < 3 * MIN_VOICED_WINDOWS and len(words) <= 2
        return [] if brief and confidence(words) < _DOUBTFUL else words


def _retrieved(task: asyncio.Task[list[Word]]) -> None:
    """Work given up is no error that somebody forgot to look at."""
    if not task.cancelled():
        task.exception()


def _at_least(audio: Audio) -> Audio:
    """The model's convolutions need some length."""
    return audio if len(audio) >= _SHORTEST else np.pad(audio, (0, _SHORTEST - len(audio)))
