"""Putting a sentence right: every rule in its turn, over what the rules before it have left."""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from infra.models.learner_rules.lexicon import FORMS, article, lexicon
from infra.models.learner_rules.patterns import REGION, Pattern, compiled
from infra.models.learner_rules.tokens import Token, encoded, is_common, sentences, tokens, written

_RULES: Final = Path(__file__).parent / "rules"
_SLOT: Final = re.compile(r"\{(\w+)((?:\|\w+)*)\}")
_HALVES: Final = ("'", "n't")
"""How the second half of a contraction begins."""
_MOST_TIMES: Final = 6
_MOST_WORDS: Final = 80
"""Longer sentences, which nobody says, are left alone."""


class Rule(BaseModel):
    """One kind of slip, as `rules/*.yaml` has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    when: str | tuple[str, ...] = Field(alias="if")
    say: str
    why: str
    only: str | None = None
    """Only in sentences with this."""
    unless: str | None = None
    """Not in sentences with this."""
    not_after: str | None = None
    """Not right after this."""
    category: Literal["grammar", "word_choice", "register"] = "grammar"
    severity: Literal["slight", "clear", "obscuring"] = "clear"
    confidence: float = Field(default=0.9, ge=0, le=1)


class RuleFile(BaseModel):
    """One file of rules."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    maps: dict[str, dict[str, str]] = {}
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Slip:
    """Where a text is wrong, what should stand there, and the rule that says so. Code points."""

    start: int
    end: int
    replacement: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class _Ready:
    number: int
    rule: Rule
    patterns: tuple[Pattern, ...]
    only: Pattern | None
    unless: Pattern | None
    not_after: Pattern | None


class Rules:
    """All the rules, in their order."""

    def __init__(self, files: Sequence[RuleFile]) -> None:
        self.rules = [rule for file in files for rule in file.rules]
        self._maps = {name: table for file in files for name, table in file.maps.items()}
        self._ready = [_made_ready(number, rule) for number, rule in enumerate(self.rules)]

    def find(self, text: str) -> list[Slip]:
        """What is wrong in a text, in its order, without overlaps."""
        found: list[Slip] = []
        for start, end in sentences(text):
            before = tokens(text, start, end)
            if 1 < len(before) <= _MOST_WORDS:
                found += self._differences(text, before, self._repaired(list(before)))
        return found

    def _repaired(self, words: list[Token]) -> list[Token]:
        line, starts = encoded(words)
        present = frozenset(token.word for token in words)
        for ready in self._ready:
            for pattern in ready.patterns:
                if not pattern.may_match(present):
                    continue
                changed = self._applied(ready, pattern, words, line, starts)
                if changed is not None:
                    words = changed
                    line, starts = encoded(words)
                    present = frozenset(token.word for token in words)
        return words

    def _applied(
        self, ready: _Ready, pattern: Pattern, words: list[Token], line: str, starts: list[int]
    ) -> list[Token] | None:
        changed, at = None, 0
        for _ in range(_MOST_TIMES):
            match = pattern.expression.search(line, at)
            if match is None:
                break
            at = match.start() + 1
            if _is_excluded(ready, line, match.start()):
                continue
            made = self._replaced(ready, match, words, starts)
            if made is None:
                continue
            words, tail = made
            changed = words
            line, starts = encoded(words)
            at = starts[min(tail, len(starts) - 1)]
        return changed

    def _replaced(
        self, ready: _Ready, match: re.Match[str], words: list[Token], starts: list[int]
    ) -> tuple[list[Token], int] | None:
        whole = REGION if REGION in match.re.groupindex else 0
        first, last = _tokens_of(match, whole, starts, len(words))
        said = self._said(ready.rule.say, match, words, starts)
        if said is None:
            return None
        old = words[first:last]
        new = _aligned(old, written(said, ready.number), ready.number)
        for token in new if first else new[1:]:
            if token.is_new:
                token.surface = _inside(token)
        if [token.word for token in new] == [token.word for token in old]:
            return None
        return words[:first] + new + words[last:], first + len(new)

    def _said(self, say: str, match: re.Match[str], words: list[Token], starts: list[int]) -> str | None:
        def filled(slot: re.Match[str]) -> str:
            name, functions = slot[1], slot[2].split("|")[1:]
            if match[name] is None:
                return ""
            first, last = _tokens_of(match, name, starts, len(words))
            text = _text(words[first:last])
            for function in functions:
                text = self._mapped(function, text)
            return text

        try:
            return " ".join(_SLOT.sub(filled, say).split())
        except KeyError:
            return None

    def _mapped(self, function: str, text: str) -> str:
        if function in self._maps:
            return self._maps[function].get(text.lower(), text)
        return _FUNCTIONS[function](text)

    def _differences(self, text: str, before: list[Token], after: list[Token]) -> list[Slip]:
        slips: list[Slip] = []
        kept = [token for token in after if not token.is_new]
        if len(kept) == len(after) == len(before):
            return []
        index, position = 0, 0
        while position < len(after) or index < len(before):
            here = after[position] if position < len(after) else None
            if here is not None and index < len(before) and here is before[index]:
                index, position = index + 1, position + 1
                continue
            new: list[Token] = []
            while position < len(after) and after[position].is_new:
                new.append(after[position])
                position += 1
            stop = index
            while stop < len(before) and (position >= len(after) or before[stop] is not after[position]):
                stop += 1
            slips.append(self._slip(text, before, index, stop, new))
            index = stop
        return slips

    def _slip(self, text: str, before: list[Token], first: int, last: int, new: list[Token]) -> Slip:
        """The words of a place that changed; where nothing goes or nothing comes, with a neighbour."""
        said = _text(new)
        if not new or first == last or (not new[0].space and new[0].surface in {"n't"} and first):
            if last < len(before) and before[last].word[0].isalnum():
                said = f"{said} {_inside(before[last])}" if said else before[last].surface
                last += 1
            elif first:
                first -= 1
                said = before[first].surface + (" " + said if said and said[0].isalnum() else said)
        while 0 < last < len(before) and _is_glued(before[last]):
            said += before[last].surface
            last += 1
        while 0 < first < len(before) and _is_glued(before[first]):
            first -= 1
            said = f"{before[first].surface}{'' if said.startswith(_HALVES) else ' '}{said}"
        start = before[first].start if first < len(before) else len(text)
        end = before[last - 1].end if last else start
        if first == 0 and before[0].surface[:1].isupper():
            said = said[:1].upper() + said[1:]
        number = next((token.rule for token in new), self._deleter(before, first, last))
        return Slip(start, end, said, self.rules[number])

    def _deleter(self, before: list[Token], first: int, last: int) -> int:
        return next((token.rule for token in before[first:last] if token.rule >= 0), 0)


