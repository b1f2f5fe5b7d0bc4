"""What a request's ledger remembers: the first promise, the present one, how it was settled, each with its policy."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from jsm_sla_bot.cli.question import utc_text
from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.ledger import (
    NOTHING_KEPT,
    Ledger,
    MetricLedger,
    Promise,
    Settled,
)


def promises(ledger: Ledger | None, zone: tzinfo) -> Iterator[str]:
    """Yield a sentence for each note that was written."""
    if ledger is None:
        yield "Nothing has been promised yet: no pass has written to this request."
        return
    kept = ledger.first_response
    if kept.promised:
        first = kept.promised
        yield f"First promised: {wording.instant_text(first.due, zone)} ({first.target}) under policy {first.policy}."
    if kept.due:
        yield f"Promised now: {wording.instant_text(kept.due, zone)} under policy {kept.policy}."
    if kept.settled:
        yield f"Settled as {kept.settled.status} under policy {kept.settled.policy}: no later policy re-judges it."


def as_json(ledger: Ledger | None) -> dict[str, Any]:
    """Return the same as plain data; instants in UTC, null where there is nothing."""
    kept = ledger.first_response if ledger else NOTHING_KEPT
    return {
        "first": _first(kept.promised),
        "now": _now(kept),
        "settled": _settled(kept.settled),
    }


def _first(promise: Promise | None) -> dict[str, Any] | None:
    if promise is None:
        return None
    return {
        "due": utc_text(promise.due),
        "target": promise.target,
        "policy": promise.policy,
    }


def _now(kept: MetricLedger) -> dict[str, Any] | None:
    if kept.due is None:
        return None
    return {"due": utc_text(kept.due), "policy": kept.policy}


def _settled(settled: Settled | None) -> dict[str, Any] | None:
    if settled is None:
        return None
    return {"status": settled.status, "policy": settled.policy}
