"""Who makes a sound in an exam, how long nobody has, and how many seconds each side has spoken."""

import asyncio

WORDS_LATE_S = 1.0
"""How much later words may come than the voice that said them."""


class Silence:
    """Follows the learner's and the examiner's voice; times are of the loop's clock."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._since = self._loop.time()
        self._began: dict[str, float] = {}
        self._spoken = {"learner": 0.0, "coach": 0.0}

    def learner(self, speaking: bool) -> None:
        """The learner's voice begins or ends."""
        self._voice("learner", speaking)

    def coach(self, speaking: bool) -> None:
        """The examiner's or the other candidate's voice begins or ends."""
        self._voice("coach", speaking)

    def words(self) -> None:
        """Words of the learner's came. They may be late, or those of a voice too soft to be noticed."""
        self._since = max(self._since, self._loop.time() - WORDS_LATE_S)
        self._changed.set()

    def begin(self) -> None:
        """Silence counts from now."""
        self._since = self._loop.time()

    def stir(self) -> None:
        """Something else happened that whoever waits should look at."""
        self._changed.set()

    def coach_speaks(self) -> bool:
        """Whether the examiner or the other candidate speaks just now."""
        return "coach" in self._began

    def spoken(self, who: str) -> float:
        """Seconds that `learner` or `coach` has spoken until now."""
        began = self._began.get(who)
        return self._spoken[who] + (self._loop.time() - began if began is not None else 0.0)

    async def lasts(self, seconds: float | None) -> bool:
        """Waits until nobody has made a sound for so long, then True; False as soon as anything changes.

        None waits for a change alone.
        """
        self._changed.clear()
        if self._began or seconds is None:
            await self._changed.wait()
            return False
        left = self._since + seconds - self._loop.time()
        if left <= 0:
            return True
        try:
            async with asyncio.timeout(left):
                await self._changed.wait()
        except TimeoutError:
            return True
        return False

    def _voice(self, who: str, speaking: bool) -> None:
        now = self._loop.time()
        if speaking:
            self._began.setdefault(who, now)
        elif (began := self._began.pop(who, None)) is not None:
            self._spoken[who] += now - began
        self._since = now
        self._changed.set()
