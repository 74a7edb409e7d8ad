"""Scripted learners: answers by question, events by turn; and the transcript that a script gives.

`python -m tests.agent.guided.scripted` writes the transcripts to docs/guided.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict

from agent.guided_dialogue import Dialogue, Reply
from agent.guided_memory import Utterance
from api.contract.levels import Level

SCRIPTS = Path(__file__).parent / "scripts"
DOCS = Path(__file__).parents[3] / "docs" / "guided"
TURNS = 40


class Line(BaseModel):
    """One learner turn: what is said (empty is silence) and what the reply must be."""

    model_config = ConfigDict(extra="forbid")
    say: str
    recast: str | None = None
    intent: str | None = None
    tone: str | None = None
    kind: str | None = None
    contains: str | None = None


def _line(value: Any) -> Any:
    return {"say": value} if isinstance(value, str) else value


ScriptLine = Annotated[Line, BeforeValidator(_line)]


class Script(BaseModel):
    """A learner's conversation on one topic."""

    model_config = ConfigDict(extra="forbid")
    title: str
    learner: str
    level: Level
    opening: str
    events: dict[int, ScriptLine]
    """What is said at a turn (1 to 40) whatever was asked."""
    answers: dict[str, ScriptLine]
    """What is said to a question."""
    more: dict[str, ScriptLine] = {}
    """What is said to a question when the coach asks to hear more."""


@dataclass(frozen=True)
class Played:
    """One turn as it went."""

    asked: str | None
    line: Line
    reply: Reply
    history: tuple[Utterance, ...]
    """The conversation up to and with the learner's turn."""


def load_script(path: Path) -> Script:
    """A script file, checked."""
    return Script.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def play(script: Script) -> list[Played]:
    """The whole conversation; `KeyError` names a question that the script has no answer to."""
    dialogue = Dialogue(script.level)
    history = [Utterance("coach", script.opening)]
    played: list[Played] = []
    current = dialogue.state(history).current
    for number in range(1, TURNS + 1):
        answers = script.more if played and played[-1].reply.kind == "more" else script.answers
        line = script.events.get(number) or answers[str(current)]
        if line.say:
            history.append(Utterance("learner", line.say))
        reply = dialogue.reply(history) if line.say else dialogue.silence(history)
        played.append(Played(current, line, reply, tuple(history)))
        history.append(Utterance("coach", reply.text))
        current = reply.question_id or current
    return played


def transcript(script: Script) -> str:
    """The conversation as Markdown."""
    rows = [
        f"# {script.title}",
        "",
        f"{script.learner} Level {script.level.value}. Written by `python -m tests.agent.guided.scripted`; "
        "silence stands as (silence), a recast is marked.",
        "",
        f"**Coach:** {script.opening}",
        "",
    ]
    for turn in play(script):
        mark = f" *(recast: {turn.reply.recast})*" if turn.reply.recast else ""
        rows += [
            f"**Learner:** {turn.line.say or '(silence)'}",
            "",
            f"**Coach:** {turn.reply.text}{mark}",
            "",
        ]
    return "\n".join(rows)


def main() -> None:
    """Write every script's transcript."""
    DOCS.mkdir(parents=True, exist_ok=True)
    for path in sorted(SCRIPTS.glob("*.yaml")):
        (DOCS / f"{path.stem}.md").write_text(transcript(load_script(path)), encoding="utf-8")


if __name__ == "__main__":
    main()
