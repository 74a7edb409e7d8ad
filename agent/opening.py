"""Opening a call with the API, while the learner already waits: in time if it can be, later if it must."""

import asyncio
from collections.abc import Callable

from agent.api_client import AgentApi, ApiUnavailableError
from api.contract.calls import CallBrief, CallOpened, LearnerBrief, Mode, OpenCall
from api.contract.levels import Level
from infra import telemetry

log = telemetry.get_logger(__name__)
_RETRY_S = (0.2, 0.4, 0.8, 1.6, 2.0)


def offline_brief() -> CallBrief:
    """What the coach goes on with while the API cannot be asked: a learner of whom nothing is known.

    `first_call` is true, because it is then not known whether this learner was told that the coach is an AI.
    """
    learner = LearnerBrief(display_name="", level=Level.A2)
    return CallBrief(learner=learner, mode=Mode.CONVERSATION, first_call=True, resumed=False)


class Opening:
    """Asks the API until it answers. `brief_within` waits for a limited time, the asking goes on behind.

    `on_opened` is called once, whenever the API has answered. A refusal is final and is raised by
    `brief_within` (`ApiRefusedError`), or handed to `on_refused` when it comes later.
    """

    def __init__(
        self,
        api: AgentApi,
        request: OpenCall,
        *,
        on_opened: Callable[[CallOpened], None],
        on_refused: Callable[[], None],
    ) -> None:
        self._api = api
        self._request = request
        self._on_opened = on_opened
        self._on_refused = on_refused
        self._task = asyncio.create_task(self._ask())

    async def brief_within(self, seconds: float) -> CallBrief | None:
        """The brief, or None when the API does not answer in time."""
        done, _ = await asyncio.wait({self._task}, timeout=seconds)
        if done:
            return self._task.result().brief
        self._task.add_done_callback(self._later)
        return None

    async def aclose(self) -> None:
        """Stop asking."""
        self._task.cancel()
        await asyncio.wait({self._task})

    async def _ask(self) -> CallOpened:
        attempt = 0
        while True:
            try:
                opened = await self._api.open_call(self._request)
            except ApiUnavailableError as error:
                log.warning("the API does not open the call yet", error=str(error))
                await asyncio.sleep(_RETRY_S[min(attempt, len(_RETRY_S) - 1)])
                attempt += 1
                continue
            self._on_opened(opened)
            return opened

    def _later(self, task: asyncio.Task[CallOpened]) -> None:
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            log.error("the API refused the call", error=str(error))
            self._on_refused()
