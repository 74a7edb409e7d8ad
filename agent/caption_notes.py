"""What stands under captions: a learner's turn said better, and the sources of a coach's."""

import json

from agent.corrections import Corrector
from agent.hearing import doubtful_words
from agent.notices import Screen
from api.contract.calls import InputKind, TurnRecord
from api.contract.room import TOPIC_CORRECTIONS, TOPIC_SOURCES


class CaptionNotes:
    """Sends notes on turns that were committed; without findings nothing is sent."""

    def __init__(self, screen: Screen, corrector: Corrector) -> None:
        self._screen = screen
        self._corrector = corrector

    async def learner(self, turn: TurnRecord) -> None:
        """A turn of the learner's: what could be said better, but for words that may have been misheard."""
        doubtful = doubtful_words((word.word, word.confidence) for word in turn.words)
        typed = turn.input_kind is InputKind.TEXT
        found = await self._corrector.find(turn.text, doubtful=doubtful, typed=typed)
        if found:
            self._show(TOPIC_CORRECTIONS, turn, "corrections", [one.model_dump(mode="json") for one in found])

    def coach(self, turn: TurnRecord) -> None:
        """A turn of the coach's: the material that it rests on."""
        if turn.sources:
            self._show(TOPIC_SOURCES, turn, "sources", [one.model_dump(mode="json") for one in turn.sources])

    def _show(self, topic: str, turn: TurnRecord, name: str, value: list[dict[str, object]]) -> None:
        body = {"item_id": turn.item_id, "text": turn.text, name: value}
        self._screen.show(topic, json.dumps(body))
