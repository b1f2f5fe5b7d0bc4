"""Where the commands print, and how they fail: one sentence on standard error, exit code 1."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import NoReturn, ParamSpec, TypeVar

import typer
from rich.console import Console

from jsm_sla_bot.config.problem import ConfigurationProblems, SnapshotError
from jsm_sla_bot.ports.site import TerminalError, TransientError
from jsm_sla_bot.settings import SettingsProblem
from jsm_sla_bot.sla.errors import ContractError

P = ParamSpec("P")
R = TypeVar("R")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class QuestionError(ValueError):
    """What was asked on the command line makes no sense; the message says what was expected."""


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
    """Let a failure be said in another way than as plain text."""
    before = _say.set(say)
    try:
        yield
    finally:
        _say.reset(before)


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the errors that a user can do something about into one sentence and exit code 1."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
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

    return told
