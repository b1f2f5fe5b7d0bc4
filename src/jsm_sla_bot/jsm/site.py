"""The two ports of one Jira site, put together: where requests come from and where changes go."""

from collections.abc import Mapping
from dataclasses import dataclass

from jsm_sla_bot.jsm.apply import Apply
from jsm_sla_bot.jsm.conduct import Auth, Conduct
from jsm_sla_bot.jsm.directory import Directory
from jsm_sla_bot.jsm.poll import Poll
from jsm_sla_bot.jsm.rest import Rest
from jsm_sla_bot.jsm.transport import Transport
from jsm_sla_bot.ports import ChangeSink, Desk, Intents, RequestSource


@dataclass(frozen=True, slots=True)
class Connection:
    """One site: a source of requests and a sink for changes over one transport."""

    source: RequestSource
    sink: ChangeSink
    transport: Transport
    directory: Directory

    def check(self) -> None:
        """Make sure that `jira.yaml` fits the site. Raises TerminalError that says what does not, or TransientError."""
        self.directory.check()

    def abort(self) -> None:
        """Hang up on the site, whatever is under way."""
        self.transport.abort()

    def calls(self) -> Mapping[str, tuple[int, float]]:
        """Return how often each endpoint was called, and how many seconds callers waited for the limiter."""
        return {name: (lane.calls, lane.waited) for name, lane in self.transport.lanes().items()}

    def close(self) -> None:
        """Close the connections to the site."""
        self.transport.close()


def connect(url: str, auth: Auth, desk: Desk, intents: Intents, conduct: Conduct | None = None) -> Connection:
    """Prepare the connection to a site; nothing is sent yet.

    `url` is the site's address, or `https://api.atlassian.com/ex/jira/<cloud id>` for scoped tokens. Raises
    TerminalError for an address that is none.
    """
    manners = conduct or Conduct()
    transport = Transport(url, auth, manners)
    rest = Rest(transport)
    directory = Directory(rest, desk, manners.monotonic)
    return Connection(Poll(rest, directory, manners.connections), Apply(rest, directory, intents), transport, directory)
