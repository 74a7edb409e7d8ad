"""A chat as what was spoken in it."""

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
