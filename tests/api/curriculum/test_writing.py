"""Writing lessons: drafts, revisions, publishing, archiving, deleting, and who may."""

import asyncpg
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError

from api.curriculum import service
from api.curriculum.attempts import service as attempts
from api.curriculum.models import VersionState
from api.curriculum.repository import LessonRepository
from api.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from api.identity.models import MemberRole
from tests.api.conftest import Learner, SignUp
from tests.api.curriculum.conftest import Load, acting, changed, lesson
from tests.api.school import School, choose, found

TEACHER = MemberRole.INSTRUCTOR


@pytest.fixture
async def school(sign_up: SignUp, load_lessons: Load) -> School:
    """A school, and the installation's objectives."""
    await load_lessons(lesson("seeded"))
    return await found(sign_up)


@pytest.fixture
async def teacher(school: School) -> Learner:
    """An instructor, acting under the school."""
    person = await school.join("Tina", "instructor")
    return Learner(person.client, person.id, person.email, school.id)


async def test_learners_write_for_themselves_alone(app: FastAPI, school: School) -> None:
    mia = await school.join()
    async with acting(app, Learner(mia.client, mia.id, mia.email, school.id)) as (session, person):
        with pytest.raises(ForbiddenError) as refused:
            await service.create_draft(session, person, lesson())
        assert refused.value.code == "authors_only"
        own = await service.create_draft(session, person, lesson(), personal=True)
        assert own.lesson.learner_id == mia.id
        await service.publish(session, person, own.lesson.id, 1)
    ben = await school.join("Ben")
    async with acting(app, Learner(ben.client, ben.id, ben.email, school.id), TEACHER) as (session, person):
        with pytest.raises(NotFoundError):
            await service.read_work(session, person, own.lesson.id)
        assert await LessonRepository(session).offered_to(ben.id, own.lesson.id) is None


async def test_a_lesson_goes_from_draft_to_published_and_on(app: FastAPI, teacher: Learner) -> None:
    async with acting(app, teacher, TEACHER) as (session, person):
        work = await service.create_draft(session, person, lesson())
        key = work.lesson.id
        assert work.draft is not None
        assert work.draft.state == VersionState.DRAFT
        assert await LessonRepository(session).offered_to(teacher.id, key) is None
        saved = await service.save_draft(session, person, key, lesson(title="Second try"), revision=1)
        assert saved.draft is not None
        assert (saved.draft.revision, saved.draft.title) == (2, "Second try")
        with pytest.raises(ConflictError) as stale:
            await service.publish(session, person, key, 1)
        assert stale.value.code == "changed_meanwhile"
        published = await service.publish(session, person, key, 2)
        assert published.published is not None
        assert published.draft is None
        offered = await LessonRepository(session).offered_to(teacher.id, key)
        assert offered is not None
        assert offered[1].number == 1
    async with acting(app, teacher, TEACHER) as (session, person):
        again = await service.save_draft(session, person, key, lesson(title="Third try"))
        assert again.draft is not None
        assert again.draft.number == 2
        still = await LessonRepository(session).offered_to(teacher.id, key)
        assert still is not None
        assert still[1].title == "Second try"
        await service.publish(session, person, key, 1)
        numbers = [(one.number, one.state) for one in await service.list_versions(session, person, key)]
        assert numbers == [(2, VersionState.PUBLISHED), (1, VersionState.ARCHIVED)]
    async with acting(app, teacher, TEACHER) as (session, person):
        archived = await service.archive(session, person, key)
        assert archived.published is None
        assert archived.archived is not None
        assert await LessonRepository(session).offered_to(teacher.id, key) is None
        await service.archive(session, person, key)


async def test_drafts_are_thrown_away_while_something_else_is_left(app: FastAPI, teacher: Learner) -> None:
    async with acting(app, teacher, TEACHER) as (session, person):
        work = await service.create_draft(session, person, lesson())
        with pytest.raises(ConflictError) as refused:
            await service.discard_draft(session, person, work.lesson.id, 1)
        assert refused.value.code == "nothing_else"
        await service.publish(session, person, work.lesson.id, 1)
        await service.save_draft(session, person, work.lesson.id, lesson(title="Worse"))
        left = await service.discard_draft(session, person, work.lesson.id, 1)
        assert left.draft is None
        assert left.published is not None
        with pytest.raises(NotFoundError):
            await service.discard_draft(session, person, work.lesson.id, 1)


