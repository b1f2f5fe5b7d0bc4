"""What ops see from outside: log lines, metrics, health.

Log lines name requests by key and carry no secret and no text of a customer's. `/healthz` answers 200 while the
daemon can keep its promise, 503 with the reasons while it can't; `/metrics` is for Prometheus.
"""

import json
import logging
import socket
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from socketserver import ThreadingMixIn
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import make_wsgi_app

from jsm_sla_bot.journal import PassReport

log = structlog.get_logger()

TALKATIVE = ("apscheduler", "atlassian", "httpcore", "httpx", "requests", "sqlalchemy", "urllib3")
"""Libraries that would print addresses or answers: they are heard from WARNING on."""

SILENCE_SECONDS = 5.0
"""Who connects to the health port and says nothing for so long is hung up on."""

LOOK_SECONDS = 0.1
"""How often the server looks whether it is to end."""

ENDING_SECONDS = 0.4
"""The whole end takes less than ten seconds, of which the daemon's drain has nine and a half."""


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
        library = logging.getLogger(name)
        library.setLevel(logging.ERROR if name == "apscheduler" else logging.WARNING)  # a skipped poll is no news
        if not library.handlers:
            library.addHandler(_Library())


class _Library(logging.Handler):
    """Passes on what a library has to say in our own form; without its values, which may be a customer's words."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log one line."""
        log.warning("library", name=record.name, level=record.levelname.lower(), said=str(record.msg))


class Health:
    """What is wrong at the moment, by subject. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._wrong: dict[str, str] = {}
        self._checks: dict[str, Callable[[], str | None]] = {}

    def watch(self, subject: str, check: Callable[[], str | None]) -> None:
        """Ask that question whenever somebody looks; it answers why something is wrong, None when nothing is."""
        with self._lock:
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
        """Return what is wrong, by subject; a check that breaks down is wrong itself and silences no other."""
        with self._lock:
            told, checks = dict(self._wrong), dict(self._checks)
        found = {subject: why for subject, check in checks.items() if (why := _asked(check)) is not None}
        return {**told, **found}


def _asked(check: Callable[[], str | None]) -> str | None:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever a check trips over, the health page has to answer
        return f"can't be told: unexpected {type(error).__name__}"


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
    """Serves `/healthz` and `/metrics`, a thread for each caller, until it is left; callers can't hold that up."""

    def __init__(self, port: int, health: Health, metrics: Metrics) -> None:
        prometheus = make_wsgi_app(metrics.registry)
        app = _application(health, prometheus)
        self._server = make_server("", port, app, server_class=_Server, handler_class=_Silent)
        self._thread = Thread(target=self._server.serve_forever, args=(LOOK_SECONDS,), name="health", daemon=True)

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
        last = time.monotonic() + ENDING_SECONDS
        ending = Thread(target=self._server.shutdown, name="health-end", daemon=True)
        ending.start()
        for thread in (ending, self._thread):
            thread.join(max(0.0, last - time.monotonic()))
        self._server.server_close()
        self._server.hang_up(last)


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


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - the library's own arguments
        self._talks: list[tuple[Thread, socket.socket]] = []
        super().__init__(*args, **options)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the library's
        """Begin a talk in a thread of its own, and remember it for as long as it lasts."""
        self._talks = [talk for talk in self._talks if talk[0].is_alive()]
        thread = Thread(
            target=self.process_request_thread, args=(request, client_address), name="health-talk", daemon=True
        )
        thread.start()
        self._talks.append((thread, request))

    def hang_up(self, last: float) -> None:
        """Listen to nobody any more, and wait for answers under way until that instant (monotonic seconds)."""
        for _, line in self._talks:
            with suppress(OSError):  # it has ended by itself
                line.shutdown(socket.SHUT_RD)
        for thread, _ in self._talks:
            thread.join(max(0.0, last - time.monotonic()))

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a caller that is silent or gone is no news."""


class _Silent(WSGIRequestHandler):
    timeout = SILENCE_SECONDS

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature is the library's
        """Say nothing: a health check every few seconds is no news."""
