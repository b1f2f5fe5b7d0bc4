"""What a customer reads of an answer: what concerns them, as long as it is true, and nothing internal.

The sentences are `plan.sentences`'; which of them hold depends on how the request stands.
"""

from collections.abc import Iterator, Mapping
from datetime import tzinfo

from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.customer_sentences import MEANING
from jsm_sla_bot.plan.sentences import FOR_CUSTOMERS
from jsm_sla_bot.sla.assessment import Assessment, SlaStatus
from jsm_sla_bot.sla.entitlement import Lapse
from jsm_sla_bot.sla.reason import Because, Reason

AHEAD = frozenset({SlaStatus.RUNNING, SlaStatus.AT_RISK})
"""The states in which a due time lies ahead."""

SUSPENDED = "Support for your organization is suspended."
NOT_AHEAD: Mapping[Because, str | None] = {
    Because.NOT_CALLED: None,
    Because.DUE: "The first response was due {due}.",
}
"""What is said otherwise, or not at all, once no due time lies ahead: a call would gain nothing."""

SETTLED: Mapping[Because, str] = {
    Because.TARGET: "A first response was owed within {goal}, {clock}.",
    Because.SEVERITY_DEFAULT: "No severity was set, so severity {severity} counted.",
}
"""What is said otherwise once the request is settled."""


def status_text(assessment: Assessment) -> str:
    """Return the state in the customer's words: that a due time comes near is ours to know."""
    status = assessment.status
    return str(SlaStatus.RUNNING if status is SlaStatus.AT_RISK else status)


def sentence(
    reason: Reason, assessment: Assessment, zone: tzinfo
) -> str | None:
    """Return what the customer may read of a reason, or None where it is not theirs or does not hold any more."""
    template = _template(reason, assessment)
    return wording.filled(template, reason, zone) if template else None


def _template(reason: Reason, assessment: Assessment) -> str | None:
    because = reason.because
    template = FOR_CUSTOMERS.get(because)
    if assessment.status not in AHEAD:
        template = NOT_AHEAD.get(because, template)
    if assessment.settled:
        template = SETTLED.get(because, template)
    if because is Because.DUE and assessment.status is SlaStatus.PAUSED:
        template = None
    if reason.fact("lapse") == Lapse.SUSPENDED and template:
        template = SUSPENDED
    return template


def sentences(assessment: Assessment, zone: tzinfo) -> list[str]:
    """Return all that the customer may read, in order."""
    said = [
        sentence(reason, assessment, zone) for reason in assessment.because
    ]
    return [*(one for one in said if one), *_meaning(assessment)]


def _meaning(assessment: Assessment) -> Iterator[str]:
    """Yield what the severity means, where the policy says that (R15)."""
    measured = assessment.first_response
    terms = measured.terms
    said = terms.severity_definitions.get(measured.severity) if terms else None
    if said and measured.owed:
        severity = f"S{measured.severity}"
        yield MEANING.format(severity=severity, meaning=said)
