"""Log lines: one per event, as JSON or for a person; no secret and no text of a customer's in them."""

import logging
import sys

import structlog

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
