"""The daemon's figures, for Prometheus."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from jsm_sla_bot.ports.journal import PassOutcome, PassReport


class Metrics:
    """The daemon's figures, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        names = ("kind",)
        self._passes = Counter(
            "jsm_sla_bot_passes", "Passes", (*names, "outcome"), registry=self.registry
        )
        self._writes = Counter(
            "jsm_sla_bot_writes", "Writes to Jira", names, registry=self.registry
        )
        self._read = Counter(
            "jsm_sla_bot_requests_read", "Requests read", names, registry=self.registry
        )
        self._seconds = Histogram(
            "jsm_sla_bot_pass_seconds",
            "Length of a pass",
            names,
            registry=self.registry,
        )
        self._aside = Gauge(
            "jsm_sla_bot_set_aside",
            "Requests set aside by the last pass",
            names,
            registry=self.registry,
        )
        self._last = Gauge(
            "jsm_sla_bot_last_pass",
            "End of the last good pass, epoch seconds",
            names,
            registry=self.registry,
        )

        self._facts = Gauge(
            "jsm_sla_bot_fact",
            "What is known of the daemon and the site",
            ("fact",),
            registry=registry,
        )
        self._calls = Gauge(
            "jsm_sla_bot_jira_calls",
            "Calls to Jira so far",
            ("endpoint",),
            registry=registry,
        )
        self._waited = Gauge(
            "jsm_sla_bot_jira_waited_seconds",
            "Seconds waited for the limiter",
            ("endpoint",),
            registry=registry,
        )
        self._days = Gauge(
            "jsm_sla_bot_calendar_days_left",
            "Days covered yet",
            ("calendar",),
            registry=registry,
        )

    def fact(self, name: str, value: float) -> None:
        """Show a figure: the skew of the clocks, whether the breaker is open, how many are set aside."""
        self._facts.labels(name).set(value)

    def called(self, calls: Mapping[str, tuple[int, float]]) -> None:
        """Show how often each endpoint was called, and how long callers waited."""
        for endpoint, (count, seconds) in calls.items():
            self._calls.labels(endpoint).set(count)
            self._waited.labels(endpoint).set(seconds)

    def calendar(self, name: str, days: int) -> None:
        """Show for how many days a calendar lasts yet."""
        self._days.labels(name).set(days)

    def count(self, report: PassReport) -> None:
        """Count a pass."""
        self._passes.labels(report.kind, report.outcome).inc()
        self._writes.labels(report.kind).inc(report.writes)
        self._read.labels(report.kind).inc(report.read)
        self._seconds.labels(report.kind).observe(
            (report.ended - report.started).total_seconds()
        )
        self._aside.labels(report.kind).set(report.set_aside)
        if report.outcome is PassOutcome.DONE:
            self._last.labels(report.kind).set(report.ended.timestamp())
