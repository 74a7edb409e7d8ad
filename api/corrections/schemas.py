"""Corrections as the learner and those who look after them see them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from api.contract.corrections import CorrectionCategory, Severity


class CorrectionOut(BaseModel):
    """One slip in a turn; `start` and `end` are code points within the turn's text."""

    model_config = ConfigDict(title="TurnCorrection")

    id: UUID
    turn_id: UUID
    start: int
    end: int
    original: str
    replacement: str
    better: str
    category: CorrectionCategory
    rule: str
    explanation: str
    severity: Severity
    confidence: float
    by_model: bool
    """Whether a language model found it; else a rule."""
    hidden_at: datetime | None
    """When it was dismissed as wrong."""
    hidden_as: Literal["learner", "instructor"] | None


class CallCorrections(BaseModel):
    """The corrections of a call, in the order of what was said; the dismissed ones too."""

    items: list[CorrectionOut]
    checked_turns: int
    """Learner's turns that were looked at so far."""
