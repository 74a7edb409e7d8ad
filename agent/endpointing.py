"""How long to wait in a pause: a small model of whether the learner has finished, and of how long they pause.

Two figures decide. The first is how likely it is that the turn is over, by a logistic regression over what
two end-of-turn models hear, what the last words allow and how long the turn is, and by how often this learner
pauses within a turn: who never does is soon answered at once. The second is how long this learner's pauses
are. The coach answers as soon as a pause of the learner's would be unlikely to last any longer: where the
turn is surely over at once, where it surely isn't after nearly every pause of theirs. Weights and their
provenance stand in `endpointing.json`, written by `python -m infra.bench.turns.weights`; `avaaz bench turns`
judges them.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from agent.smart_turn import STATES, Heard
from agent.turn_taking import FILLERS, WANTS_MORE, words_of
from api.contract.calls import Patience
from api.contract.levels import Level

_FILE = Path(__file__).with_suffix(".json")
_NORMAL = NormalDist()
_MOST_LOGIT = 5.0
_LONGEST_PAUSE_S = 8.0
_KEPT_PAUSES = 40
_USUAL_RATE = 1.6
"""Pauses within a turn of a learner of whom nothing is known: the mean of the turns that weights are from."""
_RATE_WEIGHT = 3.0
"""Turns of the learner's own that count as much as that."""
_MOST_HABIT = 1.5
LENGTHS = 5
USUAL_TURN_S, SHORTEST_TURN_S, LONGEST_TURN_S = 2.5, 0.5, 7.0
"""Lengths of turns in the development set: the middle one, and beyond which little is known."""
SHORT_TURN_S = 1.5
"""Under it a turn's length is not held against it: read sentences are hardly ever so short, answers are."""
_SHORT_QUESTION = re.compile(
    r"(?:(?:and|so|ok|okay|now|well|great|good),? )*"
    r"(?:do|does|did|are|is|was|were|have|has|had|can|could|will|would|should|where|when|who|which|whose"
    r"|how (?:old|many|much|often|long|far)|what(?:'s| is| was| are) (?:your|the|his|her|its|that|this)"
    r"|what (?:time|day|colour|color|kind|number|year))\b"
)
CONJUNCTIONS = frozenset({"and", "but", "because", "so", "or", "if", "when", "that", "which", "then"})
"""Words after which a clause has to come."""

# fmt: off
REPLIES = frozenset({
    "yes", "no", "yeah", "yep", "nope", "sure", "ok", "okay", "right", "yes please", "no thanks",
    "no thank you", "thanks", "thank you", "of course", "not really", "maybe", "i don't know", "i see",
    "me too", "hello", "hi", "bye", "goodbye", "sorry", "pardon", "repeat please", "wait", "stop", "no no",
    "yes yes", "i think so", "yes i do", "no i don't", "yes it is", "i am", "i do", "i agree", "help",
})
# fmt: on
"""Whole turns of a few words, as nothing more has to come."""


@dataclass(frozen=True)
class Moment:
    """What is known when a learner falls silent."""

    probability: float | None
    """That the turn is over, by the end-of-turn model on the sound; None where it gave nothing."""
    text: str
    """All words of the turn so far."""
    doubt: float = 0.0
    """Log odds taken off because the expected answer is long, or because the learner is a beginner."""
    short_expected: bool = False
    """Whether the question wants a word or two."""
    heard: Heard | None = None
    """What the second model made of the turn; None where it is not there or was too slow."""


