"""Who is entitled to what: organizations to terms (R6, R7), and what is not measured at all (R8)."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from jsm_sla_bot.sla.calendar import ONE_DAY
from jsm_sla_bot.sla.contract import (
    Exclusion,
    ExclusionBy,
    Organization,
    Policy,
    Terms,
)
from jsm_sla_bot.sla.request import RequestSnapshot


class Lapse(StrEnum):
    """Why an organization's support was not owed at the report (R7)."""

    NOT_YET = "not_yet"
    EXPIRED = "expired"
    SUSPENDED = "suspended"


class Candidate(NamedTuple):
    """Terms that may decide: those of a mapped organization, or the default ones for `unmapped` (an id) or none."""

    terms: Terms
    organization: Organization | None = None
    unmapped: str | None = None


class Entitlement(NamedTuple):
    """What the request's organizations come to: candidates, and why the others are none."""

    candidates: tuple[Candidate, ...]
    excluded: tuple[Exclusion, ...] = ()
    lapsed: tuple[tuple[Organization, Lapse], ...] = ()


def entitlement(
    policy: Policy, organizations: Iterable[str], reported: datetime
) -> Entitlement:
    """Sort the request's organizations into candidates (D11); lapsed and excluded ones are none.

    Lapsed is judged at the report, in whole days of the organization's own calendar zone (R7).
    """
    candidates: list[Candidate] = []
    excluded: list[Exclusion] = []
    lapsed: list[tuple[Organization, Lapse]] = []
    for identity in dict.fromkeys(organizations):
        organization = policy.organizations.get(identity)
        if exclusion := _exclusion(policy, ExclusionBy.ORGANIZATION, identity):
            excluded.append(exclusion)
            continue
        if organization is None:
            candidates.append(
                Candidate(policy.default_terms, unmapped=identity)
            )
            continue
        organization, lapse = in_period(organization, reported)
        if lapse:
            lapsed.append((organization, lapse))
        else:
            candidates.append(Candidate(organization.terms, organization))
    if not candidates and not excluded and not lapsed:
        candidates.append(Candidate(policy.default_terms))
    return Entitlement(tuple(candidates), tuple(excluded), tuple(lapsed))


def in_period(
    organization: Organization, reported: datetime
) -> tuple[Organization, Lapse | None]:
    """Return the organization as it was in the period of the report, and why support was not owed then (R7).

    Between two periods and after the last, the period that has ended stands; before the first, the first.
    """
    if not organization.periods:
        return organization, lapse_at(organization, reported)
    before: Organization | None = None
    for period in organization.periods:
        outside = _outside(period, reported)
        if outside is Lapse.EXPIRED:
            before = period
        elif (
            outside is Lapse.NOT_YET
            and before
            and not _follows(before, period)
        ):
            return before, Lapse.EXPIRED
        elif outside is Lapse.NOT_YET and before is None:
            return period, outside
        else:
            return period, Lapse.SUSPENDED if period.suspended else None
    return organization.periods[-1], Lapse.EXPIRED


def _follows(before: Organization, after: Organization) -> bool:
    """Return whether a period begins on the day after another one's last: in whatever zones, nothing lies between."""
    if before.valid_until is None or after.valid_from is None:
        return False
    return after.valid_from - before.valid_until == ONE_DAY


def lapse_at(organization: Organization, reported: datetime) -> Lapse | None:
    """Return why support was not owed on the day of the report, or None (R7); other periods do not count."""
    if organization.suspended:
        return Lapse.SUSPENDED
    return _outside(organization, reported)


def _outside(organization: Organization, reported: datetime) -> Lapse | None:
    if organization.valid_from is None and organization.valid_until is None:
        return None
    day = organization.terms.calendar.local_date(reported)
    if organization.valid_from and day < organization.valid_from:
        return Lapse.NOT_YET
    if organization.valid_until and day > organization.valid_until:
        return Lapse.EXPIRED
    return None


def exclusion_of(
    policy: Policy, snapshot: RequestSnapshot
) -> Exclusion | None:
    """Return why a request is not measured, whoever raised it: its type, channel or a label (R8)."""
    for by, values in (
        (ExclusionBy.REQUEST_TYPE, (snapshot.request_type,)),
        (ExclusionBy.CHANNEL, (snapshot.channel,)),
        (ExclusionBy.LABEL, sorted(snapshot.labels)),
    ):
        for value in values:
            if value and (found := _exclusion(policy, by, value)):
                return found
    return None


def _exclusion(
    policy: Policy, by: ExclusionBy, value: str
) -> Exclusion | None:
    wanted = value.casefold()
    for exclusion in policy.exclusions:
        if exclusion.by is by and exclusion.value.casefold() == wanted:
            return exclusion
    return None
