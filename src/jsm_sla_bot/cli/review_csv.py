"""The requests of a service review as a table, for spreadsheets: CSV, and Excel's own."""

import csv
from collections.abc import Iterator, Sequence
from io import BytesIO, StringIO
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.styles import Font

from jsm_sla_bot.cli.review_json import row_json
from jsm_sla_bot.review.review import Review
from jsm_sla_bot.review.row import Row

Cell: TypeAlias = str | int | float | None
COLUMNS = (
    "key",
    "class",
    "because",
    "reported",
    "severity",
    "tier",
    "product",
    "request_type",
    "called",
    "open",
    "target",
    "promised_due",
    "due",
    "recomputed_due",
    "acknowledged_at",
    "acknowledged_by",
    "response_seconds",
    "late_seconds",
    "exclusion_ground",
    "exclusion_rule",
    "exclusion_decided_by",
    "exclusion_decided_at",
    "differences",
    "etas",
    "eta_outcome",
    "closed_without_an_answer_at",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would take for a formula."""
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By this Excel knows that a CSV is UTF-8."""


def as_csv(review: Review) -> str:
    """Return one line a request, with a head; instants in UTC."""
    written = StringIO(newline="")
    writer = csv.writer(written)
    writer.writerows(_lines(review))
    return BOM + written.getvalue()


def as_xlsx(review: Review) -> bytes:
    """Return a workbook: the figures on the first sheet, the requests on the second."""
    book = Workbook()
    summary = book.worksheets[0]
    summary.title = "Figures"
    for line in _summary(review):
        summary.append(list(line))
    requests = book.create_sheet("Requests")
    for line in _lines(review):
        requests.append(list(line))
    for cell in requests[1]:
        cell.font = Font(bold=True)
    requests.freeze_panes = "A2"
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _lines(review: Review) -> Iterator[Sequence[Cell]]:
    yield COLUMNS
    for row in review.rows:
        yield [_safe(_cell(row, column)) for column in COLUMNS]


def _cell(row: Row, column: str) -> Cell:
    plain = row_json(row)
    excluded = plain["exclusion"] or {}
    if column.startswith("exclusion_"):
        found: Cell = excluded.get(column.removeprefix("exclusion_"))
    elif column == "differences":
        found = "; ".join(
            f"{each.what}: {each.promised}, now {each.recomputed}"
            for each in row.differences
        )
    elif column == "etas":
        found = "; ".join(row.etas)
    else:
        found = plain[column]
    if isinstance(found, bool):
        return "yes" if found else "no"
    return found


def _safe(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula: a request's words come from outside."""
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell


def _summary(review: Review) -> Iterator[Sequence[Cell]]:
    yield ("Organization", f"{review.name} ({review.organization})")
    yield ("Period", str(review.period))
    yield ("As of (UTC)", review.as_of.isoformat())
    yield ()
    yield (
        "",
        "received",
        *(str(kind) for kind in review.whole.classes),
        "kept",
    )
    groups = [("all", review.whole)]
    groups += [
        (f"S{severity}", found)
        for severity, found in review.by_severity.items()
    ]
    for name, found in groups:
        counts = found.classes.values()
        yield (name, found.received, *counts, found.attainment.text)
