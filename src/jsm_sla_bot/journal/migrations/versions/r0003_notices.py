"""The outbox: notices on their way to chat, pager and mail; and silences."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    String,
    UniqueConstraint,
)

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    _notices()
    op.create_table(
        "sla_bot_silences",
        Column("subject", String, primary_key=True),
        Column("until", BigInteger, nullable=False),
        Column("why", String, nullable=False),
        Column("made", BigInteger, nullable=False),
        if_not_exists=True,
    )


def _notices() -> None:
    table = "sla_bot_notices"
    op.create_table(
        table,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("channel", String, nullable=False),
        Column("id", String, nullable=False),
        Column("thread", String, nullable=False),
        Column("request", String, nullable=False),
        Column("rung", String, nullable=False),
        Column("is_end", Boolean, nullable=False),
        Column("body", String, nullable=False),
        Column("made", BigInteger, nullable=False),
        Column("after", BigInteger, nullable=False),
        Column("is_held", Boolean, nullable=False),
        Column("digest", String),
        Column("tried", Integer, nullable=False),
        Column("first_tried", BigInteger),
        Column("in_doubt", Boolean, nullable=False),
        Column("sent", BigInteger),
        Column("remote", String),
        Column("why", String),
        Column("is_over", Boolean, nullable=False),
        UniqueConstraint("channel", "id", name=f"{table}_once"),
        if_not_exists=True,
    )
    for name in ("after", "thread"):
        op.create_index(
            f"ix_{table}_{name}", table, [name], if_not_exists=True
        )
