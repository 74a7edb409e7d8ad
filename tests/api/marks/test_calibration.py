"""How far machine and people agree: told only of enough marks on enough learners."""

from typing import Any

import pytest

from tests.api.conftest import Learner
from tests.api.marks.conftest import Judged, mark, marks_of
from tests.api.school import V1, School

PAIRS = [(1.0, 1.0), (2.0, 1.5), (3.0, 3.0), (4.0, 3.0), (5.0, 5.0)]


async def agreement_of(teacher: Learner, dimension: str = "grammar") -> dict[str, Any]:
    """What is told of a dimension."""
    body = (await teacher.client.get(f"{V1}/calibration")).json()
    by_name: dict[str, dict[str, Any]] = {one["dimension"]: one for one in body["dimensions"]}
    return by_name[dimension]


async def double_mark(
    judged: Judged, teacher: Learner, learner: Learner, machine: float, person: float
) -> None:
    """An exam of a learner that both mark."""
    attempt = await judged(learner, {"grammar": machine})
    answer = await teacher.client.post(marks_of(attempt), json=mark(person))
    assert answer.status_code == 201, answer.text


@pytest.fixture
async def five(school: School, program: str) -> list[Learner]:
    """Five learners."""
    return [await school.join(f"Lea {number}", program_id=program) for number in range(5)]


async def test_figures_are_told_from_enough_marks_on_enough_learners(
    judged: Judged, teacher: Learner, five: list[Learner], school: School
) -> None:
    for learner in five[:4]:
        for machine, person in PAIRS[:3]:
            await double_mark(judged, teacher, learner, machine, person)
    few = await agreement_of(teacher)
    assert (few["withheld"], few["marks"], few["learners"]) == (True, 12, 4)
    assert (few["qwk"], few["mean_difference"], few["pairs"]) == (None, None, [])
    await double_mark(judged, teacher, five[4], 4.0, 3.0)
    told = await agreement_of(teacher)
    assert (told["withheld"], told["marks"], told["learners"]) == (False, 13, 5)
    assert told["mean_difference"] == pytest.approx((4 * 0.5 + 1.0) / 13, abs=0.001)
    assert {(one["machine"], one["person"]): one["count"] for one in told["pairs"]} == {
        (1.0, 1.0): 4,
        (2.0, 1.5): 4,
        (3.0, 3.0): 4,
        (4.0, 3.0): 1,
    }
    assert 0.9 < told["qwk"] < 1
    assert told["lower_limit"] < told["mean_difference"] < told["upper_limit"]
    outsider = await school.join("Ivo", "instructor", await school.program("Morning"))
    assert (await agreement_of(outsider))["marks"] == 0


async def test_the_newest_mark_counts_and_one_taken_back_does_not(
    judged: Judged, teacher: Learner, maya: Learner
) -> None:
    attempt = await judged(maya)
    await teacher.client.post(marks_of(attempt), json=mark(3))
    await teacher.client.post(marks_of(attempt), json=mark(4, version=1))
    assert (await agreement_of(teacher))["marks"] == 1
    [one] = (await teacher.client.get(f"{V1}/calibration/attempts")).json()["items"]
    assert one["marks"] == [{"dimension": "grammar", "machine": 2.6, "person": 4.0}]
    assert (one["learner_name"], one["people"]) == ("Maya", 1)
    await teacher.client.post(marks_of(attempt), json=mark(None, version=2))
    assert (await agreement_of(teacher))["marks"] == 0
    assert (await teacher.client.get(f"{V1}/calibration/attempts")).json()["items"] == []


async def test_list_goes_on_where_the_last_page_ended(
    judged: Judged, teacher: Learner, maya: Learner
) -> None:
    for _ in range(3):
        await double_mark(judged, teacher, maya, 3.0, 3.0)
    first = (await teacher.client.get(f"{V1}/calibration/attempts", params={"limit": 2})).json()
    rest = await teacher.client.get(
        f"{V1}/calibration/attempts", params={"limit": 2, "cursor": first["next_cursor"]}
    )
    seen = [one["attempt_id"] for one in first["items"] + rest.json()["items"]]
    assert (len(seen), len(set(seen)), rest.json()["next_cursor"]) == (3, 3, None)


async def test_a_mark_where_the_machine_refused_is_no_pair(
    judged: Judged, teacher: Learner, maya: Learner
) -> None:
    attempt = await judged(maya)
    await teacher.client.post(marks_of(attempt), json=mark(3, "pronunciation"))
    assert (await agreement_of(teacher, "pronunciation"))["marks"] == 0
