"""What a language model finds beyond the rules: only what quotes the learner word for word counts."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

import prompts
from api.contract.checking import better_sentence
from api.contract.corrections import Correction, CorrectionCategory, Severity
from api.corrections.hearing import was_heard
from api.language_model import LanguageModel
from api.memory.material import material_of
from api.memory.said import Said, squeezed

PROMPT: Final = "corrections/model"
CONFIDENCE: Final = 0.7
MOST: Final = 60

Line = Annotated[str, StringConstraints(max_length=400, strip_whitespace=True)]


class _Proposal(BaseModel):
    model_config = ConfigDict(extra="forbid")
    turn: int
    quote: Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]
    replacement: Line
    category: CorrectionCategory
    severity: Severity
    explanation: Line


class Proposals(BaseModel):
    """What the model is asked for."""

    model_config = ConfigDict(extra="forbid")
    corrections: Annotated[list[_Proposal], Field(max_length=MOST)]


def prompt_hash() -> str:
    """What the prompt is known by."""
    return prompts.load(PROMPT).hash


async def find(
    model: LanguageModel, turns: Sequence[Said], known: Mapping[UUID, Sequence[Correction]], level: str
) -> dict[UUID, list[Correction]]:
    """Further corrections of a call's turns, none over one that is known.

    Args:
        model: Who proposes.
        turns: The call.
        known: What the rules found, by turn.
        level: The learner's.

    Raises:
        LanguageModelError: It cannot be asked, or its answer does not fit.
    """
    prompt = prompts.load(PROMPT)
    material = material_of(turns)
    answer = await model.write(
        f"{prompt.text('role')}\n{prompt.text('rules')}",
        {"learner_level": level, "turns": material.listed()},
        Proposals,
    )
    found: dict[UUID, list[Correction]] = {}
    for proposal in answer.corrections:
        turn = material.learners(proposal.turn, proposal.quote)
        if turn is None:
            continue
        others = [*known.get(turn.id, ()), *found.get(turn.id, ())]
        correction = _correction(turn, proposal)
        if correction is not None and not any(_touch(correction, other) for other in others):
            found.setdefault(turn.id, []).append(correction)
    return found


def _correction(turn: Said, proposal: _Proposal) -> Correction | None:
    """None where the words are not in the turn exactly once, nothing changes, or they may be misheard."""
    start = turn.text.find(proposal.quote)
    same = squeezed(proposal.quote) == squeezed(proposal.replacement)
    if start < 0 or turn.text.count(proposal.quote) != 1 or same:
        return None
    end = start + len(proposal.quote)
    correction = Correction(
        start=start,
        end=end,
        original=proposal.quote,
        replacement=proposal.replacement,
        better=better_sentence(turn.text, start, [(start, end, proposal.replacement)])[:1_000],
        category=proposal.category,
        rule="MODEL",
        explanation=proposal.explanation,
        severity=proposal.severity,
        confidence=CONFIDENCE,
    )
    return correction if was_heard(correction, turn.text, turn.words) else None


def _touch(one: Correction, other: Correction) -> bool:
    return one.start < other.end and other.start < one.end
