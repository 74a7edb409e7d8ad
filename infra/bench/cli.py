"""`avaaz bench NAME`: measure the product on this machine. Each bench starts what it needs and stops it."""

import asyncio
import importlib
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from pydantic import BaseModel
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from infra.bench import report as voice_report
from infra.bench.api_load import ApiBench, api_table
from infra.bench.chromium import find_chromium
from infra.bench.corrections.bench import CorrectionsBench, corrections_table
from infra.bench.dashboard import DashboardBench, dashboard_table
from infra.bench.exam.bench import ExamBench, exam_table
from infra.bench.figures import VoiceReport
from infra.bench.models import ModelsBench, models_table
from infra.bench.pronunciation.bench import PronunciationBench, pronunciation_table
from infra.bench.recordings import DEFAULT_LEARNERS
from infra.bench.retrieval import RetrievalBench, retrieval_table
from infra.bench.stt.bench import SttBench, stt_table
from infra.bench.turns.plot import svg
from infra.bench.voice import Options, Row, VoiceBench
from infra.bench.web import WebBench, web_table
from infra.stack.errors import StackError
from infra.stack.settings import load_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Measure the product on this machine.")

Json = Annotated[
    str | None, typer.Option("--json", metavar="OUT", help="Write JSON here; - is standard output.")
]
Found = TypeVar("Found")
Markdown = Annotated[bool, typer.Option("--table", help="Print the figures as Markdown.")]


class BarReporter:
    """Shows what is being measured as a bar on standard error."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("starting", total=None)

    def begin(self, what: str, steps: int) -> None:
        """A piece of work of so many steps begins."""
        self._progress.update(self._task, visible=False)
        self._task = self._progress.add_task(what, total=steps)

    def step(self) -> None:
        """One of them is done."""
        self._progress.advance(self._task)


@app.command()
def voice(
    *,
    turns: Annotated[int, typer.Option(min=1, max=1_000, help="Turns in each row.")] = 30,
    calls: Annotated[int, typer.Option(min=1, max=16, help="Calls at once in the row of clear voices.")] = 1,
    json_out: Json = None,
    learners: Annotated[
        Path | None, typer.Option(help="Folder of real learners' recordings (utterances.jsonl).")
    ] = None,
    only: Annotated[list[Row] | None, typer.Option(help="Measure this row only (may be repeated).")] = None,
    table: Markdown = False,
) -> None:
    """Spoken calls through the whole stack: latency, barge-in, greeting, captions, stages, memory."""
    folder = learners or (DEFAULT_LEARNERS if DEFAULT_LEARNERS.is_dir() else None)
    options = Options(turns=turns, calls=calls, learners=folder, rows=frozenset(only or Row))
    with _progress() as progress:
        found = _measured(VoiceBench(options, BarReporter(progress)).run())
    _put_out(found, json_out, voice_report.rich_table(found))
    if table:
        _console(json_out).print(voice_report.markdown([found]), markup=False, soft_wrap=True)
    rows = (found.voice_to_voice_ms, found.slow_llm_voice_to_voice_ms, found.learners_voice_to_voice_ms)
    if any(row is not None and row.n == 0 for row in rows):
        _fail("No turn of a row was answered; see the notes.")


@app.command()
def table(
    files: Annotated[list[Path], typer.Argument(help="JSON files that `avaaz bench voice` wrote.")],
    update: Annotated[
        Path | None, typer.Option(help="Put the table between the markers of this document.")
    ] = None,
) -> None:
    """Print saved measurements as Markdown, or put them into docs/benchmarks.md."""
    try:
        reports = [VoiceReport.model_validate_json(file.read_text("utf-8")) for file in files]
    except (OSError, ValueError) as error:
        _fail(f"A file is no saved measurement: {error}")
    section = voice_report.markdown(reports)
    if update is None:
        sys.stdout.write(section + "\n")
        return
    known = update.read_text("utf-8") if update.exists() else "# Benchmarks\n"
    update.write_text(voice_report.updated(known, section), "utf-8")


@app.command()
def models(
    sentences: Annotated[int, typer.Option(min=1, max=200, help="Sentences to hear and to speak.")] = 20,
    json_out: Json = None,
) -> None:
    """The model server by itself: how fast it hears and speaks, and how well it hears."""
    with _progress() as progress:
        found = _measured(ModelsBench(sentences, BarReporter(progress)).run())
    _put_out(found, json_out, models_table(found))


@app.command()
def stt(
    *,
    data: Annotated[
        Path, typer.Option(help="Folder of learners' utterances (utterances.jsonl and its audio).")
    ] = DEFAULT_LEARNERS,
    items: Annotated[
        int | None,
        typer.Option(min=1, help="So many utterances, each speaker's first before anyone's second."),
    ] = None,
    cross_validate: Annotated[
        bool, typer.Option(help="Fit by speaker folds what is fitted; at present nothing is.")
    ] = False,
    json_out: Json = None,
) -> None:
    """How well learners are heard: the stream, the second look, with what was expected, slips kept."""
    with _progress() as progress:
        bench = SttBench(data, items, BarReporter(progress), cross_validate=cross_validate)
        found = _measured(bench.run())
    _put_out(found, json_out, stt_table(found))


@app.command()
def pronunciation(
    data: Annotated[Path, typer.Option(help="Folder of utterances whose phones experts scored.")],
    *,
    cross_validate: Annotated[
        bool,
        typer.Option("--cross-validate", help="Fit within the data; judge each speaker without their own."),
    ] = False,
    json_out: Json = None,
) -> None:
    """How each phone was said: the machine's scores against experts'."""
    with _progress() as progress:
        bench = PronunciationBench(data, BarReporter(progress), cross_validate=cross_validate)
        found = _measured(bench.run())
    _put_out(found, json_out, pronunciation_table(found))


@app.command()
def corrections(
    data: Annotated[
        Path | None, typer.Option(help="JSONL of text, corrected, accepted; without it, our own set.")
    ] = None,
    json_out: Json = None,
) -> None:
    """Learners' sentences put right: precision, recall, false alarms; no language model."""
    with _progress() as progress:
        found = _measured(CorrectionsBench(data, BarReporter(progress)).run())
    _put_out(found, json_out, corrections_table(found))


