"""`avaaz bench exam`: exams on a virtual clock, and the boundaries of exams in a real room."""

from typing import Final

import numpy as np
from pydantic import BaseModel
from rich.table import Table

from api.contract.exams import ExamContent, PartKind, schedule_of
from infra.bench.exam.room import SCALE, RoomExams
from infra.bench.exam.virtual import Outcome, Simulation, Troubles
from infra.bench.machine import Report, describe_machine, describe_versions
from infra.bench.reporter import Reporter
from infra.bench.voice import NO_MODEL
from infra.stack.embedded import running_stack
from prompts import Prompt
from prompts.exams import exams

EXTRA_TIMES: Final = (0.0, 0.25, 0.5, 1.0)


class Errors(BaseModel):
    """Distances in milliseconds between where a boundary was and where it belongs."""

    p50: float | None = None
    p99: float | None = None
    worst: float | None = None

    @classmethod
    def of(cls, seconds: list[float]) -> "Errors":
        """Summed up, to a tenth; empty where there is none."""
        if not seconds:
            return cls()
        milliseconds = np.array(seconds) * 1_000
        p50, p99 = (round(float(np.percentile(milliseconds, share)), 1) for share in (50, 99))
        return cls(p50=p50, p99=p99, worst=round(float(milliseconds.max()), 1))


class RoomReport(BaseModel):
    """The same of real exams, as a learner's screen is told of them."""

    boundary_error_ms: Errors
    n: int
    """Boundaries."""
    unattended: int
    """Boundaries at which no learner or no examiner was there, which nobody could carry out."""
    kills: int
    reconnects: int
    exams: int


class ExamReport(Report):
    """What `avaaz bench exam --json` writes."""

    boundary_error_ms: Errors
    """Of the boundaries that a worker carried out, against where the API's record has them in the end."""
    long_turns_cut: int
    """Long turns that ended before the learner had had their time."""
    n: int
    """Exams."""
    boundaries: int
    long_turns: int
    gained_ms: float
    """The most that anybody had above the length of a long turn."""
    leaves: int
    kills: int
    unfinished: int
    room: RoomReport | None = None
    """None where no room was asked for."""


class ExamBench:
    """One measurement."""

    def __init__(self, n: int, reporter: Reporter, *, rooms: int = 0, seed: int = 1) -> None:
        self._n = n
        self._rooms = rooms
        self._seed = seed
        self._reporter = reporter

    async def run(self) -> ExamReport:
        """Simulates the exams, each with a template and extra time in turn; then sits some in rooms.

        Raises:
            StackError: The stack did not come up.
        """
        contents = [content_of(prompt) for prompt in exams()]
        self._reporter.begin("exams on a virtual clock", self._n)
        outcomes = []
        for number in range(self._n):
            content = contents[number % len(contents)]
            extra_time = EXTRA_TIMES[number // len(contents) % len(EXTRA_TIMES)]
            outcomes.append(simulated(content, extra_time, self._seed * 1_000_000 + number))
            self._reporter.step()
        report = _report(outcomes)
        if self._rooms:
            report.room = await self._in_rooms([content.key for content in contents])
        return report

    async def _in_rooms(self, keys: list[str]) -> RoomReport:
        self._reporter.begin("starting the stack", 1)
        async with running_stack(env={**NO_MODEL, "EXAM_TIME_SCALE": str(SCALE)}, agents=2) as stack:
            self._reporter.step()
            exams_in_rooms = RoomExams(stack, self._reporter)
            for number in range(self._rooms):
                await exams_in_rooms.sit(keys[number % len(keys)])
        figures = exams_in_rooms.figures
        return RoomReport(
            boundary_error_ms=Errors.of(figures.errors_s),
            n=len(figures.errors_s),
            unattended=figures.unattended,
            kills=figures.kills,
            reconnects=figures.reconnects,
            exams=self._rooms,
        )


def content_of(prompt: Prompt) -> ExamContent:
    """A template's file as a template."""
    fields = {name: value for name, value in prompt.content.items() if name != "version"}
    return ExamContent.model_validate(fields)


def simulated(
    content: ExamContent, extra_time: float, seed: int, troubles: Troubles | None = None
) -> Outcome:
    """One exam of a template."""
    long_turns = frozenset(part.key for part in content.parts if part.kind is PartKind.LONG_TURN)
    schedule = schedule_of(content, extra_time=extra_time)
    return Simulation(schedule, long_turns, troubles or Troubles(), seed).run()


def _report(outcomes: list[Outcome]) -> ExamReport:
    errors = [error for one in outcomes for error in one.boundary_errors_s]
    return ExamReport(
        machine=describe_machine(),
        versions=describe_versions(),
        boundary_error_ms=Errors.of(errors),
        long_turns_cut=sum(one.cut for one in outcomes),
        n=len(outcomes),
        boundaries=len(errors),
        long_turns=sum(one.long_turns for one in outcomes),
        gained_ms=round(1_000 * max((one.gained_s for one in outcomes), default=0.0), 1),
        leaves=sum(one.leaves for one in outcomes),
        kills=sum(one.kills for one in outcomes),
        unfinished=sum(not one.ended for one in outcomes),
    )


def exam_table(found: ExamReport) -> Table:
    """The figures for people."""
    table = Table("Exams", "left", "killed", "boundaries", "p50 ms", "p99", "worst", "turns cut", "gained ms")
    table.add_row(
        f"{found.n} virtual",
        *_cells(found.leaves, found.kills, found.boundaries, found.boundary_error_ms),
        f"{found.long_turns_cut} of {found.long_turns}",
        str(found.gained_ms),
    )
    if found.room is not None:
        room = found.room
        cells = _cells(room.reconnects, room.kills, room.n, room.boundary_error_ms)
        table.add_row(f"{room.exams} in a room", *cells, "", "")
    return table


def _cells(left: int, killed: int, boundaries: int, error: Errors) -> list[str]:
    return [str(value) for value in (left, killed, boundaries, error.p50, error.p99, error.worst)]
