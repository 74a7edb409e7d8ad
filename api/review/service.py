"""Calls as those who look after the learner read them, and what the learner reads of what was written."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.audit.service import Witness
from api.calls import service as calls
from api.calls.schemas import TurnPage
from api.database import utc_now
from api.errors import NotFoundError
from api.identity.auth import Principal
from api.organisations import access
from api.pages import Mark, encode_cursor
from api.review.models import Comment, Flag, FlagKind
from api.review.repository import (
    BookmarkRepository,
    CallReader,
    CallRow,
    CommentRepository,
    FlagRepository,
    ListedCall,
    Marked,
    Received,
    Written,
)
from api.review.schemas import (
    BookmarkedPlace,
    BookmarkOut,
    BookmarkPage,
    CallReview,
    CommentOut,
    CommentThread,
    FlagOut,
    MyComment,
    MyCommentPage,
    ReviewedCall,
    ReviewedCallPage,
)

WORDS_SHOWN = 160


@dataclass(frozen=True)
class Reading:
    """Who reads, over which session, and the witness that notes it."""

    session: AsyncSession
    person: Principal
    witness: Witness

    async def note(self, action: AuditAction, call_id: UUID, learner_id: UUID) -> None:
        """Note that the person is about to be shown something of a call."""
        await self.witness.note(self.person, action, subject=Subject("call", call_id), learner_id=learner_id)


async def visible_call(session: AsyncSession, person: Principal, call_id: UUID) -> CallRow:
    """A call of a learner whom the person may look at.

    Raises:
        NotFoundError: It does not exist, or its learner is not theirs to see.
    """
    found = await CallReader(session).call(call_id, person.organisation_id)
    if found is None:
        raise NotFoundError
    await access.require_visible(session, person, found.learner_id)
    return found


async def learner_of_visible(session: AsyncSession, person: Principal, call_id: UUID) -> UUID:
    """The learner of such a call, without reading what was said.

    Raises:
        NotFoundError: As `visible_call`.
    """
    learner_id = await CallReader(session).learner_of(call_id, person.organisation_id)
    if learner_id is None:
        raise NotFoundError
    await access.require_visible(session, person, learner_id)
    return learner_id


async def list_calls(
    session: AsyncSession, person: Principal, learner_id: UUID, *, after: Mark | None, limit: int
) -> ReviewedCallPage:
    """One page of a learner's calls, newest first.

    Raises:
        NotFoundError: The learner is not theirs to see.
    """
    await access.require_visible(session, person, learner_id)
    rows = await CallReader(session).page(
        learner_id, person.organisation_id, person.user.id, after, limit + 1
    )
    shown = rows[:limit]
    last = shown[-1].row.call if len(rows) > limit else None
    return ReviewedCallPage(
        items=[_listed(one) for one in shown],
        next_cursor=encode_cursor(Mark(0, last.started_at, last.id)) if last else None,
    )


async def read_call(reading: Reading, call_id: UUID) -> CallReview:
    """A call with all that was written about it, and the reader's own bookmarks.

    Raises:
        NotFoundError: It is not theirs to see.
    """
    session, person = reading.session, reading.person
    row = await visible_call(session, person, call_id)
    await reading.note(AuditAction.CALL_READ, call_id, row.learner_id)
    comments = await CommentRepository(session).of_call(call_id)
    flags = await FlagRepository(session).of_call(call_id)
    bookmarks = await BookmarkRepository(session, person.user.id).of_call(call_id)
    return CallReview(
        call=calls.shown_call(row.call, row.turn_count, row.first_words),
        learner_id=row.learner_id,
        learner_name=row.learner_name,
        comments=[shown_comment(one, person.user.id) for one in comments],
        flags=[shown_flag(flag, name) for flag, name in flags],
        bookmarks=[BookmarkOut.model_validate(one) for one in bookmarks],
    )


async def note_reading(reading: Reading, call_id: UUID) -> None:
    """Admit a person to what was said in a call, and note it.

    Raises:
        NotFoundError: The call is not theirs to see.
    """
    learner_id = await learner_of_visible(reading.session, reading.person, call_id)
    await reading.note(AuditAction.CALL_READ, call_id, learner_id)


async def list_turns(reading: Reading, call_id: UUID, *, after: Mark | None, limit: int) -> TurnPage:
    """One page of a call's transcript.

    Raises:
        NotFoundError: The call is not theirs to see.
    """
    await note_reading(reading, call_id)
    return await calls.turn_page(reading.session, call_id, after=after, limit=limit)


async def list_bookmarks(
    session: AsyncSession, person: Principal, *, after: Mark | None, limit: int
) -> BookmarkPage:
    """One page of the person's bookmarks, newest first."""
    rows = await BookmarkRepository(session, person.user.id).page(
        person.organisation_id, access.visible_learners(person), after, limit + 1
    )
    shown = rows[:limit]
    last = shown[-1].bookmark if len(rows) > limit else None
    return BookmarkPage(
        items=[_marked(one) for one in shown],
        next_cursor=encode_cursor(Mark(0, last.created_at, last.id)) if last else None,
    )