class Pauses:
    """A learner's own pauses within turns, as far as they are known; few of them change little."""

    def __init__(self, seconds: Iterable[float] = (), turns: int = 0) -> None:
        self._logs: list[float] = []
        self._all = 0
        self.turns = turns
        for pause in seconds:
            self.add(pause)

    def add(self, seconds: float) -> None:
        """The learner went on after this pause."""
        if 0 < seconds <= _LONGEST_PAUSE_S:
            self._all += 1
            self._logs = [*self._logs, math.log(seconds)][-_KEPT_PAUSES:]

    def end_turn(self) -> None:
        """A turn is over."""
        self.turns += 1

    @property
    def count(self) -> int:
        """How many are known."""
        return len(self._logs)

    @property
    def habit(self) -> float:
        """Log odds for the end of a turn, because this learner pauses seldom; against it where they often do.

        Of n silences a turn one is its end: the odds are the inverse of how many pauses a turn has, drawn
        towards the usual number.
        """
        usual = (self.turns + _RATE_WEIGHT) * _USUAL_RATE
        seen = self._all + _RATE_WEIGHT * _USUAL_RATE
        return max(-_MOST_HABIT, min(_MOST_HABIT, math.log(usual / seen)))

    def median_log(self, usual: float, weight: float) -> float:
        """Mean log seconds, drawn towards the usual one, which counts for `weight` pauses."""
        return (usual * weight + sum(self._logs)) / (weight + len(self._logs))


@dataclass(frozen=True)
class Tone:
    """What the second model's states say beside the length of the turn, which they tell too.

    Every turn's tone is counted from that of an average turn of its length, so that it is 0 where nothing
    is known.
    """

    states: npt.NDArray[np.float64]
    """A weight for each."""
    length: npt.NDArray[np.float64]
    """By powers of the turn's length (`lengths`), what a turn of this length has on average."""

    def of(self, heard: Heard) -> float:
        """Log odds that the turn is over."""
        return float(self.states @ heard.states - self.length @ lengths(heard.lasted))


NO_TONE = Tone(np.zeros(STATES), np.zeros(LENGTHS))


@dataclass(frozen=True)
class Weights:
    """The fitted figures."""

    terms: Mapping[str, float]
    """Weights of `features`, by name."""
    alone: Mapping[str, float]
    """The same for a moment of which the second model has said nothing."""
    tone: Tone
    pause_median_s: float
    pause_spread: float
    """Of the log seconds of pauses."""
    pause_weight: float
    """How many pauses of a learner's own count as much as those of everybody."""
    steepness: float
    """How many times what is missing to certainty lengthens the wait: the surer the signs, the more."""
    cost: Mapping[Patience, float]
    """Log odds that the turn is over which are wanted before the coach answers, by patience."""
    sure: float
    """Log odds beyond these from which the second model is not asked: what is known without it is enough."""
    floor: Mapping[Patience, float] = field(default_factory=dict)
    ceiling: Mapping[Patience, float] = field(default_factory=dict)

    @classmethod
    @cache
    def shipped(cls) -> "Weights":
        """Those of `endpointing.json`."""
        return cls.parse(json.loads(_FILE.read_text("utf-8")))

    @classmethod
    def parse(cls, found: Mapping[str, Any]) -> "Weights":
        """From the file's form."""
        pauses, tone = found["pauses"], found["tone"]
        by_patience = {
            name: {Patience(key): value for key, value in found[name].items()}
            for name in ("cost", "floor", "ceiling")
        }
        return cls(
            dict(found["terms"]),
            dict(found["alone"]),
            Tone(np.array(tone["states"]), np.array(tone["length"])),
            pauses["median_s"],
            pauses["spread"],
            pauses["weight"],
            pauses["steepness"],
            sure=found["sure"],
            **by_patience,
        )


