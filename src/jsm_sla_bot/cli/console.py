"""Where the commands print, and how they fail: one sentence on standard error, exit code 1."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.text import Text

from jsm_sla_bot.config.problem import ConfigurationProblems, SnapshotError
from jsm_sla_bot.ports.errors import TerminalError, TransientError
from jsm_sla_bot.settings.given import SettingsProblem
from jsm_sla_bot.sla.errors import ContractError
from jsm_sla_bot.text.outside import lines_from_outside, outside

P = ParamSpec("P")
R = TypeVar("R")


class _Plain(Console):
    """A console that prints text from the site or a file as it is: markup in it has no effect.

    Styles of our own are `rich.text.Text`, which does not pass here.
    """

    def __init__(
        self, *, stderr: bool = False, soft_wrap: bool = False
    ) -> None:
        super().__init__(
            stderr=stderr,
            soft_wrap=soft_wrap,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def render_str(self, text: str, **options: Any) -> Text:  # noqa: ANN401 - rich's own options
        """Return the text as it is printed."""
        return super().render_str(lines_from_outside(text), **options)


out = _Plain()
err = _Plain(stderr=True, soft_wrap=True)


def styled(text: object, style: str) -> Text:
    """Return a text in a style, on one line."""
    return Text(outside(text), style=style)


def json_text(value: object, indent: int | None = None) -> str:
    """Return JSON in the letters that people write, anything that a terminal would obey as an escape."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return "".join(map(_escaped, text))


def _escaped(sign: str) -> str:
    if sign.isprintable() or sign == "\n":
        return sign
    return json.dumps(sign)[1:-1]


class QuestionError(ValueError):
    """The command line asks for something impossible; the message names what was expected."""


EXPECTED = (
    ConfigurationProblems,
    SettingsProblem,
    SnapshotError,
    TransientError,
    TerminalError,
    ContractError,
    QuestionError,
)


def _print(message: str) -> None:
    err.print(message, markup=False)


_say: ContextVar[Callable[[str], None]] = ContextVar("say", default=_print)


def fail(message: str) -> NoReturn:
    """Say why and leave with exit code 1."""
    _say.get()(message)
    raise typer.Exit(1)


@contextmanager
def failing_by(say: Callable[[str], None]) -> Iterator[None]:
    """Print failures in another way than as plain text."""
    before = _say.set(say)
    try:
        yield
    finally:
        _say.reset(before)


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the errors that a user can do something about into one sentence and exit code 1."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except EXPECTED as error:
            fail(str(error))
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(1) from None
        except OSError as error:
            if error.filename is None:
                raise
            fail(f"{error.filename}: {error.strerror}")

    return guarded


@contextmanager
def progress_shown(*, is_wanted: bool) -> Iterator[Callable[[str], None]]:
    """Show on a terminal what is read next."""
    if not (is_wanted and err.is_terminal):
        yield lambda _: None
        return
    with err.status("asking the site") as status:
        yield lambda part: status.update(f"reading: {part}")
