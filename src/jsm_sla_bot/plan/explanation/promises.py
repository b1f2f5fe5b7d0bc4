"""What a request's ledger remembers, in sentences: the first promise, the present one, how it was settled."""

from collections.abc import Iterator
from datetime import tzinfo

from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.ledger import Ledger


def promises(ledger: Ledger | None, zone: tzinfo) -> Iterator[str]:
    """Yield a sentence for each promise that was written, with the policy that it was made under."""
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
