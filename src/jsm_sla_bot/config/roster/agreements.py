"""What the rows of a roster say, checked: who each is about, what was bought and when; everything wrong at once."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from jsm_sla_bot.config import literals
from jsm_sla_bot.config.problem import ConfigurationProblems, Problem
from jsm_sla_bot.config.roster.table import Row, Table
from jsm_sla_bot.config.word import WordError
from jsm_sla_bot.text.nearest import nearest

T = TypeVar("T")
_YES = frozenset({"true", "yes", "y", "1", "x"})
_NO = frozenset({"false", "no", "n", "0"})
_DAYS = frozenset({"valid_from", "valid_until"})
_SERIAL = re.compile(r"[345][0-9]{4}")
_EPOCH = date(1899, 12, 30)
"""The day from which Excel counts."""
_ACCOUNT = re.compile(r"[^@\s]+")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What one row says of an organization. None: the row leaves it open. Days are whole, both ends included."""

    row: int
    id: str
    name: str
    tier: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    suspended: bool | None = None
    csm: str | None = None
    representatives: tuple[str, ...] | None = None
    has_bad_days: bool = False
    """A day of the row can't be read, or it ends before it begins: when it holds is not known."""

    def overlaps(self, other: "Agreement") -> bool:
        """Return whether two agreements hold on one day."""
        begins = max(self.first_day, other.first_day)
        ends = min(self.last_day, other.last_day)
        return begins <= ends

    @property
    def first_day(self) -> date:
        """The first day on which it holds."""
        return self.valid_from or date.min

    @property
    def last_day(self) -> date:
        """The last day on which it holds."""
        return self.valid_until or date.max


@dataclass(frozen=True, slots=True)
class Known:
    """What a roster is held against: organizations by id, and the tiers of the policy."""

    organizations: Mapping[str, str]
    mapped: frozenset[str]
    """The ids that `organizations.yaml` has already: their rows may leave the tier open."""
    tiers: Sequence[str]

    def called(self, name: str) -> Sequence[str]:
        """Return the ids of the organizations of that name, without regard to case and to how words are spaced."""
        wanted = _folded(name)
        return [
            identity
            for identity, known in self.organizations.items()
            if _folded(known) == wanted
        ]


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def agreements(
    path: Path, table: Table, known: Known
) -> Mapping[str, Sequence[Agreement]]:
    """Return what the roster says of each organization, in its order.

    Raises ConfigurationProblems with everything that is wrong, in the order of the rows.
    """
    reader = _Reader(str(path), known)
    reader.problems += table.problems
    by_id: dict[str, list[Agreement]] = {}
    for row in table.rows:
        found = reader.agreement(row)
        if found.id:
            by_id.setdefault(found.id, []).append(found)
    for several in by_id.values():
        reader.problems += _overlaps(str(path), several)
    if reader.problems:
        raise ConfigurationProblems(
            sorted(reader.problems, key=lambda each: each.line)
        )
    return by_id


