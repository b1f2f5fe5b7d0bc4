"""A question to the engine alone, from options or a line of JSON, to the request and policy that it means."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from jsm_sla_bot.cli.console import QuestionError
from jsm_sla_bot.cli.jsonlines import shown
from jsm_sla_bot.plan import for_customer, wording
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import Assessment, Owed, SlaStatus
from jsm_sla_bot.sla.contract import ExclusionBy, Organization, Policy
from jsm_sla_bot.sla.entitlement import in_period
from jsm_sla_bot.sla.reason import Fact, Reason
from jsm_sla_bot.sla.request import Deed, HistoryEntry, RequestSnapshot, Role
from jsm_sla_bot.text.nearest import nearest
from jsm_sla_bot.text.spans import duration_text

KEYS = ("tier", "severity", "product", "reported", "called", "organization")
ASKED = "asked about"
SEVERITIES = ("1", "2", "3", "4")


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
            hint = _meant(key, KEYS) or f"; the keys are {', '.join(KEYS)}"
            raise QuestionError(f"unknown key {shown(key)}{hint}")
    reported = instant("reported", given.get("reported"))
    if reported is None:
        raise QuestionError(
            "reported is missing: give the instant of the report, such as 2026-03-02T10:00+01:00"
        )
    return Question(
        reported=reported,
        tier=_text("tier", given.get("tier")),
        severity=_severity(given.get("severity")),
        product=_text("product", given.get("product")),
        called=instant("called", given.get("called")),
        organization=_text("organization", given.get("organization")),
    )


def answer(asked: Question, policy: Policy) -> Assessment:
    """Ask the engine, as seen when everything in the question has just happened; raises QuestionError."""
    _check_product(asked.product, policy)
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
    return assess(
        request, policy, max(asked.reported, asked.called or asked.reported)
    )


def utc_or_none(instant: datetime | None) -> str | None:
    """Return an instant (aware) as text in UTC; None where there is none."""
    return utc_text(instant) if instant else None


def as_json(assessment: Assessment, zone: tzinfo) -> dict[str, Any]:
    """Return the answer as plain data; instants in UTC."""
    return {
        **_owed(assessment.owed),
        "tier": assessment.tier,
        "severity": assessment.severity,
        "status": str(assessment.status),
        "because": [
            _reason(reason, assessment, zone) for reason in assessment.because
        ],
    }


def _owed(owed: Owed | None) -> dict[str, Any]:
    """Return what is owed; nothing but None where no clock runs."""
    if owed is None:
        return dict.fromkeys(("due", "target", "clock", "calendar"))
    return {
        "due": utc_text(owed.due),
        "target": wording.owed_text(owed),
        "clock": str(owed.clock),
        "calendar": owed.calendar,
    }


def customers_json(assessment: Assessment, zone: tzinfo) -> dict[str, Any]:
    """Return what the customer may read of the answer as plain data; instants in UTC."""
    owed = assessment.owed
    stands_still = assessment.status is SlaStatus.PAUSED
    return {
        "key": assessment.key,
        "due": utc_text(owed.due) if owed and not stands_still else None,
        "target": wording.owed_text(owed) if owed else None,
        "severity": assessment.severity,
        "status": for_customer.status_text(assessment),
        "because": for_customer.sentences(assessment, zone),
    }


def _reason(
    reason: Reason, assessment: Assessment, zone: tzinfo
) -> dict[str, Any]:
    return {
        "rule": reason.rule,
        "code": str(reason.because),
        "says": wording.says(reason, zone),
        "to_customer": for_customer.sentence(reason, assessment, zone),
        "source": reason.source,
        "values": {name: plain(value) for name, value in reason.facts},
    }


def plain(value: Fact) -> object:
    """Return a fact as plain data; instants in UTC."""
    match value:
        case datetime():
            return utc_text(value)
        case timedelta():
            return duration_text(value)
        case tuple():
            return list(value)
        case _:
            return value


def utc_text(instant: datetime) -> str:
    """Return `2026-03-02T09:00:00Z`; milliseconds only where there are any."""
    precision = "milliseconds" if instant.microsecond else "seconds"
    return (
        instant.astimezone(UTC)
        .isoformat(timespec=precision)
        .replace("+00:00", "Z")
    )


def _whose(asked: Question, policy: Policy) -> tuple[Policy, tuple[str, ...]]:
    """Return the organizations of the request: the one asked about, or one that has the tier asked about."""
    tier = _tier(asked.tier, policy) if asked.tier else None
    if asked.organization:
        identity = organization_meant(asked.organization, policy)
        mapped = policy.organizations.get(identity)
        if mapped and tier:
            _check_bought(mapped, tier, asked.reported)
        return policy, (identity,)
    if tier is None:
        return policy, ()
    asking = Organization(ASKED, "The customer", policy.tiers[tier])
    organizations = {**policy.organizations, asking.id: asking}
    return replace(policy, organizations=organizations), (asking.id,)


def _check_bought(mapped: Organization, tier: str, reported: datetime) -> None:
    """Refuse a tier that an organization had not bought when the request was reported."""
    then, *_ = in_period(mapped, reported)
    bought = then.terms.tier
    if bought != tier:
        whose = f"organization {shown(mapped.name)}"
        raise QuestionError(
            f"{whose} has bought {bought}, not {tier}: give one of the two"
        )


def _tier(text: str, policy: Policy) -> str:
    tiers = {name.casefold(): name for name in policy.tiers}
    meant = tiers.get(text.casefold())
    if meant is None:
        expected = f"one of {', '.join(policy.tiers)}"
        hint = _meant(text, policy.tiers)
        raise QuestionError(
            f"tier: found {shown(text)}, expected {expected}{hint}"
        )
    return meant


def organization_meant(text: str, policy: Policy) -> str:
    """Return the id of the organization that is meant by its id or name; raises QuestionError where none is."""
    if text in policy.organizations or text in _excluded(policy):
        return text
    mapped = policy.organizations.values()
    wanted = text.casefold()
    named = [each.id for each in mapped if each.name.casefold() == wanted]
    match named:
        case [identity]:
            return identity
        case []:
            hint = _meant(text, [each.name for each in mapped])
            expected = f"the id or the name of one in organizations.yaml{hint}"
            message = f"organization: found {shown(text)}, expected {expected}"
        case _:
            ids = " and ".join(named)
            message = f"organization: {shown(text)} is the name of {ids}: give the id"
    raise QuestionError(message)


def _excluded(policy: Policy) -> set[str]:
    """Return the ids of the organizations that are not measured (R8)."""
    return {
        each.value
        for each in policy.exclusions
        if each.by is ExclusionBy.ORGANIZATION
    }


def _check_product(text: str | None, policy: Policy) -> None:
    """Refuse a product that is nearly one of the policy's; one that is like none of them counts as other (D1)."""
    known = policy.default_terms.known_products
    if text is None or text.casefold() in known:
        return
    if nearest(text, known):
        raise QuestionError(
            f"product: found {shown(text)}, which is no product of policy.yaml{_meant(text, known)}"
        )


