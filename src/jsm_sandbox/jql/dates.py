"""Dates in a query: milliseconds, relative times, functions, and literals to the minute."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from jsm_sandbox.jql.tree import Both, Clause, Either, Node, Operand
from jsm_sandbox.state.json_types import Refusal

_RELATIVE = re.compile(r"(?P<sign>[+-]?)(?P<parts>(?:\d+[wdhmWDHM]\s*)+)")
_MILLIS = re.compile(r"-?\d+")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LITERALS = ("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y-%m-%d")
_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
}


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads dates as of an instant; bare literals are read in the caller's zone (an IANA name)."""

    now: datetime
    zone: str

    def instant(self, operand: Operand) -> datetime:
        """Read a date operand. Raises Refusal for what is no date."""
        text = operand.text.strip()
        if operand.arguments is not None:
            return self._function(text.casefold(), operand.arguments)
        if _MILLIS.fullmatch(text):
            return _from_millis(text)
        relative = _RELATIVE.fullmatch(text)
        if relative:
            return self.now + _length(relative)
        return self._literal(text)

    def _literal(self, text: str) -> datetime:
        for pattern in _LITERALS:
            try:
                naive = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is the account's
            except ValueError:
                continue
            return naive.replace(tzinfo=ZoneInfo(self.zone))
        raise _no_date(text)

    def _function(self, name: str, arguments: tuple[str, ...]) -> datetime:
        starts = self._starts()
        if name not in starts:
            raise Refusal(
                f"Unable to find JQL function '{name}({', '.join(arguments)})'."
            )
        shift = _RELATIVE.fullmatch(arguments[0]) if arguments else None
        return starts[name] + _length(shift) if shift else starts[name]

    def _starts(self) -> dict[str, datetime]:
        """Give the instants that functions name, before any shift."""
        local = self.now.astimezone(ZoneInfo(self.zone))
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        since_sunday = timedelta(days=(midnight.weekday() + 1) % 7)
        return {
            "now": self.now,
            "startofday": midnight,
            "endofday": midnight + timedelta(days=1, milliseconds=-1),
            "startofweek": midnight - since_sunday,
            "startofmonth": midnight.replace(day=1),
        }


def _from_millis(text: str) -> datetime:
    try:
        return _EPOCH + timedelta(milliseconds=int(text))
    except OverflowError:
        raise _no_date(text) from None


def _no_date(text: str) -> Refusal:
    return Refusal(
        f"Date value '{text}' for field is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
        "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
    )


def _length(relative: re.Match[str]) -> timedelta:
    total = timedelta()
    parts = relative["parts"].lower()
    for amount, unit in re.findall(r"(\d+)([wdhm])", parts):
        total += int(amount) * _UNITS[unit]
    return -total if relative["sign"] == "-" else total


def moves(node: Node) -> bool:
    """Return whether what a condition means depends on when it is asked."""
    match node:
        case Both(parts) | Either(parts):
            return any(map(moves, parts))
        case Clause(_, _, operands):
            return any(map(_is_relative, operands))
        case _:
            return False


def _is_relative(operand: Operand) -> bool:
    if operand.arguments is not None:
        return True
    return _RELATIVE.fullmatch(operand.text.strip()) is not None
