"""`python -m api.exams.load`: put the installation's own templates into the database.

Run again, it changes nothing; `python -m api.migrate` runs it after each upgrade. A template whose content
changed gets a new version, and attempts go on with the one that they began with. One whose file is gone is
offered no more. It connects as the schema's owner: the role that serves cannot write these rows.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from api.contract.exams import ExamContent
from api.database import Database
from api.exams.content import as_stored, hash_of
from api.exams.models import ExamTemplate
from api.exams.repository import TemplateRepository
from api.settings import DatabaseSettings
from infra.configuration import load_or_exit
from infra.telemetry import configure_logging, get_logger
from prompts import Prompt
from prompts.exams import exams

log = get_logger(__name__)


@dataclass(frozen=True)
class SeededExam:
    """A template as its file spells it, with the version that its authors gave it."""

    version: int
    content: ExamContent


@dataclass(frozen=True)
class Loaded:
    """How many templates are new, changed, gone and as they were."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0


def seeded_exam(prompt: Prompt) -> SeededExam:
    """A template's file as a typed template.

    Raises:
        ValueError: It does not fit; the message names the file.
    """
    fields = {name: value for name, value in prompt.content.items() if name != "version"}
    try:
        return SeededExam(prompt.version, ExamContent.model_validate(fields))
    except ValueError as error:
        raise ValueError(f"{prompt.name}: {error}") from error


async def load(owner_url: str, seeded: Iterable[SeededExam] | None = None) -> Loaded:
    """Bring the installation's templates up to date, all or nothing.

    Args:
        owner_url: Address of the database as the schema's owner.
        seeded: The templates; those of `prompts/exams` where left out.
    """
    wanted = [seeded_exam(prompt) for prompt in exams()] if seeded is None else list(seeded)
    database = Database.connect(owner_url, process="exams", pool_size=1)
    try:
        async with database.transaction() as session:
            done = await _load(session, wanted)
    finally:
        await database.close()
    log.info("exams loaded", **done.__dict__)
    return done


async def _load(session: AsyncSession, wanted: list[SeededExam]) -> Loaded:
    repository = TemplateRepository(session)
    await repository.hold()
    kept = {template.key: template for template in await repository.offered()}
    counts = {"new": 0, "changed": 0, "same": 0}
    for one in wanted:
        counts[await _put(repository, one, kept.pop(one.content.key, None))] += 1
    for template in kept.values():
        template.offered = False
    await session.flush()
    return Loaded(gone=len(kept), **counts)


async def _put(repository: TemplateRepository, seeded: SeededExam, kept: ExamTemplate | None) -> str:
    content, digest = seeded.content, hash_of(seeded.content)
    if kept is not None and kept.content_hash == digest:
        return "same"
    if kept is not None:
        kept.offered = False
        await repository.session.flush()
    template = ExamTemplate(
        key=content.key,
        number=max(seeded.version, await repository.last_number(content.key) + 1),
        offered=True,
        from_level=content.from_level,
        target_level=content.target_level,
        title=content.title,
        content=as_stored(content),
        content_hash=digest,
    )
    await repository.add(template)
    return "changed" if kept else "new"


def main() -> None:
    """Load as the settings say."""
    settings = load_or_exit(DatabaseSettings)
    configure_logging("exams", settings.log_level)
    asyncio.run(load(settings.migrations_database_url))


if __name__ == "__main__":
    main()
