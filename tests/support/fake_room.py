"""Rooms that a test plays: what is sent into them is written down, what happens in them the test says."""

from dataclasses import dataclass, field

from api.relay.link import Coach, Listener, NoCoachError


class FakeLink:
    """A way into a room without a LiveKit server."""

    def __init__(self, rooms: "FakeRooms", listener: Listener) -> None:
        self._rooms = rooms
        self.listener = listener
        self.url = self.token = ""
        self.sent: list[str] = []
        self.calls: list[tuple[str, str]] = []
        self.closed = False
        self.deaf = False
        """Sending fails."""
        self.coach_there = False

    async def connect(self, url: str, token: str) -> None:
        """Go in."""
        if self._rooms.unreachable:
            raise ConnectionError("no way in")
        self.url, self.token = url, token
        self.listener.coach(None)
        self.listener.listened(listening=False)

    async def send(self, text: str) -> None:
        """Write down what was sent."""
        if self.deaf:
            raise ConnectionError("the room is gone")
        self.sent.append(text)

    async def call(self, method: str, payload: str, within_s: float) -> str:
        """Write down what was asked; the answer is what was given."""
        if not self.coach_there:
            raise NoCoachError
        self.calls.append((method, payload))
        return payload

    async def close(self) -> None:
        """Leave."""
        self.closed = True

    def coach_comes(self, state: str = "listening") -> None:
        """The coach is there and can hear."""
        self.coach_there = True
        self.listener.coach(Coach("coach-1", {"lk.agent.state": state, "avaaz.answered_by": "guided"}))


@dataclass
class FakeRooms:
    """Every room that was gone into."""

    links: list[FakeLink] = field(default_factory=list)
    unreachable: bool = False

    def open(self, listener: Listener) -> FakeLink:
        """A way into another room."""
        link = FakeLink(self, listener)
        self.links.append(link)
        return link

    @property
    def last(self) -> FakeLink:
        """The one that was opened last."""
        return self.links[-1]
