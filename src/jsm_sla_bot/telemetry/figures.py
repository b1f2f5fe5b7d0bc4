"""The daemon's figures, for Prometheus."""

from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from jsm_sla_bot.ports.journal import PassOutcome, PassReport
from jsm_sla_bot.telemetry.desk import DeskCollector, DeskFigures

PREFIX = "jsm_sla_bot"


class Metrics:
    """The daemon's figures, in a registry of their own. Safe to use from several threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._passes = self._counter("passes", "Passes", "kind", "outcome")
        self._writes = self._counter("writes", "Writes to Jira", "kind")
        self._read = self._counter("requests_read", "Requests read", "kind")
        self._seconds = Histogram(
            f"{PREFIX}_pass_seconds",
            "Length of a pass",
            ("kind",),
            registry=self.registry,
        )
        self._set_aside = self._gauge(
            "set_aside", "Requests set aside by the last pass", "kind"
        )
        self._last_pass = self._gauge(
            "last_pass", "End of the last good pass, epoch seconds", "kind"
        )
        self._facts = self._gauge(
            "fact", "What is known of the daemon and the site", "fact"
        )
        self._calls = self._gauge(
            "jira_calls", "HTTP calls to Jira so far", "endpoint"
        )
        self._waited = self._gauge(
            "jira_waited_seconds", "Seconds waited for the limiter", "endpoint"
        )
        self._unmapped = self._gauge(
            "unmapped_open_requests",
            "Open requests of an organization that the policy does not name",
            "organization",
        )
        self._days_left = self._gauge(
            "calendar_days_left",
            "Days that the calendar still covers",
            "calendar",
        )

    def show_desk(self, figures: Callable[[], DeskFigures]) -> None:
        """Show how the desk stands, by asking for it whenever the figures are read."""
        self.registry.register(DeskCollector(figures))

    def unmapped(self, open_requests: Mapping[str, int]) -> None:
        """Show the open requests of each organization that the policy does not name."""
        self._unmapped.clear()
        for identity, count in open_requests.items():
            self._unmapped.labels(identity).set(count)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(
            f"{PREFIX}_{name}", meaning, labels, registry=self.registry
        )

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(
            f"{PREFIX}_{name}", meaning, labels, registry=self.registry
        )

    def fact(self, name: str, value: float) -> None:
        """Show a fact: the skew of the clocks, whether the breaker is open, how many projects are set aside."""
        self._facts.labels(name).set(value)

    def called(self, calls: Mapping[str, tuple[int, float]]) -> None:
        """Show how often each endpoint was called, and how long callers waited."""
        for endpoint, (count, seconds) in calls.items():
            self._calls.labels(endpoint).set(count)
            self._waited.labels(endpoint).set(seconds)

    def calendar(self, name: str, days: int) -> None:
        """Show how many days a calendar still covers."""
        self._days_left.labels(name).set(days)

    def count(self, report: PassReport) -> None:
        """Count a pass."""
        kind = report.kind
        self._passes.labels(kind, report.outcome).inc()
        self._writes.labels(kind).inc(report.writes)
        self._read.labels(kind).inc(report.read)
        self._seconds.labels(kind).observe(report.seconds)
        self._set_aside.labels(kind).set(report.set_aside)
        if report.outcome is PassOutcome.DONE:
            ended = report.ended.timestamp()
            self._last_pass.labels(kind).set(ended)
