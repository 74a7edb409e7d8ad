"""What is planted: clauses whose syllables the dictionary knows, rates, silences, fillers; by a seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from infra.bench.fluency.syllables import dictionary
from infra.bench.spoken import FILLERS, VOICES, Piece

CLAUSES: Final = (
    "last weekend I went to the park with my brother",
    "we took the early train to the city",
    "my sister works in a small hospital",
    "there are many people in this picture",
    "I would like to live near the sea",
    "the children are playing with a ball",
    "in my opinion the first idea is better",
    "we could also ask the neighbours for help",
    "it was raining all day long",
    "my parents have a garden behind the house",
    "students should learn to cook at school",
    "the most important thing is to have time",
    "I usually get up at seven in the morning",
    "he told me a story about his village",
    "we bought some bread and a bottle of milk",
    "the museum was closed on Monday",
    "people spend too much time with their phones",
    "I have never been to another country",
    "she looks a little tired but happy",
    "the second photograph shows a busy market",
    "nobody knew the answer to that question",
    "they decided to paint the kitchen yellow",
)
RATES: Final = (2.4, 3.0, 3.6, 4.2, 4.8)
PAUSES: Final = (0.3, 0.4, 0.5, 0.7, 0.9, 1.2, 1.6)
NEXT_TO_FILLER: Final = (0.3, 0.4, 0.5)


@dataclass(frozen=True)
class Planted:
    """One utterance: what is said, how fast, in which voice."""

    pieces: list[Piece]
    rate: float
    voice: str


def utterances(count: int, seed: int = 8) -> list[Planted]:
    """So many utterances of three to five clauses, every second one with fillers."""
    draw = random.Random(seed)
    known = dictionary()
    made = []
    for number in range(count):
        clauses = draw.sample(CLAUSES, draw.randint(3, 5))
        pieces = _pieces(draw, clauses, known, fillers=number % 2 == 1)
        made.append(Planted(pieces, RATES[number % len(RATES)], list(VOICES)[number % len(VOICES)]))
    return made


def _pieces(
    draw: random.Random, clauses: Sequence[str], known: dict[str, int], *, fillers: bool
) -> list[Piece]:
    pieces: list[Piece] = []
    for index, clause in enumerate(clauses):
        if index and fillers and draw.random() < 0.6:
            pieces += [Piece("", draw.choice(NEXT_TO_FILLER)), Piece(draw.choice(FILLERS))]
            pieces.append(Piece("", draw.choice(NEXT_TO_FILLER)))
        elif index:
            pieces.append(Piece("", draw.choice(PAUSES)))
        pieces.append(Piece(clause, syllables=sum(known[word.lower()] for word in clause.split())))
    return pieces
