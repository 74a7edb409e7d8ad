"""The synthesizers in order, and how one that failed comes back."""

import asyncio
from typing import Any

from livekit.agents import APIConnectOptions, tts

PROBE = "Yes."
PAUSES_S = (0.5, 1.0, 1.0, 2.0)
"""Between two questions whether a synthesizer works again; the last pause repeats."""


class Voice(tts.FallbackAdapter):
    """A fallback chain that asks a failed synthesizer by itself whether it works again.

    The stock chain asks once, with the sentence that failed, and then only when it is given another sentence,
    which it leaves to the next in the chain: after an outage one more answer would be captions only.
    """

    def __init__(self, chain: list[tts.TTS[Any]]) -> None:
        super().__init__(chain, max_retry_per_tts=0)
        self._probes: dict[tts.TTS[Any], asyncio.Task[None]] = {}
        self.on("tts_availability_changed", self._changed)

    async def aclose(self) -> None:
        """End the questions, and the chain."""
        for probe in self._probes.values():
            probe.cancel()
        await asyncio.gather(*self._probes.values(), return_exceptions=True)
        await super().aclose()

    def _changed(self, event: tts.AvailabilityChangedEvent) -> None:
        running = self._probes.get(event.tts)
        if not event.available and (running is None or running.done()):
            self._probes[event.tts] = asyncio.create_task(self._probe(event.tts))

    async def _probe(self, failed: tts.TTS[Any]) -> None:
        status = self._status[self._tts_instances.index(failed)]
        tries = 0
        while not status.available:
            await asyncio.sleep(PAUSES_S[min(tries, len(PAUSES_S) - 1)])
            tries += 1
            if await speaks(failed) and not status.available:
                status.available = True
                self.emit(
                    "tts_availability_changed", tts.AvailabilityChangedEvent(tts=failed, available=True)
                )


async def speaks(synthesizer: tts.TTS[Any]) -> bool:
    """Whether a synthesizer gives sound for a short word."""
    try:
        async with synthesizer.synthesize(PROBE, conn_options=APIConnectOptions(max_retry=0)) as stream:
            return sum([audio.frame.duration async for audio in stream]) > 0
    except Exception:  # whatever it is, it does not speak
        return False
