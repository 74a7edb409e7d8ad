"""`python -m api.curriculum.load`: put the installation's own objectives and lessons into the database.

Run again, it changes nothing; `python -m api.migrate` runs it after each upgrade. A lesson whose content
changed gets a new version, and attempts go on with the one that they began with. A lesson whose file is gone
is offered no more. It connects as the schema's owner: the role that serves cannot write these rows.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from api.contract.lessons import Key, LessonContent, Line, Skill
from api.contract.levels import Level
from api.curriculum import content as contents
from api.curriculum.models import Lesson, LessonVersion, VersionState
from api.curriculum.repository import LessonRepository, ObjectiveRepository
from api.curriculum.service import require_objectives
from api.database import Database, utc_now
from api.settings import DatabaseSettings
from infra.configuration import load_or_exit
from infra.telemetry import configure_logging, get_logger
from prompts import Prompt
from prompts.curriculum import lessons, objectives

log = get_logger(__name__)


class SeededObjective(BaseModel):
    """One objective as its file spells it."""

    model_config = ConfigDict(extra="forbid")

    key: Key
    level: Level
    skill: Skill
    text: Line
    """The can-do statement."""


class ObjectiveFile(BaseModel):
    """The file of objectives."""

    version: int
    objectives: Annotated[list[SeededObjective], Field(min_length=1, max_length=500)]


@dataclass(frozen=True)
class SeededLesson:
    """A lesson as its file spells it, with the version that its authors gave it."""

    version: int
    content: LessonContent


@dataclass(frozen=True)
class Loaded:
    """How many objectives there are, and of the lessons how many are new, changed, gone and as they were."""

    objectives: int
    new: int
    changed: int
    gone: int
    same: int


_content: TypeAdapter[LessonContent] = TypeAdapter(LessonContent)


def seeded_lesson(prompt: Prompt) -> SeededLesson:
    """A lesson file as a typed lesson.

    Raises:
        ValueError: It does not fit; the message names the file.
    """
    fields = {name: value for name, value in prompt.content.items() if name != "version"}
    try:
        return SeededLesson(prompt.version, _content.validate_python(fields))
    except ValueError as error:
        raise ValueError(f"{prompt.name}: {error}") from error


async def load(
    owner_url: str,
    seeded: Iterable[SeededLesson] | None = None,
    objective_file: ObjectiveFile | None = None,
) -> Loaded:
    """Bring the installation's objectives and lessons up to date, all or nothing.

    Args:
        owner_url: Address of the database as the schema's owner.
        seeded: The lessons; those of `prompts/curriculum` where left out.
        objective_file: The objectives; likewise.
    """
    wanted = [seeded_lesson(prompt) for prompt in lessons()] if seeded is None else list(seeded)
    file = objective_file or objectives().parse(ObjectiveFile)
    database = Database.connect(owner_url, process="curriculum", pool_size=1)
    try:
        async with database.transaction() as session:
            done = await _load(session, wanted, file)
    finally:
        await database.close()
    log.info("curriculum loaded", **done.__dict__)
    return done


async def _load(session: AsyncSession, wanted: list[SeededLesson], file: ObjectiveFile) -> Loaded:
    repository = LessonRepository(session)
    await repository.hold_keys(None)
    await ObjectiveRepository(session).put(
        [
            {"key": one.key, "level": one.level, "skill": one.skill, "can_do": one.text, "position": place}
            for place, one in enumerate(file.objectives)
        ]
    )
    kept = await repository.seeded()
    counts = {"new": 0, "changed": 0, "same": 0}
    for one in wanted:
        counts[await _put(session, one, kept.pop(one.content.key, None))] += 1
    gone = 0
    for lesson, published in kept.values():
        gone += await repository.archive_published(lesson.id) if published else 0
    return Loaded(objectives=len(file.objectives), gone=gone, **counts)


async def _put(
    session: AsyncSession, seeded: SeededLesson, kept: tuple[Lesson, LessonVersion | None] | None
) -> str:
    repository = LessonRepository(session)
    await require_objectives(session, seeded.content)
    lesson, published = kept or (Lesson(key=seeded.content.key), None)
    if published and published.content_hash == contents.hash_of(seeded.content):
        return "same"
    if kept is None:
        await repository.add(lesson)
    await repository.archive_published(lesson.id)
    version = LessonVersion(
        lesson_id=lesson.id,
        number=max(seeded.version, await repository.last_number(lesson.id) + 1),
        state=VersionState.PUBLISHED,
        revision=1,
        published_at=utc_now(),
    )
    contents.fill(version, seeded.content)
    await repository.add_version(version)
    await repository.map_objectives(version, seeded.content.objectives)
    return "changed" if kept else "new"


def main() -> None:
    """Load as the settings say."""
    settings = load_or_exit(DatabaseSettings)
    configure_logging("curriculum", settings.log_level)
    asyncio.run(load(settings.migrations_database_url))


if __name__ == "__main__":
    main()
