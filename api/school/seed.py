"""`python -m api.school.seed`: put a made-up school into the database; run again, it adds what is missing.

Refuses to run anywhere but in the embedded stack: everybody's password is known. All rows are written by the
role that serves, behind the walls between organisations; COPY would need another role.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import asyncpg
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

import api.tables  # noqa: F401  # the rows written here name rows of tables that nothing here imports
from api.analytics.models import LearnerStats
from api.analytics.programs import service as programs
from api.analytics.reckoning import service as reckoning
from api.assignments.models import Assignment
from api.calls.models import Call
from api.contract.calls import Channel, CloseReason, InputKind
from api.database import Database, plain_url, utc_now
from api.identity.demo import demo_accounts
from api.identity.models import MemberRole, Membership, Organisation, OrganisationKind, User
from api.identity.passwords import password_helper
from api.organisations.models import Enrolment, Program
from api.review.models import Comment, Flag
from api.school import marks
from api.school.members import account, enrolments, program_id, session_id
from api.school.plan import (
    DAYS,
    DOMAIN,
    EXAM_PROGRAM,
    PROGRAMS,
    SCHOOL_ID,
    SMALL_PROGRAM,
    Plan,
    PlannedCall,
    Size,
    turns_of,
)
from api.sessions.models import PracticeSession
from api.tenancy import act_for
from infra.telemetry import configure_logging, get_logger

log = get_logger(__name__)

CALLS_AT_ONCE: Final = 100
"""Calls of one transaction: some three thousand turns."""
TELL_EVERY_S: Final = 2.0

_INSERT_CALLS: Final = """
    INSERT INTO calls (id, organisation_id, session_id, number, room, channel, job_id, started_at, ended_at,
                       close_reason, last_seen_at, dispatches, created_at, updated_at)
    SELECT id, $1, session_id, number, 'school-' || id, $2, 'school', started_at, ended_at, $3, ended_at, 0,
           started_at, ended_at
    FROM unnest($4::uuid[], $5::uuid[], $6::int[], $7::timestamptz[], $8::timestamptz[])
         AS made (id, session_id, number, started_at, ended_at)
"""
_INSERT_TURNS: Final = """
    INSERT INTO turns (id, organisation_id, call_id, item_id, position, role, text, input_kind, interrupted,
                       started_at, ended_at, words, timings, prompt_hash, llm, created_at, updated_at)
    SELECT id, $1, call_id, 'item_' || position, position, role, text, $2, false, started_at, ended_at,
           words::jsonb, CASE role WHEN 'coach' THEN '{"llm_first_token": 310.0, "tts_first_byte": 190.0,
           "voice_to_voice": 820.0}'::jsonb ELSE '{"transcription_delay": 240.0}'::jsonb END, NULL,
           CASE role WHEN 'coach' THEN 'guided' END, ended_at, ended_at
    FROM unnest($3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::text[], $8::timestamptz[],
                $9::timestamptz[], $10::text[])
         AS made (id, call_id, position, role, text, started_at, ended_at, words)
