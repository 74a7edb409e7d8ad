"""Delivers what happened in a call's lesson; part of the shipper."""

from collections.abc import Callable

from agent.api_client import AgentApi
from agent.event_delivery import deliver
from agent.outbox import LessonLine, OpenedLine, Segment
from api.contract.lessons import AppendLessonEvents
from infra import telemetry

log = telemetry.get_logger(__name__)


async def send_events(
    api: AgentApi,
    segment: Segment,
    opened: OpenedLine,
    *,
    sent: int,
    on_sent: Callable[[int], None],
    on_refused: Callable[[LessonLine, str], None],
) -> None:
    """Send the segment's events from the `sent`th on; `on_sent` is told how many are done with.

    Raises:
        ApiUnavailableError: try again later.
        ApiRefusedError: the grant is good no more, or the call was erased.
    """

    async def send(batch: list[LessonLine]) -> None:
        await _send(api, opened, batch, on_refused)

    await deliver(segment.lesson, send, sent=sent, on_sent=on_sent, on_refused=on_refused)


async def _send(
    api: AgentApi, opened: OpenedLine, batch: list[LessonLine], on_refused: Callable[[LessonLine, str], None]
) -> None:
    by_number = {line.event.number + opened.base: line for line in batch}
    events = [line.event.model_copy(update={"number": number}) for number, line in by_number.items()]
    body = AppendLessonEvents(attempt_id=batch[0].attempt_id, events=events)
    answer = await api.append_lesson(opened.call_id, opened.grant, body)
    for refused in answer.refused:
        if refused.number in by_number:
            on_refused(by_number[refused.number], refused.code)
    log.info(
        "lesson events delivered",
        call_id=str(opened.call_id),
        added=answer.added,
        kept=answer.already_kept,
        refused=len(answer.refused),
    )