async def test_the_installations_lessons_are_copied_not_changed(
    app: FastAPI, teacher: Learner, owner: asyncpg.Connection
) -> None:
    seeded = await owner.fetchval("SELECT id FROM lessons WHERE organisation_id IS NULL")
    async with acting(app, teacher, TEACHER) as (session, person):
        for attempt in (
            service.save_draft(session, person, seeded, lesson()),
            service.archive(session, person, seeded),
            service.delete(session, person, seeded),
        ):
            with pytest.raises(ForbiddenError) as refused:
                await attempt
            assert refused.value.code == "not_yours"
        first = await service.copy(session, person, seeded)
        second = await service.copy(session, person, seeded)
        assert (first.lesson.key, second.lesson.key) == ("seeded", "seeded-2")
        assert second.draft is not None
        assert second.draft.content["key"] == "seeded-2"
        shown, _ = await service.list_work(session, person, after=None, limit=10)
        assert {one.lesson.id for one in shown} == {first.lesson.id, second.lesson.id}


async def test_the_database_itself_keeps_them(
    app: FastAPI, teacher: Learner, stranger: Learner, owner: asyncpg.Connection
) -> None:
    """Whatever a query asks for: seeded rows are read and not written, a school's are seen there alone."""
    async with acting(app, teacher, TEACHER) as (session, person):
        await service.create_draft(session, person, lesson("ours"))
    async with app.state.database.writing() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(
            "SELECT set_config('avaaz.organisation_id', $1, true)", (str(stranger.organisation_id),)
        )
        seen = await connection.exec_driver_sql("SELECT key FROM lessons")
        assert [row[0] for row in seen] == ["seeded"]
        for change in (
            "UPDATE lessons SET key = 'mine'",
            "DELETE FROM lesson_versions",
            "UPDATE objectives SET can_do = 'x'",
            "DELETE FROM objectives",
        ):
            assert (await connection.exec_driver_sql(change)).rowcount == 0, change
        with pytest.raises(DBAPIError, match="row-level security"):
            await connection.exec_driver_sql(
                "INSERT INTO lessons (id, key) VALUES (gen_random_uuid(), 'for-all')"
            )
    assert await owner.fetchval("SELECT count(*) FROM lessons") == 2


async def test_content_is_plain_whole_and_known(app: FastAPI, teacher: Learner) -> None:
    bad = {
        "html_not_allowed": changed(lesson(), title="<b>Where</b>"),
        "unprintable_text": changed(lesson(), goal="You can \u202egnp.\u202c"),
        "unknown_objective": changed(lesson(), objectives=["a2-interaction", "a2-production", "no-such"]),
        "lesson_too_large": changed(
            lesson(), visuals=[{"key": f"v{n}", "kind": "table", "title": "T", "description": "D" * 800,
                                "rows": [["x" * 120] * 30] * 12} for n in range(6)]
        ),
    }  # fmt: skip
    for code, content in bad.items():
        async with acting(app, teacher, TEACHER) as (session, person):
            with pytest.raises(InvalidError) as refused:
                await service.create_draft(session, person, content)
            assert refused.value.code == code
            await session.rollback()
    async with acting(app, teacher, TEACHER) as (session, person):
        fine = changed(lesson(), title="I <3 you, a < b")
        assert (await service.create_draft(session, person, fine)).draft is not None


async def test_a_lesson_that_was_tried_stays_for_its_attempts(
    app: FastAPI, school: School, teacher: Learner, owner: asyncpg.Connection
) -> None:
    mia = await school.join()
    await choose(mia, school.id)
    async with acting(app, teacher, TEACHER) as (session, person):
        tried = await service.create_draft(session, person, lesson("tried"))
        untried = await service.create_draft(session, person, lesson("untried"))
        for work in (tried, untried):
            await service.publish(session, person, work.lesson.id, 1)
    async with acting(app, Learner(mia.client, mia.id, mia.email, school.id)) as (session, person):
        taken = await attempts.start(session, person, tried.lesson.id)
    async with acting(app, teacher, TEACHER) as (session, person):
        for work in (tried, untried):
            await service.delete(session, person, work.lesson.id)
            with pytest.raises(NotFoundError):
                await service.read_work(session, person, work.lesson.id)
        await service.create_draft(session, person, lesson("tried"))
    kept = await owner.fetch("SELECT id, deleted_at IS NULL AS lives FROM lessons WHERE key = 'tried'")
    assert sorted(row["lives"] for row in kept) == [False, True]
    assert await owner.fetchval("SELECT count(*) FROM lessons WHERE key = 'untried'") == 0
    async with acting(app, Learner(mia.client, mia.id, mia.email, school.id)) as (session, person):
        assert (await attempts.read(session, person, taken.attempt.id)).version.title == tried.draft.title  # type: ignore[union-attr]
