"""Admission: a fixed number of places for each kind of work, refusal instead of slow answers."""

from collections.abc import Iterator
from contextlib import contextmanager

from infra.models.errors import busy
from infra.models.metrics import REFUSED


class Places:
    """So many at once; `take` raises 503 when all are taken."""

    def __init__(self, what: str, limit: int) -> None:
        self.what = what
        self.limit = limit
        self.taken = 0

    @contextmanager
    def take(self) -> Iterator[None]:
        """Hold a place for the length of the block."""
        if self.taken >= self.limit:
            REFUSED.labels(self.what).inc()
            raise busy(self.what, self.limit)
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
