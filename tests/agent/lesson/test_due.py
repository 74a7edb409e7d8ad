"""What is due comes up in free talk: seldom, at a good moment, and is said well once."""

from uuid import UUID

from livekit.agents import llm

from agent.due import DueTalk
from agent.guided import Guided
from api.contract.calls import DueItem
from api.contract.levels import Level
from tests.agent.fakes import said_by

ITEMS = [
    DueItem(
        id=UUID(int=number), prompt=f"Prompt {number}. How do you say it?", answer=f"I am keen on {word}."
    )
    for number, word in enumerate(("tennis", "tea", "trains"), start=1)
]


class FreeTalk:
    """A learner in free talk with `guided`."""

    def __init__(self, *, free: bool = True, after_lesson: bool = False) -> None:
        self.free = free
        self.due = DueTalk(ITEMS, is_free=lambda: self.free, after_lesson=after_lesson)
        self.guided = Guided(level=Level.A2)
        self.guided.due = self.due
        self.context = llm.ChatContext.empty()
        self.context.add_message(role="assistant", content="How are you today?")

    async def say(self, text: str) -> str:
        """A turn and its answer."""
        message = self.context.add_message(role="user", content=text)
        words = await said_by(self.guided, self.context)
        assert words == await said_by(self.guided, self.context), "the same, however often it is asked"
        self.due.learner(message)
        assert words == await said_by(self.guided, self.context), "and after it was committed"
        self.context.add_message(role="assistant", content=words)
        return words


async def test_it_comes_up_after_a_while_and_twice_at_most() -> None:
    talk = FreeTalk()
    said = [await talk.say(f"I have {number} books at home.") for number in range(2, 30)]
    asked = [place for place, words in enumerate(said) if "Prompt" in words]
    assert len(asked) == 2
    assert asked[0] >= 2
    assert asked[1] - asked[0] > 3


async def test_a_good_try_is_confirmed_and_the_talk_goes_on() -> None:
    talk = FreeTalk(after_lesson=True)
    assert "Prompt 1." in await talk.say("I live in a small town.")
    words = await talk.say("I am keen on tennis!")
    assert words.startswith(("Yes, exactly.", "Yes, that's right."))
    assert words.endswith("?"), "the talk goes on"


async def test_another_try_is_helped_once() -> None:
    talk = FreeTalk(after_lesson=True)
    await talk.say("I live in a small town.")
    assert "I am keen on tennis." in await talk.say("I keen tennis.")
    assert "Prompt" not in await talk.say("It is a nice town.")


async def test_it_waits_for_an_answer_and_for_better_times() -> None:
    talk = FreeTalk(after_lesson=True)
    assert "Prompt" not in await talk.say("What is your name?")
    assert "Prompt" not in await talk.say("My grandmother died yesterday.")
    assert "Prompt" in await talk.say("I live in a small town.")


async def test_it_keeps_out_of_lessons() -> None:
    talk = FreeTalk(free=False, after_lesson=True)
    for number in range(2, 9):
        assert "Prompt" not in await talk.say(f"I have {number} books.")


def test_a_model_is_told_of_it_as_data() -> None:
    due = DueTalk(ITEMS, is_free=lambda: True, after_lesson=True)
    context = llm.ChatContext.empty()
    message = context.add_message(role="user", content="I live in a small town.")
    move = due.answer(context)
    assert move is not None
    assert "Prompt 1." in move.instruction
    due.learner(message)
    context.add_message(role="assistant", content=move.item.prompt)
    context.add_message(role="user", content="I keen tennis.")
    checked = due.answer(context)
    assert checked is not None
    assert checked.kind == "check"
    assert "I am keen on tennis." in checked.instruction
