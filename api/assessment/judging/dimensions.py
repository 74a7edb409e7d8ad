"""Each of the five by itself: refused with a reason, or scored with its measures, reasons and evidence."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from api.assessment.judging import coherence, evidence, fluency, grammar, pronunciation, vocabulary
from api.assessment.judging.bands import Bands
from api.assessment.judging.judgement import Judged, Phrase, Proof
from api.assessment.judging.rubric import JUDGES, Rubric, combined, within
from api.assessment.judging.speech import Answer, Material
from api.contract.assessment import Measure, RefusalCode
from api.contract.exams import Dimension
from api.memory.said import squeezed

REASONS = 3
GOOD = 3.0
"""Score of a measure from which it speaks for somebody."""
SHARES = frozenset(
    {
        *("clean_share", "phonation_ratio", "share_from_b1", "on_task"),
        *("referring", "poor_words", "goodness", "understood"),
    }
)
"""Measures from 0 to 1, which people are told in percent."""
UNITS = {
    "articulation_rate": "syllables/s",
    "speech_rate": "syllables/s",
    "mean_run": "syllables",
    "pauses_within": "1/min",
    "pauses_between": "1/min",
    "mean_pause": "s",
    "fillers": "1/min",
    "restarts": "1/min",
    "slips": "1/100 words",
    "unit_words": "words",
    "answer_words": "words",
    "subordination": "1/10 units",
    "marker_density": "1/100 words",
    "speech_s": "s",
    "snr": "dB",
    "bandwidth": "Hz",
}


@dataclass(frozen=True)
class Measures:
    """Everything that is measured of some material, each when it is first asked for."""

    material: Material
    bands: Bands
    rubric: Rubric | None = None

    def answers(self, dimension: Dimension) -> list[Answer]:
        """The answers of the parts in which a dimension is judged."""
        wanted = {part.key for part in self.material.parts if part.scored and dimension in part.dimensions}
        return [answer for answer in self.material.answers if answer.part in wanted]

    @cached_property
    def fluency(self) -> fluency.Fluency:
        """Of speech."""
        return fluency.measure(self.answers(Dimension.FLUENCY))

    @cached_property
    def grammar(self) -> grammar.Grammar:
        """Of sentences."""
        return grammar.measure(self.answers(Dimension.GRAMMAR))

    @cached_property
    def vocabulary(self) -> vocabulary.Vocabulary:
        """Of words."""
        return vocabulary.measure(self.answers(Dimension.VOCABULARY))

    @cached_property
    def coherence(self) -> coherence.Coherence:
        """Of discourse."""
        theirs = self.answers(Dimension.COHERENCE)
        parts = [part for part in self.material.parts if part.scored]
        return coherence.measure(replace(self.material, parts=parts, answers=theirs))

    @cached_property
    def pronunciation(self) -> pronunciation.Pronunciation:
        """Of sounds."""
        return pronunciation.measure(self.answers(Dimension.PRONUNCIATION))

    def measured(self, dimension: Dimension) -> dict[str, float | None]:
        """The figures of a dimension by the table's names."""
        return _MEASURED[dimension](self)


def _of_fluency(found: Measures) -> dict[str, float | None]:
    one = found.fluency
    return {
        "articulation_rate": one.articulation_rate,
        "speech_rate": one.speech_rate,
        "mean_run": one.mean_run,
        "pauses_within": one.a_minute(len(one.within)),
        "pauses_between": one.a_minute(len(one.between)),
        "phonation_ratio": one.phonation_ratio,
        "mean_pause": one.mean_pause if one.pauses else 0.0,
        "fillers": one.a_minute(len(one.fillers)),
        "restarts": one.a_minute(len(one.restarts)),
    }


def _of_grammar(found: Measures) -> dict[str, float | None]:
    one = found.grammar
    return {
        "slips": one.density() if found.material.checked else None,
        "clean_share": one.clean_share if found.material.checked else None,
        "structures": one.range,
        "unit_words": one.unit_words,
        "clauses": one.clauses_a_unit,
        "subordination": one.subordination,
    }


