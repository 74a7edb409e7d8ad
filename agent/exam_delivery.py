"""Delivers what moved an exam's clock; part of the shipper.

The API may have noted by itself that a worker was lost, under a number that the worker gave to something
else. Its record is the truth: what is missing from it is sent again under the next free number.
"""

from collections.abc import Callable
from uuid import UUID

from agent.api_client import AgentApi
from agent.event_delivery import deliver
from agent.outbox import ExamLine, OpenedLine, Segment
from api.contract.exams import AppendExamEvents, ExamEvent
from infra import telemetry

MOST_TRIES = 5
log = telemetry.get_logger(__name__)


async def send_exam(
    api: AgentApi,
    segment: Segment,
    opened: OpenedLine,
    *,
    sent: int,
    on_sent: Callable[[int], None],
    on_refused: Callable[[ExamLine, str], None],
) -> None:
    """Send the segment's events from the `sent`th on; `on_sent` is told how many are done with.

    Raises:
        ApiUnavailableError: try again later.
        ApiRefusedError: the grant is good no more, or the call was erased.
    """

    async def send(batch: list[ExamLine]) -> None:
        await _send(api, opened, batch[0].attempt_id, [line.event for line in batch])

    await deliver(segment.exam, send, sent=sent, on_sent=on_sent, on_refused=on_refused)


async def _send(api: AgentApi, opened: OpenedLine, attempt_id: UUID, events: list[ExamEvent]) -> None:
    for _ in range(MOST_TRIES):
        body = AppendExamEvents(attempt_id=attempt_id, events=events)
        answer = await api.append_exam(opened.call_id, opened.grant, body)
        log.info(
            "exam events delivered",
            call_id=str(opened.call_id),
            added=answer.added,
            kept=answer.already_kept,
        )
        kept = {(event.kind, event.at, event.phase) for event in answer.events}
        missing = [event for event in events if (event.kind, event.at, event.phase) not in kept]
        taken = {event.number for event in answer.events}
        events = _renumbered([event for event in missing if event.number in taken], taken)
        if not events:
            return


def _renumbered(events: list[ExamEvent], taken: set[int]) -> list[ExamEvent]:
    """The same under the next free numbers. What is missing under a free number came after the end."""
    first = max(taken, default=-1) + 1
    return [event.model_copy(update={"number": first + place}) for place, event in enumerate(events)]
