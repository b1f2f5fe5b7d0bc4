"""Names that lead nowhere: one file names what another does not have.

The checks read the documents, not the shapes, so that a slip in one place never hides one in another.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jsm_sla_bot.config.advice import shown
from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.folder import Folder
from jsm_sla_bot.config.labels import labels_that_clash
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.review_problems import review_problems
from jsm_sla_bot.config.schema import CALENDARS, POLICY
from jsm_sla_bot.text.nearest import nearest

A_TIER = f"a tier of {POLICY}"
A_CALENDAR = f"a calendar in {CALENDARS}"
A_PRODUCT = f"a product of {POLICY}"


@dataclass(frozen=True, slots=True)
class _Known:
    """What can be named: the tiers and products of the policy, and the calendars."""

    tiers: list[str]
    products: list[str]
    calendars: list[str]


def cross_check(folder: Folder) -> Iterator[Problem]:
    """Yield every problem with a name that another part of the configuration has to have."""
    known = _known(folder)
    yield from _policy_names(folder.policy, known)
    yield from _fallback_needs_no_call(folder.policy)
    yield from _organizations(folder.organizations, known)
    yield from labels_that_clash(folder.policy, folder.jira)
    yield from review_problems(folder, known.tiers)
    for name, calendar in folder.calendars.items():
        yield from _own_name(calendar, name)


def _known(folder: Folder) -> _Known:
    policy = folder.policy
    round_the_clock = policy.texts(("round_the_clock_products",))
    others = policy.texts(("products",))
    return _Known(
        tiers=policy.keys(("tiers",)),
        products=[*round_the_clock, *others],
        calendars=list(folder.calendars),
    )


def _policy_names(policy: Document, known: _Known) -> Iterator[Problem]:
    yield from _dangling(policy, ("defaults", "tier"), known.tiers, A_TIER)
    yield from _dangling(
        policy, ("phone", "fallback_tier"), known.tiers, A_TIER
    )
    yield from _dangling(policy, ("calendar",), known.calendars, A_CALENDAR)
    yield from _tiers_of_notes(policy, ("notes",), known)
    yield from _tiers(policy, ("dormancy", "tiers"), known)


def _organizations(
    organizations: Document, known: _Known
) -> Iterator[Problem]:
    every: Path = ("organizations",)
    for index, entry in organizations.mappings(every):
        here = (*every, index)
        yield from _agreement(organizations, here, entry, known)
        if entry.get("periods") is not None:
            yield from _periods(organizations, (*here, "periods"), known)


def _periods(
    organizations: Document,
    periods: Path,
    known: _Known,
) -> Iterator[Problem]:
    for number, period in organizations.mappings(periods):
        yield from _agreement(organizations, (*periods, number), period, known)


def _agreement(
    organizations: Document,
    here: Path,
    agreed: dict[str, object],
    known: _Known,
) -> Iterator[Problem]:
    """Check what an organization, or one of its periods, names."""
    yield from _dangling(organizations, (*here, "tier"), known.tiers, A_TIER)
    if agreed.get("overrides") is not None:
        yield from _overrides(organizations, (*here, "overrides"), known)


def _overrides(
    organizations: Document, here: Path, known: _Known
) -> Iterator[Problem]:
    fallback = (*here, "phone", "fallback_tier")
    calendar = (*here, "calendar")
    products = (*here, "round_the_clock_products")
    yield from _dangling(organizations, fallback, known.tiers, A_TIER)
    yield from _dangling(organizations, calendar, known.calendars, A_CALENDAR)
    yield from _unknown_products(organizations, products, known.products)
    yield from _tiers_of_notes(organizations, (*here, "notes"), known)


def _tiers_of_notes(
    document: Document, here: Path, known: _Known
) -> Iterator[Problem]:
    """Check the tiers whose customers get a kind of public note (D12)."""
    for kind in document.keys(here):
        yield from _tiers(document, (*here, kind, "tiers"), known)


def _tiers(document: Document, here: Path, known: _Known) -> Iterator[Problem]:
    """Check the tiers of a list."""
    for index, _ in enumerate(document.entries(here)):
        yield from _dangling(document, (*here, index), known.tiers, A_TIER)


def _dangling(
    document: Document,
    path: Path,
    known: list[str],
    what: str,
) -> Iterator[Problem]:
    """Check one name. Where nothing at all is known, that is another problem."""
    name = document.find(path)
    if not isinstance(name, str) or not name.strip():
        return
    if known and name.strip() not in known:
        yield document.problem(
            path,
            found=shown(name),
            expected=_one_of(what, known),
            suggestion=nearest(name, known),
        )


def _unknown_products(
    organizations: Document,
    path: Path,
    known: list[str],
) -> Iterator[Problem]:
    """Check names of products, which are compared without regard to case."""
    spelled = {_folded(name) for name in known}
    for index, name in enumerate(organizations.texts(path)):
        if spelled and _folded(name) not in spelled:
            here = (*path, index)
            expected = _one_of(A_PRODUCT, known)
            suggestion = nearest(name, known)
            yield organizations.problem(
                here,
                found=shown(name),
                expected=expected,
                suggestion=suggestion,
            )


def _folded(name: str) -> str:
    return name.strip().casefold()


def _one_of(what: str, names: Iterable[str]) -> str:
    return f"{what}: {', '.join(names)}"


def _fallback_needs_no_call(policy: Document) -> Iterator[Problem]:
    """Check that no target of the fallback tier waits for a call itself (R3)."""
    name = policy.find(("phone", "fallback_tier"))
    if not isinstance(name, str):
        return
    targets: Path = ("tiers", name, "targets")
    for severity in policy.keys(targets):
        phone = (*targets, severity, "phone")
        if policy.find(phone) is True:
            expected = (
                f"false: '{name}' is what holds until the customer has called"
            )
            yield policy.problem(
                phone,
                found="true",
                expected=expected,
                suggestion="false",
            )


def _own_name(calendar: Document, name: str) -> Iterator[Problem]:
    path: Path = ("name",)
    given = calendar.find(path)
    if isinstance(given, str) and given.strip() != name:
        expected = "the name of the file without its ending"
        yield calendar.problem(
            path,
            found=shown(given),
            expected=expected,
            suggestion=name,
        )
