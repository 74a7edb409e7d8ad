"""Who is in the made-up school, when they talk and what they say: the same each time it is asked."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Final
from uuid import UUID, uuid5

from api.contract.calls import Role
from api.school import words

NAMESPACE: Final = UUID("5c0017a0-0000-4000-8000-000000000000")
SCHOOL_ID: Final = uuid5(NAMESPACE, "school")
DOMAIN: Final = "school.example.com"
PROGRAMS: Final = (
    "English A2, mornings", "English A2, evenings", "English B1, mornings", "English B1, evenings",
    "English B2", "English at work", "English for travel", "Young learners",
)  # fmt: skip
EXAM_PROGRAM: Final = "Exam preparation"
"""Its learners have another program too."""
SMALL_PROGRAM: Final = "Conversation, four people"
LEVELS: Final = ("A2", "A2", "B1", "B1", "B2", "B1", "A2", "A1")
DAYS: Final = 182
SLOTS_A_DAY: Final = 14
"""Calls begin in the hours from seven in the morning on, at most one an hour."""
LONG_CALL_TURNS: Final = 480
"""Of the first learner's last call: about an hour."""
SHORTEST_CALL: Final = 4
MOST_DILIGENT: Final = 3.0
"""How often the most diligent learners talk, against the least."""
WORDS_A_SECOND: Final = {Role.LEARNER: 1.7, Role.COACH: 2.6}


@dataclass(frozen=True)
class Size:
    """How large the school is."""

    learners: int = 200
    calls: int = 20_000
    turns: int = 600_000
    instructors: int = 50


@dataclass(frozen=True)
class Person:
    """A member of the school."""

    id: UUID
    email: str
    name: str
    level: str


@dataclass(frozen=True)
class PlannedCall:
    """A call, its learner by their number, and how many turns it has."""

    id: UUID
    learner: int
    number: int
    started_at: datetime
    turns: int


@dataclass(frozen=True)
class PlannedTurn:
    """A turn; `words` is JSON."""

    id: UUID
    role: Role
    text: str
    words: str
    started_at: datetime
    ended_at: datetime


class Plan:
    """The school as it would be today."""

    def __init__(self, size: Size, today: datetime) -> None:
        self.size = size
        self._end = datetime.combine(today.date(), time(7), UTC)
        self._random = random.Random(len(PROGRAMS))

    def people(self, kind: str, count: int) -> list[Person]:
        """The learners, instructors or administrators."""
        chance = random.Random(kind)
        return [
            Person(
                uuid5(NAMESPACE, f"{kind} {number}"),
                f"{kind}-{number + 1:03d}@{DOMAIN}",
                f"{chance.choice(words.FIRST_NAMES)} {chance.choice(words.LAST_NAMES)}",
                LEVELS[number % len(PROGRAMS)],
            )
            for number in range(count)
        ]

    @cached_property
    def calls(self) -> list[PlannedCall]:
        """All calls, by learner and time."""
        habits = [min(self._random.paretovariate(2.5), MOST_DILIGENT) for _ in range(self.size.learners)]
        counts = [min(count, DAYS * SLOTS_A_DAY // 2) for count in _shares(self.size.calls, habits)]
        starts = [start for learner, count in enumerate(counts) for start in self._starts(learner, count)]
        lengths = self._lengths(len(starts))
        lengths[counts[0] - 1] += LONG_CALL_TURNS
        return [
            PlannedCall(uuid5(NAMESPACE, f"call {learner} {number}"), learner, number, at, turns)
            for (learner, number, at), turns in zip(starts, lengths, strict=True)
        ]

    def _lengths(self, calls: int) -> list[int]:
        """Turns of all calls; the long one's are left over."""
        spread = self.size.turns - LONG_CALL_TURNS - SHORTEST_CALL * calls
        weights = [self._random.gammavariate(2.0, 1.0) for _ in range(calls)]
        return [SHORTEST_CALL + turns for turns in _shares(max(0, spread), weights)]

    def _starts(self, learner: int, count: int) -> list[tuple[int, int, datetime]]:
        """When a learner's calls begin; most learners were here this week, some not for long."""
        gap = self._random.choices((0, 2, 9, 30), (6, 2, 1, 1))[0]
        slots = sorted(self._random.sample(range((DAYS - gap) * SLOTS_A_DAY), count))
        began = self._end - timedelta(days=DAYS)
        return [
            (
                learner,
                number,
                began
                + timedelta(
                    days=slot // SLOTS_A_DAY, hours=slot % SLOTS_A_DAY, seconds=self._random.randrange(60)
                ),
            )
            for number, slot in enumerate(slots)
        ]


def _shares(whole: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to weights whose sum is `whole`."""
    total, given, passed, found = sum(weights), 0, 0.0, []
    for weight in weights:
        passed += weight
        upto = round(whole * passed / total)
        found.append(upto - given)
        given = upto
    return found


def turns_of(call: PlannedCall) -> Iterator[PlannedTurn]:
    """What is said in a call, coach first."""
    chance = random.Random(call.id.int)
    at = call.started_at + timedelta(seconds=2)
    for number in range(call.turns):
        role = Role.LEARNER if number % 2 else Role.COACH
        text = _said(chance, role)
        spoken = text.split(" ")
        pace = WORDS_A_SECOND[role] * chance.uniform(0.8, 1.2)
        end = at + timedelta(milliseconds=round(len(spoken) / pace * 1000))
        begin_s = (at - call.started_at).total_seconds()
        timed = _timed(chance, spoken, begin_s, pace) if role is Role.LEARNER else "[]"
        yield PlannedTurn(numbered(call.id, number), role, text, timed, at, end)
        at = end + timedelta(milliseconds=chance.randrange(300, 1500))


def _said(chance: random.Random, role: Role) -> str:
    pattern = chance.choice(words.LEARNER_SAYS if role is Role.LEARNER else words.COACH_SAYS)
    return pattern.format(
        place=chance.choice(words.PLACES),
        person=chance.choice(words.PEOPLE),
        thing=chance.choice(words.THINGS),
        feeling=chance.choice(words.FEELINGS),
    )


def _timed(chance: random.Random, spoken: Sequence[str], begin_s: float, pace: float) -> str:
    each = 1 / pace
    return json.dumps(
        [
            {
                "word": word.strip(".,?:"),
                "start": round(begin_s + place * each, 2),
                "end": round(begin_s + (place + 0.8) * each, 2),
                "confidence": round(chance.uniform(0.6, 1.0), 2),
            }
            for place, word in enumerate(spoken)
        ],
        separators=(",", ":"),
    )


def numbered(call: UUID, number: int) -> UUID:
    """A turn's key: those of a call lie side by side in the index."""
    return UUID(int=(call.int & ~0xFFFF) | number)
