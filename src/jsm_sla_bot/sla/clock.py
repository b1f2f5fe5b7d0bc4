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

    `by_severity`: setting the severity acknowledges, under the terms of the answer (D4, D36).
    """

    start: datetime
    stopped: HistoryEntry | None
    restarted: HistoryEntry | None = None
    by_severity: bool = False


def clock_of(
    policy: Policy, known: RequestSnapshot, found: Entitlement | None
) -> Clock:
    """Return the clock; the history must be in order; `found` is the entitlement if it never changed.

    Whether a deed counts is judged by the terms that decided at its instant: a later correction of the request cannot
    undo an acknowledgement (D9). A deed dated before the report acknowledges nothing.
    """
    clock = Clock(known.reported, None)
    every = _in_play(policy, known, found)
    answers = [entry for entry in known.history if entry.what in ANSWERS]
    for entry in answers:
        if len(every) > 1 and not _matters(entry, clock, every):
            continue
        terms = _terms(policy, known, clock.start, entry.at, every)
        if terms.reopen is Reopening.RESTART and reopens(entry):
            clock = Clock(entry.at, None, entry)
            terms = _terms(policy, known, clock.start, entry.at, every)
        if (
            clock.stopped is None
            and entry.at >= known.reported
            and acknowledges(entry, terms.acknowledgement)
        ):
            by_severity = terms.acknowledgement.severity
            clock = Clock(clock.start, entry, clock.restarted, by_severity)
    return clock


def _matters(entry: HistoryEntry, clock: Clock, every: list[Terms]) -> bool:
    """Return whether an entry stops or starts the clock under any of the terms that may decide."""
    if entry.role is not Role.AGENT and entry.what is not Deed.STATUS:
        return False
    if reopens(entry) and any(
        one.reopen is Reopening.RESTART for one in every
    ):
        return True
    if clock.stopped:
        return False
    return any(acknowledges(entry, one.acknowledgement) for one in every)


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
    later = [
        one for one in then.history[number:] if one.what is not Deed.SEVERITY
    ]
    before = first.before if isinstance(first.before, int) else None
    return replace(
        then, severity=before, history=(*then.history[:number], *later)
    )


def _in_play(
    policy: Policy, known: RequestSnapshot, found: Entitlement | None
) -> list[Terms]:
    """Return one of each kind of terms that were ever in play: terms of one kind acknowledge and reopen alike."""
    if found and len(found.candidates) == 1:
        return [found.candidates[0].terms]
    candidates = found.candidates if found else _ever(policy, known)
    every = [candidate.terms for candidate in candidates]
    if found is None or not every:
        every.append(policy.default_terms)
    kinds = {(one.acknowledgement, one.reopen): one for one in reversed(every)}
    return list(kinds.values())


def _ever(policy: Policy, known: RequestSnapshot) -> tuple[Candidate, ...]:
    """Return the candidates among all organizations that the request has ever carried."""
    ids: dict[str, None] = {}
    for value in held(known, Deed.ORGANIZATIONS):
        if isinstance(value.value, tuple):
            ids.update(dict.fromkeys(value.value))
    return entitlement(policy, ids, known.reported).candidates


def _terms(
    policy: Policy,
    known: RequestSnapshot,
    start: datetime,
    at: datetime,
    every: list[Terms],
) -> Terms:
    """Return the terms that decided at an instant, or equal ones; the replay decides between unequal ones (D11)."""
    if len(every) == 1:
        return every[0]
    then = as_of(known, at)
    found = entitlement(policy, then.organizations, then.reported)
    terms = [candidate.terms for candidate in found.candidates]
    if len({(one.acknowledgement, one.reopen) for one in terms}) < 2:  # noqa: PLR2004 - they agree
        return terms[0] if terms else policy.default_terms
    decision = replay(policy, then, Span(start, at)).decision
    return decision.case.terms if decision else terms[0]
