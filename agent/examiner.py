"""The examiner of a mock exam: keeps to the script, and only the clock moves it on.

It stands in one phase until the clock says that the phase is over, whatever is being said, and then in the
next one. What a learner says is heard and recorded, and neither ends a phase nor lengthens it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

from agent.commands import spoken_command
from agent.exam_partner import Partner, Share
from agent.exam_script import Script, examiner_content, seconds_of
from agent.exam_silence import Silence
from agent.exam_time import ExamTime
from agent.turn_taking import FILLERS, ends_open, is_backchannel, words_of
from api.contract.exams import (
    ExamEvent,
    ExamEventKind,
    ExamPart,
    ExamPosition,
    ExamView,
    PartKind,
    PhaseKind,
)
from infra import telemetry

log = telemetry.get_logger(__name__)
KEEP_AFTER_S = 3.0
"""Pause after which what was said is recorded as a turn where nobody answers it, as in a long turn: a worker
that dies later has lost less."""
PROMPT_AFTER_S = 10.0
"""Silence after which the rubric's next prompt is given."""
ANSWER_AFTER_S = 2.0
"""Pause after which an answer is taken to be whole."""
UNFINISHED_AFTER_S = 3.5
"""The same where the last words want more, or only a word or two were said."""
PARTNER_AFTER_S = 2.5
"""Pause after which the other candidate takes the word; candidates think more slowly than examiners."""
PARTNER_BEGINS_AFTER_S = 6.0
"""Silence at the beginning of a pair task after which the other candidate begins."""
PARTNER_ASKS_AFTER_S = (8.0, 12.0, 20.0, 30.0)
"""Silence of the learner's after which the other candidate asks, by how often in a row it has."""
LONGEST_ANSWER_S = 60.0
"""After which an examiner thanks and asks the next question; noise without end holds up no part either."""
FEW_WORDS = 2
LATE_S = 1.5
"""Seconds into a phase from which it was not begun by this worker."""
AWAY_POLL_S = 1.0
BEYOND_S = 0.002
"""After a boundary, so that the clock is surely beyond it."""


class Stage(Protocol):
    """What the examiner needs of a call."""

    def say(self, text: str, *, yields: bool = False) -> Awaitable[object]:
        """Says a line; what `yields` may be hushed. Awaiting it waits until it was heard."""

    def hush(self) -> None:
        """Says no more of what is being said."""

    def said(self) -> str:
        """The learner's words since they were last taken."""

    async def take(self) -> str:
        """Records the learner's words until now as a turn of theirs; empty where there are none."""


class Wording(Protocol):
    """A language model, where one is configured: words for what the script means; None where it fails."""

    async def partner(self, meant: str, task: str) -> str | None:
        """What the other candidate says instead of `meant`."""

    async def follow_up(self, task: str) -> str | None:
        """A question that follows from the learner's last answer."""


