"""What would change an answer: time alone, an answer to the customer, a call, a correction on the request."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.explanation.facts import terms_of
from jsm_sla_bot.sla.assessment import Assessment, SlaStatus
from jsm_sla_bot.sla.contract import (
    AcknowledgementRule,
    Policy,
    Reopening,
    Terms,
)
from jsm_sla_bot.sla.reason import Because, Reason
from jsm_sla_bot.text.spans import duration_text

_NO_CLOCK = {
    Because.NOT_ENTITLED: (
        "A clock runs once the request has another organization, or the agreement in organizations.yaml is corrected."
    ),
    Because.NOT_MEASURED: "A clock runs once that does not hold any more.",
    Because.DECLINED: "A clock runs once the request leaves that status.",
    Because.WITHDRAWN: "The clock goes on once the request is reopened.",
    Because.CLOSED_UNTOLD: "The clock goes on once the request is reopened.",
}
"""What would make a clock run, by the reason why there is none."""
_CORRECTIONS = (
    "Another severity, organization, product or customer's call may move the due time as soon as it is entered on the "
    "request."
)


def outlook(
    assessment: Assessment, policy: Policy, zone: tzinfo
) -> Iterator[str]:
    """Yield a sentence for each thing that would change the answer."""
    if assessment.owed is None:
        yield from _without_clock(assessment)
    elif assessment.acknowledged_at:
        yield _answered(terms_of(assessment, policy).reopen)
    else:
        yield from _running(assessment, policy, zone)


def _without_clock(assessment: Assessment) -> Iterator[str]:
    for reason in assessment.because:
        if reason.because in _NO_CLOCK:
            yield _NO_CLOCK[reason.because]


def _answered(reopen: Reopening) -> str:
    moves = "Nothing moves the due time any more: the request is acknowledged"
    if reopen is Reopening.RESTART:
        return f"{moves}. Once it is done, reopening it starts a new clock."
    return f"{moves}. Reopening it starts no new clock."


def _running(
    assessment: Assessment, policy: Policy, zone: tzinfo
) -> Iterator[str]:
    terms = terms_of(assessment, policy)
    if assessment.status is SlaStatus.PAUSED:
        yield "The clock goes on once the request leaves the status in which it stands still."
    else:
        yield from _by_time(assessment, zone)
    if deeds := _deeds(terms.acknowledgement):
        yield f"An agent's {deeds} stops the clock."
    for reason in assessment.because:
        if reason.because is Because.NOT_CALLED:
            yield _call(reason, terms)
    yield _CORRECTIONS


def _by_time(assessment: Assessment, zone: tzinfo) -> Iterator[str]:
    """Yield what follows if nobody does anything."""
    due = assessment.due
    if due is None:
        return
    if assessment.status is SlaStatus.BREACHED:
        yield "Time alone changes nothing any more: an answer now is Met late."
        return
    ahead = (
        [] if _may_be_answered(assessment) else _rungs(assessment, due, zone)
    )
    steps = [*ahead, f"breached after {wording.minute_text(due, zone)}"]
    yield f"If nobody answers: {', '.join(steps)}."


def _may_be_answered(assessment: Assessment) -> bool:
    """Tell whether somebody may have answered already: no rung is reached then (D35)."""
    return any(
        reason.because is Because.PROBABLY_ANSWERED
        for reason in assessment.because
    )


def _rungs(assessment: Assessment, due: datetime, zone: tzinfo) -> list[str]:
    """Return the rungs that lie ahead, each with when it is reached."""
    return [
        f"{rung.name.replace('_', ' ')} from {wording.minute_text(rung.at, zone)}"
        for rung in assessment.rungs
        if rung.name not in assessment.rungs_reached and rung.at < due
    ]


def _deeds(rule: AcknowledgementRule) -> str:
    named = (
        (rule.public_comment, "public comment"),
        (rule.status, "move to a status that acknowledges"),
        (rule.severity, "setting of the severity"),
    )
    return " or ".join(words for counts, words in named if counts)


def _call(reason: Reason, terms: Terms) -> str:
    goal = reason.fact("goal")
    hours = duration_text(goal) if isinstance(goal, timedelta) else "less"
    clock = reason.fact("clock")
    return f"Once the customer calls, {hours} {clock} from the {terms.clock_starts} are owed, if that ends sooner."
