"""How the journal stands: whether the last read and the last write of it went well."""

from threading import Lock

from jsm_sla_bot.ports.journal import JournalError


class Trouble:
    """Remembers the last failure of each kind until one of that kind goes well. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._reading: str | None = None
        self._writing: str | None = None
        self.locked = False
        """Whether the last write found the file locked: the next one need not wait as long for it."""

    def failed(
        self, error: JournalError, *, writing: bool, locked: bool
    ) -> None:
        """Take note of a failure."""
        with self._lock:
            self.locked = locked
            if writing:
                self._writing = str(error)
            else:
                self._reading = str(error)

    def succeeded(self, *, writing: bool) -> None:
        """Take note that it can be read again, or written and so read as well."""
        if self._reading is None and self._writing is None:
            return
        with self._lock:
            self._reading = None
            if writing:
                self._writing, self.locked = None, False

    def now(self) -> str | None:
        """Return what is wrong in one sentence, None when nothing is."""
        with self._lock:
            return self._reading or self._writing
