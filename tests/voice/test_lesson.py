"""A lesson in a real call: chosen in the catalogue, led by the coach, shown on screen, kept by the API."""

import asyncio
import json
from typing import Any

from livekit import rtc

from api.contract.room import RPC_COMMAND, TOPIC_LESSON, TOPIC_VISUAL
from infra.bench.account import Account
from infra.bench.room_client import RoomClient
from infra.stack.embedded import RunningStack
from tests.support.lesson import until, until_async
from tests.voice.talking import ANSWER_WITHIN_S, GREETING_WITHIN_S, LONGEST_SPEECH_S

LESSON = "a1-hello-my-name"
BACK_WITHIN_S = 90.0
"""After the only worker was killed: another one has to be started."""


async def _get(account: Account, path: str) -> Any:
    return await account._send("GET", f"/api/v1{path}")


async def _caption(client: RoomClient, words: str) -> None:
    """Waits until the coach is captioned to say this."""
    said = await until(
        lambda: any(words in caption for caption in client.coach_captions()), limit=LONGEST_SPEECH_S
    )
    assert said, f"{words!r} is not in {client.coach_captions()}"


class Board:
    """What the coach shows on the learner's screen, newest last."""

    def __init__(self, client: RoomClient) -> None:
        self.lessons: list[dict[str, Any]] = []
        self.visuals: list[dict[str, Any] | None] = []
        self._tasks: set[asyncio.Task[None]] = set()
        client._room.register_text_stream_handler(TOPIC_LESSON, self._into(self.lessons))
        client._room.register_text_stream_handler(TOPIC_VISUAL, self._into(self.visuals))

    def met(self) -> list[str]:
        """Goals of the running step that are reached."""
        return [one["key"] for one in self.lessons[-1]["criteria"] if one["met"]] if self.lessons else []

    def forget(self) -> None:
        """What was shown so far is not looked at any more."""
        self.lessons.clear()
        self.visuals.clear()

    def running(self) -> str:
        """The title of the running step."""
        steps = self.lessons[-1]["steps"] if self.lessons else []
        return next((str(step["title"]) for step in steps if step["state"] == "running"), "")

    def _into(self, shown: list[Any]) -> Any:
        def handle(reader: rtc.TextStreamReader, _: str) -> None:
            async def read() -> None:
                shown.append(json.loads(await reader.read_all()))

            task = asyncio.create_task(read())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        return handle


async def test_a_lesson_is_led_shown_and_kept_and_goes_on_with_another_worker(
    account: Account, stack: RunningStack
) -> None:
    found = await _get(account, "/lessons?level=A1&limit=50")
    lesson = next(one for one in found["items"] if one["key"] == LESSON)
    await account._send("POST", f"/api/v1/lessons/{lesson['id']}/start", {})
    client = RoomClient(account)
    board = Board(client)
    try:
        await client.join()
        assert await until(lambda: board.running() == "Say hello", limit=GREETING_WITHIN_S)
        await _caption(client, "How are you today?")

        await client.type("I am fine, thank you.")
        await _caption(client, "What's your name?")
        assert board.running() == "Name and country"
        assert await until(lambda: bool(board.visuals and board.visuals[-1]), limit=ANSWER_WITHIN_S)

        await client.type("My name is Lena.")
        assert await until(lambda: board.met() == ["name"], limit=ANSWER_WITHIN_S)
        await _caption(client, "Where are you from?")

        agent = client._agent()
        assert agent is not None
        await client._room.local_participant.perform_rpc(
            destination_identity=agent.identity, method=RPC_COMMAND, payload="hint"
        )
        await _caption(client, "I am from")

        async def kept(*goals: str) -> bool:
            [attempt] = (await _get(account, "/lessons/attempts"))["items"]
            return [one["key"] for one in attempt["criteria"] if one["met"]] == list(goals)

        assert await until_async(lambda: kept("name"), limit=ANSWER_WITHIN_S), "the API knows how far it is"

        board.forget()
        stack.kill("agent")
        assert await until(lambda: bool(board.lessons), limit=BACK_WITHIN_S), "the lesson did not come back"
        assert (board.running(), board.met()) == ("Name and country", ["name"])
        assert await until(lambda: bool(board.visuals and board.visuals[-1]), limit=ANSWER_WITHIN_S)
        await client.type("I am from Spain.")
        assert await until_async(lambda: kept("name", "country"), limit=ANSWER_WITHIN_S)
    finally:
        await client.hang_up()
