"""What people see while the stack starts: a table that redraws on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable
from typing import Protocol

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from infra.stack.state import State

_STYLES = {
    State.READY: "green",
    State.DONE: "green",
    State.GIVEN: "cyan",
    State.FAILED: "bold red",
    State.RESTARTING: "yellow",
    State.WAITING: "dim",
    State.STOPPED: "dim",
}


NOTE_EVERY_S = 10.0
"""Where lines are printed one below the other, a part's notes of what it is busy with come this seldom."""


class Progress(Protocol):
    """Somewhere to report how parts come along."""

    def update(self, name: str, title: str, state: State, note: str = "") -> None:
        """A part changed its state or what it is busy with."""

    def say(self, text: str) -> None:
        """A line for the person."""

    def close(self) -> None:
        """Nothing more is drawn in place; later lines are plain."""


class PlainProgress:
    """A line for each change of state, with the seconds since the start; of notes one in ten seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._last: dict[str, tuple[State, str, float]] = {}

    def update(self, name: str, title: str, state: State, note: str = "") -> None:
        """Prints the change, unless nothing changed or only the note did, just now."""
        if state is State.WAITING:
            return
        last_state, last_note, said_at = self._last.get(name, (State.WAITING, "", 0.0))
        now = self._clock()
        if state is last_state and (note == last_note or now - said_at < NOTE_EVERY_S):
            return
        self._last[name] = (state, note, now)
        self.say(f"{title}: {state}{f' ({note})' if note else ''}")

    def say(self, text: str) -> None:
        """Prints a line."""
        print(f"[{self._clock() - self._began:6.1f} s] {text}", flush=True)

    def close(self) -> None:
        """Nothing is drawn in place."""


class QuietProgress:
    """Says nothing: for programs, which read only the result."""

    def update(self, name: str, title: str, state: State, note: str = "") -> None:
        """Nothing."""

    def say(self, text: str) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class LiveProgress:
    """A table on a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._rows: dict[str, tuple[str, State, str, float, float]] = {}
        self._began = time.monotonic()
        self._live = Live(console=console, refresh_per_second=8, get_renderable=self._table, transient=False)
        self._live.start()
        self._open = True

    def update(self, name: str, title: str, state: State, note: str = "") -> None:
        """Redraws the row of a part; after `close`, prints a line when a part is in trouble or well again."""
        now = time.monotonic()
        before = self._rows.get(name)
        since = before[3] if before and before[1] not in (State.WAITING,) else now
        self._rows[name] = (title, state, note, since, now)
        if not self._open and (before is None or before[1] != state):
            self.say(f"{title}: {state}{f' ({note})' if note else ''}")

    def say(self, text: str) -> None:
        """Prints a line above the table."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    def close(self) -> None:
        """Leaves the table as it stands."""
        if self._open:
            self._open = False
            self._live.stop()

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for title, state, note, since, changed in self._rows.values():
            busy = state in (State.STARTING, State.PREPARING, State.RESTARTING)
            mark = Spinner("dots") if busy else Text("✓" if state in (State.READY, State.DONE) else "·")
            seconds = (time.monotonic() if busy else changed) - since
            style = _STYLES.get(state, "")
            shown = "" if state in (State.WAITING, State.GIVEN) else f"{seconds:5.1f} s"
            table.add_row(
                mark,
                Text(title),
                Text(str(state), style=style),
                Text(shown, style="dim"),
                Text(note, style="dim"),
            )
        return table


def make_progress() -> Progress:
    """The right way to report for this standard output."""
    console = Console()
    return LiveProgress(console) if console.is_terminal else PlainProgress()
