"""A chat as what was spoken in it."""

from collections.abc import Collection

from livekit.agents import llm

from agent.guided_memory import Utterance


def utterances(chat_ctx: llm.ChatContext) -> list[Utterance]:
    """The spoken turns of a chat: what learner and coach said, without instructions and tool traffic."""
    turns = []
    for message in chat_ctx.messages():
        text = message.text_content
        if text and message.role in ("user", "assistant"):
            turns.append(Utterance("learner" if message.role == "user" else "coach", text))
    return turns


def new_words(chat_ctx: llm.ChatContext, heard: Collection[str]) -> str:
    """The learner's words at the end of a chat that were not committed yet: their ids were not heard."""
    new: list[str] = []
    for message in reversed(chat_ctx.messages()):
        if message.role == "assistant":
            break
        if message.role == "user" and message.id not in heard:
            new.append(message.text_content or "")
    return " ".join(reversed(new)).strip()
