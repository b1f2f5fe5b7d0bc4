"""First step of the data's way: which requests may have changed, and everything about them.

Ids come from the search, which may be late and leave something out now and then; content comes from the
database.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice

import structlog

from jsm_sla_bot.jsm.decode.request import updated
from jsm_sla_bot.jsm.errors import (
    IdentityError,
    RefusedError,
    TerminalError,
    TransientError,
    UnreadableError,
)
from jsm_sla_bot.jsm.http.rest import IDS_PAGE, PAGE, Rest
from jsm_sla_bot.jsm.instants import epoch_milliseconds, instant
from jsm_sla_bot.jsm.json_values import text
from jsm_sla_bot.jsm.metadata import Directory
from jsm_sla_bot.jsm.read.fetch import Gatherer
from jsm_sla_bot.jsm.read.listings import Listings
from jsm_sla_bot.jsm.read.ranges import Span, ranges
from jsm_sla_bot.ports.site import Fetched, Seen
from jsm_sla_bot.ports.site_identity import SiteIdentity
from jsm_sla_bot.ports.site_problems import SiteProblems

_log = structlog.get_logger(__name__)


class Poll:
    """A `RequestSource` over Jira. Safe to use from several threads."""

    def __init__(
        self,
        rest: Rest,
        directory: Directory,
        listings: Listings,
        workers: int,
    ) -> None:
        self._rest = rest
        self._directory = directory
        self._workers = workers
        self._gatherer = Gatherer(rest, directory, listings, workers)

    def check_identity(self) -> str:
        """Make sure that Jira answers as to our own account; return its id. Raises IdentityError."""
        return self._directory.check_identity()

    def server_time(self) -> datetime:
        """Return the site's own time, aware UTC: watermarks go by the clock that stamps the requests.

        Raises TransientError where the site does not tell it.
        """
        given = self._rest.server_info().get("serverTime")
        try:
            return instant(given, "serverTime")
        except UnreadableError as error:
            raise TransientError(
                f"GET /rest/api/3/serverInfo: the site does not tell its time ({error}), without which no pass knows "
                f"what it has seen; look at that address with the bot's account"
            ) from error

    def site(self) -> SiteIdentity:
        """Return which site it is, by its own word: the same under each address that leads to it."""
        return self._directory.site_identity()

    def scope(self) -> frozenset[str]:
        """Return the keys of the projects served, at most ten minutes old."""
        return frozenset(self._directory.projects())

    def warnings(self) -> Sequence[str]:
        """Return what of `jira.yaml` the site does not have, as far as is known by now; asks nothing."""
        return self._directory.warnings()

    def problems(self) -> SiteProblems:
        """Return what is wrong with single projects, as far as is known by now; asks nothing."""
        return self._directory.problems.all()

    def changed_since(self, since: datetime) -> Iterable[Seen]:
        """Find requests updated at or after `since` (aware), in whatever state, each once.

        A lower bound only, in epoch milliseconds: a date in words would be read in our account's own time
        zone.
        """
        bound = f"updated >= {epoch_milliseconds(since)}"
        order = "ORDER BY updated ASC, key ASC"

        def search() -> Sequence[Seen]:
            jql = f"{self._in_scope()} AND {bound} {order}"
            return self._search(jql, ["updated"], PAGE)

        return self._in_what_is_seen(search)

    def open_or_changed_since(self, since: datetime) -> Iterable[Seen]:
        """Find every request that is not done, and any updated at or after `since` (aware), each once."""
        wanted = f"(statusCategory != Done OR updated >= {epoch_milliseconds(since)})"
        return self._in_what_is_seen(
            lambda: self._every(f"{self._in_scope()} AND {wanted}")
        )

    def reported_between(
        self, begins: datetime, ends: datetime
    ) -> Iterable[Seen]:
        """Find every request reported at or after `begins` and before `ends` (aware), each once."""
        reported = Span(begins, ends).clause()
        return self._in_what_is_seen(
            lambda: self._every(f"{self._in_scope()}{reported}")
        )

    def labelled(self, labels: Collection[str]) -> Iterable[Seen]:
        """Find every request that carries one of these labels, in whatever state, each once."""
        wanted = ", ".join(_quoted(label) for label in sorted(labels))
        return self._in_what_is_seen(
            lambda: self._every(f"{self._in_scope()} AND labels in ({wanted})")
        )

    def _every(self, jql: str) -> Sequence[Seen]:
        """Search the index for ids, cut into ranges where they are more than a page."""
        first = list(islice(self._ids(jql), IDS_PAGE))
        found = dict.fromkeys(first)
        if len(first) == IDS_PAGE:
            spans = self._ranges(jql)
            with ThreadPoolExecutor(
                self._workers, thread_name_prefix="search"
            ) as pool:
                for ids in pool.map(
                    lambda span: list(self._ids(jql, span)), spans
                ):
                    found.update(dict.fromkeys(ids))
        return [Seen(identity) for identity in found]

    def fetch(self, ids: Sequence[str]) -> Fetched:
        """Read these requests, by id or key, from the database and with their history."""
        return self._gatherer.fetch(ids)

    def _in_what_is_seen(
        self, search: Callable[[], Sequence[Seen]]
    ) -> Sequence[Seen]:
        """Search again without the projects that can't be seen (any more), where the site refuses a search for them."""
        try:
            return search()
        except RefusedError:
            if not self._directory.leave_out_unseen():
                raise
            return search()

    def _in_scope(self) -> str:
        return f"project in ({', '.join(_quoted(key) for key in self._directory.projects())})"

    def _ids(self, jql: str, span: Span | None = None) -> Iterator[str]:
        ordered = f"{jql}{span.clause() if span else ''} ORDER BY key ASC"
        return (
            found
            for row in self._rest.search(ordered, ["id"], IDS_PAGE)
            if (found := text(row.get("id")))
        )

    def _ranges(self, jql: str) -> Sequence[Span]:
        """Cut a search that has more than one page; where nobody counts for us, leave it whole."""
        with ThreadPoolExecutor(
            self._workers, thread_name_prefix="count"
        ) as pool:

            def counts(spans: Sequence[Span]) -> Sequence[int]:
                return list(
                    pool.map(
                        lambda span: self._rest.count(jql + span.clause()),
                        spans,
                    )
                )

            try:
                [total] = counts([Span()])
                return ranges(
                    total, self.server_time(), self._workers, IDS_PAGE, counts
                )
            except IdentityError:
                raise
            except (TransientError, TerminalError) as error:
                _log.warning("jira_search_not_split", why=str(error))
                return [Span()]

    def _search(
        self, jql: str, fields: Sequence[str], size: int
    ) -> Sequence[Seen]:
        """Collect a search; a request that moved to a later page meanwhile is kept with its later time."""
        found: dict[str, Seen] = {}
        for row in self._rest.search(jql, fields, size):
            identity = text(row.get("id"))
            if identity:
                found[identity] = Seen(identity, updated(row))
        return list(found.values())


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
