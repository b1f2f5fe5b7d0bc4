"""Every sentence that a person reads, and the markers by which a note is found again.

Two readers: agents, who may see everything, and customers, who see neither other customers nor internal
names. Instants are shown in the zone that is given, with its abbreviation; durations in hours and minutes.
"""

from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from jsm_sla_bot.plan.sentences import FOR_AGENTS, FOR_CUSTOMERS, LAPSES
from jsm_sla_bot.sla.assessment import Assessment, Flag, Owed, SlaStatus
from jsm_sla_bot.sla.calendar import WEEKDAYS
from jsm_sla_bot.sla.contract import ClockKind
from jsm_sla_bot.sla.reason import Because, Fact, Reason

BASIS_LIMIT = 255
"""Jira's limit for a single-line text field."""

NOT_IN_BASIS = frozenset(
    {Because.DUE, Because.TARGET, Because.TIER_BOUGHT, Because.SEVERITY}
)


def instant_text(instant: datetime, zone: tzinfo) -> str:
    """Return `Fri 2026-03-06 22:20 CET`; seconds only where there are any."""
    local = instant.astimezone(zone)
    clock = local.strftime("%H:%M:%S" if local.second or local.microsecond else "%H:%M")
    return f"{WEEKDAYS[local.weekday()][:3]} {local:%Y-%m-%d} {clock} {local.tzname()}"


def duration_text(span: timedelta) -> str:
    """Return `2 h`, `1 h 30 min` or `45 min`; seconds only where there are any."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        f"{amount} {unit}"
        for amount, unit in ((hours, "h"), (minutes, "min"), (seconds, "s"))
        if amount
    ]
    return " ".join(parts) or "0 h"


def target_text(goal: timedelta, clock: ClockKind) -> str:
    """Return the field *Response target*: `2 h, round the clock`."""
    return f"{duration_text(goal)}, {clock}"


def owed_text(owed: Owed | None) -> str:
    """Return the target of what is owed, or a dash where no clock runs."""
    return target_text(owed.goal, owed.clock) if owed else "-"


def says(reason: Reason, zone: tzinfo) -> str:
    """Return the sentence for agents: everything there is to know."""
    return _filled(FOR_AGENTS[reason.because], reason, zone)


def says_to_customer(reason: Reason, zone: tzinfo) -> str | None:
    """Return the sentence for the customer, or None where the reason is not theirs to read."""
    template = FOR_CUSTOMERS.get(reason.because)
    return _filled(template, reason, zone) if template else None


def basis(assessment: Assessment, zone: tzinfo) -> str:
    """Return the field *SLA basis*: one sentence why, at most 255 characters."""
    told = [
        reason for reason in assessment.because if reason.because not in NOT_IN_BASIS
    ]
    clauses = [says(reason, zone).rstrip(".") for reason in told]
    if assessment.owed is None:
        return _cut("; ".join(clauses) + ".")
    head = f"{assessment.tier}, S{assessment.severity}: {owed_text(assessment.owed)}"
    return _cut("; ".join([head, *clauses]) + ".")


def rung_note(rung: str, assessment: Assessment, zone: tzinfo) -> tuple[str, ...]:
    """Return the paragraphs of the internal note for a rung (R10): what, until when, why."""
    if assessment.owed is None:
        return ()
    due = instant_text(assessment.owed.due, zone)
    breached = assessment.status is SlaStatus.BREACHED
    head = (
        f"SLA {rung}: the first response was due {due}."
        if breached
        else f"SLA {rung}: respond by {due}."
    )
    why = " ".join(
        says(reason, zone)
        for reason in assessment.because
        if reason.because is not Because.DUE
    )
    return head, f"Target {owed_text(assessment.owed)}. {why}"


def flag_note(flag: Flag, assessment: Assessment) -> str:
    """Return the paragraph that asks for something to be put right (D10, D11)."""
    tier, severity = assessment.tier, assessment.severity
    match flag:
        case Flag.NO_SEVERITY:
            return f"No severity is set: S{severity} counts until an agent sets one."
        case Flag.NO_ORGANIZATION:
            return f"No organization is set: the tier {tier} counts. Set the organization if the customer has one."
        case Flag.UNMAPPED_ORGANIZATION:
            unmapped = ", ".join(_unmapped(assessment))
            return f"Not in organizations.yaml: organization {unmapped}. Until added, the default tier counts for it."
        case Flag.PROBABLE_ANSWER:
            return (
                f"A public comment by account {_probable(assessment)} may be an answer, but this person is not known "
                "as an agent. Until that is decided the clock runs on, and nothing is escalated. A former agent: add "
                "the account to agents.former in jira.yaml. Not an agent: add it to agents.automations."
            )


def not_entitled_note(assessment: Assessment, zone: tzinfo) -> str:
    """Return the paragraph that tells agents why no clock runs (R7)."""
    told = [
        says(reason, zone)
        for reason in assessment.because
        if reason.because is Because.NOT_ENTITLED
    ]
    return f"Not entitled: {' '.join(told)} No response time is owed."


def correction_note(name: str) -> str:
    """Return the paragraph on a field of the bot's that was changed by hand; true whether or not Jira takes it back."""
    return f"{name}: changed by hand; it is set back to what the contract says."


