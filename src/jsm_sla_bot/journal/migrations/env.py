"""Alembic's entry: runs the migrations over the connection of who called it, in the transaction that is open there."""

from alembic import context

from jsm_sla_bot.journal.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
)
context.run_migrations()
