"""The manager's report for a terminal: the figures in sentences, then the requests to look at, worst first."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from rich.table import Table

from jsm_sla_bot.cli.table import plain_table
from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.request_state import RequestState
from jsm_sla_bot.review.report import Decided, Report, States
from jsm_sla_bot.sla.assessment import SlaStatus
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.text.outside import outside

UNMEASURED = (SlaStatus.NOT_APPLICABLE, SlaStatus.NOT_ENTITLED)
ANSWERED = (SlaStatus.MET, SlaStatus.MET_LATE)


def sentences(found: Report, zone: tzinfo) -> Iterator[str]:
    """Yield how the desk stands, and what was kept; the parts of the open requests add up."""
    by_status = found.by_status
    unmeasured = sum(by_status[status] for status in UNMEASURED)
    answered = sum(by_status[status] for status in ANSWERED)
    parts = (
        f"{by_status[SlaStatus.BREACHED]} breached",
        f"{by_status[SlaStatus.AT_RISK]} at risk",
        f"{by_status[SlaStatus.RUNNING]} running",
        f"{by_status[SlaStatus.PAUSED]} paused",
        f"{answered} answered",
        f"{unmeasured} not measured",
    )
    yield f"{_many(len(found.open), 'open request')}: {', '.join(parts)}."
    yield f"Due in the opening hours that run or come next: {len(found.due_next)}.{_next_due(found, zone)}"
    since = wording.minute_text(found.since, zone)
    whole = found.whole
    yield (
        f"Since {since}: {_many(whole.met, 'promise')} kept, {whole.missed} missed; in time: {whole.attainment.text}."
    )


def tables(found: Report, policy: Policy, zone: tzinfo) -> Iterator[Table]:
    """Yield the lists that the figures are the lengths of; one that is empty has no rows."""
    view = _View(policy, zone)
    yield view.table("Breached, not answered yet", found.breached)
    yield view.table("At risk", found.at_risk)
    yield view.table("Due next", found.due_next)
    yield view.table("Missed since then", found.missed)
    yield _kept(found)


class _View:
    """Draws lists of requests with the names of the policy's organizations."""

    def __init__(self, policy: Policy, zone: tzinfo) -> None:
        self._policy = policy
        self._zone = zone

    def table(self, title: str, states: States) -> Table:
        """Return a list, worst first."""
        columns = ("request", "severity", "tier", "organization", "due", "")
        table = plain_table(title, *columns)
        for one in states:
            table.add_row(*self._row(one))
        return table

    def _row(self, one: RequestState) -> tuple[str, ...]:
        return (
            outside(one.key),
            f"S{one.severity}",
            one.tier,
            self._name(one.organization),
            self._minute(one.due) or "-",
            self._standing(one),
        )

    def _standing(self, one: RequestState) -> str:
        answered = self._minute(one.answered_at)
        return f"answered {answered}" if answered else str(one.status)

    def _minute(self, at: datetime | None) -> str:
        return wording.minute_text(at, self._zone) if at else ""

    def _name(self, identity: str) -> str:
        known = self._policy.organizations.get(identity)
        name = known.name if known else ""
        return outside(f"{name} ({identity})" if name else identity)


def _kept(found: Report) -> Table:
    columns = ("tier", "severity", "kept", "missed", "in time")
    table = plain_table("Kept and missed since then", *columns)
    for kind, decided in found.decided.items():
        severity = f"S{kind.severity}"
        table.add_row(kind.tier, severity, *_figures(decided))
    return table


def _figures(decided: Decided) -> tuple[str, str, str]:
    share = decided.attainment.text
    return str(decided.met), str(decided.missed), share


def _next_due(found: Report, zone: tzinfo) -> str:
    upcoming = found.next_due
    if upcoming is None:
        return ""
    return f" The next one: {wording.minute_text(upcoming, zone)}."


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
