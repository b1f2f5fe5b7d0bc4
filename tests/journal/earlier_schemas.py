"""The tables as earlier versions of the bot made them, before a journal had a revision; and what stood in them."""

from sqlalchemy import MetaData, create_engine, select, text

FIRST_RELEASE = (
    "CREATE TABLE sla_bot_marks (name VARCHAR NOT NULL, value VARCHAR, PRIMARY KEY (name))",
    (
        "CREATE TABLE sla_bot_requests (id VARCHAR NOT NULL, key VARCHAR NOT NULL, updated BIGINT, status VARCHAR, "
        "due BIGINT, next_change_at BIGINT, is_open BOOLEAN NOT NULL, policy VARCHAR, remark VARCHAR, PRIMARY KEY (id))"
    ),
    "CREATE INDEX ix_sla_bot_requests_next_change_at ON sla_bot_requests (next_change_at)",
    "CREATE INDEX ix_sla_bot_requests_remark ON sla_bot_requests (remark)",
    (
        "CREATE TABLE sla_bot_set_aside (id VARCHAR NOT NULL, key VARCHAR NOT NULL, reason VARCHAR NOT NULL, "
        "failures INTEGER NOT NULL, retry_at BIGINT NOT NULL, updated BIGINT, PRIMARY KEY (id))"
    ),
    "CREATE INDEX ix_sla_bot_set_aside_retry_at ON sla_bot_set_aside (retry_at)",
    (
        "CREATE TABLE sla_bot_intents (request_id VARCHAR NOT NULL, marker VARCHAR NOT NULL, comment_id VARCHAR, "
        "PRIMARY KEY (request_id, marker))"
    ),
    (
        "CREATE TABLE sla_bot_passes (number {counted}, kind VARCHAR NOT NULL, started BIGINT NOT NULL, "
        "ended BIGINT NOT NULL, seen INTEGER NOT NULL, read INTEGER NOT NULL, differing INTEGER NOT NULL, writes "
        "INTEGER NOT NULL, set_aside INTEGER NOT NULL, refused VARCHAR, failed VARCHAR, policy VARCHAR NOT NULL, "
        "PRIMARY KEY (number))"
    ),
)
WITH_FROZEN = (
    *FIRST_RELEASE,
    "ALTER TABLE sla_bot_requests ADD COLUMN frozen_in VARCHAR",
)
"""The last one without a revision. It drops every table that has a column it does not know."""

WITHOUT_REMARK = (
    *FIRST_RELEASE,
    "DROP INDEX ix_sla_bot_requests_remark",
    "ALTER TABLE sla_bot_requests DROP COLUMN remark",
)
OF_NO_VERSION = (
    *FIRST_RELEASE,
    "ALTER TABLE sla_bot_requests DROP COLUMN is_open",
)
"""Nobody has ever made such tables."""

ROWS = (
    (
        "INSERT INTO sla_bot_marks VALUES ('admitted', 'hash'), ('refused', 'other too many'), "
        "('site', 'https://one.example'), ('watermark', '2026-03-02T09:00:00+00:00')"
    ),
    "INSERT INTO sla_bot_intents VALUES ('1', 'a', NULL), ('1', 'b', '100')",
    "INSERT INTO sla_bot_set_aside VALUES ('2', 'SUP-2', '503', 3, 1772442000000, NULL)",
    "INSERT INTO sla_bot_passes VALUES (7, 'due', 1772442000000, 1772442000000, 1, 2, 3, 4, 5, NULL, NULL, 'hash')",
)
REQUEST = (
    "INSERT INTO sla_bot_requests (id, key, updated, status, next_change_at, is_open) "
    "VALUES ('1', 'SUP-1', 1772442000000, 'Running', 1772442000000, true)"
)


def run(url: str, *statements: str) -> None:
    """Run these statements in one transaction, as somebody else does."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def make(url: str, schema: tuple[str, ...], *rows: str) -> None:
    """Make these tables, with these rows in them."""
    is_sqlite = url.startswith("sqlite")
    counted = "INTEGER NOT NULL" if is_sqlite else "SERIAL NOT NULL"
    run(
        url,
        *(statement.format(counted=counted) for statement in schema),
        *rows,
    )


def contents(url: str) -> dict[str, list[object]]:
    """Return every row of the database by table, and how each table is made."""
    engine = create_engine(url)
    standing = MetaData()
    standing.reflect(engine)
    found: dict[str, list[object]] = {}
    with engine.connect() as connection:
        for table in standing.sorted_tables:
            names = [column.name for column in table.columns]
            rows = connection.execute(select(table)).all()
            found[table.name] = [names, *sorted(map(tuple, rows), key=repr)]
    engine.dispose()
    return found
