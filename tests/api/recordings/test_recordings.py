"""Recordings: taken in under consent alone, joined, played by range, heard by few, erased for good."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.contract.sound import unpack
from api.recordings import links, service
from api.recordings.jobs import RecordingJobs
from api.settings import Settings
from api.storage import FolderStorage, StorageUnavailableError
from api.tenancy import act_for
from tests.api.conftest import AgentSide, Learner, error_of
from tests.api.recordings.conftest import Recorded, RecordedCall, answer, call_key
from tests.support.opus import heard, silence


def stored(app: FastAPI, call: RecordedCall) -> list[str]:
    """The names of what is stored of a call's recording."""
    storage = app.state.storage
    assert isinstance(storage, FolderStorage)
    folder = storage.folder / service.folder_of(call_key(call))
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


async def test_without_consent_nothing_is_stored(
    learner: Learner, agent: AgentSide, jobs: RecordingJobs, app: FastAPI, recorded: Recorded
) -> None:
    call = await recorded(learner)
    await answer(learner, granted=False)
    refused = await call.sound(0, 0, 1)
    assert (refused.status_code, error_of(refused)) == (410, "recording_stopped")
    assert stored(app, call) == []
    await call.finished()
    assert (await call.shown())["state"] == "none"


async def test_a_consent_taken_back_during_the_call_ends_its_recording(
    learner: Learner, recorded: Recorded, app: FastAPI
) -> None:
    call = await recorded(learner)
    assert (await call.sound(0, 0, 1)).status_code == 200
    await answer(learner, granted=False)
    assert (await call.sound(1, 1, 1)).status_code == 410
    await answer(learner, granted=True)
    before = await call.sound(2, -600, 1)
    assert before.status_code == 410, "what was recorded before the new yes stays unwanted"
    assert stored(app, call) == ["0.ogg"]


async def test_a_segment_is_kept_once(learner: Learner, recorded: Recorded, app: FastAPI) -> None:
    call = await recorded(learner)
    data = silence(call.began, 2)
    assert (await call.send(4, data)).json() == {"added": True}
    assert (await call.send(4, data)).json() == {"added": False}
    other = await call.send(4, silence(call.began, 3))
    assert (other.status_code, error_of(other)) == (409, "segment_differs")
    assert stored(app, call) == ["4.ogg"]


@pytest.mark.parametrize("data", [b"", b"junk", b"OggS" + bytes(500), bytes(600_000)])
async def test_what_is_no_segment_is_refused(
    learner: Learner, recorded: Recorded, app: FastAPI, data: bytes
) -> None:
    call = await recorded(learner)
    refused = await call.send(0, data)
    assert refused.status_code == 422
    assert stored(app, call) == []


async def test_other_kinds_numbers_and_grants_are_refused(
    learner: Learner, stranger: Learner, recorded: Recorded
) -> None:
    call, other = await recorded(learner), await recorded(stranger)
    data = silence(call.began, 1)
    assert (await call.send(0, data, **{"Content-Type": "text/plain"})).status_code == 422
    assert (await call.send(-1, data)).status_code == 422
    assert (await call.send(10**12, data)).status_code == 422
    foreign = {"Authorization": f"Bearer {other.opened.body['grant']}"}
    assert error_of(await call.send(0, data, **foreign)) == "grant_other_call"


async def test_segments_become_one_file_with_silence_between(
    learner: Learner, recorded: Recorded, app: FastAPI
) -> None:
    call = await recorded(learner)
    await call.sound(0, 0, 10, loud=40)
    await call.sound(5_000, 15, 5, loud=80)
    assert (await call.shown())["state"] == "recording"
    ended = await call.opened.close()
    assert ended.status_code == 200
    assert (await call.shown())["state"] == "processing"
    await call.join()
    shown = await call.shown()
    assert shown["state"] == "ready"
    assert shown["duration_s"] == pytest.approx(20, abs=0.02)
    assert shown["peaks"]["learner"] == [40] * 100 + [0] * 50 + [80] * 50
    assert len(stored(app, call)) == 1, "the segments are gone"
    sound = (await learner.client.get(shown["url"])).content
    left, right = heard(sound)
    assert len(left) == len(right) == pytest.approx(20 * 48_000, abs=1_000)
    await call.join()
    assert (await call.shown())["duration_s"] == shown["duration_s"], "joined again, nothing changes"


