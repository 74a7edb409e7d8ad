"""All SQL about objectives, lessons and their versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from api.curriculum.models import Lesson, LessonObjective, LessonVersion, Objective, VersionState
from api.database import utc_now
from api.pages import Mark


@dataclass(frozen=True)
class Asked:
    """Which lessons a list is asked for; what is None asks for all."""

    level: str | None = None
    area: str | None = None
    task: str | None = None
    kind: str | None = None
    topic: str | None = None
    objective: str | None = None
    words: str | None = None
    """Full-text search over title, topic, goal, phrases and vocabulary."""


Row = tuple[Lesson, LessonVersion]

_WITHOUT_CONTENT = defer(LessonVersion.content, raiseload=True)
"""For lists: a lesson has some ten thousand characters."""


class ObjectiveRepository:
    """Objectives; the same for every organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def all(self) -> list[Objective]:
        """All of them, in order."""
        query = select(Objective).order_by(Objective.position, Objective.key)
        return list((await self.session.scalars(query)).all())

    async def known(self, keys: Sequence[str]) -> set[str]:
        """Those of the keys that exist."""
        return set((await self.session.scalars(select(Objective.key).where(Objective.key.in_(keys)))).all())

    async def put(self, rows: list[dict[str, Any]]) -> None:
        """Add or bring up to date, as the schema's owner."""
        statement = insert(Objective).values(rows)
        changed = {name: statement.excluded[name] for name in ("level", "skill", "can_do", "position")}
        await self.session.execute(
            statement.on_conflict_do_update(
                index_elements=[Objective.key], set_={**changed, "updated_at": utc_now()}
            )
        )


