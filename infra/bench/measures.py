"""The single measurements, each on a call under way. They listen to the received audio and nothing else."""

import asyncio
import difflib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from infra.bench.audio import Samples
from infra.bench.figures import Turn
from infra.bench.microphone import Spoken
from infra.bench.recordings import Utterance
from infra.bench.room_client import Caption, RoomClient

ANSWER_WITHIN_S = 8.0
GREETING_WITHIN_S = 20.0
BETWEEN_TURNS_S = 0.6
"""Silence of a coach that listens after which its answer is over."""

LONGEST_ANSWER_S = 40.0
STOPPED_QUIET_S = 0.8
"""Silence that makes a stop: the coach's own pauses within speech are shorter."""

SPOKE_JUST_NOW_S = 0.05
TALKS_FOR_S = 0.3
MISSED_AFTER_S = 5.0
BACKCHANNEL_WINDOW_S = 3.0
PAUSE_S = 0.35
"""Silence from which a gap in the coach's speech may be a reaction and not a pause between words."""

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
        await client.listened_to(BETWEEN_TURNS_S, limit=LONGEST_ANSWER_S)
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
    """For each word of the utterance, seconds from its end to the first caption that has it in its place.

    Captions that were split into segments are joined in order. Words that were never captioned, or
    otherwise than they were spoken, are left out.
    """
    said = _bare(utterance.text)
    reached: dict[int, float] = {}
    texts: dict[str, str] = {}
    for caption in captions:
        texts[caption.segment] = caption.text
        for index in _held(said, _bare(" ".join(texts.values()))):
            reached.setdefault(index, caption.at)
    ends = utterance.word_ends
    return [reached[index] - (spoken.started + end) for index, end in enumerate(ends) if index in reached]


def _held(said: Sequence[str], shown: Sequence[str]) -> Iterator[int]:
    """Indexes of the words said that are shown, in their order."""
    for block in difflib.SequenceMatcher(None, said, shown, autojunk=False).get_matching_blocks():
        yield from range(block.a, block.a + block.size)


def _bare(text: str) -> list[str]:
    return [word.strip(".,!?;:").lower() for word in text.split()]


@dataclass
class BargeIns:
    """Interruptions of a long answer: seconds until the coach was silent, and how often it was not."""

    stopped_s: list[float] = field(default_factory=list)
    missed: int = 0
    told_nothing: int = 0
    """Tries that do not count: no long answer was under way, or the coach was silent between two words."""

    @property
    def counted(self) -> int:
        """Tries that told something."""
        return len(self.stopped_s) + self.missed


async def barge_in(
    client: RoomClient,
    tries: Iterable[tuple[Utterance, float]],
    found: BargeIns,
    step: Step,
    *,
    since: float,
    long_answer: str,
) -> None:
    """Speaks over the coach again and again; each is answered at length, which is interrupted in turn.

    Args:
        client: a call whose coach answers everything with `long_answer`.
        tries: what is said, and how many seconds after the answer's first sound.
        found: takes what each try gave.
        step: told after each try.
        since: the moment after which the first long answer is expected to begin.
        long_answer: its text, by which captions show that this answer is under way.
    """
    for utterance, after_s in tries:
        first = await client.first_sound_after(since, limit=ANSWER_WITHIN_S)
        if first is not None:
            await asyncio.sleep(max(0.0, first + after_s - time.monotonic()))
        if await client.until(lambda: talks(client, long_answer), limit=ANSWER_WITHIN_S):
            since = await _interrupt(client, utterance, found)
        else:
            found.told_nothing += 1
            since = (await client.say(utterance.samples)).ended
        step()


async def _interrupt(client: RoomClient, utterance: Utterance, found: BargeIns) -> float:
    begun = asyncio.Event()
    saying = asyncio.create_task(client.say(utterance.samples, begun=begun))
    await begun.wait()
    started = time.monotonic()
    stopped = await client.stopped_after(started, limit=MISSED_AFTER_S, bridge=STOPPED_QUIET_S)
    spoken = await saying
    if stopped is None:
        found.missed += 1
    elif stopped == started or stopped < _listened_since(client, started):
        found.told_nothing += 1
    else:
        found.stopped_s.append(stopped - started)
    return max(spoken.ended, stopped or spoken.ended)


def talks(client: RoomClient, answer: str) -> bool:
    """Whether the coach is heard just now, in the midst of this answer."""
    if client.agent_state not in (None, "speaking"):
        return False
    now = time.monotonic()
    heard = client.ear.quiet_for(now) <= SPOKE_JUST_NOW_S
    return heard and client.ear.sounding_share(now - TALKS_FOR_S, now) > 0.5 and _gives(client, answer)


def _listened_since(client: RoomClient, moment: float) -> float:
    """When the coach told, after `moment`, that it listens.

    Sound that ended before had ended by itself, in a pause between words: it says nothing of the
    interruption. `moment` where the coach told nothing.
    """
    told = (at for at, state in client.received.states if at > moment and state == "listening")
    return next(told, moment)


def _gives(client: RoomClient, answer: str) -> bool:
    """Whether the coach's newest caption is a beginning of this answer, and not yet all of it."""
    said = [one.text.split() for one in client.received.captions if one.identity != client.identity]
    words = answer.split()
    newest = said[-1] if said else []
    return 0 < len(newest) < len(words) and words[: len(newest)] == newest


@dataclass
class Reactions:
    """What noises over the coach's speech led to: seconds from the noise's end until it went on."""

    played: int = 0
    never_paused: int = 0
    never_resumed: int = 0
    resumed_s: list[float] = field(default_factory=list)


async def backchannel(client: RoomClient, noise: Samples, found: Reactions) -> bool:
    """Plays a noise over a long answer that is under way; returns whether the same answer goes on."""
    segments = coach_segments(client)
    spoken = await client.say(noise)
    await asyncio.sleep(BACKCHANNEL_WINDOW_S)
    found.played += 1
    last = client.ear.stopped_after(spoken.started, spoken.ended + BACKCHANNEL_WINDOW_S, bridge=PAUSE_S)
    if last is None:
        found.never_paused += 1
        return True
    again = client.ear.first_sound_after(max(last, spoken.started) + PAUSE_S / 2)
    if again is None or coach_segments(client) != segments:
        found.never_resumed += 1
        return False
    found.resumed_s.append(max(0.0, again - spoken.ended))
    return True


def coach_segments(client: RoomClient) -> set[str]:
    """Segments of captions that are the coach's."""
    return {caption.segment for caption in client.received.captions if caption.identity != client.identity}
