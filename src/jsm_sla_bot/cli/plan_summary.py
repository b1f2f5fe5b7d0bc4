"""What a plan comes to: how much of each kind, and for whom. Organizations stand there by name."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rich.table import Table

from jsm_sla_bot.passes.planner import Planned
from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.fields import BY_NAME, FIELDS
from jsm_sla_bot.ports.site import SetAside
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.text.outside import outside

Row = tuple[str, int]
NOBODY = "no organization that counts"
PUBLIC = "public note: the customer reads"
CLEARED = "label taken off"
CLOSED = "dormant request closed"
REOPENED = "dormant request reopened"


@dataclass(frozen=True, slots=True)
class Summary:
    """How many requests were read, are set aside and would be written to, by kind of writing and by organization."""

    read: int
    set_aside: int
    written: int
    kinds: Mapping[str, int] = field(default_factory=dict)
    organizations: Mapping[str, int] = field(default_factory=dict)

    def rows(self) -> tuple[Sequence[Row], Sequence[Row]]:
        """Return the kinds in a fixed order, and the organizations with the most requests first."""
        kinds = list(self.kinds.items())
        most = sorted(
            self.organizations.items(), key=lambda row: (-row[1], row[0])
        )
        return kinds, most

    def as_json(self) -> dict[str, object]:
        """Return the same as plain data."""
        return {
            "read": self.read,
            "set_aside": self.set_aside,
            "written": self.written,
            "kinds": dict(self.kinds),
            "organizations": dict(self.organizations),
        }


def summarize(worked: Sequence[Planned | SetAside], policy: Policy) -> Summary:
    """Count what these plans would write."""
    planned = [one for one in worked if isinstance(one, Planned)]
    written = [one for one in planned if one.plan]
    kinds: Counter[str] = Counter(dict.fromkeys(_names(), 0))
    organizations: Counter[str] = Counter()
    for one in written:
        kinds.update(_kinds(one))
        organizations[_organization(one, policy)] += 1
    return Summary(
        read=len(worked),
        set_aside=len(worked) - len(planned),
        written=len(written),
        kinds={name: count for name, count in kinds.items() if count},
        organizations=organizations,
    )


def tables(summary: Summary) -> Iterator[Table]:
    """Draw the summary for a terminal."""
    kinds, organizations = summary.rows()
    for heading, rows in (("kind", kinds), ("organization", organizations)):
        table = Table(heading, "requests", box=None, padding=(0, 2, 0, 0))
        table.columns[1].justify = "right"
        for name, count in rows:
            table.add_row(name, str(count))
        if rows:
            yield table


def sentence(summary: Summary) -> str:
    """Return the summary in one sentence."""
    return f"{summary.written} of {summary.read} requests would be written to; nothing was."


def _names() -> Iterator[str]:
    for own in FIELDS:
        yield f"field {own.title}"
    yield from (
        "internal note",
        PUBLIC,
        CLEARED,
        "escalation: status",
        CLOSED,
        REOPENED,
        "escalation: priority",
        "ledger only",
        "closed request touched",
    )


def _kinds(one: Planned) -> Iterator[str]:
    plan = one.plan
    for change in plan.fields:
        yield f"field {BY_NAME[change.field].title}"
    if plan.note:
        yield "internal note"
    if plan.public:
        yield PUBLIC
    if plan.clearing:
        yield CLEARED
    if plan.transition_to:
        yield "escalation: status"
    if plan.move:
        is_closed = one.sighting.snapshot.status.is_done
        yield REOPENED if is_closed else CLOSED
    if plan.priority:
        yield "escalation: priority"
    if not plan.is_visible:
        yield "ledger only"
    if one.sighting.snapshot.status.is_done:
        yield "closed request touched"


def _organization(one: Planned, policy: Policy) -> str:
    """Name the organization that decides; one that is not in the configuration has no name there."""
    deciding = one.assessment.organization
    if deciding is None:
        return NOBODY
    known = policy.organizations.get(deciding)
    return outside(
        wording.organization_text(deciding, known.name if known else None)
    )
