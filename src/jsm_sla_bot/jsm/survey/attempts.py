"""One attempt at reading something: what was read, or why it can't be."""

from collections.abc import Callable
from typing import TypeVar

from jsm_sla_bot.jsm.errors import (
    ForbiddenError,
    NotFoundError,
    ScopeError,
    TerminalError,
    TransientError,
)
from jsm_sla_bot.ports.survey import Read, Unread

T = TypeVar("T")


def attempted(ask: Callable[..., T], *arguments: object) -> Read[T]:
    """Return what is asked for, or why it can't be read."""
    try:
        return ask(*arguments)
    except ScopeError as error:
        return Unread(str(error), lacks_scope=True)
    except (ForbiddenError, NotFoundError) as error:
        return Unread(str(error), is_forbidden=True)
    except (TerminalError, TransientError) as error:
        return Unread(str(error), is_failure=True)
