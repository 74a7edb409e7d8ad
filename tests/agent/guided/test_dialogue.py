"""The guided dialogue as a pure function: memory from texts, help, manners, any input."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import prompts
from agent.guided_content import content
from agent.guided_dialogue import MAX_REPLY, Dialogue, Reply
from agent.guided_memory import Utterance, sentences
from api.contract.levels import Level
from tests.agent.guided import scripted

DIALOGUE = Dialogue(Level.A2)
PET = "Do you have any animals at home?"


def talk(*texts: str, opening: str = PET) -> list[Utterance]:
    """A history from the coach's opening and what was said in turns."""
    roles = ("coach", "learner")
    return [
        Utterance("coach" if roles[place % 2] == "coach" else "learner", text)
        for place, text in enumerate((opening, *texts))
    ]


def answer(text: str, opening: str = PET) -> Reply:
    """The reply to one learner turn."""
    return DIALOGUE.reply(talk(text, opening=opening))


def test_same_history_same_reply_and_history_untouched() -> None:
    history = talk("yes i have a dog")
    before = list(history)
    assert DIALOGUE.reply(history) == DIALOGUE.reply(history) == Dialogue(Level.A2).reply(tuple(history))
    assert history == before


def test_follow_up_depends_on_the_answer() -> None:
    assert answer("i have a dog").question_id == "family.dog_walk"
    assert answer("two cats").question_id == "family.pet_name"
    assert answer("no i don't").question_id == "family.pet_want"


def test_silence_ladder_climbs_then_changes_then_waits() -> None:
    history = talk(opening="Do you live in a house or in a flat?")
    rungs: list[tuple[str | None, str | None]] = []
    for _ in range(4):
        reply = DIALOGUE.silence(history)
        rungs.append((reply.question_id, reply.rung))
        history.append(Utterance("coach", reply.text))
    first = "family.house_type"
    assert rungs[:3] == [(first, "again"), (first, "example"), (first, "choice")]
    assert rungs[3][0] != first
    assert rungs[3][1] == "ask"
    for _ in range(12):
        reply = DIALOGUE.silence(history)
        history.append(Utterance("coach", reply.text))
    assert reply.kind == "wait"
    assert reply.question_id is None


def test_interrupted_question_is_known_by_its_beginning() -> None:
    state = DIALOGUE.state([Utterance("coach", "I see. Do you have any ani")])
    assert state.current == "family.pet"
    assert DIALOGUE.state([Utterance("coach", "I see. Do")]).current is None


def test_resumed_history_without_beginning_goes_on() -> None:
    played = scripted.play(scripted.load_script(scripted.SCRIPTS / "travel.yaml"))
    for turn in (played[9], played[20], played[30]):
        tail = turn.history[-4:]
        reply = DIALOGUE.reply(tail) if turn.line.say else DIALOGUE.silence(tail)
        assert reply.text
        assert reply.rung != "ask" or reply.question_id not in DIALOGUE.state(tail).asked


def test_words_of_another_speaker_are_no_obstacle() -> None:
    reply = answer("I cook soup and bread for my dinner", opening="Tell me something about yourself!")
    assert reply.question_id
    assert reply.question_id.startswith("food.")


@pytest.mark.parametrize(
    "text", ["I have to go", "bye", "goodbye coach", "ok bye bye", "see you tomorrow", "i must go now"]
)
def test_closes_politely(text: str) -> None:
    reply = answer(text)
    assert reply.kind == "close"
    assert reply.question_id is None
    assert "?" not in reply.text


@pytest.mark.parametrize(
    "text", ["I have to go to work", "my friend said goodbye to me", "i go to bed at night"]
)
def test_does_not_close_on_an_answer(text: str) -> None:
    assert answer(text).kind == "answer"


@pytest.mark.parametrize(
    "text", ["my father died", "my sister is in hospital", "i lost my job", "my mother is very sick"]
)
def test_bad_news_gets_sympathy(text: str) -> None:
    reply = answer(text)
    assert reply.tone == "grave"
    assert reply.sentences[0] in content().manners.openers["grave"]


