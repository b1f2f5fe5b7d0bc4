"""Where requests for service reviews and health checks are raised, and taken back where one stands twice (D29)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from jsm_sla_bot.ports.site import Fetched, Seen


@dataclass(frozen=True, slots=True)
class Draft:
    """A request to be raised. `organization` is an id, `assignee` an account id, empty for nobody."""

    project: str
    issue_type: str
    label: str
    organization: str
    summary: str
    description: str
    assignee: str = ""


class ReviewDesk(Protocol):
    """The site, for who raises reviews. Raises TransientError, TerminalError, IdentityError."""

    def labelled(self, labels: Collection[str]) -> Iterable[Seen]:
        """Find every request that carries one of these labels, in whatever state."""

    def youngest_keys(self, project: str) -> Sequence[str]:
        """Return the keys that the youngest requests of a project have or may have, known to the index or not."""

    def fetch(self, ids: Sequence[str]) -> Fetched:
        """Read these requests, by id or key, from the database; a key that no request has is gone."""

    def raise_request(self, draft: Draft) -> str | None:
        """Raise a request and return its id; None where the answer was lost: it may stand or not."""

    def retire(self, request_id: str, label: str, of: str) -> bool:
        """Close a request of ours as a duplicate of the one with the key `of`; tell whether it was one of ours.

        Safe to repeat after any outcome.
        """
