"""The installation's templates in the database: loaded again nothing changes, changed they get a version."""

import asyncpg
import pytest

from api.contract.exams import ExamContent
from api.exams.load import Loaded, seeded_exam
from prompts.loader import parse_prompt
from tests.api.conftest import Learner
from tests.api.exams.conftest import V1, LoadExams, small_exam


async def keys(learner: Learner) -> list[tuple[str, int]]:
    items = (await learner.client.get(f"{V1}/exams")).json()["items"]
    return [(item["key"], item["version"]) for item in items]


async def test_versions(load_exams: LoadExams, learner: Learner) -> None:
    first, second = small_exam("first"), small_exam("second")
    assert await load_exams(first, second) == Loaded(new=2)
    assert await load_exams(first, second) == Loaded(same=2)
    changed = first.model_copy(update={"title": "Another"})
    assert await load_exams(changed) == Loaded(changed=1, gone=1)
    assert await keys(learner) == [("first", 2)]
    assert await load_exams(first, second) == Loaded(new=1, changed=1)
    assert await keys(learner) == [("first", 3), ("second", 2)]


async def test_the_serving_role_cannot_write_templates(exam: ExamContent, addresses: object) -> None:
    connection = await asyncpg.connect(addresses.serving)  # type: ignore[attr-defined]
    try:
        assert await connection.fetchval("SELECT count(*) FROM exam_templates") == 1
        assert await connection.execute("UPDATE exam_templates SET title = 'x'") == "UPDATE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                "INSERT INTO exam_templates (id, key, number, offered, from_level, target_level, title,"
                " content, content_hash) VALUES (gen_random_uuid(), 'x', 1, true, 'A1', 'A2', '', '{}', '')"
            )
    finally:
        await connection.close()


def test_a_file_that_does_not_fit_is_named() -> None:
    with pytest.raises(ValueError, match="exams/broken"):
        seeded_exam(parse_prompt("exams/broken", b"version: 1\nkey: broken\n"))
