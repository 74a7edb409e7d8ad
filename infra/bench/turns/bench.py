"""`avaaz bench turns`: who lets hesitant learners finish, and what that costs those who have finished."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from pydantic import Field
from rich.table import Table

from agent.endpointing import Pauses, Weights
from agent.smart_turn import SmartTurn, shared
from infra.bench.audio import AudioFileError
from infra.bench.machine import Report, describe_machine, describe_versions
from infra.bench.models import OTHER_PARTS
from infra.bench.reporter import Reporter
from infra.bench.turns import smart_turn
from infra.bench.turns.fitting import LENGTHS, TONE, CrossValidated, Pairs, by_speaker
from infra.bench.turns.material import Maker, Material
from infra.bench.turns.policies import (
    Answer,
    Reaction,
    Wait,
    fixed,
    our_reaction,
    ours,
    stock,
    stock_reaction,
)
from infra.bench.turns.scoring import PolicyFigures, cut_rate, median_delay
from infra.bench.turns.second import with_second
from infra.bench.turns.smart_turn import Smart
from infra.bench.turns.speech_server import SpeechServer
from infra.bench.turns.store import Store
from infra.bench.turns.trace import Stretch, Trace
from infra.bench.turns.turns import Turn
from infra.stack.embedded import running_stack
from infra.stack.errors import StackError

STORE_VERSION: Final = "1"
NO_PARTIALS: Final = {"MODELS_PARTIAL_AFTER_MS": "3600000"}
"""Partial results play no part in the decisions, and cost time."""
COSTS: Final = tuple(x / 4 for x in range(-12, 21))
FIXED: Final = (0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.5, 1.8, 2.2, 2.6, 3.0)
THRESHOLDS: Final = tuple(x / 20 for x in range(1, 20))
SIGNALS: Final[dict[str, frozenset[str]]] = {
    "the second model": frozenset({"second", TONE}),
    "what it has heard": frozenset({TONE}),
    "the packaged model": frozenset({"sound"}),
    "the last word": frozenset({"filler", "conjunction", "wants_more"}),
    "the marks": frozenset({"marked", "comma"}),
    "how long the turn is": LENGTHS,
}
"""What the ablation leaves out, one at a time."""

Point = tuple[float, float]
"""Median delay in milliseconds, share of turns that were cut."""


class TurnsReport(Report):
    """What `avaaz bench turns --json` writes. A policy that could not run is null, its reason in `notes`."""

    ours: PolicyFigures
    livekit_default: PolicyFigures
    smart_turn: PolicyFigures | None
    fixed_800: PolicyFigures
    fixed_1500: PolicyFigures
    fixed_1800: PolicyFigures
    cross_validated: bool
    """Whether `ours` was fitted within this data, each speaker judged by weights fitted without them."""
    clear: dict[str, PolicyFigures]
    """The same for clear synthetic voices, `ours` as shipped."""
    curves: dict[str, list[Point]]
    """Delay against cut-offs along each policy's own setting."""
    without: dict[str, Point] = Field(default_factory=dict)
    """The ablation: `ours` at the same median delay as whole, with one signal left out."""
    overlaps: int
    notes: list[str] = Field(default_factory=list)


class TurnsBench:
    """One run over one folder."""

    def __init__(
        self, data: Path, home: Path, reporter: Reporter, *, items: int = 250, cross_validate: bool = False
    ) -> None:
        self._data = data
        self._store = Store(home / "cache" / "bench-turns", STORE_VERSION)
        self._reporter = reporter
        self._items = items
        self._cross_validate = cross_validate

    async def run(self) -> TurnsReport:
        """Builds the set, judges every policy on it.

        Raises:
            StackError: The folder holds no recordings, or the model server did not come up.
        """
        material = await self.material()
        second = shared()
        judged = await self._judged(second, material) if second else None
        return Judge(material, judged, cross_validate=self._cross_validate).report()

    async def material(self) -> Material:
        """The labelled set, computed where it was not computed before.

        Raises:
            StackError: The folder holds no recordings, or the model server did not come up.
        """
        self._reporter.begin("starting the model server", 1)
        async with running_stack(without=OTHER_PARTS, env=NO_PARTIALS) as stack:
            self._reporter.step()
            async with SpeechServer(stack.models_url) as server:
                try:
                    material = await Maker(server, self._store, self._reporter).make(self._data, self._items)
                except AudioFileError as error:
                    raise StackError(str(error)) from error
        second = shared()
        return await self._listened(second, material) if second else material

    async def _listened(self, second: SmartTurn, material: Material) -> Material:
        """The turns with what the second model of calls makes of them."""
        self._reporter.begin("second end-of-turn model", len(material.turns))
        found = []
        for turn, trace in material.turns:
            found.append((turn, await with_second(self._store, second, turn.samples, trace)))
            self._reporter.step()
        return Material(found, material.overlaps)

    async def _judged(self, smart: SmartTurn, material: Material) -> Pairs:
        """The turns with smart-turn's probabilities in place of the packaged model's."""
        self._reporter.begin("smart-turn", len(material.turns))
        found = []
        for turn, trace in material.turns:
            judged = await self._store.model(Smart, turn.samples, partial(_judge, smart, turn, trace))
            stretches = [
                one.model_copy(update={"probability": probability})
                for one, probability in zip(trace.ours, judged.probabilities, strict=True)
            ]
            found.append((turn, trace.model_copy(update={"ours": stretches})))
            self._reporter.step()
        return found


async def _judge(smart: SmartTurn, turn: Turn, trace: Trace) -> Smart:
    return smart_turn.judge(smart, turn.samples, trace.ours)


