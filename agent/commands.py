"""What a learner asks of the coach in words: repeat, slower, hint, skip, stop; never by a word in a story."""

import re
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

import prompts
from agent.guided_content import Pattern
from agent.guided_hearing import plain

Command = Literal["repeat", "slower", "hint", "skip", "stop"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Patterns(_Strict):
    """How a command is said: anywhere, or only where the coach plays nobody."""

    said: tuple[Pattern, ...]
    alone: tuple[Pattern, ...] = ()


class Suggestions(_Strict):
    """The reminders of what may be said: at most one in so many of the coach's turns, and so many a call."""

    every: int
    most: int
    lines: tuple[str, ...]


class CommandContent(_Strict):
    """The content of `prompts/commands.yaml`."""

    version: int
    before: Pattern
    after: Pattern
    commands: dict[Command, Patterns]
    suggest: Suggestions


@cache
def command_content() -> CommandContent:
    """The commands' words, read once a process."""
    return prompts.load("commands").parse(CommandContent)


def spoken_command(text: str, *, in_role: bool = False) -> Command | None:
    """The command that a whole turn is, or None. `in_role`: the learner may be speaking to somebody else than
    the coach."""
    said = plain(text)
    for command, (anywhere, alone) in _patterns().items():
        if anywhere.fullmatch(said) or (not in_role and alone is not None and alone.fullmatch(said)):
            return command
    return None


@cache
def _patterns() -> dict[Command, tuple[re.Pattern[str], re.Pattern[str] | None]]:
    content = command_content()

    def whole(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
        if not patterns:
            return None
        either = "|".join(f"(?:{pattern})" for pattern in patterns)
        return re.compile(rf"(?:{content.before} )*(?:{either})(?: {content.after})*")

    found: dict[Command, tuple[re.Pattern[str], re.Pattern[str] | None]] = {}
    for command, patterns in content.commands.items():
        anywhere = whole(patterns.said)
        if anywhere is None:
            raise prompts.PromptError(f"commands: {command} has no words")
        found[command] = (anywhere, whole(patterns.alone))
    return found
