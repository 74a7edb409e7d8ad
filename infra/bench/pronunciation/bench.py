"""`avaaz bench pronunciation`: learners' phones as the model server scores them, against experts'.

It scores a folder with the model as shipped and fits nothing on it. With `cross_validate` the model is fitted
by folds of speakers within the folder, and each speaker is scored by one that was fitted without them; those
are the development figures of the folder that the shipped model was fitted on.
"""

import asyncio
import importlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import aiohttp
import numpy as np
from rich.table import Table

from api.contract.pronunciation import PATH, Pronounced
from infra.bench.machine import Report, describe_machine, describe_versions
from infra.bench.model_server import model_server
from infra.bench.pronunciation.figures import Agreement, Interval, Scored, agreement, filled, intervals
from infra.bench.pronunciation.material import Expected, read_expected
from infra.bench.reporter import Reporter
from infra.stack.errors import StackError

TOP: Final = 2.0
"""The experts' best score; the server's is 1."""
_CANNOT: Final = 422
_FOLDS: Final = 5


class AgeGroup(Agreement):
    """The figures of adults, or of children (under 18), with intervals over speakers."""

    intervals: dict[str, Interval]


class PronunciationReport(Report):
    """What `avaaz bench pronunciation --json` writes; the error is on the experts' scale, 0 to 2."""

    phone_pcc: float | None
    phone_mse: float | None
    utterance_pcc: float | None
    auc_mispronounced: float | None
    rtf: float
    """Time for the answer as a share of the audio's length, one request after another, one thread."""
    n_utterances: int
    n_phones: int
    n_not_judged: int
    """Utterances that got the mean score because the server could not judge them."""
    by_age: dict[str, AgeGroup]
    intervals: dict[str, Interval]
    fitted: str
    version: str


class PronunciationBench:
    """One measurement over a folder laid out with `utterances.jsonl`."""

    def __init__(self, folder: Path, reporter: Reporter, *, cross_validate: bool = False) -> None:
        self._folder = folder
        self._reporter = reporter
        self._cross_validate = cross_validate
        self._version = ""

    async def run(self) -> PronunciationReport:
        """Scores the folder, by the model server or by folds.

        Raises:
            StackError: the folder holds no scored utterances, or the server did not come up.
            aiohttp.ClientError: it refused a request.
        """
        expected = read_expected(self._folder)
        if self._cross_validate:
            given, seconds = await asyncio.to_thread(self._by_folds)
        else:
            given, seconds = await self._as_shipped(expected)
        length = sum(one.seconds for one in expected)
        return self._report(expected, given, seconds / length)

    async def _as_shipped(self, expected: Sequence[Expected]) -> tuple[list[list[float] | None], float]:
        """The server's scores of each utterance, and the seconds that it took for all."""
        async with model_server(self._reporter) as base, aiohttp.ClientSession() as http:
            await self._ask(http, base, expected[0])  # loads the models
            self._reporter.begin("scoring learners", len(expected))
            given, took = [], 0.0
            for one in expected:
                began = time.perf_counter()
                given.append(await self._ask(http, base, one))
                took += time.perf_counter() - began
                self._reporter.step()
        return given, took

    async def _ask(self, http: aiohttp.ClientSession, url: str, one: Expected) -> list[float] | None:
        form = aiohttp.FormData()
        form.add_field("text", one.text)
        form.add_field("phones", " ".join(one.phones))
        form.add_field("file", one.path.read_bytes(), filename=one.path.name)
        async with http.post(f"{url}{PATH}", data=form) as answer:
            if answer.status == _CANNOT:
                return None
            answer.raise_for_status()
            found = Pronounced.model_validate(await answer.json())
        self._version = found.version
        scores = [TOP * phone.score for word in found.words for phone in word.phones]
        return scores if len(scores) == len(one.phones) else None

    def _by_folds(self) -> tuple[list[list[float] | None], float]:
        """Scores by models fitted without the speaker, and the seconds for hearing and scoring."""
        fitting: Any = importlib.import_module("infra.models.pronunciation.fit")  # it brings the models
        corpus: Any = importlib.import_module("infra.models.pronunciation.corpus")
        try:
            found = corpus.read_scored(self._folder)
            self._reporter.begin("hearing learners", len(found))
            began = time.perf_counter()
            heard = fitting.hear(found, self._reporter.step)
            took = time.perf_counter() - began
            self._reporter.begin("fitting by folds of speakers", _FOLDS)
            folded = fitting.cross_validate(heard, self._reporter.step, _FOLDS)
        except corpus.BadCorpusError as error:
            raise StackError(str(error)) from None
        scores: list[list[float] | None] = [[TOP * float(score) for score in row] for row in folded.scores]
        return scores, took + folded.seconds

    def _report(
        self, expected: Sequence[Expected], given: Sequence[list[float] | None], rtf: float
    ) -> PronunciationReport:
        raw = [
            Scored(one.speaker, one.group, np.array(one.scores), None if row is None else np.array(row))
            for one, row in zip(expected, given, strict=True)
        ]
        scored = filled(raw)
        whole = agreement(scored)
        groups = sorted({one.group for one in scored})
        by_age = {group: [one for one in scored if one.group == group] for group in groups}
        return PronunciationReport(
            machine=describe_machine(),
            versions=describe_versions(),
            **whole.model_dump(),
            rtf=round(rtf, 4),
            n_not_judged=sum(row is None for row in given),
            by_age={
                group: AgeGroup(**agreement(part).model_dump(), intervals=intervals(part))
                for group, part in by_age.items()
            },
            intervals=intervals(scored),
            fitted=f"{_FOLDS} folds of speakers within the folder" if self._cross_validate else "as shipped",
            version=self._version,
        )


def pronunciation_table(found: PronunciationReport) -> Table:
    """The figures for people."""
    table = Table(title=f"Pronunciation, {found.n_utterances} utterances, {found.n_phones} phones")
    for name in ("", "all", *found.by_age):
        table.add_column(name)
    for name, interval in found.intervals.items():
        groups = [group.intervals[name] for group in found.by_age.values()]
        table.add_row(name, _shown(interval), *map(_shown, groups))
    table.add_row("rtf", f"{found.rtf:.3f}", *[""] * len(found.by_age))
    table.add_row("not judged", str(found.n_not_judged), *[""] * len(found.by_age))
    return table


def _shown(interval: Interval) -> str:
    if interval.value is None or interval.low is None or interval.high is None:
        return "–"
    return f"{interval.value:.3f} ({interval.low:.3f}–{interval.high:.3f})"
