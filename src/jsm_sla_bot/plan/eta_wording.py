"""What people read of an ETA: the ETA itself, and what agents are to do about one that slips (D21)."""

from datetime import date, datetime

from jsm_sla_bot.plan.blocks import Block, Mention, Paragraph, Span
from jsm_sla_bot.plan.wording import minute_text
from jsm_sla_bot.sla.calendar import WEEKDAYS, BusinessCalendar
from jsm_sla_bot.sla.eta import Eta, EtaNews


def eta_text(eta: Eta | None, calendar: BusinessCalendar) -> str:
    """Return `Thu 2026-03-05 17:00 CET`; a date without business hours as `Sat 2026-03-07`; empty for none."""
    match eta:
        case datetime():
            return minute_text(eta, calendar.spec.zone)
        case date() if calendar.has_hours(eta):
            return minute_text(calendar.end_of(eta), calendar.spec.zone)
        case date():
            return f"{WEEKDAYS[eta.weekday()][:3]} {eta.isoformat()}"
        case None:
            return ""


def eta_note(
    news: EtaNews, eta: str, assignee: Mention | None, *, has_read: bool
) -> tuple[Block, ...]:
    """Return the paragraphs for agents; `has_read`: this is the ETA that the customer has read last."""
    match news:
        case EtaNews.EMPTIED:
            return (_emptied(eta),)
        case EtaNews.PAST:
            return (_past(eta),)
        case EtaNews.REACHED:
            return (_reached(eta, assignee, has_read=has_read),)
        case EtaNews.FIRST | EtaNews.CHANGED:
            return ()


def _emptied(read: str) -> str:
    return (
        f"Set an ETA again, or write to the customer: the ETA was emptied, and {read} is what the customer has read "
        f"last. Nothing was written to the customer about it."
    )


def _past(eta: str) -> str:
    return (
        f"Correct the ETA: {eta} was past already when it was set, so the customer does not read it. An ETA that lies "
        f"ahead is written to the customer."
    )


def _reached(
    eta: str, assignee: Mention | None, *, has_read: bool
) -> Paragraph | str:
    whose = "the ETA that the customer has read" if has_read else "the ETA"
    said = f"Solve the request or set a new ETA: {whose}, {eta}, is reached and the request is still open."
    if assignee is None:
        return said
    spans: tuple[Span, ...] = (assignee, f" {said}")
    return Paragraph(spans)
