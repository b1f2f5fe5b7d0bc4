"""The note on the ETA, and on each change of it, and what agents are to know of one that slips (R9, D21).

What the customer has read last is known by the markers of the notes that stand, also where a ledger was lost.
"""

from collections.abc import Collection, Iterator

from jsm_sla_bot.plan import markers
from jsm_sla_bot.plan.eta_wording import eta_note, eta_text
from jsm_sla_bot.plan.ledger import ToldEta
from jsm_sla_bot.plan.public.kind import NoteKind
from jsm_sla_bot.plan.public.matter import (
    Later,
    Matter,
    Owed,
    OwedFlag,
    OwedNote,
)
from jsm_sla_bot.sla.eta import Eta, EtaNews, EtaView, StandingEta, eta_view


def eta_notes(matter: Matter) -> Iterator[Owed]:
    """Yield what is owed of the ETA, and when time alone brings the next of it about."""
    rule = matter.rule(NoteKind.ETA)
    if rule is None:
        return
    read = last_read(matter.said)
    calendar = matter.terms.calendar
    view = eta_view(matter.request, read, rule.settles, calendar, matter.now)
    if view.next_at:
        yield Later(view.next_at)
    match view.news:
        case EtaNews.FIRST | EtaNews.CHANGED:
            yield from _note(matter, view, read)
        case EtaNews.EMPTIED | EtaNews.PAST | EtaNews.REACHED as news:
            yield _flag(matter, news, view.standing, read)
        case None:
            pass


def last_read(said: Collection[str]) -> Eta | None:
    """Return the ETA that the customer has read last; `said` are the markers of the notes that stand."""
    last = max(_etas(said), key=lambda one: one.since, default=None)
    return last.value if last else None


def etas_read(said: Collection[str]) -> list[str]:
    """Return all that the customer has read, in order, as ledgers keep them."""
    listed = sorted(_etas(said), key=lambda one: one.since)
    return [markers.eta_value(one.value) for one in listed if one.value]


def _etas(said: Collection[str]) -> list[StandingEta]:
    about = markers.public_about(NoteKind.ETA, said)
    found = map(markers.eta_of, about)
    return [one for one in found if one]


def _note(
    matter: Matter, view: EtaView, read: Eta | None
) -> Iterator[OwedNote]:
    value = view.standing.value
    if value is None:
        return
    calendar = matter.terms.calendar
    facts = {
        "key": matter.request.key,
        "eta": eta_text(value, calendar),
        "old_eta": eta_text(read, calendar),
    }
    about = markers.eta_about(value, view.standing.since)
    told = ToldEta(markers.eta_value(value), matter.now)
    yield OwedNote(NoteKind.ETA, about, facts, until=view.ends, told=told)


def _flag(
    matter: Matter, news: EtaNews, standing: StandingEta, read: Eta | None
) -> OwedFlag:
    value = standing.value
    has_read = read == value
    shown = eta_text(value or read, matter.terms.calendar)
    said = eta_note(news, shown, matter.assignee, has_read=has_read)
    return OwedFlag(markers.eta_flag_marker(news, standing), said)
