"""The single measurements, each on a call under way. They listen to the received audio and nothing else."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from infra.bench.audio import Samples
from infra.bench.figures import Turn
from infra.bench.microphone import Spoken
from infra.bench.recordings import Utterance
from infra.bench.room_client import Caption, RoomClient

ANSWER_WITHIN_S = 8.0
GREETING_WITHIN_S = 20.0
BETWEEN_TURNS_S = 1.5
"""Silence of the coach after which its answer is taken to be over: its own pauses are shorter."""

LONGEST_ANSWER_S = 40.0
STOPPED_QUIET_S = 0.8
"""Silence that makes a stop: the coach's own pauses within speech are shorter."""

SPOKE_JUST_NOW_S = 0.25
BACKCHANNEL_WINDOW_S = 4.0
PAUSE_S = 0.35
"""Silence from which a gap in the coach's speech may be a reaction and not a pause between words."""

BARGE_IN_AFTER_S = (0.5, 1.0, 1.6, 2.4)
"""How long the coach has been speaking when the learner cuts in; the first second is among them."""

Step = Callable[[], None]


@dataclass
class CallFigures:
    """What one call gave."""

    turns: list[Turn] = field(default_factory=list)
    greeting_s: float | None = None
    caption_lags_s: list[float] = field(default_factory=list)
    interim_updates: int = 0


async def hear_greeting(client: RoomClient) -> float | None:
    """Seconds from pressing the button to the first sound; None when none came."""
    heard = await client.first_sound_after(client.pressed, limit=GREETING_WITHIN_S)
    return None if heard is None else heard - client.pressed


async def converse(
    client: RoomClient, utterances: Sequence[Utterance], figures: CallFigures, step: Step
) -> None:
    """Says each utterance once the coach has finished, and waits for the answer."""
    for utterance in utterances:
        await client.quiet(BETWEEN_TURNS_S, limit=LONGEST_ANSWER_S)
        seen = len(client.received.captions)
        spoken = await client.say(utterance.samples)
        answered = await client.first_sound_after(spoken.started, limit=ANSWER_WITHIN_S)
        figures.turns.append(Turn(spoken.started, spoken.ended, answered))
        await asyncio.sleep(PAUSE_S)
        mine = [one for one in client.received.captions[seen:] if one.identity == client.identity]
        figures.caption_lags_s += caption_lags(utterance, spoken, mine)
        figures.interim_updates += sum(not caption.final for caption in mine)
        step()


def caption_lags(utterance: Utterance, spoken: Spoken, captions: Sequence[Caption]) -> list[float]:
    """For each word of the utterance, seconds from its end to the first caption that is as long.

    Captions that were split into segments are joined in order. Words that no caption reached are left out.
    """
    reached: dict[int, float] = {}
    texts: dict[str, str] = {}
    for caption in captions:
        texts[caption.segment] = caption.text
        words = sum(len(text.split()) for text in texts.values())
        for index in range(words):
            reached.setdefault(index, caption.at)
    ends = utterance.word_ends
    return [reached[index] - (spoken.started + end) for index, end in enumerate(ends) if index in reached]


@dataclass
class BargeIns:
    """Interruptions: seconds until the coach was silent, and how often it was not."""

    stopped_s: list[float] = field(default_factory=list)
    not_stopped: int = 0
    not_speaking: int = 0
    """Tries that told nothing, because the coach was silent just then."""


async def barge_in(
    client: RoomClient, utterances: Sequence[Utterance], found: BargeIns, step: Step, *, since: float
) -> None:
    """Speaks over the coach again and again; each is answered at length, which is interrupted in turn.

    `since` is the moment after which the first long answer is expected to begin.
    """
    for index, utterance in enumerate(utterances):
        first = await client.first_sound_after(since, limit=ANSWER_WITHIN_S)
        if first is None:
            found.not_speaking += 1
            since = (await client.say(utterance.samples)).ended
            continue
        await asyncio.sleep(BARGE_IN_AFTER_S[index % len(BARGE_IN_AFTER_S)])
        since = await _interrupt(client, utterance, found)
        step()


async def _interrupt(client: RoomClient, utterance: Utterance, found: BargeIns) -> float:
    begun = asyncio.Event()
    saying = asyncio.create_task(client.say(utterance.samples, begun=begun))
    await begun.wait()
    started = time.monotonic()
    before = client.ear.sound_before(started)
    stopped = await client.stopped_after(started, limit=5.0, bridge=STOPPED_QUIET_S)
    spoken = await saying
    if before is None or started - before > SPOKE_JUST_NOW_S or stopped == started:
        found.not_speaking += 1
    elif stopped is None:
        found.not_stopped += 1
    else:
        found.stopped_s.append(stopped - started)
    return max(spoken.ended, stopped or spoken.ended)


@dataclass
class Reactions:
    """What noises over the coach's speech led to: seconds from the noise's end until it went on."""

    played: int = 0
    paused: int = 0
    goes_on_s: list[float] = field(default_factory=list)


async def backchannel(client: RoomClient, noise: Samples, found: Reactions) -> bool:
    """Plays a noise over a long answer that is under way; returns whether the same answer goes on."""
    segments = coach_segments(client)
    spoken = await client.say(noise)
    await asyncio.sleep(BACKCHANNEL_WINDOW_S)
    found.played += 1
    last = client.ear.stopped_after(spoken.started, spoken.ended + BACKCHANNEL_WINDOW_S, bridge=PAUSE_S)
    if last is None:
        found.goes_on_s.append(0.0)
        return True
    found.paused += 1
    again = client.ear.first_sound_after(max(last, spoken.started) + PAUSE_S / 2)
    if again is None or coach_segments(client) != segments:
        return False
    found.goes_on_s.append(max(0.0, again - spoken.ended))
    return True


def coach_segments(client: RoomClient) -> set[str]:
    """Segments of captions that are the coach's."""
    return {caption.segment for caption in client.received.captions if caption.identity != client.identity}
