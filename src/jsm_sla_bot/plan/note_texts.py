"""What the internal notes say: the outcome and until when, what is done, what to do, whom to phone, and last why."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.basis import reasons_within
from jsm_sla_bot.plan.blocks import Block, Mention, Paragraph
from jsm_sla_bot.sla.assessment import Flag, Measurement, SlaStatus
from jsm_sla_bot.sla.reason import Because, Reason

WHY_LIMIT = 400
"""So many characters of reasons: whoever needs all of them asks `explain`."""


@dataclass(frozen=True, slots=True)
class Escalating:
    """What is done together with a note: the priority raised, the request moved to a status.

    `priority` is the site's name of the highest priority, empty where it is not known.
    """

    raises_priority: bool = False
    priority: str = ""
    moves_to: str | None = None


def rung_note(
    rung: str,
    measured: Measurement,
    escalating: Escalating,
    zone: tzinfo,
    now: datetime,
) -> tuple[str, ...]:
    """Return the paragraphs of the note for a rung (R10); `now` is aware."""
    if measured.owed is None:
        return ()
    due = measured.owed.due
    paragraphs = (
        _outcome(rung, measured.status, due, zone, now),
        _done(escalating),
        _to_do(rung, measured),
        _why(measured, zone),
    )
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def with_csm(
    said: tuple[str, ...], rung: str, measured: Measurement
) -> tuple[Block, ...]:
    """Mention the customer's CSM where the rung escalates, so that Jira notifies that person (D32)."""
    escalates = any(one.escalate for one in measured.rungs if one.name == rung)
    if not measured.csm or not escalates:
        return said
    *first, why = said
    csm = Mention(measured.csm)
    says = ", the customer's Customer Success Manager."
    return (*first, Paragraph(("For information: ", csm, says)), why)


def flag_note(flag: Flag, measured: Measurement) -> tuple[str, ...]:
    """Return the paragraphs that ask for something to be corrected (D10, D11)."""
    tier, severity = measured.tier, measured.severity
    match flag:
        case Flag.NO_SEVERITY:
            return (
                f"Set the severity: none is set, so S{severity} counts until then.",
            )
        case Flag.NO_ORGANIZATION:
            return (
                f"Set the organization if the customer has one: none is set, so the default tier {tier} counts.",
            )
        case Flag.UNMAPPED_ORGANIZATION:
            return _unmapped(measured)
        case Flag.PROBABLE_ANSWER:
            return _probable(measured)
        case Flag.OTHER_REPORTER:
            return _other_reporter(measured)


def not_entitled_note(measured: Measurement, zone: tzinfo) -> str:
    """Return the paragraph that tells agents why no clock runs (R7)."""
    said = [
        wording.says(reason, zone)
        for reason in measured.because
        if reason.because is Because.NOT_ENTITLED
    ]
    return f"No response time is owed. {' '.join(said)}"


def correction_note(name: str) -> str:
    """Return the paragraph on a field of the bot's that was changed by hand; true whether or not Jira takes it back."""
    return (
        f"{name}: changed by hand; it is set back to what the contract says."
    )


def correction_advice() -> str:
    """Return the paragraph that tells where to change properly what a field of the bot's says."""
    return (
        "To change what the contract says, change the severity, the organization, the product or the customer's call. "
        "To take the request out altogether, use the label for it."
    )


def _outcome(
    rung: str, status: SlaStatus, due: datetime, zone: tzinfo, now: datetime
) -> str:
    shown = wording.minute_text(due, zone)
    if status is SlaStatus.BREACHED:
        ago = wording.elapsed_text(now - due)
        late = f", {ago} ago" if ago else ""
        return f"Breached: the first response was due {shown}{late}."
    left = wording.elapsed_text(due - now)
    ahead = f", {left} from now" if left else ", now"
    name = rung.replace("_", " ")
    return f"{name[:1].upper()}{name[1:]}: answer by {shown}{ahead}."


