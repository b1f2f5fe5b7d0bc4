"""The response clock of a request: from where it runs, and the deed that stopped it (R4, D4, D9, D14)."""

from datetime import datetime
from typing import NamedTuple

from jsm_sla_bot.sla.acknowledgement import ANSWERS, acknowledges, reopens
from jsm_sla_bot.sla.contract import Policy, Reopening, Terms
from jsm_sla_bot.sla.entitlement import Entitlement, entitlement
from jsm_sla_bot.sla.history import as_of
from jsm_sla_bot.sla.replay import Span, replay
from jsm_sla_bot.sla.request import Deed, HistoryEntry, RequestSnapshot, Role


class Clock(NamedTuple):
    """From where the clock runs (aware UTC), what stopped it, and the reopening that started it anew, if any."""

    start: datetime
    stopped: HistoryEntry | None
    restarted: HistoryEntry | None = None


def clock_of(
    policy: Policy, known: RequestSnapshot, found: Entitlement | None
) -> Clock:
    """Read the clock off the history, which must be in order; `found` is the entitlement if it never changed.

    Whether a deed counts is judged by the terms that decided at its instant: what is put right about the request
    after an acknowledgement cannot undo it (D9). What is dated before the report answers nothing.
    """
    agent, status = Role.AGENT, Deed.STATUS
    clock, fixed = Clock(known.reported, None), _fixed(policy, found)
    for entry in known.history:
        if entry.what not in ANSWERS or (
            entry.role is not agent and entry.what is not status
        ):
            continue
        terms = fixed or _terms(policy, known, clock.start, entry.at)
        if terms.reopen is Reopening.RESTART and reopens(entry):
            clock = Clock(entry.at, None, entry)
            terms = fixed or _terms(policy, known, clock.start, entry.at)
        if (
            clock.stopped is None
            and entry.at >= known.reported
            and acknowledges(entry, terms.acknowledgement)
        ):
            clock = Clock(clock.start, entry, clock.restarted)
    return clock


def _fixed(policy: Policy, found: Entitlement | None) -> Terms | None:
    """Return the terms that held all along, if only one organization ever was on the request, or none."""
    if found is None or len(found.candidates) > 1:
        return None
    return found.candidates[0].terms if found.candidates else policy.default_terms


def _terms(
    policy: Policy, known: RequestSnapshot, start: datetime, at: datetime
) -> Terms:
    """Return the terms that decided at an instant; where several differ in this matter, the replay knows (D11)."""
    then = as_of(known, at)
    found = entitlement(policy, then.organizations, then.reported)
    terms = [candidate.terms for candidate in found.candidates] or [
        policy.default_terms
    ]
    if len({(one.acknowledgement, one.reopen) for one in terms}) == 1:
        return terms[0]
    decision = replay(policy, then, Span(start, at)).decision
    return decision.case.terms if decision else terms[0]
