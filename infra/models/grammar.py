"""Grammar in LanguageTool's shape: learners' slips by our own rules first, then Harper on what they leave.

A spelling right in Britain or America is no error. In speech nobody hears spelling, capitals and punctuation:
there only those of Harper's rules count that are about grammar and seldom err.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import harper
import yaml

from infra.models.learner_rules.repair import Rule, Rules, Slip, repaired, rules

MODEL = "harper"
LANGUAGES = {"en": "English", "en-US": "English (US)", "en-GB": "English (GB)", "en-CA": "English (Canada)",
             "en-AU": "English (Australia)"}  # fmt: skip
_SPELLING = "Spelling"
_MAX_REPLACEMENTS = 5
_CONTEXT = 40
_CATEGORIES = {
    "Spelling": ("TYPOS", "Possible Typo", "misspelling"),
    "Typo": ("TYPOS", "Possible Typo", "misspelling"),
    "Punctuation": ("PUNCTUATION", "Punctuation", "typographical"),
    "Formatting": ("TYPOGRAPHY", "Typography", "typographical"),
    "Capitalization": ("CASING", "Capitalization", "typographical"),
    "Style": ("STYLE", "Style", "style"),
    "Enhancement": ("STYLE", "Style", "style"),
    "Readability": ("STYLE", "Style", "style"),
    "Redundancy": ("REDUNDANCY", "Redundancy", "style"),
    "Repetition": ("REDUNDANCY", "Redundancy", "duplication"),
    "WordChoice": ("CONFUSED_WORDS", "Commonly Confused Words", "grammar"),
}
_SOFTWARE = {
    "name": "LanguageTool",
    "version": MODEL,
    "buildDate": "",
    "apiVersion": 1,
    "premium": False,
    "premiumHint": "",
    "status": "",
}
_OTHER = ("GRAMMAR", "Grammar", "grammar")
_OF_RULES = {
    "grammar": _OTHER,
    "word_choice": ("CONFUSED_WORDS", "Word choice", "grammar"),
    "register": ("REGISTER", "Register", "style"),
}
SPOKEN_RULES: Final = frozenset(
    yaml.safe_load(Path(__file__).with_name("harper.yaml").read_text("utf-8"))["spoken"].split()
)
"""Harper's rules that count in speech."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An error in a text: span in code points, rule, what is wrong and what could stand instead."""

    start: int
    end: int
    kind: str
    message: str
    replacements: tuple[str, ...]
    rule: Rule | None = None
    """Ours; None where Harper found it."""

    @property
    def category(self) -> tuple[str, str, str]:
        """LanguageTool's id and name of the category, and its type of issue."""
        return _OF_RULES[self.rule.category] if self.rule else _CATEGORIES.get(self.kind, _OTHER)


