"""Grammar by Harper in LanguageTool's shape; a spelling right in Britain or America is no error."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import harper

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


@dataclass(frozen=True, slots=True)
class Finding:
    """An error in a text: span in code points, rule, what is wrong and what could stand instead."""

    start: int
    end: int
    kind: str
    message: str
    replacements: tuple[str, ...]


class Checker:
    """Harper's linters of both spellings, used in one thread only."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="grammar")
        self._american: harper.Linter
        self._british: harper.Linter

    async def load(self) -> None:
        """Build the linters; their dictionary is shared."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._load)

    async def check(self, text: str) -> list[Finding]:
        """Findings in the order of the text."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._check, text)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _load(self) -> None:
        self._american = harper.Linter(harper.Dialect.AMERICAN)
        self._british = harper.Linter(harper.Dialect.BRITISH)
        self._check("Warm up, please.")

    def _check(self, text: str) -> list[Finding]:
        lints = self._american.lint(text, language="plaintext")
        if any(lint.lint_kind == _SPELLING for lint in lints):
            wrong = {
                (lint.span.start, lint.span.end)
                for lint in self._british.lint(text, language="plaintext")
                if lint.lint_kind == _SPELLING
            }
            lints = [x for x in lints if x.lint_kind != _SPELLING or (x.span.start, x.span.end) in wrong]
        return sorted((_finding(lint) for lint in lints), key=lambda found: found.start)


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
    category, name, issue = _CATEGORIES.get(finding.kind, _OTHER)
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
            "id": f"HARPER_{finding.kind.upper()}",
            "description": finding.kind,
            "issueType": issue,
            "category": {"id": category, "name": name},
        },
        "ignoreForIncompleteSentence": False,
        "contextForSureMatch": 0,
    }


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _sentence(text: str, finding: Finding) -> str:
    """The sentence around a finding."""
    start = max(text.rfind(mark, 0, finding.start) for mark in ".!?\n") + 1
    ends = [at for mark in ".!?\n" if (at := text.find(mark, finding.end)) >= 0]
    return text[start : min(ends, default=len(text) - 1) + 1].strip()
