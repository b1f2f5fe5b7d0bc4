"""What happened to the facts that make a due time: severity, organizations and product, in the order of the history.

Each event carries what was known just before it and from then on, so that the replay never looks ahead.
"""

from datetime import datetime
from typing import NamedTuple

from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.request import Deed, RequestSnapshot, Value

_FOLLOWED = frozenset({Deed.SEVERITY, Deed.ORGANIZATIONS, Deed.PRODUCT})
"""The facts that are followed."""


class Span(NamedTuple):
    """The stretch that is replayed, aware UTC: from where the clock runs, until when the history is known.

    `ended`: the clock stopped there for good, and a pause that lasts ends with it.
    """

    start: datetime
    until: datetime
    ended: bool = False


class Facts(NamedTuple):
    """What was known of a request; no severity is the policy's default one (D10)."""

    severity: int
    organizations: tuple[str, ...]
    product: str | None


class Event(NamedTuple):
    """One change of a fact at an instant (aware UTC)."""

    at: datetime
    what: Deed
    before: Facts
    after: Facts


def follows(snapshot: RequestSnapshot) -> bool:
    """Return whether any of the facts that are followed has ever changed."""
    return not _FOLLOWED.isdisjoint([entry.what for entry in snapshot.history])


def events(
    policy: Policy, snapshot: RequestSnapshot, start: datetime
) -> tuple[Facts, list[Event]]:
    """Return what was known at the start, and each later change in order. The history must be in order.

    Read backwards from what is known now: where the history contradicts itself, what the next change found is the
    truth.
    """
    severity = _severity(policy, snapshot.severity)
    known = Facts(severity, snapshot.organizations, snapshot.product)
    changes = [entry for entry in snapshot.history if entry.what in _FOLLOWED]
    found: list[Event] = []
    for entry in reversed(changes):
        if entry.at <= start:
            break
        before = _with(policy, known, entry.what, entry.before)
        if (
            entry.what is not Deed.SEVERITY
            or before.severity != known.severity
        ):
            found.append(Event(entry.at, entry.what, before, known))
        known = before
    found.reverse()
    return known, found


def _with(policy: Policy, known: Facts, what: Deed, value: Value) -> Facts:
    """Return the facts with one of them as it was found."""
    if what is Deed.SEVERITY:
        severity = _severity(policy, value)
        return Facts(severity, known.organizations, known.product)
    if what is Deed.ORGANIZATIONS:
        organizations = value if isinstance(value, tuple) else ()
        return Facts(known.severity, organizations, known.product)
    product = value if isinstance(value, str) else None
    return Facts(known.severity, known.organizations, product)


def _severity(policy: Policy, value: Value) -> int:
    return value if isinstance(value, int) else policy.default_severity
