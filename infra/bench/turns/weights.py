"""`python -m infra.bench.turns.weights --data DIR`: fits the policy of calls to DIR and writes its weights.

DIR holds speakers for development. What is chosen and not fitted (costs, floors, ceilings, steepness) stays.
"""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

import agent.endpointing
from agent.endpointing import Weights
from infra.bench.turns.bench import TurnsBench
from infra.bench.turns.fitting import described, fit

FILE = Path(agent.endpointing.__file__).with_suffix(".json")


class Quiet:
    """A reporter that says nothing."""

    def begin(self, what: str, steps: int) -> None:
        """A piece of work begins."""

    def step(self) -> None:
        """A step is done."""


def main(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False)],
    home: Annotated[Path, typer.Option(envvar="AVAAZ_HOME")] = Path(".avaaz"),
) -> None:
    """Fit and write."""
    bench = TurnsBench(data, home, Quiet())
    fitted = fit(asyncio.run(bench.material()).group("learners"), Weights.shipped())
    held = json.loads(FILE.read_text("utf-8"))
    pauses = held["pauses"] | {"median_s": fitted.pause_median_s, "spread": fitted.pause_spread}
    FILE.write_text(written({**held, **described(fitted), "pauses": pauses}), "utf-8")


def written(found: dict[str, object]) -> str:
    """JSON with long rows of figures kept in one line each."""
    rows = {key: value for key, value in found.items() if key != "tone"}
    tone = json.dumps(found["tone"], separators=(",", ":"))
    return json.dumps(rows, indent=2)[:-2] + f',\n  "tone": {tone}\n}}\n'


if __name__ == "__main__":
    typer.run(main)
