"""What practising earns, as `rules.yaml` beside this file says it."""

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator


class Measure(StrEnum):
    """What a badge counts."""

    CALLS = "calls"
    """Calls in which the learner said something."""
    MINUTES = "minutes"
    LESSONS = "lessons"
    REVIEWS = "reviews"
    STREAK = "streak"
    """The longest one, in days."""
    MENDED = "mended"
    """Corrections that are remembered for weeks."""


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Points(_Rule):
    """Points for each thing."""

    minute: int = Field(ge=0)
    review: int = Field(ge=0)
    lesson: int = Field(ge=0)
    goal: int = Field(ge=0)


class Badge(_Rule):
    """A badge, and when it is earned."""

    key: Annotated[str, Field(pattern=r"^[a-z]+-[a-z0-9]+$", max_length=32)]
    measure: Measure
    at_least: int = Field(ge=1)


class Rules(_Rule):
    """All of it."""

    version: int
    weekly_goal_minutes: int = Field(ge=5, le=600)
    points: Points
    badges: list[Badge]

    @model_validator(mode="after")
    def _each_badge_once(self) -> Self:
        if len({badge.key for badge in self.badges}) < len(self.badges):
            raise ValueError("two badges have one name")
        return self


@cache
def rules() -> Rules:
    """The rules; read once."""
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    return Rules.model_validate(yaml.safe_load(text))
