"""What a request's ledger remembers: the first promise, the present one, how it was settled, each with its policy."""

from typing import Any

from jsm_sla_bot.cli.question import utc_text
from jsm_sla_bot.plan.explanation.promises import promises
from jsm_sla_bot.plan.ledger import (
    NOTHING_KEPT,
    Ledger,
    MetricLedger,
    Promise,
    Settled,
)

__all__ = ["as_json", "promises"]


def as_json(ledger: Ledger | None) -> dict[str, Any]:
    """Return what it remembers as plain data; instants in UTC, null where there is nothing."""
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
