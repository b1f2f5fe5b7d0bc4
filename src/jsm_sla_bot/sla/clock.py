"""The response clock of a request: from where it runs, and the deed that stopped it (R4, D4, D9, D14)."""

from dataclasses import dataclass
from datetime import datetime

from jsm_sla_bot.sla.acknowledgement import ANSWERS, acknowledges, reopens
from jsm_sla_bot.sla.contract import Policy, Reopening, Terms
from jsm_sla_bot.sla.entitlement import entitlement
from jsm_sla_bot.sla.history import as_of
from jsm_sla_bot.sla.replay import Span, replay
from jsm_sla_bot.sla.request import Deed, HistoryEntry, RequestSnapshot, Role


@dataclass(frozen=True, slots=True)
class Clock:
    """From where the clock runs (aware UTC), what stopped it, and the reopening that started it anew, if any."""

    start: datetime
    stopped: HistoryEntry | None
    restarted: HistoryEntry | None = None


def clock_of(policy: Policy, known: RequestSnapshot) -> Clock:
    """Read the clock off the history, which must be in order.

    Whether a deed counts is judged by the terms that decided at its instant: what is put right about the request
    after an acknowledgement cannot undo it (D9).
    """
    clock, fixed = Clock(known.reported, None), _fixed(policy, known)
    for entry in known.history:
        if entry.what not in ANSWERS or (entry.role is not Role.AGENT and entry.what is not Deed.STATUS):
            continue
        terms = fixed or _terms(policy, known, clock.start, entry.at)
        if terms.reopen is Reopening.RESTART and reopens(entry):
            clock = Clock(entry.at, None, entry)
            terms = fixed or _terms(policy, known, clock.start, entry.at)
        if clock.stopped is None and acknowledges(entry, terms.acknowledgement):
            clock = Clock(clock.start, entry, clock.restarted)
    return clock


def _fixed(policy: Policy, known: RequestSnapshot) -> Terms | None:
    """Return the terms that held all along, if only one organization ever was on the request, or none."""
    if len(known.organizations) > 1 or any(entry.what is Deed.ORGANIZATIONS for entry in known.history):
        return None
    found = entitlement(policy, known.organizations, known.reported)
    return found.candidates[0].terms if found.candidates else policy.default_terms


def _terms(policy: Policy, known: RequestSnapshot, start: datetime, at: datetime) -> Terms:
    """Return the terms that decided at an instant; where several differ in this matter, the replay knows (D11)."""
    then = as_of(known, at)
    found = entitlement(policy, then.organizations, then.reported)
    terms = [candidate.terms for candidate in found.candidates] or [policy.default_terms]
    if len({(one.acknowledgement, one.reopen) for one in terms}) == 1:
        return terms[0]
    decision = replay(policy, then, Span(start, at)).decision
    return decision.case.terms if decision else terms[0]
