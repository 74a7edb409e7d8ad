"""A spoken conversation: heard, captioned, and kept word for word in Postgres."""

import asyncio
import re

from infra.bench.account import Account
from infra.bench.recordings import Utterance
from infra.stack.embedded import RunningStack
from tests.support.records import stored_calls
from tests.voice.talking import ANSWER_WITHIN_S, LONGEST_SPEECH_S, calling, kept, say_and_hear


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())


async def test_three_turns_are_answered_captioned_and_kept_in_order(
    stack: RunningStack, account: Account, voices: list[Utterance]
) -> None:
    spoken = voices[:3]
    async with calling(account) as client:
        for utterance in spoken:
            began = await say_and_hear(client, utterance)
            assert client.ear.sounding_share(began, began + 0.5) > 0.2
        mine = client.final_captions(client.identity)
        theirs = client.coach_captions()
        interim = [
            one for one in client.received.captions if one.identity == client.identity and not one.final
        ]
    assert len(mine) >= 3
    assert len(theirs) >= 4
    assert interim, "the learner's words were never shown while they were spoken"

    turns = await kept(stack, account)
    assert [turn.position for turn in turns] == sorted({turn.position for turn in turns})
    assert len({turn.item_id for turn in turns}) == len(turns)
    learner = [turn for turn in turns if turn.role == "learner"]
    coach = [turn for turn in turns if turn.role == "coach"]
    assert turns[0].role == "coach"
    assert len(learner) >= 3
    assert len(coach) >= 4
    for turn in learner:
        assert turn.input_kind == "voice"
        assert turn.words, "words without times"
        assert all(word["start"] <= word["end"] and 0 <= word["confidence"] <= 1 for word in turn.words)
        assert turn.timings.get("end_of_turn_delay") is not None
        assert turn.timings.get("transcription_delay") is not None
    for turn in coach:
        assert turn.prompt_hash
        assert turn.text.strip()
    answers = [turn for turn in coach if turn.llm == "guided"]
    assert len(answers) >= 3
    assert any(turn.timings.get("tts_first_byte") is not None for turn in answers)
    heard = {word for turn in learner for word in words_of(turn.text)}
    meant = {word for utterance in spoken for word in words_of(utterance.text)}
    assert len(heard & meant) >= len(meant) * 0.7

    session = await account.session()
    calls = await account.calls()
    assert (session["open_call"], len(calls)) == (None, 1)
    assert [turn["item_id"] for turn in await account.turns(calls[0]["id"])] == [one.item_id for one in turns]


async def test_interrupted_words_are_kept_as_far_as_they_were_heard(
    stack: RunningStack, account: Account, voices: list[Utterance]
) -> None:
    async with Account(stack.api_url) as other:
        await other.sign_up()
        async with calling(other):
            pass
        whole = (await kept(stack, other))[0]
    async with calling(account, hear_out=False) as client:
        await asyncio.sleep(1.0)
        spoken = await client.say(voices[0].samples)
        assert await client.stopped_after(spoken.started, limit=5.0) is not None, "the coach talked on"
        assert await client.first_sound_after(spoken.ended, limit=ANSWER_WITHIN_S) is not None
        await client.quiet(1.5, limit=LONGEST_SPEECH_S)
    cut = (await kept(stack, account))[0]
    assert not whole.interrupted
    assert cut.interrupted
    assert 0 < len(words_of(cut.text)) < len(words_of(whole.text))


async def test_who_mutes_in_the_middle_of_a_sentence_is_answered(
    stack: RunningStack, account: Account, voices: list[Utterance]
) -> None:
    async with calling(account) as client:
        talking = asyncio.create_task(client.say(voices[0].samples))
        await asyncio.sleep(0.8)
        client.mute()
        await talking
        await client.quiet(1.0, limit=LONGEST_SPEECH_S)
        sent = asyncio.get_running_loop().time()
        await client.type("I have two brothers.")
        assert await client.first_sound_after(sent, limit=ANSWER_WITHIN_S) is not None


async def test_typed_and_spoken_in_one_call(
    stack: RunningStack, account: Account, voices: list[Utterance]
) -> None:
    async with calling(account) as client:
        sent = asyncio.get_running_loop().time()
        await client.type("I like green tea.")
        assert await client.first_sound_after(sent, limit=ANSWER_WITHIN_S) is not None
        await client.quiet(1.5, limit=LONGEST_SPEECH_S)
        await say_and_hear(client, voices[4])
    learner = [turn for turn in await kept(stack, account) if turn.role == "learner"]
    assert {turn.input_kind for turn in learner} == {"text", "voice"}
    assert learner[0].text == "I like green tea."


async def test_coming_back_within_the_grace_time_goes_on_in_the_same_call(
    stack: RunningStack, account: Account, voices: list[Utterance]
) -> None:
    async with calling(account) as first:
        await say_and_hear(first, voices[5])
        room = first.room_name
        await first.leave()
    await asyncio.sleep(2.0)
    async with calling(account) as second:
        assert second.room_name == room
        await say_and_hear(second, voices[6])
    turns = await kept(stack, account)
    assert len(await stored_calls(stack.database_url, account.email)) == 1
    assert len([turn for turn in turns if turn.role == "learner"]) >= 2
    assert len({turn.item_id for turn in turns}) == len(turns)


async def test_second_call_goes_on_from_the_last_turns(
    stack: RunningStack, account: Account, voices: list[Utterance]
) -> None:
    async with calling(account) as first:
        await say_and_hear(first, voices[7])
    first_turns = await kept(stack, account)
    async with calling(account) as second:
        await say_and_hear(second, voices[8])
    second_turns = await kept(stack, account)
    greeting, later = first_turns[0].text, second_turns[0].text
    assert re.search(r"\bAI\b", greeting)
    assert later != greeting
    assert len(await account.calls()) == 2
    first_items = {turn.item_id for turn in first_turns}
    assert not first_items & {turn.item_id for turn in second_turns}


async def test_ten_megabytes_of_text_are_refused_and_the_call_goes_on(
    stack: RunningStack, account: Account
) -> None:
    async with calling(account) as client:
        await client.type("x" * 10_000_000)
        assert await client.notice("message_refused", limit=20.0) is not None
        assert client.connected
        sent = asyncio.get_running_loop().time()
        await client.type("I work in an office.")
        assert await client.first_sound_after(sent, limit=ANSWER_WITHIN_S) is not None
    learner = [turn for turn in await kept(stack, account) if turn.role == "learner"]
    assert [turn.text for turn in learner] == ["I work in an office."]