def test_a_sorrow_is_not_asked_about_again() -> None:
    history = talk("my dog died")
    for _ in range(10):
        reply = DIALOGUE.reply(history)
        assert "dog" not in reply.text
        assert "animal" not in reply.text
        history += [Utterance("coach", reply.text), Utterance("learner", "yes")]


@pytest.mark.parametrize("text", ["i am tired", "it is a problem for me", "i don't feel good"])
def test_hard_things_are_not_praised(text: str) -> None:
    reply = answer(text)
    assert reply.tone == "mild"
    assert reply.sentences[0] not in content().manners.openers["warm"]


def test_rudeness_meets_a_firmer_boundary_each_time() -> None:
    history = talk("you are stupid")
    first = DIALOGUE.reply(history)
    history += [Utterance("coach", first.text), Utterance("learner", "fuck you")]
    second = DIALOGUE.reply(history)
    assert first.kind == second.kind == "boundary"
    assert first.sentences[0] != second.sentences[0]
    assert second.question_id is None


def test_danger_is_met_with_care_and_no_question() -> None:
    reply = answer("i want to die")
    assert reply.kind == "care"
    assert reply.question_id is None
    assert "emergency" in reply.text


def test_topic_changes_to_the_one_wished_for() -> None:
    assert str(answer("can we talk about food").question_id).startswith("food.")
    assert not str(answer("change the topic please").question_id).startswith("family.")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("are you a robot", "AI"),
        ("what's your name?", "Avaaz"),
        ("how are you", "thank"),
        ("how old are you", "age"),
    ],
)
def test_answers_simple_questions_and_returns(asked: str, said: str) -> None:
    reply = answer(asked)
    assert said in reply.text
    assert reply.question_id == "family.pet"


def test_put_back_question_is_answered_with_the_answer_acknowledged() -> None:
    reply = answer("yes i have a cat and you")
    assert reply.intent == "answer"
    assert "Cats do what they want." in reply.text
    assert any(sentences(line)[0] in reply.text for line in content().topics["family"].and_you)


def test_more_than_forty_turns_never_run_out() -> None:
    history = talk("ok")
    keys: list[str] = []
    for _ in range(80):
        reply = DIALOGUE.reply(history)
        assert reply.question_id
        keys.append(reply.question_id)
        history += [Utterance("coach", reply.text), Utterance("learner", "ok it is like that")]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("level", list(Level))
def test_every_level_has_its_words(level: Level) -> None:
    order = list(Level)
    dialogue = Dialogue(level)
    history = talk("ok")
    for _ in range(60):
        reply = dialogue.reply(history)
        assert order.index(content().questions[str(reply.question_id)].level) <= order.index(level)
        history += [Utterance("coach", reply.text), Utterance("learner", "yes it is")]


def test_fixed_phrases_hold_every_opener() -> None:
    phrases = set(prompts.load("phrases").value("phrases"))
    manners = content().manners
    for group in (
        *manners.openers.values(),
        *manners.lines.values(),
        manners.goodbye,
        manners.greeting.start,
    ):
        for text in group:
            assert all("{" in sentence or sentence in phrases for sentence in sentences(text)), text
    assert set(prompts.load("apologies").value("phrases").values()) <= {
        text
        for text in prompts.load("apologies").value("phrases").values()
        if set(sentences(text)) <= phrases
    }


TEXTS = st.one_of(
    st.text(max_size=200),
    st.sampled_from([line.say for p in sorted(scripted.SCRIPTS.glob("*.yaml"))
                     for line in scripted.load_script(p).answers.values()]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["learner", "coach"]), TEXTS), max_size=8))
def test_any_conversation_gets_a_reply(turns: Sequence[tuple[str, str]]) -> None:
    history = [Utterance("learner" if role == "learner" else "coach", text) for role, text in turns]
    for reply in (DIALOGUE.reply(history), DIALOGUE.silence(history), DIALOGUE.close(history)):
        assert 0 < len(reply.text) <= MAX_REPLY
        assert all(reply.sentences)


def test_a_very_long_turn_is_answered() -> None:
    assert answer("i like my dog and " * 5000).text
