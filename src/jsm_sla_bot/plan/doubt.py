"""What of a ledger was not believed: kept by its kind in the ledger written next, and reported to ops."""

from enum import StrEnum

from jsm_sla_bot.plan.ledger import Ledger


class Doubt(StrEnum):
    """What of a ledger was not believed."""

    UNREADABLE = "unreadable"
    OTHER_REQUEST = "other_request"
    SETTLED = "settled"
    NOTES = "notes"
    ESCALATED = "escalated"


WHY = {
    Doubt.UNREADABLE: "it is not one of this version",
    Doubt.OTHER_REQUEST: "it is another request's",
    Doubt.SETTLED: "it claims an outcome that the history does not show",
    Doubt.NOTES: "it claims notes of ours that do not stand",
    Doubt.ESCALATED: "it claims an escalation that the history does not show",
}


def doubted(ledger: Ledger | None) -> list[str]:
    """Say what of a request's ledgers was not believed, for ops."""
    kinds = ledger.doubted if ledger else ()
    why = ", ".join(WHY[Doubt(kind)] for kind in kinds if kind in set(Doubt))
    return [f"its ledger was not believed, its history was: {why}"] if why else []
