"""What ops see from outside: log lines, metrics, health.

Log lines name requests by key and carry no secret and no text of a customer's. `/healthz` answers 200 while the
daemon can keep its promise, 503 with the reasons while it can't; `/metrics` is for Prometheus.
"""

import json
import logging
import sys
from collections.abc import Callable, Iterable, Mapping
from threading import Lock, Thread
from types import TracebackType
from typing import Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import make_wsgi_app

from jsm_sla_bot.ports import PassReport

TALKATIVE = ("apscheduler", "atlassian", "httpcore", "httpx", "requests", "sqlalchemy", "urllib3")
"""Libraries that would print addresses or answers: they are heard from WARNING on."""


def configure_logging(log_format: str, level: str) -> None:
    """Send one line per event to standard error, as JSON or for a person to read."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


class Health:
    """What is wrong at the moment, by subject. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._wrong: dict[str, str] = {}
        self._checks: dict[str, Callable[[], str | None]] = {}

    def watch(self, subject: str, check: Callable[[], str | None]) -> None:
        """Ask that question whenever somebody looks; it answers why something is wrong, None when nothing is."""
        self._checks[subject] = check

    def wrong(self, subject: str, why: str) -> None:
        """Say that something is wrong."""
        with self._lock:
            self._wrong[subject] = why

    def right(self, subject: str) -> None:
        """Say that it is right again."""
        with self._lock:
            self._wrong.pop(subject, None)

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by subject."""
        with self._lock:
            told = dict(self._wrong)
        found = {subject: why for subject, check in self._checks.items() if (why := check()) is not None}
        return {**told, **found}


class Metrics:
    """The daemon's figures, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        names = ("kind",)
        self._passes = Counter("jsm_sla_bot_passes", "Passes", (*names, "outcome"), registry=self.registry)
        self._writes = Counter("jsm_sla_bot_writes", "Writes to Jira", names, registry=self.registry)
        self._read = Counter("jsm_sla_bot_requests_read", "Requests read", names, registry=self.registry)
        self._seconds = Histogram("jsm_sla_bot_pass_seconds", "Length of a pass", names, registry=self.registry)
        self._aside = Gauge(
            "jsm_sla_bot_set_aside", "Requests set aside by the last pass", names, registry=self.registry
        )
        self._last = Gauge(
            "jsm_sla_bot_last_pass", "End of the last good pass, epoch seconds", names, registry=self.registry
        )

        self._facts = Gauge(
            "jsm_sla_bot_fact", "What is known of the daemon and the site", ("fact",), registry=registry
        )
        self._calls = Gauge("jsm_sla_bot_jira_calls", "Calls to Jira so far", ("endpoint",), registry=registry)
        self._waited = Gauge(
            "jsm_sla_bot_jira_waited_seconds", "Seconds waited for the limiter", ("endpoint",), registry=registry
        )
        self._days = Gauge("jsm_sla_bot_calendar_days_left", "Days covered yet", ("calendar",), registry=registry)

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
        outcome = "failed" if report.failed else "refused" if report.refused else "done"
        self._passes.labels(report.kind, outcome).inc()
        self._writes.labels(report.kind).inc(report.writes)
        self._read.labels(report.kind).inc(report.read)
        self._seconds.labels(report.kind).observe((report.ended - report.started).total_seconds())
        self._aside.labels(report.kind).set(report.set_aside)
        if outcome == "done":
            self._last.labels(report.kind).set(report.ended.timestamp())


class HealthServer:
    """Serves `/healthz` and `/metrics` in a thread of its own until it is left."""

    def __init__(self, port: int, health: Health, metrics: Metrics) -> None:
        prometheus = make_wsgi_app(metrics.registry)
        app = _application(health, prometheus)
        self._server: WSGIServer = make_server("", port, app, handler_class=_Silent)
        self._thread = Thread(target=self._server.serve_forever, name="health", daemon=True)

    @property
    def port(self) -> int:
        """The port that is served."""
        return self._server.server_port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


def _application(health: Health, prometheus: Application) -> Application:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        match environ["PATH_INFO"]:
            case "/healthz":
                problems = health.problems()
                status = "503 Service Unavailable" if problems else "200 OK"
                start_response(status, [("Content-Type", "application/json")])
                return [json.dumps({"ok": not problems, "problems": problems}).encode()]
            case "/metrics":
                return prometheus(environ, start_response)
            case _:
                start_response("404 Not Found", [("Content-Type", "text/plain")])
                return [b"try /healthz or /metrics\n"]

    return application


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature is the library's
        """Say nothing: a health check every few seconds is no news."""
