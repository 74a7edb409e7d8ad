"""`avaaz bench fluency`: planted rates, pauses and fillers, found again as exams are listened to."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import httpx
from pydantic import BaseModel
from rich.table import Table

from api.assessment.judging import fluency
from api.assessment.judging.speech import PAUSE_S, Answer
from api.assessment.listening import Clip, Listener
from infra.bench.figures import Spread
from infra.bench.fluency.material import Planted, utterances
from infra.bench.machine import Report, describe_machine, describe_versions
from infra.bench.model_server import model_server
from infra.bench.reporter import Reporter
from infra.bench.spoken import FILLERS, Placed, Speaker, Spoken

NEAR_S: Final = 0.25
"""A pause that was found belongs to a planted one whose edges are no further away."""
_NOBODY: Final = UUID(int=0)


class Found(BaseModel):
    """How many of the planted ones were found, and how many found ones were planted."""

    precision: float | None
    recall: float | None
    f1: float | None
    planted: int
    found: int


class FluencyReport(Report):
    """What `avaaz bench fluency --json` writes."""

    rate_error: Spread
    """Distance of the measured from the planted articulation rate, in percent."""
    rate_bias: float | None
    """The mean of it with its sign, in percent."""
    pause_edge_ms: Spread
    """Distance of the edges of pauses that were found from the planted ones."""
    pause_edges_within_50_ms: float | None
    pauses: Found
    fillers: Found
    word_share: float | None
    """Words heard for each one said; what is not heard cannot be counted."""
    n: int


class FluencyBench:
    """One measurement."""

    def __init__(self, count: int, reporter: Reporter, models_url: str | None = None) -> None:
        self._count = count
        self._reporter = reporter
        self._models_url = models_url

    async def run(self) -> FluencyReport:
        """Starts the model server unless one is given, measures, stops it.

        Raises:
            StackError: It did not come up.
            httpx.HTTPError: It refused a request.
        """
        async with model_server(self._reporter, self._models_url) as base:
            return await self._measure(base)

    async def _measure(self, base: str) -> FluencyReport:
        planted = utterances(self._count)
        measured: list[tuple[Planted, Spoken, fluency.Fluency]] = []
        self._reporter.begin("speaking and listening", len(planted))
        listener = Listener(base)
        async with httpx.AsyncClient(base_url=base, timeout=60.0) as http:
            speaker = Speaker(http)
            for one in planted:
                spoken = await speaker.speak(one.pieces, voice=one.voice, rate=one.rate)
                heard = await listener.hear(
                    Clip(spoken.wav(), "audio/wav", 0.0, stereo=False), pronunciation=False
                )
                if heard is not None:
                    answer = Answer(_NOBODY, _NOBODY, "part", 0.0, heard)
                    measured.append((one, spoken, fluency.measure([answer])))
                self._reporter.step()
        await listener.close()
        return _report(measured)


def _report(measured: Sequence[tuple[Planted, Spoken, fluency.Fluency]]) -> FluencyReport:
    errors = [100 * (found.articulation_rate / _rate(spoken) - 1) for _, spoken, found in measured]
    edges: list[float] = []
    planted = found = matched = 0
    for _, spoken, measures in measured:
        wanted = _silences(spoken)
        got = [(pause.start, pause.end) for _, pause in measures.pauses]
        planted, found = planted + len(wanted), found + len(got)
        for start, end in wanted:
            near = [g for g in got if abs(g[0] - start) < NEAR_S and abs(g[1] - end) < NEAR_S]
            if near:
                matched += 1
                edges += [1_000 * abs(near[0][0] - start), 1_000 * abs(near[0][1] - end)]
    said = sum(len(piece.piece.text.split()) for _, spoken, _ in measured for piece in _clauses(spoken))
    within = sum(edge <= 50 for edge in edges)
    return FluencyReport(
        machine=describe_machine(),
        versions=describe_versions(),
        rate_error=Spread.of(abs(error) for error in errors),
        rate_bias=round(sum(errors) / len(errors), 2) if errors else None,
        pause_edge_ms=Spread.of(edges),
        pause_edges_within_50_ms=round(within / len(edges), 3) if edges else None,
        pauses=_found(matched, planted, found),
        fillers=_fillers(measured),
        word_share=round(sum(m.words for _, _, m in measured) / said, 3) if said else None,
        n=len(measured),
    )


def _rate(spoken: Spoken) -> float:
    """The articulation rate that was planted: the clauses' syllables over the time that they take."""
    clauses = _clauses(spoken)
    return sum(one.piece.syllables for one in clauses) / sum(one.end - one.start for one in clauses)


def _clauses(spoken: Spoken) -> list[Placed]:
    return [one for one in spoken.placed if one.piece.syllables]


def _silences(spoken: Spoken) -> list[tuple[float, float]]:
    return [
        (one.start, one.end) for one in spoken.placed if not one.piece.text and one.piece.seconds >= PAUSE_S
    ]


def _fillers(measured: Sequence[tuple[Planted, Spoken, fluency.Fluency]]) -> Found:
    planted = found = matched = 0
    for _, spoken, measures in measured:
        wanted = [(one.start, one.end) for one in spoken.placed if one.piece.text in FILLERS]
        got = [span for _, span in measures.fillers]
        planted, found = planted + len(wanted), found + len(got)
        matched += sum(any(start < g[1] and g[0] < end for g in got) for start, end in wanted)
    return _found(matched, planted, found)


def _found(matched: int, planted: int, found: int) -> Found:
    recall = matched / planted if planted else None
    precision = min(1.0, matched / found) if found else None
    f1 = 2 * precision * recall / (precision + recall) if precision and recall else None
    return Found(
        precision=None if precision is None else round(precision, 3),
        recall=None if recall is None else round(recall, 3),
        f1=None if f1 is None else round(f1, 3),
        planted=planted,
        found=found,
    )


def fluency_table(report: FluencyReport) -> Table:
    """The figures for a terminal."""
    table = Table(title=f"avaaz bench fluency, {report.date[:10]}, {report.n} utterances")
    for heading in ("figure", "p50", "p95", "remarks"):
        table.add_column(heading)
    rate, edge = report.rate_error, report.pause_edge_ms
    table.add_row("articulation rate off by, %", str(rate.p50), str(rate.p95), f"bias {report.rate_bias}")
    within = f"{report.pause_edges_within_50_ms} within 50 ms"
    table.add_row("edges of pauses off by, ms", str(edge.p50), str(edge.p95), within)
    for name, found in (("pauses", report.pauses), ("fillers", report.fillers)):
        remark = f"precision {found.precision}, recall {found.recall}, {found.planted} planted"
        table.add_row(f"{name} found, F1", str(found.f1), "", remark)
    return table
