"""What a request must be to be judged at all: instants with a zone, and in each place a value of its kind.

Annotations do not check the types of a snapshot: a line of JSON or a fault in a decoder can break them. A RequestError
names what is wrong; nothing is guessed.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from operator import attrgetter
from types import NoneType

from jsm_sla_bot.sla.errors import RequestError
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    RequestSnapshot,
    Role,
    Status,
)

_KINDS: dict[Deed, tuple[type, ...]] = {
    Deed.SEVERITY: (int, NoneType),
    Deed.STATUS: (Status, NoneType),
    Deed.CALLED: (datetime, NoneType),
    Deed.ORGANIZATIONS: (tuple, NoneType),
    Deed.LABELS: (frozenset, NoneType),
    Deed.PRODUCT: (str, NoneType),
    Deed.ETA: (date, NoneType),
}

_PRESENT: dict[str, tuple[type, ...]] = {
    "severity": (int, NoneType),
    "organizations": (tuple,),
    "product": (str, NoneType),
    "request_type": (str, NoneType),
    "channel": (str, NoneType),
    "labels": (frozenset,),
    "status": (Status,),
    "reporter": (str,),
}
_values = attrgetter(*_PRESENT)
_COMMONLY_PRESENT = frozenset(product(*_PRESENT.values()))
_COMMON = frozenset(
    (deed, before, after)
    for deed in (*Deed,)
    if deed not in {Deed.CALLED, Deed.ORGANIZATIONS, Deed.ETA}
    for before, after in product(_KINDS.get(deed, (NoneType,)), repeat=2)
)
"""What needs no closer look: exact types that can hold nothing wrong. Most entries; the others are looked into."""


def checked(snapshot: RequestSnapshot) -> RequestSnapshot:
    """Return the snapshot with all instants in UTC; raises RequestError for one that cannot be judged."""
    key = snapshot.key
    _check_present(snapshot)
    if not in_utc(snapshot.reported, f"{key}: the report"):
        snapshot = replace(
            snapshot, reported=snapshot.reported.astimezone(UTC)
        )
    snapshot = _with_plain_eta(snapshot)
    odd = [
        entry
        for entry in snapshot.history
        if type(entry.at) is not datetime
        or entry.at.tzinfo is not UTC
        or type(entry.what) is not Deed
        or type(entry.role) is not Role
        or (entry.what, type(entry.before), type(entry.after)) not in _COMMON
    ]
    plain = [
        _is_plain(entry, key) for entry in odd
    ]  # every one is looked into, whatever the others are
    if not all(plain):
        snapshot = replace(
            snapshot, history=tuple(map(_plain, snapshot.history))
        )
    return snapshot


def _with_plain_eta(snapshot: RequestSnapshot) -> RequestSnapshot:
    """Return the snapshot with an ETA in UTC; raises RequestError for what is neither an instant nor a date."""
    eta = snapshot.eta
    if eta is None or type(eta) is date:
        return snapshot
    if in_utc(eta, f"{snapshot.key}: the ETA") or not isinstance(
        eta, datetime
    ):
        return snapshot
    return replace(snapshot, eta=eta.astimezone(UTC))


def in_utc(instant: object, what: str) -> bool:
    """Return whether an instant is in UTC; raises RequestError for one without a zone."""
    if not isinstance(instant, datetime):
        raise RequestError(f"{what} must be an instant, found {instant!r}")
    if instant.tzinfo is UTC:
        return True
    if instant.utcoffset() is None:
        raise RequestError(
            f"{what} has no time zone: {instant.isoformat()}; give it one, such as +01:00"
        )
    return False


def _check_present(snapshot: RequestSnapshot) -> None:
    values = _values(snapshot)
    if tuple(map(type, values)) in _COMMONLY_PRESENT and _all_text(
        snapshot.organizations
    ):
        return
    for (name, kinds), value in zip(_PRESENT.items(), values, strict=True):
        if not isinstance(value, kinds) or (
            kinds[0] is tuple and not _all_text(value)
        ):
            raise _misfit(
                f"{snapshot.key}: the {name.replace('_', ' ')}", value, kinds
            )


def _is_plain(entry: HistoryEntry, key: str) -> bool:
    """Return whether an entry has its instants in UTC already; raises RequestError for one of the wrong kind."""
    _check_kind(entry.role, entry.what, key)
    plain = in_utc(entry.at, f"{key}: a history entry ({entry.what})")
    kinds = _KINDS.get(entry.what)
    if kinds is None:
        return plain
    for value in (entry.before, entry.after):
        if not isinstance(value, kinds):
            raise _misfit(
                f"{key}: the history entry of {entry.at.isoformat()} ({entry.what})",
                value,
                kinds,
            )
        if isinstance(value, datetime):
            plain = in_utc(value, f"{key}: {_called(entry.what)}") and plain
        elif isinstance(value, tuple) and not _all_text(value):
            raise _misfit(
                f"{key}: the history entry of {entry.at.isoformat()} ({entry.what})",
                value,
                kinds,
            )
    return plain


def _called(what: Deed) -> str:
    return "an ETA" if what is Deed.ETA else "a call"


def _check_kind(role: object, what: object, key: str) -> None:
    if not isinstance(role, Role) or not isinstance(what, Deed):
        raise RequestError(
            f"{key}: a history entry must be a known deed in a known role, found {what!r} by {role!r}"
        )


def _plain(entry: HistoryEntry) -> HistoryEntry:
    before, after = (
        value.astimezone(UTC) if isinstance(value, datetime) else value
        for value in (entry.before, entry.after)
    )
    return replace(
        entry, at=entry.at.astimezone(UTC), before=before, after=after
    )


def _all_text(values: object) -> bool:
    if not isinstance(values, tuple):
        return False
    return all(isinstance(value, str) for value in values)


def _misfit(
    where: str, value: object, kinds: tuple[type, ...]
) -> RequestError:
    wanted = " or ".join(
        "nothing" if kind is NoneType else kind.__name__ for kind in kinds
    )
    of_texts = " of texts" if kinds[0] is tuple else ""
    return RequestError(f"{where} must be {wanted}{of_texts}, found {value!r}")
