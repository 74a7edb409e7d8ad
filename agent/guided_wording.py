"""Choosing among ways to say a thing: fresh ones first, then the one that was said longest ago."""

from collections.abc import Sequence

from agent.guided_content import Manners, Tone
from agent.guided_hearing import plain
from agent.guided_memory import sentences
from agent.guided_reply import Turn, digest


class Wording:
    """The coach's fixed words, varied over a conversation."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners

    def line(self, turn: Turn, name: str) -> str:
        """One of the lines of this name."""
        return self.pick(turn, self._manners.lines[name], name)

    def lines_said(self, turn: Turn, name: str) -> int:
        """How many of the lines of this name were said already."""
        return sum(not self.is_fresh(turn, text) for text in self._manners.lines[name])

    def pick(self, turn: Turn, options: Sequence[str], salt: str) -> str:
        """A variant that was not said yet, by chance of the history; else the one said longest ago."""
        fresh = [text for text in options if self.is_fresh(turn, text)]
        if not fresh:
            return self._least_recent(turn, options)
        return fresh[digest(f"{turn.seed}:{salt}") % len(fresh)]

    def fresh(self, turn: Turn, lines: str, **slots: str) -> str | None:
        """The line of this name whose turn it is, with its slots filled, that was not said yet; None when
        all were."""
        templates = self._manners.lines[lines]
        start = turn.memory.coach_turns // 2 % len(templates)
        filled = [text.format(**slots) for text in (*templates[start:], *templates[:start])]
        return next((text for text in filled if self.is_fresh(turn, text)), None)

    def opener(self, turn: Turn, tone: Tone, before: str) -> str:
        """The first sentence: the opener of this tone that was not heard for the longest time and does not
        begin like the sentence it stands before."""
        openers = self._manners.openers[tone]
        other = [text for text in openers if plain(text).split()[0] != plain(before).split()[0]]
        return self._least_recent(turn, other or openers)

    @staticmethod
    def is_fresh(turn: Turn, text: str) -> bool:
        """Whether the coach has not said this yet."""
        return plain(sentences(text)[0]) not in turn.memory.said

    def _least_recent(self, turn: Turn, options: Sequence[str]) -> str:
        recent = turn.memory.said
        return min(self._turned(turn, options), key=lambda text: recent.get(plain(sentences(text)[0]), -1))

    @staticmethod
    def _turned(turn: Turn, options: Sequence[str]) -> tuple[str, ...]:
        start = turn.seed % len(options)
        return (*options[start:], *options[:start])
