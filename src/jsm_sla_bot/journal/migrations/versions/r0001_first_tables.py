"""The tables of the first release, where they do not stand there already: that release kept no revision.

A journal of an even earlier checkout may lack a column that may be empty; it is added.
"""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, String

from jsm_sla_bot.journal.migrations.columns import add_missing

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make what is missing; rows stay as they are."""
    _marks()
    _requests()
    _set_aside()
    _intents()
    _passes()


def _marks() -> None:
    op.create_table(
        "sla_bot_marks",
        Column("name", String, primary_key=True),
        Column("value", String),
        if_not_exists=True,
    )


def _requests() -> None:
    table = "sla_bot_requests"
    op.create_table(
        table,
        Column("id", String, primary_key=True),
        Column("key", String, nullable=False),
        Column("updated", BigInteger),
        Column("status", String),
        Column("due", BigInteger),
        Column("next_change_at", BigInteger),
        Column("is_open", Boolean, nullable=False),
        Column("policy", String),
        Column("remark", String),
        if_not_exists=True,
    )
    add_missing(table, status=String(), policy=String(), remark=String())
    add_missing(
        table,
        updated=BigInteger(),
        due=BigInteger(),
        next_change_at=BigInteger(),
    )
    for column in ("next_change_at", "remark"):
        op.create_index(
            f"ix_{table}_{column}", table, [column], if_not_exists=True
        )


def _set_aside() -> None:
    table = "sla_bot_set_aside"
    op.create_table(
        table,
        Column("id", String, primary_key=True),
        Column("key", String, nullable=False),
        Column("reason", String, nullable=False),
        Column("failures", Integer, nullable=False),
        Column("retry_at", BigInteger, nullable=False),
        Column("updated", BigInteger),
        if_not_exists=True,
    )
    add_missing(table, updated=BigInteger())
    op.create_index(
        f"ix_{table}_retry_at", table, ["retry_at"], if_not_exists=True
    )


def _intents() -> None:
    op.create_table(
        "sla_bot_intents",
        Column("request_id", String, primary_key=True),
        Column("marker", String, primary_key=True),
        Column("comment_id", String),
        if_not_exists=True,
    )
    add_missing("sla_bot_intents", comment_id=String())


def _passes() -> None:
    op.create_table(
        "sla_bot_passes",
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("kind", String, nullable=False),
        Column("started", BigInteger, nullable=False),
        Column("ended", BigInteger, nullable=False),
        Column("seen", Integer, nullable=False),
        Column("read", Integer, nullable=False),
        Column("differing", Integer, nullable=False),
        Column("writes", Integer, nullable=False),
        Column("set_aside", Integer, nullable=False),
        Column("refused", String),
        Column("failed", String),
        Column("policy", String, nullable=False),
        if_not_exists=True,
    )
    add_missing("sla_bot_passes", refused=String(), failed=String())
