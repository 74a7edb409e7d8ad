"""All SQL about what is written on calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.calls.models import Call, Turn, first_words, turn_count
from api.identity.models import User
from api.pages import Mark
from api.review.models import Bookmark, Comment, Flag, FlagKind
from api.sessions.models import PracticeSession

WORDS_SHOWN = 120

_people: Final[Any] = User
"""fastapi-users declares some of its columns as plain values."""


@dataclass(frozen=True)
class CallRow:
    """A call, whose it is, and how much was said."""

    call: Call
    learner_id: UUID
    learner_name: str
    turn_count: int
    first_words: str


@dataclass(frozen=True)
class ListedCall:
    """A call of a list, with how much was written about it."""

    row: CallRow
    comment_count: int
    new_answers: int
    open_flags: int
    bookmarked: bool


@dataclass(frozen=True)
class Written:
    """A comment with its author's name."""

    comment: Comment
    author_name: str


@dataclass(frozen=True)
class Received:
    """A comment as its learner's list shows it."""

    written: Written
    call_started_at: datetime
    turn_text: str


@dataclass(frozen=True)
class Marked:
    """A bookmark with what it marks."""

    bookmark: Bookmark
    learner_id: UUID
    learner_name: str
    call_started_at: datetime
    words: str


def is_open_flag() -> ColumnElement[bool]:
    """Whether a flag waits for somebody; a good example does not."""
    return and_(Flag.resolved_at.is_(None), Flag.kind != FlagKind.GOOD_EXAMPLE)


def is_new_answer() -> ColumnElement[bool]:
    """Whether a comment is a learner's answer that no instructor has read."""
    return and_(Comment.author_id == Comment.learner_id, Comment.read_at.is_(None))


def _is_new_to_learner() -> ColumnElement[bool]:
    return and_(Comment.author_id.is_distinct_from(Comment.learner_id), Comment.read_at.is_(None))


def name_of(person: Any) -> ColumnElement[str]:
    """The name under which a person is shown: the one they chose, else their address; empty for nobody."""
    return func.coalesce(func.nullif(person.display_name, ""), person.email, "")


def _author() -> ColumnElement[str]:
    """The name that an author chose; an address is not for the learner to see."""
    return func.coalesce(User.display_name, "")


def _calls(organisation_id: UUID) -> Select[tuple[Call, UUID, str, int, str]]:
    return (
        select(Call, PracticeSession.user_id, name_of(User), turn_count(), first_words())
        .join(PracticeSession, PracticeSession.id == Call.session_id)
        .join(User, _people.id == PracticeSession.user_id)
        .where(Call.organisation_id == organisation_id)
    )


