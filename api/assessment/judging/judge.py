"""The whole judgement of an attempt from its material: a pure function, the same for the same."""

from collections.abc import Sequence
from typing import Final

from api.assessment.judging import dimensions
from api.assessment.judging.advice import improvement, to_practise
from api.assessment.judging.bands import Bands, bands
from api.assessment.judging.dimensions import Measures
from api.assessment.judging.guard import Guarded, guard
from api.assessment.judging.judgement import Criterion, Estimate, Judged, Judgement, Phrase
from api.assessment.judging.rubric import Rubric
from api.assessment.judging.speech import Material
from api.contract.assessment import FlagCode, PhonePractice, RefusalCode
from api.contract.exams import Dimension
from api.contract.levels import Level

CODE: Final = "judging-1"
"""Version of these rules; any change to how a score comes about is another one."""


def judge(material: Material, rubric: Rubric | None = None, table: Bands | None = None) -> Judgement:
    """Judge an attempt.

    Args:
        material: What was heard, with the corrections of it.
        rubric: What a language model said of what is left to judge (`judgeable`), where one was asked.
        table: The bands; those in force where left out.
    """
    table = table or bands()
    left = guard(material)
    if left.refused is not None:
        return _nothing(left, left.refused)
    if not any(answer.word_count for answer in left.material.answers):
        return _nothing(left, RefusalCode.TOO_LITTLE)
    found = Measures(left.material, table, rubric)
    judged = [one for dimension in Dimension if (one := dimensions.judge(found, dimension)) is not None]
    level, confidence, refused = _overall(judged, table)
    return Judgement(
        dimensions=judged,
        level=level,
        level_confidence=confidence,
        refused=refused,
        flags=left.flags,
        readiness=[_criterion(one, material.target, table) for one in judged],
        phones=_phones(found, judged),
        improvement=improvement(left.material, rubric),
        practise=to_practise(found, judged),
        notes=left.notes,
    )


def judgeable(material: Material) -> Material:
    """What of an attempt is judged, for who is asked about it besides: without what is no answer."""
    return guard(material).material


def overall_score(judged: Sequence[Judged], table: Bands | None = None) -> float | None:
    """The score of the whole; None where too few dimensions were judged.

    The mean, in which no dimension counts for more than a little above the weakest: clear sounds do not make
    up for words that are not there.
    """
    table = table or bands()
    scores = [one.score for one in judged if one.score is not None]
    if len(scores) < min(table.overall.least_dimensions, len(judged)):
        return None
    most = min(scores) + table.overall.above_lowest
    return sum(min(score, most) for score in scores) / len(scores)


def _nothing(left: Guarded, refused: RefusalCode) -> Judgement:
    """Every dimension refused for one reason."""
    scored = [part for part in left.material.parts if part.scored]
    wanted = [one for one in Dimension if any(one in part.dimensions for part in scored)]
    name = "nothing" if refused is RefusalCode.TOO_LITTLE else refused.value
    says = Phrase(name=f"refused_{name}")
    return Judgement(
        dimensions=[Judged(dimension=one, refused=refused, reasons=[says]) for one in wanted],
        refused=refused,
        flags=left.flags or _flag_of(refused),
        notes=left.notes,
    )


def _flag_of(refused: RefusalCode) -> list[FlagCode]:
    return [FlagCode.SILENT_PART] if refused is RefusalCode.TOO_LITTLE else []


def _overall(judged: Sequence[Judged], table: Bands) -> tuple[Estimate | None, float, RefusalCode | None]:
    """The level of the whole, how sure, and why there is none."""
    score = overall_score(judged, table)
    if score is None:
        refusals = [one.refused for one in judged if one.refused is not None]
        return None, 0.0, max(set(refusals), key=refusals.count) if refusals else RefusalCode.TOO_LITTLE
    sure = [one.confidence for one in judged if one.score is not None]
    share = len(sure) / len(judged)
    return table.level(round(score, 1)), round(share * sum(sure) / len(sure), 2), None


def _phones(found: Measures, judged: Sequence[Judged]) -> list[PhonePractice]:
    """Sounds to practise, where pronunciation was judged."""
    scored = {one.dimension for one in judged if one.score is not None}
    return found.pronunciation.to_practise() if Dimension.PRONUNCIATION in scored else []


def _criterion(one: Judged, target: Level, table: Bands) -> Criterion:
    needed = table.levels[target]
    if one.score is None:
        says = Phrase(name="readiness_unknown")
        return Criterion(dimension=one.dimension, ready=None, score=None, needed=needed, says=says)
    ready = one.score >= needed
    gap = round(needed - one.score, 1)
    name = "readiness_there" if ready else "readiness_close" if gap <= 0.5 else "readiness_far"
    says = Phrase(name=name, values={"gap": max(0.0, gap), "level": target.value})
    return Criterion(dimension=one.dimension, ready=ready, score=one.score, needed=needed, says=says)