async def test_a_late_segment_is_joined_too(
    learner: Learner, recorded: Recorded, app: FastAPI, owner: asyncpg.Connection
) -> None:
    call = await recorded(learner)
    await call.sound(0, 0, 10)
    await call.finished()
    assert (await call.sound(1, 10, 10)).json() == {"added": True}
    waiting = await owner.fetchval(
        "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'recordings.join' AND status = 'queued'"
    )
    assert waiting >= 1
    await call.join()
    assert (await call.shown())["duration_s"] == pytest.approx(20, abs=0.02)
    assert len(stored(app, call)) == 1


async def test_a_full_store_asks_to_try_again_and_loses_nothing(
    learner: Learner, recorded: Recorded, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = await recorded(learner)
    put = FolderStorage.put

    async def full(self: FolderStorage, key: str, data: bytes) -> None:
        raise StorageUnavailableError(code="storage_full", retry_after_s=30)

    monkeypatch.setattr(FolderStorage, "put", full)
    refused = await call.sound(0, 0, 1)
    assert (refused.status_code, error_of(refused)) == (503, "storage_full")
    assert refused.headers["Retry-After"] == "30"
    monkeypatch.setattr(FolderStorage, "put", put)
    assert (await call.sound(0, 0, 1)).json() == {"added": True}
    assert stored(app, call) == ["0.ogg"]


@pytest.fixture
async def ready(learner: Learner, recorded: Recorded) -> RecordedCall:
    """A call of 20 s that can be heard."""
    call = await recorded(learner)
    await call.sound(0, 0, 10)
    await call.sound(1, 10, 10)
    await call.finished()
    return call


async def test_it_is_played_whole_and_by_range(ready: RecordedCall) -> None:
    client = ready.learner.client
    url = (await ready.shown())["url"]
    whole = await client.get(url)
    assert whole.status_code == 200
    assert whole.headers["Content-Type"] == "audio/ogg"
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert "no-store" in whole.headers["Cache-Control"]
    assert unpack(whole.content).started_at.tzinfo is not None
    size, etag = len(whole.content), whole.headers["ETag"]
    part = await client.get(url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{size}"
    tail = await client.get(url, headers={"Range": "bytes=-5"})
    assert (tail.status_code, tail.content) == (206, whole.content[-5:])
    same = await client.get(url, headers={"Range": "bytes=0-3", "If-Range": etag})
    assert (same.status_code, same.content) == (206, b"OggS")
    changed = await client.get(url, headers={"Range": "bytes=0-3", "If-Range": '"x"'})
    assert (changed.status_code, len(changed.content)) == (200, size)
    behind = await client.get(url, headers={"Range": f"bytes={size}-"})
    assert behind.status_code == 416
    assert behind.headers["Content-Range"] == f"bytes */{size}"


async def test_the_link_needs_no_cookie_but_is_one_persons(
    ready: RecordedCall, stranger: Learner, anonymous: httpx.AsyncClient
) -> None:
    url = (await ready.shown())["url"]
    assert (await anonymous.get(url)).status_code == 200
    refused = await stranger.client.get(url)
    assert (refused.status_code, error_of(refused)) == (403, "link_of_another")


async def test_forged_and_old_links_play_nothing(
    ready: RecordedCall, anonymous: httpx.AsyncClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = (await ready.shown())["url"]
    forged = await anonymous.get(url[:-4] + "AAAA")
    assert (forged.status_code, error_of(forged)) == (401, "link_invalid")
    monkeypatch.setattr(links, "LIFETIME", timedelta(seconds=-1))
    old = (await ready.shown())["url"]
    expired = await anonymous.get(old)
    assert (expired.status_code, error_of(expired)) == (401, "link_expired")
    monkeypatch.undo()
    foreign = links.Link(call_key(ready), uuid4(), ready.learner.id)
    other_tenant, _ = links.make(settings, foreign)
    assert (await anonymous.get(other_tenant)).status_code == 404


async def test_a_link_ends_with_the_account(
    ready: RecordedCall, anonymous: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    url = (await ready.shown())["url"]
    await owner.execute("UPDATE users SET is_active = false WHERE id = $1", ready.learner.id)
    assert (await anonymous.get(url)).status_code == 404


async def test_who_may_hear_it(
    ready: RecordedCall, anonymous: httpx.AsyncClient, stranger: Learner, owner: asyncpg.Connection
) -> None:
    path = f"/api/v1/calls/{ready.opened.id}/recording"
    assert (await anonymous.get(path)).status_code == 401
    for role in ("learner", "instructor", "admin"):
        await owner.execute("UPDATE memberships SET role = $1 WHERE user_id = $2", role, stranger.id)
        assert (await stranger.client.get(path)).status_code == 404, role
    assert (await stranger.client.get(f"/api/v1/calls/{uuid4()}/recording")).status_code == 404


@pytest.fixture
async def teacher(ready: RecordedCall, stranger: Learner, owner: asyncpg.Connection) -> Learner:
    """An instructor of a program in which the learner is."""
    organisation = ready.learner.organisation_id
    program = uuid4()
    await owner.execute("DELETE FROM memberships WHERE user_id = $1", stranger.id)
    await owner.execute(
        "INSERT INTO memberships (id, organisation_id, user_id, role) VALUES ($1, $2, $3, 'instructor')",
        uuid4(), organisation, stranger.id,
    )  # fmt: skip
    await owner.execute(
        "INSERT INTO programs (id, organisation_id, name, description) VALUES ($1, $2, 'B1', '')",
        program, organisation,
    )  # fmt: skip
    for person, role in ((stranger.id, "instructor"), (ready.learner.id, "learner")):
        await owner.execute(
            "INSERT INTO enrolments (id, organisation_id, program_id, user_id, role)"
            " VALUES ($1, $2, $3, $4, $5)",
            uuid4(), organisation, program, person, role,
        )  # fmt: skip
    return stranger


async def test_an_instructor_hears_it_and_it_is_noted(
    ready: RecordedCall, teacher: Learner, owner: asyncpg.Connection
) -> None:
    shown = await teacher.client.get(f"/api/v1/calls/{ready.opened.id}/recording")
    assert shown.json()["state"] == "ready"
    assert (await teacher.client.get(shown.json()["url"])).status_code == 200
    rows = await owner.fetch(
        "SELECT actor_id, learner_id, subject_id FROM audit_events WHERE action = 'call.heard'"
    )
    assert [tuple(row) for row in rows] == [(teacher.id, ready.learner.id, call_key(ready))]
    await owner.execute("DELETE FROM enrolments WHERE user_id = $1", teacher.id)
    assert (await teacher.client.get(f"/api/v1/calls/{ready.opened.id}/recording")).status_code == 404


async def erase(app: FastAPI, call: RecordedCall) -> None:
    async with app.state.database.transaction() as session:
        await act_for(session, call.learner.organisation_id)
        await service.erase_call(session, app.state.storage, call_key(call))


async def test_erased_is_erased_and_nothing_late_comes_back(
    ready: RecordedCall, app: FastAPI, anonymous: httpx.AsyncClient
) -> None:
    url = (await ready.shown())["url"]
    await ready.sound(9, 30, 1)
    await erase(app, ready)
    assert stored(app, ready) == []
    assert (await ready.shown())["state"] == "erased"
    assert (await anonymous.get(url)).status_code == 404
    assert (await ready.sound(10, 31, 1)).status_code == 410
    await ready.join()
    assert stored(app, ready) == []


async def test_a_join_that_is_overtaken_by_an_erasure_leaves_nothing(
    learner: Learner, recorded: Recorded, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = await recorded(learner)
    await call.sound(0, 0, 1)
    await call.opened.close()
    put = FolderStorage.put

    async def erased_meanwhile(self: FolderStorage, key: str, data: bytes) -> None:
        await put(self, key, data)
        monkeypatch.setattr(FolderStorage, "put", put)
        await erase(app, call)
        await put(self, key, data)  # the erasure came just before the last of the file

    monkeypatch.setattr(FolderStorage, "put", erased_meanwhile)
    with pytest.raises(Exception, match="erased"):
        await call.join()
    assert stored(app, call) == []


async def test_a_learner_has_all_recordings_erased(  # noqa: PLR0917 - fixtures are given by name
    ready: RecordedCall,
    stranger: Learner,
    recorded: Recorded,
    jobs: RecordingJobs,
    app: FastAPI,
    owner: asyncpg.Connection,
) -> None:
    other = await recorded(stranger)
    await other.sound(0, 0, 1)
    said = (await answer(ready.learner, granted=False, erase=True)).json()
    assert said["granted"] is False
    payload = await owner.fetchval("SELECT payload FROM pgqueuer WHERE entrypoint = 'recordings.erase'")
    arguments: dict[str, Any] = json.loads(payload)
    arguments.pop("correlation_id")
    await jobs.erase(**arguments)
    assert stored(app, ready) == []
    assert (await ready.learner.client.get("/api/v1/users/me/recording-consent")).json()["recordings"] == 0
    assert stored(app, other) == ["0.ogg"]
