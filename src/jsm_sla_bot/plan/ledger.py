"""The ledger: what the bot keeps on the request itself, as the issue property `jsm-sla-bot`.

It holds what was promised first, the due time that the rungs belong to, the rungs done, the notes, what was
written to each field, and how often it was put right. Everything else can be lost: this is what makes a rebuilt
journal harmless.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

VERSION = 1


class LedgerError(ValueError):
    """The property is not a ledger of ours; the message says what was found."""


@dataclass(frozen=True, slots=True)
class Promise:
    """The first due time that anyone was told, and under which policy. `due` is aware UTC."""

    due: datetime
    target: str
    tier: str
    severity: int
    policy: str


@dataclass(frozen=True, slots=True)
class Settled:
    """How a request ended, under which policy, seen when: no later policy re-judges it. Instants aware UTC."""

    status: str
    tier: str
    target: str
    basis: str
    due: datetime | None
    acknowledged_at: datetime | None
    policy: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Corrected:
    """How often a field was put right: `number` times ever, `of_day` times on the last such day (UTC)."""

    number: int
    day: date
    of_day: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """One request's ledger. `notes` maps marker to comment id; `rungs`, `escalated`, `owes_priority` belong to `due`.

    `owes_priority` tells that the site has refused the priority of an escalation so far, `raised` that it was written
    before the transition could be made: an agent may have lowered it since. `written` maps a field to
    the fingerprint of what was last written there; a field that the site refused, or that a bot wrote before there
    were fingerprints, has none. `corrected` counts for each field what was changed by hand.
    """

    promised: Promise | None = None
    due: datetime | None = None
    policy: str = ""
    rungs: tuple[str, ...] = ()
    escalated: bool = False
    notes: Mapping[str, str] = field(default_factory=dict)
    settled: Settled | None = None
    written: Mapping[str, str] = field(default_factory=dict)
    owes_priority: bool = False
    raised: bool = False
    corrected: Mapping[str, Corrected] = field(default_factory=dict)

    def with_notes(self, written: Mapping[str, str]) -> "Ledger":
        """Return the ledger with these markers added."""
        return replace(self, notes={**self.notes, **written})

    def to_json(self) -> dict[str, Any]:
        """Return the property's value; instants are ISO 8601 in UTC."""
        return {
            "version": VERSION,
            "promised": _promise_json(self.promised),
            "due": _text(self.due),
            "policy": self.policy,
            "rungs": list(self.rungs),
            "escalated": self.escalated,
            "notes": dict(self.notes),
            "settled": _settled_json(self.settled),
            "written": dict(self.written),
            "owes_priority": self.owes_priority,
            "raised": self.raised,
            "corrected": {
                name: _corrected_json(one) for name, one in self.corrected.items()
            },
        }

    @classmethod
    def from_json(cls, value: object) -> "Ledger":
        """Read a property's value; raises LedgerError for anything that `to_json` does not make."""
        if not isinstance(value, Mapping) or value.get("version") != VERSION:
            message = (
                f"expected a ledger of version {VERSION}, found {type(value).__name__}"
            )
            raise LedgerError(message)
        try:
            return cls(
                promised=_promise(value["promised"]),
                due=_instant(value["due"]),
                policy=str(value["policy"]),
                rungs=tuple(map(str, value["rungs"])),
                escalated=bool(value["escalated"]),
                notes={
                    str(marker): str(comment)
                    for marker, comment in value["notes"].items()
                },
                settled=_settled(value["settled"]),
                written={
                    str(name): str(mark)
                    for name, mark in value.get("written", {}).items()
                },
                owes_priority=bool(value.get("owes_priority", False)),
                raised=bool(value.get("raised", False)),
                corrected={
                    str(name): _corrected(one)
                    for name, one in value.get("corrected", {}).items()
                },
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            message = f"a ledger of version {VERSION} with a broken part: {type(error).__name__} {error}"
            raise LedgerError(message) from error


def _text(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).isoformat() if instant else None


def _instant(text: str | None) -> datetime | None:
    return _read(text) if text else None


def _read(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.utcoffset() is None:
        message = f"an instant without a time zone: {text}"
        raise ValueError(message)
    return instant.astimezone(UTC)


def _promise_json(promise: Promise | None) -> dict[str, Any] | None:
    if promise is None:
        return None
    return {
        "due": _text(promise.due),
        "target": promise.target,
        "tier": promise.tier,
        "severity": promise.severity,
        "policy": promise.policy,
    }


def _promise(value: Mapping[str, Any] | None) -> Promise | None:
    if value is None:
        return None
    due = _read(value["due"])
    return Promise(
        due,
        str(value["target"]),
        str(value["tier"]),
        int(value["severity"]),
        str(value["policy"]),
    )


def _settled_json(settled: Settled | None) -> dict[str, Any] | None:
    if settled is None:
        return None
    return {
        "status": settled.status,
        "tier": settled.tier,
        "target": settled.target,
        "basis": settled.basis,
        "due": _text(settled.due),
        "acknowledged_at": _text(settled.acknowledged_at),
        "policy": settled.policy,
        "at": _text(settled.at),
    }


def _settled(value: Mapping[str, Any] | None) -> Settled | None:
    if value is None:
        return None
    return Settled(
        status=str(value["status"]),
        tier=str(value["tier"]),
        target=str(value["target"]),
        basis=str(value["basis"]),
        due=_instant(value["due"]),
        acknowledged_at=_instant(value["acknowledged_at"]),
        policy=str(value["policy"]),
        at=_read(value["at"]),
    )


def _corrected_json(corrected: Corrected) -> dict[str, Any]:
    return {
        "number": corrected.number,
        "day": corrected.day.isoformat(),
        "of_day": corrected.of_day,
    }


def _corrected(value: Mapping[str, Any]) -> Corrected:
    return Corrected(
        int(value["number"]), date.fromisoformat(value["day"]), int(value["of_day"])
    )
