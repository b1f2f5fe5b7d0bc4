"""The ledger: what the bot keeps on the request itself, as the issue property `jsm-sla-bot`.

It holds what was promised first, the due time that the rungs belong to, the rungs done, the notes, what was
written to each field, and how often it was put right. Everything else can be lost: this is what makes a rebuilt
journal harmless.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from jsm_sla_bot.plan.strict_json import LedgerError, Part

VERSION = 1

__all__ = ["Corrected", "Ledger", "LedgerError", "Promise", "Settled"]


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
    """The ledger of the request with the id `request`, empty in those of earlier bots.

    `notes` maps marker to comment id; `rungs`, `escalated`, `owes_priority` belong to `due`. `owes_priority` tells that
    the site has refused the priority of an escalation so far, `raised` that it was written before the transition could
    be made: an agent may have lowered it since. `written` maps a field to the fingerprint of what was last written
    there; a field that the site refused, or that a bot wrote before there were fingerprints, has none. `corrected`
    counts for each field what was changed by hand.
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
    request: str = ""
    doubted: tuple[str, ...] = ()
    """What of the ledgers that were found here was not believed, by kind: for ops."""

    def with_notes(self, written: Mapping[str, str]) -> "Ledger":
        """Return the ledger with these markers added."""
        return replace(self, notes={**self.notes, **written})

    def to_json(self) -> dict[str, Any]:
        """Return the property's value; instants are ISO 8601 in UTC."""
        return {
            "version": VERSION,
            "request": self.request,
            "doubted": list(self.doubted),
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
        """Read a property's value; raises LedgerError, which quotes nothing, for anything that `to_json` does not make.

        Whoever may edit the request may write the property, so nothing of it is taken for granted.
        """
        known = Part(value, "the ledger")
        version = known.get("version", None)
        if version != VERSION or isinstance(version, bool):
            message = f"expected a ledger of version {VERSION}, found another one"
            raise LedgerError(message)
        return cls(
            promised=_promise(known.part("promised")),
            due=known.instant_or_none("due"),
            policy=known.text("policy"),
            rungs=known.texts("rungs"),
            escalated=known.flag("escalated"),
            notes=known.words("notes"),
            settled=_settled(known.part("settled")),
            written=known.words("written", {}),
            owes_priority=known.flag("owes_priority", default=False),
            raised=known.flag("raised", default=False),
            corrected=_corrections(known),
            request=known.text("request", ""),
            doubted=known.texts("doubted", []),
        )


def _text(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).isoformat() if instant else None


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


def _promise(part: Part | None) -> Promise | None:
    if part is None:
        return None
    return Promise(
        part.instant("due"),
        part.text("target"),
        part.text("tier"),
        part.count("severity"),
        part.text("policy"),
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


def _settled(part: Part | None) -> Settled | None:
    if part is None:
        return None
    return Settled(
        status=part.text("status"),
        tier=part.text("tier"),
        target=part.text("target"),
        basis=part.text("basis"),
        due=part.instant_or_none("due"),
        acknowledged_at=part.instant_or_none("acknowledged_at"),
        policy=part.text("policy"),
        at=part.instant("at"),
    )


def _corrected_json(corrected: Corrected) -> dict[str, Any]:
    return {
        "number": corrected.number,
        "day": corrected.day.isoformat(),
        "of_day": corrected.of_day,
    }


def _corrections(ledger: Part) -> dict[str, Corrected]:
    return {
        name: Corrected(part.count("number"), part.day("day"), part.count("of_day"))
        for name, part in ledger.parts("corrected").items()
    }
