"""Rates in the process's own memory: sign-ins by address and account, room tokens by learner, keys."""

import math
import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.errors import RateLimitedError
from api.settings import Settings


class Rate:
    """One limit, such as 30 a minute, counted apart for each key."""

    def __init__(self, limiter: MovingWindowRateLimiter, name: str, limit: str) -> None:
        self._limiter = limiter
        self._name = name
        self._item: RateLimitItem = parse(limit)

    def take(self, key: str) -> None:
        """Count one request of `key`.

        Raises:
            RateLimitedError: The rate is used up; the error says when to come back.
        """
        if not self.admits(key):
            raise self._refusal(key)

    def admits(self, key: str) -> bool:
        """Count one request of `key`; say whether it is within the rate."""
        return self._limiter.hit(self._item, self._name, key)

    def check(self, key: str) -> None:
        """Refuse as `take` does, without counting."""
        if not self._limiter.test(self._item, self._name, key):
            raise self._refusal(key)

    def count(self, key: str) -> None:
        """Count one event of `key`, whatever the rate."""
        self._limiter.hit(self._item, self._name, key)

    def _refusal(self, key: str) -> RateLimitedError:
        reset = self._limiter.get_window_stats(self._item, self._name, key).reset_time
        return RateLimitedError(retry_after_s=max(1, math.ceil(reset - time.time())))


@dataclass(frozen=True)
class Rates:
    """All limits of the process."""

    auth: Rate
    token: Rate
    user: Rate
    mail: Rate
    password: Rate
    api_key: Rate

    @classmethod
    def create(cls, settings: Settings) -> "Rates":
        """Set the limits up, empty."""
        limiter = MovingWindowRateLimiter(MemoryStorage())
        return cls(
            auth=Rate(limiter, "auth", settings.auth_rate_limit),
            token=Rate(limiter, "token", settings.token_rate_limit),
            user=Rate(limiter, "user", settings.user_rate_limit),
            mail=Rate(limiter, "mail", settings.mail_rate_limit),
            password=Rate(limiter, "password", settings.password_rate_limit),
            api_key=Rate(limiter, "api_key", settings.api_key_rate_limit),
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
