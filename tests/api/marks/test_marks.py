"""Marks beside the machine's: who may give them, that none is erased, and what learners see."""

from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from tests.api.conftest import Learner, SignUp, error_of
from tests.api.marks.conftest import Judged, mark, marks_of
from tests.api.school import V1, School, found


async def test_anonymous(anonymous: httpx.AsyncClient, judged: Judged, maya: Learner) -> None:
    attempt = await judged(maya)
    assert (await anonymous.get(marks_of(attempt))).status_code == 401
    assert (await anonymous.post(marks_of(attempt), json=mark())).status_code == 401
    assert (await anonymous.get(f"{V1}/calibration")).status_code == 401


async def test_learners_mark_nobody_and_see_no_calibration(judged: Judged, maya: Learner) -> None:
    attempt = await judged(maya)
    assert (await maya.client.post(marks_of(attempt), json=mark())).status_code == 403
    for path in ("calibration", "calibration/attempts"):
        assert (await maya.client.get(f"{V1}/{path}")).status_code == 403


@pytest.mark.parametrize("who", ["classmate", "other program", "other school"])
async def test_others_are_told_that_nothing_is_there(  # noqa: PLR0917 - fixtures
    who: str, judged: Judged, school: School, program: str, maya: Learner, sign_up: SignUp
) -> None:
    attempt = await judged(maya)
    if who == "classmate":
        asking = await school.join("Carl", program_id=program)
    elif who == "other program":
        asking = await school.join("Ivo", "instructor", await school.program("Morning"))
    else:
        asking = (await found(sign_up, "South School", "Bob")).admin
    result = f"{V1}/exams/attempts/{attempt}/result.pdf"
    for path in (marks_of(attempt), result):
        assert (await asking.client.get(path)).status_code == 404
    if who != "classmate":
        assert (await asking.client.post(marks_of(attempt), json=mark())).status_code == 404
        assert (await asking.client.get(f"{V1}/calibration/attempts")).json()["items"] == []


async def test_before_an_exam_is_over_there_is_nothing_to_mark(teacher: Learner) -> None:
    assert (await teacher.client.post(marks_of(uuid4()), json=mark())).status_code == 404


async def test_learner_sees_the_mark_beside_the_machines(
    judged: Judged, teacher: Learner, maya: Learner
) -> None:
    attempt = await judged(maya)
    given = await teacher.client.post(marks_of(attempt), json=mark(3.5))
    assert given.status_code == 201, given.text
    seen = (await maya.client.get(marks_of(attempt))).json()
    assert (seen["mine"], seen["may_mark"], seen["learner_name"]) == (True, False, "Maya")
    assert (seen["title"], seen["target_level"]) == ("Mock exam, A2 to B1", "B1")
    [one] = seen["items"]
    assert (one["score"], one["machine_score"], one["counts"], one["mine"]) == (3.5, 2.6, True, False)
    assert (one["author_name"], one["reason"]) == ("Tom", "Past forms hold under pressure.")
    machine = (await maya.client.get(f"{V1}/exams/attempts/{attempt}/assessment")).json()
    assert {each["dimension"]: each["score"] for each in machine["dimensions"]}["grammar"] == 2.6


async def test_a_change_is_a_new_version_and_the_newest_counts(
    judged: Judged, teacher: Learner, maya: Learner
) -> None:
    attempt = await judged(maya)
    await teacher.client.post(marks_of(attempt), json=mark(3.5))
    await teacher.client.post(marks_of(attempt), json=mark(4, version=1, reason="Heard again."))
    items = (await maya.client.get(marks_of(attempt))).json()["items"]
    assert [(one["version"], one["score"], one["counts"]) for one in items] == [
        (1, 3.5, False),
        (2, 4.0, True),
    ]
    taken_back = await teacher.client.post(
        marks_of(attempt), json=mark(None, version=2, reason="Wrong learner.")
    )
    assert taken_back.status_code == 201
    items = (await maya.client.get(marks_of(attempt))).json()["items"]
    assert [one["counts"] for one in items] == [False, False, False]
    again = await teacher.client.post(marks_of(attempt), json=mark(None, version=3))
    assert (again.status_code, error_of(again)) == (422, "nothing_to_take_back")


async def test_each_persons_newest_counts(
    judged: Judged, school: School, program: str, teacher: Learner, maya: Learner
) -> None:
    attempt = await judged(maya)
    cora = await school.join("Cora", "instructor", program)
    await teacher.client.post(marks_of(attempt), json=mark(3.5))
    await cora.client.post(marks_of(attempt), json=mark(3))
    items = (await cora.client.get(marks_of(attempt))).json()["items"]
    assert [(one["author_name"], one["counts"], one["mine"]) for one in items] == [
        ("Tom", True, False),
        ("Cora", True, True),
    ]


