"""`avaaz bench voice`: spoken calls on a stack of its own, measured from the audio a learner receives."""

import asyncio
import itertools
import math
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from infra.bench.account import ApiRefusedError
from infra.bench.audio import AudioFileError
from infra.bench.calls import own_call, recorded_turns
from infra.bench.figures import (
    Captions,
    Memory,
    Spread,
    Turn,
    TurnSpread,
    VoiceReport,
    sum_up_turns,
)
from infra.bench.interruptions import Interruptions
from infra.bench.machine import CpuMeter, describe_machine, describe_versions
from infra.bench.measures import CallFigures, converse, hear_greeting
from infra.bench.recordings import Utterance, clear_voices, learners
from infra.bench.reporter import Reporter
from infra.bench.room_client import RoomClientError
from infra.bench.slow_llm import MODEL, SlowLlm
from infra.stack.embedded import RunningStack, running_stack

TURNS_PER_CALL = 12
LEARNERS_PER_CALL = 15
"""Real learners' turns are long: fewer greetings keep 30 of them within five minutes."""

FEWEST_PLACES = 4
"""Places that the stack has by default; a hung-up call keeps its place until its record is closed."""

NO_MODEL = {"LLM_URL": "", "LLM_PROVIDER": "", "LLM_MODEL": "", "OPENAI_API_KEY": "", "DEEPGRAM_API_KEY": ""}
"""The packaged models only, whatever the caller's environment holds."""

CallError = (ApiRefusedError, RoomClientError)


class Row(StrEnum):
    """What can be measured by itself."""

    CLEAR = "clear"
    SLOW_LLM = "slow-llm"
    LEARNERS = "learners"
    BARGE_IN = "barge-in"
    MEMORY = "memory"


ON_GUIDED = {Row.CLEAR, Row.LEARNERS, Row.MEMORY}
ON_SLOW_LLM = {Row.SLOW_LLM, Row.BARGE_IN}


@dataclass
class Options:
    """What to measure."""

    turns: int = 30
    calls: int = 1
    learners: Path | None = None
    rows: frozenset[Row] = frozenset(Row)


@dataclass
class RowFigures:
    """What the calls of one row gave together."""

    turns: list[Turn] = field(default_factory=list)
    greetings_s: list[float] = field(default_factory=list)
    caption_lags_s: list[float] = field(default_factory=list)
    interim_updates: int = 0
    stages: dict[str, list[float]] = field(default_factory=dict)
    waited_maximum_delay: int = 0

    def add(self, call: CallFigures, recorded: Iterable[dict[str, Any]]) -> None:
        """Takes a call's figures and its turns as the API keeps them."""
        self.turns += call.turns
        self.greetings_s += [call.greeting_s] if call.greeting_s is not None else []
        self.caption_lags_s += call.caption_lags_s
        self.interim_updates += call.interim_updates
        for turn in recorded:
            timings = dict(turn.get("timings") or {})
            self.waited_maximum_delay += bool(timings.pop("waited_maximum_delay", False))
            for stage, value in timings.items():
                if value is not None:
                    self.stages.setdefault(stage, []).append(float(value))

    def stage_spreads(self) -> dict[str, Spread]:
        """Each stage's milliseconds."""
        return {name: Spread.of(values) for name, values in sorted(self.stages.items())}

    def spread(self, calls: int) -> TurnSpread:
        """Voice-to-voice latency of the row."""
        return sum_up_turns(self.turns, calls=calls, waited_maximum_delay=self.waited_maximum_delay)


