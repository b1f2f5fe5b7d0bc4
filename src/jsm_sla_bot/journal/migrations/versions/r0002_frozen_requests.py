"""The status in which the site takes no edit of a request, where a journal without a revision has it not yet."""

from sqlalchemy import String

from jsm_sla_bot.journal.migrations.columns import add_missing

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column."""
    add_missing("sla_bot_requests", frozen_in=String())
