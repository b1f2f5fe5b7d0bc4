"""The ledger as the value of an issue property: written in the present version, read in every version before.

Version 1 kept one metric, the first response, at the top level; version 2 keeps each metric under its name. A ledger of
an earlier version equals the same one of the present version, so it is rewritten only when something else changes.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from jsm_sla_bot.plan.ledger import (
    Corrected,
    Ledger,
    MetricLedger,
    Promise,
    Settled,
    ToldEta,
)
from jsm_sla_bot.plan.markers import eta_read
from jsm_sla_bot.plan.strict_json import LedgerError, NewerLedgerError, Part
from jsm_sla_bot.sla.assessment import FIRST_RESPONSE, MetricName

VERSION = 2
FLAT = 1
"""The version in which the first response stood at the top level."""


def to_json(ledger: Ledger) -> dict[str, Any]:
    """Return the property's value; instants are ISO 8601 in UTC."""
    metrics = {name: _metric_json(one) for name, one in ledger.metrics.items()}
    corrected = {
        name: _corrected_json(one) for name, one in ledger.corrected.items()
    }
    whole = {
        "version": VERSION,
        "request": ledger.request,
        "doubted": list(ledger.doubted),
        "metrics": metrics,
        "notes": dict(ledger.notes),
        "written": dict(ledger.written),
        "corrected": corrected,
    }
    if ledger.etas:
        whole["etas"] = [_eta_json(eta) for eta in ledger.etas]
    return whole


def from_json(value: object) -> Ledger:
    """Read a property's value; raises LedgerError, which quotes nothing, for anything that no version writes.

    Whoever may edit the request may write the property, so nothing of it is taken for granted. Raises NewerLedgerError
    for the ledger of a later version of the bot.
    """
    known = Part(value, "the ledger")
    metrics = _metrics(known)
    whole = Ledger(
        notes=known.words("notes"),
        written=known.words("written", {}),
        corrected=_corrections(known),
        request=known.text("request", ""),
        doubted=known.texts("doubted", []),
        etas=tuple(_eta(part) for part in known.entries("etas")),
    )
    return whole.with_metrics(metrics)


def _version(known: Part) -> int:
    """Return the version; raises LedgerError for one that never was, NewerLedgerError for one to come."""
    version = known.get("version", None)
    if (
        isinstance(version, bool)
        or not isinstance(version, int)
        or version < FLAT
    ):
        raise LedgerError("the ledger has a version that no bot ever wrote")
    if version > VERSION:
        raise NewerLedgerError(
            f"the ledger was written by a newer bot, in a version above {VERSION}; this bot leaves it as it is: "
            f"update this bot"
        )
    return version


def _metrics(known: Part) -> Mapping[MetricName, MetricLedger]:
    if _version(known) == FLAT:
        return {FIRST_RESPONSE: _metric(known)}
    known.get("metrics")
    return {
        name: _metric(part) for name, part in known.parts("metrics").items()
    }


def _metric(part: Part) -> MetricLedger:
    return MetricLedger(
        promised=_promise(part.part("promised")),
        due=part.instant_or_none("due"),
        policy=part.text("policy"),
        rungs=part.texts("rungs"),
        escalated=part.flag("escalated"),
        settled=_settled(part.part("settled")),
        owes_priority=part.flag("owes_priority", default=False),
        raised=part.flag("raised", default=False),
    )


def _metric_json(kept: MetricLedger) -> dict[str, Any]:
    return {
        "promised": _promise_json(kept.promised),
        "due": _text(kept.due),
        "policy": kept.policy,
        "rungs": list(kept.rungs),
        "escalated": kept.escalated,
        "settled": _settled_json(kept.settled),
        "owes_priority": kept.owes_priority,
        "raised": kept.raised,
    }


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


def _eta_json(told: ToldEta) -> dict[str, Any]:
    return {"value": told.value, "at": _text(told.at)}


def _eta(part: Part) -> ToldEta:
    value = part.text("value")
    if eta_read(value) is None:
        raise LedgerError("the ledger: etas: a value is no ETA")
    return ToldEta(value, part.instant("at"))


def _corrected_json(corrected: Corrected) -> dict[str, Any]:
    return {
        "number": corrected.number,
        "day": corrected.day.isoformat(),
        "of_day": corrected.of_day,
    }


def _corrections(ledger: Part) -> dict[str, Corrected]:
    return {
        name: Corrected(
            part.count("number"), part.day("day"), part.count("of_day")
        )
        for name, part in ledger.parts("corrected").items()
    }
