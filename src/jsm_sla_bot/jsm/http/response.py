"""What an answer of Jira's means: its JSON, or one of our errors. Neither status nor content type is trusted.

An expired token may be answered with 200 and an empty desk; a proxy may answer 200 with a page; a connection
may break in the middle of a document.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from jsm_sla_bot.jsm.errors import (
    ConflictError,
    ForbiddenError,
    GarbledError,
    IdentityError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    ScopeError,
    TerminalError,
    TransientError,
)
from jsm_sla_bot.jsm.instants import instant
from jsm_sla_bot.jsm.json_values import Json, mapping
from jsm_sla_bot.text.outside import outside

LONGEST_ADVICE = 3600.0
"""However many seconds Jira, or a proxy with a broken clock, asks us to wait: no more than these."""

LOGIN_REASON = "X-Seraph-LoginReason"
_NOT_US = ("AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED")
_SEARCHES = ("/search/jql", "/search/approximate-count")
_READING_POSTS = (
    *_SEARCHES,
    "/issue/bulkfetch",
    "/changelog/bulkfetch",
    "/comment/list",
)
SCOPE_LACKING = b"scope does not match"
"""What the gateway says with a 401 to a token that is good for other calls."""
_ONE_OF_MANY = re.compile(
    r"(?<!/api)/(?:\d+|[A-Z][A-Z0-9_]*-\d+)(?=/|$)|(?<=/project)/[^/]+",
    re.ASCII,
)
_REQUEST = re.compile(r"/issue/([^/]+)")
_BUSY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY)
_EPOCH_DIGITS = 10
"""A number of so many digits is no number of seconds to wait (it would be 31 years) but an instant."""
_LONGEST_NAME = 60
"""A field's id, or its name, is no longer."""
_HINTS = {
    HTTPStatus.GONE: "this endpoint has been removed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "a limit of this request has been reached",
    HTTPStatus.UNPROCESSABLE_ENTITY: "the site's configuration does not allow it",
}
_ONE_TIME_ACT = re.compile(rb'"priority"\s*:')
"""In an edit's body: an agent may lower a priority that was raised, so it is not raised again without a look."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call, without its query and body. `path` is for the limits that go by request.

    `is_once` tells of an edit that it does what somebody may undo at any moment.
    """

    method: str
    path: str
    is_once: bool = False

    @property
    def endpoint(self) -> str:
        """Return method and path with ids left out: what limits, metrics and messages go by."""
        return f"{self.method} {_ONE_OF_MANY.sub('/{}', self.path)}"

    @property
    def has_effect(self) -> bool:
        """Tell whether doing it twice is not the same as doing it once."""
        is_act = self.method == "POST" and not self.path.endswith(
            _READING_POSTS
        )
        return is_act or self.is_once

    @property
    def is_search(self) -> bool:
        """Tell whether the call has nothing in it but a query of our own."""
        return self.path.endswith(_SEARCHES)

    @property
    def changes_something(self) -> bool:
        """Tell whether the call writes, once or again."""
        return self.has_effect or self.method in {"PUT", "DELETE"}

    @property
    def has_effect_on(self) -> str | None:
        """Return the request that the call writes to, as its path names it; None for reads and all else."""
        found = _REQUEST.search(self.path)
        return found[1] if found and self.changes_something else None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def call(method: str, path: str, body: bytes | None = None) -> Call:
    """Name a call by what follows the site's address."""
    found = re.search(r"/rest/.*", path)
    is_once = (
        method.upper() == "PUT"
        and _ONE_TIME_ACT.search(body or b"") is not None
    )
    return Call(method.upper(), found.group() if found else path, is_once)


def payload(asked: Call, answer: Answer) -> Json:
    """Return the JSON of a good answer, None where it is empty.

    Raises IdentityError (ScopeError), TransientError (GarbledError, RateLimitedError) or TerminalError (ForbiddenError,
    NotFoundError, ConflictError, RefusedError). No message quotes the answer.
    """
    _check_identity(asked, answer)
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return _decoded(asked, answer)
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        raise TerminalError(
            f"{asked.endpoint}: Jira sends us elsewhere ({answer.status}); check the site's address"
        )
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        scope = answer.headers.get("RateLimit-Reason", "")
        raise RateLimitedError(
            f"{asked.endpoint}: too many calls (429 {scope})",
            advice(answer.headers),
            scope,
        )
    if (
        answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        or answer.status in _BUSY
    ):
        raise TransientError(
            f"{asked.endpoint}: Jira answered {answer.status}",
            advice(answer.headers),
        )
    raise _refusal(asked, answer)


