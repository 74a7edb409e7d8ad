"""A learner in a lesson, for tests that break something: speaks, listens, tells whether it goes on."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from infra.bench.account import Account
from infra.bench.audio import Samples, seconds
from infra.bench.microphone import Spoken
from infra.bench.recordings import Utterance, clear_voices
from infra.bench.room_client import Notice, RoomClient

ANSWER_WITHIN_S = 20.0
BETWEEN_TURNS_S = 0.8
LONGEST_SPEECH_S = 40.0
JUST_NOW_S = 0.1
"""Between the end of one turn and the next, in a test that does nothing else meanwhile."""
AUDIBLE_S = 0.3
"""Sound that long is speech, and not a click or the end of an older sentence."""


@dataclass(frozen=True)
class Told:
    """What the learner noticed of a fault, in seconds; None where it did not come."""

    sound: float | None
    notice: float | None
    code: str | None


class Lesson:
    """One call of one learner, with a stock of short utterances."""

    def __init__(self, client: RoomClient) -> None:
        self.client = client
        self.room = ""
        self._utterances = short_utterances()
        self._said: list[Spoken] = []
        self._typed = itertools.count(1)
        self._finished_at = float("-inf")

    @property
    def account(self) -> Account:
        """Who speaks."""
        return self.client.account

    async def begin(self) -> None:
        """Joins, and listens to the greeting to its end."""
        await self.client.join()
        self.room = self.client.room_name
        heard = await self.client.first_sound_after(self.client.pressed, limit=45.0)
        assert heard is not None, "the coach did not greet"
        await self.silence()

    async def silence(self) -> None:
        """Waits until the coach has finished, and says so; at once where that was so a moment ago."""
        if time.monotonic() - self._finished_at < JUST_NOW_S and self._still_waits():
            return
        assert await self.client.listened_to(BETWEEN_TURNS_S, limit=LONGEST_SPEECH_S), (
            "the coach does not stop"
        )
        self._finished_at = time.monotonic()

    def _still_waits(self) -> bool:
        quiet = self.client.ear.quiet_for(time.monotonic())
        return quiet >= BETWEEN_TURNS_S and self.client.agent_state in (None, "listening")

    def next_utterance(self) -> Samples:
        """Something short to say."""
        return next(self._utterances).samples

    async def say(self) -> Spoken:
        """Says something, into silence."""
        await self.silence()
        return await self._speak()

    async def _speak(self) -> Spoken:
        self._said.append(await self.client.say(self.next_utterance()))
        return self._said[-1]

    async def turn(self, *, limit: float = ANSWER_WITHIN_S) -> float:
        """A good turn: said, understood, answered aloud. Returns the seconds until the answer is heard."""
        await self.silence()
        spoken = await self._speak()
        answered = await self.client.first_sound_after(spoken.ended, limit=limit)
        assert answered is not None, "no answer was heard"
        await self.silence()
        assert self.sounded(answered) > AUDIBLE_S, "the answer was no speech"
        assert self.understood(spoken), "the learner was not understood"
        return answered - spoken.ended

    def understood(self, spoken: Spoken) -> bool:
        """Whether words of the learner were captioned since."""
        return any(
            caption.identity == self.client.identity and caption.at >= spoken.started and caption.text.strip()
            for caption in self.client.received.captions
        )

    async def recover(self, tries: int = 3) -> None:
        """A good turn once what failed works again: one or two may be lost on finding that out."""
        for _ in range(tries - 1):
            with contextlib.suppress(AssertionError):
                await self.turn(limit=5.0)
                return
        await self.turn()

    async def typed_turn(self, text: str | None = None) -> float:
        """A good turn, typed. Returns the seconds until the answer's first sound."""
        await self.silence()
        sent = time.monotonic()
        await self.client.type(text or f"I have {next(self._typed) + 1} books about history.")
        answered = await self.client.first_sound_after(sent, limit=ANSWER_WITHIN_S)
        assert answered is not None, "no answer to a typed message was heard"
        await self.silence()
        assert self.sounded(answered) > AUDIBLE_S, "the answer was no speech"
        return answered - sent

    async def told(
        self,
        since: float,
        expected: Sequence[str],
        *,
        noticed_since: float | None = None,
        limit: float = 20.0,
    ) -> Told:
        """What reached the learner: a sound after `since`, and a notice of an expected code.

        The notice may be older, if `noticed_since` says so: an answer that was started early fails early.
        """
        oldest = since if noticed_since is None else noticed_since

        def both() -> bool:
            return self.client.ear.first_sound_after(since) is not None and notice() is not None

        def notice() -> Notice | None:
            return next(
                (one for one in self.client.received.notices if one.at >= oldest and one.code in expected),
                None,
            )

        await until(both, limit=limit)
        sound, said = self.client.ear.first_sound_after(since), notice()
        return Told(
            None if sound is None else sound - since,
            None if said is None else said.at - since,
            None if said is None else said.code,
        )

    def story(self) -> str:
        """What happened in the call as the learner saw it, for a test that fails."""
        begin, client = self.client.pressed, self.client
        finals: dict[tuple[str, str], tuple[float, str]] = {}
        for caption in client.received.captions:
            name = "learner" if caption.identity == client.identity else "coach"
            finals[name, caption.segment] = (caption.at, caption.text)
        events = [(at, f"{name}: {text}") for (name, _), (at, text) in finals.items()]
        events += [(one.at, f"notice {one.code}") for one in client.received.notices]
        events += [(at, f"state {state}") for at, state in client.received.states]
        events += [(at, f"disconnected {reason}") for at, reason in client.received.disconnects]
        events += [(said.started, "speaks") for said in self._said]
        events += [(said.ended, "has spoken") for said in self._said]
        return "\n".join(f"{at - begin:7.2f} {event}" for at, event in sorted(events))

    def sounded(self, start: float) -> float:
        """Seconds of loud sound since `start`."""
        now = time.monotonic()
        return self.client.ear.sounding_share(start, now) * (now - start)

    def noticed(self, code: str, since: float) -> bool:
        """Whether a notice of this code came after `since`."""
        return any(one.code == code and one.at >= since for one in self.client.received.notices)


def short_utterances(longest: float = 2.3) -> Iterator[Utterance]:
    """Clear sentences of at most `longest` seconds, over and over."""
    return itertools.cycle([one for one in clear_voices() if seconds(one.samples) <= longest])


def line(name: str, told: Told, *, later: float = 0.0) -> str:
    """One line of the summary; `later` seconds after the moment that `told` counts from, speech had ended."""
    sound = "-" if told.sound is None else f"{told.sound - later:6.2f} s"
    notice = "shown before" if told.notice is None else f"{told.notice - later:6.2f} s ({told.code})"
    return f"{name:<42} after speech: sound {sound}   notice {notice}"


async def until(true: Callable[[], object], *, limit: float) -> bool:
    """Waits until something is true; False when `limit` seconds did not bring it."""
    end = time.monotonic() + limit
    while not true():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.02)
    return True


async def until_async(true: Callable[[], Awaitable[bool]], *, limit: float) -> bool:
    """Waits until something that must be asked for is true; False when `limit` seconds did not bring it."""
    end = time.monotonic() + limit
    while not await true():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.2)
    return True
