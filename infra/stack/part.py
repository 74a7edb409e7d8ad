"""What a part of the stack is: how it is prepared, started, found ready, and stopped."""

import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from infra.stack.process import Account

Note = Callable[[str], None]
"""Tells the person what a part is busy with."""

Prepare = Callable[[Note], Awaitable[None]]
Check = Callable[[], Awaitable[bool]]

ANY_HOST = "0.0.0.0"  # noqa: S104 - LiveKit's port for ICE over TCP and its media ports listen everywhere


@dataclass(frozen=True)
class PortUse:
    """A port that a part listens on."""

    number: int
    setting: str
    """The setting that changes it."""
    udp: bool = False
    host: str = "127.0.0.1"


@dataclass(frozen=True)
class Part:
    """One part.

    A part with `prepare` only is a step of work; with `once`, a program that ends by itself; else a program
    that is kept alive. `ready` is asked until it says yes; without it, `settle_s` of life are enough.
    """

    name: str
    title: str
    after: Sequence[str] = ()
    prepare: Prepare | None = None
    command: Sequence[str] | Callable[[], Sequence[str]] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    once: bool = False
    given: str = ""
    """Set when the part is not started: which setting gives its address."""
    ready: Check | None = None
    settle_s: float = 0.3
    ready_within_s: float = 90.0
    ports: Sequence[PortUse] = ()
    stop_order: int = 1
    """Parts of a lower number are stopped first."""
    stop_signal: signal.Signals = signal.SIGTERM
    harder_signal: signal.Signals | None = None
    """Sent when `stop_signal` was not obeyed in time, before the kill."""
    grace_s: float = 2.0
    orphan_signal: signal.Signals = signal.SIGTERM
    late: bool = False
    """Started when the stack is ready without it."""
    speaks: bool = False
    """What it writes to its standard output is for the person at the console, and not for its log."""

    def argv(self) -> list[str]:
        """The command, resolved now: some are known only after `prepare`."""
        return list(self.command() if callable(self.command) else self.command)

    @property
    def is_program(self) -> bool:
        """Whether there is a process to start."""
        return not self.given and bool(self.command)
