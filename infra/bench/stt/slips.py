"""Sentences with one learner's slip each, in several voices, and whether a transcript keeps the slip."""

from difflib import SequenceMatcher
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from infra.bench.stt.wording import errors, words

FOLDER: Final = Path(__file__).parent / "slips"
Fate = Literal["kept", "repaired", "lost"]


class Slip(BaseModel):
    """One recording: what is said, and what it would be without the slip."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    audio: Annotated[str, Field(min_length=1)]
    voice: str
    said: str
    repaired: str

    @property
    def path(self) -> Path:
        """The recording."""
        return FOLDER / self.audio


def slips() -> list[Slip]:
    """All of them, in the file's order."""
    lines = (FOLDER / "slips.jsonl").read_text("utf-8").splitlines()
    return [Slip.model_validate_json(line) for line in lines]


def fate(slip: Slip, transcript: str) -> Fate:
    """What became of the slip: `kept` as it was said, `repaired`, or `lost` in something else.

    Only the slip and the word on each side of it are looked at: other words may be misheard.
    """
    said, better, heard = (_framed(text) for text in (slip.said, slip.repaired, transcript))
    wrong, right = _differing(said, better)
    kept, repaired = _stands(wrong, said, heard), _stands(right, better, heard)
    if kept and repaired:  # "I will" may come a second time
        kept = errors(said, heard) < errors(better, heard)
    if kept:
        return "kept"
    return "repaired" if repaired else "lost"


def _framed(text: str) -> list[str]:
    """A text's words between two marks, so that its first and last word have neighbours too."""
    return ["<", *words(text), ">"]


def _differing(said: list[str], better: list[str]) -> tuple[slice, slice]:
    """The slip's words in the sentence as said, and in the repaired one."""
    changes = [
        one for one in SequenceMatcher(None, said, better, autojunk=False).get_opcodes() if one[0] != "equal"
    ]
    first, last = changes[0], changes[-1]
    return slice(first[1], last[2]), slice(first[3], last[4])


def _stands(part: slice, sentence: list[str], heard: list[str]) -> bool:
    """Whether the part was heard next to a neighbour of its own; an empty part: whether these two met."""
    before = sentence[max(0, part.start - 1) : part.start]
    after = sentence[part.stop : part.stop + 1]
    middle = sentence[part]
    if not middle:
        return _within([*before, *after], heard)
    beside = [[*before, *middle]] if before else []
    beside += [[*middle, *after]] if after else []
    return any(_within(one, heard) for one in beside)


def _within(part: list[str], whole: list[str]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
