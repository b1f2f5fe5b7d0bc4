"""Histories that name nobody: numbers in place of requests and people, the same number for the same one.

Organizations keep their ids, since the agreement is known by them; labels, products and statuses stay, since the policy
speaks of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from jsm_sla_bot.plan.ledger import Ledger, MetricLedger
from jsm_sla_bot.review.row import Record
from jsm_sla_bot.sla.request import HistoryEntry


@dataclass(slots=True)
class _Numbers:
    prefix: str
    given: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """Return the number of that name; nothing stays nothing."""
        if not name:
            return ""
        return self.given.setdefault(
            name, f"{self.prefix}-{len(self.given) + 1}"
        )


def pseudonymous(records: Iterable[Record]) -> Iterator[Record]:
    """Yield the requests without the names of requests, people and organizations."""
    keys = _Numbers("REQUEST")
    people = _Numbers("PERSON")
    for each in records:
        snapshot = each.snapshot
        history = tuple(
            _without_names(entry, people) for entry in snapshot.history
        )
        hidden = replace(
            snapshot,
            key=keys.of(snapshot.key),
            organization_names=(),
            history=history,
            reporter=people.of(snapshot.reporter),
            reporter_name="",
        )
        ledger = _without_words(each.ledger) if each.ledger else None
        yield Record(hidden, ledger)


def _without_names(entry: HistoryEntry, people: _Numbers) -> HistoryEntry:
    return replace(entry, by=people.of(entry.by), name="")


def _without_words(ledger: Ledger) -> Ledger:
    """Return the ledger without the ids of Jira's and the sentences of a settlement, which name people."""
    metrics = {name: _wordless(kept) for name, kept in ledger.metrics.items()}
    bare = replace(ledger, notes={}, written={}, request="", doubted=())
    return bare.with_metrics(metrics)


def _wordless(kept: MetricLedger) -> MetricLedger:
    if kept.settled is None:
        return kept
    return replace(kept, settled=replace(kept.settled, basis=""))
