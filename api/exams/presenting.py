"""Exams as the browser is told of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from api.contract.exams import (
    ExamClock,
    ExamContent,
    ExamPlan,
    ExamTask,
    begun_parts,
    view_of,
)
from api.contract.levels import Level
from api.exams import content as contents
from api.exams.models import ExamAttempt, ExamState, ExamTemplate
from api.exams.record import Sitting
from api.exams.schemas import (
    ExamAttemptDetail,
    ExamAttemptOut,
    ExamOut,
    ExamPartOut,
    ExamPhaseTime,
    ExamTaskOut,
    ExtraTime,
)


def percent(extra_time: float) -> ExtraTime:
    """A share as the browser has it."""
    return cast("ExtraTime", round(extra_time * 100))


def offered(template: ExamTemplate) -> ExamOut:
    """A template, without its tasks."""
    content = contents.parse(template)
    return ExamOut(
        key=template.key,
        version=template.number,
        title=content.title,
        description=content.description,
        from_level=content.from_level,
        target_level=content.target_level,
        minutes=_minutes(content),
        on_phone=content.on_phone,
        parts=[
            ExamPartOut(
                key=part.key,
                title=part.title,
                kind=part.kind,
                scored=part.scored,
                dimensions=part.dimensions,
                instructions_s=part.instructions_s,
                preparation_s=part.preparation_s,
                speaking_s=part.speaking_s,
            )
            for part in content.parts
        ],
    )


def shown(attempt: ExamAttempt, template: ExamTemplate) -> ExamAttemptOut:
    """An attempt as a list shows it."""
    return ExamAttemptOut(
        id=attempt.id,
        exam=template.key,
        version=template.number,
        title=template.title,
        from_level=Level(template.from_level),
        target_level=Level(attempt.target_level),
        state=ExamState(attempt.state),
        extra_time_percent=percent(attempt.extra_time),
        extra_time_granted=attempt.extra_time_granted,
        audio_consent=attempt.audio_consent,
        created_at=attempt.created_at,
        started_at=attempt.started_at,
        ended_at=attempt.ended_at,
    )


def in_detail(sitting: Sitting, call_ids: Sequence[UUID], now: datetime) -> ExamAttemptDetail:
    """An attempt with where its clock stands, which the record may not have caught up with."""
    clock = sitting.clock
    plan = ExamPlan(
        attempt_id=sitting.attempt.id,
        version=sitting.template.number,
        content=sitting.content,
        schedule=clock.schedule,
        events=sitting.events,
        now=now,
    )
    view = view_of(plan, now)
    summary = shown(sitting.attempt, sitting.template).model_dump()
    if sitting.attempt.ended_at is None and view.state in {"finished", "stopped"}:
        summary |= {"state": view.state, "ended_at": clock.ended_at(now)}
    return ExamAttemptDetail(
        **summary,
        now=now,
        view=view,
        total_remaining_s=_total_remaining(clock, now),
        phases=[
            ExamPhaseTime(
                part=clock.schedule[span.phase].part,
                kind=clock.schedule[span.phase].kind.value,
                began_at=span.began_at,
                ended_at=span.ended_at,
            )
            for span in clock.spans(now)
        ],
        tasks=[
            _task(part.key, part.tasks[0])
            for part in sitting.content.parts
            if part.key in begun_parts(clock, now)
        ],
        call_ids=list(call_ids),
    )


def _total_remaining(clock: ExamClock, now: datetime) -> float:
    """Seconds of all that is to come, should the clock not stand still."""
    place = clock.at(now)
    if place.state == "waiting":
        return sum(phase.seconds for phase in clock.schedule)
    if place.phase is None:
        return 0.0
    return place.remaining + sum(phase.seconds for phase in clock.schedule[place.phase + 1 :])


def _task(part: str, task: ExamTask) -> ExamTaskOut:
    return ExamTaskOut(
        part=part,
        title=task.title,
        topic=task.topic,
        instructions=task.instructions,
        points=task.points,
        visuals=task.visuals,
    )


def _minutes(content: ExamContent) -> int:
    seconds = sum(part.instructions_s + part.preparation_s + part.speaking_s for part in content.parts)
    return max(1, round(seconds / 60))
