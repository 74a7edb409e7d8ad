"""Delivers what happened in a call's lesson; part of the shipper.

An event never holds up a turn: what the API refuses for good is left, as where a lesson was deleted
meanwhile.
"""

from collections.abc import Callable, Iterator
from itertools import groupby

from agent.api_client import AgentApi, ApiRefusedError
from agent.outbox import LessonLine, OpenedLine, Segment
from agent.sound_delivery import GONE
from api.contract.lessons import AppendLessonEvents
from infra import telemetry

MAX_EVENTS_PER_BATCH = 100
_GRANT_GONE = 401
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
    for batch in _batches(segment.lesson[sent:]):
        try:
            await _send(api, opened, batch, on_refused)
        except ApiRefusedError as error:
            if error.status in (_GRANT_GONE, GONE):
                raise
            for line in batch:
                on_refused(line, error.code)
        sent += len(batch)
        on_sent(sent)


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


def _batches(lines: list[LessonLine]) -> Iterator[list[LessonLine]]:
    for _, of_attempt in groupby(lines, key=lambda line: line.attempt_id):
        listed = list(of_attempt)
        for start in range(0, len(listed), MAX_EVENTS_PER_BATCH):
            yield listed[start : start + MAX_EVENTS_PER_BATCH]
