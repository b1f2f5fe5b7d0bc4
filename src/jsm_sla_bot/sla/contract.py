"""The policy as values: every number and every choice of the contract, as `policy.load` read it.

No rule is decided here and no default is hidden here: this module only gives the shapes. R12 is already
worked in: each organization carries the complete terms that hold for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from jsm_sla_bot.sla.calendar import BusinessCalendar


class ClockKind(StrEnum):
    """How a target's hours are counted."""

    BUSINESS = "business hours"
    ROUND_THE_CLOCK = "round the clock"


class ClockStarts(StrEnum):
    """From when the phoned target runs (D2)."""

    CALL = "call"
    REPORT = "report"


class Counting(StrEnum):
    """How a changed severity counts (D8)."""

    RETROACTIVE = "retroactive"
    FROM_CHANGE = "from_change"


class Reopening(StrEnum):
    """Whether reopening starts a new response clock (D14)."""

    KEEP = "keep"
    RESTART = "restart"


class SeveralOrganizations(StrEnum):
    """Which of several organizations decides (D11)."""

    EARLIEST_DUE = "earliest_due"
    LATEST_DUE = "latest_due"
    FIRST_LISTED = "first_listed"


class ExclusionBy(StrEnum):
    """By what a request is left unmeasured (R8)."""

    REQUEST_TYPE = "request_type"
    CHANNEL = "channel"
    ORGANIZATION = "organization"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Target:
    """A response target (R1). With `phone` it is owed only after a call (R3)."""

    goal: timedelta
    clock: ClockKind
    phone: bool = False


@dataclass(frozen=True, slots=True)
class AcknowledgementRule:
    """Which deeds of an agent acknowledge (D4)."""

    public_comment: bool
    status: bool
    severity: bool


@dataclass(frozen=True, slots=True)
class SeverityRule:
    """How a severity change counts, per direction (D8)."""

    raised: Counting
    lowered: Counting


@dataclass(frozen=True, slots=True)
class PublicNoteRule:
    """When a kind of public note is owed (R9, D18-D22).

    It is written for these severities; not later than `within` after the event that calls for it; after its value has
    stood unchanged for `settles` (an ETA); and not where an agent has commented in public in the time
    `answered_within` before the event (a closing). All spans are elapsed time.
    """

    severities: frozenset[int]
    within: timedelta
    settles: timedelta
    answered_within: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class DormancyRule:
    """When the customer is reminded of a request that waits for them, and when it is closed (R11, D23-D27).

    `reminders` (at least one), `close_after` and `reopen_within` count business days of the organization's calendar.
    `flag_after` is elapsed time: so long after the customer's last act agents are flagged where nobody has answered.
    A request with one of the two labels of `jira.yaml` is left alone.
    """

    severities: frozenset[int]
    reminders: tuple[int, ...]
    close_after: int
    reopen_within: int
    flag_after: timedelta
    keep_open_label: str
    ignore_label: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What one organization is owed: its tier's terms with its own overrides worked in (R1-R5, R12).

    `targets` by severity; `fallback` are the targets that hold until the customer has phoned (R3);
    `sources` gives `file:line` by dotted path ("targets.1", "calendar", "phone", "round_the_clock_products" …).
    `pauses_in` are the statuses (casefolded names) in which the clock stands still until the acknowledgement: none,
    unless the organization's own contract says so (D7). `notes` are the public notes that are turned on, by kind (D12).
    `dormancy` is None where no request goes dormant (R11).
    """

    tier: str
    targets: Mapping[int, Target]
    fallback_tier: str
    fallback: Mapping[int, Target]
    calendar: BusinessCalendar
    round_the_clock_products: frozenset[str]
    known_products: frozenset[str]
    clock_starts: ClockStarts
    severity_change: SeverityRule
    acknowledgement: AcknowledgementRule
    reopen: Reopening
    overridden: tuple[str, ...] = ()
    pauses_in: frozenset[str] = frozenset()
    notes: Mapping[str, PublicNoteRule] = field(default_factory=dict)
    dormancy: DormancyRule | None = None
    flag_other_reporters: bool = False
    """Whether a request by another than the representatives is flagged (D31)."""
    severity_definitions: Mapping[int, str] = field(default_factory=dict)
    """What a severity means, as people read it (R15); empty where the policy says nothing."""
    tell_severity_changes: bool = False
    """Whether customers read that an agent changed the severity (R15)."""
    sources: Mapping[str, str] = field(default_factory=dict)

    def source(self, path: str) -> str:
        """Return `file:line` of that value, or an empty string."""
        return self.sources.get(path, "")


@dataclass(frozen=True, slots=True)
class Organization:
    """A customer's organization (R6, R7). Dates are whole days in its calendar's zone, both ends included.

    `periods` is the organization as it is in each period of its agreement, earliest first, where there are several;
    the other attributes are then those of the last one. `csm` and `representatives` are account ids (R14).
    """

    id: str
    name: str
    terms: Terms
    valid_from: date | None = None
    valid_until: date | None = None
    suspended: bool = False
    source: str = ""
    periods: tuple["Organization", ...] = ()
    csm: str = ""
    representatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One kind of request that is not measured (R8). `reason` is what the explanation gives."""

    by: ExclusionBy
    value: str
    reason: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the escalation ladder (R10): `share` of the target (1 is the due time itself).

    `contact` is whom its note asks agents to phone; empty: nobody.
    """

    name: str
    share: float
    escalate: bool
    source: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole contract, frozen. `hash` names this very policy in ledgers and logs."""

    hash: str
    default_severity: int
    default_terms: Terms
    tiers: Mapping[str, Terms]
    organizations: Mapping[str, Organization]
    several_organizations: SeveralOrganizations
    exclusions: tuple[Exclusion, ...]
    rungs: tuple[Rung, ...]
    calendars: Mapping[str, BusinessCalendar]
    sources: Mapping[str, str] = field(default_factory=dict)
    product_names: tuple[str, ...] = ()
    """By the names that people know, the round-the-clock ones first (R2)."""

    def source(self, path: str) -> str:
        """Return `file:line` of that value, or an empty string."""
        return self.sources.get(path, "")

    @property
    def knows_dormancy(self) -> bool:
        """Whether any requests can go dormant by it (R11)."""
        tiers = (self.default_terms, *self.tiers.values())
        own = [
            period.terms
            for each in self.organizations.values()
            for period in (each.periods or (each,))
        ]
        return any(terms.dormancy for terms in (*tiers, *own))
