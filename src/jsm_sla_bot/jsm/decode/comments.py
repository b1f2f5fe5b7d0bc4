"""Comments as history: who said something, and whether the customer could read it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from jsm_sla_bot.jsm.decode.roles import Cast, account_id, display_name
from jsm_sla_bot.jsm.instants import instant
from jsm_sla_bot.jsm.json_values import (
    Json,
    JsonObject,
    mapping,
    rows,
    text,
    whole,
)
from jsm_sla_bot.plan.markers import (
    MARKERS,
    PROPERTY,
    Audience,
    audience_of,
)
from jsm_sla_bot.sla.request import Deed, HistoryEntry, Role

AUDIENCE = "sd.public.comment"
"""The service desk's own property of a comment, which tells who may read it."""


def embedded(value: Json) -> Sequence[JsonObject] | None:
    """Return the comments that came with a request, or None unless all came and all tell who sees them."""
    page = mapping(value)
    found, total = rows(page.get("comments")), whole(page.get("total"))
    complete = (
        total is not None
        and total <= len(found)
        and isinstance(page.get("comments"), list)
    )
    return (
        found
        if complete
        and all(isinstance(each.get("jsdPublic"), bool) for each in found)
        else None
    )


def entries(
    comments: Sequence[JsonObject], cast: Cast
) -> Iterator[HistoryEntry]:
    """Yield the comments as history, each once. Raises UnreadableError for one without its instant."""
    seen: set[str] = set()
    for comment in comments:
        identity = text(comment.get("id")) or ""
        if identity and identity in seen:
            continue
        seen.add(identity)
        at = instant(comment.get("created"), "a comment's created")
        what = (
            Deed.PUBLIC_COMMENT if is_public(comment) else Deed.INTERNAL_NOTE
        )
        author = comment.get("author")
        yield HistoryEntry(
            at,
            _role(comment, cast),
            what,
            by=account_id(author) or "",
            name=display_name(author),
        )


def may_answer(comments: Sequence[JsonObject], cast: Cast) -> bool:
    """Tell whether one of them is a probable answer, as far as the request itself tells (D35)."""
    return any(
        is_public(each) and cast.may_be_agent(each.get("author"))
        for each in comments
    )


def is_public(comment: JsonObject) -> bool:
    """Tell whether the customer can read a comment.

    Where Jira does not say, it counts as internal: a clock is stopped by what was shown to the customer, not
    by what may have been (D4). A comment kept to a role or group is internal whatever else is said of it, and so is
    one that contradicts itself: public to the service desk, internal by its own property.
    """
    is_kept_inside = _property(comment, AUDIENCE).get("internal") in (
        True,
        "true",
    )
    return may_be_read(comment) and not is_kept_inside


def may_be_read(comment: JsonObject) -> bool:
    """Tell whether the service desk shows a comment to the customer, whatever the comment's own property says."""
    return comment.get("jsdPublic") is True and not mapping(
        comment.get("visibility")
    )


def is_by(comment: JsonObject, account: str) -> bool:
    """Tell whether that account wrote a comment: only then is it that account's, whatever property it carries."""
    return account_id(comment.get("author")) == account


def said_at(
    comments: Iterable[JsonObject], account: str
) -> dict[str, datetime]:
    """Return when that account's comments were written, by their ids (aware UTC). Raises UnreadableError."""
    return {
        identity: instant(each.get("created"), "a comment's created")
        for each in comments
        if is_by(each, account) and (identity := text(each.get("id")))
    }


def markers(comment: JsonObject) -> frozenset[str]:
    """Return the markers that a comment carries, if it was listed with its properties: ours if we wrote it."""
    found = _property(comment, PROPERTY).get(MARKERS)
    return (
        frozenset(found)
        if isinstance(found, list) and all(isinstance(m, str) for m in found)
        else frozenset()
    )


def is_exposed(comment: JsonObject) -> bool:
    """Tell whether a note that we wrote, listed with its properties, may be read by a customer it was not meant for.

    Where its evidence contradicts itself it counts as public: better a note that is taken back than one that is read.
    What was meant its markers say.
    """
    carried = markers(comment)
    is_meant = audience_of(carried) is Audience.PUBLIC
    return may_be_read(comment) and bool(carried) and not is_meant


def _property(comment: JsonObject, key: str) -> JsonObject:
    return next(
        (
            mapping(each.get("value"))
            for each in rows(comment.get("properties"))
            if each.get("key") == key
        ),
        {},
    )


def _role(comment: JsonObject, cast: Cast) -> Role:
    """Tell the author's role. Who may not see the request wrote by mail from outside: no agent's answer.

    An agent who has left may not see it any more, but could at the time (D35).
    """
    author = comment.get("author")
    role = cast.role(author)
    if cast.may_be_agent(author):
        return Role.PROBABLE_AGENT if is_public(comment) else role
    outside = comment.get("jsdAuthorCanSeeRequest") is False
    left = account_id(author) in cast.former
    return (
        Role.CUSTOMER if outside and role is Role.AGENT and not left else role
    )
