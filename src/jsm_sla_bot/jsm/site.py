"""The two ports of one Jira site, put together: where requests come from and where changes go."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.http.transport import Transport
from jsm_sla_bot.jsm.metadata import Directory
from jsm_sla_bot.jsm.provision.calls import AdminCalls
from jsm_sla_bot.jsm.provision.hands import Hands
from jsm_sla_bot.jsm.provision.reading import SetupReader
from jsm_sla_bot.jsm.read.listings import Listings
from jsm_sla_bot.jsm.read.poll import Poll
from jsm_sla_bot.jsm.survey.calls import SetupCalls
from jsm_sla_bot.jsm.survey.surveyor import SiteSurveyor
from jsm_sla_bot.jsm.survey.write_test import WriteTest
from jsm_sla_bot.jsm.write.apply import Apply
from jsm_sla_bot.jsm.write.exposure import Exposure
from jsm_sla_bot.jsm.write.review_requests import ReviewRequests
from jsm_sla_bot.ports.journal import Intents
from jsm_sla_bot.ports.review_desk import ReviewDesk
from jsm_sla_bot.ports.sign_in import SignIn
from jsm_sla_bot.ports.site import (
    ChangeSink,
    Clock,
    Desk,
    HistorySource,
    RequestSource,
)


@dataclass(frozen=True, slots=True)
class Connection:
    """One site, read as one `jira.yaml` says: a source of requests and a sink for changes over one transport."""

    source: RequestSource
    histories: HistorySource
    sink: ChangeSink
    transport: Transport
    directory: Directory
    options: HttpOptions
    intents: Intents
    exposure: Exposure
    reviews: ReviewDesk

    def serving(self, desk: Desk) -> "Connection":
        """Return the same site as another `jira.yaml` reads it, over the same transport and its limits."""
        return _over(
            self.transport, desk, self.intents, self.options, self.exposure
        )

    def check(self) -> None:
        """Make sure that `jira.yaml` fits the site. Raises TerminalError that says what does not, or TransientError."""
        self.directory.check()

    def end_waits(self) -> None:
        """End every wait between two attempts at once, and allow no other."""
        self.options.cancel.set()

    def abort(self) -> None:
        """Hang up on the site, whatever is under way."""
        self.transport.abort()

    def calls(self) -> Mapping[str, tuple[int, float]]:
        """Return how often each endpoint was called, and how many seconds callers waited for the limiter."""
        return {
            name: (lane.calls, lane.waited)
            for name, lane in self.transport.lanes().items()
        }

    def answers(self) -> Mapping[tuple[str, str], int]:
        """Return how often each endpoint answered with which status; `none` where no answer came."""
        return self.transport.answers()

    def notes_stopped(self) -> str | None:
        """Return why no notes are written any more, None while they are."""
        return self.exposure.stopped()

    def close(self) -> None:
        """Close the connections to the site."""
        self.transport.close()


def connect(
    url: str,
    auth: SignIn,
    desk: Desk,
    intents: Intents,
    options: HttpOptions | None = None,
) -> Connection:
    """Prepare the connection to a site; nothing is sent yet.

    `url` is the site's address, or `https://api.atlassian.com/ex/jira/<cloud id>` for scoped tokens. Raises
    TerminalError for an address that is none.
    """
    chosen = options or HttpOptions()
    return _over(
        Transport(url, auth, chosen), desk, intents, chosen, Exposure()
    )


def surveyor(
    connection: Connection,
    desk: Desk,
    clock: Clock,
    signs_in: SignIn,
    permissions: Sequence[str],
) -> SiteSurveyor:
    """Return what looks at the whole site, as `jira.yaml` reads it."""
    lanes = connection.transport.lanes
    return SiteSurveyor(
        rest=Rest(connection.transport),
        calls=SetupCalls(connection.transport),
        desk=desk,
        clock=clock,
        signs_in=signs_in,
        permissions=permissions,
        calls_made=lambda: sum(each.calls for each in lanes().values()),
    )


def write_test(connection: Connection, desk: Desk) -> WriteTest:
    """Return what tries every kind of write on one request."""
    calls = SetupCalls(connection.transport)
    return WriteTest(Rest(connection.transport), calls, desk)


@contextmanager
def administrator(
    url: str,
    auth: SignIn,
    desk: Desk,
    options: HttpOptions | None = None,
    *,
    as_far_as_allowed: bool = False,
) -> Iterator[Hands]:
    """Sign in for one run of provisioning. Raises TerminalError for an address that is none."""
    transport = Transport(url, auth, options or HttpOptions())
    try:
        admin = AdminCalls(transport)
        surveys = SetupCalls(transport)
        reader = SetupReader(
            Rest(transport), surveys, admin, desk, as_far_as_allowed
        )
        yield Hands(reader, admin)
    finally:
        transport.close()


def _over(
    transport: Transport,
    desk: Desk,
    intents: Intents,
    options: HttpOptions,
    exposure: Exposure,
) -> Connection:
    rest = Rest(transport)
    directory = Directory(rest, desk, options.monotonic)
    listings = Listings(rest, options.monotonic)
    source = Poll(rest, directory, listings, options.connections)
    sink = Apply(rest, directory, intents, exposure)
    return Connection(
        source=source,
        histories=source,
        sink=sink,
        transport=transport,
        directory=directory,
        options=options,
        intents=intents,
        exposure=exposure,
        reviews=ReviewRequests(rest, directory, source),
    )
