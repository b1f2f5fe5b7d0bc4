"""A question to the engine alone, from options or a line of JSON, to the request and policy that it means."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from difflib import get_close_matches
from typing import Any

from jsm_sla_bot.cli.console import QuestionError
from jsm_sla_bot.plan import wording
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import Assessment
from jsm_sla_bot.sla.contract import Organization, Policy
from jsm_sla_bot.sla.request import Deed, HistoryEntry, RequestSnapshot, Role

KEYS = ("tier", "severity", "product", "reported", "called", "organization")
ASKED = "the-organization-asked-about"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a request as somebody imagines it. Instants are aware UTC."""

    reported: datetime
    tier: str | None = None
    severity: int | None = None
    product: str | None = None
    called: datetime | None = None
    organization: str | None = None


def question(given: Mapping[str, object]) -> Question:
    """Read a question; raises QuestionError naming the key, what was found and what was expected."""
    for key in given:
        if key not in KEYS:
            near = get_close_matches(key, KEYS, 1)
            hint = f" - did you mean {near[0]!r}?" if near else f"; the keys are {', '.join(KEYS)}"
            message = f"unknown key {key!r}{hint}"
            raise QuestionError(message)
    reported = _instant("reported", given.get("reported"))
    if reported is None:
        message = "reported is missing: give the instant of the report, such as 2026-03-02T10:00+01:00"
        raise QuestionError(message)
    return Question(
        reported=reported,
        tier=_text("tier", given.get("tier")),
        severity=_severity(given.get("severity")),
        product=_text("product", given.get("product")),
        called=_instant("called", given.get("called")),
        organization=_text("organization", given.get("organization")),
    )


def answer(asked: Question, policy: Policy) -> Assessment:
    """Ask the engine, as seen when everything in the question has just happened."""
    policy, organizations = _whose(asked, policy)
    history = () if asked.called is None else (_call(asked.called),)
    request = RequestSnapshot(
        key="the request asked about",
        reported=asked.reported,
        severity=asked.severity,
        organizations=organizations,
        product=asked.product,
        history=history,
    )
    return assess(request, policy, max(asked.reported, asked.called or asked.reported))


def as_json(assessment: Assessment, zone: tzinfo) -> dict[str, Any]:
    """Return the answer as plain data; instants in UTC."""
    owed = assessment.owed
    return {
        "due": utc_text(owed.due) if owed else None,
        "target": wording.owed_text(owed) if owed else None,
        "clock": str(owed.clock) if owed else None,
        "calendar": owed.calendar if owed else None,
        "tier": assessment.tier,
        "severity": assessment.severity,
        "status": str(assessment.status),
        "because": [
            {"rule": reason.rule, "says": wording.says(reason, zone), "source": reason.source}
            for reason in assessment.because
        ],
    }


def utc_text(instant: datetime) -> str:
    """Return `2026-03-02T09:00:00Z`; milliseconds only where there are any."""
    precision = "milliseconds" if instant.microsecond else "seconds"
    return instant.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")


def _whose(asked: Question, policy: Policy) -> tuple[Policy, tuple[str, ...]]:
    if asked.organization is not None:
        found = _organization(asked.organization, policy)
        if asked.tier and found and asked.tier.casefold() != found.terms.tier.casefold():
            message = (
                f"organization {found.name!r} has bought {found.terms.tier}, not {asked.tier}: give one of the two"
            )
            raise QuestionError(message)
        return policy, (found.id if found else asked.organization,)
    if asked.tier is None:
        return policy, ()
    tiers = {name.casefold(): name for name in policy.tiers}
    if asked.tier.casefold() not in tiers:
        message = f"tier: found {asked.tier!r}, expected one of {', '.join(policy.tiers)}"
        raise QuestionError(message)
    terms = policy.tiers[tiers[asked.tier.casefold()]]
    asking = Organization(ASKED, "The customer", terms)
    return replace(policy, organizations={**policy.organizations, ASKED: asking}), (ASKED,)


def _organization(text: str, policy: Policy) -> Organization | None:
    if text in policy.organizations:
        return policy.organizations[text]
    named = [one for one in policy.organizations.values() if one.name.casefold() == text.casefold()]
    return named[0] if named else None


def _call(at: datetime) -> HistoryEntry:
    return HistoryEntry(at, Role.AGENT, Deed.CALLED, None, at)


def _text(key: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    message = f"{key}: found {value!r}, expected a text"
    raise QuestionError(message)


def _severity(value: object) -> int | None:
    if value is None or value == "":
        return None
    text = str(value).upper().removeprefix("S")
    if isinstance(value, str | int) and not isinstance(value, bool) and text.isascii() and text.isdigit():
        return int(text)
    message = f"severity: found {value!r}, expected 1 to 4 (or S1 to S4)"
    raise QuestionError(message)


def _instant(key: str, value: object) -> datetime | None:
    if value is None or value == "":
        return None
    example = "expected an instant with its zone, such as 2026-03-02T10:00+01:00 or 2026-03-02T09:00Z"
    try:
        instant = datetime.fromisoformat(str(value))
        if instant.utcoffset() is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    message = f"{key}: found {value!r}, {example}"
    raise QuestionError(message)
