"""The ledger: what the bot keeps on the request itself, as the issue property `jsm-sla-bot`.

For each SLA metric it holds what was promised first, the due time that the rungs belong to, the rungs done and the
outcome; for the request as a whole the notes, what was written to each field, and how often it was corrected.
Everything else can be lost: this is what makes a rebuilt journal harmless. `ledger_json` reads and writes it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from jsm_sla_bot.sla.assessment import FIRST_RESPONSE, MetricName


@dataclass(frozen=True, slots=True)
class Promise:
    """The first due time that anyone could read, and under which policy. `due` is aware UTC."""

    due: datetime
    target: str
    tier: str
    severity: int
    policy: str


@dataclass(frozen=True, slots=True)
class Settled:
    """How a request ended, under which policy, seen when: no later policy re-judges it. Instants aware UTC."""

    status: str
    tier: str
    target: str
    basis: str
    due: datetime | None
    acknowledged_at: datetime | None
    policy: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Corrected:
    """How often a field was corrected: `number` times ever, `of_day` times on the last such day (UTC)."""

    number: int
    day: date
    of_day: int


@dataclass(frozen=True, slots=True)
class ToldEta:
    """An ETA that the customer has read (D21): the value as ISO 8601, a date or an instant, and when (aware UTC)."""

    value: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MetricLedger:
    """What the ledger keeps of one SLA metric.

    `policy` is the hash of the policy that `due` (aware UTC) was shown under. `rungs`, `escalated` and `owes_priority`
    belong to `due`. `owes_priority`: the site has refused the priority of an escalation so far. `raised`: it was
    written before the transition could be made; an agent may have lowered it since.
    """

    promised: Promise | None = None
    due: datetime | None = None
    policy: str = ""
    rungs: tuple[str, ...] = ()
    escalated: bool = False
    settled: Settled | None = None
    owes_priority: bool = False
    raised: bool = False

    def rearmed(self) -> "MetricLedger":
        """Return it without what was done for an earlier due time (R10)."""
        return replace(
            self, rungs=(), escalated=False, owes_priority=False, raised=False
        )


NOTHING_KEPT = MetricLedger()


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of the request with the id `request`, empty in those of earlier bots.

    `metrics` has only metrics of which something is kept, also those that this version of the bot does not know.
    `notes` maps marker to comment id. `written` maps a field to the fingerprint of what was last written there; a field
    that the site refused, or that a bot wrote before there were fingerprints, has none. `corrected` counts for each
    field what was changed by hand. `doubted`: what of the ledgers found here was not believed, by kind, for ops.
    `etas` are those that the customer has read, in order: the service review needs them (D21).
    """

    metrics: Mapping[MetricName, MetricLedger] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
    corrected: Mapping[str, Corrected] = field(default_factory=dict)
    request: str = ""
    doubted: tuple[str, ...] = ()
    etas: tuple[ToldEta, ...] = ()

    def of(self, metric: MetricName) -> MetricLedger:
        """Return what is kept of a metric."""
        return self.metrics.get(metric, NOTHING_KEPT)

    @property
    def first_response(self) -> MetricLedger:
        """What is kept of the first response."""
        return self.of(FIRST_RESPONSE)

    @property
    def owes_priority(self) -> bool:
        """Whether the priority of an escalation, by any metric, is still to be written."""
        return any(each.owes_priority for each in self.metrics.values())

    def with_metric(self, metric: MetricName, kept: MetricLedger) -> "Ledger":
        """Return the ledger with that kept of a metric."""
        return self.with_metrics({metric: kept})

    def with_metrics(
        self, kept: Mapping[MetricName, MetricLedger]
    ) -> "Ledger":
        """Return the ledger with that kept of these metrics; one of which nothing is kept is left out."""
        merged = {**self.metrics, **kept}
        metrics = {
            name: one for name, one in merged.items() if one != NOTHING_KEPT
        }
        return replace(self, metrics=metrics)

    def with_notes(self, written: Mapping[str, str]) -> "Ledger":
        """Return the ledger with these markers added."""
        return replace(self, notes={**self.notes, **written})

    def without_notes(self, markers: Collection[str]) -> "Ledger":
        """Return the ledger without these notes: nobody asks for them any more."""
        kept = {
            marker: comment
            for marker, comment in self.notes.items()
            if marker not in markers
        }
        return replace(self, notes=kept)

    def with_etas(self, etas: Iterable[ToldEta]) -> "Ledger":
        """Return the ledger with these ETAs as well: the customer has read them."""
        new = [eta for eta in etas if eta not in self.etas]
        return replace(self, etas=(*self.etas, *new)) if new else self

    def without_written(self, fields: Collection[str]) -> "Ledger":
        """Return the ledger without the claim that these fields were written."""
        kept = {
            name: one
            for name, one in self.written.items()
            if name not in fields
        }
        return replace(self, written=kept)

    def owing_priority(
        self, metrics: Collection[MetricName], *, is_owed: bool
    ) -> "Ledger":
        """Return the ledger with the priority of these metrics' escalations owed, or not owed."""
        changed = {
            name: replace(self.of(name), owes_priority=is_owed)
            for name in metrics
        }
        return self.with_metrics(changed)

    def owing_priority_as(
        self, had: "Ledger | None", metrics: Collection[MetricName]
    ) -> "Ledger":
        """Return the ledger with the priority of these metrics' escalations owed where it was in `had`."""
        before = had or Ledger()
        owed = [name for name in metrics if before.of(name).owes_priority]
        none_owed = self.owing_priority(metrics, is_owed=False)
        return none_owed.owing_priority(owed, is_owed=True)

    def unescalated(
        self, metrics: Collection[MetricName], *, is_raised: bool = False
    ) -> "Ledger":
        """Return the ledger with the escalation of these metrics still open; `is_raised`: its priority is written."""
        changed: dict[MetricName, MetricLedger] = {}
        for name in metrics:
            kept = self.of(name)
            raised = kept.raised or is_raised
            changed[name] = replace(kept, escalated=False, raised=raised)
        return self.with_metrics(changed)

    def without_rungs(
        self, rungs: Collection[tuple[MetricName, str]]
    ) -> "Ledger":
        """Return the ledger without these rungs, each given with its metric."""
        changed: dict[MetricName, MetricLedger] = {}
        for name, kept in self.metrics.items():
            left = [rung for rung in kept.rungs if (name, rung) not in rungs]
            changed[name] = replace(kept, rungs=tuple(left))
        return self.with_metrics(changed)
