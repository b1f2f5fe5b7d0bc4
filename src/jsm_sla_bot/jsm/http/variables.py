"""The variables of the network, which other programs read too: what each of them holds."""

from collections.abc import Mapping

from jsm_sla_bot.jsm.errors import TerminalError
from jsm_sla_bot.text.unfilled import (
    in_quotes,
    is_placeholder,
    is_quoted,
    not_filled_in,
)


def held(variable: str, environ: Mapping[str, str]) -> str:
    """Return what a variable holds, nothing where it is not set.

    Raises TerminalError, without the value, where quotes or the name of another variable stand in it.
    """
    value = environ.get(variable, "").strip()
    if is_quoted(value):
        raise TerminalError(in_quotes(variable))
    if is_placeholder(value):
        raise TerminalError(not_filled_in(variable))
    return value
