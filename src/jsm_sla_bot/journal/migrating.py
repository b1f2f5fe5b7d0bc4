"""Runs Alembic's migrations. Imported only where a schema has to move: Alembic is slow to load."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from jsm_sla_bot.journal.faults import UnfitSchemaError

FOLDER = Path(__file__).with_name("migrations")


def upgrade(connection: Connection, revision: str) -> None:
    """Move the schema up to that revision, inside the transaction of that connection. Raises UnfitSchemaError."""
    config = Config()
    folder = str(FOLDER).replace("%", "%%")  # `%` begins a variable there
    config.set_main_option("script_location", folder)
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise UnfitSchemaError(
            f"its migrations do not fit: {error}"
        ) from error
