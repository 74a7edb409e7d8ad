"""The mock exams that we write ourselves: whole, sayable in their time, at their level, no task twice."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from api.analytics.language.levels import LEVELS, base_and_level
from api.contract.exams import Dimension, ExamContent, ExamPart, ExamTask, PartKind
from api.contract.levels import Level
from prompts import curriculum, exams
from prompts.loader import FOLDER, Prompt

PICTURES = FOLDER / "exams" / "pictures"
MOST_BYTES = 16 * 1024
WORDS_A_SECOND = 2.3
"""How fast the examiner speaks, pauses between sentences included."""
SECONDS_A_QUESTION = 20
MOST_WORDS = {Level.A2: 16, Level.B1: 22, Level.B2: 28}
"""Words of the longest sentence of a template, by the level that it leads to."""
TOO_HARD_SHARE = 0.02
"""Of the words that a list of levels knows, so many may be above the template's level."""
SAYABLE = re.compile(r"[A-Za-z ,.?!'\-:]+")
BRANDS = re.compile(
    r"\b(cambridge|ielts|toefl|toeic|pearson|pte|trinity|linguaskill|duolingo|ets|oxford|aptis|telc|goethe"
    r"|(?:a2 )?key for schools|preliminary|b2 first|fce|ket|pet for schools|british council)\b"
)
FORMATS: dict[str, list[tuple[PartKind, bool]]] = {
    "a1-a2": [
        (PartKind.INTERVIEW, False),
        (PartKind.INTERVIEW, True),
        (PartKind.LONG_TURN, True),
        (PartKind.PAIR, True),
        (PartKind.DISCUSSION, True),
    ],
    "a2-b1": [
        (PartKind.INTERVIEW, False),
        (PartKind.INTERVIEW, True),
        (PartKind.LONG_TURN, True),
        (PartKind.PAIR, True),
        (PartKind.DISCUSSION, True),
    ],
    "b1-b2": [
        (PartKind.INTERVIEW, False),
        (PartKind.INTERVIEW, True),
        (PartKind.LONG_TURN, True),
        (PartKind.DISCUSSION, True),
        (PartKind.PAIR, True),
        (PartKind.PAIR, True),
        (PartKind.DISCUSSION, True),
    ],
}


def content_of(prompt: Prompt) -> ExamContent:
    """A template's file as its model."""
    return ExamContent.model_validate(
        {name: held for name, held in prompt.content.items() if name != "version"}
    )


EXAMS = [content_of(prompt) for prompt in exams.exams()]
each_exam = pytest.mark.parametrize("exam", EXAMS, ids=[exam.key for exam in EXAMS])


def tasks_of(exam: ExamContent) -> Iterator[tuple[ExamPart, ExamTask]]:
    for part in exam.parts:
        for task in part.tasks:
            yield part, task


def words_in(lines: list[str]) -> int:
    return sum(len(line.split()) for line in lines)


def spoken_in(part: ExamPart, task: ExamTask) -> list[str]:
    """What the examiner or the other candidate may say in a part."""
    return [*task.begin, *task.questions, *task.prompts, *task.opinions, part.end]


def said_in(exam: ExamContent) -> list[str]:
    """Everything that may be said in an exam."""
    lines = [line for part, task in tasks_of(exam) for line in spoken_in(part, task)]
    return [*exam.welcome, *exam.goodbye, *lines]


def shown_in(exam: ExamContent) -> list[str]:
    """Everything that a learner may read or hear described."""
    lines = [exam.title, exam.description]
    for part, task in tasks_of(exam):
        lines += [part.title, task.title, task.topic, task.instructions, *task.points]
        lines += [text for visual in task.visuals for text in (visual.title, visual.description)]
    return lines


def pictures_of(task: ExamTask) -> list[str]:
    return [visual.picture for visual in task.visuals if visual.picture]


def test_there_are_three_templates_from_level_to_level() -> None:
    assert [(exam.key, exam.from_level, exam.target_level) for exam in EXAMS] == [
        ("a1-a2", Level.A1, Level.A2),
        ("a2-b1", Level.A2, Level.B1),
        ("b1-b2", Level.B1, Level.B2),
    ]


