"""Which requests the bot closed since their customer did not answer (R11, D26, D30)."""

from datetime import datetime

from jsm_sla_bot.sla.request import Deed, RequestSnapshot, Role, Status
from jsm_sla_bot.sla.silence import all_taken


def dormant_closing(request: RequestSnapshot) -> datetime | None:
    """Return when the bot closed a request last after it had said so in public (aware UTC); None where it never did.

    Takes a history that is in order. A closing by a person counts as theirs, whatever the bot had said before.
    """
    said = [one.at for one in all_taken(request) if one.said.is_closing]
    if not said:
        return None
    closed = [
        entry.at
        for entry in request.history
        if entry.what is Deed.STATUS
        and entry.role is Role.BOT
        and entry.at >= said[0]
        and isinstance(entry.after, Status)
        and entry.after.is_done
    ]
    return closed[-1] if closed else None
