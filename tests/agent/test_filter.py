"""What the coach may say to whom: themes, disguises, whole replies as they come, and our own content."""

from collections.abc import AsyncIterator, Iterator

import pytest
import yaml
from livekit.agents import FlushSentinel, llm

from agent.filter import Filter, Piece, safety, theme_of
from prompts.loader import FOLDER

EVERYONE = [
    "You are such an idiot.",
    "You are really stupid, you know.",
    "That is fucking great!",
    "F u c k that.",
    "Sh1t happens.",
    "Bu\u200bllsh\u200bit, I think.",
    "FUUUUCK!",
    "What a b1tch.",
    "All immigrants are criminals.",
    "You should kill yourself.",
    "The easiest way to end your life is this.",
    "You can make a bomb at home.",
    "How to build a gun from parts.",
    "She watched porn all day.",
]
YOUNG = [
    "Would you like a glass of wine?",
    "Let's have a beer after school.",
    "They got drunk at the party.",
    "He was so drunk that he fell.",
    "Have you ever tried v0dka?",
    "Do you smoke cigarettes?",
    "Vaping is cool.",
    "I bought some c0caine.",
    "You could win a lot at the casino.",
    "Let us bet: online betting is easy.",
    "They had sex.",
    "She was n a k e d.",
    "What is your home address?",
    "Send me a photo of you.",
    "It is our little secret.",
    "Do not tell your parents.",
    "Are you alone at home?",
    "Meet me alone tomorrow.",
    "The killer tortured his victims.",
    "There was blood everywhere.",
    "I dare you to jump from the roof.",
    "Stop eating and skip meals.",
    "He thought about suicide.",
]
FINE = [
    "That is a shot in the dark.",
    "I have drunk a lot of water today.",
    "He works in a drugstore in Sussex.",
    "The method is good.",
    "We killed time at the station.",
    "Smoking is bad for you, so never smoke cigarettes.",
    "You should not drink alcohol at your age.",
    "Please talk to your parents or a teacher about it.",
    "My dog is a cocker spaniel.",
    "The classic game is chess.",
    "We had ginger beer in Scunthorpe.",
    "What did you do at the weekend?",
    "You are not stupid at all.",
    "I would like a photo of the beach.",
    "Is your school far from your home?",
    "The hot sun burned the grass.",
]
NOT_SAID = {"if", "pattern", "words", "intents", "forms", "sensitive", "kinds", "openers"}
"""Parts of our files that are looked for and never spoken."""


@pytest.mark.parametrize("text", EVERYONE)
def test_nobody_is_told(text: str) -> None:
    assert theme_of(text, "everyone")
    assert theme_of(text, "young")


@pytest.mark.parametrize("text", YOUNG)
def test_the_young_are_not_told_and_others_are(text: str) -> None:
    assert theme_of(text, "young")
    assert theme_of(text, "everyone") is None


@pytest.mark.parametrize("text", FINE)
def test_what_is_harmless_is_said(text: str) -> None:
    assert theme_of(text, "young") is None


def spoken(node: object) -> Iterator[str]:
    """Every text of a file that may be said or shown."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in NOT_SAID:
                yield from spoken(value)
    elif isinstance(node, list):
        for value in node:
            yield from spoken(value)


@pytest.mark.parametrize("folder", ["guided", "curriculum", "lesson.yaml", "placement.yaml", "call.yaml"])
def test_our_own_content_passes_for_the_young(folder: str) -> None:
    root = FOLDER / folder
    texts = 0
    for path in sorted(root.rglob("*.yaml")) if root.is_dir() else [root]:
        for text in spoken(yaml.safe_load(path.read_text("utf-8"))):
            texts += 1
            assert theme_of(text, "young") is None, (path.name, text)
    assert texts > 1


def test_replacements_themselves_pass() -> None:
    assert all(theme_of(text, "young") is None for text in safety().replacement)


def test_a_reply_is_replaced_once_and_keeps_its_good_sentences() -> None:
    reply = "That was nice. Would you like a beer? Or a glass of wine? What did you do then?"
    passed = Filter(under_age=True).text(reply)
    assert passed.startswith("That was nice. ")
    assert passed.endswith(" What did you do then?")
    assert "beer" not in passed
    assert "wine" not in passed
    assert sum(line in passed for line in safety().replacement) == 1
    assert Filter(under_age=False).text(reply) == reply


def chunk(text: str | None) -> llm.ChatChunk:
    delta = llm.ChoiceDelta(role="assistant", content=text) if text is not None else None
    return llm.ChatChunk(id="model:1", delta=delta)


async def pieces(*given: Piece) -> AsyncIterator[Piece]:
    for one in given:
        yield one


async def said(filtered: Filter, *given: Piece) -> tuple[str, list[Piece]]:
    told = [one async for one in filtered.stream(pieces(*given))]
    return "".join(words_of(one) for one in told), told


def words_of(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    return (piece.delta.content or "") if isinstance(piece, llm.ChatChunk) and piece.delta else ""


REPLY = "That sounds nice. You went to the sea with Mr. Brown, 3.5 km away! And then?  What else"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1_000])
async def test_nothing_is_lost_or_changed_however_a_reply_comes(size: int) -> None:
    parts = [chunk(REPLY[start : start + size]) for start in range(0, len(REPLY), size)]
    text, told = await said(Filter(under_age=True), *parts, chunk(None))
    assert text == REPLY
    assert all(isinstance(one, llm.ChatChunk) and one.id == "model:1" for one in told)


@pytest.mark.parametrize("size", [1, 4, 1_000])
async def test_a_bad_sentence_is_never_told_in_part(size: int) -> None:
    reply = "Good to hear. Let's drink vodka together. It is our little secret. And what about you?"
    parts = [chunk(reply[start : start + size]) for start in range(0, len(reply), size)]
    text, _ = await said(Filter(under_age=True), *parts)
    assert "vodka" not in text
    assert "together" not in text
    assert "secret" not in text
    assert text.startswith("Good to hear. ")
    assert text.endswith(" And what about you?")
    assert sum(line in text for line in safety().replacement) == 1


async def test_plain_strings_and_flushes_keep_their_order() -> None:
    text, told = await said(Filter(under_age=True), "Number one. Two", FlushSentinel(), "Three.")
    assert text == "Number one. TwoThree."
    assert [type(one).__name__ for one in told] == ["str", "str", "FlushSentinel", "str"]
