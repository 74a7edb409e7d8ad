"""Delivers a segment's events, attempt by attempt; part of the shipper.

An event never holds up a turn: what the API refuses for good is left, as where a lesson was deleted
meanwhile.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import groupby
from typing import Final, TypeVar

from agent.api_client import ApiRefusedError
from agent.outbox import ExamLine, LessonLine
from agent.sound_delivery import GONE

MAX_EVENTS_PER_BATCH: Final = 100
_GRANT_GONE: Final = 401
EventLine = TypeVar("EventLine", LessonLine, ExamLine)


async def deliver(
    lines: Sequence[EventLine],
    send: Callable[[list[EventLine]], Awaitable[None]],
    *,
    sent: int,
    on_sent: Callable[[int], None],
    on_refused: Callable[[EventLine, str], None],
) -> None:
    """Send events from the `sent`th on, in batches of one attempt; `on_sent` is told how many are done with.

    Raises:
        ApiUnavailableError: try again later.
        ApiRefusedError: the grant is good no more, or the call was erased.
    """
    for batch in _batches(lines[sent:]):
        try:
            await send(batch)
        except ApiRefusedError as error:
            if error.status in (_GRANT_GONE, GONE):
                raise
            for line in batch:
                on_refused(line, error.code)
        sent += len(batch)
        on_sent(sent)


def _batches(lines: Sequence[EventLine]) -> Iterator[list[EventLine]]:
    for _, of_attempt in groupby(lines, key=lambda line: line.attempt_id):
        listed = list(of_attempt)
        for start in range(0, len(listed), MAX_EVENTS_PER_BATCH):
            yield listed[start : start + MAX_EVENTS_PER_BATCH]