def _of_vocabulary(found: Measures) -> dict[str, float | None]:
    one = found.vocabulary
    return {
        "reach": one.reach,
        "share_from_b1": one.share_from("B1"),
        "guiraud": one.guiraud,
        "mtld": one.mtld,
        "different_words": float(len(one.types)),
    }


def _of_coherence(found: Measures) -> dict[str, float | None]:
    one = found.coherence
    return {
        "marker_range": one.marker_range,
        "jobs": float(one.jobs),
        "marker_density": one.density,
        "referring": one.referring,
        "on_task": one.on_task,
        "answer_words": one.answer_words,
    }


def _of_pronunciation(found: Measures) -> dict[str, float | None]:
    one = found.pronunciation
    return {
        "goodness": one.goodness,
        "poor_words": one.poor_words,
        "understood": one.confidence,
        "speech_s": one.seconds,
    }


_MEASURED = {
    Dimension.FLUENCY: _of_fluency,
    Dimension.GRAMMAR: _of_grammar,
    Dimension.VOCABULARY: _of_vocabulary,
    Dimension.COHERENCE: _of_coherence,
    Dimension.PRONUNCIATION: _of_pronunciation,
}


def judge(found: Measures, dimension: Dimension) -> Judged | None:
    """The judgement of a dimension; None where no part of the exam is judged by it."""
    if not any(part.scored and dimension in part.dimensions for part in found.material.parts):
        return None
    refused, reason = _refusal(found, dimension)
    if refused is not None:
        return Judged(dimension=dimension, refused=refused, reasons=[reason] if reason else [])
    measured = found.measured(dimension)
    own = found.bands.score(dimension, measured)
    score = _with_rubric(found, dimension, own)
    return Judged(
        dimension=dimension,
        score=score,
        level=found.bands.level(score),
        confidence=_confidence(found, dimension),
        reasons=_reasons(found, dimension, measured),
        evidence=_evidence(found, dimension),
        measures=[
            Measure(name=name, value=round(value, 3), unit=UNITS.get(name, ""))
            for name, value in measured.items()
            if value is not None
        ],
    )


def _with_rubric(found: Measures, dimension: Dimension, own: float) -> float:
    theirs = found.rubric.score(dimension) if found.rubric is not None else None
    if theirs is None:
        return own
    rule = found.bands.overall
    return round(combined(own, theirs, rule.rubric_weight, rule.rubric_moves_at_most), 1)


def _refusal(found: Measures, dimension: Dimension) -> tuple[RefusalCode | None, Phrase | None]:
    if dimension is Dimension.PRONUNCIATION and (code := _sound_refusal(found)) is not None:
        return code, Phrase(name=f"refused_{code.value}")
    least = found.bands.least[dimension]
    words, seconds = _amount(found, dimension)
    if words >= least.words and seconds >= least.seconds:
        return None, None
    values: dict[str, str | int | float] = {"words": words, "least_words": least.words}
    if not least.seconds:
        return RefusalCode.TOO_LITTLE, Phrase(name="refused_too_little", values=values)
    values |= {"seconds": round(seconds), "least_seconds": round(least.seconds)}
    return RefusalCode.TOO_LITTLE, Phrase(name="refused_too_little_speech", values=values)


def _amount(found: Measures, dimension: Dimension) -> tuple[int, float]:
    if dimension is Dimension.FLUENCY:
        return found.fluency.words, found.fluency.phonation_s
    if dimension is Dimension.PRONUNCIATION:
        return len(found.pronunciation.words), found.pronunciation.seconds
    return sum(answer.word_count for answer in found.answers(dimension)), math.inf


