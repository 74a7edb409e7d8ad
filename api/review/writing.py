"""Writing about calls: comments and answers, flags, bookmarks. Nobody overwrites what they have not read."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.database import utc_now
from api.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from api.identity.auth import Principal
from api.identity.models import MemberRole
from api.organisations import access
from api.review.models import Comment, Flag
from api.review.repository import (
    BookmarkRepository,
    CallReader,
    CommentRepository,
    FlagRepository,
    Written,
)
from api.review.schemas import (
    BookmarkOut,
    CommentChange,
    CommentOut,
    FlagChange,
    FlagOut,
    NewBookmark,
    NewComment,
    NewFlag,
)
from api.review.service import learner_of_visible, shown_comment, shown_flag

MOST_COMMENTS = 500
"""Comments and answers that one call takes."""
MOST_FLAGS = 200


async def comment(session: AsyncSession, person: Principal, call_id: UUID, data: NewComment) -> CommentOut:
    """Write to the learner: a note, a comment, or an answer.

    Raises:
        NotFoundError: The call is not theirs to see, or has no such turn or comment.
        InvalidError: The span reaches beyond the turn's text (`span_outside`).
        ConflictError: The call holds as many comments as it takes (`too_many`).
    """
    learner_id = await learner_of_visible(session, person, call_id)
    await _require_place(session, call_id, data)
    made = Comment(
        organisation_id=person.organisation_id,
        learner_id=learner_id,
        call_id=call_id,
        turn_id=data.turn_id,
        span_start=data.span_start,
        span_end=data.span_end,
        author_id=person.user.id,
        text=data.text,
    )
    if data.parent_id is not None:
        _place_below(made, await _root(session, person, data.parent_id, call_id))
    return await _keep(session, person, made)


async def answer(session: AsyncSession, person: Principal, comment_id: UUID, text: str) -> CommentOut:
    """Answer a comment as the learner who received it.

    Raises:
        NotFoundError: There is no such comment on the learner's calls.
        ConflictError: The call holds as many comments as it takes (`too_many`).
    """
    parent = await _root(session, person, comment_id)
    if parent.learner_id != person.user.id:
        raise NotFoundError
    made = Comment(
        organisation_id=person.organisation_id,
        learner_id=person.user.id,
        call_id=parent.call_id,
        author_id=person.user.id,
        text=text,
    )
    _place_below(made, parent)
    return await _keep(session, person, made)


async def change_comment(
    session: AsyncSession, person: Principal, comment_id: UUID, change: CommentChange
) -> CommentOut:
    """Put another text in place of one's own; the learner has it to read once more.

    Raises:
        NotFoundError: There is no such comment, or its learner is not theirs to see any more.
        ForbiddenError: Somebody else wrote it (`not_yours`).
        ConflictError: It was changed since it was read (`changed_meanwhile`, with the present one).
    """
    kept = await _seen(session, person, comment_id)
    if kept.author_id != person.user.id:
        raise ForbiddenError("Somebody else wrote this.", code="not_yours")
    _require_version(kept, change.version, person)
    if kept.text != change.text:
        kept.text = change.text
        kept.version += 1
        kept.read_at = None
        await session.flush()
    return shown_comment(Written(kept, person.user.display_name), person.user.id)


async def delete_comment(session: AsyncSession, person: Principal, comment_id: UUID, version: int) -> None:
    """Take back one's own comment; an administrator, anybody's but the learner's.

    Raises:
        NotFoundError: There is no such comment, or its learner is not theirs to see any more.
        ForbiddenError: Somebody else wrote it (`not_yours`).
        ConflictError: It was changed since it was read (`changed_meanwhile`), or answered (`answered`).
    """
    kept = await _seen(session, person, comment_id)
    moderates = person.role == MemberRole.ADMIN and kept.author_id != kept.learner_id
    if kept.author_id != person.user.id and not moderates:
        raise ForbiddenError("Somebody else wrote this.", code="not_yours")
    _require_version(kept, version, person)
    comments = CommentRepository(session)
    if await comments.has_answers(comment_id):
        raise ConflictError("This has been answered, so it stays. You can change its text.", code="answered")
    await comments.delete(kept)
    await audit.record(
        session,
        person,
        AuditAction.COMMENT_DELETED,
        subject=Subject("comment", comment_id),
        learner_id=kept.learner_id,
    )


async def flag(session: AsyncSession, person: Principal, call_id: UUID, data: NewFlag) -> FlagOut:
    """Flag a call or turn for those who look after the learner.

    Raises:
        NotFoundError: The call is not theirs to see, or has no such turn.
        ConflictError: The call holds as many flags as it takes (`too_many`).
    """
    learner_id = await learner_of_visible(session, person, call_id)
    await _require_turn(session, call_id, data.turn_id)
    flags = FlagRepository(session)
    if await flags.count_of_call(call_id) >= MOST_FLAGS:
        raise ConflictError("This call has as many flags as it can take.", code="too_many")
    made = Flag(
        organisation_id=person.organisation_id,
        learner_id=learner_id,
        call_id=call_id,
        turn_id=data.turn_id,
        author_id=person.user.id,
        kind=data.kind,
        note=data.note,
    )
    await flags.add(made)
    return shown_flag(made, person.user.display_name)


async def change_flag(session: AsyncSession, person: Principal, flag_id: UUID, change: FlagChange) -> FlagOut:
    """Change or resolve a flag; everybody who looks after the learner may.

    Raises:
        NotFoundError: There is no such flag, or its learner is not theirs to see.
        ConflictError: It was changed since it was read (`changed_meanwhile`, with the present one).
    """
    kept, author = await _seen_flag(session, person, flag_id)
    _require_flag_version(kept, author, change.version)
    if change.kind is not None:
        kept.kind = change.kind
    if change.note is not None:
        kept.note = change.note
    if change.resolved is not None:
        kept.resolved_at = utc_now() if change.resolved else None
        kept.resolved_by = person.user.id if change.resolved else None
    kept.version += 1
    await session.flush()
    return shown_flag(kept, author)


async def delete_flag(session: AsyncSession, person: Principal, flag_id: UUID, version: int) -> None:
    """Remove one's own flag; an administrator, anybody's.

    Raises:
        NotFoundError: There is no such flag, or its learner is not theirs to see.
        ForbiddenError: Somebody else set it (`not_yours`).
        ConflictError: It was changed since it was read (`changed_meanwhile`).
    """
    kept, author = await _seen_flag(session, person, flag_id)
    if kept.author_id != person.user.id and person.role != MemberRole.ADMIN:
        raise ForbiddenError("Somebody else set this flag. You can resolve it.", code="not_yours")
    _require_flag_version(kept, author, version)
    await FlagRepository(session).delete(kept)


async def bookmark(session: AsyncSession, person: Principal, call_id: UUID, data: NewBookmark) -> BookmarkOut:
    """Mark a place for oneself; marked twice, it is one bookmark.

    Raises:
        NotFoundError: The call is not theirs to see, or has no such turn.
    """
    await learner_of_visible(session, person, call_id)
    await _require_turn(session, call_id, data.turn_id)
    bookmarks = BookmarkRepository(session, person.user.id)
    kept = await bookmarks.add(person.organisation_id, call_id, data.turn_id)
    return BookmarkOut.model_validate(kept)


async def delete_bookmark(session: AsyncSession, person: Principal, bookmark_id: UUID) -> None:
    """Remove one's own bookmark.

    Raises:
        NotFoundError: There is no such bookmark of theirs.
    """
    bookmarks = BookmarkRepository(session, person.user.id)
    kept = await bookmarks.get(bookmark_id)
    if kept is None:
        raise NotFoundError
    await bookmarks.delete(kept)


async def _require_place(session: AsyncSession, call_id: UUID, data: NewComment) -> None:
    if data.turn_id is None:
        return
    text = await CallReader(session).turn_text(data.turn_id, call_id)
    if text is None:
        raise NotFoundError
    if data.span_end is not None and data.span_end > len(text):
        raise InvalidError("The span reaches beyond the turn's text.", code="span_outside")


async def _require_turn(session: AsyncSession, call_id: UUID, turn_id: UUID | None) -> None:
    if turn_id is not None and await CallReader(session).turn_text(turn_id, call_id) is None:
        raise NotFoundError


async def _root(
    session: AsyncSession, person: Principal, comment_id: UUID, call_id: UUID | None = None
) -> Comment:
    """The comment that an answer goes under: the one named, or the one that it answers itself."""
    found = await CommentRepository(session).get(comment_id, person.organisation_id)
    if found is None or (call_id is not None and found.call_id != call_id):
        raise NotFoundError
    if found.parent_id is None:
        return found
    return await _root(session, person, found.parent_id, call_id)


def _place_below(made: Comment, parent: Comment) -> None:
    made.parent_id = parent.id
    made.turn_id = parent.turn_id
    made.span_start = parent.span_start
    made.span_end = parent.span_end


async def _keep(session: AsyncSession, person: Principal, made: Comment) -> CommentOut:
    comments = CommentRepository(session)
    if await comments.count_of_call(made.call_id) >= MOST_COMMENTS:
        raise ConflictError("This call has as many comments as it can take.", code="too_many")
    await comments.add(made)
    await audit.record(
        session,
        person,
        AuditAction.COMMENT_WRITTEN,
        subject=Subject("comment", made.id),
        learner_id=made.learner_id,
    )
    return shown_comment(Written(made, person.user.display_name), person.user.id)


async def _seen(session: AsyncSession, person: Principal, comment_id: UUID) -> Comment:
    kept = await CommentRepository(session).get(comment_id, person.organisation_id, lock=True)
    if kept is None:
        raise NotFoundError
    await access.require_visible(session, person, kept.learner_id)
    return kept


async def _seen_flag(session: AsyncSession, person: Principal, flag_id: UUID) -> tuple[Flag, str]:
    found = await FlagRepository(session).locked(flag_id, person.organisation_id)
    if found is None:
        raise NotFoundError
    await access.require_visible(session, person, found[0].learner_id)
    return found


def _require_version(kept: Comment, version: int, person: Principal) -> None:
    if kept.version != version:
        present = shown_comment(Written(kept, person.user.display_name), person.user.id)
        raise _changed(present)


def _require_flag_version(kept: Flag, author: str, version: int) -> None:
    if kept.version != version:
        raise _changed(shown_flag(kept, author))


def _changed(present: CommentOut | FlagOut) -> ConflictError:
    return ConflictError(
        "This was changed since you read it. Look at it as it is now, then decide.",
        code="changed_meanwhile",
        details=[{"present": present.model_dump(mode="json")}],
    )
