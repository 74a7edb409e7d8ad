"""Listening to attempts while they go on, and judging them when they are over, by the job worker.

Each job reads, asks with no transaction open, then keeps what was found; it may come twice, and then finds
nothing to do. What was heard of a turn is kept, so that little is left for the end. While the model server or
the store is away, an attempt waits: it is never judged from less than there is.
"""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from pgqueuer.errors import RetryRequested

from api.assessment import lessons
from api.assessment.cutting import Tape, clip_of
from api.assessment.judging.bands import bands, bands_prompt
from api.assessment.judging.judge import CODE, judge, judgeable
from api.assessment.judging.judgement import Judgement
from api.assessment.judging.rubric import Rubric, rubric_prompt
from api.assessment.judging.rules import rules_prompt
from api.assessment.judging.speech import Answer, Heard, Material
from api.assessment.listening import HEARING, Listener, ModelServerAwayError
from api.assessment.models import AssessmentRow
from api.assessment.reading import Read, ReadTurn, as_called, read, tapes
from api.assessment.repository import AssessmentRepository, HeardRepository
from api.contract.corrections import Correction
from api.corrections.grammar import CheckerUnavailableError, GrammarChecker
from api.database import Database, utc_now
from api.language_model import LanguageModel, LanguageModelError
from api.memory.said import Said
from api.onboarding.placement import placement_prompt
from api.recordings import service as recordings
from api.settings import Settings
from api.storage import Storage, StorageUnavailableError
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

AGAIN: Final = timedelta(seconds=20)
"""A model server or store that is away is asked again so often, for as long as it takes."""
MORE_TO_COME: Final = timedelta(seconds=3)
SOUND_WITHIN: Final = timedelta(seconds=40)
"""So long the last of an attempt's sound is waited for; what has not come then counts as not recorded."""
EARLIER_ATTEMPTS: Final = 5
"""So many earlier attempts are looked at for what is said word for word again."""
MODEL_TRIES: Final = 2


@dataclass(frozen=True)
class _Heard:
    """What was heard of an attempt, and whether sound that was not listened to yet may still come."""

    by_turn: dict[UUID, Heard]
    missing: bool


