"""The product's screens as a learner uses them."""

import base64
import io
import secrets

import soundfile
from playwright.async_api import Locator, Page, expect

from infra.bench.audio import RATE, Samples, to_pcm
from infra.bench.recordings import Utterance

PASSWORD = "Speak-Freely-42!"
CALL_WITHIN_MS = 60_000
ANSWER_WITHIN_MS = 30_000
SPEECH_ENDS_WITHIN_MS = 60_000
SOUND = 0.01
"""RMS from which the page's ear calls it sound."""


class Screen:
    """One learner before one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.email = f"e2e-{secrets.token_hex(8)}@example.com"

    @property
    def call_button(self) -> Locator:
        """The one large button."""
        return self.page.get_by_test_id("call-button")

    async def sign_up(self, name: str = "Anna") -> None:
        """Makes an account in the form, leaves the first questions out and arrives at the talk page."""
        await self.fill_sign_up(name)
        await self.page.get_by_test_id("begin-skip").click(timeout=15_000)
        await expect(self.call_button).to_be_visible(timeout=15_000)

    async def fill_sign_up(self, name: str = "Anna", year: str = "1990") -> None:
        """Goes to the form for a new account, fills it in and sends it."""
        await self.page.goto("/sign-up")
        await self.send_sign_up(name, year)

    async def send_sign_up(self, name: str = "Anna", year: str = "1990") -> None:
        """Fills in the form for a new account that is on screen, and sends it."""
        await self.page.get_by_label("Your name").fill(name)
        await self.page.get_by_label("E-mail").fill(self.email)
        await self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        await self.page.get_by_label("Year of birth").fill(year)
        await self.page.get_by_label("I know that I will talk with an AI").check()
        await self.page.get_by_role("button", name="Create account").click()

    async def in_call(self) -> None:
        """Waits until the call is under way and the coach there."""
        await expect(self.call_button).to_have_attribute("data-phase", "in_call", timeout=CALL_WITHIN_MS)
        state = self.page.get_by_test_id("call-state")
        await expect(state).to_have_attribute("data-presence", "present", timeout=CALL_WITHIN_MS)

    async def start_call(self) -> None:
        """Presses the button and hears the greeting to its end."""
        since = await self.now()
        await self.call_button.click()
        await self.in_call()
        await self.hears_after(since)
        await self.quiet()

    async def now(self) -> float:
        """The page's clock, ms."""
        return float(await self.page.evaluate("__ear.now()"))

    async def hears_after(self, since: float) -> float:
        """Waits for sound after `since`; returns when it began."""
        found = await self.page.wait_for_function(
            "since => __ear.firstSoundAfter(since)", arg=since, timeout=ANSWER_WITHIN_MS
        )
        return float(await found.json_value())

    async def quiet(self, milliseconds: int = 1_500) -> None:
        """Waits until nothing has been played for so long."""
        await self.page.wait_for_function(
            "ms => __ear.quietFor() > ms", arg=milliseconds, timeout=SPEECH_ENDS_WITHIN_MS
        )

    async def loudest(self, since: float) -> float:
        """Highest RMS since then."""
        return float(await self.page.evaluate("since => __ear.loudest(since)", since))

    async def say(self, utterance: Utterance) -> float:
        """Speaks into the microphone; returns when it ended on the page's clock."""
        ended = await self.page.evaluate("sound => __microphone.say(sound)", as_base64(utterance.samples))
        return float(ended)

    async def say_and_hear(self, utterance: Utterance) -> None:
        """Speaks and hears an answer to its end, louder than the silence before it."""
        before = await self.now()
        silence = await self.loudest(before - 500)
        ended = await self.say(utterance)
        await self.hears_after(ended)
        assert await self.loudest(ended) > max(SOUND, 3 * silence)
        await self.quiet()

    def captions(self, role: str) -> Locator:
        """Captions of `learner` or `coach`."""
        return self.page.get_by_test_id("captions").locator(f"li[data-role={role}]")

    async def hang_up(self) -> None:
        """Ends the call by the button and waits for the word of farewell."""
        await self.call_button.click()
        await expect(self.page.get_by_test_id("call-ended")).to_be_visible()


def as_wav(samples: Samples) -> bytes:
    """A WAV file, 48 kHz mono 16 bit."""
    file = io.BytesIO()
    soundfile.write(file, to_pcm(samples), RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def as_base64(samples: Samples) -> str:
    """A WAV file as text."""
    return base64.b64encode(as_wav(samples)).decode("ascii")
