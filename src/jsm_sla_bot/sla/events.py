"""What happened to the facts that make a due time: severity, organizations and product, in the order of the history.

Each event carries what was known just before it and from then on, so that the replay never looks ahead.
"""

from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.history import Held, held
from jsm_sla_bot.sla.request import Deed, RequestSnapshot

FOLLOWED = (Deed.SEVERITY, Deed.ORGANIZATIONS, Deed.PRODUCT)
"""The facts that are followed; of changes at one instant the severity's comes first."""
_FOLLOWED = frozenset(FOLLOWED)


class Span(NamedTuple):
    """The stretch that is replayed, aware UTC: from where the clock runs, until when the history is known.

    `ended` tells that the clock stopped there for good: what lasts, ends with it.
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
    """Tell whether any of the facts that are followed has ever changed."""
    return not _FOLLOWED.isdisjoint([entry.what for entry in snapshot.history])


def events(
    policy: Policy, snapshot: RequestSnapshot, start: datetime
) -> tuple[Facts, list[Event]]:
    """Return what was known at the start, and each later change in order. The history must be in order."""
    known = Facts(
        _severity(policy, snapshot.severity), snapshot.organizations, snapshot.product
    )
    if not follows(snapshot):
        return known, []
    kinds = {entry.what for entry in snapshot.history}
    changes: list[tuple[datetime, int, Held]] = []
    for place, what in enumerate(FOLLOWED):
        if what in kinds:
            first, *later = held(snapshot, what)
            known = _with(policy, known, what, first)
            changes += [(value.since, place, value) for value in later]
    changes.sort(key=itemgetter(0, 1))
    opening = known
    found: list[Event] = []
    for at, place, value in changes:
        what = FOLLOWED[place]
        after = _with(policy, known, what, value)
        if at <= start:
            opening = after
        elif what is not Deed.SEVERITY or after.severity != known.severity:
            found.append(Event(at, what, known, after))
        known = after
    return opening, found


def _with(policy: Policy, known: Facts, what: Deed, given: Held) -> Facts:
    value = given.value
    if what is Deed.SEVERITY:
        return known._replace(severity=_severity(policy, value))
    if what is Deed.ORGANIZATIONS:
        ids = value if isinstance(value, tuple) else ()
        return known._replace(organizations=ids)
    return known._replace(product=value if isinstance(value, str) else None)


def _severity(policy: Policy, value: object) -> int:
    return value if isinstance(value, int) else policy.default_severity
