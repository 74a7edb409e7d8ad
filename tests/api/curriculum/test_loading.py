"""The installation's own lessons: loaded once, brought up to date, never doubled."""

import asyncpg
import pytest

from api.curriculum.load import Loaded, load
from api.errors import InvalidError
from api.migrate import bring_up_to_date
from api.settings import DatabaseSettings
from prompts.curriculum import lessons, objectives
from tests.api.conftest import Addresses
from tests.api.curriculum.conftest import Load, lesson


async def test_loading_again_changes_nothing(load_lessons: Load, owner: asyncpg.Connection) -> None:
    assert await load_lessons(lesson("one"), lesson("two")) == Loaded(16, new=2, changed=0, gone=0, same=0)
    before = await owner.fetch("SELECT * FROM lesson_versions ORDER BY id")
    assert await load_lessons(lesson("one"), lesson("two")) == Loaded(16, new=0, changed=0, gone=0, same=2)
    assert await owner.fetch("SELECT * FROM lesson_versions ORDER BY id") == before


async def test_changed_content_is_a_new_version_and_what_is_gone_is_archived(
    load_lessons: Load, owner: asyncpg.Connection
) -> None:
    await load_lessons(lesson("one"), lesson("two"))
    done = await load_lessons(lesson("one", title="Another title"))
    assert (done.changed, done.gone) == (1, 1)
    rows = await owner.fetch(
        "SELECT key, number, state FROM lesson_versions v JOIN lessons l ON l.id = v.lesson_id"
        " ORDER BY key, number"
    )
    assert [tuple(row) for row in rows] == [
        ("one", 1, "archived"),
        ("one", 2, "published"),
        ("two", 1, "archived"),
    ]
    back = await load_lessons(lesson("one", title="Another title"), lesson("two"))
    assert (back.changed, back.same) == (1, 1)


async def test_all_or_nothing(load_lessons: Load, owner: asyncpg.Connection) -> None:
    with pytest.raises(InvalidError):
        await load_lessons(lesson("one"), lesson("two", objectives=["no-such", "a2-production"]))
    assert await owner.fetchval("SELECT count(*) FROM lessons") == 0


async def test_migrating_loads_them(app: object, addresses: Addresses, owner: asyncpg.Connection) -> None:
    settings = DatabaseSettings.model_construct(
        migrations_database_url=addresses.owner, database_url=addresses.serving
    )
    await bring_up_to_date(settings)
    assert await owner.fetchval("SELECT count(*) FROM lessons") == len(lessons())


async def test_ours_fit_the_database(app: object, addresses: Addresses, owner: asyncpg.Connection) -> None:
    done = await load(addresses.owner)
    assert done.new == len(lessons()) > 0
    assert done.objectives == len(objectives().value("objectives"))
    found = await owner.fetch(
        "SELECT title FROM lesson_versions WHERE search @@ websearch_to_tsquery('english', 'introducing')"
    )
    assert isinstance(found, list)
