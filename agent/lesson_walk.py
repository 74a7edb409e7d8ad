"""The walk through a lesson, as a pure function: from where it stands and a turn to where it stands then.

Nothing is kept here, so that a move may be reckoned several times for words that are not final yet. The same
state, words and moment always give the same move. What `guided` says of it is in `lesson_words`, what a
language model is told in `lesson_instructions`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.commands import Command
from agent.difficulty import Mark, change_after, is_short
from agent.lesson_hearing import LessonHearing, Listened
from agent.lesson_map import LessonMap
from agent.lesson_state import Form, Happening, Kind, LessonState, Move, Part
from agent.lesson_summary import summary
from api.contract.lessons import Exchange, LessonEventKind, LessonPlan, Step, Support
from api.contract.levels import Level

_RETRY_SHARE = 0.75
"""Share of a step's time after which no second try is begun."""
_RETRIED = frozenset({"phrase", "pattern", "words", "question", "length"})
"""Kinds of criteria that a second try can meet."""
_MOST_SLOWED = 2
_SILENCE: tuple[Form, ...] = ("nudge", "model", "easier")
_HINT: tuple[Form, ...] = ("nudge", "model", "translation", "easier")
_CONFUSED: tuple[Form, ...] = ("easier", "model")
_DONT_KNOW: tuple[Form, ...] = ("nudge", "model")
_BACK: tuple[Form, ...] = ("easier", "nudge")


@dataclass(frozen=True)
class _Tail:
    """What a move has gathered before its question."""

    parts: tuple[Part, ...] = ()
    happened: tuple[Happening, ...] = ()

    def plus(self, *parts: Part, happened: Sequence[Happening] = ()) -> "_Tail":
        return _Tail((*self.parts, *parts), (*self.happened, *happened))