class Judge:
    """Every policy on the same material."""

    def __init__(self, material: Material, smart: Pairs | None, *, cross_validate: bool) -> None:
        self._learners = material.group("learners")
        self._clear = material.group("clear")
        self._overlaps = material.overlaps
        self._smart = [pair for pair in smart if pair[0].group == "learners"] if smart else None
        self._cross_validate = cross_validate
        self._weights = Weights.shipped()
        self._fitted = CrossValidated.of(self._learners, self._weights) if cross_validate else None

    def report(self) -> TurnsReport:
        """All figures."""
        stock_heard = [stock_reaction(*pair) for pair in self._overlaps]
        our_answers = self._our_answers()
        return TurnsReport(
            machine=describe_machine(),
            versions=describe_versions(),
            ours=PolicyFigures.of(our_answers, [our_reaction(*pair) for pair in self._overlaps]),
            livekit_default=self._figures(stock(), stock_heard, stock_ear=True),
            smart_turn=self._smart_figures(),
            fixed_800=self._figures(fixed(0.8), stock_heard),
            fixed_1500=self._figures(fixed(1.5), stock_heard),
            fixed_1800=self._figures(fixed(1.8), stock_heard),
            cross_validated=self._cross_validate,
            clear=self._clear_figures(),
            curves=self._curves(),
            without=self._ablation(median_delay(our_answers) or 0.0) if self._cross_validate else {},
            overlaps=len(self._overlaps),
            notes=[] if self._smart else [f"smart_turn: {smart_turn.ABSENT}"],
        )

    def _our_answers(self, cost: float | None = None) -> list[Answer]:
        if self._fitted:
            return self._fitted.answers(cost)
        return by_speaker(self._learners, ours(self._weights, cost))

    def _figures(
        self, wait: Wait, reactions: Sequence[Reaction], *, stock_ear: bool = False
    ) -> PolicyFigures:
        return PolicyFigures.of(by_speaker(self._learners, wait, stock_ear=stock_ear), reactions)

    def _smart_figures(self) -> PolicyFigures | None:
        """Its barge-in figures are absent: it has no part in them."""
        if self._smart is None:
            return None
        return PolicyFigures.of(by_speaker(self._smart, smart_wait()), [])

    def _clear_figures(self) -> dict[str, PolicyFigures]:
        waits = {"ours": ours(), "livekit_default": stock(), "fixed_800": fixed(0.8)}
        return {name: PolicyFigures.of(by_speaker(self._clear, wait), []) for name, wait in waits.items()}

    def _curves(self) -> dict[str, list[Point]]:
        found = {
            "ours": [point(self._our_answers(cost)) for cost in COSTS],
            "livekit_default": [
                point(by_speaker(self._learners, stock(threshold), stock_ear=True))
                for threshold in THRESHOLDS
            ],
            "fixed": [point(by_speaker(self._learners, fixed(seconds))) for seconds in FIXED],
        }
        if self._smart is not None:
            found["smart_turn"] = [
                point(by_speaker(self._smart, smart_wait(threshold))) for threshold in THRESHOLDS
            ]
        return found

    def _ablation(self, delay_ms: float) -> dict[str, Point]:
        """Each signal left out, at the cost that brings the median delay nearest to the whole policy's."""
        found = {}
        for name, left_out in SIGNALS.items():
            fitted = CrossValidated.of(self._learners, self._weights, left_out)
            points = [point(fitted.answers(cost)) for cost in COSTS]
            found[name] = min(points, key=lambda one: abs(one[0] - delay_ms))
        return found


def smart_wait(threshold: float = smart_turn.THRESHOLD) -> Wait:
    """smart-turn as pipecat uses it: at once where it says that the turn is complete, else after 3 s."""

    def wait(stretch: Stretch, _text: str, _pauses: Pauses) -> float:
        return 0.0 if (stretch.probability or 0.0) > threshold else smart_turn.STOP_S

    return wait


def point(answers: Sequence[Answer]) -> Point:
    """A policy on the curve: median delay in ms, share of hesitant turns that were cut."""
    hesitant = [one for one in answers if one.turn.kind != "whole"]
    return median_delay(answers) or 0.0, cut_rate(hesitant) or 0.0


def turns_table(report: TurnsReport) -> Table:
    """The figures for a terminal."""
    fitted = "cross-validated by speaker" if report.cross_validated else "as shipped"
    table = Table(title=f"avaaz bench turns, {report.ours.n} turns, ours {fitted}")
    for heading in ("policy", "cut off", "interval", "p50 ms", "p95 ms", "false barge-in", "missed"):
        table.add_column(heading, justify="left" if heading == "policy" else "right")
    for name in ("ours", "livekit_default", "smart_turn", "fixed_800", "fixed_1500", "fixed_1800"):
        found: PolicyFigures | None = getattr(report, name)
        if found is None:
            table.add_row(name, *["absent"] * 6)
            continue
        low, high = found.false_cutoff_interval or (0.0, 0.0)
        table.add_row(
            name,
            _percent(found.false_cutoff_rate),
            f"{100 * low:.1f} to {100 * high:.1f} %",
            f"{found.added_delay_ms.p50:.0f}" if found.added_delay_ms.p50 is not None else "none",
            f"{found.added_delay_ms.p95:.0f}" if found.added_delay_ms.p95 is not None else "none",
            _percent(found.false_barge_in_rate),
            _percent(found.missed_barge_in_rate),
        )
    return table


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{100 * share:.1f} %"
