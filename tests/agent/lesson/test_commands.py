"""Commands: by words and by button, and never by a word in a story."""

import pytest

from agent.commands import spoken_command
from api.contract.lessons import LessonEventKind, LessonProgress
from api.contract.room import COMMANDS
from tests.agent.lesson.plans import Pupil


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Repeat, please.", "repeat"),
        ("Can you repeat that?", "repeat"),
        ("Sorry, could you say that again, please?", "repeat"),
        ("What did you say?", "repeat"),
        ("Slower, please!", "slower"),
        ("Can you speak a bit more slowly?", "slower"),
        ("You speak too fast.", "slower"),
        ("Please slow down.", "slower"),
        ("A hint, please.", "hint"),
        ("Can I have a hint?", "hint"),
        ("Help me, please.", "hint"),
        ("What can I say?", "hint"),
        ("Skip this step.", "skip"),
        ("Can we skip it?", "skip"),
        ("Let's move on.", "skip"),
        ("Stop the lesson.", "stop"),
        ("I want to stop the lesson now.", "stop"),
        ("Stop.", "stop"),
    ],
)
def test_it_is_heard(text: str, command: str) -> None:
    assert spoken_command(text) == command


@pytest.mark.parametrize(
    "text",
    [
        "The bus was slower than the train.",
        "I speak slowly when I am tired.",
        "He gave me a hint about the present.",
        "I want to skip breakfast tomorrow.",
        "We stopped at the shop.",
        "I repeat the words every evening.",
        "My teacher helps me with my homework.",
        "Next week I go to Lima.",
        "The lesson at school was boring.",
        "Again and again he called me.",
        "Help is important for old people.",
    ],
)
def test_a_story_is_none(text: str) -> None:
    assert spoken_command(text) is None


def test_in_a_role_help_is_asked_of_somebody_else() -> None:
    assert spoken_command("Can you help me, please?", in_role=True) is None
    assert spoken_command("Give me a hint.", in_role=True) == "hint"


def test_repeat_says_the_same_again() -> None:
    pupil = Pupil()
    before = pupil.coach[-1]
    assert pupil.say("Can you repeat that, please?") == before
    assert pupil.press("repeat") == before
    assert pupil.lesson.state.turns == ()


def test_slower_is_easier_and_counts() -> None:
    pupil = Pupil()
    assert pupil.say("Slower, please.").endswith("Easier: What do you drink in the morning?")
    assert pupil.lesson.state.slowed == 1
    assert pupil.moves[-1].happened[0].kind is LessonEventKind.SLOWED


def test_hints_climb() -> None:
    pupil = Pupil()
    said = [pupil.press("hint") for _ in range(4)]
    assert said[0].endswith("Nudge for: What do you drink in the morning?")
    assert said[1].endswith("I like green tea very much.")
    assert said[2].endswith("Easier: What do you drink in the morning?")
    assert said[3].endswith("I like green tea very much.")
    hints = [one for one in pupil.happened if one.kind is LessonEventKind.HINT_GIVEN]
    assert [one.reason for one in hints] == ["nudge: asked for", "model: asked for", "easier: asked for"]


def test_skip_leaves_the_step() -> None:
    pupil = Pupil()
    assert pupil.say("Skip this, please.").endswith("Good morning. Can I help you?")
    assert pupil.lesson.state.skipped == ("start",)
    happened = [one.kind for one in pupil.happened]
    assert LessonEventKind.STEP_SKIPPED in happened
    assert LessonEventKind.STEP_FINISHED not in happened


def test_skipping_everything_ends_the_lesson() -> None:
    pupil = Pupil()
    for _ in range(3):
        pupil.press("skip")
    assert pupil.lesson.state.ended == "completed"


def test_stop_ends_the_lesson_and_the_talk_goes_on() -> None:
    pupil = Pupil()
    assert pupil.press("stop").endswith("What would you like to talk about?")
    assert pupil.lesson.state.ended == "stopped"
    assert pupil.happened[-1].kind is LessonEventKind.STOPPED


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("progress", [LessonProgress(), LessonProgress(step=1), LessonProgress(step=2)])
def test_every_command_has_words_everywhere(command: str, progress: LessonProgress) -> None:
    assert Pupil(progress=progress).press(command)


def test_the_commands_are_brought_to_mind_seldom() -> None:
    pupil = Pupil()
    said = [pupil.say(f"I don't understand{'.' * (number + 1)}") for number in range(4)]
    reminders = [words for words in said if "hint" in words]
    assert len(reminders) == 1
    assert "hint" in said[0]
