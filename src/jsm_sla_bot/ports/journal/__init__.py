"""The journal as a port: five small Protocols, and the values that they take and give."""

from jsm_sla_bot.ports.journal.marks import (
    AdmittedPolicy,
    AllowedGone,
    AllowedPolicy,
    DaemonFacts,
    EndpointCalls,
    FirstSweep,
    HeldBack,
    LookedBack,
    Mark,
    Scope,
    Vanished,
)
from jsm_sla_bot.ports.journal.protocols import (
    Agenda,
    Intents,
    Journal,
    Marks,
    PassLog,
    SeenRequests,
)
from jsm_sla_bot.ports.journal.values import (
    Entry,
    Failure,
    ForeignJournalError,
    JournalError,
    PassKind,
    PassOutcome,
    PassReport,
)

__all__ = [
    "AdmittedPolicy",
    "Agenda",
    "AllowedGone",
    "AllowedPolicy",
    "DaemonFacts",
    "EndpointCalls",
    "Entry",
    "Failure",
    "FirstSweep",
    "ForeignJournalError",
    "HeldBack",
    "Intents",
    "Journal",
    "JournalError",
    "LookedBack",
    "Mark",
    "Marks",
    "PassKind",
    "PassLog",
    "PassOutcome",
    "PassReport",
    "Scope",
    "SeenRequests",
    "Vanished",
]
