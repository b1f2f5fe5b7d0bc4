"""What is wrong at the moment, by subject."""

from collections.abc import Callable
from threading import Lock


class Health:
    """What is wrong at the moment, by subject. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._wrong: dict[str, str] = {}
        self._checks: dict[str, Callable[[], str | None]] = {}

    def watch(self, subject: str, check: Callable[[], str | None]) -> None:
        """Ask that question whenever somebody looks; it answers why something is wrong, None when nothing is."""
        with self._lock:
            self._checks[subject] = check

    def wrong(self, subject: str, why: str) -> None:
        """Say that something is wrong."""
        with self._lock:
            self._wrong[subject] = why

    def right(self, subject: str) -> None:
        """Say that it is right again."""
        with self._lock:
            self._wrong.pop(subject, None)

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by subject; a check that breaks down is wrong itself and silences no other."""
        with self._lock:
            told, checks = dict(self._wrong), dict(self._checks)
        found = {
            subject: why
            for subject, check in checks.items()
            if (why := _asked(check)) is not None
        }
        return {**told, **found}


def _asked(check: Callable[[], str | None]) -> str | None:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever a check trips over, the health page has to answer
        return f"can't be told: unexpected {type(error).__name__}"
