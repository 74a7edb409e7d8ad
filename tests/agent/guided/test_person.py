"""What makes the guided coach sound like a person: it varies, remembers, asks properly and is kind."""

from itertools import pairwise

import pytest

from agent.guided import Guided
from agent.guided_content import compiled, content
from agent.guided_course import SORROW_LATER, SORROW_OFFER
from agent.guided_dialogue import Dialogue, Reply
from agent.guided_hearing import plain
from agent.guided_memory import Utterance
from api.contract.levels import Level
from tests.agent.guided import scripted

DIALOGUE = Dialogue(Level.A2)
PATHS = sorted(scripted.SCRIPTS.glob("*.yaml"))


def hear(opening: str, *told: str) -> tuple[list[Reply], list[Utterance]]:
    """The coach's replies to these turns, and the whole conversation."""
    history = [Utterance("coach", opening)]
    replies = []
    for text in told:
        history.append(Utterance("learner", text))
        replies.append(DIALOGUE.reply(history))
        history.append(Utterance("coach", replies[-1].text))
    return replies, history


def played() -> list[list[scripted.Played]]:
    """All scripted conversations."""
    return [scripted.play(scripted.load_script(path)) for path in PATHS]


def ids(replies: list[Reply]) -> list[str]:
    """The questions put, in order."""
    return [reply.question_id or "" for reply in replies]


def test_what_was_told_comes_back_later_and_once() -> None:
    rest = ["it is like that"] * 30
    replies, _ = hear("Who do you live with?", "my sister lives in madrid", *rest)
    said = [place for place, reply in enumerate(replies) if "your sister lives in Madrid" in reply.text]
    assert len(said) == 1
    assert said[0] >= 4
    assert replies[said[0]].question_id == "recall.kin_far"


@pytest.mark.parametrize(
    "told",
    ["my sister does not live in madrid", "if my sister lives in madrid", "my sister was in madrid"],
)
def test_what_is_not_sure_is_not_remembered(told: str) -> None:
    _, history = hear("Who do you live with?", told)
    assert not DIALOGUE.state(history).facts


def test_looking_back_is_rare_and_happens() -> None:
    for conversation in played():
        turns = [
            n for n, turn in enumerate(conversation) if (turn.reply.question_id or "").startswith("recall.")
        ]
        back = [n for n in turns if "sorrow" not in str(conversation[n].reply.question_id)]
        asked = [n for n in back if conversation[n].reply.rung == "ask"]
        assert 1 <= len(asked) <= 8
        assert all(two - one >= 5 for one, two in pairwise(asked))


def test_the_name_is_used_now_and_then() -> None:
    replies, _ = hear("Good morning, Ana. How are you today?", *["it is like that"] * 24)
    named = [place for place, reply in enumerate(replies) if "Ana" in reply.text.replace(".", " ").split()]
    assert 1 <= len(named) <= 3
    assert all(two - one >= 8 for one, two in pairwise(named))


def test_a_learner_who_says_her_name_is_called_by_it() -> None:
    _, history = hear("How are you today?", "fine my name is nadia")
    assert DIALOGUE.state(history).name == "Nadia"


@pytest.mark.parametrize("bare", ["yes", "ok", "yes of course", "Maybe."])
def test_a_bare_yes_to_an_open_question_is_asked_again_once(bare: str) -> None:
    replies, _ = hear("What do you watch? What did you watch last?", bare, bare)
    assert (replies[0].question_id, replies[0].rung) == ("day.last_watch", "again")
    assert replies[1].question_id != "day.last_watch"


def test_a_bare_yes_to_a_yes_or_no_question_is_an_answer() -> None:
    replies, _ = hear("Do you have any animals at home?", "yes")
    assert replies[0].question_id == "family.pet_name"


@pytest.mark.parametrize("said", ["they are not friendly", "nobody is friendly", "they are never very nice"])
def test_what_is_denied_is_not_heard_as_said(said: str) -> None:
    replies, _ = hear("What are the people at work like?", said)
    assert "easier" not in replies[0].text
    assert replies[0].tone != "warm"


