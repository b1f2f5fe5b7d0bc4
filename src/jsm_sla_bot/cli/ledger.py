"""What a request's ledger remembers: the first promise, the present one, how it was settled, each with its policy."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from jsm_sla_bot.cli.question import utc_text
from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.ledger import Ledger


def promises(ledger: Ledger | None, zone: tzinfo) -> Iterator[str]:
    """Yield a sentence for each thing that was told to somebody."""
    if ledger is None:
        yield "Nothing has been promised yet: no pass has written to this request."
        return
    if ledger.promised:
        first = ledger.promised
        yield f"First promised: {wording.instant_text(first.due, zone)} ({first.target}) under policy {first.policy}."
    if ledger.due:
        yield f"Promised now: {wording.instant_text(ledger.due, zone)} under policy {ledger.policy}."
    if ledger.settled:
        yield f"Settled as {ledger.settled.status} under policy {ledger.settled.policy}: no later policy re-judges it."


def as_json(ledger: Ledger | None) -> dict[str, Any]:
    """Return the same as plain data; instants in UTC, null where there is nothing."""
    first, settled = (ledger.promised, ledger.settled) if ledger else (None, None)
    return {
        "first": {
            "due": utc_text(first.due),
            "target": first.target,
            "policy": first.policy,
        }
        if first
        else None,
        "now": {"due": utc_text(ledger.due), "policy": ledger.policy}
        if ledger and ledger.due
        else None,
        "settled": {"status": settled.status, "policy": settled.policy}
        if settled
        else None,
    }
