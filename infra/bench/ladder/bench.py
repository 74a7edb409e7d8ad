"""`avaaz bench ladder`: candidates of four levels and cheats, spoken, heard and judged by the job's code."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Final
from uuid import UUID

import httpx
import numpy as np
from pydantic import BaseModel
from rich.table import Table

from api.assessment.judging.bands import bands
from api.assessment.judging.judge import CODE, judge, overall_score
from api.assessment.judging.judgement import Judgement
from api.assessment.judging.speech import Answer, Heard, Material
from api.assessment.listening import HEARING, Clip, Listener
from api.contract.exams import Dimension
from api.contract.levels import Level
from api.corrections.grammar import GrammarChecker
from api.memory.said import Said
from infra.bench.ladder.candidates import LEVELS, RATE, Candidate, attackers, candidates, part_of, pieces
from infra.bench.machine import Report, describe_machine, describe_versions
from infra.bench.model_server import model_server
from infra.bench.reporter import Reporter
from infra.bench.spoken import VOICES, Speaker, wav

SILENT_S: Final = 30
_NOBODY: Final = UUID(int=0)
_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)


class Rung(BaseModel):
    """The candidates of one level."""

    mean: float | None
    lowest: float | None
    highest: float | None
    refused: int
    n: int
    dimensions: dict[str, float | None]
    """Mean score of each."""


class Attempted(BaseModel):
    """What came of one attack."""

    score: float | None
    refused: str | None
    flags: list[str]


class LadderReport(Report):
    """What `avaaz bench ladder --json` writes."""

    spearman: float | None
    """Rank correlation of the score with the planted level, over all candidates that were judged."""
    spearman_frozen: float | None
    """The same over the frozen third alone."""
    voice_shift_p95: float | None
    """95th percentile of the distance of one script's scores in two voices, in points."""
    attacks_above_band_1: int
    n: int
    scripts: int
    refused: int
    levels: dict[str, Rung]
    attacks: dict[str, Attempted]
    judged_by: str


@dataclass(frozen=True)
class _Result:
    candidate: Candidate
    judgement: Judgement

    @property
    def score(self) -> float | None:
        """Of the whole; None where it was refused."""
        return None if self.judgement.refused else overall_score(self.judgement.dimensions)


class LadderBench:
    """One measurement; what was listened to before is read from the folder."""

    def __init__(
        self, sample: int | None, folder: Path, reporter: Reporter, models_url: str | None = None
    ) -> None:
        self._sample = sample
        self._folder = folder
        self._reporter = reporter
        self._models_url = models_url

    async def run(self) -> LadderReport:
        """Starts the model server unless one is given, measures, stops it.

        Raises:
            StackError: It did not come up.
            httpx.HTTPError: It refused a request.
        """
        async with model_server(self._reporter, self._models_url) as base:
            return await self._measure(base)

    async def _measure(self, base: str) -> LadderReport:
        self._folder.mkdir(parents=True, exist_ok=True)
        every = [*candidates(list(VOICES), self._sample), *attackers("joe")]
        self._reporter.begin("speaking, listening, judging", len(every))
        listener, checker = Listener(base), GrammarChecker(f"{base}/v2")
        results = []
        async with httpx.AsyncClient(base_url=base, timeout=120.0) as http:
            speaker = Speaker(http)
            for one in every:
                heard = await self._heard(one, speaker, listener)
                results.append(_Result(one, judge(await _material(one, heard, checker))))
                self._reporter.step()
        await listener.close()
        await checker.close()
        return _report(results)

    async def _heard(self, one: Candidate, speaker: Speaker, listener: Listener) -> Heard:
        """What is heard of a candidate; kept, so that the bench goes on where it was stopped."""
        told = f"{HEARING} {one.voice} {one.level} {one.text}"
        kept = self._folder / f"{one.key}-{one.voice}-{hashlib.sha256(told.encode()).hexdigest()[:10]}.json"
        if kept.exists():
            return Heard.model_validate_json(kept.read_text("utf-8"))
        sound = wav(np.random.default_rng(0).normal(0, 3e-4, SILENT_S * 16_000).astype(np.float32))
        if one.text:
            rate = RATE[one.level or "B1"]
            sound = (await speaker.speak(list(pieces(one)), voice=one.voice, rate=rate)).wav()
        heard = await listener.hear(Clip(sound, "audio/wav", 0.0, stereo=False))
        if heard is None:
            raise httpx.HTTPError("the model server cannot read a candidate's sound")
        draft = kept.with_suffix(".part")
        draft.write_text(heard.model_dump_json(), "utf-8")
        draft.rename(kept)
        return heard