class CallReader:
    """Calls and transcripts, for who may look at their learner."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def call(self, call_id: UUID, organisation_id: UUID) -> CallRow | None:
        """A call of the organisation."""
        row = (await self.session.execute(_calls(organisation_id).where(Call.id == call_id))).one_or_none()
        return CallRow(*row) if row else None

    async def learner_of(self, call_id: UUID, organisation_id: UUID) -> UUID | None:
        """Whose call it is."""
        query = (
            select(PracticeSession.user_id)
            .join(Call, Call.session_id == PracticeSession.id)
            .where(Call.id == call_id, Call.organisation_id == organisation_id)
        )
        return (await self.session.execute(query)).scalar_one_or_none()

    async def page(
        self, learner_id: UUID, organisation_id: UUID, reader_id: UUID, after: Mark | None, limit: int
    ) -> list[ListedCall]:
        """The next calls of a learner, newest first."""
        comments = select(func.count(Comment.id)).where(Comment.call_id == Call.id).correlate(Call)
        flags = select(func.count(Flag.id)).where(Flag.call_id == Call.id, is_open_flag()).correlate(Call)
        marked = exists().where(Bookmark.call_id == Call.id, Bookmark.user_id == reader_id).correlate(Call)
        query = _calls(organisation_id).add_columns(
            comments.scalar_subquery(),
            comments.where(is_new_answer()).scalar_subquery(),
            flags.scalar_subquery(),
            marked,
        )
        query = query.where(PracticeSession.user_id == learner_id)
        if after is not None:
            query = query.where(tuple_(Call.started_at, Call.id) < (after.at, after.id))
        query = query.order_by(Call.started_at.desc(), Call.id.desc()).limit(limit)
        rows = (await self.session.execute(query)).all()
        return [ListedCall(CallRow(*row[:5]), *row[5:]) for row in rows]

    async def turn_text(self, turn_id: UUID, call_id: UUID) -> str | None:
        """The text of a turn of the call."""
        query = select(Turn.text).where(Turn.id == turn_id, Turn.call_id == call_id)
        return (await self.session.execute(query)).scalar_one_or_none()


class CommentRepository:
    """Comments and answers."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, comment: Comment) -> None:
        """Keep a comment."""
        self.session.add(comment)
        await self.session.flush()

    async def get(self, comment_id: UUID, organisation_id: UUID, *, lock: bool = False) -> Comment | None:
        """A comment of the organisation, on a call that is there; `lock` holds it."""
        query = (
            select(Comment)
            .join(Call, Call.id == Comment.call_id)
            .where(Comment.id == comment_id, Comment.organisation_id == organisation_id)
        )
        held = query.with_for_update(of=Comment)
        return (await self.session.scalars(held if lock else query)).one_or_none()

    async def delete(self, comment: Comment) -> None:
        """Remove a comment."""
        await self.session.delete(comment)
        await self.session.flush()

    async def count_of_call(self, call_id: UUID) -> int:
        """How many comments and answers a call has."""
        query = select(func.count(Comment.id)).where(Comment.call_id == call_id)
        return (await self.session.execute(query)).scalar_one()

    async def has_answers(self, comment_id: UUID) -> bool:
        """Whether somebody answered a comment."""
        query = select(Comment.id).where(Comment.parent_id == comment_id).limit(1)
        return (await self.session.execute(query)).one_or_none() is not None

    async def of_call(self, call_id: UUID) -> list[Written]:
        """Everything written on a call, oldest first."""
        query = (
            select(Comment, _author())
            .outerjoin(User, _people.id == Comment.author_id)
            .where(Comment.call_id == call_id)
            .order_by(Comment.created_at, Comment.id)
        )
        return [Written(*row) for row in (await self.session.execute(query)).all()]

    async def received(
        self, learner_id: UUID, organisation_id: UUID, after: Mark | None, limit: int
    ) -> list[Received]:
        """The next comments that a learner received, newest first."""
        query = (
            select(Comment, _author(), Call.started_at, func.coalesce(Turn.text, ""))
            .join(Call, Call.id == Comment.call_id)
            .outerjoin(Turn, Turn.id == Comment.turn_id)
            .outerjoin(User, _people.id == Comment.author_id)
            .where(
                Comment.learner_id == learner_id,
                Comment.organisation_id == organisation_id,
                Comment.author_id.is_distinct_from(learner_id),
            )
            .order_by(Comment.created_at.desc(), Comment.id.desc())
            .limit(limit)
        )
        if after is not None:
            query = query.where(tuple_(Comment.created_at, Comment.id) < (after.at, after.id))
        rows = (await self.session.execute(query)).all()
        return [Received(Written(comment, name), at, words) for comment, name, at, words in rows]

    async def count_new(self, learner_id: UUID, organisation_id: UUID) -> int:
        """How many comments a learner has not read."""
        query = (
            select(func.count(Comment.id))
            .join(Call, Call.id == Comment.call_id)
            .where(
                Comment.learner_id == learner_id,
                Comment.organisation_id == organisation_id,
                _is_new_to_learner(),
            )
        )
        return (await self.session.execute(query)).scalar_one()

    async def mark_read(
        self, learner_id: UUID, organisation_id: UUID, call_id: UUID | None, now: datetime
    ) -> None:
        """The learner has read what was written to them, on one call or on all."""
        statement = update(Comment).where(
            Comment.learner_id == learner_id,
            Comment.organisation_id == organisation_id,
            _is_new_to_learner(),
        )
        if call_id is not None:
            statement = statement.where(Comment.call_id == call_id)
        await self.session.execute(statement.values(read_at=now))

    async def mark_answers_read(self, call_id: UUID, now: datetime) -> None:
        """An instructor has read the learner's answers on a call."""
        await self.session.execute(
            update(Comment).where(Comment.call_id == call_id, is_new_answer()).values(read_at=now)
        )