class VoiceBench:
    """One measurement from start to report."""

    def __init__(self, options: Options, reporter: Reporter) -> None:
        self._options = options
        self._reporter = reporter
        self._clear = clear_voices()
        self.report = VoiceReport(
            machine=describe_machine(),
            versions=describe_versions(),
            calls=options.calls,
            turns=options.turns,
        )

    async def run(self) -> VoiceReport:
        """Starts what is needed, measures, stops it.

        Raises:
            StackError: the stack did not come up.
        """
        if self._options.rows & ON_GUIDED:
            await self._on_guided()
        if self._options.rows & ON_SLOW_LLM:
            await self._on_slow_llm()
        return self.report

    async def _on_guided(self) -> None:
        self._reporter.begin("starting the stack", 1)
        places = {"AGENT_MAX_CALLS": str(max(FEWEST_PLACES, self._options.calls + 2))}
        async with running_stack(env={**NO_MODEL, **places}, agents=2) as stack:
            self._reporter.step()
            if Row.MEMORY in self._options.rows:
                await self._memory(stack)
            if Row.CLEAR in self._options.rows:
                await self._clear_row(stack)
            if Row.LEARNERS in self._options.rows:
                await self._learners_row(stack)

    async def _on_slow_llm(self) -> None:
        async with SlowLlm().running() as llm:
            self._reporter.begin("starting the stack with a slow language model", 1)
            environment = {**NO_MODEL, "LLM_URL": llm.url, "LLM_MODEL": MODEL}
            async with running_stack(env=environment, agents=2) as stack:
                self._reporter.step()
                if Row.SLOW_LLM in self._options.rows:
                    row = await self._row(stack, "slow language model", self._clear, callers=1)
                    self.report.slow_llm_voice_to_voice_ms = row.spread(1)
                    self.report.slow_llm_stages_ms = row.stage_spreads()
                if Row.BARGE_IN in self._options.rows:
                    llm.long_answers = True
                    await self._barge_in_row(stack)
                if not llm.requests:
                    self.report.notes.append("the slow language model was never asked: guided answered")

    async def _clear_row(self, stack: RunningStack) -> None:
        meter = CpuMeter(_pids(stack))
        row = await self._row(stack, "clear voices", self._clear, callers=self._options.calls)
        self.report.cpu_cores = meter.cores()
        self.report.voice_to_voice_ms = row.spread(self._options.calls)
        self.report.stages_ms = row.stage_spreads()
        self.report.greeting_ms = Spread.of(value * 1_000 for value in row.greetings_s)
        lags = Spread.of(value * 1_000 for value in row.caption_lags_s)
        self.report.captions = Captions(word_ms=lags, interim_updates=row.interim_updates)

    async def _learners_row(self, stack: RunningStack) -> None:
        folder = self._options.learners
        if folder is None:
            self.report.notes.append("no recordings of real learners were given: their row is null")
            return
        try:
            spoken = learners(folder, self._options.turns)
        except AudioFileError as error:
            self.report.notes.append(f"the row of real learners is null: {error}")
            return
        row = await self._row(stack, "real learners", spoken, callers=1, per_call=LEARNERS_PER_CALL)
        self.report.learners_voice_to_voice_ms = row.spread(1)
        self.report.learners_stages_ms = row.stage_spreads()

    async def _row(
        self,
        stack: RunningStack,
        name: str,
        utterances: Sequence[Utterance],
        *,
        callers: int,
        per_call: int = TURNS_PER_CALL,
    ) -> RowFigures:
        each = math.ceil(self._options.turns / callers)
        self._reporter.begin(f"{name}, {callers} at once", each * callers)
        row = RowFigures()
        await asyncio.gather(
            *(
                self._caller(stack, row, _rotated(utterances, caller, each), caller, per_call)
                for caller in range(callers)
            )
        )
        return row

    async def _caller(
        self,
        stack: RunningStack,
        row: RowFigures,
        utterances: Sequence[Utterance],
        number: int,
        per_call: int,
    ) -> None:
        await asyncio.sleep(0.7 * number)
        for start in range(0, len(utterances), per_call):
            part = utterances[start : start + per_call]
            try:
                await self._one_call(stack, row, part, seed=number + 1)
            except CallError as error:
                self.report.notes.append(f"a call failed: {error}")

    async def _one_call(
        self, stack: RunningStack, row: RowFigures, utterances: Sequence[Utterance], seed: int
    ) -> None:
        figures = CallFigures()
        async with own_call(stack.api_url, seed=seed) as client:
            figures.greeting_s = await hear_greeting(client)
            if figures.greeting_s is None:
                raise RoomClientError("the coach did not greet")
            await converse(client, utterances, figures, self._reporter.step)
            await client.hang_up()
            row.add(figures, await recorded_turns(client.account))

    async def _barge_in_row(self, stack: RunningStack) -> None:
        row = Interruptions(stack.api_url, self._clear, self._reporter, self.report.notes)
        self.report.barge_in_ms = await row.barge_ins(self._options.turns)
        self.report.backchannels = await row.noises()

    async def _memory(self, stack: RunningStack) -> None:
        self._reporter.begin("memory", 4)
        await asyncio.sleep(5.0)
        idle = _total_mb(stack)
        self._reporter.step()
        totals: list[float] = []
        async with AsyncExitStack() as calls:
            for number in range(3):
                client = await calls.enter_async_context(own_call(stack.api_url))
                await hear_greeting(client)
                await converse(client, [self._clear[number]], CallFigures(), lambda: None)
                totals.append(_total_mb(stack))
                self._reporter.step()
        self.report.memory = Memory(
            idle_mb=round(idle, 1),
            one_call_mb=round(totals[0], 1),
            per_further_call_mb=round((totals[2] - totals[0]) / 2, 1),
        )


def _rotated(utterances: Sequence[Utterance], caller: int, count: int) -> list[Utterance]:
    shifted = itertools.islice(itertools.cycle(utterances), caller * 7, caller * 7 + count)
    return list(shifted)


def _pids(stack: RunningStack) -> dict[str, int]:
    names = ("agent", "models", "livekit", "api", "worker", "postgres", "shipper")
    found: dict[str, int] = {}
    for name in names:
        try:
            pid = stack.part(name).pid
        except KeyError:
            continue
        if pid is not None:
            found[name] = pid
    return found


def _total_mb(stack: RunningStack) -> float:
    return sum(stack.pss().values()) / 1e6
