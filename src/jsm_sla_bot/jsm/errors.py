"""What can go wrong with Jira, in our own words: no other exception leaves this package.

Everything here is one of the errors of `ports`, so that a pass need not know Jira to know what to do.
"""

from collections.abc import Iterable

from jsm_sla_bot.ports.errors import (
    IdentityError,
    TerminalError,
    TransientError,
)

__all__ = [
    "ConflictError",
    "DistrustError",
    "ForbiddenError",
    "GarbledError",
    "IdentityError",
    "NotFoundError",
    "NotSentError",
    "NotesStoppedError",
    "RateLimitedError",
    "RefusedError",
    "ScopeError",
    "StoppedError",
    "TerminalError",
    "TransientError",
    "UnknownOutcomeError",
    "UnreadableError",
]


class UnreadableError(ValueError):
    """A part of an answer means nothing to us. The message names the part and quotes no customer."""


class GarbledError(TransientError):
    """JSON that cannot be read to its end: one request in it may be the cause."""


class NotSentError(TransientError):
    """No connection came about, so nothing can have happened."""


class DistrustError(NotSentError):
    """Somebody answers whom we do not trust to be the site: no use in trying again at once."""


class RateLimitedError(TransientError):
    """Jira wants fewer calls and did not carry this one out. `scope` is the limiter that it named."""

    def __init__(
        self, message: str, retry_after: float | None = None, scope: str = ""
    ) -> None:
        super().__init__(message, retry_after)
        self.scope = scope


class StoppedError(TransientError):
    """We are shutting down and wait for nothing any more."""


class UnknownOutcomeError(TransientError):
    """A call with an effect got no answer to trust: look up what happened before doing it again."""


class NotFoundError(TerminalError):
    """It is not there, or may not be seen: Jira says the same of both."""


class ForbiddenError(TerminalError):
    """Our account may not do that."""


class ScopeError(IdentityError):
    """Our token is good, and lacks the scope for this call."""


class ConflictError(TransientError):
    """Somebody else changed the same thing at the same time: read again, then decide again."""


class NotesStoppedError(TerminalError):
    """An internal note went public: no more notes until somebody has looked into it and the bot is started again."""


class RefusedError(TerminalError):
    """Jira does not take what was sent. `fields` are those that it names, `status` its answer's: no word of its own."""

    def __init__(
        self,
        message: str,
        fields: Iterable[str] = (),
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.fields = frozenset(fields)
        self.status = status
