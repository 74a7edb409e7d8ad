"""The lessons that we write ourselves: whole, fair, sayable, and enough of them at every level."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any
from xml.etree import ElementTree

import pytest
from pydantic import BaseModel, ConfigDict

from agent.guided_content import compiled
from agent.guided_hearing import plain
from agent.lesson_criteria import is_met
from api.contract.lessons import (
    Area,
    Criterion,
    Exchange,
    Key,
    LessonContent,
    Skill,
    Step,
    StepKind,
    StepMode,
    TaskKind,
)
from api.contract.levels import Level
from prompts import curriculum
from prompts.loader import FOLDER, Prompt

PICTURES = FOLDER / "curriculum" / "pictures"
MOST_BYTES = 12 * 1024
MOST_WORDS = {Level.A1: 14, Level.A2: 22, Level.B1: 30, Level.B2: 40}
"""Words of the longest sentence that a learner of the level hears or is to say."""
EVASIVE = ("yes", "no", "ok", "I don't know", "yes yes yes")
SAID = ("say", "easier", "nudge", "model", "otherwise", "meaning", "example", "description", "reflection")
"""Fields whose texts are spoken, or are to be spoken by the learner."""
SHOWN = (*SAID, "title", "topic", "goal", "text", "says", "instructions", "lines", "opinions", "coach_role")
"""Fields whose texts a learner reads or hears."""
SAYABLE = re.compile(r"[A-Za-z0-9 .,?!'\"\-:;]+")


class _Objective(BaseModel):
    model_config = ConfigDict(extra="forbid")
    key: Key
    level: Level
    skill: Skill
    text: str


class _Objectives(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: int
    objectives: list[_Objective]


def content_of(prompt: Prompt) -> LessonContent:
    """A lesson's file as its model."""
    return LessonContent.model_validate(
        {name: held for name, held in prompt.content.items() if name != "version"}
    )


LESSONS = [content_of(prompt) for prompt in curriculum.lessons()]
OBJECTIVES = {one.key: one for one in curriculum.objectives().parse(_Objectives).objectives}
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.key for lesson in LESSONS])


def exchanges_of(lesson: LessonContent) -> Iterator[tuple[Step, Exchange]]:
    for step in lesson.steps:
        for exchange in step.exchanges:
            yield step, exchange


def texts_of(held: Any, names: tuple[str, ...], name: str = "") -> Iterator[str]:
    """The texts of a lesson that stand in fields of these names."""
    if isinstance(held, str) and name in names:
        yield held
    elif isinstance(held, dict):
        for inner, value in held.items():
            yield from texts_of(value, names, inner)
    elif isinstance(held, list):
        for value in held:
            yield from texts_of(value, names, name)


def sentences_of(text: str) -> list[str]:
    return [one for one in re.split(r"[.?!:]+\s*", text) if one]


def asks(text: str) -> bool:
    return text.rstrip().endswith("?")


class TestObjectives:
    def test_there_are_three_for_each_level_and_mode(self) -> None:
        found = Counter((one.level, one.skill) for one in OBJECTIVES.values())
        assert all(found[pair] >= 3 for pair in product(Level, Skill)), found

    def test_their_keys_are_different_and_tell_the_level(self) -> None:
        listed = curriculum.objectives().parse(_Objectives).objectives
        assert len(listed) == len(OBJECTIVES)
        assert all(one.key.startswith(f"{one.level.lower()}-") for one in listed)
        assert all(one.text.startswith("Can ") for one in listed)

    def test_each_mode_of_each_level_is_taught(self) -> None:
        taught = {
            (OBJECTIVES[key].level, OBJECTIVES[key].skill) for lesson in LESSONS for key in lesson.objectives
        }
        assert taught == set(product(Level, Skill))


class TestTheWhole:
    def test_there_are_eight_lessons_a_level(self) -> None:
        found = Counter(lesson.level for lesson in LESSONS)
        assert all(found[level] >= 8 for level in Level), found

    def test_each_level_has_every_kind_of_task(self) -> None:
        assert {(lesson.level, lesson.task) for lesson in LESSONS} == set(product(Level, TaskKind))

    def test_each_level_has_two_of_each_area(self) -> None:
        found = Counter((lesson.level, lesson.area) for lesson in LESSONS)
        assert all(found[pair] >= 2 for pair in product(Level, Area)), found


