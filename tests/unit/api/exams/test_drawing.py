"""Which tasks an attempt is given."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from api.contract.exams import DrawnTask, ExamContent
from api.exams.drawing import draw, with_drawn


def content_of(*pools: int, follows: bool = False) -> ExamContent:
    """Parts with pools of so many tasks; the last one goes on with the first's where `follows`."""

    def task(key: str) -> dict[str, object]:
        return {
            "key": key,
            "title": "T",
            "topic": "T",
            "begin": ["B"],
            "instructions": "I",
            "words": list("abcde"),
        }

    parts = [
        {
            "key": f"part-{place}",
            "kind": "discussion",
            "title": "P",
            "scored": True,
            "instructions_s": 5,
            "speaking_s": 60,
            "end": "E",
            "tasks": [task(f"task-{number}") for number in range(pool)],
        }
        for place, pool in enumerate(pools)
    ]
    if follows:
        parts[-1]["follows"] = "part-0"
    fields = {"key": "x", "title": "X", "description": "X", "from_level": "A1", "target_level": "A2"}
    return ExamContent.model_validate({**fields, "welcome": ["W"], "goodbye": ["G"], "parts": parts})


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.lists(st.integers(0, 2**62), max_size=20))
def test_no_task_again_before_all_were_had(pools: list[int], seeds: list[int]) -> None:
    content = content_of(*pools)
    had: list[list[DrawnTask]] = []
    for seed in seeds:
        had.append(draw(content, had, seed))
    for place, pool in enumerate(pools):
        keys = [tasks[place].task for tasks in had]
        for start in range(0, len(keys), pool):
            whole = keys[start : start + pool]
            assert len(set(whole)) == len(whole)
        assert pool == 1 or all(one != other for one, other in pairwise(keys))


@given(st.integers(0, 2**62))
def test_the_same_seed_draws_the_same(seed: int) -> None:
    assert draw(content_of(6, 6), [], seed) == draw(content_of(6, 6), [], seed)


def test_seeds_draw_all_tasks() -> None:
    drawn = {draw(content_of(6), [], seed)[0].task for seed in range(200)}
    assert len(drawn) == 6


@given(st.integers(0, 2**62))
def test_a_part_that_goes_on_takes_the_same_task(seed: int) -> None:
    first, _, last = draw(content_of(6, 3, 6, follows=True), [], seed)
    assert first.task == last.task


def test_tasks_that_are_no_more_do_not_count() -> None:
    gone = [[DrawnTask(part="part-0", task="old")], [DrawnTask(part="part-9", task="task-0")]]
    assert draw(content_of(1), gone, 1) == [DrawnTask(part="part-0", task="task-0")]


def test_only_what_was_drawn_is_left() -> None:
    content = content_of(3, 3)
    drawn = draw(content, [], 5)
    left = with_drawn(content, drawn)
    assert [[task.key for task in part.tasks] for part in left.parts] == [[one.task] for one in drawn]
