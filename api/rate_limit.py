"""Rates in the process's own memory: sign-ins by address and account, room tokens by learner, keys."""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from limits import parse

from api.errors import RateLimitedError
from api.settings import Settings

Events = deque[float]
"""When the counted events of a key were, oldest first."""


class Rate:
    """One limit, such as 30 a minute, counted apart for each key over a window that moves with the time.

    A request costs the same however many keys there are: only the key's own events are tidied, and a key that
    was silent for a whole window goes with the older of two generations. (The memory storage of `limits`
    walks over all keys on a thread instead, again and again while requests come.)
    """

    def __init__(self, limit: str, clock: Callable[[], float] = time.monotonic) -> None:
        item = parse(limit)
        self._most = item.amount
        self._seconds = item.get_expiry()
        self._clock = clock
        self._young: dict[str, Events] = {}
        self._old: dict[str, Events] = {}
        self._turned_at = clock()

    def take(self, key: str) -> None:
        """Count one request of `key`.

        Raises:
            RateLimitedError: The rate is used up; the error says when to come back.
        """
        if not self.admits(key):
            raise self._refusal(key)

    def admits(self, key: str) -> bool:
        """Count one request of `key` if it is within the rate; say whether it is."""
        events = self._events(key)
        if len(events) >= self._most:
            return False
        events.append(self._clock())
        return True

    def check(self, key: str) -> None:
        """Refuse as `take` does, without counting."""
        if len(self._events(key)) >= self._most:
            raise self._refusal(key)

    def count(self, key: str) -> None:
        """Count one event of `key` and refuse nothing."""
        self.admits(key)

    @property
    def keys_held(self) -> int:
        """How many keys are remembered."""
        return len(self._young) + len(self._old)

    def _events(self, key: str) -> Events:
        """The key's events within the window."""
        now = self._clock()
        if now - self._turned_at >= self._seconds:
            self._old, self._young, self._turned_at = self._young, {}, now
        events = self._young.get(key)
        if events is None:
            events = self._young[key] = self._old.pop(key, Events())
        while events and events[0] <= now - self._seconds:
            events.popleft()
        return events

    def _refusal(self, key: str) -> RateLimitedError:
        now = self._clock()
        oldest = next(iter(self._events(key)), now)
        return RateLimitedError(retry_after_s=max(1, math.ceil(oldest + self._seconds - now)))


@dataclass(frozen=True)
class Rates:
    """All limits of the process."""

    auth: Rate
    token: Rate
    user: Rate
    mail: Rate
    password: Rate
    api_key: Rate
    invitation: Rate
    join: Rate
    refresh: Rate
    speech: Rate
    upload: Rate
    message: Rate

    @classmethod
    def create(cls, settings: Settings) -> "Rates":
        """Set the limits up, empty."""
        return cls(
            auth=Rate(settings.auth_rate_limit),
            token=Rate(settings.token_rate_limit),
            user=Rate(settings.user_rate_limit),
            mail=Rate(settings.mail_rate_limit),
            password=Rate(settings.password_rate_limit),
            api_key=Rate(settings.api_key_rate_limit),
            invitation=Rate(settings.invitation_rate_limit),
            join=Rate(settings.join_rate_limit),
            refresh=Rate(settings.refresh_rate_limit),
            speech=Rate(settings.speech_rate_limit),
            upload=Rate(settings.upload_rate_limit),
            message=Rate(settings.message_rate_limit),
        )


async def rates(request: Request) -> Rates:
    """The limits of the application that answers."""
    held: Rates = request.app.state.rates
    return held


async def client_address(request: Request) -> str:
    """The caller's address, as the trusted proxy or the socket says."""
    return request.client.host if request.client else "unknown"


Limiter = Annotated[Rates, Depends(rates)]
ClientAddress = Annotated[str, Depends(client_address)]
