"""How a measurement is shown: a table for people, Markdown for the documentation."""

from collections.abc import Sequence

from rich.table import Table

from infra.bench.figures import BargeInSpread, Spread, TurnSpread, VoiceReport

HEADINGS = ("figure", "p50", "p95", "n", "remarks")
BEGIN = "<!-- bench:voice begin -->"
END = "<!-- bench:voice end -->"


def rows(report: VoiceReport) -> list[tuple[str, str, str, str, str]]:
    """Every measured figure: name, median, 95th percentile, sample size, remarks."""
    at_once = f", {report.calls} calls at once" if report.calls > 1 else ""
    found = [
        _row(f"voice to voice, clear voices{at_once}, ms", report.voice_to_voice_ms),
        _row(
            "voice to voice, language model with 350 ms to its first token, ms",
            report.slow_llm_voice_to_voice_ms,
        ),
        _row("voice to voice, real learners, ms", report.learners_voice_to_voice_ms),
        _row("barge-in until the coach is silent, ms", report.barge_in_ms),
        _row("greeting, from pressing the button, ms", report.greeting_ms),
    ]
    for noise, kept in report.backchannels.items():
        remark = f"of {kept.played}: {kept.never_paused} never paused, {kept.never_resumed} never resumed"
        found.append(_row(f"going on after a {noise}, ms", kept.resume_ms, remark))
    if report.captions is not None:
        found.append(_row("caption behind a spoken word, ms", report.captions.word_ms))
    found += [_row(f"stage {_words(name)}, ms", spread) for name, spread in report.stages_ms.items()]
    if report.memory is not None:
        found.append(("memory of the stack at rest, PSS MB", f"{report.memory.idle_mb:.0f}", "", "1", ""))
        found.append(
            ("memory of each further call, PSS MB", f"{report.memory.per_further_call_mb:.0f}", "", "2", "")
        )
    if report.cpu_cores:
        shares = ", ".join(f"{name} {cores:.2f}" for name, cores in report.cpu_cores.items())
        found.append(
            ("cores in use during the first row", f"{sum(report.cpu_cores.values()):.2f}", "", "", shares)
        )
    return [row for row in found if row is not None]


def rich_table(report: VoiceReport) -> Table:
    """The figures for a terminal."""
    table = Table(title=f"avaaz bench voice, {caption(report)}")
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading in {"p50", "p95", "n"} else "left")
    for row in rows(report):
        table.add_row(*row)
    for note in report.notes:
        table.add_row(f"note: {note}", "", "", "", "")
    return table


def markdown(reports: Sequence[VoiceReport]) -> str:
    """The figures for `docs/benchmarks.md`, a section a report."""
    return "\n\n".join(_section(report) for report in reports)


def updated(document: str, section: str) -> str:
    """The document with the text between its two markers replaced, appended where it has none."""
    block = f"{BEGIN}\n{section}\n{END}"
    head, begin, rest = document.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if begin and end:
        return head + block + tail
    return f"{document.rstrip()}\n\n{block}\n"


def caption(report: VoiceReport) -> str:
    """Date, machine and scale of a report in one line."""
    machine = report.machine
    return (
        f"{report.date[:10]}, {machine.get('processor')}, {machine.get('cores')} cores, "
        f"{machine.get('memory_gb')} GB, load before {machine.get('load_before')}, "
        f"{report.calls} calls at once"
    )


def _section(report: VoiceReport) -> str:
    lines = [f"### {caption(report)}", "", "| figure | p50 | p95 | n | remarks |", "|---|--:|--:|--:|---|"]
    lines += ["| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows(report)]
    versions = ", ".join(f"{name} {version}" for name, version in report.versions.items())
    lines += ["", f"Versions: {versions}."]
    lines += [f"Note: {note}." for note in report.notes]
    return "\n".join(lines)


def _row(name: str, spread: Spread | None, remark: str = "") -> tuple[str, str, str, str, str] | None:
    if spread is None:
        return None
    remarks = [remark] if remark else []
    if isinstance(spread, TurnSpread):
        remarks.append(f"{spread.early} early, {spread.unanswered} unanswered")
        remarks.append(f"{spread.waited_maximum_delay} waited the maximum delay")
    if isinstance(spread, BargeInSpread):
        remarks.append(f"{spread.missed} missed, {spread.told_nothing} told nothing")
    return name, _figure(spread.p50), _figure(spread.p95), str(spread.n), ", ".join(remarks)


def _figure(value: float | None) -> str:
    return "none" if value is None else f"{value:.0f}"


def _words(name: str) -> str:
    return name.replace("_", " ")
