"""What the record holds of an attempt: its turns by part, and where their sound is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.assessment.cutting import Tape, tape_of
from api.assessment.judging.speech import Heard, HeardWord, Part
from api.calls import service as calls
from api.calls.models import Turn
from api.contract.calls import InputKind, Role
from api.contract.exams import PhaseKind
from api.contract.levels import Level
from api.contract.sound import SoundError, unpack
from api.corrections.hearing import placed
from api.database import utc_now
from api.exams import service as exams
from api.exams.record import Sitting
from api.recordings import consent
from api.recordings import service as recordings
from api.recordings.service import Pieces
from api.settings import Settings
from api.storage import ObjectMissingError, Storage

SHORT_OF_BOUNDARY_S: Final = 0.5
"""A turn that begins so shortly before a part's time to speak belongs to it."""


@dataclass(frozen=True)
class ReadTurn:
    """A spoken turn of the learner's in a part that is scored."""

    turn: Turn
    part: str
    after_coach: bool


@dataclass(frozen=True)
class Read:
    """An attempt as it stands in the record."""

    sitting: Sitting
    target: Level
    turns: list[ReadTurn]
    said_to: dict[str, list[str]]
    calls: list[UUID]
    pieces: dict[UUID, Pieces] = field(default_factory=dict)
    sound_allowed: bool = False

    @property
    def parts(self) -> list[Part]:
        """The parts that are scored."""
        return [
            Part(
                key=part.key,
                kind=part.kind,
                scored=part.scored,
                dimensions=frozenset(part.dimensions),
                task=part.tasks[0],
                said_to=" ".join(self.said_to.get(part.key, [])),
            )
            for part in self.sitting.content.parts
            if part.scored
        ]


async def read(session: AsyncSession, settings: Settings, attempt_id: UUID) -> Read | None:
    """An attempt with its turns; None where it is gone. The session acts for its organisation."""
    sitting = await exams.sitting(session, attempt_id)
    if sitting is None:
        return None
    attempt = sitting.attempt
    call_ids = await exams.calls_of(session, attempt_id)
    place = _Places(sitting)
    turns: list[ReadTurn] = []
    said_to: dict[str, list[str]] = {}
    pieces: dict[UUID, Pieces] = {}
    for call_id in call_ids:
        if await calls.with_learner(session, call_id) is None:
            continue
        found = await recordings.pieces_of(session, call_id)
        if found is not None:
            pieces[call_id] = found
        _sort(await calls.turns_of(session, call_id), place, turns, said_to)
    allowed = attempt.audio_consent or await consent.may_record(
        session, settings, attempt.organisation_id, attempt.learner_id
    )
    return Read(
        sitting=sitting,
        target=Level(attempt.target_level),
        turns=turns,
        said_to=said_to,
        calls=call_ids,
        pieces=pieces,
        sound_allowed=allowed or bool(pieces),
    )


class _Places:
    """Which part a moment belongs to."""

    def __init__(self, sitting: Sitting) -> None:
        clock = sitting.clock
        self._spans = clock.spans(utc_now())
        self._schedule = clock.schedule
        self._scored = {part.key for part in sitting.content.parts if part.scored}

    def part(self, moment: datetime) -> str | None:
        """The part that is going on, whatever its phase."""
        for span in reversed(self._spans):
            if (moment - span.began_at).total_seconds() >= -SHORT_OF_BOUNDARY_S:
                return self._schedule[span.phase].part
        return None

    def speaking(self, began_at: datetime, ended_at: datetime) -> str | None:
        """The scored part in whose time to speak the middle of a turn lies."""
        middle = began_at + (ended_at - began_at) / 2
        for span in self._spans:
            phase = self._schedule[span.phase]
            if phase.kind is not PhaseKind.SPEAKING or phase.part not in self._scored:
                continue
            before = (span.began_at - middle).total_seconds() > SHORT_OF_BOUNDARY_S
            if not before and (span.ended_at is None or middle <= span.ended_at):
                return phase.part
        return None


def _sort(turns: Sequence[Turn], place: _Places, kept: list[ReadTurn], said_to: dict[str, list[str]]) -> None:
    """Put a call's turns where they belong."""
    after_coach = True
    for turn in turns:
        if turn.role == Role.COACH:
            after_coach = True
            part = place.part(turn.started_at)
            if part is not None:
                said_to.setdefault(part, []).append(turn.text)
            continue
        part = place.speaking(turn.started_at, turn.ended_at)
        if part is not None and turn.input_kind == InputKind.VOICE:
            kept.append(ReadTurn(turn, part, after_coach))
            after_coach = False


async def tapes(storage: Storage, read: Read, *, whole: bool) -> dict[UUID, Tape]:
    """What there is of each call's sound; pieces that went away meanwhile are left out.

    Args:
        storage: Where the pieces are.
        read: The attempt.
        whole: Whether nothing more is waited for.

    Raises:
        StorageUnavailableError: They cannot be read now.
    """
    found: dict[UUID, Tape] = {}
    for call_id, pieces in read.pieces.items():
        sounds = []
        for key in pieces.keys:
            try:
                sounds.append(unpack(await storage.get(key)))
            except (ObjectMissingError, SoundError):
                continue
        tape = tape_of(sounds, whole=whole or pieces.whole)
        if tape is not None:
            found[call_id] = tape
    return found


def as_called(turn: Turn) -> Heard:
    """A turn as the call itself heard it: its words with their times, the marks of its text behind them."""
    spans = placed(turn.text, turn.words)
    begin = turn.words[0]["start"] if turn.words else 0.0
    words = [
        HeardWord(
            text=_with_mark(turn.text, span, str(word["word"])),
            start=max(0.0, word["start"] - begin),
            end=max(0.0, word["end"] - begin),
            confidence=word["confidence"],
        )
        for word, span in zip(turn.words, spans, strict=True)
    ]
    return Heard(text=turn.text, words=words or _untimed(turn), source="call", timed=bool(words))


def _with_mark(text: str, span: tuple[int, int], word: str) -> str:
    """The word as the text has it, with the mark behind it."""
    start, end = span
    if text[start:end].lower() != word.lower().strip(".,!?;:\"'"):
        return word[:64]
    mark = text[end : end + 1]
    return (text[start:end] + (mark if mark in {".", ",", "!", "?", ";", ":"} else ""))[:64]


def _untimed(turn: Turn) -> list[HeardWord]:
    """Words without times of their own, spread evenly over the turn."""
    words = turn.text.split()
    step = max(0.0, (turn.ended_at - turn.started_at).total_seconds()) / max(1, len(words))
    return [
        HeardWord(text=word[:64], start=index * step, end=(index + 1) * step, confidence=0.7)
        for index, word in enumerate(words)
    ]
