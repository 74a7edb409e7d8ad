"""Delivers the outbox to the API, however late: `python -m agent.shipper`.

Outlives the jobs that write the segments. Sending twice is harmless, because the API keeps a turn once
by call and item; so what has been delivered is only noted beside each segment (`<job>.state`), and a
lost note costs one more sending. A job that died in the middle of its call is reported at once, so that
another one carries the call on. A segment is deleted when everything in it is acknowledged and its call
is closed, or its job has died and its turns are delivered. What the API refuses for good, and what is
older than seven days, goes to `dead/` under the segment's name and stays there a month for a person to
look at.
Where the API says that the call was erased, everything of it here is deleted, `dead/` included.

Recorded sound comes last and never to `dead/`: what is refused for good is deleted, and where the learner has
taken the consent back, all of it, with a note that the job finds. A store that is full or away holds up sound
alone.
"""

import asyncio
import json
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from agent import outbox
from agent.api_client import AgentApi, ApiRefusedError, ApiUnavailableError
from agent.exam_delivery import send_exam
from agent.lesson_delivery import send_events
from agent.outbox import ExamLine, LessonLine, OpenedLine, Segment, SoundBox
from agent.settings import AgentSettings
from agent.shipper_metrics import ShipperMetrics, serving
from agent.sound_delivery import BACKOFF_S, GONE, GRANT_TROUBLE, SoundDelivery
from api.contract.calls import GRANT_APPEND_DAYS, MAX_TURNS_PER_BATCH, TurnRecord
from infra import telemetry
from infra.configuration import load_or_exit, require
from infra.error_tracking import configure_error_tracking

POLL_S = 0.2
DEAD_KEPT_S = 30 * 86_400

log = telemetry.get_logger(__name__)


class ShipState(BaseModel):
    """What is known delivered of a segment."""

    opened: OpenedLine | None = None
    sent: list[str] = []
    lesson_sent: int = 0
    """How many of the lesson's events, in their order."""
    exam_sent: int = 0
    """How many of the exam's events, in their order."""
    closed: bool = False
    lost: bool = False
    """The death of the job has been reported."""


@dataclass
class _Seen:
    """In memory only: whether a segment has news, and when it may be tried again."""

    size: int = -1
    failures: int = 0
    not_before: float = 0.0
    settled: bool = False
    waits_since: float | None = None
    """When news was first seen that is not delivered yet; of the monotonic clock."""


