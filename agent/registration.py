"""Telling the others that LiveKit gives jobs to this worker: the stack by a file, the API by a request."""

import asyncio
import os
from collections.abc import Callable

from agent.api_client import AgentApi, ApiRefusedError, ApiUnavailableError
from agent.settings import AgentSettings
from infra import telemetry

log = telemetry.get_logger(__name__)
PAUSES_S = (0.0, 0.5, 2.0)
"""Before each try; after the last one the API's own sweep finds the rooms that wait."""


class Registration:
    """Takes the framework's event `worker_registered`, which comes again after a lost connection."""

    def __init__(self, settings: AgentSettings, api: Callable[[], AgentApi] | None = None) -> None:
        self._settings = settings
        self._api = api or self._own_api
        self.telling: asyncio.Task[None] | None = None

    def note(self, *_: object) -> None:
        """LiveKit knows this worker now: jobs dispatched before would have been lost."""
        self._settings.registered_file.parent.mkdir(parents=True, exist_ok=True)
        self._settings.registered_file.write_text(str(os.getpid()))
        self.telling = asyncio.create_task(self.tell())

    async def tell(self) -> None:
        """Ask the API to give this worker the rooms that wait for a coach."""
        async with self._api() as api:
            for pause in PAUSES_S:
                await asyncio.sleep(pause)
                try:
                    await api.worker_ready()
                except ApiUnavailableError:
                    continue
                except ApiRefusedError as error:
                    log.warning("the API does not know this worker", status=error.status, code=error.code)
                return
        log.warning("the API was not told that this worker is ready")

    def _own_api(self) -> AgentApi:
        return AgentApi(self._settings.api_url, self._settings.agent_service_key.get_secret_value())
