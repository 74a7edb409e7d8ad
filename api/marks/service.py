"""Marks beside the machine's: giving them, who sees them, and how far the two agree.

Figures are withheld below `FEWEST_MARKS` pairs or `SMALLEST_GROUP` learners: of fewer they would say more of
those people than of the machine.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.suppression import SMALLEST_GROUP
from api.assessment import service as assessments
from api.assessment.models import AssessmentRow
from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.contract.exams import Dimension
from api.contract.levels import Level
from api.errors import ConflictError, ForbiddenError, InvalidError
from api.identity.auth import Principal
from api.identity.models import MemberRole
from api.marks.agreement import Agreement, agreement
from api.marks.models import ExamMark
from api.marks.repository import Cell, MarkedAttempt, MarkRepository, NamedMark, Totals
from api.marks.schemas import (
    MOST_VERSIONS,
    AttemptMarks,
    Calibration,
    DimensionAgreement,
    DoubleMark,
    DoubleMarked,
    DoubleMarkedPage,
    MarkOut,
    NewMark,
    PairOfScores,
)
from api.organisations import access
from api.pages import Mark, encode_cursor

FEWEST_MARKS: Final = 10
"""Pairs below which no figure of agreement is told."""
MARKERS: Final = frozenset({MemberRole.INSTRUCTOR, MemberRole.ADMIN})


async def of_attempt(session: AsyncSession, person: Principal, row: AssessmentRow) -> AttemptMarks:
    """Everything that people gave an attempt that the person may read."""
    marks = MarkRepository(session)
    return AttemptMarks(
        attempt_id=row.attempt_id,
        title=row.title,
        target_level=Level(row.target_level),
        sat_at=row.taken_at,
        learner_id=row.user_id,
        learner_name=await marks.name(row.user_id),
        mine=row.user_id == person.user.id,
        may_mark=_may_mark(person, row),
        items=[_shown(one, person.user.id) for one in await marks.of_attempt(row.attempt_id)],
    )


async def give(session: AsyncSession, person: Principal, attempt_id: UUID, data: NewMark) -> MarkOut:
    """Give a mark, change one's own or take it back: a new version beside those before.

    Raises:
        NotFoundError: The attempt is not theirs to see, or not over.
        ForbiddenError: It is one's own (`own_attempt`).
        ConflictError: One's own mark was changed since it was read (`changed_meanwhile`), or was changed as
            often as is kept (`too_many`).
        InvalidError: There is no mark to take back (`nothing_to_take_back`).
    """
    row = await assessments.readable(session, person, attempt_id)
    if not _may_mark(person, row):
        raise ForbiddenError("Nobody marks their own exam.", code="own_attempt")
    marks = MarkRepository(session)
    own = await marks.newest(attempt_id, data.dimension, person.user.id)
    _require_fitting(data, own)
    blind = data.blind and row.state == "ready" and not await marks.has_looked(attempt_id, person.user.id)
    made = await marks.add(_values(person, row, data, blind=blind))
    if made is None:
        raise _changed_meanwhile()
    await audit.record(
        session,
        person,
        AuditAction.MARK_GIVEN,
        subject=Subject("exam_attempt", attempt_id),
        learner_id=row.user_id,
        details={
            "dimension": data.dimension.value,
            "version": made.version,
            "taken_back": data.score is None,
        },
    )
    return _shown(NamedMark(made, person.user.display_name or "", data.score is not None), person.user.id)


async def calibration(session: AsyncSession, person: Principal) -> Calibration:
    """How far machine and people agree about the learners whom the person looks after."""
    marks = MarkRepository(session)
    learners = access.visible_learners(person)
    totals = {one.dimension: one for one in await marks.totals(person.organisation_id, learners)}
    cells: dict[str, list[Cell]] = defaultdict(list)
    for cell in await marks.cells(person.organisation_id, learners):
        cells[cell.dimension].append(cell)
    return Calibration(
        fewest_marks=FEWEST_MARKS,
        fewest_learners=SMALLEST_GROUP,
        dimensions=[_agreement(one, totals.get(one), cells[one]) for one in Dimension],
        versions=list(await marks.versions(person.organisation_id, learners)),
    )


async def list_double_marked(
    session: AsyncSession, person: Principal, *, after: Mark | None, limit: int
) -> DoubleMarkedPage:
    """One page of the attempts that both marked, of the learners whom the person looks after."""
    marks = MarkRepository(session)
    rows = await marks.double_marked(
        person.organisation_id, access.visible_learners(person), after, limit + 1
    )
    shown = rows[:limit]
    given: dict[UUID, list[ExamMark]] = defaultdict(list)
    for mark in await marks.counting([one.attempt_id for one in shown]):
        given[mark.attempt_id].append(mark)
    last = shown[-1] if len(rows) > limit else None
    return DoubleMarkedPage(
        items=[_double_marked(one, given[one.attempt_id]) for one in shown],
        next_cursor=encode_cursor(Mark(0, last.marked_at, last.attempt_id)) if last else None,
    )


def _may_mark(person: Principal, row: AssessmentRow) -> bool:
    return person.role in MARKERS and row.user_id != person.user.id


def _require_fitting(data: NewMark, own: ExamMark | None) -> None:
    if (own.version if own else 0) != data.version:
        raise _changed_meanwhile()
    if data.version >= MOST_VERSIONS:
        raise ConflictError("This mark was changed as often as is kept.", code="too_many")
    if data.score is None and (own is None or own.score is None):
        raise InvalidError("There is no mark to take back.", code="nothing_to_take_back")


def _changed_meanwhile() -> ConflictError:
    return ConflictError("You changed this mark elsewhere.", code="changed_meanwhile")


def _values(person: Principal, row: AssessmentRow, data: NewMark, *, blind: bool) -> dict[str, Any]:
    return {
        "organisation_id": row.organisation_id,
        "attempt_id": row.attempt_id,
        "learner_id": row.user_id,
        "author_id": person.user.id,
        "dimension": data.dimension.value,
        "version": data.version + 1,
        "score": data.score,
        "reason": data.reason,
        "blind": blind,
        "machine_score": row.scores.get(data.dimension.value),
        "machine_version": row.version,
    }


def _shown(one: NamedMark, reader_id: UUID) -> MarkOut:
    mark = one.mark
    return MarkOut(
        id=mark.id,
        dimension=Dimension(mark.dimension),
        score=_plain(mark.score),
        reason=mark.reason,
        version=mark.version,
        author_id=mark.author_id,
        author_name=one.author_name,
        mine=mark.author_id == reader_id,
        counts=one.counts,
        blind=mark.blind,
        machine_score=_plain(mark.machine_score),
        created_at=mark.created_at,
    )


def _agreement(dimension: Dimension, totals: Totals | None, cells: Sequence[Cell]) -> DimensionAgreement:
    marks, blind, learners = (totals.marks, totals.blind, totals.learners) if totals else (0, 0, 0)
    withheld = marks < FEWEST_MARKS or learners < SMALLEST_GROUP
    counted = {"dimension": dimension, "marks": marks, "blind_marks": blind, "learners": learners}
    if withheld:
        return DimensionAgreement(**counted, withheld=True)
    pairs = {(cell.machine, cell.person): cell.count for cell in cells}
    return DimensionAgreement(
        **counted,
        **_figures(agreement(pairs)),
        pairs=[PairOfScores(machine=one.machine, person=one.person, count=one.count) for one in cells],
        withheld=False,
    )


def _figures(found: Agreement) -> dict[str, Any]:
    lower, upper = found.limits
    return {
        "qwk": None if found.qwk is None else round(found.qwk, 3),
        "mean_difference": round(found.mean_difference, 3),
        "lower_limit": round(lower, 3),
        "upper_limit": round(upper, 3),
        "same_band": round(found.same_band, 3),
        "adjacent_band": round(found.adjacent_band, 3),
    }


def _double_marked(one: MarkedAttempt, given: Sequence[ExamMark]) -> DoubleMarked:
    by_dimension: dict[str, list[ExamMark]] = defaultdict(list)
    for mark in given:
        by_dimension[mark.dimension].append(mark)
    return DoubleMarked(
        attempt_id=one.attempt_id,
        learner_id=one.learner_id,
        learner_name=one.learner_name,
        title=one.title,
        sat_at=one.sat_at,
        marked_at=one.marked_at,
        people=one.people,
        marks=[_double(each, by_dimension[each]) for each in Dimension if by_dimension[each]],
    )


def _double(dimension: Dimension, marks: Sequence[ExamMark]) -> DoubleMark:
    scores = [float(mark.score) for mark in marks if mark.score is not None]
    return DoubleMark(
        dimension=dimension,
        machine=_plain(marks[-1].machine_score),
        person=round(sum(scores) / len(scores), 2),
    )


def _plain(score: Any) -> float | None:
    return None if score is None else float(score)