@dataclass
class AssessmentJobs:
    """The worker's assessments."""

    database: Database
    storage: Storage
    settings: Settings
    listener: Listener | None = field(init=False)
    checker: GrammarChecker | None = field(init=False)
    model: LanguageModel | None = field(init=False)

    def __post_init__(self) -> None:
        models, grammar = self.settings.models_url, self.settings.grammar_url
        self.listener = Listener(models) if models else None
        self.checker = GrammarChecker(grammar) if grammar else None
        self.model = LanguageModel.configured(self.settings)

    async def close(self) -> None:
        """Close the connections."""
        for client in (self.listener, self.checker, self.model):
            if client is not None:
                await client.close()

    async def listen(self, organisation_id: str, attempt_id: str) -> None:
        """Listen to the turns of an attempt whose sound has come and that were not listened to yet."""
        organisation, attempt = UUID(organisation_id), UUID(attempt_id)
        found = await self._read(organisation, attempt)
        if found is None or self.listener is None:
            return
        try:
            await self._heard(organisation, attempt, found, whole=False)
        except (ModelServerAwayError, StorageUnavailableError) as error:
            # The end of the attempt listens to what is left; nothing waits for this.
            log.info("exam not listened to for now", attempt_id=attempt_id, reason=type(error).__name__)

    async def score(self, organisation_id: str, attempt_id: str) -> None:
        """Judge an attempt that is over; one that was judged by as many turns stays as it is."""
        organisation, attempt = UUID(organisation_id), UUID(attempt_id)
        found = await self._read(organisation, attempt)
        row = await self._row(organisation, attempt)
        if found is None or row is None or (row.state == "ready" and row.turns == len(found.turns)):
            return
        late = utc_now() - max(row.ended_at, row.created_at) > SOUND_WITHIN
        try:
            await self._say(organisation, attempt, "scoring")
            heard = await self._heard(organisation, attempt, found, whole=late)
            if heard.missing and not late:
                raise RetryRequested(MORE_TO_COME, "sound is still to come")
            judged, version = await self._judged(organisation, attempt, found, row, heard.by_turn)
            await self._keep(organisation, found, row, judged, version, missing=heard.missing)
        except (ModelServerAwayError, StorageUnavailableError, CheckerUnavailableError) as error:
            await self._say(organisation, attempt, "waiting")
            raise RetryRequested(AGAIN, type(error).__name__) from None
        log.info("exam judged", attempt_id=attempt_id, turns=len(found.turns), refused=judged.refused)

    async def give_up(self, organisation_id: str, attempt_id: str) -> None:
        """Say that there will be no judgement, where one was promised."""
        await self._say(UUID(organisation_id), UUID(attempt_id), "failed")

    async def _read(self, organisation: UUID, attempt: UUID) -> Read | None:
        async with self.database.reading() as session:
            await act_for(session, organisation)
            return await read(session, self.settings, attempt)

    async def _row(self, organisation: UUID, attempt: UUID) -> AssessmentRow | None:
        async with self.database.reading() as session:
            await act_for(session, organisation)
            return await AssessmentRepository(session).of_attempt(attempt)

    async def _say(self, organisation: UUID, attempt: UUID, state: str) -> None:
        """How it stands, as long as there is no judgement."""
        async with self.database.transaction() as session:
            await act_for(session, organisation)
            row = await AssessmentRepository(session).of_attempt(attempt, lock=True)
            if row is not None and row.state != "ready":
                row.state = state

    # Hearing.

    async def _heard(self, organisation: UUID, attempt: UUID, found: Read, *, whole: bool) -> _Heard:
        """What was heard of each turn; those that are new are listened to and kept at once."""
        async with self.database.reading() as session:
            await act_for(session, organisation)
            kept = await HeardRepository(session).of_attempt(attempt, HEARING)
        by_turn = {turn_id: Heard.model_validate(heard) for turn_id, heard in kept.items()}
        sound = await tapes(self.storage, found, whole=whole) if self.listener is not None else {}
        missing = self.listener is not None and found.sound_allowed and not found.turns
        for one in found.turns:
            if one.turn.id in by_turn:
                continue
            heard = await self._from_sound(one, sound.get(one.turn.call_id))
            if heard is None:
                missing = missing or (self.listener is not None and found.sound_allowed)
                continue
            by_turn[one.turn.id] = heard
            await self._keep_heard(organisation, found, one, heard)
        return _Heard(by_turn, missing)

    async def _from_sound(self, one: ReadTurn, tape: Tape | None) -> Heard | None:
        clip = clip_of(tape, one.turn.started_at, one.turn.ended_at) if tape is not None else None
        if clip is None or self.listener is None:
            return None
        return await self.listener.hear(clip)

    async def _keep_heard(self, organisation: UUID, found: Read, one: ReadTurn, heard: Heard) -> None:
        attempt = found.sitting.attempt
        async with self.database.transaction() as session:
            await act_for(session, organisation)
            await HeardRepository(session).put(
                {
                    "id": uuid4(),
                    "organisation_id": organisation,
                    "attempt_id": attempt.id,
                    "user_id": attempt.learner_id,
                    "turn_id": one.turn.id,
                    "version": HEARING,
                    "heard": heard.model_dump(mode="json"),
                }
            )

    # Judging.

    async def _judged(
        self, organisation: UUID, attempt: UUID, found: Read, row: AssessmentRow, heard: dict[UUID, Heard]
    ) -> tuple[Judgement, str]:
        material = await self._material(organisation, found, row, heard)
        rubric = await self._rubric(
            organisation, attempt, found, await asyncio.to_thread(judgeable, material)
        )
        judged = await asyncio.to_thread(judge, material, rubric)
        return judged, self._version(material, rubric)

    async def _material(
        self, organisation: UUID, found: Read, row: AssessmentRow, heard: dict[UUID, Heard]
    ) -> Material:
        async with self.database.reading() as session:
            await act_for(session, organisation)
            earlier = await AssessmentRepository(session).earlier(row.user_id, row.taken_at, EARLIER_ATTEMPTS)
            texts = await HeardRepository(session).texts_of(earlier) if earlier else []
        answers = [await self._answer(one, _better(heard.get(one.turn.id), one)) for one in found.turns]
        return Material(
            target=found.target,
            parts=found.parts,
            answers=answers,
            sound_allowed=found.sound_allowed,
            checked=self.checker is not None,
            earlier=texts,
        )

    async def _answer(self, one: ReadTurn, heard: Heard) -> Answer:
        return Answer(
            turn_id=one.turn.id,
            call_id=one.turn.call_id,
            part=one.part,
            began_at=one.turn.started_at.timestamp(),
            heard=heard,
            corrections=await self._corrections(one, heard),
            after_coach=one.after_coach,
        )

    async def _corrections(self, one: ReadTurn, heard: Heard) -> Sequence[Correction]:
        """What is to be put right in what was heard, as far as its words are sure."""
        if self.checker is None or not heard.words:
            return ()
        words = [{"word": word.text, "confidence": word.confidence} for word in heard.words]
        return await self.checker.check(
            Said(
                id=one.turn.id,
                by_learner=True,
                text=heard.text,
                spoken=True,
                started_at=one.turn.started_at,
                ended_at=one.turn.ended_at,
                words=words,
            )
        )

    async def _rubric(
        self, organisation: UUID, attempt: UUID, found: Read, material: Material
    ) -> Rubric | None:
        """What the language model says, asked once for the same words; None without one, or if it fails."""
        if self.model is None or not material.answers:
            return None
        prompt = rubric_prompt()
        listed = _listed(material)
        asked = _digest(self.model.name, prompt.hash, json.dumps(listed, sort_keys=True))
        async with self.database.reading() as session:
            await act_for(session, organisation)
            kept = await HeardRepository(session).answer(attempt, asked)
        if kept is not None:
            return Rubric.model_validate(kept)
        answer = await _asked(self.model, f"{prompt.text('role')}\n{prompt.text('rules')}", listed)
        if answer is not None:
            async with self.database.transaction() as session:
                await act_for(session, organisation)
                await HeardRepository(session).keep_answer(
                    {
                        "id": uuid4(),
                        "organisation_id": organisation,
                        "attempt_id": attempt,
                        "user_id": found.sitting.attempt.learner_id,
                        "asked": asked,
                        "model": self.model.name,
                        "prompt_hash": prompt.hash,
                        "answer": answer.model_dump(mode="json"),
                    }
                )
        return answer

    def _version(self, material: Material, rubric: Rubric | None) -> str:
        """What a score depends on besides the sound: the code's versions, and a digest of everything else."""
        ears = sorted({answer.heard.ears for answer in material.answers if answer.heard.ears})
        asked = f"{self.model.name} {rubric_prompt().hash}" if self.model is not None and rubric else ""
        rest = _digest(rules_prompt().hash, bands_prompt().hash, placement_prompt().hash, asked, *ears)
        return f"{CODE} {HEARING} {bands().name} {rest[:12]}"

    async def _keep(
        self,
        organisation: UUID,
        found: Read,
        row: AssessmentRow,
        judged: Judgement,
        version: str,
        *,
        missing: bool,
    ) -> None:
        """Keep a judgement, and erase what was held for it alone.

        Where some of the sound was missing the rest stays until its day is over, for what comes late.
        """
        async with self.database.transaction() as session:
            await act_for(session, organisation)
            kept = await AssessmentRepository(session).of_attempt(row.attempt_id, lock=True)
            if kept is None or (kept.state == "ready" and kept.turns > len(found.turns)):
                return
            fitting = await lessons.fitting(session, kept.user_id, found.target, judged)
            advised = [
                one.model_copy(update={"lesson_ids": ids})
                for one, ids in zip(judged.practise, fitting, strict=True)
            ]
            _fill(kept, judged.model_copy(update={"practise": advised}), version, len(found.turns))
            if not missing:
                await recordings.erase_held(session, self.storage, found.calls)