async def _material(one: Candidate, heard: Heard, checker: GrammarChecker) -> Material:
    words = [{"word": word.text, "confidence": word.confidence} for word in heard.words]
    said = Said(_NOBODY, True, heard.text, True, _EPOCH, _EPOCH, words)
    corrections = await checker.check(said) if words else []
    answer = Answer(_NOBODY, _NOBODY, "talk", 0.0, heard, corrections)
    return Material(Level.B1, [part_of(one.topic)], [answer] if words else [])


def _report(results: Sequence[_Result]) -> LadderReport:
    climbing = [one for one in results if one.candidate.level is not None]
    attacks = [one for one in results if one.candidate.level is None]
    shifts = _shifts(climbing)
    return LadderReport(
        machine=describe_machine(),
        versions=describe_versions(),
        spearman=_spearman(climbing),
        spearman_frozen=_spearman([one for one in climbing if one.candidate.frozen]),
        voice_shift_p95=round(float(np.percentile(shifts, 95)), 2) if shifts else None,
        attacks_above_band_1=sum((one.score or 0.0) > 1.0 for one in attacks),
        n=len(climbing),
        scripts=len({one.candidate.key for one in climbing}),
        refused=sum(one.score is None for one in climbing),
        levels={level: _rung([one for one in climbing if one.candidate.level == level]) for level in LEVELS},
        attacks={
            one.candidate.key: Attempted(
                score=one.score,
                refused=one.judgement.refused,
                flags=[flag.value for flag in one.judgement.flags],
            )
            for one in attacks
        },
        judged_by=f"{CODE} {HEARING} {bands().name}",
    )


def _spearman(results: Sequence[_Result]) -> float | None:
    """Rank correlation with ties, of score and planted level; a refused candidate counts as the lowest."""
    if len(results) < 3:
        return None
    levels = _ranks([LEVELS.index(one.candidate.level or "A1") for one in results])
    scores = _ranks([one.score or 0.0 for one in results])
    if len(set(levels)) < 2 or len(set(scores)) < 2:
        return None
    return round(float(np.corrcoef(levels, scores)[0, 1]), 3)


def _ranks(values: Sequence[float]) -> list[float]:
    """The rank of each value; equal ones share the mean of theirs."""
    ordered = sorted(values)
    first = {value: ordered.index(value) for value in set(ordered)}
    return [first[value] + (ordered.count(value) - 1) / 2 for value in values]


def _shifts(results: Sequence[_Result]) -> list[float]:
    by_script: dict[str, list[float]] = {}
    for one in results:
        if one.score is not None:
            by_script.setdefault(one.candidate.key, []).append(one.score)
    return [abs(a - b) for scores in by_script.values() for a, b in combinations(scores, 2)]


def _rung(results: Sequence[_Result]) -> Rung:
    scores = [one.score for one in results if one.score is not None]
    return Rung(
        mean=round(float(np.mean(scores)), 2) if scores else None,
        lowest=round(min(scores), 2) if scores else None,
        highest=round(max(scores), 2) if scores else None,
        refused=sum(one.score is None for one in results),
        n=len(results),
        dimensions={dimension.value: _mean(results, dimension) for dimension in Dimension},
    )


def _mean(results: Sequence[_Result], dimension: Dimension) -> float | None:
    scores = [
        judged.score
        for one in results
        for judged in one.judgement.dimensions
        if judged.dimension is dimension and judged.score is not None
    ]
    return round(float(np.mean(scores)), 2) if scores else None


def ladder_table(report: LadderReport) -> Table:
    """The figures for a terminal."""
    table = Table(
        title=f"avaaz bench ladder, {report.date[:10]}, {report.n} candidates, Spearman {report.spearman}"
        f" (frozen third {report.spearman_frozen}), voices {report.voice_shift_p95} apart (p95)"
    )
    for heading in ("planted", "mean", "lowest", "highest", "refused", *(d.value for d in Dimension)):
        table.add_column(heading)
    for level, rung in report.levels.items():
        figures = (rung.mean, rung.lowest, rung.highest, rung.refused, *rung.dimensions.values())
        table.add_row(level, *(str(figure) for figure in figures))
    for key, came in report.attacks.items():
        table.add_row(key, str(came.score), "", "", came.refused or "", *[""] * len(Dimension))
    return table
