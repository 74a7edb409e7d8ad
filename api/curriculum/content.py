"""What is asked of a lesson's content beyond its schema, and what of it stands in the lists."""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from api.contract.lessons import LessonContent
from api.curriculum import patterns
from api.curriculum.models import LessonVersion
from api.errors import InvalidError

_TAG = re.compile(r"<[/!?]?[a-zA-Z]")
_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
PATTERNS = frozenset({"pattern", "if"})
"""Fields that hold regular expressions, in which `<` is grammar."""
MOST_BYTES = 200_000
"""Of a lesson as JSON; the longest of ours has a fifth of it."""


def as_stored(content: LessonContent) -> dict[str, Any]:
    """A lesson as it is kept and exchanged."""
    stored: dict[str, Any] = content.model_dump(mode="json", by_alias=True, exclude_none=True)
    return stored


def parse(version: LessonVersion) -> LessonContent:
    """A version's content as a model."""
    return LessonContent.model_validate(version.content)


def hash_of(content: LessonContent) -> str:
    """SHA-256, in hexadecimal, of a lesson's content whatever the order of its fields."""
    plain = json.dumps(as_stored(content), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def words_of(content: LessonContent) -> str:
    """What a search looks through: title, topic, goal, phrases, vocabulary, titles of steps, tags."""
    parts = [content.title, content.topic, content.goal]
    parts += [phrase.text for phrase in content.phrases]
    parts += [item.word for item in content.vocabulary]
    parts += [step.title for step in content.steps]
    parts += [tag.replace("-", " ") for tag in content.exam_tags]
    return "\n".join(parts)


def require_plain(content: LessonContent) -> None:
    """Refuse what is no plain text, and what is larger than any lesson.

    Raises:
        InvalidError: A text holds markup (`html_not_allowed`) or invisible characters
            (`unprintable_text`), a pattern could hold a worker up (`pattern_not_allowed`), each with its
            place; or the whole is too large (`lesson_too_large`).
    """
    stored = as_stored(content)
    if len(json.dumps(stored, ensure_ascii=False).encode("utf-8", "replace")) > MOST_BYTES:
        raise InvalidError("This lesson is too large.", code="lesson_too_large")
    for place, name, value in _texts(stored):
        if _INVISIBLE.search(value):
            raise _at("A text holds characters that cannot be seen.", "unprintable_text", place)
        if name in PATTERNS:
            fault = patterns.fault_of(value)
            if fault:
                raise _at(fault, "pattern_not_allowed", place)
        elif _TAG.search(value):
            raise _at("Texts of a lesson are plain: no HTML.", "html_not_allowed", place)


def _at(message: str, code: str, place: str) -> InvalidError:
    return InvalidError(message, code=code, details=[{"field": place, "problem": message}])


def _texts(value: Any, place: str = "", name: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text with its place and the name of its field."""
    if isinstance(value, str):
        yield place, name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, f"{place}.{key}".lstrip("."), key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{place}.{number}", name)


def fill(version: LessonVersion, content: LessonContent) -> None:
    """Put a content into a version's columns."""
    version.content = as_stored(content)
    version.content_hash = hash_of(content)
    version.words = words_of(content)
    version.title, version.topic, version.goal = content.title, content.topic, content.goal
    version.step_count, version.exam_tags = len(content.steps), list(content.exam_tags)
    version.level, version.kind = content.level, content.kind
    version.area, version.task = content.area, content.task
    version.minutes = content.minutes
