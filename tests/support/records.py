"""What the database itself holds of a call, read past the API as the role that owns the schema."""

import json
from dataclasses import dataclass
from typing import Any

import asyncpg


@dataclass(frozen=True)
class StoredTurn:
    """One row of `turns`."""

    item_id: str
    position: int
    role: str
    text: str
    input_kind: str
    interrupted: bool
    words: list[dict[str, Any]]
    timings: dict[str, Any]
    prompt_hash: str | None
    llm: str | None


async def stored_turns(database_url: str, call_id: str) -> list[StoredTurn]:
    """All turns of a call in the order of their positions."""
    connection = await asyncpg.connect(database_url)
    try:
        rows = await connection.fetch(
            "SELECT item_id, position, role, text, input_kind, interrupted, words, timings, prompt_hash, llm"
            " FROM turns WHERE call_id = $1 ORDER BY position, started_at",
            call_id,
        )
    finally:
        await connection.close()
    return [
        StoredTurn(**{**row, "words": _json(row["words"]), "timings": _json(row["timings"])}) for row in rows
    ]


async def stored_calls(database_url: str, email: str) -> list[dict[str, Any]]:
    """All calls of a learner, oldest first: `id, room, ended_at, close_reason`."""
    connection = await asyncpg.connect(database_url)
    try:
        rows = await connection.fetch(
            "SELECT calls.id, calls.room, calls.ended_at, calls.close_reason FROM calls"
            " JOIN sessions ON sessions.id = calls.session_id JOIN users ON users.id = sessions.user_id"
            " WHERE users.email = $1 ORDER BY calls.started_at",
            email,
        )
    finally:
        await connection.close()
    return [{**row, "id": str(row["id"])} for row in rows]


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
