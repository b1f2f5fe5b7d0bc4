"""The customers' organizations: those of the site next to those of the policy, with the open requests of each (R6)."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Named
from dataclasses import dataclass, replace
from enum import StrEnum

from jsm_sla_bot.ports.accounts import PersonFacts
from jsm_sla_bot.ports.errors import TerminalError
from jsm_sla_bot.ports.site import RequestSource
from jsm_sla_bot.ports.survey import OrganizationFacts, Part, Surveyor, Unread
from jsm_sla_bot.sla.contract import ExclusionBy, Policy

_CHUNK = 100
"""So many requests are read at once."""


class Mapping(StrEnum):
    """How an organization stands in the YAML."""

    MAPPED = "mapped"
    NOT_MEASURED = "not measured"
    """Left out by the policy (R8): it needs no tier."""
    UNMAPPED = "not mapped"
    """It has the default tier, and its requests are flagged (D11)."""
    NOT_ON_SITE = "not on the site"


@dataclass(frozen=True, slots=True)
class NamedAccount:
    """An account that the YAML names. `name` is the site's; None where the site does not know it or was not asked."""

    id: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """An organization. `tier` is that of its entry in organizations.yaml; None where it has none."""

    id: str
    name: str
    open_requests: int
    mapping: Mapping
    tier: str | None = None
    csm: NamedAccount | None = None
    representatives: tuple[NamedAccount, ...] = ()


@dataclass(frozen=True, slots=True)
class Customers:
    """All organizations, and the tier that one without an entry has (D11)."""

    customers: Sequence[Customer]
    default_tier: str


@dataclass(frozen=True, slots=True)
class CustomerLook:
    """What reads the organizations of a site and its open requests."""

    reads: Surveyor
    source: RequestSource
    policy: Policy

    def made(self, progress: Callable[[str], None]) -> Customers:
        """Read the site. Raises TransientError, and TerminalError where our account sees no organizations."""
        parts = frozenset({Part.ORGANIZATIONS, Part.PEOPLE})
        found = self.reads.survey(parts, progress)
        listed = found.organizations
        if isinstance(listed, Unread):
            message = f"the site's organizations can't be read: {listed.why}"
            raise TerminalError(message)
        progress("open requests")
        listed_all = customers(listed, self._open_requests(), self.policy)
        known = {} if isinstance(found.people, Unread) else found.people
        named = [_with_people(each, self.policy, known) for each in listed_all]
        return Customers(named, self.policy.default_terms.tier)

    def _open_requests(self) -> Counter[str]:
        """Count the open requests of each organization; one with several counts for each of them."""
        self.source.check_identity()
        since = self.source.server_time()
        ids = [seen.id for seen in self.source.open_or_changed_since(since)]
        counted: Counter[str] = Counter()
        for start in range(0, len(ids), _CHUNK):
            fetched = self.source.fetch(ids[start : start + _CHUNK])
            for sighting in fetched.sightings:
                if not sighting.snapshot.status.is_done:
                    counted.update(set(sighting.snapshot.organizations))
        return counted


def customers(
    on_site: Sequence[OrganizationFacts],
    open_requests: Counter[str],
    policy: Policy,
) -> Sequence[Customer]:
    """Return every organization of the site and of the policy, those with most open requests first."""
    listed = [
        *_of_site(on_site, open_requests, policy),
        *_elsewhere(on_site, policy),
    ]
    return sorted(
        listed, key=lambda each: (-each.open_requests, each.name.casefold())
    )


def _with_people(
    customer: Customer,
    policy: Policy,
    known: Named[str, PersonFacts | None],
) -> Customer:
    """Return an organization with its people (R14), by the names that the site knows them under."""
    mapped = policy.organizations.get(customer.id)
    if mapped is None:
        return customer
    spoken_for = [_account(each, known) for each in mapped.representatives]
    return replace(
        customer,
        csm=_account(mapped.csm, known) if mapped.csm else None,
        representatives=tuple(spoken_for),
    )


def _account(
    identity: str, known: Named[str, PersonFacts | None]
) -> NamedAccount:
    person = known.get(identity)
    return NamedAccount(identity, person.name if person else None)


def _of_site(
    on_site: Sequence[OrganizationFacts],
    open_requests: Counter[str],
    policy: Policy,
) -> Iterator[Customer]:
    for each in on_site:
        yield _customer(each, open_requests[each.id], policy)


def _customer(
    each: OrganizationFacts, open_requests: int, policy: Policy
) -> Customer:
    mapped = policy.organizations.get(each.id)
    return Customer(
        id=each.id,
        name=each.name,
        open_requests=open_requests,
        mapping=_mapping(each.id, policy),
        tier=mapped.terms.tier if mapped else None,
    )


def _elsewhere(
    on_site: Sequence[OrganizationFacts], policy: Policy
) -> Iterator[Customer]:
    """Yield what organizations.yaml has and the site does not."""
    known = {each.id for each in on_site}
    for mapped in policy.organizations.values():
        if mapped.id not in known:
            tier = mapped.terms.tier
            yield Customer(
                mapped.id, mapped.name, 0, Mapping.NOT_ON_SITE, tier
            )


def _mapping(identity: str, policy: Policy) -> Mapping:
    if identity in policy.organizations:
        return Mapping.MAPPED
    left_out = {
        exclusion.value
        for exclusion in policy.exclusions
        if exclusion.by is ExclusionBy.ORGANIZATION
    }
    return Mapping.NOT_MEASURED if identity in left_out else Mapping.UNMAPPED
