"""A placement that is talked through: the lesson of one call, judged when the call is over."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from api.calls import service as calls
from api.calls.models import Call, Turn
from api.contract.calls import Role
from api.contract.lessons import AppendLessonEvents, LessonEventsAppended, LessonPlan
from api.database import Database, utc_now
from api.identity import service as identity
from api.jobs import JobName, enqueue
from api.memory.said import squeezed
from api.onboarding import service
from api.onboarding.models import Placement, PlacementState
from api.onboarding.placement import Answer, judge, placement_file
from api.onboarding.repository import OnboardingRepository
from api.sessions.models import PracticeSession
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

WAITS: Final = timedelta(days=1)
"""A spoken placement is the next call's for so long; after that, calls are what they always are."""
LATE_TURNS: Final = timedelta(seconds=3)
"""Time for the last turns of a call, which may come after its close."""
MOST_TURNS: Final = 200
LESSON_ID: Final = uuid5(NAMESPACE_URL, "avaaz:placement")
_STEPS: Final = "steps"


async def plan_for(
    session: AsyncSession, practice: PracticeSession, call: Call, *, resumed: bool
) -> LessonPlan | None:
    """The placement that a call is for, as its lesson; None where the learner did not ask for one.

    Args:
        session: The worker's writing session.
        practice: The call's session.
        call: The call.
        resumed: Whether another job had it before; such a call takes up nothing on its way.
    """
    repository = OnboardingRepository(session, call.organisation_id)
    if resumed:
        placement = await repository.of_call(call.id)
    else:
        placement = await repository.for_call(call.id, practice.user_id, since=utc_now() - WAITS)
    if placement is None or placement.state != PlacementState.RUNNING:
        return None
    placement.call_id = call.id
    content = placement_file().content
    return LessonPlan(attempt_id=placement.id, lesson_id=LESSON_ID, version=1, content=content)


async def events_came(
    session: AsyncSession, call: Call, batch: AppendLessonEvents
) -> LessonEventsAppended | None:
    """Keep which turn belongs to which task; None where the events are of an ordinary lesson."""
    placement = await OnboardingRepository(session, call.organisation_id).of_call(call.id, lock=True)
    if placement is None or placement.id != batch.attempt_id:
        return None
    if placement.state == PlacementState.RUNNING:
        told = {event.item_id: event.step for event in batch.events if event.item_id and event.step}
        before: dict[str, Any] = placement.result or {}
        placement.result = {_STEPS: {**before.get(_STEPS, {}), **told}}
    return LessonEventsAppended(added=len(batch.events), already_kept=0)


async def call_ended(session: AsyncSession, call: Call) -> None:
    """A call is over: where it was for a placement, that is judged."""
    if await OnboardingRepository(session, call.organisation_id).of_call(call.id) is not None:
        arguments = {"organisation_id": str(call.organisation_id), "call_id": str(call.id)}
        await enqueue(session, JobName.JUDGE_PLACEMENT, arguments, delay=LATE_TURNS)


class PlacementJobs:
    """What the job worker does about placements."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def judge(self, organisation_id: str, call_id: str) -> None:
        """Judge the placement that a call was for; one that was judged already stays as it is."""
        async with self.database.transaction() as session:
            await act_for(session, UUID(organisation_id))
            repository = OnboardingRepository(session, UUID(organisation_id))
            placement = await repository.of_call(UUID(call_id), lock=True)
            if placement is None or placement.state != PlacementState.RUNNING:
                return
            turns = await calls.turns_of(session, UUID(call_id), after=None, limit=MOST_TURNS)
            user = await identity.member(session, placement.user_id)
            judged = await asyncio.to_thread(judge, answers_in(placement, turns))
            await service.conclude(session, placement, user, judged)
        log.info("placement judged", state=placement.state)


def answers_in(placement: Placement, turns: Sequence[Turn]) -> list[Answer]:
    """What the learner said to each task.

    The events of the lesson say which turn answers which task; where they did not come, the coach's own
    words do. What was said before the first task belongs to none.
    """
    told: dict[str, str] = (placement.result or {}).get(_STEPS, {})
    asked = {step.key: squeezed(step.exchanges[0].say)[-60:] for step in placement_file().content.steps}
    task: str | None = None
    answers: list[Answer] = []
    for turn in turns:
        if turn.role == Role.COACH:
            said = squeezed(turn.text)
            task = next((key for key, question in asked.items() if question in said), task)
            continue
        task = told.get(turn.item_id, task)
        if task is not None:
            times = [(float(word["start"]), float(word["end"])) for word in turn.words]
            answers.append(Answer(task, turn.text, times))
    return answers
