"""The microphone: paced frames, room noise, utterances one after the other."""

import asyncio

import numpy as np

from infra.bench.audio import FRAME, Pcm, Samples
from infra.bench.microphone import ROOM_NOISE, Microphone


class FakeTime:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def ones(frames: int) -> Samples:
    return np.full(FRAME * frames, 0.5, np.float32)


async def unheard(_pcm: Pcm) -> None:
    return


async def test_silence_is_the_noise_of_a_room() -> None:
    microphone = Microphone(unheard)
    heard = np.concatenate([microphone.next_frame() for _ in range(50)]) / 32_768
    level = float(np.sqrt(np.square(heard).mean()))
    assert ROOM_NOISE * 0.7 < level < ROOM_NOISE * 1.3


async def test_last_sound_is_the_last_frame_handed_over() -> None:
    clock = FakeTime()
    microphone = Microphone(unheard, clock=clock)
    saying = asyncio.create_task(microphone.say(ones(3)))
    await asyncio.sleep(0)
    levels = []
    for index in range(5):
        clock.now = index / 100
        levels.append(int(np.abs(microphone.next_frame()).max()) > 10_000)
    spoken = await saying
    assert levels == [True, True, True, False, False]
    assert (spoken.started, spoken.ended) == (0.0, 0.02)


async def test_two_utterances_do_not_overlap() -> None:
    clock = FakeTime()
    microphone = Microphone(unheard, clock=clock)
    both = [asyncio.create_task(microphone.say(ones(2))) for _ in range(2)]
    for index in range(12):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        clock.now = index / 100
        microphone.next_frame()
    first, second = await asyncio.gather(*both)
    assert first.ended < second.started


async def test_muted_microphone_sends_noise_only() -> None:
    microphone = Microphone(unheard)
    microphone.muted = True
    saying = asyncio.create_task(microphone.say(ones(2)))
    await asyncio.sleep(0)
    heard = [int(np.abs(microphone.next_frame()).max()) for _ in range(2)]
    await saying
    assert max(heard) < 328
