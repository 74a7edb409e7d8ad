"""A lesson's plan read at one moment: which step and exchange are open, and how the question can be put."""

from agent.lesson_criteria import is_met
from agent.lesson_state import Form, Happening, LessonState
from api.contract.lessons import Criterion, Exchange, LessonContent, LessonEventKind, Step
from prompts import load


class LessonMap:
    """Knows the way. `translates`: a model answer may be said in the learner's first language."""

    def __init__(self, content: LessonContent, *, translates: bool) -> None:
        self.content = content
        self._translates = translates

    def step(self, state: LessonState) -> Step | None:
        """The running step; None when all are through."""
        steps = self.content.steps
        return steps[state.step] if state.step < len(steps) and not state.is_over else None

    def exchange(self, state: LessonState) -> Exchange | None:
        """The open exchange; None at a second try and after the steps."""
        step = self.step(state)
        if step is None or state.exchange >= len(step.exchanges):
            return None
        return step.exchanges[state.exchange]

    def criterion(self, state: LessonState) -> Criterion | None:
        """The criterion of the second try."""
        step = self.step(state)
        found = (one for one in step.criteria if one.key == state.missed) if step else iter(())
        return next(found, None)

    def question(self, state: LessonState) -> str:
        """The open question as it was put last; empty when the lesson is over."""
        return self.form(state, state.given[-1] if state.given else "say") or ""

    def form(self, state: LessonState, form: Form) -> str | None:
        """The open question in this form; None where there is none of it."""
        if state.is_over:
            return None
        if state.phase == "reflection":
            return {"say": self.content.reflection, "nudge": _one_word()}.get(form)
        exchange, criterion = self.exchange(state), self.criterion(state)
        if exchange is not None:
            if form == "translation":
                return exchange.model if self._translates else None
            return str(getattr(exchange, form))
        if criterion is not None:
            return criterion.says if form == "say" else self._model_of(state, criterion, form)
        return None

    def _model_of(self, state: LessonState, criterion: Criterion, form: Form) -> str | None:
        """An answer that meets a criterion, among the step's own."""
        step = self.step(state)
        if form != "model" or step is None:
            return None
        models = (exchange.model for exchange in step.exchanges)
        return next((model for model in models if is_met(criterion, [model])), None)

    def happening(self, state: LessonState, kind: LessonEventKind, *, reason: str | None = None) -> Happening:
        """An event of the open exchange."""
        at_exchange = state.exchange if self.exchange(state) else None
        return Happening(kind, self.key(state), at_exchange, reason=reason)

    def key(self, state: LessonState) -> str | None:
        """The running step's key."""
        step = self.step(state)
        return step.key if step else None


def _one_word() -> str:
    return str(load("lesson").value("lines", "one_word")[0])
