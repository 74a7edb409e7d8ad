"""Looking at what learners said, by the job worker.

It reads, asks with no transaction open, then keeps what was found. It may come twice, and then finds nothing
to do. A language model that fails is gone without.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from api.calls import service as calls
from api.calls.models import LearnersCall
from api.contract.corrections import Correction
from api.corrections import by_model, service
from api.corrections.grammar import GrammarChecker
from api.corrections.repository import CorrectionRepository
from api.database import Database
from api.language_model import LanguageModel, LanguageModelError
from api.memory.said import Said, said, words_of
from api.practice import service as practice
from api.settings import Settings
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

Found = Mapping[UUID, Sequence[Correction]]


@dataclass(frozen=True)
class _Read:
    """A call as it stands in the record."""

    row: LearnersCall
    turns: list[Said]
    checked: dict[UUID, str | None]
    known: dict[UUID, list[Correction]]

    @property
    def unchecked(self) -> list[Said]:
        """The learner's turns that nobody looked at yet."""
        return [turn for turn in self.own if turn.id not in self.checked]

    @property
    def own(self) -> list[Said]:
        """The learner's turns."""
        return [turn for turn in self.turns if turn.by_learner]


@dataclass
class CorrectionJobs:
    """The worker's corrections."""

    database: Database
    settings: Settings
    model: LanguageModel | None = field(init=False)
    checker: GrammarChecker | None = field(init=False)

    def __post_init__(self) -> None:
        self.model = LanguageModel.configured(self.settings)
        url = self.settings.grammar_url
        self.checker = GrammarChecker(url) if url else None

    async def close(self) -> None:
        """Close the connections."""
        for client in (self.model, self.checker):
            if client is not None:
                await client.close()

    async def correct(self, organisation_id: str, call_id: str, cause: str = "", **_other: str) -> None:
        """Look at the turns of a call that were not looked at yet.

        Raises:
            CheckerUnavailableError: They cannot be checked at the moment.
        """
        organisation, call = UUID(organisation_id), UUID(call_id)
        read = await self._read(organisation, call)
        if read is None:
            return
        new = await self._by_rules(organisation, read)
        if read.row.call.ended_at is not None:
            new += await self._by_model(organisation, call)
        if new and read.row.call.ended_at is not None:
            async with self.database.transaction() as session:
                await act_for(session, organisation)
                await practice.look_at_call(session, organisation, call, occasion=f"corrections {cause}")
        log.info("call corrected", call_id=call_id, new=new)

    async def _by_rules(self, organisation: UUID, read: _Read) -> int:
        if self.checker is None or not read.unchecked:
            return 0
        found = {turn.id: await self.checker.check(turn) for turn in read.unchecked}
        async with self.database.transaction() as session:
            await act_for(session, organisation)
            return await _keep(session, read, read.unchecked, found)

    async def _by_model(self, organisation: UUID, call: UUID) -> int:
        if self.model is None:
            return 0
        read = await self._read(organisation, call)
        if read is None or all(read.checked.get(turn.id) for turn in read.own):
            return 0
        try:
            found = await by_model.find(self.model, read.turns, read.known, read.row.level)
        except LanguageModelError as error:
            log.warning("language model did not correct: rules did", reason=str(error))
            return 0
        async with self.database.transaction() as session:
            await act_for(session, organisation)
            return await _keep(
                session, read, read.own, found, model=self.model.name, prompt_hash=by_model.prompt_hash()
            )

    async def _read(self, organisation: UUID, call: UUID) -> _Read | None:
        async with self.database.reading() as session:
            await act_for(session, organisation)
            repository = CorrectionRepository(session)
            row = await calls.with_learner(session, call)
            if row is None:
                return None
            known: dict[UUID, list[Correction]] = {}
            for one in await repository.of_call(call):
                known.setdefault(one.turn_id, []).append(service.as_correction(one))
            return _Read(
                row, said(await calls.turns_of(session, call)), await repository.checked(call), known
            )


async def _keep(
    session: AsyncSession,
    read: _Read,
    looked_at: Sequence[Said],
    found: Found,
    *,
    model: str | None = None,
    prompt_hash: str | None = None,
) -> int:
    """Keep what was found, unless the call is gone meanwhile; how many are new."""
    repository = CorrectionRepository(session)
    if await calls.with_learner(session, read.row.call.id) is None:
        return 0
    still = {turn.id for turn in await calls.turns_of(session, read.row.call.id)}
    turns = [turn for turn in looked_at if turn.id in still]
    await repository.put_checked(
        [
            {
                **_place(read.row, turn),
                "words": len(words_of(turn.text)),
                "model": model,
                "prompt_hash": prompt_hash,
            }
            for turn in turns
        ]
    )
    return await repository.add(
        [
            {**_place(read.row, turn), **_row(correction), "prompt_hash": prompt_hash}
            for turn in turns
            for correction in found.get(turn.id, ())
        ]
    )


def _place(row: LearnersCall, turn: Said) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "organisation_id": row.call.organisation_id,
        "user_id": row.user_id,
        "call_id": row.call.id,
        "turn_id": turn.id,
        "said_at": turn.started_at,
    }


def _row(correction: Correction) -> dict[str, Any]:
    kept = correction.model_dump(exclude={"start", "end"})
    return {**kept, "start_at": correction.start, "end_at": correction.end}
