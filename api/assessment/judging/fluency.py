"""How fluently somebody speaks: rate, runs, pauses and repairs, from the times of words and silences.

Definitions:

- **pause**: a silence of at least 250 ms (`speech.PAUSE_S`, de Jong and Bosker 2013). Where the sound was
  listened to, silences are the sound's own; else they are gaps between words.
- **articulation rate**: syllables a second of phonation time, hesitations left out on both sides (de Jong
  2016, "Predicting pauses in L1 and L2 speech").
- **speech rate**: syllables a second of speaking time, pauses included (Kormos and Dénes 2004, "Exploring
  measures and perceptions of fluency").
- **mean length of run**: syllables between two pauses (Towell, Hawkins and Bazergui 1996).
- **phonation ratio**: the share of speaking time that is not pause (Kormos and Dénes 2004).
- **pauses within and between clauses**, a minute of speaking time: those within are what hearers notice
  (Tavakoli 2011, "Pausing patterns"); clauses as in `clauses`.
- **fillers**: "um", "er" and the like, and voice of 100 ms and more between words where none was written.
- **restarts**: words said again at once, and what says that one begins anew ("I mean", "no, sorry"). They do
  not tell levels apart and weigh nothing in the score.

Speaking time runs from the first word to the last of a stretch: turns of the learner with nobody between
them are one stretch, since in a long turn a long pause may end a turn of the record.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from api.assessment.judging.clauses import ends_after
from api.assessment.judging.rules import words_for
from api.assessment.judging.speech import PAUSE_S, Answer, HeardWord, Span
from api.assessment.judging.syllables import syllables

UNSURE: Final = 0.6
"""Confidence below which a short word that stands alone may be a hesitation."""
ALONE_S: Final = 0.15
"""How near a pause lies to a word that stands alone."""
LONGEST_PAUSE_S: Final = 8.0
"""More of one pause does not count: somebody who waits for the examiner does not hesitate."""
FILLER_S: Final = 0.1
"""Shortest voice between words that is a filler."""
_RESTART: Final = re.compile(
    r"^(?:i mean|no sorry|sorry no|or rather|let me start again|i want to say|sorry i)$"
)


@dataclass(frozen=True)
class Pause:
    """A silence, in seconds from the beginning of its stretch."""

    start: float
    end: float
    within: bool
    """Whether it stands inside a clause."""
    before: int
    """Index of the word that it follows."""

    @property
    def seconds(self) -> float:
        """Its length, as far as it counts."""
        return min(self.end - self.start, LONGEST_PAUSE_S)


@dataclass(frozen=True)
class Stretch:
    """Words said in a row, with nobody else between them; seconds from the first turn's beginning."""

    answers: Sequence[Answer]
    words: Sequence[HeardWord]
    whose: Sequence[int]
    """For each word the index of its answer."""
    silences: Sequence[Span] | None
    """None where the sound was not listened to."""


@dataclass(frozen=True)
class Fluency:
    """The measures of some stretches together."""

    words: int
    syllables: int
    speaking_s: float
    phonation_s: float
    stretches: list[Stretch] = field(default_factory=list)
    pauses: list[tuple[Stretch, Pause]] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)
    """Syllables of each run."""
    fillers: list[tuple[Stretch, Span]] = field(default_factory=list)
    restarts: list[tuple[Stretch, int]] = field(default_factory=list)
    """Index of the word that is said again, or begins anew."""

    @property
    def articulation_rate(self) -> float:
        """Syllables a second of phonation."""
        return self.syllables / self.phonation_s if self.phonation_s else 0.0

    @property
    def speech_rate(self) -> float:
        """Syllables a second of speaking time."""
        return self.syllables / self.speaking_s if self.speaking_s else 0.0

    @property
    def mean_run(self) -> float:
        """Syllables between two pauses."""
        return sum(self.runs) / len(self.runs) if self.runs else 0.0

    @property
    def phonation_ratio(self) -> float:
        """Share of speaking time that is not pause."""
        return self.phonation_s / self.speaking_s if self.speaking_s else 0.0

    def a_minute(self, count: float) -> float:
        """A count for each minute of speaking time."""
        return 60 * count / self.speaking_s if self.speaking_s else 0.0

    @property
    def within(self) -> list[tuple[Stretch, Pause]]:
        """Pauses inside of clauses."""
        return [one for one in self.pauses if one[1].within]

    @property
    def between(self) -> list[tuple[Stretch, Pause]]:
        """Pauses where a clause ends."""
        return [one for one in self.pauses if not one[1].within]

    @property
    def mean_pause(self) -> float:
        """Seconds of a pause."""
        return sum(pause.seconds for _, pause in self.pauses) / len(self.pauses) if self.pauses else 0.0


