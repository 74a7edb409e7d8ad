"""What `guided` knows, read from `prompts/guided/*.yaml` once a process: words, reactions, topics, questions.

Patterns in those files are regular expressions over *plain* text (see `guided_hearing.plain`): lower case, no
punctuation, contractions written out. Each stands between word boundaries.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

import prompts
from api.contract.levels import Level

Tone = Literal["neutral", "noted", "warm", "amused", "agreeing", "surprised", "mild", "grave", "fine"]
"""How an acknowledgement sounds; each tone has its own fixed openers. `noted` is `neutral` where no comment
follows, `amused` goes before a joke, `agreeing` before a general truth."""

Rung = Literal["ask", "again", "example", "choice"]
"""How a question was put: as written, in other words, with an example answer, as a choice of two."""

RUNGS: tuple[Rung, ...] = ("ask", "again", "example", "choice")
"""The rungs from hard to easy."""

LEVELS = (Level.A1, Level.A2, Level.B1, Level.B2)


def _compiles(pattern: str) -> str:
    re.compile(pattern)
    if "@" in pattern.removeprefix("@"):
        raise ValueError("@ may stand at the beginning of a pattern only")
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A content pattern between word boundaries."""
    return re.compile(rf"(?<![\w'])(?:{pattern})(?![\w'])")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Strict):
    """One reaction to an answer: when the pattern is heard, say this, then ask that.

    A pattern may begin with `@any`, `@yes`, `@no` or `@number`, alone or followed by `|` and words.
    """

    when: Pattern = Field(alias="if")
    say: str
    then: str | None = None
    tone: Tone | None = None

    @property
    def words(self) -> str:
        """The pattern without its `@` name; empty when that stands alone."""
        return self.when.partition("|")[2] if self.when.startswith("@") else self.when


class Question(_Strict):
    """One question with its easier forms and its reactions."""

    ask: str | dict[Level, str]
    again: str
    example: str
    choice: str | None = None
    hear: tuple[Rule, ...] = ()
    then: str | None = None
    follow: bool = False
    """Asked only when a reaction or another question's `then` leads to it."""
    level: Level = Level.A1
    """Lowest level at which it is asked."""
    skip: Pattern | None = None
    """Not asked when the learner has already said this."""
    about: str | None = None
    """What it is about, as in "Now a question about ...": the bridge to it from another matter."""
    negative: bool = False
    """Whether what the learner denies answers it, as in "What do you not like?"."""

    @property
    def is_open(self) -> bool:
        """Whether it asks for a thing, a place, a reason, and not for a yes or no."""
        asked = re.split(r"(?<=[.!?]) ", self.wordings()[0])[-1]
        return asked.startswith(("What", "Which", "Who", "Where", "When", "Why", "How", "Tell"))

    def wording(self, level: Level) -> str:
        """The question as put to a learner of this level: the highest variant that is not above it."""
        if isinstance(self.ask, str):
            return self.ask
        fitting = [text for rank, text in self.ask.items() if LEVELS.index(rank) <= LEVELS.index(level)]
        return fitting[-1] if fitting else next(iter(self.ask.values()))

    def wordings(self) -> tuple[str, ...]:
        """Every way of asking it plainly."""
        return (self.ask,) if isinstance(self.ask, str) else tuple(self.ask.values())


class Topic(_Strict):
    """One everyday topic: how to recognise it, enter it, and its questions in order."""

    version: int
    name: str
    words: Pattern
    wish: Pattern
    """What a learner calls it when asking for it by name."""
    enter: tuple[str, ...]
    and_you: tuple[str, ...]
    questions: dict[str, Question]


class Fact(_Strict):
    """Something a learner tells that may be spoken of later; the pattern's groups are its words.

    In the pattern `{kin}`, `{place}` ... stand for the lexicon's words of that kind.
    """

    when: Pattern = Field(alias="if")
    asked: tuple[str, ...] = ()
    """Understood only as an answer to one of these questions; anywhere when empty."""


class RecallQuestion(Question):
    """A question that looks back: `lead` brings back what was told, with the fact's words in {0} {1}."""

    needs: str | None = None
    lead: str = ""


