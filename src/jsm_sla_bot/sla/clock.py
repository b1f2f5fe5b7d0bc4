"""The response clock of a request: from where it runs, and the deed that stopped it (R4, D4, D9, D14)."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from jsm_sla_bot.sla.acknowledgement import (
    ANSWERS,
    acknowledges,
    reopens,
    sets_severity,
)
from jsm_sla_bot.sla.contract import Policy, Reopening, Terms
from jsm_sla_bot.sla.entitlement import Candidate, Entitlement, entitlement
from jsm_sla_bot.sla.events import Span
from jsm_sla_bot.sla.history import as_of, held
from jsm_sla_bot.sla.replay import replay
from jsm_sla_bot.sla.request import Deed, HistoryEntry, RequestSnapshot, Role


class Clock(NamedTuple):
    """From where the clock runs (aware UTC), what stopped it, and the reopening that started it again, if any.

    `by_severity` tells that setting the severity acknowledges, under the terms of the answer (D4, D36).
    """

    start: datetime
    stopped: HistoryEntry | None
    restarted: HistoryEntry | None = None
    by_severity: bool = False


def clock_of(
    policy: Policy, known: RequestSnapshot, found: Entitlement | None
) -> Clock:
    """Read the clock off the history, which must be in order; `found` is the entitlement if it never changed.

    Whether a deed counts is judged by the terms that decided at its instant: what is put right about the request
    after an acknowledgement cannot undo it (D9). What is dated before the report answers nothing.
    """
    clock = Clock(known.reported, None)
    fixed = _fixed(policy, known, found)
    for entry in known.history:
        by_agent = entry.role is Role.AGENT
        if entry.what not in ANSWERS or not (by_agent or entry.what is Deed.STATUS):
            continue
        if clock.stopped and not reopens(entry):
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
            by_severity = terms.acknowledgement.severity
            clock = Clock(clock.start, entry, clock.restarted, by_severity)
    return clock


def judged(known: RequestSnapshot, clock: Clock) -> RequestSnapshot:
    """Return the request by which it is judged: as it was when the clock stopped (D9).

    Where setting the severity acknowledges, the severity is the one just before the answer (D36).
    """
    if clock.stopped is None:
        return known
    at = clock.stopped.at
    then = as_of(known, at)
    if not clock.by_severity:
        return then
    for number, entry in enumerate(then.history):
        if entry.at == at and sets_severity(entry):
            return _without_severities(then, number, entry)
    return then


def _without_severities(
    then: RequestSnapshot, number: int, first: HistoryEntry
) -> RequestSnapshot:
    """Undo that change of the severity and those after it."""
    later = [one for one in then.history[number:] if one.what is not Deed.SEVERITY]
    before = first.before if isinstance(first.before, int) else None
    return replace(then, severity=before, history=(*then.history[:number], *later))


def _fixed(
    policy: Policy, known: RequestSnapshot, found: Entitlement | None
) -> Terms | None:
    """Return terms that say in this matter what all say that ever were in play, or None where they differ."""
    candidates = found.candidates if found else _ever(policy, known)
    every = [candidate.terms for candidate in candidates] or [policy.default_terms]
    if found is None:
        every.append(policy.default_terms)
    return _agreed(every)


def _ever(policy: Policy, known: RequestSnapshot) -> tuple[Candidate, ...]:
    """Return the candidates among all organizations that the request has ever carried."""
    ids: dict[str, None] = {}
    for value in held(known, Deed.ORGANIZATIONS):
        if isinstance(value.value, tuple):
            ids.update(dict.fromkeys(value.value))
    return entitlement(policy, ids, known.reported).candidates


def _agreed(terms: list[Terms]) -> Terms | None:
    ways = {(one.acknowledgement, one.reopen) for one in terms}
    return terms[0] if len(ways) == 1 else None


def _terms(
    policy: Policy, known: RequestSnapshot, start: datetime, at: datetime
) -> Terms:
    """Return the terms that decided at an instant; where several differ in this matter, the replay knows (D11)."""
    then = as_of(known, at)
    found = entitlement(policy, then.organizations, then.reported)
    terms = [candidate.terms for candidate in found.candidates] or [
        policy.default_terms
    ]
    if agreed := _agreed(terms):
        return agreed
    decision = replay(policy, then, Span(start, at)).decision
    return decision.case.terms if decision else terms[0]
