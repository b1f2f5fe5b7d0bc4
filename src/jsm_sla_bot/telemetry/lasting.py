"""A state that lasts is logged when it begins, when it changes, and once an hour; not at every look at it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

AGAIN = timedelta(hours=1)
MOST = 10_000
"""So many subjects are remembered at most; more than that are told again rather than kept."""

_FIGURE = re.compile(r"\d+([.:]\d+)*")


@dataclass(frozen=True, slots=True)
class _Told:
    what: str
    at: datetime


class Lasting:
    """What was told of each subject, and when. `now` returns aware UTC. Thread-safe."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = Lock()
        self._told: dict[str, _Told] = {}

    def is_news(self, subject: str, what: str) -> bool:
        """Tell whether that is to be logged now, and remember that it is; figures alone are no change."""
        now, plain = self._now(), _FIGURE.sub("#", what)
        with self._lock:
            known = self._told.get(subject)
            if known and known.what == plain and now - known.at < AGAIN:
                return False
            if len(self._told) >= MOST:
                self._told.clear()
            self._told[subject] = _Told(plain, now)
            return True

    def is_over(self, subject: str) -> bool:
        """Forget what was told of a subject; tell whether there was anything."""
        with self._lock:
            return self._told.pop(subject, None) is not None

    def subjects(self) -> frozenset[str]:
        """Return of what something was told that is not over."""
        with self._lock:
            return frozenset(self._told)


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
"""Events that tell of a state at each look at it, and the values that say whose state it is."""

OVER = {
    "request_written": ("request_set_aside", "request_not_written", "people_insist")
}
"""An event that ends what others told of the same key."""


class Repeated:
    """Decides for each line of the log whether it says something new."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._lasting = Lasting(now)

    def __call__(self, line: Mapping[str, object]) -> bool:
        """Tell whether a line repeats what was logged less than an hour ago."""
        event = str(line.get("event"))
        for ended in OVER.get(event, ()):
            self._lasting.is_over(f"{ended} {line.get('key')}")
        if event not in SUBJECTS:
            return False
        whose = " ".join(str(line.get(name)) for name in SUBJECTS[event])
        what = str({name: line[name] for name in sorted(line) if name != "timestamp"})
        return not self._lasting.is_news(f"{event} {whose}".strip(), what)
