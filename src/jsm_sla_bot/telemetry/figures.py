"""The daemon's figures, for Prometheus: what passes came to is counted here, everything else is asked for."""

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
)

from jsm_sla_bot.ports.journal import PassOutcome, PassReport
from jsm_sla_bot.telemetry.daemon import DaemonCollector, DaemonFigures
from jsm_sla_bot.telemetry.desk import DeskCollector, DeskFigures
from jsm_sla_bot.telemetry.names import PREFIX


class Metrics:
    """The daemon's figures, in a registry of their own. Safe to use from several threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._passes = self._counter("passes", "Passes", "kind", "outcome")
        self._writes = self._counter("writes", "Writes to Jira", "kind")
        self._read = self._counter("requests_read", "Requests read", "kind")
        self._notices = self._counter(
            "notices",
            "Notices to people outside Jira, by what came of the attempt",
            "channel",
            "result",
        )
        self._seconds = Histogram(
            f"{PREFIX}_pass_duration_seconds",
            "Length of a pass",
            ("kind",),
            registry=self.registry,
        )
        self._last_pass = Gauge(
            f"{PREFIX}_last_success_timestamp_seconds",
            "End of the last pass that succeeded",
            ("kind",),
            registry=self.registry,
        )

    def show(
        self,
        desk: Callable[[], DeskFigures],
        daemon: Callable[[], DaemonFigures],
    ) -> None:
        """Show how the desk and the daemon stand, by asking for it whenever the figures are read."""
        self.registry.register(DeskCollector(desk))
        self.registry.register(DaemonCollector(daemon))

    def count(self, report: PassReport) -> None:
        """Count a pass."""
        kind = report.kind
        self._passes.labels(kind, report.outcome).inc()
        self._writes.labels(kind).inc(report.writes)
        self._read.labels(kind).inc(report.read)
        self._seconds.labels(kind).observe(report.seconds)
        if report.outcome is PassOutcome.DONE:
            ended = report.ended.timestamp()
            self._last_pass.labels(kind).set(ended)

    def count_notices(self, channel: str, result: str, number: int) -> None:
        """Count an attempt to send notices to a channel."""
        self._notices.labels(channel, result).inc(number)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(
            f"{PREFIX}_{name}", meaning, labels, registry=self.registry
        )
