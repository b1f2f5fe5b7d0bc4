"""The daemon's health, in three questions: does the process work, may it write, is anything wrong.

A daemon that waits until a person allows a policy works and is not ready: a restart would not help.
"""

from collections.abc import Callable
from threading import Lock

from jsm_sla_bot.text.outside import LONGEST_MESSAGE, outside

Check = Callable[[], str | None]
"""Returns why something is wrong, None when nothing is."""


class Health:
    """What is wrong at the moment, by subject. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._wrong: dict[str, str] = {}
        self._checks: dict[str, Check] = {}
        self._needed: dict[str, Check] = {}
        self._vital: dict[str, Check] = {}

    def watch(self, subject: str, check: Check) -> None:
        """Run this check whenever somebody asks what is wrong."""
        with self._lock:
            self._checks[subject] = check

    def require(self, subject: str, check: Check) -> None:
        """Run this check whenever somebody asks whether the daemon may write."""
        with self._lock:
            self._needed[subject] = check

    def depend_on(self, subject: str, check: Check) -> None:
        """Run this check whenever somebody asks whether the process works."""
        with self._lock:
            self._vital[subject] = check

    def wrong(self, subject: str, why: str) -> None:
        """Note what is wrong with a subject."""
        with self._lock:
            self._wrong[subject] = why

    def right(self, subject: str) -> None:
        """Note that nothing is wrong with a subject any more."""
        with self._lock:
            self._wrong.pop(subject, None)

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by subject; a check that fails is a problem itself and hides no other."""
        with self._lock:
            noted = dict(self._wrong)
        return {**_shown(noted), **self._answers(self._checks)}

    def waits_for(self) -> dict[str, str]:
        """Return what is missing before the daemon may write, by subject; nothing when it is ready."""
        return self._answers(self._needed)

    def dead(self) -> dict[str, str]:
        """Return why the process does not work, by subject; nothing while it does."""
        return self._answers(self._vital)

    def _answers(self, checks: dict[str, Check]) -> dict[str, str]:
        with self._lock:
            asked = dict(checks)
        found = {}
        for subject, check in asked.items():
            why = _answer(check)
            if why is not None:
                found[subject] = why
        return _shown(found)


def _shown(problems: dict[str, str]) -> dict[str, str]:
    return {
        subject: outside(why, LONGEST_MESSAGE)
        for subject, why in problems.items()
    }


def _answer(check: Check) -> str | None:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever a check fails with, the health page has to answer
        return f"the check failed: unexpected {type(error).__name__}"