@each_lesson
class TestALesson:
    def test_its_key_is_the_name_of_its_file(self, lesson: LessonContent) -> None:
        assert (FOLDER / "curriculum" / "lessons" / f"{lesson.key}.yaml").is_file()
        assert lesson.key.startswith(f"{lesson.level.lower()}-")

    def test_its_size_is_that_of_a_lesson(self, lesson: LessonContent) -> None:
        assert 5 <= len(lesson.steps) <= 8
        assert 10 <= sum(1 for _ in exchanges_of(lesson)) <= 18
        assert 6 <= len(lesson.phrases) <= 10
        assert 10 <= len(lesson.vocabulary) <= 16
        assert abs(sum(step.seconds for step in lesson.steps) - 60 * lesson.minutes) <= 60

    def test_its_steps_are_of_every_kind_alone_and_in_pairs(self, lesson: LessonContent) -> None:
        assert {step.kind for step in lesson.steps} == set(StepKind)
        assert lesson.steps[0].kind is StepKind.WARM_UP
        assert lesson.steps[-1].kind is StepKind.WRAP_UP
        assert {step.mode for step in lesson.steps} == set(StepMode)

    def test_a_partner_has_a_role_and_opinions(self, lesson: LessonContent) -> None:
        for step in lesson.steps:
            if step.mode is StepMode.PAIR:
                assert step.coach_role, step.key
                assert step.learner_role, step.key
                assert step.opinions, step.key

    def test_its_objectives_are_of_its_level(self, lesson: LessonContent) -> None:
        assert {OBJECTIVES[key].level for key in lesson.objectives} == {lesson.level}

    def test_its_pictures_are_there(self, lesson: LessonContent) -> None:
        shown = {visual.picture for visual in lesson.visuals if visual.picture}
        assert shown <= curriculum.pictures()
        assert shown or lesson.task is not TaskKind.DESCRIBE_PICTURE

    def test_its_own_examples_meet_its_criteria(self, lesson: LessonContent) -> None:
        for step in lesson.steps:
            models = [exchange.model for exchange in step.exchanges]
            missed = [one.key for one in step.criteria if not is_met(one, models)]
            assert not missed, step.key

    def test_no_criterion_is_met_by_an_evasive_answer(self, lesson: LessonContent) -> None:
        def evaded(step: Step, criterion: Criterion) -> list[str]:
            return [said for said in EVASIVE if is_met(criterion, [said] * len(step.exchanges))]

        for step in lesson.steps:
            for criterion in step.criteria:
                assert not evaded(step, criterion), criterion.key

    def test_no_reaction_is_to_the_question_said_back(self, lesson: LessonContent) -> None:
        for step, exchange in exchanges_of(lesson):
            hit = [one.when for one in exchange.hear if compiled(one.when).search(plain(exchange.say))]
            assert not hit, f"{step.key}: {exchange.say}"

    def test_its_own_examples_are_reacted_to(self, lesson: LessonContent) -> None:
        """Where an exchange listens at all; a long turn is answered by `otherwise` as well."""
        for step, exchange in exchanges_of(lesson):
            if exchange.hear and exchange.wants in ("fact", "reason", "choice", "question", "yes_no"):
                said = plain(exchange.model)
                heard = any(compiled(one.when).search(said) for one in exchange.hear)
                assert heard or step.kind in (StepKind.PRESENT, StepKind.WRAP_UP), exchange.model

    def test_what_acknowledges_asks_nothing(self, lesson: LessonContent) -> None:
        for step, exchange in exchanges_of(lesson):
            replies = [exchange.otherwise, *(one.say for one in exchange.hear)]
            assert not [reply for reply in replies if asks(reply)], step.key

    def test_it_can_be_said(self, lesson: LessonContent) -> None:
        held = lesson.model_dump(mode="json", by_alias=True, exclude_none=True)
        assert not [text for text in texts_of(held, SHOWN) if not SAYABLE.fullmatch(text)]
        assert not [text for text in texts_of(held, SAID) if re.search(r"\d", text)]

    def test_its_sentences_are_as_short_as_its_level(self, lesson: LessonContent) -> None:
        held = lesson.model_dump(mode="json", by_alias=True, exclude_none=True)
        spoken = list(texts_of(held, SAID))
        long = [
            one
            for text in spoken
            for one in sentences_of(text)
            if len(one.split()) > MOST_WORDS[lesson.level]
        ]
        assert not long

    def test_its_words_are_not_far_above_its_level(self, lesson: LessonContent) -> None:
        levels = list(Level)
        highest = min(levels.index(lesson.level) + 1, len(levels) - 1)
        above = [item.word for item in lesson.vocabulary if levels.index(item.cefr) > highest]
        assert not above


@pytest.mark.parametrize("picture", sorted(PICTURES.glob("*.svg")), ids=lambda path: path.stem)
def test_a_picture_is_small_well_formed_and_holds_only_a_drawing(picture: Any) -> None:
    raw = picture.read_bytes()
    assert len(raw) <= MOST_BYTES
    root = ElementTree.fromstring(raw)  # noqa: S314 - our own file
    space = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{space}svg"
    assert root.get("viewBox")
    assert root.findtext(f"{space}title")
    allowed = {"svg", "title", "g", "path", "rect", "circle", "ellipse", "text"}
    assert {one.tag.removeprefix(space) for one in root.iter()} <= allowed
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on") or "href" in name]


def test_there_are_pictures_enough_and_each_is_shown() -> None:
    shown = {visual.picture for lesson in LESSONS for visual in lesson.visuals if visual.picture}
    assert shown == curriculum.pictures()
    assert len(shown) >= 8
