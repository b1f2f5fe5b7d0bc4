"""The two kinds of error that cross the ports, whatever stands behind them.

A module of its own, so that whoever only names them loads nothing else.
"""

from jsm_sla_bot.text.outside import LONGEST_MESSAGE, outside


class TransientError(Exception):
    """It may go better later. `retry_after` is in seconds; None where the other side gave no advice.

    `wrote` counts what was written before it: where that is anything, only a part is missing, and the site is there.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(outside(message, LONGEST_MESSAGE))
        self.retry_after = retry_after
        self.wrote = 0


class TerminalError(Exception):
    """It will not go better without somebody doing something; the message says what."""

    def __init__(self, message: str) -> None:
        super().__init__(outside(message, LONGEST_MESSAGE))


class IdentityError(TerminalError):
    """Jira does not take us for the account we are: nothing it says may be believed, nothing written."""
