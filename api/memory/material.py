"""What a language model gets of a call, and whether what it quotes was really said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.memory.said import Said, squeezed

MAX_CHARACTERS: Final = 24_000
"""Of a call's words; of a longer call the middle is left out."""
MAX_TURN: Final = 1_500


@dataclass(frozen=True)
class Material:
    """A call's turns by the numbers under which a model sees them."""

    turns: dict[int, Said]

    def listed(self) -> list[dict[str, Any]]:
        """The turns as JSON."""
        return [
            {
                "turn": number,
                "who": "learner" if turn.by_learner else "coach",
                "said": turn.text[:MAX_TURN],
            }
            for number, turn in self.turns.items()
        ]

    def learners(self, number: int, quote: str) -> Said | None:
        """The learner's turn in which these words were said, in this order; None where they were not."""
        turn = self.turns.get(number)
        wanted = squeezed(quote)
        if turn is None or not turn.by_learner or not wanted:
            return None
        return turn if f" {wanted} " in f" {squeezed(turn.text)} " else None


def material_of(turns: Sequence[Said]) -> Material:
    """The turns of a call, as many as fit: half of them from its beginning, half from its end."""
    numbered = dict(enumerate(turns, start=1))
    sizes = {number: min(len(turn.text), MAX_TURN) for number, turn in numbered.items()}
    if sum(sizes.values()) <= MAX_CHARACTERS:
        return Material(numbered)
    kept = _fitting(list(numbered), sizes) | _fitting(list(reversed(numbered)), sizes)
    return Material({number: turn for number, turn in numbered.items() if number in kept})


def _fitting(numbers: list[int], sizes: dict[int, int]) -> set[int]:
    left, kept = MAX_CHARACTERS // 2, set()
    for number in numbers:
        left -= sizes[number]
        if left < 0:
            break
        kept.add(number)
    return kept
