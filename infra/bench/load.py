"""What benches with many people at once have in common: how they think, and how their answers are counted."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import BaseModel

from infra.bench.figures import Spread

OTHER_PARTS: Final = ("livekit", "models", "agent", "shipper")
"""Parts of the stack that people who only read have no need of."""
THINKING_S: Final = (1.0, 5.0)
"""Between two clicks of one person."""


class RouteFigures(BaseModel):
    """Answers of one route."""

    p50_ms: float | None
    p95_ms: float | None
    n: int
    errors: int


@dataclass
class Tally:
    """Answers of the measured time: seconds by route, and what went wrong."""

    durations: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    kinds: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    measuring: bool = False

    def count(self, name: str, seconds: float, kind: str) -> None:
        """Count one answer, if it came in the measured time; `kind` says what went wrong, if anything."""
        if not self.measuring:
            return
        self.durations[name].append(seconds)
        if kind:
            self.errors[name] += 1
            self.kinds[kind] += 1

    def whole(self) -> Spread:
        """All answers, in milliseconds."""
        return Spread.of(one * 1000 for durations in self.durations.values() for one in durations)

    def route(self, name: str) -> RouteFigures:
        """Answers of one route."""
        spread = Spread.of(duration * 1000 for duration in self.durations[name])
        return RouteFigures(p50_ms=spread.p50, p95_ms=spread.p95, n=spread.n, errors=self.errors[name])

    def routes(self) -> dict[str, RouteFigures]:
        """Answers by route."""
        return {name: self.route(name) for name in sorted(self.durations)}


def without_children(cores: dict[str, float], parts: Mapping[str, int]) -> dict[str, float]:
    """Take the parts out of the figure of `load`, this process, that started them."""
    own = cores["load"] - sum(cores[name] for name in parts)
    return {**cores, "load": round(max(own, 0.0), 3)}


def cells(p50: float | None, p95: float | None, n: int, errors: int) -> list[str]:
    """Figures of a row of a table."""
    return [*("" if value is None else f"{value:.0f}" for value in (p50, p95)), str(n), str(errors)]
