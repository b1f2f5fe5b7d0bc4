"""What was done to a request's fields, from its changelog, as history: changes, phone calls, ETAs."""

from collections.abc import Sequence

from jsm_sla_bot.jsm.decode import changelog, eta, phone_calls
from jsm_sla_bot.jsm.decode.fields import Fields
from jsm_sla_bot.jsm.decode.roles import account_id
from jsm_sla_bot.jsm.decode.shown_values import labels, value_of
from jsm_sla_bot.jsm.decode.vocabulary import Vocabulary, severity_options
from jsm_sla_bot.jsm.instants import instant
from jsm_sla_bot.jsm.json_values import JsonObject
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.sla.request import HistoryEntry


def changed(
    fields: JsonObject,
    found: Sequence[changelog.Change],
    known: Fields,
    words: Vocabulary,
    desk: Desk,
) -> tuple[HistoryEntry, ...]:
    """Return what was changed, field by field; `fields` are the request's own. Raises UnreadableError."""
    shown = fields.get(known.severity.id)
    options = severity_options(shown)
    present = (
        options[0][0] if options else None,
        words.present_severity(shown),
    )
    reported = instant(fields.get("created"), "created")
    raised = phone_calls.Raised(
        reported, account_id(fields.get("reporter")) or ""
    )
    called = phone_calls.calls(
        known.called,
        value_of(fields, known.called),
        labels(fields),
        found,
        desk,
        raised,
    )
    stated = eta.etas(known.eta, value_of(fields, known.eta), found)
    followed = changelog.entries(found, known, words, present)
    return (*followed, *called, *stated)
