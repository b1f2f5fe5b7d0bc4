"""A state that lasts is logged when it begins, when it changes and once an hour, not whenever it is seen."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

REPEAT = timedelta(hours=1)
"""A state that still lasts after this long is logged again."""
MOST_SUBJECTS = 10_000
"""When so many subjects are remembered, all are forgotten and logged again: memory is bounded."""

_FIGURE = re.compile(r"\d+([.:]\d+)*")


@dataclass(frozen=True, slots=True)
class _Logged:
    """What was logged, without its figures, and when (aware UTC)."""

    text: str
    at: datetime


class Lasting:
    """What was logged last about each subject. `now` returns aware UTC. Safe to use from several threads."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = Lock()
        self._logged: dict[str, _Logged] = {}

    def is_news(self, subject: str, text: str) -> bool:
        """Tell whether that is to be logged now, and remember it as logged; other figures alone are no news."""
        now = self._now()
        plain = _FIGURE.sub("#", text)
        with self._lock:
            last = self._logged.get(subject)
            if last and last.text == plain and now - last.at < REPEAT:
                return False
            if len(self._logged) >= MOST_SUBJECTS:
                self._logged.clear()
            self._logged[subject] = _Logged(plain, now)
            return True

    def is_over(self, subject: str) -> bool:
        """Forget what was logged about a subject; tell whether there was anything."""
        with self._lock:
            return self._logged.pop(subject, None) is not None

    def subjects(self) -> frozenset[str]:
        """Return the subjects that something was logged about and that are not over."""
        with self._lock:
            return frozenset(self._logged)


SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "daemon_job_broke": ("job",),
    "fields_changed_at_once": (),
    "jira_agents_unseen": ("project",),
    "jira_fields_refused": ("key",),
    "jira_group_gone": ("group",),
    "jira_search_not_split": (),
    "note_still_public": ("comment",),
    "old_reading_does_not_fit": (),
    "people_insist": ("key",),
    "request_not_understood": ("key",),
    "request_not_written": ("key",),
    "request_set_aside": ("key",),
    "status_not_written": (),
}
"""Events that are logged whenever a state is seen, and the values that name whose state it is."""

OVER = {
    "request_written": (
        "request_set_aside",
        "request_not_written",
        "people_insist",
    )
}
"""Events that end a state, with the events that logged it, for the same key."""


class Repeated:
    """Decides for each line of the log whether it repeats an earlier one."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._lasting = Lasting(now)

    def __call__(self, line: Mapping[str, object]) -> bool:
        """Return whether a line repeats what was logged less than an hour ago."""
        event = str(line.get("event"))
        self._end_states(event, line)
        if event not in SUBJECTS:
            return False
        subject = _subject(event, line)
        values = {
            name: line[name] for name in sorted(line) if name != "timestamp"
        }
        return not self._lasting.is_news(subject, str(values))

    def _end_states(self, event: str, line: Mapping[str, object]) -> None:
        """Forget the states that this event ends."""
        for ended in OVER.get(event, ()):
            key = line.get("key")
            self._lasting.is_over(f"{ended} {key}")


def _subject(event: str, line: Mapping[str, object]) -> str:
    """Return whose state an event is about."""
    whose = [str(line.get(name)) for name in SUBJECTS[event]]
    return " ".join([event, *whose])