def _better(heard: Heard | None, one: ReadTurn) -> Heard:
    """What was heard of a turn; the call's own words where the sound gave none, for it may have a hole."""
    return heard if heard is not None and heard.words else as_called(one.turn)


async def _asked(model: LanguageModel, instructions: str, listed: Any) -> Rubric | None:
    for _ in range(MODEL_TRIES):
        try:
            return await model.write(instructions, listed, Rubric, temperature=0.0)
        except LanguageModelError as error:
            log.warning("language model did not judge: rules do", reason=str(error))
    return None


def _fill(row: AssessmentRow, judged: Judgement, version: str, turns: int) -> None:
    row.state, row.scored_at = "ready", utc_now()
    row.version, row.band_table, row.turns = version, bands().name, turns
    row.judgement = judged.model_dump(mode="json")
    row.scores = {one.dimension.value: one.score for one in judged.dimensions}
    row.level = judged.level
    row.refused = judged.refused
    row.flags = [flag.value for flag in judged.flags]


def _listed(material: Material) -> dict[str, Any]:
    """What the model gets: the tasks, and what was said, turn by turn."""
    return {
        "target_level": material.target.value,
        "tasks": [
            {"part": part.key, "task": part.task.instructions, "points": list(part.task.points)}
            for part in material.parts
        ],
        "turns": [
            {"turn": number, "part": answer.part, "said": answer.heard.text[:2_000]}
            for number, answer in enumerate(material.answers, start=1)
        ],
    }


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