async def mark_answers_read(session: AsyncSession, person: Principal, call_id: UUID) -> None:
    """The learner's answers on a call were read.

    Raises:
        NotFoundError: The call is not theirs to see.
    """
    await learner_of_visible(session, person, call_id)
    await CommentRepository(session).mark_answers_read(call_id, utc_now())


async def list_received(
    session: AsyncSession, person: Principal, *, after: Mark | None, limit: int
) -> MyCommentPage:
    """One page of what instructors wrote to the learner, newest first."""
    rows = await CommentRepository(session).received(person.user.id, person.organisation_id, after, limit + 1)
    shown = rows[:limit]
    last = shown[-1].written.comment if len(rows) > limit else None
    return MyCommentPage(
        items=[_received(one, person.user.id) for one in shown],
        next_cursor=encode_cursor(Mark(0, last.created_at, last.id)) if last else None,
    )


async def thread_of_own_call(session: AsyncSession, person: Principal, call_id: UUID) -> CommentThread:
    """All comments and answers on one of the learner's own calls.

    Raises:
        NotFoundError: The call is somebody else's.
    """
    await require_own(session, person, call_id)
    written = await CommentRepository(session).of_call(call_id)
    return CommentThread(items=[shown_comment(one, person.user.id) for one in written])


async def require_own(session: AsyncSession, person: Principal, call_id: UUID) -> None:
    """Admit only the learner whose call it is.

    Raises:
        NotFoundError: The call does not exist or is somebody else's.
    """
    if await CallReader(session).learner_of(call_id, person.organisation_id) != person.user.id:
        raise NotFoundError


async def mark_read(session: AsyncSession, person: Principal, call_id: UUID | None) -> None:
    """The learner has read the comments on a call, or all."""
    await CommentRepository(session).mark_read(person.user.id, person.organisation_id, call_id, utc_now())


async def count_new(session: AsyncSession, person: Principal) -> int:
    """How many comments the learner has not read."""
    return await CommentRepository(session).count_new(person.user.id, person.organisation_id)


def shown_comment(written: Written, reader_id: UUID) -> CommentOut:
    """A comment as browsers get it."""
    comment = written.comment
    return CommentOut(
        id=comment.id,
        call_id=comment.call_id,
        turn_id=comment.turn_id,
        parent_id=comment.parent_id,
        span_start=comment.span_start,
        span_end=comment.span_end,
        text=comment.text,
        version=comment.version,
        author_id=comment.author_id,
        author_name=written.author_name,
        by_learner=comment.author_id == comment.learner_id,
        mine=comment.author_id == reader_id,
        new=comment.read_at is None,
        created_at=comment.created_at,
        updated_at=comment.updated_at,
    )


def shown_flag(flag: Flag, author_name: str) -> FlagOut:
    """A flag as browsers get it."""
    return FlagOut(
        id=flag.id,
        call_id=flag.call_id,
        turn_id=flag.turn_id,
        kind=FlagKind(flag.kind),
        note=flag.note,
        author_name=author_name,
        resolved_at=flag.resolved_at,
        version=flag.version,
        created_at=flag.created_at,
    )


def _listed(one: ListedCall) -> ReviewedCall:
    return ReviewedCall(
        call=calls.shown_call(one.row.call, one.row.turn_count, one.row.first_words),
        comment_count=one.comment_count,
        new_answers=one.new_answers,
        open_flags=one.open_flags,
        bookmarked=one.bookmarked,
    )


def _marked(one: Marked) -> BookmarkedPlace:
    bookmark = one.bookmark
    return BookmarkedPlace(
        id=bookmark.id,
        call_id=bookmark.call_id,
        turn_id=bookmark.turn_id,
        created_at=bookmark.created_at,
        learner_id=one.learner_id,
        learner_name=one.learner_name,
        call_started_at=one.call_started_at,
        words=one.words,
    )


def _received(one: Received, reader_id: UUID) -> MyComment:
    return MyComment(
        comment=shown_comment(one.written, reader_id),
        call_started_at=one.call_started_at,
        words=_words(one.written.comment, one.turn_text),
    )


def _words(comment: Comment, turn_text: str) -> str:
    if comment.span_start is not None and comment.span_end is not None:
        return turn_text[comment.span_start : comment.span_end]
    return turn_text[:WORDS_SHOWN]
