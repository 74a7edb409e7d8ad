"""Keyterm biasing: expected words are tried where something alike was heard, and kept if the audio agrees.

The recognizer is asked again, not overruled: a candidate text replaces one stretch of the hypothesis by a
keyterm that sounds alike, the model scores both texts for the same audio, and the candidate wins only when it
is at most a bonus less likely. A keyterm that was not said fails one of the two tests.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from infra.models.pronounce import Phones, Pronunciations, spoken
from infra.models.stt import Heard, Moonshine
from infra.models.words import Word
from infra.models.worker import Abort

MAX_KEYTERMS = 100
MAX_KEYTERM_CHARS = 60
_MAX_DISTANCE = 0.42
"""Largest phonetic distance, in edits for each phone of the keyterm, at which a stretch counts as alike."""
_MAX_CANDIDATES = 6
_BONUS, _BONUS_PER_TOKEN, _MAX_BONUS = 2.0, 1.2, 9.0
"""Nats a keyterm may be less likely than what was heard; long rare words cost the model more."""
_ROUNDS = 3
_ENDING = re.compile(r"(?<=..)(?:'s|es|s|ed|ing)$")

_VOWELS = frozenset(
    ["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"]
)
_KIN = tuple(
    frozenset(group.split())
    for group in (
        "P B", "T D", "K G", "F V", "S Z", "SH ZH", "CH JH", "TH DH", "M N NG", "L R", "V W", "TH S", "DH D",
        "S SH", "Z ZH", "Z JH", "CH SH", "B V", "T CH", "D JH", "TH T", "Y IY", "W UW",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Keyterm:
    """An expected word or phrase as it is to be written, and how much it is favoured (1 is customary)."""

    text: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class _Candidate:
    distance: float
    first: int
    last: int
    keyterm: Keyterm


class Substitutes:
    """Where among words a keyterm may have been said that was written otherwise, by sound alone."""

    def __init__(self, pronunciations: Pronunciations) -> None:
        self._pronunciations = pronunciations
        self._phrase = lru_cache(maxsize=2048)(self._phrase_phones)

    def closest(self, words: list[Word], keyterms: Iterable[Keyterm], most: int) -> list[_Candidate]:
        """The candidates that sound most alike."""
        return sorted(self.found(words, keyterms), key=lambda c: c.distance)[:most]

    def texts(self, words: list[Word], keyterms: Iterable[Keyterm], most: int) -> list[str]:
        """The texts that such exchanges give, one exchange each."""
        return [_replaced(words, candidate) for candidate in self.closest(words, keyterms, most)]

    def found(self, words: list[Word], keyterms: Iterable[Keyterm]) -> Iterator[_Candidate]:
        """Every stretch of the words that sounds like a keyterm that is not among them.

        Another inflection of the keyterm is left as it was heard: it may be the learner's slip.
        """
        present = f" {' '.join(word.bare for word in words)} "
        sounds = [self._phrase(word.text) for word in words]
        for keyterm in keyterms:
            wanted = self._phrase(keyterm.text)
            if len(wanted) < 3 or f" {' '.join(spoken(keyterm.text))} " in present:
                continue
            term = stems(keyterm.text)
            for candidate in self._alike(sounds, wanted, keyterm):
                heard = " ".join(word.text for word in words[candidate.first : candidate.last + 1])
                if stems(heard) != term:
                    yield candidate

    def _alike(self, sounds: list[Phones], wanted: Phones, keyterm: Keyterm) -> Iterator[_Candidate]:
        for first in range(len(sounds)):
            stretch: Phones = ()
            for last in range(first, min(first + 5, len(sounds))):
                stretch += sounds[last]
                if len(stretch) > 1.6 * len(wanted) + 1:
                    break
                far = distance(stretch, wanted) / len(wanted)
                if far <= _MAX_DISTANCE:
                    yield _Candidate(far, first, last, keyterm)

    def _phrase_phones(self, text: str) -> Phones:
        return tuple(phone for name in spoken(text) for phone in self._pronunciations.phones(name))


class Biaser:
    """Rescores what the model heard against keyterms; lives in the model's own thread."""

    def __init__(self, model: Moonshine, pronunciations: Pronunciations) -> None:
        self._model = model
        self._substitutes = Substitutes(pronunciations)

    def apply(self, heard: Heard, keyterms: tuple[Keyterm, ...], abort: Abort) -> Heard:
        """The hypothesis with every keyterm that the audio bears out."""
        for _ in range(_ROUNDS):
            better = self._improve(heard, keyterms, abort)
            if better is None:
                return heard
            heard = better
        return heard

    def _improve(self, heard: Heard, keyterms: tuple[Keyterm, ...], abort: Abort) -> Heard | None:
        candidates = self._substitutes.closest(heard.words, keyterms, _MAX_CANDIDATES)
        if not candidates:
            return None
        texts = [_replaced(heard.words, candidate) for candidate in candidates]
        sequences = [heard.tokens, *(list(self._model.vocabulary.encode(text)) for text in texts)]
        now, *others = self._model.score(sequences, heard.states, abort)
        gains = [
            other.log_probability - now.log_probability + self._bonus(candidate)
            for candidate, other in zip(candidates, others, strict=True)
        ]
        best = max(range(len(gains)), key=gains.__getitem__)
        return others[best] if gains[best] > 0 else None

    def _bonus(self, candidate: _Candidate) -> float:
        tokens = len(self._model.vocabulary.encode(candidate.keyterm.text))
        bonus = min(_MAX_BONUS, _BONUS + _BONUS_PER_TOKEN * tokens) * candidate.keyterm.boost
        return bonus * (1 - candidate.distance / _MAX_DISTANCE * 0.6)


def stems(text: str) -> tuple[str, ...]:
    """The spoken words of a text without the endings of regular inflection, roughly."""
    return tuple(_ENDING.sub("", name) if len(name) > 3 else name for name in spoken(text))


def distance(left: Phones, right: Phones) -> float:
    """Edit distance between phone strings; phones of one kind cost less to exchange."""
    row = [float(index) for index in range(len(right) + 1)]
    for i, a in enumerate(left, 1):
        above, row[0] = row[0], float(i)
        for j, b in enumerate(right, 1):
            change = above + _exchange(a, b)
            above = row[j]
            row[j] = min(change, row[j] + _drop(a), row[j - 1] + _drop(b))
    return row[-1]


def _drop(phone: str) -> float:
    return 0.6 if phone in {"AH", "IH", "HH", "T", "D"} else 1.0


def _exchange(a: str, b: str) -> float:
    if a == b:
        return 0.0
    if a in _VOWELS and b in _VOWELS:
        return 0.35
    return 0.4 if any(a in group and b in group for group in _KIN) else 1.0


def _replaced(words: list[Word], candidate: _Candidate) -> str:
    """The text with one stretch exchanged for the keyterm, its closing punctuation kept."""
    last = words[candidate.last].text
    tail = last[len(last.rstrip(".,!?;:")) :]
    texts = [word.text for word in words]
    texts[candidate.first : candidate.last + 1] = [candidate.keyterm.text + tail]
    return " ".join(texts)
