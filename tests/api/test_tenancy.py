"""The second wall between organisations: what Postgres shows, whatever a query asks for."""

from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import pytest
from fastapi import FastAPI
from sqlalchemy import Table, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from api.calls.models import Call, Turn
from api.database import Database, TenantOwned
from api.identity.models import Membership, Organisation
from api.sessions.models import PracticeSession
from api.settings import Settings
from api.tables import TABLES
from api.tenancy import act_for
from tests.api.conftest import AgentSide, Learner, turn

WALLED = [table for table in TABLES if issubclass(table, TenantOwned)] + [Organisation]
NAMED_HOLES = {
    "standing_of",
    "owner_of_api_key",
    "organisation_of_session",
    "organisations_with_open_calls",
    "count_open_calls",
}
"""Functions of the foundations that answer across organisations; further ones say so in their migrations."""


async def one_call(learner: Learner, agent: AgentSide) -> None:
    """A call with a turn, so that the learner has rows to hide."""
    opened = await agent.opened(await learner.room())
    assert (await opened.append(turn("one", 0))).status_code == 200


def _table(model: type) -> Table:
    table = model.__table__  # type: ignore[attr-defined]
    assert isinstance(table, Table)
    return table


async def visible(database: Database, organisation_id: UUID | None, user_id: UUID | None) -> dict[str, int]:
    """How many rows of each walled table are shown to whoever acts so."""
    async with database.reading() as session:
        if organisation_id or user_id:
            await act_for(session, organisation_id, user_id)
        counts = {
            model.__tablename__: await session.scalar(select(func.count()).select_from(_table(model)))
            for model in WALLED
        }
    return {name: count for name, count in counts.items() if count}


async def test_every_table_of_a_tenant_has_the_wall(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind = 'r'"
    )
    forced = {row["relname"] for row in rows if row["relrowsecurity"] and row["relforcerowsecurity"]}
    assert {model.__tablename__ for model in WALLED} - forced == set()


async def test_the_serving_role_cannot_pass_the_wall(owner: asyncpg.Connection, settings: Settings) -> None:
    name = urlsplit(settings.database_url).username
    role = await owner.fetchrow("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = $1", name)
    owned = await owner.fetchval("SELECT count(*) FROM pg_tables WHERE tableowner = $1", name)
    assert role is not None
    assert (role["rolsuper"], role["rolbypassrls"], owned) == (False, False, 0)
    holes = await owner.fetch(
        "SELECT proname FROM pg_proc JOIN pg_namespace ON pronamespace = pg_namespace.oid "
        "WHERE prosecdef AND nspname = 'public'"
    )
    assert {row["proname"] for row in holes} >= NAMED_HOLES


async def test_nothing_is_shown_until_it_is_said_for_whom(
    app: FastAPI, learner: Learner, agent: AgentSide
) -> None:
    await one_call(learner, agent)
    assert await visible(app.state.database, None, None) == {}


async def test_rows_of_one_organisation_only(
    app: FastAPI, learner: Learner, stranger: Learner, agent: AgentSide
) -> None:
    await one_call(learner, agent)
    mine = await visible(app.state.database, learner.organisation_id, learner.id)
    others = await visible(app.state.database, stranger.organisation_id, stranger.id)
    assert mine == {"organisations": 1, "memberships": 1, "sessions": 1, "calls": 1, "turns": 1}
    assert others == {"organisations": 1, "memberships": 1, "sessions": 1}


async def test_a_person_sees_their_own_memberships_wherever_they_act(
    app: FastAPI, learner: Learner, stranger: Learner
) -> None:
    seen = await visible(app.state.database, stranger.organisation_id, learner.id)
    assert seen["memberships"] == seen["organisations"] == 2
    assert seen["sessions"] == 1


async def test_rows_of_others_cannot_be_written(app: FastAPI, learner: Learner, stranger: Learner) -> None:
    database: Database = app.state.database
    planted = insert(PracticeSession).values(organisation_id=learner.organisation_id, user_id=learner.id)
    moved = update(Membership).values(role="admin")
    async with database.writing() as session:
        await act_for(session, stranger.organisation_id, stranger.id)
        with pytest.raises(DBAPIError, match="row-level security"):
            await session.execute(planted)
    async with database.transaction() as session:
        await act_for(session, stranger.organisation_id, learner.id)  # may read that membership
        changed = (await session.execute(moved.returning(Membership.user_id))).scalars().all()
    assert changed == [stranger.id]


async def test_what_was_said_ends_with_the_transaction_or_the_loan(app: FastAPI, learner: Learner) -> None:
    database: Database = app.state.database
    async with database.transaction() as session:
        await act_for(session, learner.organisation_id, learner.id, operator=True)
    settings = text("SELECT current_setting(name, true) FROM unnest(CAST(:names AS text[])) AS name")
    names = {"names": ["avaaz.organisation_id", "avaaz.user_id", "avaaz.operator"]}
    for sessions in (database.reading, database.writing):
        async with sessions() as session:
            await act_for(session, learner.organisation_id, learner.id, operator=True)
        for _ in range(20):
            async with sessions() as session:
                assert set((await session.scalars(settings, names)).all()) <= {None, ""}


async def test_an_operator_sees_names_and_members_and_nothing_said(
    app: FastAPI, learner: Learner, stranger: Learner, agent: AgentSide
) -> None:
    await one_call(learner, agent)
    async with app.state.database.reading() as session:
        await act_for(session, uuid4(), stranger.id, operator=True)
        assert await session.scalar(select(func.count(Organisation.id))) == 2
        assert await session.scalar(select(func.count(Membership.id))) == 2
        assert await session.scalar(select(func.count(Call.id))) == 0
        assert await session.scalar(select(func.count(Turn.id))) == 0
