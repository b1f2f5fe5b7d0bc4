"""A test that writes to one request and undoes it: what it tried, and how each write went."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trial:
    """One write of a write test. `failed` says why it was refused; None where it went well and was undone."""

    what: str
    failed: str | None = None