"""


class Progress:
    """Says on standard error how far the work is."""

    def __init__(self, what: str, whole: int) -> None:
        self._what, self._whole, self._done = what, whole, 0
        self._told = time.monotonic()

    def add(self, done: int) -> None:
        """So much more is done."""
        self._done += done
        now = time.monotonic()
        if self._done >= self._whole or now - self._told >= TELL_EVERY_S:
            self._told = now
            sys.stderr.write(f"{self._what}: {self._done:,} of {self._whole:,}\n")


class School:
    """Writes the plan."""

    def __init__(self, database: Database, plan: Plan) -> None:
        self._database = database
        self._plan = plan
        size = plan.size
        self.learners = plan.people("learner", size.learners)
        self.instructors = plan.people("instructor", size.instructors)
        self.admins = plan.people("admin", 1)

    async def write(self) -> int:
        """Write what is missing; return how many calls were."""
        began = utc_now() - timedelta(days=DAYS + 1)
        async with self._database.transaction() as session:
            await act_for(session, SCHOOL_ID)
            await self._write_members(session, began)
            await self._write_programs(session, began)
        made = await self._write_calls()
        await self._write_marks()
        return made

    async def _write_members(self, session: AsyncSession, began: datetime) -> None:
        kept = {"created_at": began}
        passwords = {account.role: account.password for account in demo_accounts()}
        helper = password_helper()
        await _add(
            session,
            Organisation,
            [{"id": SCHOOL_ID, "name": "Harbour Language School", "kind": OrganisationKind.SCHOOL, **kept}],
        )
        for role, people in (
            (MemberRole.LEARNER, self.learners),
            (MemberRole.INSTRUCTOR, self.instructors),
            (MemberRole.ADMIN, self.admins),
        ):
            secret = passwords.get(role, passwords[MemberRole.INSTRUCTOR])
            hashed = helper.hash(secret)
            await _add(session, User, [account(person, hashed, began) for person in people])
            await _add(
                session,
                Membership,
                [
                    {"organisation_id": SCHOOL_ID, "user_id": person.id, "role": role, **kept}
                    for person in people
                ],
            )
        await _add(
            session,
            PracticeSession,
            [
                {
                    "id": session_id(person),
                    "organisation_id": SCHOOL_ID,
                    "user_id": person.id,
                    "is_default": True,
                    **kept,
                }
                for person in self.learners
            ],
        )

    async def _write_programs(self, session: AsyncSession, began: datetime) -> None:
        rows = [
            {"id": program_id(name), "organisation_id": SCHOOL_ID, "name": name, "created_at": began}
            for name in (*PROGRAMS, EXAM_PROGRAM, SMALL_PROGRAM)
        ]
        await _add(session, Program, rows)
        await _add(
            session,
            Enrolment,
            [
                {
                    "organisation_id": SCHOOL_ID,
                    "program_id": program_id(program),
                    "user_id": person.id,
                    "role": role,
                    "created_at": began,
                }
                for program, role, person in enrolments(self.learners, self.instructors)
            ],
        )

    async def _write_calls(self) -> int:
        async with self._database.transaction() as session:
            await act_for(session, SCHOOL_ID)
            kept = set(await session.scalars(select(Call.id).where(Call.organisation_id == SCHOOL_ID)))
        missing = [call for call in self._plan.calls if call.id not in kept]
        progress = Progress("turns", sum(call.turns for call in missing))
        for first in range(0, len(missing), CALLS_AT_ONCE):
            async with self._database.transaction() as session:
                await act_for(session, SCHOOL_ID)
                progress.add(await self._write_some(session, missing[first : first + CALLS_AT_ONCE]))
        return len(missing)

    async def _write_some(self, session: AsyncSession, calls: Sequence[PlannedCall]) -> int:
        turns = [(call, place, turn) for call in calls for place, turn in enumerate(turns_of(call))]
        ended = {call.id: turn.ended_at for call, _, turn in turns}
        connection = await _driver(session)
        await connection.execute(
            _INSERT_CALLS,
            SCHOOL_ID,
            Channel.WEB,
            CloseReason.LEARNER_LEFT,
            [call.id for call in calls],
            [session_id(self.learners[call.learner]) for call in calls],
            [call.number for call in calls],
            [call.started_at for call in calls],
            [ended[call.id] for call in calls],
        )
        await connection.execute(
            _INSERT_TURNS,
            SCHOOL_ID,
            InputKind.VOICE,
            [turn.id for _, _, turn in turns],
            [call.id for call, _, _ in turns],
            [place for _, place, _ in turns],
            [turn.role for _, _, turn in turns],
            [turn.text for _, _, turn in turns],
            [turn.started_at for _, _, turn in turns],
            [turn.ended_at for _, _, turn in turns],
            [turn.words for _, _, turn in turns],
        )
        return len(turns)

    async def _write_marks(self) -> None:
        calls, learners, instructors = self._plan.calls, self.learners, self.instructors
        written, answers = marks.comments(calls, learners, instructors)
        async with self._database.transaction() as session:
            await act_for(session, SCHOOL_ID)
            await _add(session, Comment, written)
            await _add(session, Comment, answers)
            await _add(session, Flag, marks.flags(calls, learners, instructors))
            await _add(session, Assignment, marks.assignments(learners, instructors, utc_now().date()))

    async def reckon(self) -> None:
        """Make all figures from what was written."""
        progress = Progress("learners reckoned", len(self.learners))
        for person in self.learners:
            async with self._database.transaction() as session:
                await act_for(session, SCHOOL_ID)
                await reckoning.recalculate(session, SCHOOL_ID, person.id)
            progress.add(1)
        async with self._database.transaction() as session:
            await act_for(session, SCHOOL_ID)
            await session.execute(
                update(PracticeSession)
                .where(
                    PracticeSession.organisation_id == LearnerStats.organisation_id,
                    PracticeSession.user_id == LearnerStats.user_id,
                )
                .values(last_activity_at=LearnerStats.last_activity_at),
                execution_options={"synchronize_session": False},
            )
            for week in await programs.weeks_to_reckon(session, SCHOOL_ID):
                await programs.reckon_week(session, SCHOOL_ID, week)


async def seed(database_url: str, size: Size, owner_url: str | None = None) -> int:
    """Write the school; return how many calls were missing.

    Args:
        database_url: Of the role that serves.
        size: How large it is. A larger one adds to what is there.
        owner_url: Of the schema's owner, to have Postgres count its rows at once rather than by and by.
    """
    database = Database.connect(database_url, process="seed", pool_size=1)
    try:
        school = School(database, Plan(size, utc_now()))
        made = await school.write()
        # Without knowing how much there is now, Postgres would read all turns for each learner.
        await _tidy(owner_url)
        await school.reckon()
        await _tidy(owner_url)
    finally:
        await database.close()
    return made


async def _tidy(owner_url: str | None) -> None:
    if owner_url is None:
        return
    connection = await asyncpg.connect(plain_url(owner_url))
    try:
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()


async def _add(session: AsyncSession, table: Any, rows: list[dict[str, Any]]) -> None:
    await session.execute(insert(table).on_conflict_do_nothing(), rows)


async def _driver(session: AsyncSession) -> Any:
    """asyncpg's own connection, which takes whole columns."""
    connection = await session.connection()
    return (await connection.get_raw_connection()).driver_connection


def main() -> None:
    """Run where the environment says that this is the embedded stack."""
    parser = argparse.ArgumentParser(description=__doc__)
    asked = Size()
    for name in ("learners", "calls", "turns", "instructors"):
        parser.add_argument(f"--{name}", type=int, default=getattr(asked, name))
    configure_logging("seed")
    if os.environ.get("AVAAZ_EMBEDDED", "").lower() not in {"1", "true", "yes"}:
        log.error("the made-up school exists in the embedded stack only (AVAAZ_EMBEDDED=1)")
        sys.exit(2)
    size = Size(**vars(parser.parse_args()))
    owner_url = os.environ.get("MIGRATIONS_DATABASE_URL")
    made = asyncio.run(seed(os.environ["DATABASE_URL"], size, owner_url))
    log.info("school ready", calls_made=made, instructor=f"instructor-001@{DOMAIN}")


if __name__ == "__main__":
    main()
