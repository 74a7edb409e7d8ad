"""What a scene is: one screen in one state."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from playwright.async_api import Page

from tests.e2e.answers import Answers

Act = Callable[[Page], Awaitable[None]]


async def nothing(_page: Page) -> None:
    """The page as it opens."""


@dataclass(frozen=True)
class Scene:
    """One screen in one state.

    `answers` replaces what the API says, `before` is script run before the page's own, `act` leads from the
    opened page to the state, `shows` is a selector that is visible once it is reached, `clock` lets `act`
    make time pass, and `tall` is the height of a picture where it is more than a window.
    """

    name: str
    shows: str
    path: str = "/"
    known: bool = True
    answers: Answers = field(default_factory=dict)
    before: str = ""
    act: Act = nothing
    clock: bool = False
    tall: int | None = None