def test_an_answering_no_denies_nothing_after_it() -> None:
    replies, _ = hear("Is shopping fun for you?", "no it's boring for me")
    assert replies[0].sentences[1] == "In and out, five minutes."
    assert replies[0].sentences[0] in content().manners.openers["amused"]


def test_a_question_for_the_negative_hears_it() -> None:
    replies, _ = hear("Which food do you not like?", "i don't like onions")
    assert "leave off your plate" in replies[0].text


def test_two_things_are_both_heard() -> None:
    replies, _ = hear("What is near your home?", "a supermarket and a park")
    assert replies[0].sentences[1] == "A supermarket and a park."


def test_bad_news_opens_a_door() -> None:
    replies, _ = hear("Do you have any animals at home?", "my dog died", "yes", "he was old", "yes it is")
    assert ids(replies)[:2] == [SORROW_OFFER, "recall.sorrow_more"]
    assert replies[2].tone == "mild"
    assert "something else" in replies[2].text or "lighter" in replies[2].text
    assert "dog" not in " ".join(reply.text for reply in replies)


def test_bad_news_may_be_left_and_is_come_back_to_once() -> None:
    rest = ["it is like that"] * 20
    replies, _ = hear("Do you have any animals at home?", "my grandmother died", "no thank you", *rest)
    assert replies[1].sentences[1] == "Then let's talk about something lighter."
    assert ids(replies).count(SORROW_LATER) == 1
    assert ids(replies).index(SORROW_LATER) >= 8
    assert ids(replies).count(SORROW_OFFER) == 1


def test_a_second_sorrow_is_not_met_with_the_same_offer() -> None:
    replies, _ = hear("How are you today?", "my father died", "my mother is in hospital")
    assert replies[1].tone == "grave"
    assert replies[1].question_id != SORROW_OFFER


def test_asking_for_more_goes_on_where_the_answer_led() -> None:
    turns = [turn for conversation in played() for turn in conversation]
    more = [place for place, turn in enumerate(turns) if turn.reply.kind == "more"]
    assert more
    assert all(turns[place].reply.text.count("?") == 0 for place in more)
    replies, history = hear("How are you today?", "fine", "i worked", "i will cook", "no", "it is like that")
    history += [Utterance("coach", "I see. What do you like to do in your free time?")]
    history += [
        Utterance("learner", "football"),
        Utterance("coach", "Interesting. Tell me more about football."),
    ]
    history += [Utterance("learner", "we play on sunday")]
    assert len(replies) == 5
    assert DIALOGUE.reply(history).question_id == "free_time.sport_often"


def test_answers_have_many_shapes() -> None:
    for conversation in played():
        replies = [turn.reply for turn in conversation if turn.reply.intent == "answer"]
        shapes = {(len(r.sentences), r.source, r.rung is None) for r in replies}
        assert len(shapes) >= 5
        usual = [r for r in replies if r.source == "rule" and len(r.sentences) == 3]
        assert len(usual) <= 0.7 * len(replies)


def test_matters_of_a_topic_are_bridged() -> None:
    manners = content().manners
    bridges = [line.split("{")[0] for line in (*manners.lines["bridge"], *manners.lines["bridge_name"])]
    jumps = bridged = 0
    for turn in (turn for conversation in played() for turn in conversation):
        question = content().questions.get(turn.reply.question_id or "")
        if turn.reply.kind != "answer" or question is None or question.follow or turn.reply.rung != "ask":
            continue
        jumps += 1
        bridged += any(s.startswith((*bridges, *manners.prefixes)) for s in turn.reply.sentences[1:])
    assert jumps > 40
    assert bridged >= 0.75 * jumps


@pytest.mark.parametrize(
    "text",
    [
        "And do you eat meat?",
        "By the way, do you eat meat?",
        "True. So do you eat meat?",
        "And do you eat me",
    ],
)
def test_a_question_is_known_behind_its_bridge(text: str) -> None:
    assert DIALOGUE.state([Utterance("coach", text)]).current == "food.meat"