class Checker:
    """Our rules, and Harper's linters of both spellings, used in one thread only."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="grammar")
        self._american: harper.Linter
        self._british: harper.Linter
        self._rules: Rules

    async def load(self) -> None:
        """Build the linters; their dictionary is shared."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._load)

    async def check(self, text: str, *, spoken: bool = False) -> list[Finding]:
        """Findings in the order of the text, none over another.

        Args:
            text: What was said or typed.
            spoken: Whether it was said, and written down by a recognizer.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._check, text, spoken)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _load(self) -> None:
        self._american = harper.Linter(harper.Dialect.AMERICAN)
        self._british = harper.Linter(harper.Dialect.BRITISH)
        self._rules = rules()
        self._check("Warm up, please.", spoken=False)

    def _check(self, text: str, spoken: bool) -> list[Finding]:
        slips = self._rules.find(text)
        mended = repaired(text, slips)
        lints = self._heard(mended) if spoken else self._written(mended)
        others = [_moved(_finding(lint), slips) for lint in lints]
        found = [finding_of(slip) for slip in slips] + [finding for finding in others if finding is not None]
        return sorted(found, key=lambda finding: finding.start)

    def _heard(self, text: str) -> list[harper.Lint]:
        named = self._american.organized_lints(text, language="plaintext")
        return [lint for name, lints in named.items() if name in SPOKEN_RULES for lint in lints]

    def _written(self, text: str) -> list[harper.Lint]:
        lints = self._american.lint(text, language="plaintext")
        if any(lint.lint_kind == _SPELLING for lint in lints):
            wrong = {
                (lint.span.start, lint.span.end)
                for lint in self._british.lint(text, language="plaintext")
                if lint.lint_kind == _SPELLING
            }
            lints = [x for x in lints if x.lint_kind != _SPELLING or (x.span.start, x.span.end) in wrong]
        return list(lints)


def finding_of(slip: Slip) -> Finding:
    """A slip as a finding."""
    return Finding(slip.start, slip.end, slip.rule.id, slip.rule.why, (slip.replacement,), slip.rule)


def _moved(finding: Finding, slips: list[Slip]) -> Finding | None:
    """A finding in the mended text, where it is in the text itself; None where it touches what was mended."""
    shift = 0
    for slip in slips:
        start = slip.start + shift
        if finding.end < start:
            break
        if finding.start <= start + len(slip.replacement):
            return None
        shift += len(slip.replacement) - (slip.end - slip.start)
    return replace(finding, start=finding.start - shift, end=finding.end - shift)


def _finding(lint: harper.Lint) -> Finding:
    replacements = []
    for suggestion in lint.suggestions[:_MAX_REPLACEMENTS]:
        text = suggestion.replacement_text
        if suggestion.kind == harper.SuggestionKind.INSERT_AFTER:
            text = lint.problem_text + text
        replacements.append(text)
    return Finding(lint.span.start, lint.span.end, lint.lint_kind, lint.message, tuple(replacements))


def answer(text: str, findings: list[Finding], language: str) -> dict[str, Any]:
    """LanguageTool's response; offsets and lengths count UTF-16 units, as LanguageTool's do."""
    named = {"name": LANGUAGES[language], "code": language}
    return {
        "software": _SOFTWARE,
        "warnings": {"incompleteResults": False},
        "language": {**named, "detectedLanguage": {**named, "confidence": 1.0, "source": ""}},
        "matches": [_match(text, finding) for finding in findings],
    }


def _match(text: str, finding: Finding) -> dict[str, Any]:
    category, name, issue = finding.category
    left, right = max(0, finding.start - _CONTEXT), min(len(text), finding.end + _CONTEXT)
    length = _units(text[finding.start : finding.end])
    return {
        "message": finding.message,
        "shortMessage": finding.kind,
        "replacements": [{"value": value} for value in finding.replacements],
        "offset": _units(text[: finding.start]),
        "length": length,
        "context": {"text": text[left:right], "offset": _units(text[left : finding.start]), "length": length},
        "sentence": _sentence(text, finding),
        "type": {"typeName": "UnknownWord" if finding.kind == _SPELLING else "Other"},
        "rule": {
            "id": f"{'AVAAZ' if finding.rule else 'HARPER'}_{finding.kind.upper()}",
            "description": finding.kind,
            "issueType": issue,
            "category": {"id": category, "name": name},
            **_weight(finding.rule),
        },
        "ignoreForIncompleteSentence": False,
        "contextForSureMatch": 0,
    }


def _weight(rule: Rule | None) -> dict[str, Any]:
    """What LanguageTool does not say of a rule."""
    return {"confidence": rule.confidence, "severity": rule.severity} if rule else {}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _sentence(text: str, finding: Finding) -> str:
    """The sentence around a finding."""
    start = max(text.rfind(mark, 0, finding.start) for mark in ".!?\n") + 1
    ends = [at for mark in ".!?\n" if (at := text.find(mark, finding.end)) >= 0]
    return text[start : min(ends, default=len(text) - 1) + 1].strip()
