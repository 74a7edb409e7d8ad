"""Where a lesson made from documents speaks from them, the coach's turn names its source."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from agent.memory import Memory
from api.contract.calls import Passage, Source
from api.contract.lessons import LessonContent, LessonPlan
from tests.agent.fake_api import FakeApi
from tests.agent.lesson.plans import TINY, exchange, plan_of
from tests.agent.lesson.typed import typed_call

SENTENCE = "Tea grows in the hills of Assam."
SOURCE = Source(chunk_id=UUID(int=7), document_id=UUID(int=8), title="My tea")
PASSAGE = Passage(text=SENTENCE, source=SOURCE, score=0.9)
ANSWER, QUESTION = "I drink water.", "Where does tea grow?"


class Shelf(Memory):
    """One document, in which a passage is found by a word of it."""

    def __init__(self) -> None:
        super().__init__(FakeApi().client(), timeout=0.1)
        self.asked: list[str] = []

    def foresee(self, texts: Sequence[str]) -> asyncio.Task[None]:
        """What holds the word, at once."""
        self.foreseen = [PASSAGE] if any("hills" in text for text in texts) else []
        return super().foresee([])

    async def retrieve(self, utterance: str) -> list[Passage]:
        """Nothing: it is only noted."""
        self.asked.append(utterance)
        return []


def quoting(**changes: object) -> LessonPlan:
    """A lesson that answers with a sentence of a document."""
    values = TINY.model_dump(mode="json")
    values["steps"][0]["exchanges"][0] = exchange(
        "What do you drink?", otherwise=f"In the text it is like this: “{SENTENCE}”"
    )
    return plan_of(LessonContent.model_validate(values), **changes)


async def test_a_sentence_of_the_document_is_named(tmp_path: Path) -> None:
    shelf = Shelf()
    async with typed_call(tmp_path, quoting(from_documents=True), memory=shelf) as call:
        assert SENTENCE in await call.type(ANSWER)
        await call.type(QUESTION)
    coach = [turn for turn in call.segment().turns if turn.role == "coach"]
    assert coach[1].sources == [SOURCE]
    assert set(shelf.asked) == {QUESTION}, "what the learner asks is looked up as it was asked"


async def test_a_lesson_without_documents_looks_up_what_the_learner_says(tmp_path: Path) -> None:
    shelf = Shelf()
    async with typed_call(tmp_path, quoting(), memory=shelf) as call:
        await call.type(ANSWER)
    assert set(shelf.asked) == {ANSWER}
    assert not any(turn.sources for turn in call.segment().turns)


async def test_what_was_looked_up_ahead_took_no_time_of_the_turn() -> None:
    memory = Memory(FakeApi().client(), timeout=0.1)
    memory.foreseen = [PASSAGE]
    memory.last_ms = 40.0
    assert memory.quoted(SENTENCE) == [PASSAGE]
    assert memory.quoted("I drink water.") == []
    assert memory.last_ms is None