class LessonRepository:
    """Lessons that the session's organisation may read, with their versions."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, lesson: Lesson) -> None:
        """Keep a new lesson."""
        self.session.add(lesson)
        await self.session.flush()

    async def get(self, lesson_id: UUID, *, lock: bool = False) -> Lesson | None:
        """A lesson that is not deleted."""
        query = select(Lesson).where(Lesson.id == lesson_id, Lesson.deleted_at.is_(None))
        return (await self.session.scalars(query.with_for_update() if lock else query)).one_or_none()

    async def known(self, lesson_id: UUID) -> Lesson | None:
        """A lesson, deleted or not: for who has an attempt at it."""
        return await self.session.get(Lesson, lesson_id)

    async def key_taken(self, organisation_id: UUID | None, learner_id: UUID | None, key: str) -> bool:
        """Whether a lesson that is not deleted has this key there."""
        query = select(Lesson.id).where(
            Lesson.organisation_id.is_not_distinct_from(organisation_id),
            Lesson.learner_id.is_not_distinct_from(learner_id),
            Lesson.key == key,
            Lesson.deleted_at.is_(None),
        )
        return (await self.session.scalar(query.limit(1))) is not None

    async def count(self, organisation_id: UUID, learner_id: UUID | None) -> int:
        """How many lessons an organisation has, or one of its learners for themselves."""
        query = select(func.count(Lesson.id)).where(
            Lesson.organisation_id == organisation_id,
            Lesson.learner_id.is_not_distinct_from(learner_id),
            Lesson.deleted_at.is_(None),
        )
        return (await self.session.execute(query)).scalar_one()

    async def hold_keys(self, organisation_id: UUID | None) -> None:
        """Let no other transaction add lessons to this organisation until this one ends."""
        key = f"lessons:{organisation_id}"
        await self.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))

    async def delete(self, lesson: Lesson) -> None:
        """Remove a lesson with all its versions."""
        await self.session.delete(lesson)
        await self.session.flush()

    async def version(self, lesson_id: UUID, state: VersionState) -> LessonVersion | None:
        """A lesson's draft, or its published version."""
        query = select(LessonVersion).where(
            LessonVersion.lesson_id == lesson_id, LessonVersion.state == state
        )
        return (await self.session.scalars(query)).one_or_none()

    async def version_by_id(self, version_id: UUID) -> LessonVersion | None:
        """A version, whatever its state."""
        return await self.session.get(LessonVersion, version_id)

    async def versions(self, lesson_id: UUID) -> list[LessonVersion]:
        """All versions of a lesson, newest first."""
        query = select(LessonVersion).where(LessonVersion.lesson_id == lesson_id)
        return list((await self.session.scalars(query.order_by(LessonVersion.number.desc()))).all())

    async def last_number(self, lesson_id: UUID) -> int:
        """The highest number of a version; 0 where there is none."""
        query = select(func.coalesce(func.max(LessonVersion.number), 0))
        return (await self.session.execute(query.where(LessonVersion.lesson_id == lesson_id))).scalar_one()

    async def add_version(self, version: LessonVersion) -> None:
        """Keep a new version."""
        self.session.add(version)
        await self.session.flush()

    async def delete_version(self, version: LessonVersion) -> None:
        """Remove a version that nobody has tried."""
        await self.session.delete(version)
        await self.session.flush()

    async def archive_published(self, lesson_id: UUID) -> int:
        """Offer the published version no more; return how many there were, 0 or 1."""
        statement = (
            update(LessonVersion)
            .where(LessonVersion.lesson_id == lesson_id, LessonVersion.state == VersionState.PUBLISHED)
            .values(state=VersionState.ARCHIVED, updated_at=utc_now())
            .returning(LessonVersion.id)
        )
        return len((await self.session.execute(statement)).all())

    async def map_objectives(self, version: LessonVersion, keys: Sequence[str]) -> None:
        """Say which objectives a version serves, in order."""
        await self.session.execute(delete(LessonObjective).where(LessonObjective.version_id == version.id))
        rows = [
            {
                "version_id": version.id,
                "organisation_id": version.organisation_id,
                "objective_key": key,
                "position": position,
            }
            for position, key in enumerate(dict.fromkeys(keys))
        ]
        await self.session.execute(insert(LessonObjective).values(rows))

    async def offered_to(self, learner_id: UUID, lesson_id: UUID) -> Row | None:
        """A lesson that a learner is offered, with its published version."""
        row = (await self.session.execute(_offered(learner_id).where(Lesson.id == lesson_id))).one_or_none()
        return (row[0], row[1]) if row else None

    async def page(
        self, learner_id: UUID, asked: Asked, after: Mark | None, limit: int, *, whole: bool = False
    ) -> list[tuple[Lesson, LessonVersion, int]]:
        """The next lessons that a learner is offered, by level, then oldest first, with the level's rank.

        Without their content, unless `whole` asks for it.
        """
        rank = func.array_position(text("ARRAY['A1','A2','B1','B2']::varchar[]"), LessonVersion.level)
        query = _offered(learner_id).add_columns(rank).where(*_conditions(asked))
        if not whole:
            query = query.options(_WITHOUT_CONTENT)
        if after is not None:
            place = tuple_(rank, Lesson.created_at, Lesson.id)
            query = query.where(place > (after.position, after.at, after.id))
        query = query.order_by(rank, Lesson.created_at, Lesson.id).limit(limit)
        return [(row[0], row[1], row[2]) for row in (await self.session.execute(query)).all()]

    async def all_offered(self, learner_id: UUID) -> list[Row]:
        """Every lesson that a learner is offered, without its content."""
        query = (
            _offered(learner_id)
            .options(_WITHOUT_CONTENT)
            .order_by(LessonVersion.level, Lesson.created_at, Lesson.id)
        )
        return [(row[0], row[1]) for row in (await self.session.execute(query)).all()]

    async def authored(
        self, organisation_id: UUID, learner_id: UUID | None, after: Mark | None, limit: int
    ) -> list[Lesson]:
        """The lessons of an organisation, or of one of its learners, last made first."""
        query = select(Lesson).where(
            Lesson.organisation_id == organisation_id,
            Lesson.learner_id.is_not_distinct_from(learner_id),
            Lesson.deleted_at.is_(None),
        )
        if after is not None:
            query = query.where(tuple_(Lesson.created_at, Lesson.id) < (after.at, after.id))
        query = query.order_by(Lesson.created_at.desc(), Lesson.id.desc()).limit(limit)
        return list((await self.session.scalars(query)).all())

    async def standing_versions(self, lesson_ids: Sequence[UUID]) -> list[LessonVersion]:
        """Of each lesson the draft, the published and the newest archived version."""
        newest = func.row_number().over(
            partition_by=(LessonVersion.lesson_id, LessonVersion.state), order_by=LessonVersion.number.desc()
        )
        ranked = select(LessonVersion.id, newest.label("place")).where(
            LessonVersion.lesson_id.in_(lesson_ids)
        )
        first = ranked.subquery()
        query = select(LessonVersion).join(first, and_(first.c.id == LessonVersion.id, first.c.place == 1))
        return list((await self.session.scalars(query)).all())

    async def seeded(self) -> dict[str, tuple[Lesson, LessonVersion | None]]:
        """The installation's own lessons by key, with their published versions."""
        query = (
            select(Lesson, LessonVersion)
            .outerjoin(
                LessonVersion,
                and_(LessonVersion.lesson_id == Lesson.id, LessonVersion.state == VersionState.PUBLISHED),
            )
            .where(Lesson.organisation_id.is_(None), Lesson.deleted_at.is_(None))
        )
        return {row[0].key: (row[0], row[1]) for row in (await self.session.execute(query)).all()}

    async def topics(self, learner_id: UUID) -> list[str]:
        """The topics of the lessons that a learner is offered."""
        query = _offered(learner_id).with_only_columns(LessonVersion.topic).distinct()
        return sorted((await self.session.scalars(query)).all())

    async def lessons_by_objective(self, learner_id: UUID) -> list[tuple[str, UUID]]:
        """Which offered lessons serve which objective."""
        query = (
            _offered(learner_id)
            .join(LessonObjective, LessonObjective.version_id == LessonVersion.id)
            .with_only_columns(LessonObjective.objective_key, Lesson.id)
            .order_by(LessonObjective.objective_key, Lesson.created_at, Lesson.id)
        )
        return [(row[0], row[1]) for row in (await self.session.execute(query)).all()]

    async def published_of(self, organisation_id: UUID, lesson_ids: Sequence[UUID]) -> list[LessonVersion]:
        """What an organisation's lessons offer, or those that are named; learners' own left out."""
        query = (
            select(LessonVersion)
            .join(Lesson, Lesson.id == LessonVersion.lesson_id)
            .where(
                Lesson.organisation_id == organisation_id,
                Lesson.learner_id.is_(None),
                Lesson.deleted_at.is_(None),
                LessonVersion.state == VersionState.PUBLISHED,
            )
            .order_by(LessonVersion.level, Lesson.created_at, Lesson.id)
        )
        if lesson_ids:
            query = query.where(Lesson.id.in_(lesson_ids))
        return list((await self.session.scalars(query)).all())

    async def hashes_of(self, organisation_id: UUID) -> set[str]:
        """The hashes of what an organisation's own lessons say, archived versions left out."""
        query = (
            select(LessonVersion.content_hash)
            .join(Lesson, Lesson.id == LessonVersion.lesson_id)
            .where(
                Lesson.organisation_id == organisation_id,
                Lesson.learner_id.is_(None),
                Lesson.deleted_at.is_(None),
                LessonVersion.state != VersionState.ARCHIVED,
            )
        )
        return set((await self.session.scalars(query)).all())

    async def mark_deleted(self, lesson: Lesson, at: datetime) -> None:
        """Show a lesson in no list any more; its published version and draft are offered no more."""
        lesson.deleted_at = at
        await self.session.execute(
            update(LessonVersion)
            .where(LessonVersion.lesson_id == lesson.id, LessonVersion.state != VersionState.ARCHIVED)
            .values(state=VersionState.ARCHIVED, updated_at=at)
        )
        await self.session.flush()


def _offered(learner_id: UUID) -> Select[tuple[Lesson, LessonVersion]]:
    published = and_(LessonVersion.lesson_id == Lesson.id, LessonVersion.state == VersionState.PUBLISHED)
    return (
        select(Lesson, LessonVersion)
        .join(LessonVersion, published)
        .where(Lesson.deleted_at.is_(None), or_(Lesson.learner_id.is_(None), Lesson.learner_id == learner_id))
    )


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    exact = {
        LessonVersion.level: asked.level,
        LessonVersion.area: asked.area,
        LessonVersion.task: asked.task,
        LessonVersion.kind: asked.kind,
        LessonVersion.topic: asked.topic,
    }
    wanted: list[ColumnElement[bool]] = [column == value for column, value in exact.items() if value]
    if asked.objective:
        serves = select(LessonObjective.version_id).where(LessonObjective.objective_key == asked.objective)
        wanted.append(LessonVersion.id.in_(serves))
    if asked.words:
        found = LessonVersion.search.op("@@")(func.websearch_to_tsquery("english", asked.words))
        wanted.append(or_(found, LessonVersion.title.icontains(asked.words, autoescape=True)))
    return wanted
