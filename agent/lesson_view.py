"""Where a lesson stands, for the learner's screen."""

from typing import Literal

from agent.lesson_state import LessonState
from agent.lesson_walk import Walk
from api.contract.lessons import CriterionView, LessonView, StepView, Visual

StepState = Literal["coming", "running", "done", "skipped"]


def view_of(walk: Walk, state: LessonState) -> LessonView:
    """The steps with their states, and what the running one asks for."""
    content, step = walk.content, walk.step(state)
    return LessonView(
        title=content.title,
        goal=content.goal,
        steps=[
            StepView(key=one.key, title=one.title, kind=one.kind, state=_state(state, number, one.key))
            for number, one in enumerate(content.steps)
        ],
        instructions=step.instructions if step else None,
        criteria=[
            CriterionView(key=one.key, says=one.says, met=one.key in state.met)
            for one in (step.criteria if step else [])
        ],
        phrases=[phrase.text for phrase in content.phrases],
        support=state.support,
        state=state.ended or "running",
    )


def visual_of(walk: Walk, state: LessonState) -> Visual | None:
    """What stands beside the talk in the running step."""
    step = walk.step(state)
    wanted = step.visual if step else None
    return next((one for one in walk.content.visuals if one.key == wanted), None)


def _state(state: LessonState, number: int, key: str) -> StepState:
    if key in state.skipped:
        return "skipped"
    if number < state.step:
        return "done"
    return "running" if number == state.step and not state.is_over else "coming"
