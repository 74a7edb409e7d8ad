"""The larger models, for after a turn: loaded when asked for, given back when nobody asks for a while."""

import time
from typing import Final

from infra.models import committee, stt, whisper
from infra.models.bias import Keyterm
from infra.models.committee import Committee
from infra.models.metrics import DECODES
from infra.models.on_demand import OnDemand
from infra.models.pronounce import Pronunciations
from infra.models.stt import Audio
from infra.models.words import Word
from infra.models.worker import Abort, Job

NAMES: Final = (committee.MODEL, stt.BASE.name, whisper.MODEL)
"""Models that only recordings are heard by: all together, and two of them alone, to compare."""


class SecondLook:
    """A thread of its own for the larger models; they stay for `idle_s` seconds after their last use."""

    def __init__(self, idle_s: float) -> None:
        self._members = OnDemand("second-look", lambda: Committee(Pronunciations()), idle_s)

    def hear(self, audio: Audio, keyterms: tuple[Keyterm, ...], model: str) -> Job[list[Word]]:
        """Words of an audio stretch, without times, by one of `NAMES`."""

        def work(members: Committee, abort: Abort) -> list[Word]:
            began = time.perf_counter()
            if model == whisper.MODEL:
                found = members.alone(audio)
            elif model == stt.BASE.name:
                found = members.moonshines[-1].hear(audio, abort).words
            else:
                found = members.hear(audio, keyterms, abort)
            DECODES.labels("second_look").observe(time.perf_counter() - began)
            return found

        return self._members.submit(work)

    @property
    def loaded(self) -> bool:
        """Whether the models are in memory."""
        return self._members.loaded

    def close(self) -> None:
        """End the thread."""
        self._members.close()