def _done(escalating: Escalating) -> str:
    """Return what follows the note; it is written first, so nothing here is past."""
    deeds = ", and ".join(_deeds(escalating))
    return f"Escalated: {deeds}." if deeds else ""


def _deeds(escalating: Escalating) -> Iterator[str]:
    if escalating.raises_priority:
        highest = wording.plain_name(escalating.priority) or "the highest"
        yield f"the priority is raised to {highest}"
    if escalating.moves_to:
        yield f"the request goes to {escalating.moves_to}, where its workflow offers that"


def _to_do(rung: str, measured: Measurement) -> str:
    contacts = [one.contact for one in measured.rungs if one.name == rung]
    phone = f" Phone {contacts[0]}." if contacts and contacts[0] else ""
    return f"Answer the customer now.{phone}"


def _why(measured: Measurement, zone: tzinfo) -> str:
    target = f"S{measured.severity}: {wording.target_field(measured)}."
    bought = [
        wording.organization_text(
            reason.fact("organization"), reason.fact("name")
        )
        for reason in measured.because
        if reason.because is Because.TIER_BOUGHT
    ]
    whose = ", ".join([*bought, measured.tier or "no tier"])
    return f"Why: {whose}, {target} {reasons_within(WHY_LIMIT, measured, zone)}".rstrip()


def _probable(measured: Measurement) -> tuple[str, ...]:
    """Return who may have answered, for agents, and what decides it, for whoever keeps jira.yaml (D35)."""
    said = [
        f"Find out whether {_person(one)} answered the customer: the public comment counts for no answer, since this "
        f"person is not known as an agent. Until that is decided the clock runs on, and nothing is escalated."
        for one in measured.because
        if one.because is Because.PROBABLY_ANSWERED
    ]
    account = wording.probable(measured)
    decide = (
        f"For whoever keeps jira.yaml: add the account {account} to agents.former if this was an agent, to "
        f"agents.automations if not."
    )
    return *said, decide


def _other_reporter(measured: Measurement) -> tuple[str, ...]:
    """Return what to do before anybody acts for a person who may not speak for the customer (D31)."""
    for one in measured.because:
        if one.because is Because.OTHER_REPORTER:
            whose = wording.organization_text(
                one.fact("organization"), one.fact("name")
            )
            reporter = wording.plain_name(one.fact("reporter"))
            ask = (
                f"Make sure that a representative of {whose} knows of this request: {reporter}, who reported it, is "
                f"not listed as one."
            )
            paste = (
                f"For whoever keeps organizations.yaml: add the account {one.fact('by')} to the representatives of "
                f"{whose} if this person speaks for it."
            )
            return ask, paste
    return ()


def _person(probable: Reason) -> str:
    name = wording.plain_name(probable.fact("name"))
    return name or f"account {probable.fact('by')}"


def _unmapped(measured: Measurement) -> tuple[str, ...]:
    """Return who is missing, for agents, and the lines to paste, for whoever keeps organizations.yaml."""
    found = wording.unmapped(measured)
    said = [
        f"{wording.organization_text(one.fact('organization'), one.fact('name'))} is not in organizations.yaml: "
        f"the default tier {one.fact('tier')} counts for it until it is added."
        for one in found
    ]
    paste = "For whoever keeps organizations.yaml: add these lines, with the tier that was bought."
    return *said, paste, "\n".join(_entry(one) for one in found)


def _entry(unmapped: Reason) -> str:
    """Return one organization as organizations.yaml has it; a JSON string is one of YAML too."""
    identity = str(unmapped.fact("organization"))
    is_number = identity.isascii() and identity.isdecimal()
    known = (
        wording.plain_name(unmapped.fact("name")) or f"Organization {identity}"
    )
    lines = (
        f"  - id: {identity if is_number else json.dumps(identity)}",
        f"    name: {json.dumps(known, ensure_ascii=False)}",
        f"    tier: {unmapped.fact('tier')}",
    )
    return "\n".join(lines)