class Examiner:
    """One exam in one call. `on_event` keeps an event, `on_view` shows where the exam stands."""

    def __init__(
        self,
        time: ExamTime,
        stage: Stage,
        script: Script,
        *,
        on_event: Callable[[ExamEvent], None],
        on_view: Callable[[ExamView], None],
        wording: Wording | None = None,
        said_before: tuple[str, ...] = (),
    ) -> None:
        self.silence = Silence()
        self._time = time
        self._stage = stage
        self._script = script
        self._on_event = on_event
        self._on_view = on_view
        self._wording = wording
        self._said_before = said_before
        self._moved = asyncio.Event()
        self._present = True
        self._begun: set[int] = set()
        self._question = ""
        self._repeated: set[str] = set()
        self._asks = False
        self._wants_repeat = False
        self._partners: dict[str, Partner] = {}
        self._yields = False

    async def run(self) -> None:
        """Once the learner is there, lead the exam from where the clock stands to its end and take leave."""
        while not self._present:
            self._moved.clear()
            await self._moved.wait()
        if self._time.place().state == "waiting":
            self._note(ExamEventKind.STARTED)
        elif self._time.away:
            self._note(ExamEventKind.RETURNED)
        last: int | None = None
        while (place := self._time.place()).state == "running":
            self.show()
            last = place.phase
            await self._stand(place)
        self.show()
        if place.state == "finished" and last is not None:
            await self._goodbye()

    def show(self) -> None:
        """Tell the learner's screen where the exam stands."""
        self._on_view(self._time.view())

    def learner_present(self, present: bool) -> None:
        """The learner has left the room, or is back in it."""
        if present == self._present:
            return
        self._present = present
        if self._time.place().state != "running":
            self._moved.set()
            return
        self._note(ExamEventKind.RETURNED if present else ExamEventKind.LEFT)
        if not present:
            self.silence.learner(False)
            self._stage.hush()
        self._moved.set()

    def leave(self) -> None:
        """The examiner leaves the room."""
        place = self._time.place()
        if self._present and place.state == "running":
            self._present = False
            self._note(ExamEventKind.LEFT)

    def finish_phase(self) -> None:
        """The learner says that they have finished this phase; where they may not, nothing happens."""
        place = self._time.place()
        if place.phase is None or place.paused or not self._time.plan.schedule[place.phase].may_finish:
            return
        self._note(ExamEventKind.DONE, place.phase)
        self._moved.set()

    def repeat(self) -> None:
        """The learner asks for the question again; where none is open, nothing happens."""
        self._wants_repeat = self._asks
        self.silence.stir()

    def words(self, text: str) -> None:
        """Words of the learner's were heard."""
        self.silence.words()
        if self._yields and self.silence.coach_speaks() and _takes_the_word(text):
            self._stage.hush()

    def _note(self, kind: ExamEventKind, phase: int | None = None) -> None:
        self._on_event(self._time.note(kind, phase))

    async def _stand(self, place: ExamPosition) -> None:
        """Stay in a phase until its time is over or something moves the clock."""
        self._moved.clear()
        acting = None if place.paused else asyncio.create_task(self._act(place))
        try:
            async with asyncio.timeout(AWAY_POLL_S if place.paused else place.remaining + BEYOND_S):
                await self._moved.wait()
        except TimeoutError:
            return
        finally:
            self._yields = False
            if acting is not None:
                acting.cancel()
                await asyncio.wait({acting})
                if not acting.cancelled() and (error := acting.exception()) is not None:
                    log.error("the examiner fell silent", error=type(error).__name__, exc_info=error)

    def _act(self, place: ExamPosition) -> Coroutine[Any, Any, None]:
        """What the examiner does in a phase: nothing that could end it."""
        index = place.phase or 0
        fresh = index not in self._begun and place.elapsed < LATE_S
        self._begun.add(index)
        part = self._part_of(index)
        match self._time.plan.schedule[index].kind:
            case PhaseKind.INSTRUCTIONS:
                return self._instruct(part, index, place, fresh=fresh)
            case PhaseKind.PREPARATION:
                return self._listen(None)
            case PhaseKind.SPEAKING:
                return self._speaking(part, index, fresh=fresh)

    async def _instruct(self, part: ExamPart, index: int, place: ExamPosition, *, fresh: bool) -> None:
        lines = self._script.opening(part)
        if not fresh:
            lines = [examiner_content().lines.resumed, *part.tasks[0].begin]
            if seconds_of(" ".join(lines)) > place.remaining:
                lines = lines[:1]
        elif index:
            await self._end_of(index - 1)
        await self._stage.take()
        for line in lines:
            await self._say(line)
        await self._listen(None)

    async def _speaking(self, part: ExamPart, index: int, *, fresh: bool) -> None:
        self.silence.begin()
        await self._stage.take()
        if part.kind is PartKind.LONG_TURN:
            await self._long_turn(part, prepared=self._was_prepared(index), fresh=fresh)
        elif part.is_pair:
            await self._pair(part, fresh=fresh)
        else:
            await self._interview(part, fresh=fresh)

    async def _long_turn(self, part: ExamPart, *, prepared: bool, fresh: bool) -> None:
        lines = examiner_content().lines
        if not fresh:
            await self._say(lines.go_on)
        elif prepared:
            await self._say(lines.start)
        while True:
            await self._listen(PROMPT_AFTER_S)
            prompt = self._script.prompt(part)
            if prompt is None:
                await self._listen(None)
            else:
                await self._say(prompt)

    async def _interview(self, part: ExamPart, *, fresh: bool) -> None:
        before = "" if fresh else examiner_content().lines.resumed
        questions = self._script.questions(part)
        if not fresh and self._question in part.tasks[0].questions:
            questions.insert(0, self._question)
        for question in questions:
            answered = await self._asked(part, question, before)
            before = self._script.acknowledgement() if answered else ""
        more = self._script.more()
        while True:
            follow_up = await self._follow_up(part) or (more.pop(0) if more else None)
            if follow_up is None:
                break
            answered = await self._asked(part, follow_up, before)
            before = self._script.acknowledgement() if answered else ""
        await self._listen(None)

    async def _asked(self, part: ExamPart, question: str, before: str) -> bool:
        """A question until it is answered, or no answer comes: said again once, and one prompt."""
        self._question = question
        await self._say(f"{before} {question}".strip())
        self._asks = True
        try:
            return await self._answered(part, question)
        finally:
            self._asks = self._wants_repeat = False

    async def _answered(self, part: ExamPart, question: str) -> bool:
        prompted = False
        while True:
            answer = await self._answer()
            if self._wants_repeat or spoken_command(answer) == "repeat":
                self._wants_repeat = False
                await self._say_again(question)
            elif answer:
                return True
            elif question not in self._repeated:
                await self._say_again(question)
            elif not prompted and (prompt := self._script.prompt(part)):
                prompted = True
                await self._say(prompt)
            else:
                return False

    async def _answer(self) -> str:
        """The learner's turn after a question; empty where none comes."""
        try:
            async with asyncio.timeout(LONGEST_ANSWER_S):
                return await self._turn(PROMPT_AFTER_S)
        except TimeoutError:
            return await self._stage.take()

    async def _say_again(self, question: str) -> None:
        again = question not in self._repeated
        self._repeated.add(question)
        await self._say(question if again else examiner_content().lines.only_once)

    async def _follow_up(self, part: ExamPart) -> str | None:
        if self._wording is None or part.kind is not PartKind.DISCUSSION:
            return None
        return await self._wording.follow_up(part.tasks[0].instructions)

    async def _pair(self, part: ExamPart, *, fresh: bool) -> None:
        task = part.tasks[0]
        partner = self._partners.setdefault(part.key, Partner(task, self._said_before))
        learner, coach = self.silence.spoken("learner"), self.silence.spoken("coach")
        wait, silent = PARTNER_BEGINS_AFTER_S if fresh else PARTNER_AFTER_S, 0
        while True:
            answer = await self._turn(wait, after=PARTNER_AFTER_S)
            share = Share(self.silence.spoken("learner") - learner, self.silence.spoken("coach") - coach)
            meant = partner.next(share, answered=bool(answer))
            worded = None
            if self._wording and answer:
                worded = await self._wording.partner(meant, task.instructions)
            await self._say(worded or meant, yields=True)
            silent = 0 if answer else silent + 1
            wait = PARTNER_ASKS_AFTER_S[min(silent, len(PARTNER_ASKS_AFTER_S) - 1)]

    async def _turn(self, silence: float, *, after: float = ANSWER_AFTER_S) -> str:
        """The learner's next turn; empty after so much silence, or where they ask for the question again."""
        while True:
            said = self._stage.said()
            if self._wants_repeat and not said:
                return ""
            if not await self.silence.lasts(_pause_after(said, after) if said else silence):
                continue
            return await self._stage.take() if said else ""

    async def _listen(self, seconds: float | None) -> None:
        """Say nothing until nobody has spoken for so long; what is said is recorded."""
        while True:
            said = self._stage.said()
            if not await self.silence.lasts(KEEP_AFTER_S if said else seconds):
                continue
            if not said:
                return
            await self._stage.take()

    async def _end_of(self, index: int) -> None:
        """The words with which a part ends, where this phase ended one."""
        if self._time.plan.schedule[index].kind is PhaseKind.SPEAKING:
            ending = self._say(self._part_of(index).end)
            await self._stage.take()
            await ending

    async def _goodbye(self) -> None:
        """All is through: the end of the last part, and the goodbye."""
        await self._end_of(len(self._time.plan.schedule) - 1)
        for line in self._script.content.goodbye:
            await self._say(line)

    def _say(self, text: str, *, yields: bool = False) -> Awaitable[object]:
        self._script.note(text)
        self._yields = yields
        return self._stage.say(text, yields=yields)

    def _was_prepared(self, index: int) -> bool:
        return index > 0 and self._time.plan.schedule[index - 1].kind is PhaseKind.PREPARATION

    def _part_of(self, index: int) -> ExamPart:
        key = self._time.plan.schedule[index].part
        return next(part for part in self._script.content.parts if part.key == key)


def _takes_the_word(text: str) -> bool:
    return len(words_of(text)) > 1 and not is_backchannel(text, 1.0)


def _pause_after(said: str, usual: float) -> float:
    """How long a pause ends a turn: longer where the learner is likely to go on."""
    words = words_of(said)
    open_ended = ends_open(said) or len(words) <= FEW_WORDS or words[-1] in FILLERS
    return usual + (UNFINISHED_AFTER_S - ANSWER_AFTER_S) if open_ended else usual