@app.command()
def api(
    users: Annotated[int, typer.Option(min=1, max=5_000, help="People signed in at once.")] = 1_000,
    seconds: Annotated[float, typer.Option(min=1, max=600, help="How long is measured.")] = 60.0,
    json_out: Json = None,
) -> None:
    """The API under load: many people reading, each thinking one to five seconds, and sign-ins."""
    with _progress() as progress:
        found = _measured(ApiBench(users, seconds, BarReporter(progress)).run())
    _put_out(found, json_out, api_table(found))


@app.command()
def dashboard(
    *,
    instructors: Annotated[int, typer.Option(min=1, max=50, help="Instructors at work at once.")] = 50,
    seconds: Annotated[float, typer.Option(min=1, max=600, help="How long is measured.")] = 60.0,
    learners: Annotated[int, typer.Option(min=10, max=2_000)] = 200,
    calls: Annotated[int, typer.Option(min=50, max=200_000)] = 20_000,
    turns: Annotated[int, typer.Option(min=1_000, max=6_000_000)] = 600_000,
    json_out: Json = None,
) -> None:
    """The review screens over a large school: many instructors reading, searching, commenting."""
    size = {"learners": learners, "calls": calls, "turns": turns}
    with _progress() as progress:
        found = _measured(DashboardBench(instructors, seconds, size, BarReporter(progress)).run())
    _put_out(found, json_out, dashboard_table(found))


@app.command()
def web(
    visits: Annotated[int, typer.Option(min=5, max=100, help="First visits of each page.")] = 10,
    audits: Annotated[int, typer.Option(min=0, max=20, help="Lighthouse runs of each page; 0: none.")] = 3,
    chromium: Annotated[Path | None, typer.Option(help="Chromium, where it is not on PATH.")] = None,
    json_out: Json = None,
) -> None:
    """First visits over a slow connection, and Lighthouse: landing and talk, in an empty browser."""
    with _progress() as progress:
        try:
            program = find_chromium(chromium)
        except StackError as error:
            _fail(str(error))
        found = _measured(WebBench(visits, audits, program, BarReporter(progress)).run())
    _put_out(found, json_out, web_table(found))


