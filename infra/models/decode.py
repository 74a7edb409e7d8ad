"""Uploaded audio of any common format as mono 16 kHz samples."""

import io

import av
import numpy as np

from infra.models.errors import ModelsError, bad_request
from infra.models.stt import RATE, Audio


def decode(data: bytes, max_seconds: float, channel: int | None = None) -> Audio:
    """Samples of a recording; raises 400 for what is no audio and 413 for what is too long.

    `channel` takes the left (0) or right (1) side of a stereo recording; without it, and of a recording with
    one channel, all are mixed.
    """
    resampler = av.AudioResampler(format="fltp", layout="mono" if channel is None else "stereo", rate=RATE)
    parts: list[Audio] = []
    left = int(max_seconds * RATE)
    try:
        with av.open(io.BytesIO(data), "r") as file:
            if not file.streams.audio:
                raise bad_request("the upload has no audio", param="file", code="invalid_audio")
            for frame in file.decode(audio=0):
                for piece in resampler.resample(frame):
                    parts.append(piece.to_ndarray()[channel or 0])
                    left -= len(parts[-1])
                if left < 0:
                    raise ModelsError(
                        413, "audio_too_long", f"audio is limited to {max_seconds:.0f} s", param="file"
                    )
    except (av.FFmpegError, ValueError, IndexError) as error:
        raise bad_request(
            "the upload is no audio this server can read", param="file", code="invalid_audio"
        ) from error
    if not parts:
        raise bad_request("the upload has no audio", param="file", code="invalid_audio")
    return np.concatenate(parts)
