"""A learner's own documents: in the copy of everything, and gone with the account; a school's stay."""

import json

import asyncpg
import httpx

from api.knowledge.jobs import KnowledgeJobs
from api.organisations.jobs import OrganisationJobs
from tests.api.conftest import Learner, SignUp
from tests.api.privacy.conftest import Workshop
from tests.api.privacy.test_erasure import erase
from tests.api.privacy.test_export import asked, fetched
from tests.api.school import choose, found

V1 = "/api/v1"


async def brought(person: Learner, workshop: Workshop, text: str, **fields: str) -> str:
    """A document that is brought and read."""
    files = {"file": ("notes.txt", text.encode())}
    answer = await person.client.post(f"{V1}/documents", files=files, data=fields)
    assert answer.status_code == 201, answer.text
    key: str = answer.json()["id"]
    jobs = KnowledgeJobs(workshop.database, workshop.storage, workshop.settings)
    organisation = await workshop.owner.fetchval("SELECT organisation_id FROM documents WHERE id = $1", key)
    await jobs.read_document(str(organisation), key)
    return key


async def test_documents_are_in_the_copy_as_files_and_as_rows(
    learner: Learner, stranger: Learner, workshop: Workshop, anonymous: httpx.AsyncClient
) -> None:
    await brought(learner, workshop, "My notes about plums and trams.")
    await brought(stranger, workshop, "Notes of somebody else about figs.")
    key = await asked(learner)
    await workshop.work()
    archive = await fetched(learner, anonymous, key)
    names = archive.namelist()
    [file] = [name for name in names if name.endswith("documents/notes.txt")]
    assert archive.read(file) == b"My notes about plums and trams."
    rows = [name for name in names if name.endswith(("documents.json", "document_chunks.json"))]
    assert len(rows) == 2
    assert not any(b"figs" in archive.read(name) for name in names)


async def test_documents_go_with_the_account_and_a_schools_stay(
    learner: Learner, sign_up: SignUp, workshop: Workshop, owner: asyncpg.Connection
) -> None:
    school = await found(sign_up)
    await school.let_in(learner, "admin")
    at_home = await brought(learner, workshop, "At home I keep a zebrafinch.")
    await choose(learner, school.id)
    own = await brought(learner, workshop, "At school I keep a zebrafinch.")
    schools = await brought(learner, workshop, "The school opens at nine.", scope="organisation")
    await erase(learner)
    await workshop.work()
    left = await owner.fetch("SELECT id::text, uploaded_by FROM documents")
    assert [(row["id"], row["uploaded_by"]) for row in left] == [(schools, None)]
    kept = [path for path in (workshop.storage.folder / "documents").rglob("*") if path.is_file()]
    assert [path.parent.name for path in kept] == [schools]
    assert await owner.fetchval("SELECT count(*) FROM document_chunks WHERE text LIKE '%zebrafinch%'") == 0
    assert at_home != own


async def test_documents_of_a_school_go_with_it(
    sign_up: SignUp, workshop: Workshop, owner: asyncpg.Connection
) -> None:
    school = await found(sign_up)
    await brought(school.admin, workshop, "The school opens at nine.", scope="organisation")
    await OrganisationJobs(workshop.database, workshop.storage).erase(str(school.id))
    assert await owner.fetchval("SELECT count(*) FROM documents") == 0
    jobs = KnowledgeJobs(workshop.database, workshop.storage, workshop.settings)
    payload = await owner.fetchval(
        "SELECT payload FROM pgqueuer WHERE entrypoint = 'knowledge.forget_documents'"
    )
    await jobs.forget(json.loads(payload)["document_ids"])
    assert [path for path in workshop.storage.folder.rglob("*") if path.is_file()] == []