async def test_nobody_overwrites_what_they_have_not_read(
    judged: Judged, teacher: Learner, maya: Learner
) -> None:
    attempt = await judged(maya)
    await teacher.client.post(marks_of(attempt), json=mark(3.5))
    stale = await teacher.client.post(marks_of(attempt), json=mark(1))
    assert (stale.status_code, error_of(stale)) == (409, "changed_meanwhile")


@pytest.mark.parametrize(
    "body",
    [mark(5.1), mark(-0.1), mark(3.25), mark(reason=""), mark(reason="  \n"), mark(reason="x" * 1_001),
     mark(dimension="attitude"), mark(version=-1), {**mark(), "mood": "calm"}],
)  # fmt: skip
async def test_bad_marks_are_refused(
    judged: Judged, teacher: Learner, maya: Learner, body: dict[str, object]
) -> None:
    assert (await teacher.client.post(marks_of(await judged(maya)), json=body)).status_code == 422


async def test_marks_beside_no_score_and_of_an_unscored_exam(
    judged: Judged, teacher: Learner, maya: Learner
) -> None:
    refused = await judged(maya)
    given = await teacher.client.post(marks_of(refused), json=mark(2, "pronunciation"))
    assert (given.status_code, given.json()["machine_score"]) == (201, None)
    failed = await judged(maya, state="failed")
    blind = await teacher.client.post(marks_of(failed), json=mark(2, blind=True))
    assert (blind.status_code, blind.json()["blind"]) == (201, False)


async def test_a_mark_is_blind_only_before_the_scores_were_opened(
    judged: Judged, teacher: Learner, maya: Learner
) -> None:
    attempt = await judged(maya)
    first = await teacher.client.post(marks_of(attempt), json=mark(3, blind=True))
    seen = await teacher.client.post(marks_of(attempt), json=mark(3, "fluency"))
    later = await teacher.client.post(marks_of(attempt), json=mark(3, "coherence", blind=True))
    assert [one.json()["blind"] for one in (first, seen, later)] == [True, False, False]


async def test_nobody_marks_their_own_exam(judged: Judged, teacher: Learner) -> None:
    attempt = await judged(teacher)
    refused = await teacher.client.post(marks_of(attempt), json=mark())
    assert (refused.status_code, error_of(refused)) == (403, "own_attempt")
    assert (await teacher.client.get(marks_of(attempt))).json()["may_mark"] is False


async def test_it_is_noted_and_the_learner_is_told(
    judged: Judged, teacher: Learner, maya: Learner, owner: asyncpg.Connection
) -> None:
    attempt = await judged(maya)
    await teacher.client.get(marks_of(attempt))
    await teacher.client.post(marks_of(attempt), json=mark())
    await teacher.client.get(f"{V1}/exams/attempts/{attempt}/result.pdf")
    rows = await owner.fetch(
        "SELECT action, details FROM audit_events WHERE subject_id = $1 AND actor_id = $2 ORDER BY at",
        attempt,
        teacher.id,
    )
    assert [row["action"] for row in rows] == ["report.read", "mark.given", "result.exported"]
    assert "Past forms" not in str(rows)
    seen = (await maya.client.get(f"{V1}/users/me/audit")).json()["items"]
    assert {"mark.given", "result.exported"} <= {one["action"] for one in seen}


async def test_rows_are_never_changed_but_authors_are_forgotten(
    judged: Judged, teacher: Learner, maya: Learner, owner: asyncpg.Connection
) -> None:
    attempt = await judged(maya)
    await teacher.client.post(marks_of(attempt), json=mark())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await owner.execute("UPDATE exam_marks SET score = 5")
    await owner.execute("UPDATE exam_marks SET author_id = NULL")
    [one] = (await maya.client.get(marks_of(attempt))).json()["items"]
    assert (one["author_id"], one["author_name"], one["counts"]) == (None, "", True)


async def test_pdf_in_the_readers_language(judged: Judged, teacher: Learner, maya: Learner) -> None:
    attempt: UUID = await judged(maya)
    await teacher.client.post(marks_of(attempt), json=mark(3.5, reason="# **bold** & بهتر"))
    for locale in ("en", "es"):
        await maya.client.patch(f"{V1}/users/me", json={"locale": locale})
        answer = await maya.client.get(f"{V1}/exams/attempts/{attempt}/result.pdf")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/pdf"
        assert "Maya" not in answer.headers["content-disposition"]
        assert answer.content.startswith(b"%PDF-")


async def test_no_pdf_before_there_is_a_result(judged: Judged, maya: Learner) -> None:
    attempt = await judged(maya, state="scoring")
    answer = await maya.client.get(f"{V1}/exams/attempts/{attempt}/result.pdf")
    assert (answer.status_code, error_of(answer)) == (409, "not_ready")
