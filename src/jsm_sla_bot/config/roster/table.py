"""Reads a roster as a table of texts: CSV or Excel, columns by name."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from pathlib import Path

from jsm_sla_bot.config.problem import ConfigurationProblems, Problem
from jsm_sla_bot.text.nearest import nearest

COLUMNS = (
    "id",
    "organization",
    "tier",
    "valid_from",
    "valid_until",
    "suspended",
    "csm",
    "representatives",
)
_ALIASES = {
    "organization_id": "id",
    "organisation_id": "id",
    "organisation": "organization",
    "organization_name": "organization",
    "organisation_name": "organization",
    "name": "organization",
    "customer": "organization",
    "customer_success_manager": "csm",
    "representative": "representatives",
}
_MOST_ABOVE = 20
"""So many lines are looked at for the names of the columns."""
_WIDEST = 10_000
"""So many characters of each of them."""
_EXCEL = frozenset({".xlsx", ".xlsm"})


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a roster: its number in the file, from 1, and its cells by column; empty cells are left out."""

    number: int
    cells: Mapping[str, str]
    places: Mapping[str, int]
    """The number of each column in the file, from 1."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that have anything in them, and what is wrong with the columns: both are said at once."""

    rows: Sequence[Row]
    problems: Sequence[Problem] = ()


def read_table(path: Path) -> Table:
    """Read a table; what stands above the names of its columns, such as a title, is left out.

    Raises ConfigurationProblems where no column says which organization is meant, OSError where there is no file.
    """
    lines = _excel(path) if path.suffix.lower() in _EXCEL else _csv(path)
    read = [*lines]
    start = _header([names for _, names in read[:_MOST_ABOVE]])
    header, *rest = read[start:] or [(1, ())]
    places, problems = _columns(path, header)
    rows = [
        Row(number, cells, places)
        for number, texts in rest
        if (cells := _cells(texts, places))
    ]
    return Table(rows, problems)


def _header(lines: Sequence[Sequence[str]]) -> int:
    """Return which line names the columns: the first of those that name most."""
    counts = [_named(names) for names in lines]
    return counts.index(max(counts)) if counts else 0


def _csv(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        found = "bytes that are no UTF-8"
        expected = "a CSV file in UTF-8: save it as 'CSV UTF-8'"
        problem = Problem(str(path), 0, 0, "", found, expected)
        raise ConfigurationProblems([problem]) from None
    reader = csv.reader(StringIO(text), delimiter=_delimiter(text))
    try:
        for texts in reader:
            yield reader.line_num, texts
    except csv.Error:
        found = "a cell without an end"
        expected = (
            "a quotation mark at the end of each cell that begins with one"
        )
        place = reader.line_num
        problem = Problem(str(path), place, 0, "", found, expected)
        raise ConfigurationProblems([problem]) from None


def _delimiter(text: str) -> str:
    """Return the sign between columns: that by which a line at the top names most of them, else the most frequent."""
    top = [each[:_WIDEST] for each in text.splitlines()[:_MOST_ABOVE]]

    def fitness(sign: str) -> tuple[int, int]:
        named = [_named(names) for names in csv.reader(top, delimiter=sign)]
        return max(named, default=0), text.count(sign)

    return max(",;\t", key=fitness)


def _named(names: Iterable[str]) -> int:
    """Return how many of the columns a line names."""
    return len({_column(name) for name in names} & set(COLUMNS))


def _excel(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow, and only Excel needs it

    try:
        book = load_workbook(path, data_only=True)
    except OSError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises whatever a broken file leads to
        found = "something that is no Excel workbook"
        problem = Problem(str(path), 0, 0, "", found, "an .xlsx file, or CSV")
        raise ConfigurationProblems([problem]) from None
    sheet = book.worksheets[0]
    held = {
        (row, merged.min_col): sheet.cell(merged.min_row, merged.min_col).value
        for merged in sheet.merged_cells.ranges
        for row in range(merged.min_row, merged.max_row + 1)
    }
    for number, values in enumerate(
        sheet.iter_rows(values_only=True), start=1
    ):
        has_own = any(each is not None for each in values)
        yield (
            number,
            [
                _text(held.get((number, place), each) if has_own else None)
                for place, each in enumerate(values, start=1)
            ],
        )


def _text(value: object) -> str:
    """Return a cell of Excel as it would stand in CSV."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _columns(
    path: Path, header: tuple[int, Sequence[str]]
) -> tuple[Mapping[str, int], Sequence[Problem]]:
    """Return where each column stands, and the problems of those that are unknown or double.

    Raises ConfigurationProblems where no column says which organization is meant.
    """
    number, names = header
    places: dict[str, int] = {}
    problems = []
    for place, name in enumerate(names, start=1):
        column = _column(name)
        if not column:
            continue
        if column not in COLUMNS:
            problems.append(_unknown(path, number, place, name))
        elif column in places:
            found = f"the column {column} twice"
            problems.append(
                Problem(str(path), number, place, "", found, "it once")
            )
        else:
            places[column] = place
    if {"id", "organization"} & places.keys():
        return places, problems
    if not problems:
        found = f"the columns {', '.join(places) or 'none'}"
        expected = "a column id or organization, and tier"
        problems.append(Problem(str(path), number, 0, "", found, expected))
    raise ConfigurationProblems(problems)


def _column(name: str) -> str:
    words = name.strip().casefold().replace("-", " ").replace("_", " ").split()
    column = "_".join(words)
    return _ALIASES.get(column, column)


def _unknown(path: Path, number: int, place: int, name: str) -> Problem:
    return Problem(
        file=str(path),
        line=number,
        column=place,
        path="",
        found=f"the column {name.strip()!r}",
        expected=f"columns among {', '.join(COLUMNS)}",
        suggestion=nearest(_column(name), COLUMNS),
    )


def _cells(
    texts: Iterable[str], places: Mapping[str, int]
) -> Mapping[str, str]:
    row = list(texts)
    found = {
        column: row[place - 1].strip()
        for column, place in places.items()
        if place <= len(row)
    }
    return {column: text for column, text in found.items() if text}
