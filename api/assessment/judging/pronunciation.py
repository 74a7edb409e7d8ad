"""How well single sounds are said, from the model server's judgement of each sound against what was meant.

Definitions:

- **goodness**: the mean score of all sounds, 0 to 1 (`POST /v1/pronunciation`; docs/model-card.md tells what
  it was fitted to and how well).
- **poor words**: share of words whose sounds score below 0.5 in the mean.
- **understood**: the recognizer's mean confidence in the words, a stand-in for how easily a listener
  understands.
- **sounds to practise**: those met at least three times with a mean below 0.65, and clearly below this
  speaker's own mean, the lowest first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.assessment.judging.speech import Answer, HeardPhone, PronouncedWord
from api.contract.assessment import PhonePractice

POOR: Final = 0.5
"""Score of a word below which it is poor."""
PRACTISE_BELOW: Final = 0.65
LEAST_MET: Final = 3
MOST_PHONES: Final = 5
MOST_WORDS: Final = 5


@dataclass(frozen=True)
class Spoken:
    """A word by its sounds, with the answer it is in."""

    answer: Answer
    word: PronouncedWord


@dataclass(frozen=True)
class Pronunciation:
    """The measures."""

    words: list[Spoken]
    confidence: float
    seconds: float

    @property
    def phones(self) -> list[tuple[Spoken, HeardPhone]]:
        """Every sound with its word."""
        return [(one, phone) for one in self.words for phone in one.word.phones]

    @property
    def goodness(self) -> float:
        """Mean of all sounds."""
        scores = [phone.score for _, phone in self.phones]
        return sum(scores) / len(scores) if scores else 0.0

    @property
    def poor_words(self) -> float:
        """Share of poor words."""
        return sum(one.word.score < POOR for one in self.words) / len(self.words) if self.words else 0.0

    @property
    def worst(self) -> list[Spoken]:
        """Poor words, the poorest first."""
        return sorted((one for one in self.words if one.word.score < POOR), key=lambda one: one.word.score)

    @property
    def best(self) -> list[Spoken]:
        """Long words that were said well."""
        good = [one for one in self.words if one.word.score >= 0.8 and len(one.word.phones) >= 6]
        return sorted(good, key=lambda one: (-len(one.word.phones), -one.word.score))

    def to_practise(self) -> list[PhonePractice]:
        """The sounds most worth working on."""
        met: dict[str, list[tuple[Spoken, HeardPhone]]] = {}
        for spoken, phone in self.phones:
            met.setdefault(_plain(phone.phone), []).append((spoken, phone))
        found = []
        for name, places in met.items():
            mean = sum(phone.score for _, phone in places) / len(places)
            if len(places) >= LEAST_MET and mean < min(PRACTISE_BELOW, self.goodness - 0.05):
                poorest = sorted(places, key=lambda one: one[1].score)
                words = list(dict.fromkeys(one.word.word.lower() for one, _ in poorest))[:MOST_WORDS]
                found.append(PhonePractice(phone=name, count=len(places), score=round(mean, 3), words=words))
        return sorted(found, key=lambda one: one.score)[:MOST_PHONES]


def _plain(phone: str) -> str:
    """An ARPAbet name without its stress."""
    return phone.rstrip("012")


def measure(answers: Sequence[Answer]) -> Pronunciation:
    """The measures of some answers; of those alone that were listened to."""
    listened = [answer for answer in answers if answer.heard.pronounced is not None]
    words = [Spoken(answer, word) for answer in listened for word in answer.heard.pronounced or ()]
    sure = [word.confidence for answer in listened for word in answer.heard.words]
    return Pronunciation(
        words,
        sum(sure) / len(sure) if sure else 0.0,
        sum(answer.heard.sound.speech_s for answer in listened if answer.heard.sound),
    )
