"""A worker's places: full means refused for another worker, and never a load that LiveKit gives no job to."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from livekit.agents import AgentServer, JobRequest

from agent.places import ENDING, Places

LIVEKIT_TARGET_LOAD = 0.7


class Request:
    """A job on offer, noting its answer."""

    def __init__(self, job_id: str, during: Any = None) -> None:
        self.id = job_id
        self.answer: dict[str, Any] | None = None
        self._during = during

    async def accept(self, **answer: Any) -> None:
        self.answer = answer
        if self._during is not None:
            await self._during()

    async def reject(self, *, terminate: bool = True) -> None:
        self.answer = {"terminate": terminate}


def worker(*job_ids: str) -> AgentServer:
    jobs = [SimpleNamespace(job=SimpleNamespace(id=job_id)) for job_id in job_ids]
    return cast("AgentServer", SimpleNamespace(active_jobs=jobs))


async def offer(places: Places, server: AgentServer, request: Request) -> None:
    await places.admit(server, cast("JobRequest", request))


@pytest.mark.parametrize("taken", range(4 + ENDING))
def test_load_stays_below_livekits_target_while_a_place_is_free(taken: int) -> None:
    assert Places(4).load(worker(*(str(n) for n in range(taken)))) < LIVEKIT_TARGET_LOAD


def test_load_is_full_when_no_place_is_free() -> None:
    assert Places(4).load(worker(*(str(n) for n in range(4 + ENDING)))) == 1.0


async def test_job_is_accepted_under_a_name_of_its_own() -> None:
    request = Request("AJ_1")
    await offer(Places(1), worker(), request)
    assert request.answer == {"name": "Avaaz", "identity": "coach-AJ_1"}


async def test_full_worker_leaves_the_job_to_another() -> None:
    request = Request("AJ_9")
    await offer(Places(1), worker(*(str(n) for n in range(1 + ENDING))), request)
    assert request.answer == {"terminate": False}


async def test_jobs_that_come_together_count_before_they_run() -> None:
    places, late = Places(1), Request("late")

    async def nested(depth: int = 0) -> None:
        if depth < ENDING:
            await offer(places, worker(), Request(f"AJ_{depth}", lambda: nested(depth + 1)))
        else:
            await offer(places, worker(), late)

    first = Request("first", nested)
    await offer(places, worker(), first)
    assert late.answer == {"terminate": False}


async def test_place_is_free_again_after_the_job() -> None:
    places = Places(1)
    await offer(places, worker(), Request("AJ_1"))
    assert places.load(worker()) == 0.0