class Recall(_Strict):
    """The content of `prompts/guided/recall.yaml`."""

    version: int
    facts: dict[str, Fact]
    questions: dict[str, RecallQuestion]


class Asked(_Strict):
    """One kind of question that learners put to the coach, and its answers."""

    when: Pattern = Field(alias="if")
    say: tuple[str, ...]


class Shape(_Strict):
    """A sentence of the learner's that can safely be said back."""

    when: Pattern = Field(alias="if")
    say: str
    tone: Tone | None = None


class Kind(_Strict):
    """A family of words (foods, kin, jobs ...) that may be echoed."""

    words: str
    say: tuple[str, ...] = ()
    negated: bool = True
    """Whether the echo may follow a negated sentence; False keeps it out."""


class Greetings(_Strict):
    """First words of a call."""

    first: tuple[str, ...]
    first_short: tuple[str, ...]
    returning: tuple[str, ...]
    returning_short: tuple[str, ...]
    resumed: tuple[str, ...]
    remember: tuple[str, ...]
    hello: dict[str, str]
    start: tuple[str, ...]


class Manners(_Strict):
    """The content of `prompts/guided/dialogue.yaml`."""

    version: int
    openers: dict[Tone, tuple[str, ...]]
    intents: dict[str, Pattern]
    tones: dict[str, Pattern]
    lines: dict[str, tuple[str, ...]]
    asked: tuple[Asked, ...]
    shapes: tuple[Shape, ...]
    feelings: dict[str, tuple[str, ...]]
    bare: Pattern
    """An answer that says nothing to a question for a thing, a place or a reason."""
    denial: str
    """Regular expression over the words before a match: it ends in a word that denies the match."""
    prefixes: tuple[str, ...]
    """Words that may stand before a question as a bridge; a question is known with or without."""
    meanings: dict[str, str]
    greeting: Greetings
    goodbye: tuple[str, ...]
    plain_words: str


class Lexicon(_Strict):
    """The content of `prompts/guided/lexicon.yaml`."""

    version: int
    kinds: dict[str, Kind]
    related: dict[str, str]


TOPIC_NAMES = ("hello", "family", "food", "day", "free_time", "travel")
"""Topic files; `hello` is the small talk that a call begins with."""


class Content:
    """Everything `guided` says and knows, ready for use."""

    def __init__(self) -> None:
        files = [
            prompts.load("guided/dialogue"),
            prompts.load("guided/lexicon"),
            prompts.load("guided/recall"),
            prompts.load("guided/recasts"),
        ]
        topics = {name: prompts.load(f"guided/{name}") for name in TOPIC_NAMES}
        self.manners = files[0].parse(Manners)
        self.lexicon = files[1].parse(Lexicon)
        self.recall = files[2].parse(Recall)
        self.topics = {name: file.parse(Topic) for name, file in topics.items()}
        self.hashes = tuple(file.hash for file in (*files, *topics.values()))
        self.questions = dict(self._numbered())
        self.topic_of = {key: key.split(".", 1)[0] for key in self.questions}
        self._check()

    def _numbered(self) -> Iterator[tuple[str, Question]]:
        for name, topic in self.topics.items():
            for key, question in topic.questions.items():
                yield f"{name}.{key}", question
        for key, question in self.recall.questions.items():
            yield f"recall.{key}", question

    def topic(self, key: str | None) -> Topic:
        """The topic a question belongs to; small talk for one that belongs to none."""
        return self.topics.get(self.topic_of.get(key or "", ""), self.topics["hello"])

    def _check(self) -> None:
        for key, question in self.questions.items():
            targets = [question.then, *(rule.then for rule in question.hear)]
            for target in filter(None, targets):
                if self.resolve(key, target) not in self.questions:
                    raise prompts.PromptError(f"guided: {key} leads to unknown question {target}")
        for key, recalled in self.recall.questions.items():
            if recalled.needs and recalled.needs not in self.recall.facts:
                raise prompts.PromptError(f"guided: recall.{key} needs unknown fact {recalled.needs}")

    def resolve(self, key: str, target: str) -> str:
        """The full id of a `then`, which may leave its own topic's name out."""
        return target if "." in target else f"{self.topic_of[key]}.{target}"


@cache
def content() -> Content:
    """The one `Content` of this process."""
    return Content()
