"""Drafting a lesson, by the job worker: with the language model where there is one, else from a template."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

import prompts
from api.authoring import by_model
from api.authoring.by_model import Passages, UnusableProposalError
from api.authoring.checking import Known
from api.authoring.material import Material, material_of
from api.authoring.models import SuggestionState
from api.authoring.repository import SourceRepository, SuggestionRepository
from api.authoring.schemas import SuggestionWish
from api.authoring.templates import Wanted, lesson_from_template
from api.authoring.wishes import known, wanted_of
from api.contract.lessons import LessonContent
from api.curriculum import objectives
from api.curriculum import service as curriculum
from api.database import Database
from api.identity import service as identity
from api.identity.auth import Principal
from api.knowledge import reading
from api.language_model import LanguageModel, LanguageModelError
from api.settings import Settings
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

TEMPLATE: Final = "template"
MOST_PASSAGES: Final = 24_000
"""Characters of documents that a language model is given."""


class NotWantedError(Exception):
    """The suggestion, its author or a document is gone, or the author writes no lessons any more."""


@dataclass(frozen=True)
class _Order:
    """What is to be drafted, with all it may use."""

    suggestion_id: UUID
    person: Principal
    wish: SuggestionWish
    wanted: Wanted
    can_do: dict[str, str]
    documents: Sequence[Passages]
    known: Known
    unread: int


@dataclass(frozen=True)
class _Drafted:
    content: LessonContent
    written_by: str
    prompt_hash: str
    fell_back: str | None = None


@dataclass
class AuthoringJobs:
    """The worker's hands for authors."""

    database: Database
    settings: Settings
    model: LanguageModel | None = field(init=False)

    def __post_init__(self) -> None:
        self.model = LanguageModel.configured(self.settings)

    async def close(self) -> None:
        """Close the connections."""
        if self.model is not None:
            await self.model.close()

    async def suggest(self, organisation_id: str, suggestion_id: str) -> None:
        """Draft a lesson as it was asked for; a draft that is there already stays the only one."""
        organisation, key = UUID(organisation_id), UUID(suggestion_id)
        try:
            await self._note(organisation, key, state=SuggestionState.READING)
            order = await self._read(organisation, key)
            await self._note(organisation, key, state=SuggestionState.WRITING)
            drafted = await self._drafted(order)
            await self._note(organisation, key, state=SuggestionState.CHECKING)
            await self._keep(organisation, order, drafted)
        except NotWantedError:
            await self.give_up(organisation_id, suggestion_id)
            return
        log.info(
            "lesson suggested",
            suggestion_id=suggestion_id,
            by=drafted.written_by,
            fell_back=drafted.fell_back,
            documents=len(order.documents),
        )

    async def give_up(self, organisation_id: str, suggestion_id: str) -> None:
        """Say that a suggestion could not be made."""
        async with self.database.transaction() as session:
            await act_for(session, UUID(organisation_id))
            repository = SuggestionRepository(session)
            kept = await repository.get(UUID(suggestion_id))
            if kept is not None and kept.state != SuggestionState.READY:
                await repository.note(kept.id, state=SuggestionState.FAILED)

    async def _note(self, organisation: UUID, key: UUID, **values: Any) -> None:
        async with self.database.transaction() as session:
            await act_for(session, organisation)
            repository = SuggestionRepository(session)
            kept = await repository.get(key)
            if kept is None or kept.state == SuggestionState.READY:
                raise NotWantedError
            await repository.note(key, **values)

    async def _read(self, organisation: UUID, key: UUID) -> _Order:
        async with self.database.reading() as session:
            await act_for(session, organisation)
            kept = await SuggestionRepository(session).get(key)
            person = await identity.principal_of(session, kept.user_id, organisation) if kept else None
            if kept is None or person is None or person.role not in curriculum.AUTHORS:
                raise NotWantedError
            wish = SuggestionWish.model_validate(kept.request)
            wanted = replace(await wanted_of(session, wish), words=wish.words)
            texts = [await reading.text_if_any(session, person, one) for one in wish.document_ids]
            allowed = await known(session)
            can_do = {one.key: one.can_do for one in await objectives.catalogue(session)}
        documents = [Passages(one.title, one.pieces) for one in texts if one is not None]
        material, unread = await asyncio.to_thread(_material, documents)
        return _Order(
            suggestion_id=key,
            person=person,
            wish=wish,
            wanted=replace(wanted, material=material),
            can_do=can_do,
            documents=documents,
            known=allowed,
            unread=unread + texts.count(None),
        )

    async def _drafted(self, order: _Order) -> _Drafted:
        if self.model is None:
            return _from_template(order.wanted, None)
        try:
            content = await by_model.propose(
                self.model, order.wanted, order.can_do, _cut(order.documents), order.known
            )
        except LanguageModelError as error:
            log.warning("language model did not suggest: a template does", reason=str(error))
            return _from_template(order.wanted, "unavailable")
        except UnusableProposalError:
            log.warning("language model suggested no lesson: a template does")
            return _from_template(order.wanted, "unusable")
        return _Drafted(content, self.model.name, prompts.load(by_model.PROMPT).hash)

    async def _keep(self, organisation: UUID, order: _Order, drafted: _Drafted) -> None:
        async with self.database.transaction() as session:
            await act_for(session, organisation)
            repository = SuggestionRepository(session)
            kept = await repository.held(order.suggestion_id)
            if kept is None or kept.state == SuggestionState.READY:
                raise NotWantedError
            work = await curriculum.create_draft(session, order.person, drafted.content)
            there = [
                one
                for one in order.wish.document_ids
                if await reading.text_if_any(session, order.person, one) is not None
            ]
            await SourceRepository(session).put(organisation, work.lesson.id, there)
            await repository.note(
                kept.id,
                state=SuggestionState.READY,
                lesson_id=work.lesson.id,
                written_by=drafted.written_by,
                fell_back=drafted.fell_back,
                prompt_hash=drafted.prompt_hash,
                unread=order.unread,
            )


def _from_template(wanted: Wanted, fell_back: str | None) -> _Drafted:
    digest = prompts.load(f"authoring/{wanted.task.value}").hash
    return _Drafted(lesson_from_template(wanted), TEMPLATE, digest, fell_back)


def _material(documents: Sequence[Passages]) -> tuple[Material, int]:
    """The sentences that a template may use of all documents, and in how many there was none."""
    found = [material_of(one.title, one.texts) for one in documents]
    title = next((one.title for one in found if one.title), "")
    return (
        Material(title, _mixed([list(one.excerpts) for one in found])),
        sum(not one.excerpts for one in found),
    )


def _mixed(lists: list[list[Any]], most: int = 6) -> tuple[Any, ...]:
    """Some of each list, in the order of the lists: the shares are as even as they can be."""
    left = [one for one in lists if one]
    share = max(1, most // max(1, len(left)))
    return tuple(item for one in left for item in one[:share])[:most]


def _cut(documents: Sequence[Passages]) -> list[Passages]:
    """The beginning of each document, together no more than the model is given."""
    room = MOST_PASSAGES // max(1, len(documents))
    cut = []
    for one in documents:
        texts, left = [], room
        for text in one.texts:
            texts.append(text[:left])
            left -= len(text)
            if left <= 0:
                break
        cut.append(Passages(one.title, texts))
    return cut
