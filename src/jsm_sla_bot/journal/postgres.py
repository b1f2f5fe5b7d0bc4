"""A PostgreSQL server that falls silent keeps nobody waiting: time-outs on its side and, since it may hang, on ours."""

import time
from collections.abc import Generator, Iterable, Mapping
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Engine, event

CONNECT_SECONDS = 5
STATEMENT_SECONDS = 5
SILENCE_SECONDS = 6.0
"""A server that hangs enforces no time-out of its own: after so long we hang up."""

SERVER_SETTINGS: Mapping[str, str] = {
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "lock_timeout": f"{STATEMENT_SECONDS - 1}s",
    "idle_in_transaction_session_timeout": "60s",
}
CONNECTION: Mapping[str, int] = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": int(SILENCE_SECONDS * 1000),
}

T = TypeVar("T")


class SilentServerError(psycopg.OperationalError):
    """The server has accepted what was sent and says nothing more."""


class ImpatientConnection(psycopg.Connection[Any]):
    """A connection that hangs up on a server that is silent for too long, whatever is asked of it."""

    def wait(
        self,
        gen: Generator[Any, Any, T],
        *args: Any,  # noqa: ANN401 - psycopg's own signature
        **options: Any,  # noqa: ANN401 - as above
    ) -> T:
        """Wait for the server's answer. Raises SilentServerError, and the connection is closed then."""
        try:
            return super().wait(_bounded(gen), *args, **options)
        except SilentServerError:
            self.pgconn.finish()
            raise


def _bounded(gen: Generator[Any, Any, T]) -> Generator[Any, Any, T]:
    """Pass on what the library's own steps wait for, until the time is up; it is woken every tenth of a second."""
    last = time.monotonic() + SILENCE_SECONDS
    try:
        waits_for = next(gen)
        while True:
            ready = yield waits_for
            if not ready and time.monotonic() > last:
                raise SilentServerError("the server is silent")
            again = gen.send(ready)
            waits_for = waits_for if again is None else again
    except StopIteration as done:
        value: T = done.value
        return value


def be_impatient(engine: Engine) -> None:
    """Let every connection of that engine be one that does not wait for ever; what its address says comes first."""

    def connect(
        _dialect: object,
        _record: object,
        args: Iterable[str],
        options: Mapping[str, Any],
    ) -> psycopg.Connection[Any]:
        wanted = {**CONNECTION, **options}
        made = ImpatientConnection.connect(*args, **wanted)
        for name, value in SERVER_SETTINGS.items():
            made.execute("SELECT set_config(%s, %s, false)", (name, value))
        made.commit()
        return made

    event.listen(engine, "do_connect", connect)