def advice(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds Jira asks us to wait, by `Retry-After` or the limiter's reset time, or None.

    From 0 to LONGEST_ADVICE, whatever the header says. What can't be read, or can't be related to now for want of a
    `Date`, is no advice.
    """
    for name in ("Retry-After", "Beta-Retry-After", "X-RateLimit-Reset"):
        seconds = _seconds(
            headers.get(name, "").strip(), headers.get("Date", "")
        )
        if seconds is not None:
            return min(max(0.0, seconds), LONGEST_ADVICE)
    return None


def _check_identity(asked: Call, answer: Answer) -> None:
    reason = answer.headers.get(LOGIN_REASON, "").upper()
    denied = next((each for each in _NOT_US if each in reason), None)
    if denied is None and answer.status != HTTPStatus.UNAUTHORIZED:
        return
    if denied is None and SCOPE_LACKING in answer.body:
        raise ScopeError(
            f"{asked.endpoint}: our token lacks the scope for it (401): README: rights and scopes"
        )
    sign = f"{LOGIN_REASON}: {denied}" if denied else "401"
    raise IdentityError(
        f"{asked.endpoint}: Jira does not accept our token ({sign}): the site's address, the e-mail address or the "
        f"token may be wrong, or the token has expired or been revoked"
    )


def _decoded(asked: Call, answer: Answer) -> Json:
    body = answer.body.strip()
    if not body:
        if asked.method == "GET" or (
            asked.method == "POST" and not asked.has_effect
        ):
            raise TransientError(
                f"{asked.endpoint}: an empty answer where JSON was due"
            )
        return None
    if body[:1] not in b"{[":
        raise TransientError(
            f"{asked.endpoint}: no JSON but a page, as from a proxy or a login"
        )
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise GarbledError(
            f"{asked.endpoint}: JSON that cannot be read to its end"
        ) from error


def _refusal(asked: Call, answer: Answer) -> TerminalError | ConflictError:
    said = _collection(answer.body)
    match answer.status:
        case HTTPStatus.FORBIDDEN:
            bare = (
                ""
                if answer.body.strip()
                else " (no reason given: does our account have an agent licence?)"
            )
            return ForbiddenError(
                f"{asked.endpoint}: our account may not do that (403){bare}"
            )
        case HTTPStatus.NOT_FOUND:
            return NotFoundError(
                f"{asked.endpoint}: not there, or not to be seen by our account (404)"
            )
        case HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            return TerminalError(
                f"{asked.endpoint}: the proxy asks for a name and a password (407): put them into HTTPS_PROXY"
            )
        case HTTPStatus.CONFLICT:
            return ConflictError(
                f"{asked.endpoint}: changed by somebody else at the same time (409)"
            )
        case _:
            hint = (
                _HINTS.get(HTTPStatus(answer.status), "")
                if answer.status in _HINTS
                else ""
            )
            why = _sentence(answer.body) if asked.is_search else hint
            named = (
                f"; it objects to {', '.join(sorted(said))}" if said else ""
            )
            because = f": {why}" if why else ""
            return RefusedError(
                f"{asked.endpoint}: Jira refused ({answer.status}){because}{named}",
                said,
                answer.status,
            )


def _sentence(body: bytes) -> str:
    """Read why a search was refused. Jira quotes our own query there, and nobody's words."""
    try:
        messages = mapping(json.loads(body)).get("errorMessages")
    except (ValueError, RecursionError):
        return ""
    said = (
        [each for each in messages if isinstance(each, str)]
        if isinstance(messages, list)
        else []
    )
    return outside(" ".join(said))


def _collection(body: bytes) -> frozenset[str]:
    """Read which fields an ErrorCollection names. What it says of them may quote a customer, and is left there."""
    try:
        errors = mapping(mapping(json.loads(body)).get("errors"))
    except (ValueError, RecursionError):
        return frozenset()
    return frozenset(outside(name, _LONGEST_NAME) for name in errors)


def _seconds(value: str, sent: str) -> float | None:
    number = value.isascii() and value.isdigit()
    if number and len(value.lstrip("0")) < _EPOCH_DIGITS:
        return float(value)
    now, then = _date(sent), _date(value)
    if number and not then:
        return LONGEST_ADVICE
    return (then - now).total_seconds() if now and then else None


def _date(value: str) -> datetime | None:
    with suppress(
        ValueError
    ):  # UnreadableError is one, and so is a number too long to be read
        return instant(value)
    with suppress(ValueError, IndexError, TypeError, OverflowError):
        found = parsedate_to_datetime(value)
        return found.astimezone(UTC) if found.tzinfo else None
    return None
