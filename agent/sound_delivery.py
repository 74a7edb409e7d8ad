"""Delivers the recorded sound that waits beside the segments of the outbox, apart from the turns.

A store that is full or away holds up sound alone. What is refused for good is deleted; so is all of a
recording that the learner does not want any more, with a note which the job that records finds.
"""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from agent import outbox
from agent.api_client import AgentApi, ApiRefusedError, ApiUnavailableError
from agent.outbox import OpenedLine, SoundBox
from agent.shipper_metrics import ShipperMetrics
from api.contract.calls import RECORDING_STOPPED
from infra import telemetry

BACKOFF_S: Final = (0.5, 1.0, 2.0, 5.0, 10.0)
GRANT_TROUBLE: Final = frozenset({401, 403})
GONE: Final = 410
"""The call was erased; with the code `recording_stopped`, only its recording is not wanted."""
SOUND_A_PASS: Final = 4
"""Segments of one recording that are sent before other calls have their turn."""
ORPHAN_AFTER_S: Final = 3_600.0
"""Age at which sound whose segment of the outbox is gone is deleted."""

log = telemetry.get_logger(__name__)


@dataclass
class _Pause:
    failures: int = 0
    until: float = 0.0
    """Of the monotonic clock."""


@dataclass
class SoundDelivery:
    """Sends recorded sound, and remembers which recording has to wait."""

    api: AgentApi
    metrics: ShipperMetrics
    _pauses: dict[Path, _Pause] = field(default_factory=dict)

    def may_try(self, path: Path) -> bool:
        """Whether the sound beside a segment of the outbox may be tried now."""
        pause = self._pauses.get(path)
        return pause is None or time.monotonic() >= pause.until

    def forget(self, path: Path) -> None:
        """Nothing more comes beside this segment of the outbox."""
        self._pauses.pop(path, None)

    async def send(self, path: Path, opened: OpenedLine) -> bool:
        """Send some of the sound beside a segment of the outbox; True when none waits.

        Raises:
            ApiRefusedError: The call was erased, or the grant is not valid any more.
        """
        if not self.may_try(path):
            return False
        box = SoundBox.beside(path)
        if box.is_stopped():
            box.clear()
            return True
        waiting = box.waiting()
        for number, file in waiting[:SOUND_A_PASS]:
            try:
                wanted = await self._send_file(opened, number, file)
            except ApiUnavailableError as error:
                self._back_off(path, error)
                return False
            if not wanted:
                box.mark_stopped()
                box.clear()
                return True
        self._pauses.pop(path, None)
        return len(waiting) <= SOUND_A_PASS

    def remove_orphans(self, folder: Path) -> None:
        """Delete sound that belongs to no segment of the outbox any more."""
        for box in outbox.sound_boxes(folder):
            alone = not box.folder.with_suffix(outbox.SUFFIX).exists()
            if alone and time.time() - box.folder.stat().st_mtime > ORPHAN_AFTER_S:
                box.remove()

    async def _send_file(self, opened: OpenedLine, number: int, file: Path) -> bool:
        """Send a segment of a recording and delete it; False where none is wanted any more."""
        try:
            data = await asyncio.to_thread(file.read_bytes)
            await self.api.put_sound(opened.call_id, opened.grant, number, data)
        except FileNotFoundError:
            return True  # its job has deleted it: the learner stopped the recording
        except ApiRefusedError as error:
            if error.code == RECORDING_STOPPED:
                log.info("recording stopped", call_id=str(opened.call_id))
                return False
            if error.status in GRANT_TROUBLE or error.status == GONE:
                raise
            log.exception("segment of a recording refused", call_id=str(opened.call_id), number=number)
        else:
            log.info("segment of a recording delivered", call_id=str(opened.call_id), number=number)
        await asyncio.to_thread(file.unlink, missing_ok=True)
        return True

    def _back_off(self, path: Path, error: Exception) -> None:
        pause = self._pauses.setdefault(path, _Pause())
        if pause.failures == 0:
            log.warning("delivery of sound waits", error=str(error))
        pause.until = time.monotonic() + BACKOFF_S[min(pause.failures, len(BACKOFF_S) - 1)]
        pause.failures += 1
        self.metrics.failures.inc()