def _inside(token: Token) -> str:
    """A word that may have stood at the beginning of the sentence, and does no more."""
    return token.surface if token.word == "i" or not is_common(token.word) else token.surface.lower()


def _is_glued(token: Token) -> bool:
    """Whether it is the second half of a contraction: who is corrected is shown whole words."""
    return not token.space and token.word.startswith(_HALVES) and len(token.word) > 1


def _made_ready(number: int, rule: Rule) -> _Ready:
    when = (rule.when,) if isinstance(rule.when, str) else rule.when
    return _Ready(
        number,
        rule,
        tuple(compiled(pattern) for pattern in when),
        compiled(rule.only) if rule.only else None,
        compiled(rule.unless) if rule.unless else None,
        compiled(rule.not_after, ending=True) if rule.not_after else None,
    )


def _is_excluded(ready: _Ready, line: str, start: int) -> bool:
    if ready.only and not ready.only.expression.search(line):
        return True
    if ready.unless and ready.unless.expression.search(line):
        return True
    return bool(ready.not_after and ready.not_after.expression.search(line, 0, start))


def _tokens_of(match: re.Match[str], group: int | str, starts: list[int], count: int) -> tuple[int, int]:
    """The first token of what a group caught, and the one after its last."""
    first, last = bisect_left(starts, match.start(group)), bisect_left(starts, match.end(group))
    return min(first, count), min(last, count)


def _text(words: Sequence[Token]) -> str:
    return "".join(token.space + token.surface for token in words).strip()


def _aligned(old: list[Token], new: list[Token], number: int) -> list[Token]:
    """What a rule wrote, with the tokens that it left in front and behind being the old ones."""
    head = 0
    while head < min(len(old), len(new)) and old[head].word == new[head].word:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail].word == new[-1 - tail].word:
        tail += 1
    middle = new[head : len(new) - tail]
    if middle and not middle[0].word.startswith((*_HALVES, ",")):
        middle[0].space = old[head].space if head < len(old) and head == 0 else " "
    for token in old[head : len(old) - tail]:
        token.rule = max(token.rule, number)
    return old[:head] + middle + old[len(old) - tail :] if tail else old[:head] + middle


def _with_article(text: str) -> str:
    return f"{article(text)} {text}"


def _each_word(function: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: function(text.lower())


def _verb_form(form: str) -> Callable[[str], str]:
    return _each_word(lambda word: lexicon().verb(word, form))


_FUNCTIONS: Final[dict[str, Callable[[str], str]]] = {
    **{form: _verb_form(form) for form in FORMS},
    "plural": _each_word(lambda word: lexicon().plural(word)),
    "singular": _each_word(lambda word: lexicon().singular(word)),
    "comp": _each_word(lambda word: lexicon().degree(word, "comp")),
    "super": _each_word(lambda word: lexicon().degree(word, "super")),
    "positive": _each_word(lambda word: lexicon().positive(word)),
    "adverb": _each_word(lambda word: lexicon().adverb(word)),
    "felt": _each_word(lambda word: lexicon().feelings.get(word, word)),
    "cause": _each_word(lambda word: lexicon().causes.get(word, word)),
    "right_base": _each_word(lambda word: lexicon().wrong_forms.get(word, word)),
    "a": _with_article,
    "lower": lambda text: text if text == "I" else text[:1].lower() + text[1:],
    "title": str.title,
}


def repaired(text: str, slips: Sequence[Slip]) -> str:
    """A text with its slips put right."""
    for slip in reversed(slips):
        text = text[: slip.start] + slip.replacement + text[slip.end :]
    return text


@cache
def rules() -> Rules:
    """The rules, read once a process."""
    files = sorted(_RULES.glob("*.yaml"))
    return Rules([RuleFile.model_validate(yaml.safe_load(file.read_text("utf-8"))) for file in files])
