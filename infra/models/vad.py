"""Voice activity in windows of 32 ms (Silero), and the cutting of recordings at pauses."""

import threading
from dataclasses import dataclass, field

import numpy as np
import onnxruntime as ort

from infra.models.stt import RATE, Audio, session_options
from infra.models.weights import verified

WINDOW = 512
_CONTEXT = 64
"""Samples of the window before that Silero wants in front of each window, at 16 kHz."""
START_PROBABILITY, KEEP_PROBABILITY = 0.5, 0.35
_START_WINDOWS = 2
_LEAD_WINDOWS = 10
MIN_VOICED_WINDOWS = 5
"""Under 160 ms of voice is a click or a breath, to which the recognizer says 'You'."""


_sessions = threading.local()


def _session() -> ort.InferenceSession:
    """The model, loaded once a thread: it keeps no state between runs, so streams of a thread share it."""
    if not hasattr(_sessions, "silero"):
        path = verified("livekit.plugins.silero", "resources/silero_vad.onnx")
        _sessions.silero = ort.InferenceSession(
            str(path), session_options(), providers=["CPUExecutionProvider"]
        )
    session: ort.InferenceSession = _sessions.silero
    return session


class Detector:
    """One stream's detector: the recurrent state and the end of the window before."""

    def __init__(self) -> None:
        self._state = np.zeros((2, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)
        self._rate = np.array(RATE, np.int64)

    def probability(self, window: Audio) -> float:
        """Probability that 512 samples hold voice."""
        samples = np.concatenate([self._context, window])[np.newaxis]
        feed = {"input": samples, "state": self._state, "sr": self._rate}
        probability, self._state = _session().run(None, feed)
        self._context = window[-_CONTEXT:]
        return float(probability[0, 0])


@dataclass(slots=True)
class Stretch:
    """Windows of audio around speech, and the voiced spans in them, in samples of the stream."""

    start: int
    windows: list[Audio]
    spans: list[list[int]] = field(default_factory=list)
    voiced: int = 0

    @property
    def end(self) -> int:
        """First sample after the stretch."""
        return self.start + WINDOW * len(self.windows)

    @property
    def last_voice(self) -> int:
        """First sample after the last voiced window."""
        return self.spans[-1][1]

    @property
    def quiet_ms(self) -> int:
        """Silence at the end of the stretch."""
        return (self.end - self.last_voice) * 1000 // RATE

    @property
    def length_ms(self) -> int:
        """Length of the whole stretch."""
        return len(self.windows) * WINDOW * 1000 // RATE

    @property
    def audio(self) -> Audio:
        """All samples."""
        return np.concatenate(self.windows)

    @property
    def voice(self) -> list[tuple[float, float]]:
        """Voiced spans in seconds from the start of the stretch."""
        return [((a - self.start) / RATE, (b - self.start) / RATE) for a, b in self.spans]

    def add(self, window: Audio, *, voiced: bool) -> None:
        """Append a window; a voiced one widens the last span or, after a pause, begins another."""
        at = self.end
        self.windows.append(window)
        if not voiced:
            return
        self.voiced += 1
        if self.spans and at - self.spans[-1][1] <= 2 * WINDOW:
            self.spans[-1][1] = at + WINDOW
        else:
            self.spans.append([at, at + WINDOW])

    def split(self, keep: int) -> "Stretch":
        """Keep the first windows and give the rest as a stretch of its own."""
        rest = Stretch(self.start + keep * WINDOW, self.windows[keep:])
        del self.windows[keep:]
        rest.spans = [[max(a, rest.start), b] for a, b in self.spans if b > rest.start]
        self.spans = [[a, min(b, self.end)] for a, b in self.spans if a < self.end]
        rest.voiced = sum(b - a for a, b in rest.spans) // WINDOW
        self.voiced -= rest.voiced
        return rest

    def quietest(self, last_windows: int) -> int:
        """Number of windows before the quietest of the last ones: where to cut when no pause comes."""
        first = max(1, len(self.windows) - last_windows)
        energy = [float(np.square(window).mean()) for window in self.windows[first:]]
        return first + int(np.argmin(energy))


class Gate:
    """Finds where speech begins: two voiced windows in a row, with up to 0.3 s of what came before."""

    def __init__(self) -> None:
        self._detector = Detector()
        self._before: list[Audio] = []
        self._hot = 0

    def open(self, window: Audio, end: int) -> Stretch | None:
        """A new stretch when speech has begun with this window, which ends at sample `end`."""
        probability = self._detector.probability(window)
        self._before = [*self._before[1 - _LEAD_WINDOWS :], window]
        self._hot = self._hot + 1 if probability > START_PROBABILITY else 0
        if self._hot < _START_WINDOWS:
            return None
        stretch = Stretch(end - WINDOW * len(self._before), self._before)
        stretch.spans.append([end - WINDOW * _START_WINDOWS, end])
        stretch.voiced = _START_WINDOWS
        self.reset()
        return stretch

    def extend(self, stretch: Stretch, window: Audio) -> bool:
        """Add a window to a running stretch; says whether it was voiced."""
        voiced = self._detector.probability(window) > KEEP_PROBABILITY
        stretch.add(window, voiced=voiced)
        return voiced

    def reset(self) -> None:
        """Forget what came before, as after a stretch."""
        self._before, self._hot = [], 0


def stretches(
    audio: Audio, *, pause_ms: int = 300, comfortable_ms: int = 8_000, longest_ms: int = 14_000
) -> list[Stretch]:
    """Cut a recording at pauses into pieces the recognizer is comfortable with; silence is left out."""
    gate, found, current, position = Gate(), [], None, 0
    for at in range(0, len(audio) - WINDOW + 1, WINDOW):
        window = audio[at : at + WINDOW]
        position = at + WINDOW
        if current is None:
            current = gate.open(window, position)
            continue
        gate.extend(current, window)
        if current.quiet_ms >= 1_000 or (
            current.quiet_ms >= pause_ms and current.length_ms >= comfortable_ms
        ):
            found.append(current)
            current = None
        elif current.length_ms >= longest_ms:
            rest = current.split(current.quietest(45))
            found.append(current)
            current = rest if rest.spans else None
    return [
        stretch
        for stretch in [*found, *([current] if current else [])]
        if stretch.voiced >= MIN_VOICED_WINDOWS
    ]
