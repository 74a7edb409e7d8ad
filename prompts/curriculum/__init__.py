"""What is taught without anybody having to write it: objectives, lessons, and the pictures they show."""

from functools import cache
from typing import Final

from prompts.loader import FOLDER, Prompt, load

_HERE: Final = FOLDER / "curriculum"


def objectives() -> Prompt:
    """The list of what learners can do, by level and mode."""
    return load("curriculum/objectives")


def lessons() -> list[Prompt]:
    """Every lesson, by the names of their files."""
    return [load(f"curriculum/lessons/{path.stem}") for path in sorted((_HERE / "lessons").glob("*.yaml"))]


@cache
def pictures() -> frozenset[str]:
    """The names of the pictures that lessons may show."""
    return frozenset(path.stem for path in (_HERE / "pictures").glob("*.svg"))


@cache
def picture(name: str) -> bytes | None:
    """A picture as SVG; None where there is none of that name."""
    if name not in pictures():
        return None
    return (_HERE / "pictures" / f"{name}.svg").read_bytes()
