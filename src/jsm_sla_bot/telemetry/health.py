"""How the daemon is, in three questions: is the process alive, may it write, is anything wrong.

A daemon that waits for a person's word is alive and not ready; whoever restarts it for that helps nobody.
"""

from collections.abc import Callable
from threading import Lock

from jsm_sla_bot.text.outside import LONGEST_MESSAGE, outside

Check = Callable[[], str | None]
"""Answers why something is not as it should be, None when it is."""


class Health:
    """What is wrong at the moment, by subject. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._wrong: dict[str, str] = {}
        self._checks: dict[str, Check] = {}
        self._needed: dict[str, Check] = {}
        self._vital: dict[str, Check] = {}

    def watch(self, subject: str, check: Check) -> None:
        """Ask that question whenever somebody looks; it answers why something is wrong, None when nothing is."""
        with self._lock:
            self._checks[subject] = check

    def require(self, subject: str, check: Check) -> None:
        """Ask that question whenever somebody wants to know whether the daemon is ready to write."""
        with self._lock:
            self._needed[subject] = check

    def depend_on(self, subject: str, check: Check) -> None:
        """Ask that question whenever somebody wants to know whether the process works at all."""
        with self._lock:
            self._vital[subject] = check

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
            told = dict(self._wrong)
        wrong = {what: outside(why, LONGEST_MESSAGE) for what, why in told.items()}
        return {**wrong, **self._answers(self._checks)}

    def waits_for(self) -> dict[str, str]:
        """Return what is missing before the daemon may write, by subject; nothing when it is ready."""
        return self._answers(self._needed)

    def dead(self) -> dict[str, str]:
        """Return why the process does not work, by subject; nothing while it does."""
        return self._answers(self._vital)

    def _answers(self, checks: dict[str, Check]) -> dict[str, str]:
        with self._lock:
            asked = dict(checks)
        answers = {subject: _asked(check) for subject, check in asked.items()}
        return {
            subject: outside(why, LONGEST_MESSAGE)
            for subject, why in answers.items()
            if why is not None
        }


def _asked(check: Check) -> str | None:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever a check trips over, the health page has to answer
        return f"can't be told: unexpected {type(error).__name__}"