@app.command()
def fluency(
    utterances: Annotated[int, typer.Option(min=2, max=500, help="Utterances with planted figures.")] = 40,
    json_out: Json = None,
) -> None:
    """Planted rates, pauses and fillers, found again the way that exams are listened to."""
    bench = importlib.import_module("infra.bench.fluency.bench")  # it brings the judgement, which takes long
    with _progress() as progress:
        found = _measured(bench.FluencyBench(utterances, BarReporter(progress)).run())
    _put_out(found, json_out, bench.fluency_table(found))


@app.command()
def ladder(
    sample: Annotated[int | None, typer.Option(min=1, max=20, help="So many topics of 20.")] = None,
    json_out: Json = None,
) -> None:
    """Made-up candidates from A1 to B2 in three voices, and cheats, judged as exams are; resumable."""
    bench = importlib.import_module("infra.bench.ladder.bench")  # it brings the judgement, which takes long
    folder = load_settings(None).avaaz_home / "bench" / "ladder"
    with _progress() as progress:
        found = _measured(bench.LadderBench(sample, folder, BarReporter(progress)).run())
    _put_out(found, json_out, bench.ladder_table(found))


@app.command()
def exam(
    exams: Annotated[int, typer.Option(min=3, max=100_000, help="Exams on a virtual clock.")] = 1_000,
    rooms: Annotated[int, typer.Option(min=0, max=30, help="Exams in a real room, shortened.")] = 5,
    json_out: Json = None,
) -> None:
    """How exactly mock exams keep their time: people come and go, workers die, the record hears late."""
    with _progress() as progress:
        found = _measured(ExamBench(exams, BarReporter(progress), rooms=rooms).run())
    _put_out(found, json_out, exam_table(found))


@app.command()
def retrieval(
    chunks: Annotated[int, typer.Option(min=1_000, max=1_000_000, help="Passages in all.")] = 20_200,
    json_out: Json = None,
) -> None:
    """The right passage among many: how often it is found, how fast, and what is answered from it."""
    with _progress() as progress:
        found = _measured(RetrievalBench(chunks, BarReporter(progress)).run())
    _put_out(found, json_out, retrieval_table(found))


@app.command()
def turns(
    data: Annotated[Path, typer.Option(help="Folder of real learners' recordings (utterances.jsonl).")],
    *,
    items: Annotated[int, typer.Option(min=10, max=5_000, help="Turns of learners.")] = 250,
    cross_validate: Annotated[
        bool,
        typer.Option("--cross-validate", help="Fit within the data; judge each speaker without their own."),
    ] = False,
    plot: Annotated[Path | None, typer.Option(help="Write the trade-off curve as SVG here.")] = None,
    json_out: Json = None,
) -> None:
    """Taking turns with hesitant learners: who is cut off, how long the others wait; policies compared."""
    bench = importlib.import_module("infra.bench.turns.bench")  # it brings the agent, which takes seconds
    home = load_settings(None).avaaz_home
    with _progress() as progress:
        made = bench.TurnsBench(data, home, BarReporter(progress), items=items, cross_validate=cross_validate)
        found = _measured(made.run())
    if plot:
        plot.write_text(svg(found.curves), "utf-8")
    _put_out(found, json_out, bench.turns_table(found))


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


def _measured(work: Coroutine[Any, Any, Found]) -> Found:
    try:
        return asyncio.run(work)
    except StackError as error:
        _fail(str(error))


def _put_out(found: BaseModel, json_out: str | None, shown: RenderableType) -> None:
    text = found.model_dump_json(indent=2) + "\n"
    if json_out == "-":
        sys.stdout.write(text)
    elif json_out is not None:
        Path(json_out).write_text(text, "utf-8")
    _console(json_out).print(shown)


def _console(json_out: str | None) -> Console:
    return Console(stderr=json_out == "-")


def _fail(sentence: str) -> NoReturn:
    Console(stderr=True).print(f"avaaz bench: {sentence}", markup=False)
    raise typer.Exit(1)
