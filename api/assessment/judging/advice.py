"""What to do with a judgement: the learner's own sentence said better, and three things to practise."""

from collections.abc import Sequence
from typing import Final

from api.assessment.judging.dimensions import Measures
from api.assessment.judging.judgement import Advice, Judged, Phrase
from api.assessment.judging.rubric import Rubric
from api.assessment.judging.speech import Material
from api.contract.assessment import Improvement
from api.contract.checking import sentence_around
from api.contract.exams import Dimension
from api.contract.levels import Level
from api.memory.said import squeezed, words_of
from api.onboarding.placement import placement_file

MOST: Final = 3
LONGEST: Final = 600
_OFTEN: Final = 2
"""A slip made so often is worth practising by its name."""


def improvement(material: Material, rubric: Rubric | None) -> Improvement | None:
    """A sentence of the learner's as the next level says it: by the model, else put right."""
    return _by_model(material, rubric) or _corrected(material)


def _by_model(material: Material, rubric: Rubric | None) -> Improvement | None:
    if rubric is None or rubric.better is None:
        return None
    proposed = rubric.better
    answer = dict(enumerate(material.answers, start=1)).get(proposed.turn)
    wanted = squeezed(proposed.quote)
    said = answer is not None and f" {wanted} " in f" {squeezed(answer.heard.text)} "
    if answer is None or not said or not wanted or squeezed(proposed.better) == wanted:
        return None
    return Improvement(turn_id=answer.turn_id, said=proposed.quote, better=proposed.better)


def _corrected(material: Material) -> Improvement | None:
    """The longest sentence of which the corrections tell how it is right."""
    found = [
        (answer, one, _sentence(answer.heard.text, one.start))
        for answer in material.answers
        for one in answer.corrections
    ]
    usable = [one for one in found if 4 <= len(words_of(one[2])) <= 40]
    if not usable:
        return None
    answer, correction, sentence = max(usable, key=lambda one: (len(words_of(one[2])), one[1].start))
    return Improvement(turn_id=answer.turn_id, said=sentence[:LONGEST], better=correction.better[:LONGEST])


def _sentence(text: str, place: int) -> str:
    begin, end = sentence_around(text, place)
    return text[begin:end].strip()


def to_practise(found: Measures, judged: Sequence[Judged]) -> list[Advice]:
    """Three things, one a dimension, those first that are furthest from the target."""
    scored = sorted((one for one in judged if one.score is not None), key=lambda one: one.score or 0.0)
    return [_ADVICE[one.dimension](found) for one in scored][:MOST]


def _fluency(found: Measures) -> Advice:
    measured = found.measured(Dimension.FLUENCY)
    order = [name for name, _ in found.bands.ordered(Dimension.FLUENCY, measured)]
    topic = next(name for name in order if name in _FLUENCY)
    return Advice(dimension=Dimension.FLUENCY, says=Phrase(name=f"practise_{topic}"), topic=topic)


_FLUENCY: Final = ("pauses_within", "mean_run", "articulation_rate", "fillers", "mean_pause")


def _grammar(found: Measures) -> Advice:
    often = [(rule, slips) for rule, slips in found.grammar.commonest if len(slips) >= _OFTEN]
    if often:
        rule, slips = often[0]
        one = slips[0].correction
        values = {"count": len(slips), "wrong": one.original[:60], "right": one.replacement[:60]}
        return Advice(
            dimension=Dimension.GRAMMAR, says=Phrase(name="practise_slip", values=values), topic=rule
        )
    missing = _missing_structure(found)
    if missing is not None:
        return Advice(
            dimension=Dimension.GRAMMAR,
            says=Phrase(name="practise_structure", values={"structure": missing}),
            topic=missing,
        )
    return Advice(dimension=Dimension.GRAMMAR, says=Phrase(name="practise_structures"), topic="structures")


def _missing_structure(found: Measures) -> str | None:
    """A structure of the target level that was not used."""
    used = {one.key for one in found.grammar.structures}
    levels = list(Level)
    upto = levels.index(found.material.target)
    wanted = [
        one
        for one in placement_file().rules.structures
        if one.key not in used and 0 < levels.index(one.level) <= upto
    ]
    return min(wanted, key=lambda one: levels.index(one.level)).key if wanted else None


def _vocabulary(found: Measures) -> Advice:
    overused = found.vocabulary.overused
    if overused:
        word, count = overused[0]
        says = Phrase(name="practise_other_words", values={"word": word, "count": count})
        return Advice(dimension=Dimension.VOCABULARY, says=says, topic="range")
    says = Phrase(name="practise_range", values={"level": found.material.target.value})
    return Advice(dimension=Dimension.VOCABULARY, says=says, topic="range")


def _coherence(found: Measures) -> Advice:
    measured = found.measured(Dimension.COHERENCE)
    order = [name for name, _ in found.bands.ordered(Dimension.COHERENCE, measured)]
    topic = next(name for name in order if name in _COHERENCE)
    return Advice(dimension=Dimension.COHERENCE, says=Phrase(name=f"practise_{topic}"), topic=topic)


_COHERENCE: Final = ("answer_words", "marker_range", "jobs", "on_task", "referring")


def _pronunciation(found: Measures) -> Advice:
    phones = found.pronunciation.to_practise()
    if not phones:
        return Advice(
            dimension=Dimension.PRONUNCIATION, says=Phrase(name="practise_words"), topic="pronunciation"
        )
    values = {"phone": phones[0].phone, "words": ", ".join(phones[0].words[:3])}
    says = Phrase(name="practise_phone", values=values)
    return Advice(dimension=Dimension.PRONUNCIATION, says=says, topic="pronunciation")


_ADVICE: Final = {
    Dimension.FLUENCY: _fluency,
    Dimension.GRAMMAR: _grammar,
    Dimension.VOCABULARY: _vocabulary,
    Dimension.COHERENCE: _coherence,
    Dimension.PRONUNCIATION: _pronunciation,
}