@dataclass(slots=True)
class _Reader:
    file: str
    known: Known
    problems: list[Problem] = field(default_factory=list)

    def agreement(self, row: Row) -> Agreement:
        """Read a row; what is wrong in it is kept, and left open in what is returned."""
        identity = self._identity(row)
        before = len(self.problems)
        valid_from = self._read(row, "valid_from", literals.day)
        valid_until = self._read(row, "valid_until", literals.day)
        if valid_from and valid_until and valid_until < valid_from:
            expected = f"a day from {valid_from} on"
            self._wrong(row, "valid_until", str(valid_until), expected)
        has_bad_days = len(self.problems) > before
        tier = self._tier(row, identity)
        self._check_name(row, identity)
        return Agreement(
            row=row.number,
            id=identity or "",
            name=self._name(row, identity),
            tier=tier,
            valid_from=valid_from,
            valid_until=valid_until,
            suspended=self._suspended(row),
            csm=self._account(row, "csm", row.cells.get("csm")),
            representatives=self._representatives(row),
            has_bad_days=has_bad_days,
        )

    def _check_name(self, row: Row, identity: str | None) -> None:
        """Say where id and name are those of two organizations: a row has slipped."""
        name = row.cells.get("organization")
        if identity is None or name is None:
            return
        others = self.known.called(name)
        own = self.known.organizations.get(identity)
        if own is not None and others and identity not in others:
            expected = f"{own!r}, the name of organization {identity}, or the id {', '.join(others)}"
            self._wrong(row, "organization", repr(name), expected)

    def _identity(self, row: Row) -> str | None:
        given = row.cells.get("id")
        if given is not None:
            found = self._read(row, "id", literals.organization_id)
            if found and found not in self.known.organizations:
                expected = "the id of an organization of the site or of organizations.yaml"
                self._wrong(row, "id", found, expected)
                return None
            return found
        name = row.cells.get("organization")
        if name is None:
            self._wrong(row, "", "neither id nor organization", "one of them")
            return None
        return self._called(row, name)

    def _called(self, row: Row, name: str) -> str | None:
        match self.known.called(name):
            case [only]:
                return only
            case []:
                names = self.known.organizations.values()
                self._wrong(
                    row,
                    "organization",
                    repr(name),
                    "the name of an organization of the site or of organizations.yaml",
                    nearest(name, names),
                )
            case several:
                expected = f"its id, since {', '.join(several)} have that name"
                self._wrong(row, "organization", repr(name), expected)
        return None

    def _name(self, row: Row, identity: str | None) -> str:
        given = row.cells.get("organization")
        return given or self.known.organizations.get(identity or "", "")

    def _tier(self, row: Row, identity: str | None) -> str | None:
        given = row.cells.get("tier")
        if given is None:
            if identity and identity not in self.known.mapped:
                expected = f"one of {', '.join(self.known.tiers)}"
                self._wrong(row, "tier", "nothing", expected)
            return None
        by_name = {each.casefold(): each for each in self.known.tiers}
        if given.casefold() in by_name:
            return by_name[given.casefold()]
        expected = f"one of {', '.join(self.known.tiers)}"
        near = nearest(given, self.known.tiers)
        self._wrong(row, "tier", repr(given), expected, near)
        return None

    def _suspended(self, row: Row) -> bool | None:
        given = row.cells.get("suspended")
        if given is None:
            return None
        word = given.casefold()
        if word not in _YES | _NO:
            self._wrong(row, "suspended", repr(given), "true or false")
        return word in _YES

    def _representatives(self, row: Row) -> tuple[str, ...] | None:
        given = row.cells.get("representatives")
        if given is None:
            return None
        every = [each for each in re.split(r"[\s,;]+", given) if each]
        found = [self._account(row, "representatives", each) for each in every]
        return tuple(each for each in found if each)

    def _account(self, row: Row, column: str, given: str | None) -> str | None:
        if given is not None and not _ACCOUNT.fullmatch(given):
            expected = "an account id, such as 712020:0f1e…, not a name or an e-mail address"
            self._wrong(row, column, repr(given), expected)
            return None
        return given

    def _read(
        self, row: Row, column: str, read: Callable[[object], T]
    ) -> T | None:
        given = row.cells.get(column)
        if given is None:
            return None
        try:
            return read(given)
        except WordError as error:
            meant = error.suggestion or _meant(column, given)
            self._wrong(row, column, repr(given), error.expected, meant)
            return None

    def _wrong(
        self,
        row: Row,
        column: str,
        found: str,
        expected: str,
        suggestion: str | None = None,
    ) -> None:
        place = row.places.get(column, 0)
        self.problems.append(
            Problem(
                self.file,
                row.number,
                place,
                column,
                found,
                expected,
                suggestion,
            )
        )


def _meant(column: str, given: str) -> str | None:
    """Guess a day from the number as which Excel keeps it, where a cell is no date to it."""
    is_number = _SERIAL.fullmatch(given) is not None
    if column not in _DAYS or not is_number:
        return None
    return (_EPOCH + timedelta(days=int(given))).isoformat()


def _overlaps(file: str, several: Sequence[Agreement]) -> Iterable[Problem]:
    """Yield each row whose period overlaps that of an earlier row of the same organization."""
    for number, later in enumerate(several):
        if later.has_bad_days:
            continue
        for earlier in several[:number]:
            if not earlier.has_bad_days and later.overlaps(earlier):
                found = f"organization {later.id} in a period that overlaps row {earlier.row}"
                expected = "one row for each organization and period"
                yield Problem(file, later.row, 0, "", found, expected)
                break
