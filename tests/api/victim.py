"""A learner whose rows nobody else may reach, with one of each kind of thing that an address can name.

An address with a new kind of key needs an example of the victim's here: `test_access.py` says so.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg

from api.curriculum.content import as_stored
from tests.api.conftest import PASSWORD, AgentSide, Learner, client_of, turn
from tests.api.curriculum.conftest import lesson
from tests.api.exams.conftest import small_exam
from tests.api.school import V1, School, made

MARK = "zebra-umbrella-4711"
"""Stands in what the victim said and in the names they chose; nobody else may ever be answered it."""


@dataclass(frozen=True)
class Victim:
    """A learner of a school, and all who have to do with them."""

    person: Learner
    teacher: Learner
    school: School
    program_id: str
    session_id: str
    call_id: str
    owner: asyncpg.Connection

    @property
    def entitled(self) -> tuple[Learner, ...]:
        """Who may reach the victim's things, or some of them."""
        return self.person, self.teacher, self.school.admin


Example = Callable[[Victim], Awaitable[object]]
EXAMPLES: dict[str, Example] = {}
"""By the name of a key in an address, a query or a body: how to come by one of the victim's."""
NOBODYS = {"setting", "objective_key", "picture_name", "number", "exam_key"}
"""Keys that name no row of anybody's: names of the program's own."""


def example(name: str) -> Callable[[Example], Example]:
    """Let a function give the example for a key."""

    def keep(maker: Example) -> Example:
        EXAMPLES[name] = maker
        return maker

    return keep


async def settled(school: School, agent: AgentSide, owner: asyncpg.Connection) -> Victim:
    """A victim who has talked, in a program that a teacher looks after."""
    program_id = made(
        await school.admin.client.post(f"{V1}/programs", json={"name": "Evening", "description": MARK})
    )["id"]
    teacher = await school.join("Tina", "instructor", program_id)
    person = await school.join(f"Mia {MARK}", program_id=program_id)
    session = await person.default_session()
    call = await agent.opened(await person.room())
    await call.append(turn("a", 0, f"My secret is {MARK}"), turn("b", 1, f"{MARK}, really?", "coach"))
    await call.close()
    await owner.execute("UPDATE sessions SET summary = $1 WHERE id = $2", MARK, UUID(session["id"]))
    return Victim(person, teacher, school, program_id, session["id"], call.id, owner)


@example("session_id")
async def _session(victim: Victim) -> object:
    return victim.session_id


@example("call_id")
async def _call(victim: Victim) -> object:
    return victim.call_id


@example("turn_id")
async def _turn(victim: Victim) -> object:
    return await victim.owner.fetchval(
        "SELECT id FROM turns WHERE call_id = $1 ORDER BY position LIMIT 1", UUID(victim.call_id)
    )


@example("program_id")
async def _program(victim: Victim) -> object:
    return victim.program_id


@example("learner_id")
@example("user_id")
async def _person(victim: Victim) -> object:
    return victim.person.id


@example("organisation_id")
async def _organisation(victim: Victim) -> object:
    """The victim's own; the school is also others'."""
    return victim.person.organisation_id


@example("client_id")
async def _client(victim: Victim) -> object:
    signed_in = {"email": victim.person.email, "password": PASSWORD, "client_name": MARK}
    async with client_of(victim.person.client._transport.app) as program:  # type: ignore[attr-defined]
        assert (await program.post(f"{V1}/auth/tokens", json=signed_in)).status_code == 201
    return (await victim.person.client.get(f"{V1}/auth/tokens")).json()["items"][0]["id"]


@example("key_id")
async def _key(victim: Victim) -> object:
    return made(await victim.person.client.post(f"{V1}/api-keys", json={"name": MARK}))["id"]


@example("device_id")
async def _device(victim: Victim) -> object:
    return (await victim.person.client.get(f"{V1}/users/me/devices")).json()["items"][0]["id"]


@example("account_id")
async def _provider_account(victim: Victim) -> object:
    return await victim.owner.fetchval(
        "INSERT INTO oauth_accounts (id, user_id, provider, subject, email, address_verified, access_token,"
        " last_used_at) VALUES ($1, $2, 'google', $3, 'x@example.com', true, '', now()) RETURNING id",
        uuid4(),
        victim.person.id,
        MARK,
    )