class Walk(LessonMap):
    """The rules of one lesson. Times are seconds of any clock that only goes forward.

    `translates`: the third hint may be said in the learner's first language, because a model can.
    """

    def __init__(
        self, plan: LessonPlan, *, level: Level, translates: bool = False, on_phone: bool = False
    ) -> None:
        super().__init__(plan.content, translates=translates)
        self.plan = plan
        self._level = level
        self._on_phone = on_phone
        self._hearing = LessonHearing()

    def start(self, at: float) -> Move:
        """The first move of a call: the beginning, or where an earlier call or worker stopped."""
        progress = self.plan.progress
        state = LessonState(
            step=progress.step,
            exchange=progress.exchange,
            met=tuple(progress.met),
            skipped=tuple(progress.skipped),
            support=self.plan.support,
            since=at,
        )
        fresh = not (progress.step or progress.exchange or progress.met or progress.skipped)
        tail = _Tail(happened=(Happening(LessonEventKind.STARTED),) if fresh else ())
        step = self.step(state)
        if step is None:
            return self._ask(replace(state, phase="reflection"), "begin", tail)
        if progress.exchange >= len(step.exchanges):
            return self._end_of_exchanges(state, at, tail)
        if not progress.exchange:
            tail = tail.plus(happened=[Happening(LessonEventKind.STEP_STARTED, step.key)])
        return self._ask(state, "begin", self._shown(tail, step))

    def hear(self, state: LessonState, text: str, at: float) -> Move:
        """What a learner's turn leads to."""
        step, exchange = self.step(state), self.exchange(state)
        if step is None:
            return self._reflected(state, text, at)
        turn = self._hearing.listen(step, exchange, text, state.turns, state.met)
        other = self._no_answer(state, turn, step, at)
        if other is not None:
            return other
        if not state.asked:
            return self._more(state, step, text)
        return self._answer(replace(state, turns=(*state.turns, text)), turn, step, exchange, at)

    def said(self, state: LessonState, text: str, *, interrupted: bool) -> LessonState:
        """The coach's turn has been heard, whole or only its beginning: is the question known now?"""
        if state.is_over or not interrupted:
            return replace(state, asked=True)
        question = _letters(" ".join(self.question(state).split()[:3]))
        return replace(state, asked=question in _letters(text) or len(text.split()) > 25)

    def silence(self, state: LessonState, at: float) -> Move:
        """Help into silence; the exchange is passed over when nothing helps."""
        return self._help(state, _SILENCE, at, "silence")

    def command(self, state: LessonState, command: Command, at: float) -> Move:
        """What a learner asks for, by words or by a button."""
        match command:
            case "repeat":
                return Move(
                    state, "repeat", happened=(self.happening(state, LessonEventKind.REPEATED),), direct=True
                )
            case "slower":
                return self._slower(state)
            case "hint":
                return self._hint(state)
            case "skip":
                return self._skip(state, at)
            case "stop":
                return self._stop(state)

    # Answers.

    def _no_answer(self, state: LessonState, turn: Listened, step: Step, at: float) -> Move | None:
        """What a turn leads to that is no answer."""
        if self._hearing.is_urgent(turn):
            return self._urgent(state, turn, at)
        command = self._hearing.command(turn, step)
        if command:
            return self.command(state, command, at)
        if self._hearing.wants_help(turn):
            order = _CONFUSED if turn.heard.intent == "confused" else _DONT_KNOW
            return self._help(state, order, at, "the learner did not understand")
        if self._hearing.is_aside(turn, step, self.exchange(state)):
            return self._aside(state, turn, at)
        return None

    def _answer(
        self, state: LessonState, turn: Listened, step: Step, exchange: Exchange | None, at: float
    ) -> Move:
        state, met = _with_met(state, step, turn)
        if exchange is None:
            missed = self.criterion(state)
            line = "tried_met" if missed and missed.key in state.met else "tried"
            return self._finish_step(state, at, _Tail((("line", line),), tuple(met)))
        if not state.nudged and len(state.given) < 2 and self._hearing.is_too_short(turn, exchange):
            return self._nudge(state, met)
        state, changed = self._marked(state, turn, exchange)
        done = self.happening(state, LessonEventKind.EXCHANGE_DONE)
        tail = _Tail(self._reaction(turn, exchange), (*met, done, *changed))
        kind: Kind = "grave" if turn.heard.tone == "grave" and turn.reaction is None else "answer"
        return self._onwards(state, at, tail, kind)

    def _more(self, state: LessonState, step: Step, text: str) -> Move:
        """More words before the question was heard: they belong to the answer before, and it is put again."""
        before, last = state.turns[:-1], " ".join([*state.turns[-1:], text])
        turn = self._hearing.listen(step, None, last, before, state.met)
        state, met = _with_met(replace(state, turns=(*before, last)), step, turn)
        return self._ask(state, "back", _Tail((("line", "so"),), met))

    def _nudge(self, state: LessonState, met: Sequence[Happening]) -> Move:
        state = replace(state, nudged=True, given=(*state.given, "nudge"), asked=False)
        question = self.question(state)
        return Move(state, "nudge", (("line", "nudge"), ("text", question)), tuple(met), question)

    def _reaction(self, turn: Listened, exchange: Exchange) -> tuple[Part, ...]:
        if turn.reaction is not None:
            return (("text", turn.filled(turn.reaction.say)),)
        if turn.heard.tone == "grave":
            return (("intent", "grave"),)
        if self._hearing.also_asks(turn):
            return (("intent", "question"),)
        if turn.heard.and_you:
            return (("intent", "and_you"),)
        return (("text", exchange.otherwise),)

    def _marked(
        self, state: LessonState, turn: Listened, exchange: Exchange
    ) -> tuple[LessonState, tuple[Happening, ...]]:
        short = is_short(turn.words, exchange.wants, self._level)
        return self._with_mark(state, Mark(len(state.given) > 1, short, bool(turn.met)))

    def _with_mark(self, state: LessonState, mark: Mark) -> tuple[LessonState, tuple[Happening, ...]]:
        state = replace(state, marks=(*state.marks, mark))
        change = change_after(state.marks, state.support)
        if change is None:
            return state, ()
        event = Happening(
            LessonEventKind.SUPPORT_CHANGED,
            self.key(state),
            support=change.support,
            reason=change.reason,
        )
        return replace(state, support=change.support, marks=()), (event,)

    # Onwards.

    def _onwards(self, state: LessonState, at: float, tail: _Tail, kind: Kind) -> Move:
        """After an exchange: the next one, the second try, or the next step."""
        step = self.step(state)
        if step is None:
            return self._complete(state, tail)
        state = replace(state, exchange=state.exchange + 1)
        if state.exchange >= len(step.exchanges):
            return self._end_of_exchanges(state, at, tail)
        if at - state.since >= step.seconds:
            return self._finish_step(state, at, tail)
        return self._ask(state, kind, tail)

    def _end_of_exchanges(self, state: LessonState, at: float, tail: _Tail) -> Move:
        step = self.step(state)
        if step is None:
            return self._complete(state, tail)
        in_time = at - state.since < step.seconds * _RETRY_SHARE
        missed = [one for one in step.criteria if one.key not in state.met and one.kind in _RETRIED]
        if not missed or state.retried or not in_time:
            return self._finish_step(state, at, tail)
        state = replace(
            state, phase="retry", retried=True, missed=missed[0].key, exchange=len(step.exchanges)
        )
        return self._ask(state, "retry", tail.plus(("line", "second_try")))

    def _finish_step(self, state: LessonState, at: float, tail: _Tail, *, skipped: bool = False) -> Move:
        step = self.step(state)
        if step is None:
            return self._complete(state, tail)
        if not skipped:
            tail = tail.plus(happened=[Happening(LessonEventKind.STEP_FINISHED, step.key)])
            if step.criteria and all(one.key in state.met for one in step.criteria):
                tail = tail.plus(("line", "well_done"))
        state = replace(state, step=state.step + 1, exchange=0, phase="steps", since=at)
        state = replace(state, turns=(), missed=None, retried=False)
        following = self.step(state)
        if following is None:
            return self._ask(
                replace(state, phase="reflection"), "reflection", tail.plus(("line", "last_part"))
            )
        tail = tail.plus(happened=[Happening(LessonEventKind.STEP_STARTED, following.key)])
        return self._ask(state, "answer", self._shown(tail, following))

    def _ask(self, state: LessonState, kind: Kind, tail: _Tail) -> Move:
        """A move that ends in the open question, put plainly, or easier where the learner needs it.

        A step's first question sets its scene and is always whole.
        """
        easier = state.support is Support.MORE and state.exchange > 0 and self.exchange(state) is not None
        state = replace(state, given=("easier" if easier else "say",), nudged=False, asked=False)
        question = self.question(state)
        return Move(state, kind, (*tail.parts, ("text", question)), tail.happened, question)

    def _shown(self, tail: _Tail, step: Step) -> _Tail:
        return tail.plus(("visual", step.visual)) if self._on_phone and step.visual else tail

    # Help, and what is beside the lesson.

    def _urgent(self, state: LessonState, turn: Listened, at: float) -> Move:
        if turn.heard.intent == "distress":
            return Move(state, "aside", (("intent", "distress"),))
        return self._aside(state, turn, at)

    def _help(self, state: LessonState, order: Sequence[Form], at: float, reason: str) -> Move:
        form = next((one for one in order if one not in state.given and self.form(state, one)), None)
        if form is None:
            return self._pass_over(state, at)
        return self._helped(state, form, reason, troubled=True)

    def _helped(self, state: LessonState, form: Form, reason: str, *, troubled: bool = False) -> Move:
        given = self.happening(state, LessonEventKind.HINT_GIVEN, reason=f"{form}: {reason}")
        state = replace(state, given=(*state.given, form), asked=False)
        question = self.question(state)
        line = {"nudge": "help", "translation": "model"}.get(form, form)
        parts: tuple[Part, ...] = (("line", line), ("text", question))
        kind: Kind = "translate" if form == "translation" else "help"
        return Move(state, kind, parts, (given,), question, troubled=troubled)

    def _pass_over(self, state: LessonState, at: float) -> Move:
        """No answer, whatever the help: the lesson goes on."""
        tail = _Tail((("line", "move_on"),))
        if self.step(state) is None:
            return self._complete(state, _Tail())
        if state.phase == "retry":
            return self._finish_step(state, at, tail)
        state, changed = self._with_mark(state, Mark(helped=True, short=True, met=False))
        passed = self.happening(state, LessonEventKind.EXCHANGE_DONE, reason="no answer")
        return self._onwards(replace(state, retried=True), at, tail.plus(happened=(passed, *changed)), "help")

    def _aside(self, state: LessonState, turn: Listened, at: float) -> Move:
        """Answered as `guided` does, then back to the question, in other words than before."""
        intent = turn.heard.intent
        if intent in ("goodbye", "wait", "no_questions"):
            kind: Kind = "close" if intent == "goodbye" else "aside"
            return Move(state, kind, (("intent", intent),))
        part: Part = ("line", "later") if intent == "change" else ("intent", intent)
        form = next((one for one in _BACK if one not in state.given and self.form(state, one)), None)
        if form is None:
            moved = self._pass_over(state, at)
            return replace(moved, kind="back", parts=(part, *moved.parts[1:]))
        state = replace(state, given=(*state.given, form), asked=False)
        question = self.question(state)
        return Move(state, "back", (part, ("text", question)), question=question)

    # Commands.

    def _slower(self, state: LessonState) -> Move:
        slowed = self.happening(state, LessonEventKind.SLOWED)
        state = replace(state, slowed=min(_MOST_SLOWED, state.slowed + 1))
        if self.form(state, "easier"):
            state = replace(state, given=(*state.given, "easier"), asked=False)
        question = self.question(state)
        return Move(
            state, "slower", (("line", "slower"), ("text", question)), (slowed,), question, direct=True
        )

    def _hint(self, state: LessonState) -> Move:
        form = next((one for one in _HINT if one not in state.given and self.form(state, one)), None)
        if form is not None:
            move = self._helped(state, form, "asked for")
            return replace(move, direct=form != "translation")
        model = self.form(state, "model")
        if model is None:
            return Move(state, "help", (("line", "one_word"),), question=self.question(state), direct=True)
        parts: tuple[Part, ...] = (("line", "hints_over"), ("text", model))
        return Move(replace(state, asked=False), "help", parts, question=model, direct=True)

    def _skip(self, state: LessonState, at: float) -> Move:
        step = self.step(state)
        if step is None:
            return self._complete(state, _Tail())
        event = Happening(LessonEventKind.STEP_SKIPPED, step.key)
        state = replace(state, skipped=(*state.skipped, step.key))
        return self._finish_step(state, at, _Tail((("line", "skipped"),), (event,)), skipped=True)

    def _stop(self, state: LessonState) -> Move:
        if self.step(state) is None:
            return self._complete(state, _Tail())
        stopped = self.happening(state, LessonEventKind.STOPPED)
        state = replace(state, phase="over", ended="stopped", given=())
        return Move(state, "stopped", (("line", "stopped"),), (stopped,), direct=True)

    # The end.

    def _reflected(self, state: LessonState, text: str, at: float) -> Move:
        """The turn after the last question."""
        step = self.content.steps[-1]
        turn = self._hearing.listen(step, None, text, (), state.met)
        if self._hearing.is_urgent(turn):
            return self._urgent(state, turn, at)
        command = self._hearing.command(turn, step)
        if command:
            return self.command(state, command, at)
        if turn.heard.intent == "confused" and "nudge" not in state.given:
            return self._help(state, ("nudge",), at, "the learner did not understand")
        if turn.heard.intent == "goodbye":
            done = self._complete(state, _Tail())
            return replace(done, kind="close", parts=(*done.parts[:-1], ("intent", "goodbye")))
        return self._complete(state, _Tail((("line", "reflected"),)))

    def _complete(self, state: LessonState, tail: _Tail) -> Move:
        state = replace(state, phase="over", ended="completed", given=(), step=len(self.content.steps))
        completed = Happening(LessonEventKind.COMPLETED)
        parts: tuple[Part, ...] = (*tail.parts, *summary(self.content, state), ("line", "free_talk"))
        return Move(state, "over", parts, (*tail.happened, completed))


def _with_met(state: LessonState, step: Step, turn: Listened) -> tuple[LessonState, tuple[Happening, ...]]:
    met = tuple(Happening(LessonEventKind.CRITERION_MET, step.key, criterion=one.key) for one in turn.met)
    return replace(state, met=(*state.met, *(one.key for one in turn.met))), met


def _letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
