"""The kind words at the end of a lesson: what was shown, and one thing for the next time."""

from collections.abc import Sequence

import prompts
from agent.lesson_state import LessonState, Part
from api.contract.lessons import Criterion, LessonContent

_MOST_NAMED = 3


def summary(content: LessonContent, state: LessonState) -> tuple[Part, ...]:
    """What to say of a lesson that is over, without any mark."""
    prompt = prompts.load("lesson")
    shown, missing = divided(content, state)
    if not shown:
        return (("line", "finished"), ("line", "did_talk"))
    things = _listed([_as_infinitive(criterion.says) for criterion in _spread(shown)])
    lines: Sequence[str] = prompt.value("lines", "did")
    parts: list[Part] = [("line", "finished"), ("text", lines[len(shown) % len(lines)].format(things=things))]
    if missing:
        says = prompt.value("lines", "next_time")[0].format(says=_as_infinitive(missing[0].says))
        parts.append(("text", f"{says}."))
    return tuple(parts)


def divided(content: LessonContent, state: LessonState) -> tuple[list[Criterion], list[Criterion]]:
    """The lesson's criteria: those met, and those of steps that were not skipped which were not.

    What several steps ask for in the same words is one thing, and met with the first of them.
    """
    steps = [step for step in content.steps if step.key not in state.skipped]
    shown = {one.says: one for step in content.steps for one in step.criteria if one.key in state.met}
    missing = [
        one for step in steps for one in step.criteria if one.key not in state.met and one.says not in shown
    ]
    return list(shown.values()), missing


def _spread(criteria: list[Criterion]) -> list[Criterion]:
    """A few of them, from the beginning to the end."""
    if len(criteria) <= _MOST_NAMED:
        return criteria
    return [criteria[0], criteria[len(criteria) // 2], criteria[-1]]


def _as_infinitive(says: str) -> str:
    """ "Say your name." as it stands after "you were able to"."""
    plain = says.strip().rstrip(".!")
    return plain[:1].lower() + plain[1:]


def _listed(things: list[str]) -> str:
    if len(things) == 1:
        return things[0]
    return f"{', '.join(things[:-1])}, and {things[-1]}"