@dataclass
class Shipper:
    """Ships all segments of a folder, each on its own: one that cannot be delivered holds up no other."""

    folder: Path
    api: AgentApi
    metrics: ShipperMetrics = field(default_factory=ShipperMetrics)
    _seen: dict[Path, _Seen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let the figures look at this shipper."""
        self._sound = SoundDelivery(self.api, self.metrics)
        self.metrics.watch(self.waiting, self.dead_letters)

    def waiting(self) -> list[float]:
        """Seconds that each segment with something undelivered has waited."""
        now = time.monotonic()
        return [now - seen.waits_since for seen in self._seen.values() if seen.waits_since is not None]

    def dead_letters(self) -> int:
        """How many segments and turns were given up."""
        return sum(1 for _ in (self.folder / "dead").glob("*"))

    async def run(self, stop: asyncio.Event) -> None:
        """Ship until told to stop."""
        self._sound.remove_orphans(self.folder)
        while not stop.is_set():
            self.remove_old_dead()
            await self.pass_once()
            try:
                async with asyncio.timeout(POLL_S):
                    await stop.wait()
            except TimeoutError:
                continue

    def remove_old_dead(self) -> None:
        """Delete dead letters that nobody looked at for a month: they hold what people said."""
        for path in (self.folder / "dead").glob("*"):
            if time.time() - path.stat().st_mtime > DEAD_KEPT_S:
                path.unlink(missing_ok=True)
                log.warning("old dead letter deleted", segment=path.stem)

    async def pass_once(self) -> None:
        """Look at every segment once and deliver what can be delivered now."""
        for path in outbox.segments(self.folder):
            seen = self._seen.setdefault(path, _Seen())
            try:
                if self._has_news(path, seen):
                    if not seen.settled or _size(path) != seen.size:
                        seen.waits_since = seen.waits_since or time.monotonic()
                    await self._ship(path, seen)
            except ApiUnavailableError as error:
                self._back_off(seen, error)
            except ApiRefusedError as error:
                if error.status == GONE:
                    self._discard(path)
                else:
                    self._bury(path, f"{error.status} {error.code}")
            except OSError as error:
                self._back_off(seen, error)

    def _has_news(self, path: Path, seen: _Seen) -> bool:
        if time.monotonic() < seen.not_before:
            return False
        if _size(path) != seen.size or not seen.settled:
            return True
        if SoundBox.beside(path).waiting():
            return self._sound.may_try(path)
        return not outbox.writer_lives(path)

    async def _ship(self, path: Path, seen: _Seen) -> None:
        size = _size(path)
        alive = outbox.writer_lives(path)
        segment = outbox.read(path)
        with telemetry.correlated(segment.call.correlation_id if segment.call else None):
            if await self._deliver(segment, alive=alive):
                seen.size, seen.settled, seen.failures, seen.waits_since = size, True, 0, None

    async def _deliver(self, segment: Segment, *, alive: bool) -> bool:
        """Send what is new; False where nothing can be sent yet, or the segment is given up."""
        path = segment.path
        state = _load_state(path)
        if self._too_old(path, alive=alive):
            self._bury(path, "older than seven days")
            return False
        state.opened = segment.opened or state.opened
        if state.opened is None and not await self._open(segment, state, alive=alive):
            return False
        await self._send_exam(segment, state)
        if not alive:
            await self._report_lost(segment, state)
        await self._send_turns(segment, state)
        await self._send_lesson(segment, state)
        await self._send_close(segment, state)
        if await self._sound.send(path, _opened(state)) and (state.closed or not alive):
            self._done(path, segment)
        return True

    async def _open(self, segment: Segment, state: ShipState, *, alive: bool) -> bool:
        """Open the call of a job that ended without having reached the API; True when turns may be sent."""
        if alive:
            return False  # the job itself still tries
        if segment.call is None or not (segment.turns or segment.lesson or segment.exam or segment.close):
            self._done(segment.path, segment)
            return False
        opened = await self.api.open_call(segment.call.open)
        state.opened = OpenedLine(call_id=opened.call_id, grant=opened.grant, base=opened.brief.next_position)
        _save_state(segment.path, state)
        return True

    async def _report_lost(self, segment: Segment, state: ShipState) -> None:
        """Before the turns: the learner waits. They are kept by the time the next job asks for them."""
        if segment.close is not None or state.lost:
            return
        opened = _opened(state)
        try:
            noted = await self.api.report_lost(opened.call_id, opened.grant)
        except ApiRefusedError as error:
            if error.status == GONE:
                raise
            log.warning("loss of a job not reported", call_id=str(opened.call_id), code=error.code)
        else:
            self.metrics.lost_jobs.inc()
            log.warning("job lost", call_id=str(opened.call_id), replaced=noted.replaced)
        state.lost = True
        _save_state(segment.path, state)

    async def _send_turns(self, segment: Segment, state: ShipState) -> None:
        known = set(state.sent)
        waiting = [turn for turn in segment.turns if turn.item_id not in known]
        for start in range(0, len(waiting), MAX_TURNS_PER_BATCH):
            batch = waiting[start : start + MAX_TURNS_PER_BATCH]
            await self._send_batch(segment, state, batch)
            state.sent.extend(turn.item_id for turn in batch)
            _save_state(segment.path, state)

    async def _send_batch(self, segment: Segment, state: ShipState, batch: list[TurnRecord]) -> None:
        opened = _opened(state)
        placed = [turn.model_copy(update={"position": turn.position + opened.base}) for turn in batch]
        try:
            answer = await self.api.append(opened.call_id, opened.grant, placed)
        except ApiRefusedError as error:
            if error.status in GRANT_TROUBLE or error.status in {404, GONE}:
                raise
            if len(batch) == 1:
                self._keep_dead(segment.path, batch[0].item_id, batch[0].model_dump_json(), error.code)
                return
            for turn in batch:
                await self._send_batch(segment, state, [turn])
            return
        self.metrics.delivered.inc(len(batch))
        log.info("turns delivered", call_id=str(opened.call_id), added=answer.added, kept=answer.already_kept)

    async def _send_lesson(self, segment: Segment, state: ShipState) -> None:
        def sent(count: int) -> None:
            state.lesson_sent = count
            _save_state(segment.path, state)

        def refused(line: LessonLine, code: str) -> None:
            self._keep_dead(segment.path, f"lesson-{line.event.number}", line.model_dump_json(), code)

        await send_events(
            self.api,
            segment,
            _opened(state),
            sent=state.lesson_sent,
            on_sent=sent,
            on_refused=refused,
        )

    async def _send_exam(self, segment: Segment, state: ShipState) -> None:
        """Before anything else: where the exam stands is asked for by whoever goes on with the call."""

        def sent(count: int) -> None:
            state.exam_sent = count
            _save_state(segment.path, state)

        def refused(line: ExamLine, code: str) -> None:
            self._keep_dead(segment.path, f"exam-{line.event.number}", line.model_dump_json(), code)

        await send_exam(
            self.api,
            segment,
            _opened(state),
            sent=state.exam_sent,
            on_sent=sent,
            on_refused=refused,
        )

    async def _send_close(self, segment: Segment, state: ShipState) -> None:
        if segment.close is None or state.closed:
            return
        opened = _opened(state)
        answer = await self.api.close(opened.call_id, opened.grant, segment.close)
        missing = [turn for turn in segment.turns if turn.item_id in set(answer.missing)]
        if missing:
            await self._send_batch(segment, state, missing)
        state.closed = True
        _save_state(segment.path, state)
        log.info("call closed", call_id=str(opened.call_id), reason=segment.close.reason)

    def _done(self, path: Path, segment: Segment) -> None:
        if segment.damaged:
            self._bury(path, f"{segment.damaged} damaged lines")
            return
        self._forget(path)
        SoundBox.beside(path).remove()
        path.unlink(missing_ok=True)

    def _discard(self, path: Path) -> None:
        """Delete all that is left of a call that was erased, whether or not its job still writes."""
        for left in (self.folder / "dead").glob(f"{path.stem}.*"):
            left.unlink(missing_ok=True)
        box = SoundBox.beside(path)
        if box.folder.exists() and outbox.writer_lives(path):
            box.mark_stopped()  # its job records on until it finds this
            box.clear()
        else:
            box.remove()
        path.unlink(missing_ok=True)
        self._forget(path)
        log.warning("segment of an erased call deleted", segment=path.stem)

    def _bury(self, path: Path, why: str) -> None:
        dead = self.folder / "dead"
        dead.mkdir(exist_ok=True)
        SoundBox.beside(path).remove()
        path.replace(dead / path.name)
        self._forget(path)
        log.error("segment kept as dead letter", segment=path.stem, why=why)

    def _keep_dead(self, path: Path, item_id: str, content: str, code: str) -> None:
        dead = self.folder / "dead"
        dead.mkdir(exist_ok=True)
        (dead / f"{path.stem}.{item_id}.json").write_text(content)
        log.error("kept as dead letter", segment=path.stem, item_id=item_id, code=code)

    def _forget(self, path: Path) -> None:
        _state_path(path).unlink(missing_ok=True)
        self._seen.pop(path, None)
        self._sound.forget(path)

    def _back_off(self, seen: _Seen, error: Exception) -> None:
        wait = BACKOFF_S[min(seen.failures, len(BACKOFF_S) - 1)]
        if seen.failures == 0:
            log.warning("delivery waits", error=str(error))
        seen.failures += 1
        self.metrics.failures.inc()
        seen.not_before = time.monotonic() + wait

    def _too_old(self, path: Path, *, alive: bool) -> bool:
        return not alive and time.time() - path.stat().st_mtime > GRANT_APPEND_DAYS * 86_400


def _size(path: Path) -> int:
    return path.stat().st_size


def _opened(state: ShipState) -> OpenedLine:
    if state.opened is None:
        raise RuntimeError("the call of this segment has not been opened")
    return state.opened


def _state_path(path: Path) -> Path:
    return path.with_suffix(".state")


def _load_state(path: Path) -> ShipState:
    try:
        return ShipState.model_validate(json.loads(_state_path(path).read_bytes()))
    except (OSError, ValueError):
        return ShipState()


def _save_state(path: Path, state: ShipState) -> None:
    draft = path.with_suffix(".state.new")
    draft.write_text(state.model_dump_json())
    draft.replace(_state_path(path))


async def serve(settings: AgentSettings) -> None:
    """Ship until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AgentApi(settings.api_url, settings.agent_service_key.get_secret_value()) as api:
        shipper = Shipper(settings.outbox, api)
        async with serving(shipper.metrics, settings.agent_host, settings.shipper_metrics_port):
            log.info("shipping", folder=settings.outbox.name)
            await shipper.run(stop)


def main() -> None:
    """Entry point of `python -m agent.shipper`."""
    require(["AGENT_SERVICE_KEY"])
    settings = load_or_exit(AgentSettings)
    settings.outbox.mkdir(parents=True, exist_ok=True)
    telemetry.configure_logging("shipper", settings.log_level)
    configure_error_tracking("shipper")
    asyncio.run(serve(settings))


if __name__ == "__main__":
    main()