def test_every_tone_has_openers_and_every_bridge_fits_every_matter() -> None:
    assert all(len(openers) >= 3 for openers in content().manners.openers.values())
    for key, question in content().questions.items():
        if not question.follow and content().topic_of[key] not in ("hello", "recall"):
            assert question.about, key
            assert len(question.about.split()) <= 5
            assert plain(question.about) != plain(question.wording(Level.A1))


def test_the_first_reply_finds_everything_compiled() -> None:
    guided = Guided(level=Level.B2)
    known = compiled.cache_info().misses
    for opening, said in (
        ("Do you have any animals at home?", "yes i have a dog"),
        ("What do you usually eat for breakfast?", "my grandmother is in the hospital"),
        ("Where are you from?", "where are you from"),
        ("What time do you get up?", "bye"),
    ):
        guided.dialogue.reply([Utterance("coach", opening), Utterance("learner", said)])
    assert compiled.cache_info().misses == known


def test_every_example_is_an_answer_and_right() -> None:
    for key, question in content().questions.items():
        said = question.example.removeprefix("You can say: ")
        asked = Utterance("coach", question.wording(Level.B1))
        reply = Dialogue(Level.B1).reply([asked, Utterance("learner", said)])
        assert reply.intent == "answer" or key == SORROW_OFFER, key
        assert reply.recast is None, key


def test_opener_and_comment_do_not_begin_alike() -> None:
    for turn in (turn for conversation in played() for turn in conversation):
        if turn.reply.kind == "answer":
            one, two = (plain(sentence).split()[0] for sentence in turn.reply.sentences[:2])
            assert one != two, turn.reply


@pytest.mark.parametrize(
    ("asked", "said", "heard"),
    [
        ("Is your family big or small?", "it's not big, it's small", "can be very close"),
        ("Do you prefer coffee or tea?", "I don't drink coffee, I prefer tea", "tea person"),
        ("Do you have any animals at home?", "I don't have a dog but I have two cats", "Cats do"),
        ("Do you have any animals at home?", "I would like to have a dog", "Maybe one day."),
        ("How are you today?", "so so", "normal day"),
        ("What do you like to do in your free time?", "I don't have much time", "more hours"),
    ],
)
def test_what_was_meant_is_heard(asked: str, said: str, heard: str) -> None:
    replies, _ = hear(asked, said)
    assert heard in replies[0].text


@pytest.mark.parametrize("said", ["I love you", "you are a very good teacher thank you", "you are so nice"])
def test_praise_is_taken_kindly_and_the_talk_goes_on(said: str) -> None:
    replies, _ = hear("Do you have any animals at home?", said)
    assert (replies[0].intent, replies[0].question_id) == ("praise", "family.pet")


@pytest.mark.parametrize("said", ["I already told you", "you asked me that already"])
def test_who_has_answered_already_is_asked_something_else(said: str) -> None:
    replies, _ = hear("Do you have any animals at home?", said)
    assert replies[0].intent == "told"
    assert replies[0].question_id not in (None, "family.pet")


MORE = [
    Utterance("coach", "Interesting. What do you like to do in your free time?"),
    Utterance("learner", "football"),
    Utterance("coach", "Interesting. Tell me more about football."),
]


@pytest.mark.parametrize("said", ["", "i don't know", "i don't understand", "are you a robot"])
def test_a_question_that_was_answered_is_not_put_again(said: str) -> None:
    history = [*MORE, Utterance("learner", said)] if said else MORE
    reply = DIALOGUE.reply(history)
    assert reply.question_id not in (None, "free_time.hobby")


@pytest.mark.parametrize("said", ["can you repeat that please", "slower please"])
def test_a_wish_to_hear_more_is_repeated_as_it_was(said: str) -> None:
    assert DIALOGUE.reply([*MORE, Utterance("learner", said)]).sentences[-1] == "Tell me more about football."
