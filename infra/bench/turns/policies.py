"""When each policy would answer, decided in virtual time on what a call would have known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.endpointing import Moment, Pauses, Weights, wait_after
from agent.turn_taking import FALSE_INTERRUPTION_TIMEOUT, INTERRUPTION_MIN_DURATION, is_backchannel
from infra.bench.turns.trace import Stretch, Trace
from infra.bench.turns.turns import Overlap, Turn

READY_S = 0.07
"""From the end of speech being noticed until the end-of-turn model has answered and words are there, as
measured in calls on two cores."""
STOCK_THRESHOLD = 0.36
STOCK_MIN_S, STOCK_MAX_S = 0.3, 2.5
STOCK_INTERRUPTION_S, STOCK_RESUME_S = 0.5, 2.0
RESUME_LIMIT_S = 1.0
"""A coach that has not gone on so long after a noise was interrupted by it."""

Wait = Callable[[Stretch, str, Pauses], float]
"""Seconds to wait from the last voice of a stretch, given all words so far and the speaker's pauses."""


@dataclass(frozen=True)
class Answer:
    """What a policy does at every silence of a turn, each as if the ones before had been waited out."""

    turn: Turn
    at: tuple[float, ...]
    """When it takes the turn for finished, wrongly or rightly."""

    @property
    def cut(self) -> bool:
        """Whether it answers a speaker who has not finished."""
        return any(at < self.turn.ends for at in self.at)

    @property
    def cuts(self) -> int:
        """In how many silences it does."""
        return sum(at < self.turn.ends for at in self.at)

    @property
    def answered(self) -> bool:
        """Whether the end was noticed while it was listened for."""
        return any(at >= self.turn.ends for at in self.at)

    @property
    def delay(self) -> float:
        """Seconds from the last sound to the answer; as long as was listened where none came."""
        last = self.turn.silences[-1]
        return min((at for at in self.at if at >= last.start), default=last.end) - last.start


def fixed(seconds: float) -> Wait:
    """Always the same silence."""
    return lambda _stretch, _text, _pauses: seconds


def stock(threshold: float = STOCK_THRESHOLD, longest: float = STOCK_MAX_S) -> Wait:
    """LiveKit's: short where its end-of-turn model is sure, long where it isn't."""

    def wait(stretch: Stretch, _text: str, _pauses: Pauses) -> float:
        return STOCK_MIN_S if (stretch.probability or 0.0) >= threshold else longest

    return wait


def ours(weights: Weights | None = None, cost: float | None = None) -> Wait:
    """The policy of calls."""

    def wait(stretch: Stretch, text: str, pauses: Pauses) -> float:
        moment = Moment(stretch.probability, text, heard=stretch.heard)
        return wait_after(moment, pauses, weights=weights, cost=cost)

    return wait


def answers(
    turns: Sequence[Turn], traces: Sequence[Trace], wait: Wait, *, stock_ear: bool = False
) -> list[Answer]:
    """What a policy does in turns of one speaker in order: pauses of one are known in the next."""
    pauses = Pauses()
    found = []
    for turn, trace in zip(turns, traces, strict=True):
        stretches = with_words_of(trace.stock, trace.ours) if stock_ear else trace.ours
        found.append(Answer(turn, _answered(stretches, wait, pauses)))
        pauses.end_turn()
    return found


def _answered(stretches: Sequence[Stretch], wait: Wait, pauses: Pauses) -> tuple[float, ...]:
    text = ""
    found = []
    for index, stretch in enumerate(stretches):
        if stretch.noticed == float("inf"):
            break
        text = f"{text} {stretch.text}".strip()
        following = stretches[index + 1].begins if index + 1 < len(stretches) else float("inf")
        at = max(stretch.stops + wait(stretch, text, pauses), stretch.noticed + READY_S)
        if text and at < following:
            found.append(at)
        if index + 1 < len(stretches):
            pauses.add(following - stretch.stops)
    return tuple(found)


def with_words_of(stretches: Sequence[Stretch], heard: Sequence[Stretch]) -> list[Stretch]:
    """Stretches of one detector with the words that were there by the end of each, by another's."""
    rest = list(heard)
    found = []
    for stretch in stretches:
        words = []
        while rest and rest[0].stops <= stretch.stops + 0.2:
            words.append(rest.pop(0).text)
        found.append(stretch.model_copy(update={"text": " ".join(filter(None, words))}))
    return found


@dataclass(frozen=True)
class Reaction:
    """What a sound over the coach's speech led to."""

    overlap: Overlap
    stopped: bool
    """Whether the coach was silent and had not gone on a second after the sound."""

    @property
    def wrong(self) -> bool:
        """A false or a missed barge-in."""
        return self.stopped is not self.overlap.wants_floor


def our_reaction(overlap: Overlap, trace: Trace) -> Reaction:
    """A pause at the voice; the coach goes on unless words come that are more than a listener's."""
    for index, stretch in enumerate(trace.ours):
        later = trace.ours[index + 1].begins if index + 1 < len(trace.ours) else float("inf")
        if stretch.lasted < INTERRUPTION_MIN_DURATION:
            continue
        if stretch.text and not is_backchannel(stretch.text, stretch.confidence, stretch.lasted):
            return Reaction(overlap, stopped=True)
        resumes = stretch.noticed + FALSE_INTERRUPTION_TIMEOUT
        if resumes > overlap.ends + RESUME_LIMIT_S and not later < resumes:
            return Reaction(overlap, stopped=True)
    return Reaction(overlap, stopped=False)


def stock_reaction(overlap: Overlap, trace: Trace) -> Reaction:
    """LiveKit's defaults: half a second of voice or any word stops the coach, which without words goes on
    after 2 s."""
    for stretch in with_words_of(trace.stock, trace.ours):
        if stretch.text:
            return Reaction(overlap, stopped=True)
        if (
            stretch.lasted >= STOCK_INTERRUPTION_S
            and stretch.noticed + STOCK_RESUME_S > overlap.ends + RESUME_LIMIT_S
        ):
            return Reaction(overlap, stopped=True)
    return Reaction(overlap, stopped=False)
