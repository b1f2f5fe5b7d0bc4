"""What moved a due time, as reasons: the event itself, and what became of the due time by it (R5, D8, D33)."""

from jsm_sla_bot.sla.decision import Decision
from jsm_sla_bot.sla.events import Event
from jsm_sla_bot.sla.reason import Because, Reason, reason
from jsm_sla_bot.sla.request import Deed


def due_after(
    happened: Reason, before: Decision | None, after: Decision
) -> Reason | None:
    """Return what became of the due time by an event, where that needs saying."""
    due = after.due
    stays = before is not None and before.due == due
    if after.answer.owed.ran_out is None or after.is_dated_at_call:
        if stays and happened.because is Because.SEVERITY_RAISED:
            return reason(Because.DUE_KEPT, "D8", due=due)
        return None
    if stays:
        return reason(Because.BREACH_KEPT, "D33", due=due)
    return reason(
        Because.BREACH_DATED_AT_CHANGE, happened.rule, happened.source, at=due
    )


def happened_by(event: Event) -> Reason:
    """Return what an event changed."""
    source = f"history {event.at.isoformat()}"
    at = ("at", event.at)
    if event.what is Deed.SEVERITY:
        return _severity_changed(event, source)
    if event.what is Deed.PRODUCT:
        product = ("product", event.after.product)
        return Reason(Because.PRODUCT_CHANGED, "R2", source, (at, product))
    organizations = ("organizations", event.after.organizations)
    return Reason(
        Because.ORGANIZATIONS_CHANGED, "R6", source, (at, organizations)
    )


def _severity_changed(event: Event, source: str) -> Reason:
    before = event.before.severity
    after = event.after.severity
    raised = after < before
    because = Because.SEVERITY_RAISED if raised else Because.SEVERITY_LOWERED
    facts = (("before", before), ("after", after), ("at", event.at))
    return Reason(because, "D8", source, facts)
