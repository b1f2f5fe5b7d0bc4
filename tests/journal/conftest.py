"""A real PostgreSQL server for the tests, where one can be had."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """Start a server in a folder of its own, which the server's own user can reach too: root may not run one."""
    pytest.importorskip("psycopg", reason="the extra `postgres` is not there")
    pgserver = pytest.importorskip(
        "pgserver", reason="no PostgreSQL server for this Python"
    )
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        try:
            started = pgserver.get_server(
                Path(folder, "data"), cleanup_mode="stop"
            )
        except Exception as error:  # noqa: BLE001 - whatever keeps a server from starting on this machine
            pytest.skip(f"no PostgreSQL server can be started here: {error}")
        _without_waiting_for_the_disk(started)
        yield started
        started.cleanup()


def _without_waiting_for_the_disk(server: Any) -> None:
    """Let a commit return before the disk has it: no test takes the power away, and each waits for many commits."""
    import psycopg  # noqa: PLC0415 - only where it is there

    with psycopg.connect(server.get_uri(), autocommit=True) as line:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            line.execute(f"ALTER SYSTEM SET {name} = off")
        line.execute("SELECT pg_reload_conf()")


@pytest.fixture
def postgres_url(server: Any) -> str:
    """Return the address of an empty database."""
    import psycopg  # noqa: PLC0415 - only where it is there

    plain = str(server.get_uri())
    with psycopg.connect(plain, autocommit=True) as line:
        line.execute("DROP SCHEMA public CASCADE")
        line.execute("CREATE SCHEMA public")
    return plain.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.db'}"
    return str(request.getfixturevalue("postgres_url"))