def _sound_refusal(found: Measures) -> RefusalCode | None:
    """What forbids judging pronunciation: no sound, noise, a telephone's narrow band, more than one voice."""
    theirs = found.answers(Dimension.PRONUNCIATION)
    sounds = [answer.heard.sound for answer in theirs if answer.heard.sound is not None]
    if not found.material.sound_allowed or (theirs and not sounds):
        return RefusalCode.NO_AUDIO
    if not sounds:
        return None
    limits = found.bands.sound
    spoken = [sound for sound in sounds if sound.speech_s >= 1] or sounds
    if statistics.median(sound.bandwidth_hz for sound in spoken) < limits.narrow_hz:
        return RefusalCode.NARROW_BAND
    if statistics.median(sound.snr_db for sound in spoken) < limits.least_snr_db:
        return RefusalCode.TOO_NOISY
    return RefusalCode.SEVERAL_VOICES if several_voices(theirs, found.bands) else None


def several_voices(answers: Sequence[Answer], bands: Bands) -> bool:
    """Whether answers fall into two groups by pitch, too far apart for one speaker, neither of them small."""
    pitched = sorted(
        (sound.pitch_hz, sound.speech_s)
        for answer in answers
        if (sound := answer.heard.sound) is not None and sound.pitch_hz and sound.speech_s >= 2
    )
    total = sum(seconds for _, seconds in pitched)
    below = 0.0
    for (low, seconds), (high, _) in pairwise(pitched):
        below += seconds
        apart = 12 * math.log2(high / low) >= bands.sound.voices_apart
        if apart and bands.sound.voices_share <= below / total <= 1 - bands.sound.voices_share:
            return True
    return False


def _confidence(found: Measures, dimension: Dimension) -> float:
    """How sure a score is: by how much was said, how well it was heard, and whether from its sound."""
    theirs = found.answers(dimension)
    words, _ = _amount(found, dimension)
    enough = min(1.0, words / found.bands.enough_words[dimension])
    heard = [word.confidence for answer in theirs for word in answer.heard.words]
    clear = sum(heard) / len(heard) if heard else 0.0
    listened = any(answer.heard.source == "sound" for answer in theirs)
    best = 0.9 if listened else 0.75
    return round(best * math.sqrt(enough) * min(1.0, 0.25 + clear), 2)


def _reasons(found: Measures, dimension: Dimension, measured: Mapping[str, float | None]) -> list[Phrase]:
    """What pulls the score up most, and what pulls it down most, each with its figure."""
    ordered = found.bands.ordered(dimension, measured)
    good = [("good", name) for name, score in reversed(ordered) if score >= GOOD]
    weak = [("weak", name) for name, score in ordered if score < GOOD]
    return [
        Phrase(name=f"{kind}_{name}", values={"value": _figure(name, measured[name] or 0.0)})
        for kind, name in [*good[:1], *weak[: REASONS - 1], *good[1:]]
    ][:REASONS]


def _figure(name: str, value: float) -> float | int:
    if name in SHARES:
        return round(100 * value)
    shown = round(value, 1)
    return round(value) if value >= 10 or shown == int(shown) else shown


def _evidence(found: Measures, dimension: Dimension) -> list[Proof]:
    made = {
        Dimension.FLUENCY: lambda: evidence.of_fluency(found.fluency),
        Dimension.GRAMMAR: lambda: evidence.of_grammar(found.grammar),
        Dimension.VOCABULARY: lambda: evidence.of_vocabulary(found.vocabulary),
        Dimension.COHERENCE: lambda: evidence.of_coherence(
            found.coherence, found.answers(Dimension.COHERENCE)
        ),
        Dimension.PRONUNCIATION: lambda: evidence.of_pronunciation(found.pronunciation),
    }[dimension]()
    return [*made, *_said_by_model(found, dimension)][: evidence.MOST]


def _said_by_model(found: Measures, dimension: Dimension) -> list[Proof]:
    """What the language model points at, where those words were said in that turn."""
    if found.rubric is None or dimension not in JUDGES:
        return []
    proofs = []
    numbered = dict(enumerate(found.material.answers, start=1))
    for proof in within(found.rubric.proofs, dimension):
        answer = numbered.get(proof.turn)
        wanted = squeezed(proof.quote)
        if answer is not None and wanted and f" {wanted} " in f" {squeezed(answer.heard.text)} ":
            says = Phrase(name="model", values={"text": proof.says})
            proofs.append(evidence.of_quote(answer, proof.quote, says, helps=proof.helps))
    return proofs
