"""What of a ledger was not believed: kept by its kind in the ledger written next, and reported to ops."""

from collections.abc import Sequence
from enum import StrEnum

from jsm_sla_bot.plan.ledger import Ledger


class Doubt(StrEnum):
    """What of a ledger was not believed."""

    UNREADABLE = "unreadable"
    NEWER = "newer"
    OTHER_REQUEST = "other_request"
    SETTLED = "settled"
    NOTES = "notes"
    ESCALATED = "escalated"


WHY = {
    Doubt.UNREADABLE: "it is not one of this version",
    Doubt.NEWER: "it is one of a newer version of the bot and stays as it is, so update this bot",
    Doubt.OTHER_REQUEST: "it is another request's",
    Doubt.SETTLED: "it claims an outcome that the history does not show",
    Doubt.NOTES: "it claims notes of ours that do not stand",
    Doubt.ESCALATED: "it claims an escalation that the history does not show",
}


def doubted(ledger: Ledger | None, doubts: Sequence[Doubt] = ()) -> list[str]:
    """Say what of a request's ledgers was not believed, for ops.

    `doubts` are those of now: a ledger of a newer version keeps none of ours.
    """
    kept = ledger.doubted if ledger else ()
    newer = [Doubt.NEWER] if Doubt.NEWER in doubts else []
    known = [Doubt(kind) for kind in kept if kind in set(Doubt)]
    why = ", ".join(WHY[doubt] for doubt in (*newer, *known))
    return (
        [f"its ledger was not believed, its history was: {why}"] if why else []
    )
