"""The judge of pronunciation in its own thread, loaded when first asked, given back when idle."""

from collections.abc import Sequence

from infra.models.on_demand import OnDemand
from infra.models.pronunciation.judge import Judge
from infra.models.pronunciation.judged import Judged
from infra.models.stt import Audio
from infra.models.worker import Abort, Job, Priority

Span = tuple[float, float]


class Pronunciation:
    """What the server's handlers call, on the event loop."""

    def __init__(self, idle_s: float) -> None:
        self._judge = OnDemand("pronunciation", Judge, idle_s)

    def judge(
        self, audio: Audio, text: str, *, phones: Sequence[str] = (), spans: Sequence[Span] = ()
    ) -> Job[Judged]:
        """How `text` was said; the job fails as `Judge.judge` does."""

        def work(judge: Judge, abort: Abort) -> Judged:
            return judge.judge(audio, text, abort, phones=phones, spans=spans)

        return self._judge.submit(work, Priority.FINAL)

    @property
    def busy(self) -> bool:
        """Whether something is being judged or waits for it."""
        return self._judge.busy

    def close(self) -> None:
        """End the thread."""
        self._judge.close()