@example("invitation_id")
async def _invitation(victim: Victim) -> object:
    answer = await victim.school.admin.client.post(
        f"{V1}/invitations/links", json={"program_id": victim.program_id}
    )
    return made(answer)["id"]


@example("comment_id")
async def _comment(victim: Victim) -> object:
    return await _written(victim, "comments", {"text": MARK})


@example("flag_id")
async def _flag(victim: Victim) -> object:
    return await _written(victim, "flags", {"kind": "attention", "note": MARK})


@example("bookmark_id")
async def _bookmark(victim: Victim) -> object:
    return await _written(victim, "bookmarks", {})


async def _written(victim: Victim, what: str, body: dict[str, str]) -> object:
    path = f"{V1}/review/calls/{victim.call_id}/{what}"
    return made(await victim.teacher.client.post(path, json=body))["id"]


@example("assignment_id")
async def _assignment(victim: Victim) -> object:
    path = f"{V1}/review/learners/{victim.person.id}/assignments"
    return made(await victim.teacher.client.post(path, json={"title": MARK}))["id"]


@example("export_id")
async def _export(victim: Victim) -> object:
    answer = await victim.person.client.post(f"{V1}/users/me/exports")
    assert answer.status_code == 202, answer.text
    return await victim.owner.fetchval(
        "UPDATE exports SET state = 'ready', size_bytes = 1, ready_at = now(),"
        " expires_at = now() + interval '1 day' WHERE user_id = $1 RETURNING id",
        victim.person.id,
    )


@example("document_id")
async def _document(victim: Victim) -> object:
    return await victim.owner.fetchval(
        "INSERT INTO documents (id, organisation_id, scope, learner_id, title, subject, file_name, mime,"
        " size_bytes, sha256, state, progress, chunk_count) VALUES ($1, $2, 'learner', $3, $4, '', 'x.txt',"
        " 'text/plain', 1, '', 'ready', 100, 1) RETURNING id",
        uuid4(),
        victim.school.id,
        victim.person.id,
        MARK,
    )


@example("chunk_id")
async def _chunk(victim: Victim) -> object:
    return await victim.owner.fetchval(
        "INSERT INTO document_chunks (id, organisation_id, document_id, scope, learner_id, position, heading,"
        " text, tokens) SELECT $1, organisation_id, id, scope, learner_id, 0, '', $2, 1 FROM documents"
        " WHERE learner_id = $3 LIMIT 1 RETURNING id",
        uuid4(),
        MARK,
        victim.person.id,
    )


@example("fact_id")
async def _fact(victim: Victim) -> object:
    return await victim.owner.fetchval(
        "INSERT INTO memory_facts (id, organisation_id, user_id, call_id, turn_id, kind, text, key, said_at,"
        " prompt_hash, written_by) SELECT $1, organisation_id, $2, call_id, id, 'hobby', $3, 'hobby', now(),"
        " '', 'guided' FROM turns WHERE call_id = $4 LIMIT 1 RETURNING id",
        uuid4(),
        victim.person.id,
        MARK,
        UUID(victim.call_id),
    )


@example("item_id")
async def _review_item(victim: Victim) -> object:
    return await victim.owner.fetchval(
        "INSERT INTO review_items (id, organisation_id, user_id, kind, key, cue, answer, note, times_made,"
        " state, due_at) SELECT $1, organisation_id, $2, 'phrase', $3, $3, $3, '', 1, 1, now() FROM calls"
        " WHERE id = $4 RETURNING id",
        uuid4(),
        victim.person.id,
        MARK,
        UUID(victim.call_id),
    )


@example("placement_id")
async def _placement(victim: Victim) -> object:
    path = f"{V1}/users/me/placements"
    return made(await victim.person.client.post(path, json={"kind": "typed"}))["id"]


@example("letter_id")
async def _dead_letter(victim: Victim) -> object:
    return await victim.owner.fetchval(
        "INSERT INTO dead_letters (id, job, arguments, attempts, error) VALUES ($1, 'mail.send', $2, 3, 'X')"
        " RETURNING id",
        uuid4(),
        json.dumps({"mail_id": str(uuid4()), "mark": MARK}),
    )


