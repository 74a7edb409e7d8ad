"""The words of an archive, in the reader's language."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from api.mail.texts import language_of

Row = dict[str, Any]


@lru_cache
def catalogue(locale: str) -> dict[str, Any]:
    """The words for a locale; English where there are none."""
    path = Path(__file__).parent / "catalogues" / f"{language_of(locale)}.yaml"
    words: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return words


def readme(locale: str, made_at: str) -> str:
    """What the archive holds, in plain words."""
    words = catalogue(locale)
    lines = [words["title"], "", words["made"].format(at=made_at), ""]
    for paragraph in words["paragraphs"]:
        lines += [paragraph, ""]
    lines += [f"- {path}: {what}" for path, what in words["files"].items()]
    return "\n".join([*lines, "", words["left_out"], ""])


def transcript(locale: str, call: Row, turns: list[Row]) -> str:
    """A call as one reads a conversation."""
    words = catalogue(locale)
    ended = f"{call['ended_at']:%H:%M}" if call["ended_at"] else words["open"]
    head = words["call"].format(begun=f"{call['started_at']:%Y-%m-%d %H:%M}", ended=ended)
    said = [
        f"[{turn['started_at']:%H:%M:%S}] {words[turn['role']]}: {turn['text']}"
        + (f" ({words['interrupted']})" if turn["interrupted"] else "")
        for turn in turns
    ]
    return "\n".join([head, "", *(said or [words["silent"]]), ""])
