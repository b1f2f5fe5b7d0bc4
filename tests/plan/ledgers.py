"""Ledgers as tests write them: with what is kept of the first response, and as version 1 of them kept it."""

from dataclasses import replace
from typing import Any

from jsm_sla_bot.plan.ledger import Ledger, MetricLedger
from jsm_sla_bot.sla.assessment import FIRST_RESPONSE


def ledger_of(**kept: Any) -> Ledger:
    """Return a ledger that keeps this of the first response, and nothing else."""
    return Ledger().with_metric(FIRST_RESPONSE, MetricLedger(**kept))


def with_kept(ledger: Ledger, **changes: Any) -> Ledger:
    """Return the ledger with something else kept of the first response."""
    kept = replace(ledger.first_response, **changes)
    return ledger.with_metric(FIRST_RESPONSE, kept)


def flat(value: dict[str, Any]) -> dict[str, Any]:
    """Return a ledger's JSON as version 1 wrote it: the first response at the top level."""
    whole = {name: one for name, one in value.items() if name != "metrics"}
    nothing: dict[str, Any] = {
        "promised": None,
        "due": None,
        "policy": "",
        "rungs": [],
        "escalated": False,
        "settled": None,
        "owes_priority": False,
        "raised": False,
    }
    return {
        **whole,
        **nothing,
        **value["metrics"].get("first_response", {}),
        "version": 1,
    }


def nested(value: dict[str, Any]) -> dict[str, Any]:
    """Return a ledger's JSON of version 1 as version 2 writes it."""
    names = (
        "promised",
        "due",
        "policy",
        "rungs",
        "escalated",
        "settled",
        "owes_priority",
        "raised",
    )
    whole = {name: one for name, one in value.items() if name not in names}
    kept = {name: value[name] for name in names if name in value}
    return {**whole, "metrics": {"first_response": kept}, "version": 2}