class FlagRepository:
    """Flags."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, flag: Flag) -> None:
        """Keep a flag."""
        self.session.add(flag)
        await self.session.flush()

    async def locked(self, flag_id: UUID, organisation_id: UUID) -> tuple[Flag, str] | None:
        """A flag of the organisation with its author's name, held until the request ends."""
        query = (
            select(Flag, _author())
            .join(Call, Call.id == Flag.call_id)
            .outerjoin(User, _people.id == Flag.author_id)
            .where(Flag.id == flag_id, Flag.organisation_id == organisation_id)
            .with_for_update(of=Flag)
        )
        row = (await self.session.execute(query)).one_or_none()
        return (row[0], row[1]) if row else None

    async def delete(self, flag: Flag) -> None:
        """Remove a flag."""
        await self.session.delete(flag)
        await self.session.flush()

    async def count_of_call(self, call_id: UUID) -> int:
        """How many flags a call has."""
        query = select(func.count(Flag.id)).where(Flag.call_id == call_id)
        return (await self.session.execute(query)).scalar_one()

    async def of_call(self, call_id: UUID) -> list[tuple[Flag, str]]:
        """The flags of a call with their authors' names, oldest first."""
        query = (
            select(Flag, _author())
            .outerjoin(User, _people.id == Flag.author_id)
            .where(Flag.call_id == call_id)
            .order_by(Flag.created_at, Flag.id)
        )
        return [(flag, name) for flag, name in (await self.session.execute(query)).all()]


class BookmarkRepository:
    """Bookmarks, each its owner's alone."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self.session = session
        self.user_id = user_id

    async def add(self, organisation_id: UUID, call_id: UUID, turn_id: UUID | None) -> Bookmark:
        """Mark a place; marked before, it stays as it is."""
        await self.session.execute(
            insert(Bookmark)
            .values(organisation_id=organisation_id, user_id=self.user_id, call_id=call_id, turn_id=turn_id)
            .on_conflict_do_nothing()
        )
        query = select(Bookmark).where(
            Bookmark.user_id == self.user_id,
            Bookmark.call_id == call_id,
            Bookmark.turn_id.is_not_distinct_from(turn_id),
        )
        return (await self.session.scalars(query)).one()

    async def get(self, bookmark_id: UUID) -> Bookmark | None:
        """One of the person's bookmarks."""
        query = select(Bookmark).where(Bookmark.id == bookmark_id, Bookmark.user_id == self.user_id)
        return (await self.session.scalars(query)).one_or_none()

    async def delete(self, bookmark: Bookmark) -> None:
        """Remove a bookmark."""
        await self.session.delete(bookmark)
        await self.session.flush()

    async def of_call(self, call_id: UUID) -> Sequence[Bookmark]:
        """The person's bookmarks on a call."""
        query = select(Bookmark).where(Bookmark.call_id == call_id, Bookmark.user_id == self.user_id)
        return (await self.session.scalars(query.order_by(Bookmark.created_at))).all()

    async def page(
        self, organisation_id: UUID, visible: Select[tuple[UUID]], after: Mark | None, limit: int
    ) -> list[Marked]:
        """The person's bookmarks on calls of learners whom they may still see, newest first."""
        query = (
            select(
                Bookmark,
                PracticeSession.user_id,
                name_of(User),
                Call.started_at,
                func.left(func.coalesce(Turn.text, ""), WORDS_SHOWN),
            )
            .join(Call, Call.id == Bookmark.call_id)
            .join(PracticeSession, PracticeSession.id == Call.session_id)
            .join(User, _people.id == PracticeSession.user_id)
            .outerjoin(Turn, Turn.id == Bookmark.turn_id)
            .where(
                Bookmark.user_id == self.user_id,
                Bookmark.organisation_id == organisation_id,
                PracticeSession.user_id.in_(visible),
            )
            .order_by(Bookmark.created_at.desc(), Bookmark.id.desc())
            .limit(limit)
        )
        if after is not None:
            query = query.where(tuple_(Bookmark.created_at, Bookmark.id) < (after.at, after.id))
        return [Marked(*row) for row in (await self.session.execute(query)).all()]
