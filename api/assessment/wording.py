"""A judgement in the words of who reads it."""

from functools import cache
from typing import Final

from pydantic import BaseModel, ConfigDict

from api.assessment.judging.judgement import Judged, Judgement, Phrase, Proof
from api.contract.assessment import Assessment, DimensionScore, Evidence, Readiness, ThingToPractise
from prompts import load

LANGUAGES: Final = ("en", "es")
MOST: Final = 300


class Words(BaseModel):
    """`prompts/assessment/words-*.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    language: str
    structures: dict[str, str]
    phrases: dict[str, str]

    def say(self, phrase: Phrase) -> str:
        """A phrase with its gaps filled; names of structures are said in this language."""
        values = {
            name: self.structures.get(str(value), value) if name == "structure" else value
            for name, value in phrase.values.items()
        }
        said = self.phrases[phrase.name].format(**values)
        return said if len(said) <= MOST else f"{said[: MOST - 1].rstrip()}…"


@cache
def words_of(locale: str) -> Words:
    """The words of a language of the screen; English where there are none."""
    language = locale.split("-", maxsplit=1)[0].lower()
    return load(f"assessment/words-{language if language in LANGUAGES else LANGUAGES[0]}").parse(Words)


def told(head: Assessment, judgement: Judgement, locale: str) -> Assessment:
    """An assessment with everything that its judgement says.

    Args:
        head: State and versions.
        judgement: What is kept.
        locale: The reader's language of the screen.
    """
    words = words_of(locale)
    return head.model_copy(
        update={
            "dimensions": [_dimension(one, words) for one in judgement.dimensions],
            "level": judgement.level,
            "level_confidence": judgement.level_confidence,
            "refused": judgement.refused,
            "flags": judgement.flags,
            "notes": [words.say(note) for note in judgement.notes],
            "readiness": [
                Readiness(
                    dimension=one.dimension,
                    ready=one.ready,
                    score=one.score,
                    needed=one.needed,
                    says=words.say(one.says),
                )
                for one in judgement.readiness
            ],
            "phones": judgement.phones,
            "improvement": judgement.improvement,
            "practise": [
                ThingToPractise(dimension=one.dimension, says=words.say(one.says), lesson_ids=one.lesson_ids)
                for one in judgement.practise
            ],
        }
    )


def _dimension(one: Judged, words: Words) -> DimensionScore:
    return DimensionScore(
        dimension=one.dimension,
        score=one.score,
        confidence=one.confidence,
        level=one.level,
        refused=one.refused,
        reasons=[words.say(reason) for reason in one.reasons],
        evidence=[_evidence(proof, words) for proof in one.evidence],
        measures=one.measures,
    )


def _evidence(proof: Proof, words: Words) -> Evidence:
    return Evidence(
        turn_id=proof.turn_id,
        call_id=proof.call_id,
        start_s=proof.start_s,
        end_s=proof.end_s,
        quote=proof.quote,
        says=words.say(proof.says),
        helps=proof.helps,
    )
