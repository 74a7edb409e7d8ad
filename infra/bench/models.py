"""`avaaz bench models`: the model server by itself, over the vendors' protocols it speaks."""

import io
import re
import time
from typing import Any

import httpx
import numpy as np
import soundfile
from rich.table import Table

from infra.bench.audio import RATE, Samples, seconds, to_pcm
from infra.bench.figures import Spread
from infra.bench.machine import Report, describe_machine, describe_versions
from infra.bench.recordings import Utterance, clear_voices
from infra.bench.reporter import Reporter
from infra.stack.embedded import running_stack

OTHER_PARTS = ("postgres", "database", "migrate", "seed", "livekit", "api", "worker", "agent", "shipper")
SPEECH_RATE = 24_000
"""Samples a second of the PCM that the speech endpoint streams."""

LISTEN = "/v1/listen?model=nova-3&language=en&punctuate=true"


class ModelsReport(Report):
    """Hearing and speaking, one request at a time."""

    sentences: int
    stt_ms: Spread
    """A whole recording to its transcript."""
    stt_real_time_factor: float
    stt_word_error_rate: float
    tts_first_byte_ms: Spread
    tts_real_time_factor: float


class ModelsBench:
    """One measurement of the model server."""

    def __init__(self, sentences: int, reporter: Reporter) -> None:
        self._sentences = sentences
        self._reporter = reporter

    async def run(self) -> ModelsReport:
        """Starts the model server, measures, stops it.

        Raises:
            StackError: it did not come up.
            httpx.HTTPError: it refused a request.
        """
        spoken = [one for _ in range(6) for one in clear_voices()][: self._sentences]
        self._reporter.begin("starting the model server", 1)
        async with running_stack(without=OTHER_PARTS) as stack:
            self._reporter.step()
            async with httpx.AsyncClient(base_url=stack.models_url, timeout=60.0) as http:
                heard = [await self._hear(http, one) for one in self._counted("hearing", spoken)]
                said = [await self._say(http, one.text) for one in self._counted("speaking", spoken)]
        return self._sum_up(spoken, heard, said)

    def _counted(self, what: str, spoken: list[Utterance]) -> Any:
        self._reporter.begin(what, len(spoken))
        for one in spoken:
            yield one
            self._reporter.step()

    async def _hear(self, http: httpx.AsyncClient, one: Utterance) -> tuple[float, int]:
        """Seconds it took, and words that were wrong."""
        began = time.monotonic()
        answer = await http.post(LISTEN, content=_wav(one.samples), headers={"Content-Type": "audio/wav"})
        took = time.monotonic() - began
        answer.raise_for_status()
        heard = answer.json()["results"]["channels"][0]["alternatives"][0]["transcript"]
        return took, word_errors(one.text, heard)

    async def _say(self, http: httpx.AsyncClient, text: str) -> tuple[float, float, float]:
        """Seconds to the first byte and to the last, and seconds of speech."""
        began = time.monotonic()
        first, size = 0.0, 0
        body = {"model": "tts-1", "voice": "alloy", "input": text, "response_format": "pcm"}
        async with http.stream("POST", "/v1/audio/speech", json=body) as answer:
            answer.raise_for_status()
            async for part in answer.aiter_bytes():
                first = first or time.monotonic() - began
                size += len(part)
        return first, time.monotonic() - began, size / 2 / SPEECH_RATE

    def _sum_up(
        self, spoken: list[Utterance], heard: list[tuple[float, int]], said: list[tuple[float, float, float]]
    ) -> ModelsReport:
        audio_s = sum(seconds(one.samples) for one in spoken)
        words = sum(len(_words(one.text)) for one in spoken)
        return ModelsReport(
            machine=describe_machine(),
            versions=describe_versions(),
            sentences=len(spoken),
            stt_ms=Spread.of(took * 1_000 for took, _ in heard),
            stt_real_time_factor=round(sum(took for took, _ in heard) / audio_s, 3),
            stt_word_error_rate=round(sum(wrong for _, wrong in heard) / words, 3),
            tts_first_byte_ms=Spread.of(first * 1_000 for first, *_ in said),
            tts_real_time_factor=round(sum(whole for _, whole, _ in said) / sum(s for *_, s in said), 3),
        )


def models_table(report: ModelsReport) -> Table:
    """The figures for a terminal."""
    table = Table(title=f"avaaz bench models, {report.date[:10]}, {report.sentences} sentences")
    for heading in ("figure", "p50", "p95", "real-time factor", "word error rate"):
        table.add_column(heading)
    hearing, speaking = report.stt_ms, report.tts_first_byte_ms
    factor = f"{report.stt_real_time_factor:.3f}"
    table.add_row(
        "transcript, ms", str(hearing.p50), str(hearing.p95), factor, f"{report.stt_word_error_rate:.3f}"
    )
    factor = f"{report.tts_real_time_factor:.3f}"
    table.add_row("first byte of speech, ms", str(speaking.p50), str(speaking.p95), factor, "")
    return table


def word_errors(expected: str, heard: str) -> int:
    """Fewest words to change, add or leave out to get from one text to the other, in any case."""
    want, got = _words(expected), _words(heard)
    row = np.arange(len(got) + 1)
    for index, word in enumerate(want, start=1):
        above, row = row, np.full(len(got) + 1, index)
        for column, other in enumerate(got, start=1):
            row[column] = min(above[column] + 1, row[column - 1] + 1, above[column - 1] + (word != other))
    return int(row[-1])


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())


def _wav(samples: Samples) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, to_pcm(samples), RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()
