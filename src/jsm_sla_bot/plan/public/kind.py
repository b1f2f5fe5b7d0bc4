"""The kinds of public note (D18)."""

from enum import StrEnum


class NoteKind(StrEnum):
    """What a public note is about. The words go into the markers of notes: none is ever spelled otherwise."""

    REGISTERED = "registered"
    CALL_US = "call_us"
    ETA = "eta"
    RESOLVED = "resolved"
    REMINDER = "reminder"
    CLOSING = "closing"