def features(moment: Moment) -> dict[str, float]:
    """What the regression looks at beside the tone; most values are 0 or 1."""
    words = words_of(moment.text)
    last = words[-1] if words else ""
    text = moment.text.rstrip()
    filler = last in FILLERS
    conjunction = last in CONJUNCTIONS
    wants_more = last in WANTS_MORE and not filler and not conjunction
    open_ended = filler or conjunction or wants_more or text.endswith(("...", "…", "-"))
    replied = " ".join(words) in REPLIES or (moment.short_expected and not open_ended)
    few = not replied and len(words) <= 2
    length = 0.0 if moment.heard is None else math.log(max(moment.heard.lasted, SHORT_TURN_S) / USUAL_TURN_S)
    length = min(length, math.log(LONGEST_TURN_S / USUAL_TURN_S))
    return {
        "sound": 0.0 if moment.probability is None else logit(moment.probability),
        "second": 0.0 if moment.heard is None else logit(moment.heard.probability),
        "marked": float(not open_ended and (replied or text.endswith((".", "?", "!")))),
        "comma": float(not open_ended and not replied and text.endswith(",")),
        "filler": float(filler),
        "conjunction": float(conjunction),
        "wants_more": float(wants_more),
        "few_words": float(few),
        "some_words": float(not few and not replied and len(words) <= 4),
        "length": max(0.0, length) if replied else length,
        "long": max(0.0, length),
    }


def bounded(seconds: float) -> float:
    """A turn's length within what the weights were made from."""
    return min(max(seconds, SHORTEST_TURN_S), LONGEST_TURN_S)


def lengths(seconds: float) -> npt.NDArray[np.float64]:
    """Powers of a turn's length: 1, its logarithm and that squared, itself and itself squared."""
    held = bounded(seconds)
    log = math.log(held)
    return np.array([1.0, log, log * log, held, held * held])


def log_odds(moment: Moment, weights: Weights) -> float:
    """Log odds that the turn is over, before anything is known of how long the silence lasts."""
    terms = weights.terms if moment.heard else weights.alone
    seen = features(moment)
    odds = terms["always"] + sum(terms.get(name, 0.0) * value for name, value in seen.items())
    return odds + (weights.tone.of(moment.heard) if moment.heard else 0.0) - moment.doubt


def is_sure(
    moment: Moment,
    pauses: Pauses,
    patience: Patience = Patience.BALANCED,
    weights: Weights | None = None,
    *,
    cost: float | None = None,
) -> bool:
    """Whether a turn is over so surely that the second model has no say, and need not be waited for."""
    held = weights or Weights.shipped()
    wanted = held.cost[patience] if cost is None else cost
    return log_odds(replace(moment, heard=None), held) + pauses.habit >= wanted + held.sure


def wait_after(
    moment: Moment,
    pauses: Pauses,
    patience: Patience = Patience.BALANCED,
    weights: Weights | None = None,
    *,
    cost: float | None = None,
) -> float:
    """Seconds from the learner's last sound after which the coach answers if nothing more is said.

    Every moment of silence makes it likelier that the turn is over, by as much as pauses of this learner's
    would have ended by then. `cost` stands in for the patience's own.
    """
    held = weights or Weights.shipped()
    low, high = held.floor[patience], held.ceiling[patience]
    wanted = held.cost[patience] if cost is None else cost
    missing = log_odds(moment, held) + pauses.habit - wanted
    if missing >= 0 or is_sure(moment, pauses, patience, held, cost=cost):
        return low
    typical = pauses.median_log(math.log(held.pause_median_s), held.pause_weight)
    longer = math.exp(held.steepness * missing)  # share of pauses that may be longer still
    wait = math.exp(typical + held.pause_spread * _NORMAL.inv_cdf(max(1 - longer, 1e-6)))
    return round(min(max(wait, low), high), 3)


def logit(probability: float) -> float:
    """Log odds, held within what the end-of-turn model can tell apart."""
    held = min(max(probability, 1e-6), 1 - 1e-6)
    return max(-_MOST_LOGIT, min(_MOST_LOGIT, math.log(held / (1 - held))))


def expects_short(question: str) -> bool:
    """Whether what the coach said last asks for a word or two: yes or no, a name, a place, a number."""
    asked = re.split(r"(?<=[.!?])\s+", question.strip())[-1]
    return asked.endswith("?") and bool(_SHORT_QUESTION.match(asked.lower()))


def level_doubt(level: Level) -> float:
    """Beginners are given more time."""
    return 0.4 if level in {Level.A1, Level.A2} else 0.0
