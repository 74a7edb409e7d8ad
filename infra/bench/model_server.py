"""The model server by itself, for what measures nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from infra.bench.models import OTHER_PARTS
from infra.bench.reporter import Reporter
from infra.stack.embedded import running_stack


@asynccontextmanager
async def model_server(reporter: Reporter, given: str | None = None) -> AsyncIterator[str]:
    """Its address; it is started and stopped unless one is given.

    Raises:
        StackError: It did not come up.
    """
    if given is not None:
        yield given
        return
    reporter.begin("starting the model server", 1)
    async with running_stack(without=OTHER_PARTS) as stack:
        reporter.step()
        yield stack.models_url
