"""What a language model is told of the lesson: the running step and what to say next, all of it as data.

The model gives the words; what was met, when a step ends and what comes next is decided by `lesson_walk`, so
that these lines change from turn to turn.
"""

from agent.lesson_state import LessonState, Move
from agent.lesson_summary import divided
from agent.lesson_walk import Walk
from agent.texts import one_line
from api.contract.lessons import Step
from prompts import Prompt, load

_MOST_DATA = 900


def instructions(walk: Walk, move: Move, *, native_language: str | None, on_phone: bool) -> str:
    """The lines for one reply: the step as it stands after the learner's turn, and what the reply is for."""
    prompt = load("lesson")
    step = walk.step(move.state)
    if move.state.is_over:
        return _ended(prompt, walk, move)
    parts = [_lesson(prompt, walk, move.state, step)]
    if step is not None:
        parts += _step(prompt, walk, move.state, step, on_phone=on_phone)
    support = prompt.value("instructions", "support").get(move.state.support.value)
    if support:
        parts.append(support)
    return "\n".join([*(part.strip() for part in parts), _now(prompt, move, native_language)])


def _lesson(prompt: Prompt, walk: Walk, state: LessonState, step: Step | None) -> str:
    content = walk.content
    of = len(content.steps)
    return prompt.text("instructions", "lesson").format(
        title=_data(content.title),
        goal=_data(content.goal),
        number=min(state.step + 1, of),
        of=of,
        step=_data(step.title) if step else "the end",
        guidance=_data(step.guidance) if step else "The steps are through; the learner looks back.",
    )


def _step(prompt: Prompt, walk: Walk, state: LessonState, step: Step, *, on_phone: bool) -> list[str]:
    parts: list[str] = []
    if step.coach_role:
        parts.append(
            prompt.text("instructions", "roles").format(
                coach_role=_data(step.coach_role), learner_role=_data(step.learner_role or "themselves")
            )
        )
    if step.opinions:
        parts.append(prompt.text("instructions", "opinions").format(opinions=_listed(step.opinions)))
    missing = [criterion.says for criterion in step.criteria if criterion.key not in state.met]
    if missing:
        parts.append(prompt.text("instructions", "criteria").format(criteria=_listed(missing)))
    phrases = [phrase.text for phrase in walk.content.phrases]
    if phrases:
        parts.append(prompt.text("instructions", "phrases").format(phrases=_listed(phrases)))
    shown = next((one for one in walk.content.visuals if one.key == step.visual), None)
    if shown is not None:
        name = "visual_phone" if on_phone else "visual"
        parts.append(prompt.text("instructions", name).format(description=_data(shown.description)))
    return parts


def _now(prompt: Prompt, move: Move, native_language: str | None) -> str:
    name = {"aside": "back", "close": "back", "slower": "help", "repeat": "back"}.get(move.kind, move.kind)
    text = prompt.text("instructions", "now", name)
    language = _data(native_language or "first language")
    return text.format(question=_data(move.question), native_language=language).strip()


def _ended(prompt: Prompt, walk: Walk, move: Move) -> str:
    if move.kind == "stopped":
        return prompt.text("instructions", "stopped").strip()
    shown, _ = divided(walk.content, move.state)
    met = _listed([criterion.says for criterion in shown]) or "The learner talked through the whole lesson."
    return prompt.text("instructions", "over").format(title=_data(walk.content.title), met=met).strip()


def _listed(lines: list[str]) -> str:
    return " | ".join(_data(line) for line in lines)


def _data(text: str) -> str:
    return one_line(text, most=_MOST_DATA)
