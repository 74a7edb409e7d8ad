"""`avaaz bench corrections`: sentences sent to the model server's grammar checker, as a call's words are."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import httpx
from pydantic import BaseModel
from rich.table import Table

from infra.bench.corrections.sentences import OWN, Sentence, plain, read
from infra.bench.figures import Spread
from infra.bench.machine import Report, describe_machine, describe_versions
from infra.bench.model_server import model_server
from infra.bench.reporter import Reporter

_AS_SPOKEN: Final = {
    "language": "en-US",
    "medium": "speech",
    "disabledCategories": "CASING,PUNCTUATION,TYPOGRAPHY,TYPOS,STYLE,REDUNDANCY",
}


class Figures(BaseModel):
    """How good the corrections of some sentences are."""

    precision: float | None
    """Share of the changed sentences that became a good version; None where none was changed."""
    recall: float | None
    """Share of the wrong sentences that became a good version; None where none is wrong."""
    false_alarms_per_100: float | None
    """Right sentences that were changed, of 100; None where none is right."""
    n: int
    wrong: int
    changed: int


class CorrectionsReport(Report, Figures):
    """What `avaaz bench corrections --json` writes: the figures of all sentences, and of the frozen third."""

    frozen: Figures | None
    """None for another set than ours, which has no such third."""
    open: Figures | None
    """Ours without the frozen third."""
    check_ms: Spread
    """One request over HTTP, from sending to having the answer."""


class CorrectionsBench:
    """One measurement of the checker."""

    def __init__(self, data: Path | None, reporter: Reporter) -> None:
        self._data = data
        self._reporter = reporter

    async def run(self) -> CorrectionsReport:
        """Starts the model server, has every sentence checked, stops it.

        Raises:
            StackError: The file holds no sentences, or the server did not come up.
            httpx.HTTPError: It refused a sentence.
        """
        sentences = read(self._data or OWN)
        async with model_server(self._reporter) as base:
            self._reporter.begin("checking", len(sentences))
            async with httpx.AsyncClient(base_url=base, timeout=30.0) as http:
                checked = [await self._checked(http, sentence.text) for sentence in sentences]
        return self._report(list(zip(sentences, (text for text, _ in checked), strict=True)), checked)

    async def _checked(self, http: httpx.AsyncClient, text: str) -> tuple[str, float]:
        """The sentence as the checker would have it, and the milliseconds that took."""
        began = time.perf_counter()
        answer = await http.post("/v2/check", data={**_AS_SPOKEN, "text": text})
        took = 1_000 * (time.perf_counter() - began)
        self._reporter.step()
        return corrected(text, answer.raise_for_status().json()["matches"]), took

    def _report(
        self, pairs: list[tuple[Sentence, str]], checked: list[tuple[str, float]]
    ) -> CorrectionsReport:
        ours = self._data is None or self._data.resolve() == OWN
        return CorrectionsReport(
            machine=describe_machine(),
            versions=describe_versions(),
            frozen=figures([pair for pair in pairs if pair[0].is_frozen]) if ours else None,
            open=figures([pair for pair in pairs if not pair[0].is_frozen]) if ours else None,
            check_ms=Spread.of(took for _, took in checked),
            **figures(pairs).model_dump(),
        )


def corrected(text: str, matches: Sequence[dict[str, Any]]) -> str:
    """A text with the first replacement of each match; offsets count UTF-16 units, as LanguageTool's do."""
    units = text.encode("utf-16-le")
    for match in sorted(matches, key=lambda one: -int(one["offset"])):
        if not match["replacements"]:
            continue
        start, length = 2 * match["offset"], 2 * match["length"]
        units = (
            units[:start] + match["replacements"][0]["value"].encode("utf-16-le") + units[start + length :]
        )
    return units.decode("utf-16-le")


def figures(pairs: Sequence[tuple[Sentence, str]]) -> Figures:
    """The figures of sentences and what they became."""
    wrong = [pair for pair in pairs if pair[0].corrected is not None]
    right = [pair for pair in pairs if pair[0].corrected is None]
    changed = [pair for pair in pairs if plain(pair[1]) != plain(pair[0].text)]
    good = [pair for pair in changed if pair[0].corrected is not None and pair[0].is_good(pair[1])]
    alarms = [pair for pair in changed if pair[0].corrected is None]
    return Figures(
        precision=_share(len(good), len(changed)),
        recall=_share(len(good), len(wrong)),
        false_alarms_per_100=_share(100 * len(alarms), len(right)),
        n=len(pairs),
        wrong=len(wrong),
        changed=len(changed),
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def corrections_table(report: CorrectionsReport) -> Table:
    """The figures for a terminal."""
    table = Table(
        title=f"avaaz bench corrections, {report.date[:10]}, p95 {report.check_ms.p95} ms a sentence"
    )
    for heading in ("sentences", "precision", "recall", "false alarms per 100", "n", "wrong", "changed"):
        table.add_column(heading, justify="left" if heading == "sentences" else "right")
    rows: list[tuple[str, Figures | None]] = [
        ("all", report),
        ("frozen third", report.frozen),
        ("the others", report.open),
    ]
    for name, found in rows:
        if found is not None:
            shares = (found.precision, found.recall, found.false_alarms_per_100)
            counts = (found.n, found.wrong, found.changed)
            table.add_row(name, *("none" if x is None else f"{x:.3f}" for x in shares), *map(str, counts))
    return table