def _meant(text: str, names: Iterable[str]) -> str:
    near = nearest(text, names)
    return f" - did you mean {near!r}?" if near else ""


def _call(at: datetime) -> HistoryEntry:
    return HistoryEntry(at, Role.AGENT, Deed.CALLED, None, at)


def _text(key: str, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value).strip() or None
    raise QuestionError(f"{key}: found {shown(value)}, expected a text")


def _severity(value: object) -> int | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    text = (
        str(value).strip().upper().removeprefix("S")
        if isinstance(value, str | int)
        else ""
    )
    if text in SEVERITIES:
        return int(text)
    raise QuestionError(
        f"severity: found {shown(value)}, expected 1 to 4 (or S1 to S4)"
    )


def instant(key: str, value: object) -> datetime | None:
    """Read an instant with its zone as aware UTC, None for nothing; raises QuestionError naming the key."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    with suppress(ValueError, OverflowError):
        read = (
            datetime.fromisoformat(value.strip())
            if isinstance(value, str)
            else None
        )
        if read and read.utcoffset() is not None:
            return read.astimezone(UTC)
    example = "an instant with its zone, such as 2026-03-02T10:00+01:00 or 2026-03-02T09:00Z"
    raise QuestionError(f"{key}: found {shown(value)}, expected {example}")
