"""A grammar checker's answer (LanguageTool's protocol) as corrections: agent and API read it the same way."""

import re
from collections.abc import Sequence
from typing import Any, Final

from api.contract.corrections import Correction, CorrectionCategory, Severity

CATEGORIES: Final = {
    "GRAMMAR": CorrectionCategory.GRAMMAR,
    "AGREEMENT": CorrectionCategory.GRAMMAR,
    "VERB_FORM": CorrectionCategory.GRAMMAR,
    "CONFUSED_WORDS": CorrectionCategory.WORD_CHOICE,
    "REGISTER": CorrectionCategory.REGISTER,
}
"""What counts of what such a server finds; in typed text its TYPOS too."""
TYPED_ONLY: Final = {"TYPOS": CorrectionCategory.WORD_CHOICE}
NOT_HEARD: Final = "CASING,PUNCTUATION,TYPOGRAPHY,TYPOS,STYLE,REDUNDANCY"
"""Categories that a request about spoken words switches off."""
_OTHERS_CONFIDENCE: Final = 0.7
_SENTENCE: Final = re.compile(r"[^.!?\n]+[.!?]*")
_QUOTED: Final = re.compile(r"`([^`]*)`")
"""How some checkers mark words within a message."""
_SEVERITIES: Final = {severity.value: severity for severity in Severity}

Edit = tuple[int, int, str]


def request_form(text: str, *, spoken: bool) -> dict[str, str]:
    """The form of a request to `/v2/check`."""
    form = {"language": "en-US", "text": text}
    return {**form, "medium": "speech", "disabledCategories": NOT_HEARD} if spoken else form


def corrections_of(text: str, matches: Sequence[dict[str, Any]], *, spoken: bool) -> list[Correction]:
    """The matches that are corrections, in the text's order, none over another.

    Raises:
        LookupError, TypeError, ValueError: They are not as LanguageTool's.
    """
    wanted = CATEGORIES if spoken else CATEGORIES | TYPED_ONLY
    usable = [
        (match, _edit(text, match))
        for match in matches
        if _category(match) in wanted and match["replacements"]
    ]
    usable.sort(key=lambda one: one[1][:2])
    kept: list[tuple[dict[str, Any], Edit]] = []
    for match, edit in usable:
        if edit[1] > edit[0] and (not kept or edit[0] >= kept[-1][1][1]):
            kept.append((match, edit))
    edits = [edit for _match, edit in kept]
    return [_correction(text, match, edit, edits, wanted[_category(match)]) for match, edit in kept]


def better_sentence(text: str, at: int, edits: Sequence[Edit]) -> str:
    """The sentence around a place, with everything in it put right."""
    begin, end = sentence_around(text, at)
    sentence = text[begin:end]
    for start, stop, replacement in sorted(edits, reverse=True):
        if begin <= start and stop <= end:
            sentence = sentence[: start - begin] + replacement + sentence[stop - begin :]
    return " ".join(sentence.split())


def sentence_around(text: str, at: int) -> tuple[int, int]:
    """Where the sentence begins and ends that holds a place."""
    for match in _SENTENCE.finditer(text):
        if at < match.end():
            return match.start() + len(match[0]) - len(match[0].lstrip()), match.end()
    return 0, len(text)


def _category(match: dict[str, Any]) -> str:
    return str(match["rule"]["category"]["id"]).upper()


def _edit(text: str, match: dict[str, Any]) -> Edit:
    """Where it is, in code points; LanguageTool counts UTF-16 units."""
    units = text.encode("utf-16-le", "surrogatepass")
    start, length = int(match["offset"]) * 2, int(match["length"]) * 2
    before = units[:start].decode("utf-16-le", "ignore")
    inside = units[start : start + length].decode("utf-16-le", "ignore")
    replacement = str(match["replacements"][0]["value"]) if match["replacements"] else ""
    return len(before), len(before) + len(inside), replacement


def _correction(
    text: str, match: dict[str, Any], edit: Edit, edits: Sequence[Edit], category: CorrectionCategory
) -> Correction:
    rule = match["rule"]
    start, end, replacement = edit
    return Correction(
        start=start,
        end=end,
        original=text[start:end][:400],
        replacement=replacement[:400],
        better=better_sentence(text, start, edits)[:1_000],
        category=category,
        rule=str(rule.get("id") or category)[:64],
        explanation=_QUOTED.sub("“\\1”", str(match.get("message", "")))[:400],
        severity=_SEVERITIES.get(str(rule.get("severity")), Severity.CLEAR),
        confidence=min(1.0, max(0.0, float(rule.get("confidence", _OTHERS_CONFIDENCE)))),
    )
