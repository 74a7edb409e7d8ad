"""Corrections shown, dismissed and counted. Whoever asks for a learner's must have shown that they may."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, Literal, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.calls import service as calls
from api.contract.corrections import Correction, CorrectionCategory, Severity
from api.corrections.models import TurnCorrection
from api.corrections.repository import CorrectionRepository
from api.corrections.schemas import CallCorrections, CorrectionOut
from api.database import utc_now
from api.errors import NotFoundError
from api.identity.auth import Principal
from api.organisations import access
from api.practice import service as practice

LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
WhoHides = Literal["learner", "instructor"]


@dataclass(frozen=True)
class ErrorRate:
    """A day on which a learner spoke: how many words, and how many slips of each category were in them."""

    day: date
    words: int
    slips: dict[CorrectionCategory, int] = field(default_factory=dict)

    def per_100_words(self, category: CorrectionCategory | None = None) -> float:
        """Slips in 100 words, of one category or of all."""
        count = sum(self.slips.values()) if category is None else self.slips.get(category, 0)
        return 100 * count / self.words if self.words else 0.0


@dataclass(frozen=True)
class Found:
    """A correction that stands, with the turn it is in."""

    id: UUID
    call_id: UUID
    turn_id: UUID
    said_at: datetime
    turn_text: str
    correction: Correction


async def of_own_call(session: AsyncSession, person: Principal, call_id: UUID) -> CallCorrections:
    """The corrections of one of the person's own calls.

    Raises:
        NotFoundError: The call does not exist or is somebody else's.
    """
    await calls.read_call(session, person, call_id)
    return await of_call(session, call_id)


async def of_call(session: AsyncSession, call_id: UUID) -> CallCorrections:
    """The corrections of a call, for those who have shown that they may see it."""
    repository = CorrectionRepository(session)
    return CallCorrections(
        items=[_shown(one) for one in await repository.of_call(call_id)],
        checked_turns=len(await repository.checked(call_id)),
    )


async def dismiss(session: AsyncSession, person: Principal, correction_id: UUID) -> None:
    """Hide a correction as wrong; one that is hidden already stays as it is.

    Raises:
        NotFoundError: It does not exist, or is neither the person's own nor of a learner they look after.
    """
    row, who = await _theirs(session, person, correction_id)
    if row.hidden_at is None:
        await CorrectionRepository(session).hide(row.id, utc_now(), who)
        await practice.doubt(session, row.organisation_id, row.user_id, row.id, doubted=True)


async def restore(session: AsyncSession, person: Principal, correction_id: UUID) -> None:
    """Show a dismissed correction again.

    Raises:
        NotFoundError: As `dismiss`.
    """
    row, _who = await _theirs(session, person, correction_id)
    await CorrectionRepository(session).hide(row.id, None, None)
    await practice.doubt(session, row.organisation_id, row.user_id, row.id, doubted=False)


async def new_corrections(
    session: AsyncSession,
    organisation_id: UUID,
    user_id: UUID,
    since: datetime = LONG_AGO,
    *,
    call_id: UUID | None = None,
) -> list[Found]:
    """A learner's corrections that were found since a time and that nobody dismissed, the oldest first.

    Args:
        session: The session, which acts for the organisation already.
        organisation_id: The organisation in which they were said.
        user_id: The learner.
        since: When they were found, not when they were said.
        call_id: Of this call only.
    """
    rows = await CorrectionRepository(session).standing(organisation_id, user_id, since, call_id)
    return [
        Found(
            id=row.correction.id,
            call_id=row.correction.call_id,
            turn_id=row.correction.turn_id,
            said_at=row.correction.said_at,
            turn_text=row.turn_text,
            correction=as_correction(row.correction),
        )
        for row in rows
    ]


async def error_rates(
    session: AsyncSession, organisation_id: UUID, user_id: UUID, since: datetime, *, zone: str = "UTC"
) -> list[ErrorRate]:
    """How many slips of each category a learner made on each day, and in how many words, the oldest first.

    Args:
        session: The session, which acts for the organisation already.
        organisation_id: The organisation in which they spoke.
        user_id: The learner.
        since: Said since then.
        zone: Name of the time zone in which days begin.
    """
    repository = CorrectionRepository(session)
    slips: dict[date, dict[CorrectionCategory, int]] = {}
    for day, category, count in await repository.slips_by_day(organisation_id, user_id, since, zone):
        slips.setdefault(day, {})[CorrectionCategory(category)] = count
    words = await repository.words_by_day(organisation_id, user_id, since, zone)
    return [ErrorRate(day, count, slips.get(day, {})) for day, count in words]


def as_correction(row: TurnCorrection) -> Correction:
    """A row as the contract has it."""
    return Correction(
        start=row.start_at,
        end=row.end_at,
        original=row.original,
        replacement=row.replacement,
        better=row.better,
        category=CorrectionCategory(row.category),
        rule=row.rule,
        explanation=row.explanation,
        severity=Severity(row.severity),
        confidence=row.confidence,
    )


async def _theirs(
    session: AsyncSession, person: Principal, correction_id: UUID
) -> tuple[TurnCorrection, WhoHides]:
    row = await CorrectionRepository(session).get(correction_id)
    if row is None or row.organisation_id != person.organisation_id:
        raise NotFoundError
    if row.user_id == person.user.id:
        return row, "learner"
    await access.require_visible(session, person, row.user_id)
    return row, "instructor"


def _shown(row: TurnCorrection) -> CorrectionOut:
    return CorrectionOut(
        id=row.id,
        turn_id=row.turn_id,
        by_model=row.prompt_hash is not None,
        hidden_at=row.hidden_at,
        hidden_as=cast("WhoHides | None", row.hidden_as),
        **as_correction(row).model_dump(),
    )
