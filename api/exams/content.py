"""Templates as they are kept."""

import hashlib
import json
from typing import Any

from api.contract.exams import DrawnTask, ExamClock, ExamContent, ExamEvent, ExamEventKind, Phase, schedule_of
from api.exams.drawing import with_drawn
from api.exams.models import ExamAttempt, ExamEventRow, ExamTemplate


def as_stored(content: ExamContent) -> dict[str, Any]:
    """A template as it is kept."""
    stored: dict[str, Any] = content.model_dump(mode="json", exclude_none=True)
    return stored


def hash_of(content: ExamContent) -> str:
    """SHA-256, in hexadecimal, of a template whatever the order of its fields."""
    plain = json.dumps(as_stored(content), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def parse(template: ExamTemplate) -> ExamContent:
    """A template's content as a model, with its whole pools of tasks."""
    return ExamContent.model_validate(template.content)


def drawn_of(attempt: ExamAttempt) -> list[DrawnTask]:
    """The tasks that an attempt was given."""
    return [DrawnTask.model_validate(one) for one in attempt.tasks]


def sat_content(attempt: ExamAttempt, template: ExamTemplate) -> ExamContent:
    """The template as an attempt sits it: one task a part."""
    return with_drawn(parse(template), drawn_of(attempt))


def schedule(attempt: ExamAttempt, content: ExamContent) -> list[Phase]:
    """The phases of an attempt, with its extra time."""
    return schedule_of(content, extra_time=attempt.extra_time, time_scale=attempt.time_scale)


def event_of(row: ExamEventRow) -> ExamEvent:
    """An event as the clock takes it."""
    return ExamEvent(number=row.number, kind=ExamEventKind(row.kind), at=row.at, phase=row.phase)


def clock_of(attempt: ExamAttempt, content: ExamContent, rows: list[ExamEventRow]) -> ExamClock:
    """The clock of an attempt."""
    return ExamClock(schedule(attempt, content), [event_of(row) for row in rows])
