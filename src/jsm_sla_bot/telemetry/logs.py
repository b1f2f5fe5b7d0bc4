"""Log lines: one per event, as JSON or for a person; they hold no secret and no customer text."""

import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import structlog
from structlog.typing import EventDict, Processor

from jsm_sla_bot.telemetry.lasting import Repeated
from jsm_sla_bot.text.outside import LONGEST_MESSAGE, outside

log = structlog.get_logger()

LIBRARIES = (
    "atlassian",
    "httpcore",
    "httpx",
    "requests",
    "sqlalchemy",
    "urllib3",
)
"""Libraries whose lower levels would print addresses or answers: their warnings are logged, without values."""

SCHEDULER = "apscheduler"
"""It warns of every poll that is left out while another one runs, which is no news: its errors are logged."""

FIRST = ("timestamp", "level", "event")


def configure_logging(
    log_format: str, level: str, now: Callable[[], datetime] | None = None
) -> None:
    """Send one line per event to standard error, as JSON or for a person to read.

    With `now` (aware UTC) a line that repeats what still lasts is left out for an hour.
    """
    numbers = logging.getLevelNamesMapping()
    structlog.configure(
        processors=[*_processors(now), _renderer(log_format)],
        wrapper_class=structlog.make_filtering_bound_logger(numbers[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    for name in LIBRARIES:
        _pass_on(name, logging.WARNING)
    _pass_on(SCHEDULER, logging.ERROR)


def _processors(now: Callable[[], datetime] | None) -> Iterator[Processor]:
    yield structlog.contextvars.merge_contextvars
    yield _fit_to_be_shown
    yield structlog.processors.add_log_level
    yield structlog.processors.TimeStamper(fmt="iso", utc=True)
    if now is not None:
        yield _only_news(now)
    yield _in_order


def _renderer(log_format: str) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), sort_keys=False
    )


def _pass_on(name: str, level: int) -> None:
    """Log what a library logs from that level on."""
    library = logging.getLogger(name)
    library.setLevel(level)
    if not library.handlers:
        library.addHandler(_Library())


def _only_news(now: Callable[[], datetime]) -> Processor:
    repeated = Repeated(now)

    def processor(_logger: object, _method: str, line: EventDict) -> EventDict:
        if repeated(line):
            raise structlog.DropEvent
        return line

    return processor


def _in_order(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Put the values into the order of use: when, how grave, what, then as they were given; leave out None."""
    ordered = {name: line[name] for name in FIRST if name in line}
    ordered |= line
    return {
        name: value for name, value in ordered.items() if value is not None
    }


def _fit_to_be_shown(
    _logger: object, _method: str, line: EventDict
) -> EventDict:
    """Let no text from a request take over the terminal, or forge another line."""
    return {name: _shown(value) for name, value in line.items()}


def _shown(value: object) -> object:
    match value:
        case str():
            return outside(value, LONGEST_MESSAGE)
        case Mapping():
            return {
                outside(name): _shown(each) for name, each in value.items()
            }
        case list() | tuple() | set() | frozenset():
            return [_shown(each) for each in value]
        case _:
            return value


class _Library(logging.Handler):
    """Logs a library's warnings in our form; without their values, which may hold a customer's text."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log one line."""
        log.warning(
            "library",
            name=record.name,
            level=record.levelname.lower(),
            message=str(record.msg),
        )
