"""LiveKit with real audio: one participant plays a tone, another hears it."""

import asyncio
import secrets
import time
from typing import Final

import numpy as np
from livekit import api as lkapi
from livekit import rtc

from infra.findings import Finding, failed, ok, warning

AREA: Final = "LiveKit"
WITHIN_S: Final = 15.0
_RATE: Final = 48_000
_FRAME: Final = _RATE // 100
_LOUD: Final = 2_000.0
_SLOW_MS: Final = 400.0


async def round_trip(url: str, key: str, secret: str) -> Finding:
    """Connect two participants to a room of their own and send a second of sound through it."""
    room = f"doctor-{secrets.token_hex(6)}"
    began = time.perf_counter()
    try:
        async with asyncio.timeout(WITHIN_S):
            heard_after = await _sound(
                url, [_token(room, name, key, secret) for name in ("speaker", "listener")]
            )
    except rtc.ConnectError as error:
        mend = "Check LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET, and that the server runs."
        return failed(AREA, "audio", f"The room cannot be entered: {error}", mend)
    except TimeoutError:
        mend = "Open the media ports (LIVEKIT_UDP_PORTS, LIVEKIT_TCP_PORT, TURN) in the firewall."
        return failed(AREA, "audio", f"No sound came through within {WITHIN_S:.0f} s.", mend)
    finally:
        await _clear(url, key, secret, room)
    figures = {
        "heard_after_ms": round(heard_after * 1000),
        "whole_ms": round((time.perf_counter() - began) * 1000),
    }
    if heard_after * 1000 > _SLOW_MS:
        said = f"Sound comes through after {heard_after * 1000:.0f} ms."
        return warning(AREA, "audio", said, "Is the server far away, or this machine busy?")
    return ok(AREA, "audio", "Sound comes through.", **figures)


def _token(room: str, identity: str, key: str, secret: str) -> str:
    grants = lkapi.VideoGrants(room_join=True, room=room)
    return lkapi.AccessToken(key, secret).with_identity(identity).with_grants(grants).to_jwt()


async def _sound(url: str, tokens: list[str]) -> float:
    speaker, listener = rtc.Room(), rtc.Room()
    heard: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    tasks: set[asyncio.Task[None]] = set()

    @listener.on("track_subscribed")
    def _(track: rtc.Track, *_: object) -> None:
        tasks.add(asyncio.create_task(_listen(track, heard)))

    source = rtc.AudioSource(_RATE, 1, queue_size_ms=20)
    try:
        await listener.connect(url, tokens[1])
        await speaker.connect(url, tokens[0])
        track = rtc.LocalAudioTrack.create_audio_track("tone", source)
        await speaker.local_participant.publish_track(track)
        return await _play_until(source, heard)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(speaker.disconnect(), listener.disconnect(), return_exceptions=True)
        await source.aclose()


async def _play_until(source: rtc.AudioSource, heard: asyncio.Future[float]) -> float:
    """Half a second of tone after half a second of silence, again and again: seconds until it is heard."""
    phase = 2 * np.pi * 440 * np.arange(_FRAME) / _RATE
    tone = (8_000 * np.sin(phase)).astype("<i2").tobytes()
    number, began = 0, 0.0
    while not heard.done():
        loud = number % 100 >= 50
        if number % 100 == 50:
            began = time.perf_counter()
        await source.capture_frame(rtc.AudioFrame(tone if loud else bytes(2 * _FRAME), _RATE, 1, _FRAME))
        number += 1
    return max(0.0, heard.result() - began)


async def _listen(track: rtc.Track, heard: asyncio.Future[float]) -> None:
    stream = rtc.AudioStream(track)
    try:
        async for event in stream:
            samples = np.frombuffer(event.frame.data, "<i2")
            if np.abs(samples).max(initial=0) > _LOUD and not heard.done():
                heard.set_result(time.perf_counter())
                return
    finally:
        await stream.aclose()


async def _clear(url: str, key: str, secret: str, room: str) -> None:
    try:
        async with lkapi.LiveKitAPI(url, key, secret) as client:
            await client.room.delete_room(lkapi.DeleteRoomRequest(room=room))
    except (lkapi.TwirpError, OSError, TimeoutError):
        return  # an empty room ends by itself
