"""Which tasks an attempt is given: none again before the learner has had all of a part's."""

import hashlib
from collections import Counter
from collections.abc import Sequence

from api.contract.exams import DrawnTask, ExamContent, ExamPart


def draw(content: ExamContent, earlier: Sequence[Sequence[DrawnTask]], seed: int) -> list[DrawnTask]:
    """One task for each part.

    Of a part's tasks those are drawn from that the learner had least often, never the last one again where
    there is another. A part that goes on with another's task takes the task of the same key.

    Args:
        content: The template.
        earlier: What the learner's earlier attempts at it were given, oldest first; tasks that the template
            no longer has do not count.
        seed: The same seed draws the same.
    """
    drawn: list[DrawnTask] = []
    for part in content.parts:
        followed = next((one.task for one in drawn if one.part == part.follows), None)
        had = [one.task for tasks in earlier for one in tasks if one.part == part.key]
        drawn.append(DrawnTask(part=part.key, task=followed or _drawn(part, had, seed)))
    return drawn


def _drawn(part: ExamPart, had: Sequence[str], seed: int) -> str:
    keys = sorted(task.key for task in part.tasks)
    times = Counter(key for key in had if key in keys)
    least = min(times[key] for key in keys)
    fresh = [key for key in keys if times[key] == least]
    if had and len(fresh) > 1:
        fresh = [key for key in fresh if key != had[-1]]
    lot = hashlib.sha256(f"{seed}:{part.key}".encode()).digest()
    return fresh[int.from_bytes(lot) % len(fresh)]


def with_drawn(content: ExamContent, drawn: Sequence[DrawnTask]) -> ExamContent:
    """The template with the drawn tasks alone."""
    task_of = {one.part: one.task for one in drawn}
    parts = [
        part.model_copy(update={"tasks": [task for task in part.tasks if task.key == task_of[part.key]]})
        for part in content.parts
    ]
    return content.model_copy(update={"parts": parts})
