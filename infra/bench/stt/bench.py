"""`avaaz bench stt`: learners' speech through the model server, as a call hears it and as the record does.

Nothing is fitted on the folder. The few constants that put the models' judgements together were chosen once,
on some development utterances; they are the same for every speaker and in every fold.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import aiohttp
from pydantic import BaseModel
from rich.table import Table

from infra.bench.figures import Spread
from infra.bench.machine import CpuMeter, Report, describe_machine, describe_versions
from infra.bench.models import OTHER_PARTS
from infra.bench.reporter import Reporter
from infra.bench.stt.figures import Count, Rate, rate, relative
from infra.bench.stt.listener import RATE, Answer, Listener
from infra.bench.stt.material import Expectations, Spoken, read_pcm, utterances
from infra.bench.stt.slips import Slip, fate, slips
from infra.bench.stt.wording import content_words, errors, words
from infra.stack.embedded import running_stack

QUICK: Final = "moonshine-tiny-en"
SINGLE: Final = (QUICK, "moonshine-base-en", "whisper-tiny-en")
"""The packaged models, each by itself, as packaged."""
LOOK: Final = "second-look"
PACED: Final = 12
"""Utterances sent as slowly as they were spoken, to see how busy that keeps the server."""


class Rates(BaseModel):
    """Word error rates of the stream and the final transcript, with expected words and with wrong ones."""

    streaming: float | None
    streaming_with_expectation: float | None
    streaming_with_wrong_expectation: float | None
    final: float | None
    with_expectation: float | None
    with_wrong_expectation: float | None


class Latency(BaseModel):
    """Milliseconds from the end of the audio until the transcript was there."""

    streaming: Spread
    streaming_with_expectation: Spread
    final: Spread
    with_expectation: Spread


class Kept(BaseModel):
    """What became of learners' slips in a transcript."""

    kept: Rate
    repaired: int
    lost: int


class SttReport(Report):
    """What `avaaz bench stt --json` writes. Intervals are 95 %, over speakers; for slips, over voices."""

    utterances: int
    speakers: int
    seconds: float
    wer: Rates
    by_age: dict[str, Rates]
    single_models: dict[str, float | None]
    intervals: dict[str, Rate]
    """Each of the rates above by name, with its interval, and `final_below_best_single`."""
    best_single: str
    rtf: float
    """Time for the final transcript as a share of the audio's length."""
    rtf_by_model: dict[str, float]
    streaming_cores: float
    """Cores that one call's stream keeps busy while somebody speaks."""
    latency_ms: Latency
    errors_kept_rate: float | None
    errors_kept: dict[str, Kept]
    fitted: str


