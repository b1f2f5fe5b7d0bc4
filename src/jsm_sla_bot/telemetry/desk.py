"""The desk's figures, for Prometheus: worked out when they are asked for, since some change as time passes."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from jsm_sla_bot.telemetry.names import OTHERS, PREFIX, shown


class OpenKind(NamedTuple):
    """What open requests are counted by."""

    status: str
    tier: str
    severity: str


class PromiseKind(NamedTuple):
    """What promises are counted by: `outcome` is `met` or `missed`."""

    outcome: str
    tier: str
    severity: str


class Trouble(NamedTuple):
    """What requests that are breached or at risk are counted by; `organization` is an id, or stands for the rest."""

    organization: str
    status: str


class DueKind(NamedTuple):
    """What requests that are due next are counted by."""

    tier: str
    severity: str


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """How the desk stands. `next_due` is aware UTC; None where no clock runs."""

    open: Mapping[OpenKind, int]
    due_next: Mapping[DueKind, int]
    decided: Mapping[PromiseKind, int]
    next_due: datetime | None
    troubled: Mapping[Trouble, int] = field(default_factory=dict)


class DeskCollector(Collector):
    """Gives the figures of the desk to a registry, whenever that is asked."""

    def __init__(self, figures: Callable[[], DeskFigures]) -> None:
        self._figures = figures

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name nothing ahead of time: nothing is worked out at the start."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the figures as they are now."""
        found = self._figures()
        yield _family(
            "open_requests",
            "Open requests by status, tier and severity",
            OpenKind._fields,
            found.open,
        )
        yield _family(
            "troubled_requests",
            "Requests breached or at risk, by the id of their organization; the fifty with most, and the others",
            Trouble._fields,
            _at_most(found.troubled),
        )
        yield _family(
            "due_next_requests",
            "Requests due in the opening hours that run or come next",
            DueKind._fields,
            found.due_next,
        )
        yield _family(
            "promises_decided",
            "Promises kept at the answer (met) or missed at the due time, in the last seven days",
            PromiseKind._fields,
            found.decided,
        )
        if found.next_due:
            yield _timestamp(found.next_due)


def _family(
    name: str,
    meaning: str,
    labels: tuple[str, ...],
    counts: Mapping[OpenKind, int]
    | Mapping[DueKind, int]
    | Mapping[Trouble, int]
    | Mapping[PromiseKind, int],
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", meaning, labels=labels)
    for kind, count in counts.items():
        family.add_metric(list(kind), count)
    return family


def _at_most(counts: Mapping[Trouble, int]) -> Mapping[Trouble, int]:
    """Return the organizations with the most trouble, the rest under one name."""
    by_organization: Counter[str] = Counter()
    for trouble, count in counts.items():
        by_organization[trouble.organization] += count
    named = shown(by_organization)
    bounded: Counter[Trouble] = Counter()
    for trouble, count in counts.items():
        name = trouble.organization
        kept = name if name in named else OTHERS
        bounded[trouble._replace(organization=kept)] += count
    return bounded


def _timestamp(instant: datetime) -> GaugeMetricFamily:
    name = f"{PREFIX}_next_due_timestamp_seconds"
    meaning = "The earliest due time that lies ahead of a running clock"
    return GaugeMetricFamily(name, meaning, value=instant.timestamp())
