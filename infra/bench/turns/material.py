"""The labelled set of a run: turns and overlaps with their traces."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from pydantic import BaseModel

from infra.bench.reporter import Reporter
from infra.bench.turns import corpus
from infra.bench.turns.corpus import Recording, Speaker
from infra.bench.turns.overlaps import BACKCHANNELS, WORDS, overlaps
from infra.bench.turns.planting import CONDITIONS, CONJUNCTIONS, FILLERS, KINDS, Recipe, Spoken, build
from infra.bench.turns.speech_server import HeardWord, SpeechServer
from infra.bench.turns.store import Store
from infra.bench.turns.trace import Trace, Tracer
from infra.bench.turns.turns import Overlap, Turn

OVERLAPS_OF_A_SOUND: Final = 40
CLEAR_TURNS: Final = 36
_SEED: Final = 20_261


class Hearing(BaseModel):
    """The words of a recording as rows of text, start and end."""

    words: list[tuple[str, float, float]]


@dataclass(frozen=True)
class Material:
    """Everything that is judged: turns in order of their speakers, and their traces beside them."""

    turns: list[tuple[Turn, Trace]]
    overlaps: list[tuple[Overlap, Trace]]

    def group(self, group: str) -> list[tuple[Turn, Trace]]:
        """The turns of a group."""
        return [pair for pair in self.turns if pair[0].group == group]


class Maker:
    """Builds the set and computes what was not computed before."""

    def __init__(self, server: SpeechServer, store: Store, reporter: Reporter) -> None:
        self._server = server
        self._store = store
        self._reporter = reporter
        self._tracer: Tracer | None = None

    async def make(self, folder: Path, items: int) -> Material:
        """The set from a folder of learners with so many turns of theirs.

        Raises:
            AudioFileError: the folder holds no learners' recordings.
        """
        speakers = corpus.learners(folder)
        spoken = await self._spoken()
        turns = [
            *await self._turns(speakers, spoken, items),
            *await self._clear_turns(spoken),
        ]
        sounds = overlaps(speakers, spoken, OVERLAPS_OF_A_SOUND, _SEED)
        self._reporter.begin("tracing", len(turns) + len(sounds))
        return Material(
            [(turn, await self._traced(turn)) for turn in turns],
            [(sound, await self._traced(sound)) for sound in sounds],
        )

    async def _spoken(self) -> Spoken:
        texts = (*CONJUNCTIONS, *FILLERS, *BACKCHANNELS, *WORDS)
        self._reporter.begin("speaking words", len(texts))
        found = {}
        for text in texts:
            found[text] = await self._store.sound(text, partial(self._server.say, text))
            self._reporter.step()
        return Spoken(found)

    async def _turns(self, speakers: Sequence[Speaker], spoken: Spoken, items: int) -> list[Turn]:
        """Turns of the speakers in rounds, then in order of their speakers."""
        self._reporter.begin("planting pauses", items)
        found: list[tuple[int, int, Turn]] = []
        index = 0
        while index < items:
            speaker_index, round_ = index % len(speakers), index // len(speakers)
            speaker = speakers[speaker_index]
            random = np.random.default_rng([_SEED, index])
            said = speaker.recordings
            pair = [said[(2 * round_) % len(said)], said[(2 * round_ + 1) % len(said)]]
            kind = KINDS[index % len(KINDS)]
            condition = CONDITIONS[index % len(CONDITIONS)]
            heard = [(one, await self._words(one)) for one in pair]
            turn = build(Recipe(pair[0].name, "learners", kind, condition), heard, spoken, random)
            found.append((speaker_index, round_, turn))
            self._reporter.step()
            index += 1
        return [turn for *_, turn in sorted(found, key=lambda row: row[:2])]

    async def _clear_turns(self, spoken: Spoken) -> list[Turn]:
        found: list[Turn] = []
        for speaker in corpus.clear():
            said = speaker.recordings
            for index, one in enumerate(said):
                random = np.random.default_rng([_SEED, 1, len(found)])
                pair = [one, said[(index + 1) % len(said)]]
                heard = [(r, corpus.known_words(r)) for r in pair]
                kind = KINDS[(2 * index) % len(KINDS)] if index % 2 else "whole"
                found.append(build(Recipe(one.name, "clear", kind, "clean"), heard, spoken, random))
        return found

    async def _words(self, recording: Recording) -> list[HeardWord]:
        async def hear() -> Hearing:
            found = await self._server.words(recording.samples)
            return Hearing(words=[(one.text, one.start, one.end) for one in found])

        known = await self._store.model(Hearing, recording.samples, hear)
        return [HeardWord(*row) for row in known.words]

    async def _traced(self, item: Turn | Overlap) -> Trace:
        async def compute() -> Trace:
            self._tracer = self._tracer or Tracer(self._server)
            return await self._tracer.trace(item.samples)

        found = await self._store.model(Trace, item.samples, compute)
        self._reporter.step()
        return found
