"""Check of the way to the escalation status: what the workflow offers, and what it asks for."""

from collections.abc import Iterator, Sequence

from jsm_sla_bot.doctor.examination import Examination, needed
from jsm_sla_bot.doctor.verdict import Detail, Verdict, judged, skipped
from jsm_sla_bot.ports.survey import MovesFacts, TransitionFacts


def escalation(examination: Examination) -> Verdict:
    """Prove that a request that nobody has taken up can be escalated: its workflow offers the transition (R10)."""
    wanted = examination.desk.escalation_status
    if wanted is None:
        return judged("jira.yaml names no status to escalate to")
    if not _has(examination, wanted):
        return skipped(
            f"the site has no status {wanted!r}: see the check statuses"
        )
    seen = [
        each
        for each in needed(examination.survey.requests).moves
        if each.is_permitted
    ]
    warnings = [
        detail
        for each in seen
        for detail in _obstacles(examination, each, wanted)
    ]
    if not seen:
        return judged(
            "no request was seen that would be escalated, so there is nothing to prove it on"
        )
    keys = ", ".join(each.key for each in seen)
    return judged(
        f"requests can be escalated to {wanted}: {keys}", warnings=warnings
    )


def _has(examination: Examination, wanted: str) -> bool:
    word = wanted.strip().casefold()
    return any(
        word in {each.name.casefold(), each.id}
        for each in needed(examination.survey.statuses)
    )


def _obstacles(
    examination: Examination, moves: MovesFacts, wanted: str
) -> Iterator[Detail]:
    """Yield why the request can't be escalated from where it is."""
    where = examination.links.workflows(moves.project)
    ways = _leading_to(wanted, needed(moves.offered))
    if not ways:
        what = f"{moves.key}: its workflow offers no transition from {moves.status} to {wanted}"
        remedy = f"add one that our account may make, or take escalation.status out of jira.yaml: {where}"
        yield Detail(what, remedy)
    elif all(each.asks_for for each in ways):
        fields = ", ".join(ways[0].asks_for)
        what = f"{moves.key}: the transition to {wanted} asks for {fields}, which the bot does not give"
        yield Detail(what, f"let its screen ask for nothing: {where}")


def _leading_to(
    wanted: str, offered: Sequence[TransitionFacts]
) -> Sequence[TransitionFacts]:
    word = wanted.strip().casefold()
    return [
        each
        for each in offered
        if word in {target.casefold() for target in each.to}
    ]
