"""Log lines: one per event, as JSON or for a person; no secret and no text of a customer's in them."""

import logging
import sys
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from structlog.typing import EventDict

from jsm_sla_bot.telemetry.lasting import Repeated
from jsm_sla_bot.text.outside import LONGEST_MESSAGE, outside

log = structlog.get_logger()

TALKATIVE = (
    "apscheduler",
    "atlassian",
    "httpcore",
    "httpx",
    "requests",
    "sqlalchemy",
    "urllib3",
)
"""Libraries that would print addresses or answers: they are heard from WARNING on."""


FIRST = ("timestamp", "level", "event")


def configure_logging(
    log_format: str, level: str, now: Callable[[], datetime] | None = None
) -> None:
    """Send one line per event to standard error, as JSON or for a person to read.

    With `now` (aware UTC) what says nothing new about a state that lasts is left out for an hour.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _fit_to_be_shown,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *([] if now is None else [_only_news(now)]),
        _in_order,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False)
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    for name in TALKATIVE:
        library = logging.getLogger(name)
        library.setLevel(
            logging.ERROR if name == "apscheduler" else logging.WARNING
        )  # a skipped poll is no news
        if not library.handlers:
            library.addHandler(_Library())


def _only_news(now: Callable[[], datetime]) -> structlog.typing.Processor:
    repeated = Repeated(now)

    def processor(_logger: object, _method: str, line: EventDict) -> EventDict:
        if repeated(line):
            raise structlog.DropEvent
        return line

    return processor


def _in_order(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Put the values into the order of use: when, how grave, what, then as they were given; none that is None."""
    names = [*(name for name in FIRST if name in line), *line]
    return {name: line[name] for name in dict.fromkeys(names) if line[name] is not None}


def _fit_to_be_shown(
    _: object, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Let nothing that a request holds take over the terminal, or forge another line."""
    return {name: _shown(value) for name, value in event.items()}


def _shown(value: object) -> object:
    match value:
        case str():
            return outside(value, LONGEST_MESSAGE)
        case Mapping():
            return {outside(key): _shown(one) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_shown(one) for one in value]
        case _:
            return value


class _Library(logging.Handler):
    """Passes on what a library has to say in our own form; without its values, which may be a customer's words."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log one line."""
        log.warning(
            "library",
            name=record.name,
            level=record.levelname.lower(),
            said=str(record.msg),
        )
