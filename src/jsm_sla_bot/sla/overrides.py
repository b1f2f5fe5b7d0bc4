"""What of an organization's own contract had a part in an answer, with its value (R12).

An override that decided nothing on this request is not named: another severity's target, a calendar under a clock
that runs round the clock.
"""

from collections.abc import Iterator, Mapping

from jsm_sla_bot.sla.acknowledgement import reopens
from jsm_sla_bot.sla.clock import Clock
from jsm_sla_bot.sla.contract import ClockKind, Target, Terms
from jsm_sla_bot.sla.decision import Decision
from jsm_sla_bot.sla.reason import Because, Fact, Reason, reason
from jsm_sla_bot.sla.replay import Outcome
from jsm_sla_bot.sla.reporter import representatives
from jsm_sla_bot.sla.request import RequestSnapshot
from jsm_sla_bot.sla.target import clock_that_counts, has_round_the_clock


def overrides(
    request: RequestSnapshot,
    outcome: Outcome,
    decision: Decision,
    clock: Clock,
) -> Iterator[Reason]:
    """Yield the overrides that apply to this request, in the order of the configuration."""
    terms = decision.case.terms
    if not terms.overridden:
        return
    applied = _applied(request, outcome, decision, clock)
    for path in terms.overridden:
        if path in applied:
            source = terms.source(path)
            yield reason(
                Because.OVERRIDE, "R12", source, what=path, value=applied[path]
            )


def _applied(
    request: RequestSnapshot,
    outcome: Outcome,
    decision: Decision,
    clock: Clock,
) -> Mapping[str, Fact]:
    """Return the values of the terms that had a part in the answer, by their paths in `Terms.overridden`."""
    applied = {
        **_of_the_target(decision),
        **_of_the_course(request, outcome, decision, clock),
        "notes": _notes(decision.case.terms, decision.answer.severity),
    }
    if request.reporter and representatives(decision.candidate):
        flagged = "" if decision.case.terms.flag_other_reporters else "not "
        applied["flag_other_reporters"] = f"{flagged}flagged"
    return applied


def _of_the_target(decision: Decision) -> dict[str, Fact]:
    """Return what made the target: its hours and its clock, and the call that it waits for."""
    case = decision.case
    terms = case.terms
    severity = decision.answer.severity
    target = terms.targets[severity]
    applied: dict[str, Fact] = {
        f"targets.{severity}": _target(decision, target)
    }
    if decision.answer.owed.clock is ClockKind.BUSINESS:
        applied["calendar"] = terms.calendar.name
    if target.clock is ClockKind.ROUND_THE_CLOCK:
        supported = "" if has_round_the_clock(case) else "not "
        product = case.product or "none"
        applied["round_the_clock_products"] = f"{supported}for {product}"
    if target.phone:
        applied["phone"] = (
            f"{terms.fallback_tier} until the call, counted from the {terms.clock_starts}"
        )
    return applied


def _of_the_course(
    request: RequestSnapshot,
    outcome: Outcome,
    decision: Decision,
    clock: Clock,
) -> dict[str, Fact]:
    """Return what happened to the clock: severities changed, deeds that stopped or started it, pauses."""
    terms = decision.case.terms
    applied: dict[str, Fact] = {}
    if changes := _changes(outcome, terms):
        applied["severity_change"] = changes
    if clock.stopped:
        applied["acknowledgement"] = _deeds(terms)
    if clock.restarted or any(reopens(entry) for entry in request.history):
        applied["reopen"] = _words(terms.reopen)
    pauses = decision.answer.owed.pauses
    if pauses:
        statuses = dict.fromkeys(pause.status for pause in pauses)
        applied["pauses_in"] = tuple(statuses)
    return applied


def _changes(outcome: Outcome, terms: Terms) -> str:
    """Return how a severity that was changed counts, for the directions in which it was."""
    rule = terms.severity_change
    happened: set[str] = set()
    for one in outcome.trail:
        if one.because is Because.SEVERITY_RAISED:
            happened.add(f"raised {_words(rule.raised)}")
        elif one.because is Because.SEVERITY_LOWERED:
            happened.add(f"lowered {_words(rule.lowered)}")
    return ", ".join(sorted(happened))


def _target(decision: Decision, target: Target) -> str:
    hours = f"{target.goal.total_seconds() / 3600:g} h"
    called = " once the customer calls" if target.phone else ""
    return f"{hours}, {clock_that_counts(decision.case, target)}{called}"


def _deeds(terms: Terms) -> str:
    rule = terms.acknowledgement
    deeds = {
        "public comment": rule.public_comment,
        "status": rule.status,
        "severity": rule.severity,
    }
    return (
        " or ".join(deed for deed, counts in deeds.items() if counts)
        or "nothing"
    )


def _notes(terms: Terms, severity: int) -> str:
    """Return the kinds of public note that are on for that severity, in words (D12)."""
    kinds = [
        _words(kind)
        for kind, rule in terms.notes.items()
        if severity in rule.severities
    ]
    return ", ".join(kinds) or "no note"


def _words(choice: str) -> str:
    return choice.replace("_", " ")
