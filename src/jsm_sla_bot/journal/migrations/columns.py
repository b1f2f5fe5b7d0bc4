"""What several migrations need: columns that may stand there already."""

from typing import Any

from alembic import op
from sqlalchemy import Column, inspect
from sqlalchemy.types import TypeEngine


def add_missing(table: str, **columns: TypeEngine[Any]) -> None:
    """Add those of these columns that the table lacks. They may be empty, so an earlier bot can go on writing rows."""
    standing = inspect(op.get_bind()).get_columns(table)
    names = {column["name"] for column in standing}
    for name, kind in columns.items():
        if name not in names:
            op.add_column(table, Column(name, kind))
