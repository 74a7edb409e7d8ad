"""What a measurement tells the person while it goes on."""

from typing import Protocol


class Reporter(Protocol):
    """Shows how far the measurement is."""

    def begin(self, what: str, steps: int) -> None:
        """A piece of work of so many steps begins."""

    def step(self) -> None:
        """One of them is done."""
