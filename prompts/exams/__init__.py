"""Mock oral exams that come with the installation: templates with their pools of tasks, and the pictures.

A template's file is an `api.contract.exams.ExamContent` beside its `version`. A task's visual of the kind
`picture` names a file of `pictures/` without its ending; no lesson's picture bears the same name.
"""

from functools import cache
from typing import Final

from prompts.loader import FOLDER, Prompt, load

_HERE: Final = FOLDER / "exams"


def exams() -> list[Prompt]:
    """Every template, from the lowest level to the highest."""
    return [load(f"exams/{path.stem}") for path in sorted(_HERE.glob("*.yaml"))]


@cache
def pictures() -> frozenset[str]:
    """The names of the pictures that tasks may show."""
    return frozenset(path.stem for path in (_HERE / "pictures").glob("*.svg"))


@cache
def picture(name: str) -> bytes | None:
    """A picture as SVG; None where there is none of that name."""
    if name not in pictures():
        return None
    return (_HERE / "pictures" / f"{name}.svg").read_bytes()
