"""What an answer rests on, at a glance, as a table."""

from collections.abc import Iterable

from rich.table import Table


def facts(named: Iterable[tuple[str, str]]) -> Table:
    """Draw a line for each fact."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, fact in named:
        table.add_row(name, fact)
    return table