def stretches(answers: Sequence[Answer]) -> list[Stretch]:
    """The answers' words in a row; a new stretch where somebody else spoke, or a part or call began."""
    groups: list[list[Answer]] = []
    for answer in answers:
        if not answer.heard.words:
            continue
        last = groups[-1][-1] if groups else None
        goes_on = (
            last is not None
            and not answer.after_coach
            and (answer.part, answer.call_id, answer.heard.source)
            == (last.part, last.call_id, last.heard.source)
        )
        if goes_on:
            groups[-1].append(answer)
        else:
            groups.append([answer])
    return [_stretch(group) for group in groups]


def _stretch(answers: Sequence[Answer]) -> Stretch:
    words: list[HeardWord] = []
    whose: list[int] = []
    silences: list[Span] | None = []
    reached = 0.0
    for index, answer in enumerate(answers):
        shift = answer.began_at - answers[0].began_at
        if words:
            shift = max(shift, reached - answer.heard.words[0].start)
        moved = [
            word.model_copy(update={"start": word.start + shift, "end": word.end + shift})
            for word in answer.heard.words
        ]
        sound = answer.heard.sound
        if sound is None or silences is None:
            silences = None
        else:
            if words and moved[0].start - reached >= PAUSE_S:
                silences.append((reached, moved[0].start))
            silences += [(start + shift, end + shift) for start, end in sound.silences]
        words += moved
        whose += [index] * len(moved)
        reached = moved[-1].end
    return Stretch(answers, words, whose, _joined(silences))


def _joined(silences: list[Span] | None) -> list[Span] | None:
    """Silences in order, those that touch as one."""
    if silences is None:
        return None
    joined: list[Span] = []
    for start, end in sorted(silences):
        if joined and start <= joined[-1][1] + 0.02:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def measure(answers: Sequence[Answer]) -> Fluency:
    """The measures of what was said in some answers."""
    total = Fluency(0, 0, 0.0, 0.0)
    for stretch in stretches([answer for answer in answers if answer.heard.timed]):
        total = _sum(total, _of_stretch(stretch))
    return total


def _of_stretch(stretch: Stretch) -> Fluency:
    words = stretch.words
    begin, end = words[0].start, max(word.end for word in words)
    pauses = list(_pauses(stretch, begin, end))
    fillers = list(_fillers(stretch))
    hesitating = sum(stop - start for start, stop in fillers)
    silent = sum(pause.seconds for pause in pauses)
    cut = sum(pause.end - pause.start for pause in pauses) - silent
    speaking = end - begin - cut
    hesitations = [is_filler(stretch, index) for index in range(len(words))]
    spoken = [0 if filler else syllables(word.text) for word, filler in zip(words, hesitations, strict=True)]
    return Fluency(
        words=hesitations.count(False),
        syllables=sum(spoken),
        speaking_s=speaking,
        phonation_s=max(0.0, speaking - silent - hesitating),
        stretches=[stretch],
        pauses=[(stretch, pause) for pause in pauses],
        runs=_runs(spoken, pauses),
        fillers=[(stretch, span) for span in fillers],
        restarts=[(stretch, index) for index in restarts(words)],
    )


