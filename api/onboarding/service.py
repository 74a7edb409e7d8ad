"""The first questions, the level with its history, and placements."""

import asyncio
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.contract.levels import Level
from api.database import utc_now
from api.errors import ConflictError, NotFoundError
from api.identity import service as identity
from api.identity.auth import Principal
from api.identity.models import User
from api.onboarding.models import (
    LevelChange,
    LevelSource,
    Placement,
    PlacementKind,
    PlacementState,
)
from api.onboarding.placement import Answer, Judgement, judge, placement_file, placement_prompt
from api.onboarding.repository import OnboardingRepository
from api.onboarding.schemas import (
    GoalKind,
    LevelChangeOut,
    LevelOut,
    OnboardingOut,
    OnboardingUpdate,
    PlacementAnswers,
    PlacementOut,
    PlacementTask,
)
from api.organisations import access

MOST_HISTORY: Final = 50


async def state_of(session: AsyncSession, person: Principal) -> OnboardingOut:
    """What a learner said at the beginning."""
    user = person.user
    return OnboardingOut(
        done=user.onboarded_at is not None,
        native_language=user.native_language,
        goal_kind=GoalKind(user.goal_kind) if user.goal_kind else None,
        goal=user.goal,
        correction_style=identity.correction_style_of(user),
        level=Level(user.level),
        level_source=(await level_of(session, person.organisation_id, user)).source,
    )


async def update(session: AsyncSession, person: Principal, changes: OnboardingUpdate) -> OnboardingOut:
    """Keep answers to the first questions."""
    sent = changes.model_dump(exclude_unset=True)
    if sent.pop("done", None) and person.user.onboarded_at is None:
        person.user.onboarded_at = utc_now()
    if "goal" in sent:
        sent["goal"] = sent["goal"] or None
    for field, value in sent.items():
        if value is not None or field != "correction_style":
            setattr(person.user, field, value)
    return await state_of(session, person)


async def level_of(session: AsyncSession, organisation_id: UUID, user: User) -> LevelOut:
    """A learner's level, and how it came about as far as this organisation knows."""
    rows = await OnboardingRepository(session, organisation_id).changes(user.id, MOST_HISTORY)
    newest = rows[0] if rows and rows[0].level == user.level else None
    return LevelOut(
        level=Level(user.level),
        source=LevelSource(newest.source) if newest else None,
        history=[LevelChangeOut.model_validate(row) for row in rows],
    )


async def choose_level(session: AsyncSession, person: Principal, level: Level) -> LevelOut:
    """Set one's own level."""
    await _set_level(session, person.organisation_id, person.user, level, LevelSource.CHOSEN)
    return await level_of(session, person.organisation_id, person.user)


async def note_level(session: AsyncSession, person: Principal, before: str) -> None:
    """Write down that the profile's level was changed by hand."""
    if person.user.level != before:
        await OnboardingRepository(session, person.organisation_id).add(
            _change(person.organisation_id, person.user, before, LevelSource.CHOSEN)
        )


async def level_of_learner(session: AsyncSession, person: Principal, learner_id: UUID) -> LevelOut:
    """The level of a learner whom an instructor sees.

    Raises:
        NotFoundError: They do not see such a learner.
    """
    await access.require_visible(session, person, learner_id)
    return await level_of(session, person.organisation_id, await identity.member(session, learner_id))


async def set_level_of_learner(
    session: AsyncSession, person: Principal, learner_id: UUID, level: Level
) -> LevelOut:
    """Set the level of a learner whom an instructor sees.

    Raises:
        NotFoundError: They do not see such a learner.
    """
    await access.require_visible(session, person, learner_id)
    user = await identity.member(session, learner_id)
    await _set_level(
        session, person.organisation_id, user, level, LevelSource.INSTRUCTOR, changed_by=person.user.id
    )
    return await level_of(session, person.organisation_id, user)


async def begin(session: AsyncSession, person: Principal, kind: PlacementKind) -> PlacementOut:
    """Begin a placement; one that was begun before is given up. A spoken one is the next call."""
    repository = OnboardingRepository(session, person.organisation_id)
    await repository.abandon_running(person.user.id)
    placement = Placement(
        organisation_id=person.organisation_id,
        user_id=person.user.id,
        kind=kind,
        state=PlacementState.RUNNING,
        prompt_hash=placement_prompt().hash,
    )
    await repository.add(placement)
    return shown(placement)


async def placement_of(session: AsyncSession, person: Principal, placement_id: UUID) -> PlacementOut:
    """A learner's own placement.

    Raises:
        NotFoundError: They have none of this key.
    """
    found = await OnboardingRepository(session, person.organisation_id).placement(
        placement_id, person.user.id
    )
    if found is None:
        raise NotFoundError
    return shown(found)


async def answer(
    session: AsyncSession, person: Principal, placement_id: UUID, given: PlacementAnswers
) -> PlacementOut:
    """Judge a typed placement and set the level that came out.

    Raises:
        NotFoundError: They have none of this key.
        ConflictError: It is over, or spoken (`placement_over`).
    """
    repository = OnboardingRepository(session, person.organisation_id)
    found = await repository.placement(placement_id, person.user.id, lock=True)
    if found is None:
        raise NotFoundError
    if found.state != PlacementState.RUNNING or found.kind != PlacementKind.TYPED:
        raise ConflictError("This placement is over.", code="placement_over")
    judged = await asyncio.to_thread(judge, [Answer(one.task, one.text) for one in given.answers])
    await conclude(session, found, person.user, judged)
    return shown(found)


async def conclude(session: AsyncSession, placement: Placement, user: User, judged: Judgement) -> None:
    """Keep what came out of a placement; the learner's level follows it."""
    placement.state = PlacementState.SCORED if judged.level else PlacementState.REFUSED
    placement.level = judged.level
    placement.result = judged.model_dump(mode="json")
    placement.finished_at = utc_now()
    if judged.level is None:
        return
    await _set_level(
        session,
        placement.organisation_id,
        user,
        judged.level,
        LevelSource.PLACED,
        placement_id=placement.id,
    )


def shown(placement: Placement) -> PlacementOut:
    """A placement as its learner sees it."""
    judged = Judgement.model_validate(placement.result) if placement.finished_at else None
    asks = placement.state == PlacementState.RUNNING and placement.kind == PlacementKind.TYPED
    return PlacementOut(
        id=placement.id,
        kind=PlacementKind(placement.kind),
        state=PlacementState(placement.state),
        level=Level(placement.level) if placement.level else None,
        reasons=judged.reasons if judged else [],
        words=judged.words if judged else 0,
        tasks=_tasks() if asks else [],
        created_at=placement.created_at,
        finished_at=placement.finished_at,
    )


def _tasks() -> list[PlacementTask]:
    return [
        PlacementTask(
            key=step.key,
            title=step.title,
            instructions=step.instructions,
            question=step.exchanges[0].say,
            easier=step.exchanges[0].easier,
        )
        for step in placement_file().content.steps
    ]


async def _set_level(
    session: AsyncSession,
    organisation_id: UUID,
    user: User,
    level: Level,
    source: LevelSource,
    *,
    placement_id: UUID | None = None,
    changed_by: UUID | None = None,
) -> None:
    before, user.level = user.level, level
    change = _change(organisation_id, user, before, source)
    change.placement_id, change.changed_by_id = placement_id, changed_by
    await OnboardingRepository(session, organisation_id).add(change)


def _change(organisation_id: UUID, user: User, before: str, source: LevelSource) -> LevelChange:
    return LevelChange(
        organisation_id=organisation_id, user_id=user.id, before=before, level=user.level, source=source
    )
