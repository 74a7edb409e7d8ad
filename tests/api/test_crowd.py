"""More requests at once than the API has connections to the database."""

import asyncio

from fastapi import FastAPI

from tests.api.conftest import Learner

CROWD = 40


async def test_requests_do_not_wait_for_each_other(app: FastAPI, learner: Learner) -> None:
    app.state.switchboard.forget()
    asked = [learner.client.get("/api/v1/users/me") for _ in range(CROWD)]
    assert [answer.status_code for answer in await asyncio.gather(*asked)] == [200] * CROWD
