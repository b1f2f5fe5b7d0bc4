"""What is known of who reads our internal notes: whether the site keeps them inside, and which it has shown."""

import threading


class Exposure:
    """What is known of who reads our notes: one for all connections over a transport. Thread-safe."""

    def __init__(self) -> None:
        self.proving = threading.Lock()
        """Held by whoever writes a note before any has been seen to be internal."""
        self.is_proven = False
        self._lock = threading.Lock()
        self._first: str | None = None
        self._standing: dict[str, str] = {}

    def exposed(self, issue: str, comment: str) -> None:
        """Take note that the customer can read a note: no more are written."""
        with self._lock:
            self._first = self._first or issue
            self._standing[comment] = issue

    def taken_back(self, comment: str) -> None:
        """Take note that it is deleted."""
        with self._lock:
            self._standing.pop(comment, None)

    def stopped(self) -> str | None:
        """Return why no notes are written, and which of them the customer can still read; None while they are."""
        with self._lock:
            if self._first is None:
                return None
            standing = ", ".join(
                f"comment {comment} on {issue}"
                for comment, issue in sorted(self._standing.items())
            )
            still = (
                f"; still public, and to be deleted: {standing}"
                if standing
                else ""
            )
            why = f"no notes are written since Jira showed an internal one to the customer on {self._first}"
            return f"{why}: look into it, then restart{still}"
