"""Quantiles of the API's own statement timer, from its figures before and after."""

from dataclasses import dataclass
from typing import Self

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

TIMER = "avaaz_statement_seconds"


@dataclass(frozen=True)
class Buckets:
    """How many statements took at most so many seconds, by that bound; the last bound is infinite."""

    counts: dict[float, float]

    @classmethod
    def read(cls, exposition: str) -> Self:
        """Read the timer from a page of figures.

        Raises:
            ValueError: the timer is not among them.
        """
        for family in text_string_to_metric_families(exposition):
            if family.name == TIMER:
                named = [sample for sample in family.samples if sample.name == f"{TIMER}_bucket"]
                return cls({float(sample.labels["le"]): sample.value for sample in named})
        raise ValueError(f"{TIMER} is not among the API's figures")

    def since(self, before: Self) -> "Buckets":
        """What was added after another reading."""
        return Buckets({bound: count - before.counts[bound] for bound, count in self.counts.items()})

    @property
    def n(self) -> int:
        """How many statements there were."""
        return round(max(self.counts.values(), default=0))

    def quantile_ms(self, share: float) -> float | None:
        """The time that this share of the statements kept, in milliseconds.

        Between two bounds it is taken to grow evenly, as Prometheus does; of the last, open bucket the lower
        bound is given. None where there was no statement.
        """
        wanted, lower, below = share * self.n, 0.0, 0.0
        for bound, count in sorted(self.counts.items()):
            if count >= wanted and count > below:
                upper = lower if bound == float("inf") else bound
                return round((lower + (upper - lower) * (wanted - below) / (count - below)) * 1000, 1)
            lower, below = bound, count
        return None


async def read_statements(base_url: str) -> Buckets:
    """Ask the API for its statement timer.

    Raises:
        aiohttp.ClientError: it does not answer.
    """
    async with aiohttp.ClientSession() as http, http.get(f"{base_url}/metrics") as answer:
        answer.raise_for_status()
        return Buckets.read(await answer.text())
