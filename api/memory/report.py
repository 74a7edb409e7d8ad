"""A report of a call: by a language model that is checked, else from what was measured and found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

import prompts
from api.language_model import LanguageModel
from api.memory.findings import Finding, count_sentences
from api.memory.material import Material, material_of
from api.memory.rules import RULES, is_sensitive, subjects_of
from api.memory.said import Said, sentences, squeezed, words_of
from api.memory.schemas import Improvement, Praise, ReportContent, TalkTime

LEAST_WORDS: Final = 20
LEAST_TURNS: Final = 3
"""Below these a report would be made of nothing."""
MODEL_PROMPT: Final = "report/model"
MOST_IMPROVEMENTS: Final = 5
MOST: Final = 3
_LONG_ANSWER: Final = 12
_SHORT_ANSWERS: Final = 6.0
_MANY_WORDS: Final = 40
_LONGEST_QUOTE: Final = 300
_CATALOGUES: Final = ("en", "es")


class Words(BaseModel):
    """The content of `prompts/report/words-*.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    language: str
    topics: dict[str, str]
    went_well: dict[str, str]
    practise_next: dict[str, str]


@dataclass(frozen=True)
class Written:
    """A report with what shaped it."""

    content: ReportContent
    prompt_hash: str
    written_by: str


def says_too_little(time: TalkTime) -> bool:
    """Whether the learner said too little for an honest report."""
    return time.learner_words < LEAST_WORDS or time.learner_turns < LEAST_TURNS


def by_rules(turns: Sequence[Said], time: TalkTime, found: Sequence[Finding] | None, locale: str) -> Written:
    """A report from measured facts.

    Args:
        turns: The call.
        time: Who spoke how long.
        found: What the grammar checker found; None where there is none.
        locale: The learner's language on screen.
    """
    prompt = prompts.load(f"report/words-{_catalogue(locale)}")
    words = prompt.parse(Words)
    improvements = [
        Improvement(quote=one.text, better=one.better, why=one.why or None, turn_id=one.turn_id)
        for one in _most_useful(found or ())
    ]
    subjects = [words.topics[name] for name in subjects_of(turns)]
    content = ReportContent(
        talked_about=subjects[:5],
        went_well=_went_well(words, turns, time, found),
        work_on=improvements,
        practise_next=_practise(words, turns, time, subjects, corrected=bool(improvements)),
        time=time,
        checked=found is not None,
    )
    return Written(content, prompt.hash, RULES)


def _most_useful(found: Sequence[Finding]) -> list[Finding]:
    """One finding for each better sentence; those that are longer tell more."""
    distinct = {squeezed(one.text): one for one in found if not is_sensitive(one.text)}
    longest = sorted(distinct.values(), key=lambda one: -len(words_of(one.text)))
    return longest[:MOST_IMPROVEMENTS]


def _went_well(
    words: Words, turns: Sequence[Said], time: TalkTime, found: Sequence[Finding] | None
) -> list[Praise]:
    said = words.went_well
    praise: list[Praise] = []
    own = [turn for turn in turns if turn.by_learner]
    longest = max(own, key=lambda turn: len(words_of(turn.text)))
    count = len(words_of(longest.text))
    if count >= _LONG_ANSWER:
        corrected = longest.id in {one.turn_id for one in found or ()}
        unfit = corrected or is_sensitive(longest.text) or len(longest.text) > _LONGEST_QUOTE
        quote = None if unfit else longest.text
        praise.append(Praise(text=said["longest"].format(count=count), quote=quote, turn_id=longest.id))
    if found is not None and (clean := _clean(own, found)) is not None:
        praise.append(Praise(text=said["clean"].format(count=clean[0], all=clean[1])))
    if time.learner_share is not None and time.learner_share >= 0.5:
        praise.append(Praise(text=said["share"].format(percent=round(100 * time.learner_share))))
    different = len({word for turn in own for word in words_of(turn.text)})
    if different >= _MANY_WORDS:
        praise.append(Praise(text=said["words"].format(count=different)))
    if (questions := _questions(own)) >= 2:
        praise.append(Praise(text=said["asked"].format(count=questions)))
    return praise[:MOST]


def _clean(own: Sequence[Said], found: Sequence[Finding]) -> tuple[int, int] | None:
    """How many of how many sentences had nothing to correct; None where it were no praise."""
    checked = count_sentences(own)
    clean = checked - len(found)
    return (clean, checked) if checked >= 3 and clean * 2 >= checked else None


def _questions(own: Sequence[Said]) -> int:
    return sum(part.endswith("?") for turn in own for part in sentences(turn.text))


def _practise(
    words: Words, turns: Sequence[Said], time: TalkTime, subjects: Sequence[str], *, corrected: bool
) -> list[str]:
    said, own = words.practise_next, [turn for turn in turns if turn.by_learner]
    advice = [said["corrected"]] if corrected else []
    if time.learner_words / max(1, time.learner_turns) < _SHORT_ANSWERS:
        advice.append(said["longer"])
    if subjects:
        advice.append(said["topic"].format(topic=subjects[0]))
    if not _questions(own):
        advice.append(said["ask"])
    return (advice or [said["longer"]])[:MOST]


def _catalogue(locale: str) -> str:
    language = locale.split("-", maxsplit=1)[0].lower()
    return language if language in _CATALOGUES else _CATALOGUES[0]


Line = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]


class _Praise(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: Line
    turn: int
    quote: str


class _Improvement(BaseModel):
    model_config = ConfigDict(extra="forbid")
    turn: int
    quote: Line
    better: Line
    why: Line


class Draft(BaseModel):
    """What the model is asked for."""

    model_config = ConfigDict(extra="forbid")
    talked_about: Annotated[list[Line], Field(max_length=10)]
    went_well: Annotated[list[_Praise], Field(max_length=10)]
    work_on: Annotated[list[_Improvement], Field(max_length=20)]
    practise_next: Annotated[list[Line], Field(max_length=10)]


async def by_model(
    model: LanguageModel, turns: Sequence[Said], time: TalkTime, *, locale: str, level: str
) -> Written:
    """A report by a language model; what it quotes and was not said is left out.

    Raises:
        LanguageModelError: It cannot be asked, or its answer does not fit.
    """
    prompt = prompts.load(MODEL_PROMPT)
    language = prompt.text("languages", _catalogue(locale))
    material = material_of(turns)
    draft = await model.write(
        f"{prompt.text('role')}\n{prompt.text('rules').format(language=language)}",
        {"learner_level": level, "turns": material.listed()},
        Draft,
    )
    content = ReportContent(
        talked_about=_harmless(draft.talked_about)[:5],
        went_well=[_praise(one, material) for one in draft.went_well if not is_sensitive(one.text)][:MOST],
        work_on=[kept for one in draft.work_on if (kept := _improvement(one, material))][:MOST_IMPROVEMENTS],
        practise_next=_harmless(draft.practise_next)[:MOST],
        time=time,
    )
    return Written(content, prompt.hash, model.name)


def _praise(proposed: _Praise, material: Material) -> Praise:
    turn = material.learners(proposed.turn, proposed.quote)
    if turn is None:
        return Praise(text=proposed.text)
    return Praise(text=proposed.text, quote=proposed.quote, turn_id=turn.id)


def _improvement(proposed: _Improvement, material: Material) -> Improvement | None:
    turn = material.learners(proposed.turn, proposed.quote)
    if turn is None or squeezed(proposed.better) == squeezed(proposed.quote):
        return None
    return Improvement(quote=proposed.quote, better=proposed.better, why=proposed.why, turn_id=turn.id)


def _harmless(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if not is_sensitive(line)]