@each_exam
class TestATemplate:
    def test_its_parts_are_those_of_its_format(self, exam: ExamContent) -> None:
        assert [(part.kind, part.scored) for part in exam.parts] == FORMATS[exam.key]

    def test_each_part_has_a_pool(self, exam: ExamContent) -> None:
        assert all(len(part.tasks) >= 5 for part in exam.parts)

    def test_a_warm_up_is_not_judged_and_all_is_judged_somewhere(self, exam: ExamContent) -> None:
        assert all(bool(part.dimensions) == part.scored for part in exam.parts)
        assert {one for part in exam.parts for one in part.dimensions} == set(Dimension)

    def test_what_begins_a_part_can_be_said_in_its_time(self, exam: ExamContent) -> None:
        """With the welcome before the first, and with the words that end the part before each other one."""
        before = exam.welcome
        for part in exam.parts:
            for task in part.tasks:
                words = words_in(before) + words_in(task.begin)
                assert words / WORDS_A_SECOND <= part.instructions_s, (part.key, task.key)
            before = [part.end]

    def test_there_are_questions_for_all_of_the_time(self, exam: ExamContent) -> None:
        for part, task in tasks_of(exam):
            if part.kind is not PartKind.LONG_TURN:
                assert len(task.questions) * SECONDS_A_QUESTION >= part.speaking_s, (part.key, task.key)

    def test_who_speaks_alone_is_asked_nothing(self, exam: ExamContent) -> None:
        assert not [
            task.key for part, task in tasks_of(exam) if part.kind is PartKind.LONG_TURN and task.questions
        ]

    def test_who_says_nothing_is_helped_twice(self, exam: ExamContent) -> None:
        assert all(len(task.prompts) >= 2 for _, task in tasks_of(exam))

    def test_no_question_comes_twice(self, exam: ExamContent) -> None:
        asked = Counter(question for _, task in tasks_of(exam) for question in task.questions)
        assert not [question for question, times in asked.items() if times > 1]

    def test_the_other_candidate_has_opinions_and_asks_back(self, exam: ExamContent) -> None:
        """Every second time: what is said in one breath must not be a row of questions."""
        for part, task in tasks_of(exam):
            assert bool(task.opinions) == part.is_pair
            if part.is_pair:
                assert len(task.opinions) >= (4 if part.follows else 6), (part.key, task.key)
                asking = [one for one in task.opinions if one.endswith("?")]
                assert len(task.opinions) // 2 <= len(asking) < len(task.opinions), (part.key, task.key)
        said = Counter(opinion for _, task in tasks_of(exam) for opinion in task.opinions)
        assert not [opinion for opinion, times in said.items() if times > 1]

    def test_who_talks_in_a_pair_sees_what_about(self, exam: ExamContent) -> None:
        assert all(task.points or task.visuals for part, task in tasks_of(exam) if part.is_pair)

    def test_relevance_has_words(self, exam: ExamContent) -> None:
        for part, task in tasks_of(exam):
            assert 12 <= len(task.words) <= 40, (part.key, task.key)
            assert len(set(task.words)) == len(task.words), (part.key, task.key)

    def test_its_pictures_are_there_and_described(self, exam: ExamContent) -> None:
        for _, task in tasks_of(exam):
            assert set(pictures_of(task)) <= exams.pictures()
            assert all(len(visual.description.split()) >= 8 for visual in task.visuals)

    def test_it_can_be_said(self, exam: ExamContent) -> None:
        assert not [line for line in said_in(exam) if not SAYABLE.fullmatch(line)]

    def test_its_sentences_are_as_short_as_its_level(self, exam: ExamContent) -> None:
        sentences = [one for line in said_in(exam) for one in re.split(r"[.?!]+\s*", line) if one]
        assert not [one for one in sentences if len(one.split()) > MOST_WORDS[exam.target_level]]

    def test_its_words_are_of_its_level(self, exam: ExamContent) -> None:
        harder = hard_words(said_in(exam), exam.target_level)
        assert harder.total() / words_in(said_in(exam)) <= TOO_HARD_SHARE, harder

    def test_it_names_no_exam(self, exam: ExamContent) -> None:
        assert not [line for line in (*said_in(exam), *shown_in(exam)) if BRANDS.search(line.lower())]


def hard_words(lines: list[str], level: Level) -> Counter[str]:
    """The words whose easiest meaning learners meet above a level; words of no known level count as easy."""
    found: Counter[str] = Counter()
    for word in re.findall(r"[a-z]+", " ".join(lines).lower()):
        base, known = base_and_level(word)
        if known and LEVELS.index(known) > LEVELS.index(level):
            found[base] += 1
    return found


def test_only_tasks_that_go_together_share_a_picture() -> None:
    shown = [
        (name, exam.key, task.key)
        for exam in EXAMS
        for _, task in tasks_of(exam)
        for name in pictures_of(task)
    ]
    tasks_of_picture = Counter(name for name, *_ in set(shown))
    assert set(tasks_of_picture) == exams.pictures()
    assert not [name for name, times in tasks_of_picture.items() if times > 1]
    assert not exams.pictures() & curriculum.pictures()


def test_two_pictures_are_compared_on_the_way_to_b2() -> None:
    long_turns = [task for part, task in tasks_of(EXAMS[-1]) if part.kind is PartKind.LONG_TURN]
    assert all(len(pictures_of(task)) == 2 for task in long_turns)


def test_a_picture_is_read_by_its_name_alone() -> None:
    assert (exams.picture("street-market") or b"").startswith(b"<svg")
    assert exams.picture("../../curriculum/pictures/in-the-office") is None


@pytest.mark.parametrize("picture", sorted(PICTURES.glob("*.svg")), ids=lambda path: path.stem)
def test_a_picture_is_small_well_formed_and_holds_only_a_drawing(picture: Path) -> None:
    raw = picture.read_bytes()
    assert len(raw) <= MOST_BYTES
    root = ElementTree.fromstring(raw)  # noqa: S314 - our own file
    space = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{space}svg"
    assert root.get("viewBox")
    assert root.findtext(f"{space}title")
    allowed = {"svg", "title", "g", "path", "rect", "circle", "ellipse"}
    assert {one.tag.removeprefix(space) for one in root.iter()} <= allowed
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on") or "href" in name]
