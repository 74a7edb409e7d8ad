"""Remembering with a language model. It proposes; only facts whose words were really said are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

import prompts
from api.contract.calls import FactKind
from api.language_model import LanguageModel
from api.memory.material import Material, material_of
from api.memory.rules import MAX_FACT, MOST_FACTS_A_CALL, Fact, is_sensitive
from api.memory.said import Said

PROMPT: Final = "memory/model"
MAX_RECAP: Final = 600
MAX_SUMMARY: Final = 1_500


class _Fact(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: FactKind
    text: Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]
    turn: int
    quote: str


class Notes(BaseModel):
    """What the model is asked for."""

    model_config = ConfigDict(extra="forbid")
    recap: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    topic: str
    summary: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    facts: Annotated[list[_Fact], Field(max_length=MOST_FACTS_A_CALL)]


@dataclass(frozen=True)
class Remembered:
    """What is to be kept of a call."""

    recap: str
    topic: str | None
    summary: str | None
    """The whole session's; None where it is put together from the recaps."""
    facts: list[Fact]
    prompt_hash: str
    written_by: str


async def remember(
    model: LanguageModel, turns: Sequence[Said], earlier: Sequence[str], known: Sequence[str]
) -> Remembered:
    """Have a call remembered.

    Args:
        model: Who writes.
        turns: The call.
        earlier: Notes on earlier calls, newest first.
        known: Facts that are known already.

    Raises:
        LanguageModelError: It cannot be asked, or its answer does not fit.
    """
    prompt = prompts.load(PROMPT)
    material = material_of(turns)
    notes = await model.write(
        f"{prompt.text('role')}\n{prompt.text('rules')}",
        {"earlier_calls": list(earlier), "known": list(known), "turns": material.listed()},
        Notes,
    )
    return Remembered(
        recap=_harmless(notes.recap)[:MAX_RECAP],
        topic=_topic(notes.topic),
        summary=_harmless(notes.summary)[:MAX_SUMMARY],
        facts=[fact for proposed in notes.facts if (fact := _kept(proposed, material))],
        prompt_hash=prompt.hash,
        written_by=model.name,
    )


def _kept(proposed: _Fact, material: Material) -> Fact | None:
    turn = material.learners(proposed.turn, proposed.quote)
    text = " ".join(proposed.text.removeprefix("The learner ").split()).rstrip(".")
    if turn is None or not text or is_sensitive(text) or is_sensitive(proposed.quote):
        return None
    return Fact(proposed.kind, text[:MAX_FACT], None, turn)


def _topic(text: str) -> str | None:
    topic = " ".join(text.split()).rstrip(".")
    fits = (
        0 < len(topic) <= 60 and not is_sensitive(topic) and topic.replace("'", "").replace(" ", "").isalnum()
    )
    return topic if fits else None


def _harmless(text: str) -> str:
    """A text without its sentences that touch what is never kept."""
    kept = [part for part in text.replace("\n", " ").split(". ") if not is_sensitive(part)]
    return ". ".join(kept)
