"""The second look: several models propose texts for a stretch, all judge each, the likeliest together wins.

Moonshine tiny and base decode together, Whisper tiny.en by itself; where words are expected, texts with an
expected word in the place of one that sounds alike are proposed too. No text wins by being expected: that
counts a few nats a word, and every model still has to find the whole text likely for this audio.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from infra.models.beams import likeliest
from infra.models.bias import Keyterm, Substitutes, stems
from infra.models.pronounce import Pronunciations, spoken
from infra.models.stt import BASE, RATE, TINY, Audio, Moonshine
from infra.models.weights import WeightsError
from infra.models.whisper import Whisper
from infra.models.words import Word
from infra.models.worker import Abort, Interrupted
from infra.telemetry import get_logger

MODEL: Final = "second-look"
_TOGETHER: Final = (0.4, 0.6)
"""How much tiny and base count while they decode together."""
_SUBSTITUTES: Final = 8
_ROUNDS: Final = 3
_PROMPTED: Final = 3
_SHORTEST: Final = 2
"""Fewest phones of an expected word that counts."""
_ALONE: Final = 0.8
"""What is left of the confidence of a word for each model that heard something else there."""
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Favour:
    """Nats that an expected word in a text counts: so many, more for each of its phones, up to a limit."""

    once: float
    per_phone: float
    most: float

    def of(self, phones: int) -> float:
        """Nats for a word of so many phones."""
        return min(self.most, self.once + self.per_phone * phones)


@dataclass(frozen=True, slots=True)
class Balance:
    """How judgements are put together; chosen on some development utterances, for all speakers alike."""

    tiny: float = 0.3
    base: float = 0.3
    whisper: float = 0.4
    expected: Favour = Favour(3.0, 1.2, 10.0)


@dataclass(slots=True)
class Verdict:
    """A text, what each model thinks of it, and the sum that counts."""

    text: str
    opinions: tuple[float, ...]
    total: float = 0.0


def choose(verdicts: Iterable[Verdict], weights: Sequence[float], bonuses: dict[str, float]) -> Verdict:
    """The verdict with the highest weighted sum, `bonuses` (by text) added."""
    summed = [
        replace(
            one,
            total=sum(weight * opinion for weight, opinion in zip(weights, one.opinions, strict=True))
            + bonuses.get(one.text, 0.0),
        )
        for one in verdicts
    ]
    return max(summed, key=lambda one: one.total)


class Expectation:
    """What expected words are worth to a text.

    Inflections of a word are worth the same, so that nothing draws "he go" to the "goes" that was expected.
    """

    def __init__(self, keyterms: Sequence[Keyterm], pronunciations: Pronunciations, balance: Balance) -> None:
        self._phones = pronunciations.phones
        self._boosts = {
            names: term.boost
            for term in keyterms
            if (names := stems(term.text)) and self._length(names) >= _SHORTEST
        }
        self._longest = max(map(len, self._boosts), default=0)
        self._favour = balance.expected

    def proved(self, text: str) -> bool:
        """Whether anything in the list was heard without its help: if not, it may be of another question."""
        return bool(self._present(text))

    def bonus(self, text: str) -> float:
        """Nats for the expected words in a text; a word counts once, however often it comes."""
        return sum(self._boosts[term] * self._favour.of(self._length(term)) for term in self._present(text))

    def _present(self, text: str) -> list[tuple[str, ...]]:
        names = stems(text)
        found = {
            names[at : at + size]
            for size in range(1, self._longest + 1)
            for at in range(len(names) - size + 1)
        }
        return [term for term in self._boosts if term in found]

    def _length(self, names: Iterable[str]) -> int:
        return sum(len(self._phones(name)) for name in names)


class Committee:
    """The models, all in one thread. Where there is no Moonshine base for a machine, the others decide."""

    def __init__(self, pronunciations: Pronunciations, balance: Balance | None = None) -> None:
        self.balance = balance or Balance()
        self._pronunciations = pronunciations
        self._substitutes = Substitutes(pronunciations)
        self.moonshines = [Moonshine(TINY), *_base()]
        self.whisper = Whisper()

    def hear(self, audio: Audio, keyterms: tuple[Keyterm, ...], abort: Abort) -> list[Word]:
        """Words of mono 16 kHz audio of at least 0.25 s."""
        sitting = Sitting(self, audio, abort)
        texts = sitting.proposals()
        if not texts:
            return []
        best = sitting.decide(texts)
        expectation = Expectation(keyterms, self._pronunciations, self.balance)
        if expectation.proved(best.text):
            best = self._as_expected(sitting, texts, keyterms, expectation)
        return sitting.words(best.text)

    def _as_expected(
        self,
        sitting: "Sitting",
        texts: list[str],
        keyterms: tuple[Keyterm, ...],
        expectation: Expectation,
    ) -> Verdict:
        best = sitting.decide([*texts, *sitting.prompted(keyterms)], expectation)
        for _ in range(_ROUNDS):
            words = [Word(text, 1.0) for text in best.text.split()]
            others = self._substitutes.texts(words, keyterms, _SUBSTITUTES)
            better = sitting.decide([best.text, *others], expectation)
            if better.text == best.text:
                break
            best = better
        return best

    def alone(self, audio: Audio) -> list[Word]:
        """What Whisper alone hears, shown the half minute that it was trained on."""
        heard = self.whisper.best(self.whisper.encode(audio, longest=True), 1)
        return [word for word in (Word(text, 1.0) for text in heard[0].split()) if word.bare]

    def weights(self) -> tuple[float, ...]:
        """How much each model counts, in the order of their opinions."""
        if len(self.moonshines) == 1:
            return (self.balance.tiny + self.balance.base, self.balance.whisper)
        return (self.balance.tiny, self.balance.base, self.balance.whisper)


class Sitting:
    """The committee over one stretch of audio."""

    def __init__(self, committee: Committee, audio: Audio, abort: Abort) -> None:
        self._models = committee.moonshines
        self._whisper = committee.whisper
        self._weights = committee.weights()
        self._abort = abort
        self._seconds = len(audio) / RATE
        self._states = [model.encode(audio, abort) for model in self._models]
        self._heard = self._whisper.encode(audio)
        self._known: dict[str, Verdict] = {}
        self._first: list[str] = []

    def proposals(self) -> list[str]:
        """Texts that a model takes for what was said, each once."""
        shares = _TOGETHER if len(self._models) > 1 else (1.0,)
        found = likeliest(self._models, self._states, shares, self._seconds, self._abort)
        together = [self._models[0].vocabulary.text(tokens) for tokens in found]
        _still_wanted(self._abort)
        alone = self._whisper.best(self._heard)
        self._first = [*together[:1], *alone[:1]]
        return [text for text in dict.fromkeys((*together, *alone)) if spoken(text)]

    def prompted(self, keyterms: Sequence[Keyterm]) -> list[str]:
        """Texts that Whisper proposes after having been told the expected words."""
        before = ", ".join(term.text for term in keyterms)
        return [text for text in self._whisper.best(self._heard, _PROMPTED, before) if spoken(text)]

    def decide(self, texts: Sequence[str], expectation: Expectation | None = None) -> Verdict:
        """The text that all models together find likeliest."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            _still_wanted(self._abort)
            for text, *opinions in zip(new, *self._opinions(new), strict=True):
                self._known[text] = Verdict(text, tuple(opinions))
        bonuses = {text: expectation.bonus(text) for text in texts} if expectation else {}
        return choose((self._known[text] for text in dict.fromkeys(texts)), self._weights, bonuses)

    def words(self, text: str) -> list[Word]:
        """The words of a text, each as sure as the models are of it, less where one heard something else."""
        sequence = [list(self._models[0].vocabulary.encode(text))]
        sure = [
            model.score(sequence, states, self._abort)[0].words
            for model, states in zip(self._models, self._states, strict=True)
        ]
        return voted(sure, [first.split() for first in self._first])

    def _opinions(self, texts: list[str]) -> list[list[float]]:
        sequences = [list(self._models[0].vocabulary.encode(text)) for text in texts]
        found = [
            [one.log_probability for one in model.score(sequences, states, self._abort)]
            for model, states in zip(self._models, self._states, strict=True)
        ]
        return [*found, self._whisper.score(texts, self._heard, self._seconds)]


def voted(sure: Sequence[Sequence[Word]], heard: Sequence[Sequence[str]]) -> list[Word]:
    """Words with the mean of the models' confidences, lowered for each text that has another word there."""
    words = [
        replace(copies[0], confidence=sum(one.confidence for one in copies) / len(copies))
        for copies in zip(*sure, strict=True)
    ]
    names = [word.bare for word in words]
    for other in heard:
        agreed: set[int] = set()
        said = [Word(text, 1.0).bare for text in other]
        for block in SequenceMatcher(None, names, said, autojunk=False).get_matching_blocks():
            agreed.update(range(block.a, block.a + block.size))
        words = [
            word if at in agreed else replace(word, confidence=word.confidence * _ALONE)
            for at, word in enumerate(words)
        ]
    return [replace(word, confidence=round(word.confidence, 4)) for word in words]


def _base() -> list[Moonshine]:
    try:
        return [Moonshine(BASE)]
    except WeightsError as error:
        _log.warning("second look without Moonshine base", reason=str(error))
        return []


def _still_wanted(abort: Abort) -> None:
    if abort.raised:
        raise Interrupted