def _pauses(stretch: Stretch, begin: float, end: float) -> Iterator[Pause]:
    words = stretch.words
    if stretch.silences is None:
        spans = [(before.end, after.start) for before, after in pairwise(words)]
    else:
        spans = [(max(start, begin), min(stop, end)) for start, stop in stretch.silences]
    for start, stop in spans:
        if stop - start < PAUSE_S:
            continue
        middle = (start + stop) / 2
        before = max((i for i, word in enumerate(words) if (word.start + word.end) / 2 < middle), default=0)
        yield Pause(start, stop, not ends_after(words, before), before)


def _fillers(stretch: Stretch) -> Iterator[Span]:
    """Words that are fillers; and, where the sound was listened to, voice in a gap between words."""
    for index, word in enumerate(stretch.words):
        if is_filler(stretch, index):
            yield word.start, word.end
    if stretch.silences is None:
        return
    for before, after in pairwise(stretch.words):
        voiced = _left((before.end, after.start), stretch.silences)
        yield from (span for span in voiced if span[1] - span[0] >= FILLER_S)


def is_filler(stretch: Stretch, index: int) -> bool:
    """Whether a word is a hesitation: by its name, or one that stands alone and is written like a word."""
    word = stretch.words[index]
    if word.bare in words_for("fillers"):
        return True
    unsure = word.confidence < UNSURE and syllables(word.text) == 1
    mistaken = word.bare in words_for("mistaken_fillers") or unsure
    if not mistaken or not 0 < index < len(stretch.words) - 1:
        return False
    if stretch.silences is None:
        gaps = (stretch.words[index - 1].end, word.start), (word.end, stretch.words[index + 1].start)
        return all(end - start >= PAUSE_S for start, end in gaps)
    pauses = [one for one in stretch.silences if one[1] - one[0] >= PAUSE_S]
    before = any(abs(end - word.start) < ALONE_S for _, end in pauses)
    return before and any(abs(start - word.end) < ALONE_S for start, _ in pauses)


def _left(gap: Span, silences: Sequence[Span]) -> list[Span]:
    """What of a gap is not silent."""
    at, left = gap[0], []
    for start, end in silences:
        if end <= at or start >= gap[1]:
            continue
        if start > at:
            left.append((at, start))
        at = max(at, end)
    if at < gap[1]:
        left.append((at, gap[1]))
    return left


def _runs(spoken: Sequence[int], pauses: Sequence[Pause]) -> list[int]:
    cuts = [0, *sorted({pause.before + 1 for pause in pauses}), len(spoken)]
    runs = [sum(spoken[start:end]) for start, end in pairwise(cuts)]
    return [run for run in runs if run]


def restarts(words: Sequence[HeardWord]) -> Iterator[int]:
    """Where one to three words are said again at once, or somebody says that they begin anew."""
    said = [(index, word.bare) for index, word in enumerate(words) if word.bare not in words_for("fillers")]
    plain = [bare for _, bare in said]
    at = 0
    while at < len(plain):
        again = next((n for n in (3, 2, 1) if plain[at : at + n] == plain[at + n : at + 2 * n]), 0)
        if again and not (again == 1 and plain[at] in words_for("twice")):
            yield said[at + again][0]
            at += again
        elif _RESTART.match(" ".join(plain[at : at + 2])):
            yield said[at][0]
            at += 2
        else:
            at += 1


def _sum(one: Fluency, other: Fluency) -> Fluency:
    return Fluency(
        words=one.words + other.words,
        syllables=one.syllables + other.syllables,
        speaking_s=one.speaking_s + other.speaking_s,
        phonation_s=one.phonation_s + other.phonation_s,
        stretches=one.stretches + other.stretches,
        pauses=one.pauses + other.pauses,
        runs=one.runs + other.runs,
        fillers=one.fillers + other.fillers,
        restarts=one.restarts + other.restarts,
    )
