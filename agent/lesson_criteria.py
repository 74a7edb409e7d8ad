"""Whether a learner has shown what a step asks for: a criterion checked over the words of the step."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

import prompts
from agent.guided_content import compiled, content
from agent.guided_hearing import plain_whole
from api.contract.lessons import Criterion

_GAP = "..."
_MOST_BETWEEN = 6
"""Words that a gap in a phrase may stand for."""
_DOUBLING = re.compile(r"[^aeiou][aeiou][^aeiouwxy]$")


def is_met(criterion: Criterion, turns: Sequence[str]) -> bool:
    """Whether the learner's turns of the step, as they came, show it."""
    said = [plain_whole(turn) for turn in turns]
    match criterion.kind:
        case "phrase":
            return any(phrase_pattern(one).search(turn) for one in criterion.phrases for turn in said)
        case "pattern":
            found = compiled(criterion.pattern or "")
            return sum(1 for turn in said for _ in found.finditer(turn)) >= criterion.at_least
        case "words":
            used = sum(any(word_pattern(word).search(turn) for turn in said) for word in criterion.words)
            return used >= criterion.at_least
        case "length":
            return any(len(turn.split()) >= criterion.at_least for turn in said)
        case "turns":
            return sum(1 for turn in said if turn) >= criterion.at_least
        case "question":
            return sum(questions_in(turn) for turn in turns) >= criterion.at_least


def questions_in(text: str) -> int:
    """How many questions somebody asked in a turn; recognizers often leave the mark out."""
    parts = [part for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part]
    return sum(_is_question(part) for part in parts)


def _is_question(sentence: str) -> bool:
    if sentence.rstrip().endswith("?"):
        return True
    said = plain_whole(sentence)
    intents = content().manners.intents
    return any(compiled(intents[name]).search(said) for name in ("question", "and_you"))


@lru_cache(maxsize=2048)
def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """A phrase over plain text. `...` stands for up to six words; at an end, for at least one."""
    parts = [
        re.escape(plain_whole(part)).replace(r"\ ", " ") for part in phrase.replace("…", _GAP).split(_GAP)
    ]
    between = rf"(?: [\w'-]+){{0,{_MOST_BETWEEN}}} "
    middle = between.join(part for part in parts if part)
    lead = r"[\w'-]+ " if len(parts) > 1 and not parts[0] else ""
    tail = r" [\w'-]+" if len(parts) > 1 and not parts[-1] else ""
    return re.compile(rf"(?<![\w'])(?:{lead}{middle}{tail})(?![\w'])")


@lru_cache(maxsize=2048)
def word_pattern(word: str) -> re.Pattern[str]:
    """A word, or a few, in any of its forms."""
    *before, last = plain_whole(word).split() or [""]
    forms = "|".join(sorted(map(re.escape, forms_of(last)), key=len, reverse=True))
    return re.compile(rf"(?<![\w'])(?:{' '.join([*map(re.escape, before), f'(?:{forms})'])})(?![\w'])")


def forms_of(word: str) -> set[str]:
    """The forms that an English word can take: regular endings, and the irregular ones of the content."""
    forms = {word, f"{word}s", f"{word}es", f"{word}ed", f"{word}d", f"{word}ing", f"{word}er", f"{word}est"}
    if word.endswith("y"):
        forms |= {word[:-1] + ending for ending in ("ies", "ied", "ier", "iest")}
    if word.endswith("e"):
        forms |= {word[:-1] + ending for ending in ("ing", "er", "est")}
    if _DOUBLING.search(word):
        forms |= {word + word[-1] + ending for ending in ("ed", "ing", "er", "est")}
    return forms | _irregular().get(word, frozenset())


@cache
def _irregular() -> dict[str, frozenset[str]]:
    listed: dict[str, str] = prompts.load("lesson").value("forms")
    return {word: frozenset(forms.split()) for word, forms in listed.items()}
