"""The comments of requests that have more of them than fit on a page: only what is new is asked for.

What was listed is kept, without the words: who said something, when and to whom. The next time the listing begins with
the last comments that are known, since those are the ones that may still change. Where they do not stand there as
before, one was deleted or inserted, and all are listed again. So they are after `LIFETIME`: an edit further up shows
nowhere. A restart lists all again.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

from jsm_sla_bot.jsm.http.rest import PAGE, Rest
from jsm_sla_bot.jsm.json_values import JsonObject, mapping, text

LIFETIME = 20 * 3600.0
"""Seconds; less than a day, so that each daily sweep lists all."""
OVERLAP = 50
"""So many known comments are read again, in the one call that looks for new ones."""
MOST_KEPT = 100_000
"""So many comments are kept, those of the requests that were asked for last."""
_WORDS = frozenset(
    {"body", "renderedBody", "updateAuthor", "updated", "self", "author"}
)
_OF_A_PERSON = ("accountId", "accountType", "displayName")


@dataclass(frozen=True, slots=True)
class _Listed:
    comments: Sequence[JsonObject]
    since: float


class Listings:
    """Lists comments, oldest first. Safe to use from several threads; `monotonic` is in seconds."""

    def __init__(self, rest: Rest, monotonic: Callable[[], float]) -> None:
        self._rest, self._monotonic = rest, monotonic
        self._lock = Lock()
        self._kept: OrderedDict[str, _Listed] = OrderedDict()

    def comments(self, issue: str) -> Sequence[JsonObject]:
        """Return all comments of a request, those that were known already without their words.

        Raises TransientError, NotFoundError.
        """
        now = self._monotonic()
        with self._lock:
            known = self._kept.get(issue)
        if known and now - known.since < LIFETIME:
            found = self._continued(issue, known.comments)
            if found is not None:
                self._keep(issue, _Listed(found, known.since))
                return found
        found = list(self._rest.comments(issue))
        if len(found) > PAGE:
            self._keep(issue, _Listed(_without_words(found), now))
        return found

    def _continued(
        self, issue: str, known: Sequence[JsonObject]
    ) -> Sequence[JsonObject] | None:
        """Go on with the last comments that are known; None where they have moved."""
        kept = len(known) - OVERLAP
        more = list(self._rest.comments(issue, start=kept))
        if _ids(more[:OVERLAP]) != _ids(known[kept:]):
            return None
        return [*known[:kept], *_without_words(more)]

    def _keep(self, issue: str, listed: _Listed) -> None:
        with self._lock:
            self._kept.pop(issue, None)
            self._kept[issue] = listed
            while self._held() > MOST_KEPT:
                self._kept.popitem(last=False)

    def _held(self) -> int:
        """Return how many comments are kept, of all requests together."""
        return sum(len(each.comments) for each in self._kept.values())


def _without_words(comments: Sequence[JsonObject]) -> Sequence[JsonObject]:
    """Leave out what was said; whoever said it is kept once for all that they said."""
    people: dict[str, JsonObject] = {}
    found = []
    for comment in comments:
        slim = {
            name: value
            for name, value in comment.items()
            if name not in _WORDS
        }
        author = mapping(comment.get("author"))
        if author:
            person = {
                name: author[name] for name in _OF_A_PERSON if name in author
            }
            slim["author"] = people.setdefault(repr(person), person)
        found.append(slim)
    return found


def _ids(comments: Sequence[JsonObject]) -> Sequence[str | None]:
    return [text(comment.get("id")) for comment in comments]
