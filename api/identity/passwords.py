"""Passwords: the rules for them, and Argon2 that never holds up the event loop.

The parameters are the least that OWASP's Password Storage Cheat Sheet asks for: Argon2id with 19 MiB of
memory, two passes and one lane. More would make signing in a way to take a small server down. Hashes of other
parameters are renewed when their owner signs in.
"""

import asyncio
import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from fastapi_users.password import PasswordHelper, PasswordHelperProtocol
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.errors import UnavailableError

T = TypeVar("T")

LEAST_CHARACTERS = 8
LEAST_NAME = 4
"""A shorter name before the @ stands in many a good password by chance."""
_KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")
_THREADS = 2
_MOST_WAITING = 64
"""At some 25 ms a hash, the last one in line waits less than a second."""


class _Pool:
    """Two threads, and a line before them that does not grow without end."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="argon2")
        self._begun = 0

    async def run(self, work: Callable[[], T]) -> T:
        if self._begun >= _MOST_WAITING:
            raise UnavailableError(
                "Many people are signing in. Please try again in a moment.", code="busy", retry_after_s=2
            )
        self._begun += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            self._begun -= 1


_pool = _Pool()


def password_helper() -> PasswordHelper:
    """The hashing that accounts use."""
    return PasswordHelper(PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),)))


def weakness(password: str, email: str) -> str | None:
    """Say why a password is not accepted, or None where it is."""
    if len(password) < LEAST_CHARACTERS or not all(re.search(kind, password) for kind in _KINDS):
        return "Use at least 8 characters with upper case, lower case, a digit and another character."
    name = email.split("@", maxsplit=1)[0].lower()
    if len(name) >= LEAST_NAME and name in password.lower():
        return "The password must not contain the e-mail address."
    return None


def unguessable(email: str) -> str:
    """A password for an account that is opened by other means; it keeps the rules."""
    while True:
        password = secrets.token_urlsafe(32)
        if weakness(password, email) is None:
            return password


async def hashed(helper: PasswordHelperProtocol, password: str) -> str:
    """Hash a password on a thread of the pool.

    Raises:
        UnavailableError: Too many wait already (`busy`).
    """
    return await _pool.run(lambda: helper.hash(password))


async def verified(helper: PasswordHelperProtocol, password: str, kept: str) -> tuple[bool, str | None]:
    """Compare a password with a kept hash on a thread of the pool.

    Returns:
        Whether it is right, and a hash to keep instead where the kept one has other parameters.

    Raises:
        UnavailableError: Too many wait already (`busy`).
    """
    return await _pool.run(lambda: helper.verify_and_update(password, kept))