class SttBench:
    """One measurement of how well learners are heard. `most` utterances of the folder, all where None."""

    def __init__(
        self, folder: Path, most: int | None, reporter: Reporter, *, cross_validate: bool = False
    ) -> None:
        self._folder = folder
        self._most = most
        self._reporter = reporter
        self._cross_validate = cross_validate
        self._heard: dict[str, list[tuple[Spoken, Answer]]] = {}
        self._slips: dict[str, list[tuple[Slip, Answer]]] = {}

    async def run(self) -> SttReport:
        """Starts the model server, has everything heard, stops it.

        Raises:
            StackError: the folder holds no utterances, or the server did not come up.
            aiohttp.ClientError: it refused a request.
        """
        spoken = utterances(self._folder, self._most)
        self._reporter.begin("starting the model server", 1)
        async with running_stack(without=OTHER_PARTS) as stack, aiohttp.ClientSession() as http:
            self._reporter.step()
            listener = Listener(stack.models_url, http)
            await listener.second_look(spoken[0].pcm, LOOK)  # loads the larger models
            await self._hear_all(listener, spoken)
            await self._hear_slips(listener)
            cores = await self._paced(listener, spoken[:PACED], {"models": stack.part("models").pid or 0})
        return self._report(spoken, cores)

    async def _hear_all(self, listener: Listener, spoken: Sequence[Spoken]) -> None:
        expected = Expectations(spoken)
        self._reporter.begin("hearing learners", len(spoken))
        for one in spoken:
            pcm, right, wrong = one.pcm, expected.right(one), expected.wrong(one)
            self._note("streaming", one, await listener.stream(pcm))
            self._note("streaming_with_expectation", one, await listener.stream(pcm, right))
            self._note("streaming_with_wrong_expectation", one, await listener.stream(pcm, wrong))
            self._note("final", one, await listener.second_look(pcm, LOOK))
            self._note("with_expectation", one, await listener.second_look(pcm, LOOK, right))
            self._note("with_wrong_expectation", one, await listener.second_look(pcm, LOOK, wrong))
            for model in SINGLE:
                self._note(model, one, await listener.second_look(pcm, model))
            self._reporter.step()

    async def _hear_slips(self, listener: Listener) -> None:
        recorded = _share(slips(), self._most)
        self._reporter.begin("hearing slips", len(recorded))
        for one in recorded:
            pcm = read_pcm(one.path)
            self._slips.setdefault("streaming", []).append((one, await listener.stream(pcm)))
            self._slips.setdefault("final", []).append((one, await listener.second_look(pcm, LOOK)))
            expected = content_words(one.repaired)
            draws_to_right = await listener.second_look(pcm, LOOK, expected)
            self._slips.setdefault("with_repaired_words_expected", []).append((one, draws_to_right))
            for model in SINGLE:
                self._slips.setdefault(model, []).append((one, await listener.second_look(pcm, model)))
            self._reporter.step()

    async def _paced(self, listener: Listener, spoken: Sequence[Spoken], pids: dict[str, int]) -> float:
        """Cores of the model server while utterances are streamed as slowly as they were spoken."""
        self._reporter.begin("streaming at the pace of speech", len(spoken))
        meter = CpuMeter(pids)
        for one in spoken:
            await listener.stream(one.pcm, pace=1.0)
            self._reporter.step()
        return round(sum(meter.cores().values()), 3)

    def _note(self, what: str, one: Spoken, answer: Answer) -> None:
        self._heard.setdefault(what, []).append((one, answer))

    def _report(self, spoken: Sequence[Spoken], cores: float) -> SttReport:
        seconds = sum(len(one.pcm) for one in spoken) / RATE
        counts = {what: _counts(heard) for what, heard in self._heard.items()}
        best = min(SINGLE, key=lambda model: rate(counts[model]).value or 0.0)
        kept = {what: _kept(heard) for what, heard in self._slips.items()}
        intervals = {what: rate(found) for what, found in counts.items()}
        intervals["final_below_best_single"] = relative(counts["final"], counts[best])
        return SttReport(
            machine=describe_machine(),
            versions=describe_versions(),
            utterances=len(spoken),
            speakers=len({one.speaker for one in spoken}),
            seconds=round(seconds, 1),
            wer=self._rates(None),
            by_age={group: self._rates(group) for group in sorted({one.group for one in spoken})},
            single_models={model: intervals[model].value for model in SINGLE},
            intervals=intervals,
            best_single=best,
            rtf=self._factor("final", seconds),
            rtf_by_model={what: self._factor(what, seconds) for what in ("streaming", *SINGLE)},
            streaming_cores=cores,
            latency_ms=Latency(
                streaming=self._spread("streaming"),
                streaming_with_expectation=self._spread("streaming_with_expectation"),
                final=self._spread("final"),
                with_expectation=self._spread("with_expectation"),
            ),
            errors_kept_rate=kept["final"].kept.value,
            errors_kept=kept,
            fitted="nothing, in any fold" if self._cross_validate else "nothing",
        )

    def _rates(self, group: str | None) -> Rates:
        def of(what: str) -> float | None:
            heard = [row for row in self._heard[what] if group is None or row[0].group == group]
            return rate(_counts(heard)).value

        return Rates(**{what: of(what) for what in Rates.model_fields})

    def _factor(self, what: str, seconds: float) -> float:
        return round(sum(answer.took_ms for _, answer in self._heard[what]) / 1_000 / seconds, 3)

    def _spread(self, what: str) -> Spread:
        return Spread.of(answer.took_ms for _, answer in self._heard[what])


def _share(recorded: list[Slip], most: int | None) -> list[Slip]:
    """As many of the slips as there are utterances, from all over the list."""
    step = max(1, len(recorded) // most) if most else 1
    return recorded[::step]


def _counts(heard: Sequence[tuple[Spoken, Answer]]) -> list[Count]:
    return [
        Count(one.speaker, errors(words(one.text), words(answer.text)), len(words(one.text)))
        for one, answer in heard
    ]


def _kept(heard: Sequence[tuple[Slip, Answer]]) -> Kept:
    fates = [(slip.voice, fate(slip, answer.text)) for slip, answer in heard]
    return Kept(
        kept=rate([Count(voice, int(what == "kept"), 1) for voice, what in fates]),
        repaired=sum(what == "repaired" for _, what in fates),
        lost=sum(what == "lost" for _, what in fates),
    )


def stt_table(report: SttReport) -> Table:
    """The figures for a terminal."""
    counted = f"{report.utterances} utterances of {report.speakers} speakers"
    table = Table(title=f"avaaz bench stt, {report.date[:10]}, {counted}")
    for heading in ("word error rate", "value", "95 % interval", "adults", "children"):
        table.add_column(heading, justify="left" if heading == "word error rate" else "right")
    for name in (*Rates.model_fields, *SINGLE):
        groups = [_number(getattr(report.by_age.get(group), name, None)) for group in ("adults", "children")]
        table.add_row(name.replace("_", " "), *_cells(report.intervals[name]), *groups)
    table.add_row("final below the best single", *_cells(report.intervals["final_below_best_single"]), "", "")
    for what, kept in report.errors_kept.items():
        table.add_row(f"slips kept, {what}", *_cells(kept.kept), "", "")
    for what, spread in (("streaming", report.latency_ms.streaming), ("final", report.latency_ms.final)):
        table.add_row(f"ms, {what}", f"p50 {spread.p50}", f"p95 {spread.p95}", "", "")
    table.add_row("real-time factor, final", f"{report.rtf}", "", "", "")
    table.add_row("cores a stream", f"{report.streaming_cores}", "", "", "")
    return table


def _cells(found: Rate) -> tuple[str, str]:
    return _number(found.value), f"{_number(found.low)} to {_number(found.high)}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