def correction_advice() -> str:
    """Return the paragraph that tells where to change properly what a field of the bot's says."""
    return (
        "What the contract says follows from severity, organization, product and the customer's call, so change one of "
        "those. To take the request out altogether, use the label for it."
    )


def rung_marker(rung: str, due: datetime) -> str:
    """Return the marker of a rung's note: rule, rung and the due time it belongs to."""
    return f"R10:{rung}:{due.isoformat()}"


def correction_marker(field: str, number: int) -> str:
    """Return the marker of a correction: the field and its how-manieth, whatever the day on which it is tried again."""
    return f"people:{field}:{number}"


def corrected_field(marker: str) -> str | None:
    """Return the field of whose correction the marker's note tells; None for any other note."""
    kind, _, rest = marker.partition(":")
    return rest.rpartition(":")[0] if kind == "people" else None


def flag_marker(flag: Flag, assessment: Assessment) -> str:
    """Return the marker of a flag's note: once for each organization, or once at all."""
    if flag is Flag.UNMAPPED_ORGANIZATION:
        return f"D11:{flag}:{','.join(_unmapped(assessment))}"
    if flag is Flag.PROBABLE_ANSWER:
        return f"D35:{flag}:{_probable(assessment)}"
    return f"{'D10' if flag is Flag.NO_SEVERITY else 'D11'}:{flag}"


def not_entitled_marker(assessment: Assessment) -> str:
    """Return the marker of the note on an organization that is not entitled."""
    return f"R7:not_entitled:{assessment.organization}"


def _unmapped(assessment: Assessment) -> list[str]:
    told = (Because.TIER_DEFAULT_UNMAPPED, Because.ORGANIZATION_UNMAPPED)
    return [
        str(reason.fact("organization"))
        for reason in assessment.because
        if reason.because in told
    ]


def _probable(assessment: Assessment) -> str:
    """Return the account that may have answered (D35)."""
    for reason in assessment.because:
        if reason.because is Because.PROBABLY_ANSWERED:
            return str(reason.fact("by"))
    return "unknown"


def _filled(template: str, reason: Reason, zone: tzinfo) -> str:
    facts = _Facts({name: _fact_text(value, zone) for name, value in reason.facts})
    if reason.because is Because.OVERRIDE:
        facts["what"] = _path_text(facts["what"])
    lapse = LAPSES.get(str(reason.fact("lapse")))
    return template.format_map(
        _Facts(facts, lapse=lapse.format_map(facts)) if lapse else facts
    )


def _fact_text(value: Fact, zone: tzinfo) -> str:
    match value:
        case datetime():
            return instant_text(value, zone)
        case timedelta():
            return duration_text(value)
        case tuple():
            return ", ".join(value) or "none"
        case None:
            return "none"
        case StrEnum():
            return value.replace("_", " ")
        case _:
            return str(value)


def _path_text(path: str) -> str:
    """Return a place in the policy as people call it: `targets.1` is the target of S1."""
    part, _, rest = path.partition(".")
    return (
        f"the target of S{rest}"
        if part == "targets"
        else f"{part} {rest}".replace("_", " ").strip()
    )


def _cut(text: str) -> str:
    return (
        text
        if len(text) <= BASIS_LIMIT
        else f"{text[: BASIS_LIMIT - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"
    )


class _Facts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "unknown"