@example("lesson_id")
async def _lesson(victim: Victim) -> object:
    """One that the victim made for themselves."""
    version_id, lesson_id = uuid4(), uuid4()
    content = lesson(f"mine-{lesson_id.hex[:8]}", title=MARK)
    await victim.owner.execute(
        "INSERT INTO lessons (id, organisation_id, learner_id, author_id, key) VALUES ($1, $2, $3, $3, $4)",
        lesson_id,
        victim.school.id,
        victim.person.id,
        content.key,
    )
    await victim.owner.execute(
        "INSERT INTO lesson_versions (id, organisation_id, lesson_id, number, state, revision, level, kind,"
        " area, task, minutes, title, topic, goal, step_count, exam_tags, content, content_hash, words)"
        " VALUES ($1, $2, $3, 1, 'published', 1, 'A2', 'lesson', 'everyday', 'introduce_yourself', 6, $4,"
        " 'People', '', 2, '[]', $5, '', $4)",
        version_id,
        victim.school.id,
        lesson_id,
        MARK,
        json.dumps(as_stored(content)),
    )
    return lesson_id


@example("suggestion_id")
async def _suggestion(victim: Victim) -> object:
    return await victim.owner.fetchval(
        "INSERT INTO lesson_suggestions (id, organisation_id, user_id, request, state, unread)"
        " VALUES ($1, $2, $3, $4, 'queued', 0) RETURNING id",
        uuid4(),
        victim.school.id,
        victim.teacher.id,
        json.dumps({"topic": MARK}),
    )


@example("attempt_id")
async def _attempt(victim: Victim) -> object:
    started = await victim.person.client.post(f"{V1}/lessons/{await _lesson(victim)}/start")
    assert started.status_code == 200, started.text
    return started.json()["attempt"]["id"]


@example("exam_attempt_id")
async def _exam_attempt(victim: Victim) -> object:
    """One that is over and not judged yet, at a version that is offered no more."""
    template_id = await victim.owner.fetchval(
        "INSERT INTO exam_templates (id, key, number, offered, from_level, target_level, title, content,"
        " content_hash) VALUES ($1, $2, 1, false, 'A1', 'A2', $3, $4, '') RETURNING id",
        uuid4(),
        f"exam-{uuid4().hex[:8]}",
        MARK,
        json.dumps(small_exam(title=MARK).model_dump(mode="json")),
    )
    attempt_id = await victim.owner.fetchval(
        "INSERT INTO exam_attempts (id, organisation_id, learner_id, session_id, template_id, state,"
        " target_level, extra_time, extra_time_granted, time_scale, seed, tasks, audio_consent, ended_at)"
        " SELECT $1, organisation_id, $2, session_id, $3, 'finished', 'A2', 0, false, 1, 1, $4, false, now()"
        " FROM calls WHERE id = $5 RETURNING id",
        uuid4(),
        victim.person.id,
        template_id,
        json.dumps([{"part": "warm-up", "task": "one"}, {"part": "talk", "task": "four"}]),
        UUID(victim.call_id),
    )
    await victim.owner.execute(
        "INSERT INTO assessments (id, organisation_id, attempt_id, user_id, title, target_level, taken_at,"
        " ended_at, state, version, band_table, scores, flags, turns, review_asked_at, review_note)"
        " SELECT $1, organisation_id, id, learner_id, $2, 'A2', now(), now(), 'waiting', '', '', '{}', '[]',"
        " 0, now(), $2 FROM exam_attempts WHERE id = $3",
        uuid4(),
        MARK,
        attempt_id,
    )
    return attempt_id


@example("correction_id")
async def _correction(victim: Victim) -> object:
    return await victim.owner.fetchval(
        "INSERT INTO turn_corrections (id, organisation_id, user_id, call_id, turn_id, said_at, start_at,"
        " end_at, original, replacement, better, category, rule, explanation, severity, confidence)"
        " SELECT $1, t.organisation_id, s.user_id, t.call_id, t.id, t.started_at, 0, 2, 'My', $3, $3,"
        " 'grammar', 'TEST', $3, 'clear', 0.9 FROM turns t JOIN calls c ON c.id = t.call_id"
        " JOIN sessions s ON s.id = c.session_id WHERE t.call_id = $2 ORDER BY t.position LIMIT 1"
        " RETURNING id",
        uuid4(),
        UUID(victim.call_id),
        MARK,
    )
