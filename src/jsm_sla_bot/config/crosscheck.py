"""What one file says against what another says: names that lead nowhere, things that are there twice.

The checks read the documents, not the shapes, so that a slip in one place never hides one in another.
"""

from collections.abc import Iterable, Iterator

from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.folder import Folder
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.schema import CALENDARS, ORGANIZATIONS, POLICY
from jsm_sla_bot.config.validate import shown
from jsm_sla_bot.text.nearest import nearest


def cross_check(folder: Folder) -> Iterator[Problem]:
    """Yield every problem between the parts of the configuration."""
    yield from _policy_names(folder)
    yield from _products(folder)
    yield from _fallback_needs_no_call(folder.policy)
    yield from _organizations(folder)
    yield from _jira_names(folder.jira)
    for name, calendar in folder.calendars.items():
        yield from _own_name(calendar, name)


def loose_ends(folder: Folder) -> Iterator[str]:
    """Yield what is no mistake for certain, but may well be one."""
    yield from _namesakes(folder.organizations)
    ids = {
        str(entry.get("id"))
        for _, entry in _entries(folder.organizations, ("organizations",))
    }
    path: Path = ("not_measured", "organizations")
    for index, entry in _entries(folder.policy, path):
        if str(entry.get("id")) not in ids:
            where = f"{folder.policy.shown_as}:{folder.policy.line((*path, index))}"
            yield f"{where}: organization {entry.get('id')} is not measured, but not in {ORGANIZATIONS}"


def _namesakes(organizations: Document) -> Iterator[str]:
    """Tell of organizations of the same name: one of them may be a slip of the id."""
    first: dict[str, tuple[int, object]] = {}
    for index, entry in _entries(organizations, ("organizations",)):
        name = str(entry.get("name")).strip()
        before = first.setdefault(name.casefold(), (index, entry.get("id")))
        if before[0] != index:
            where = f"{organizations.shown_as}:{organizations.line(('organizations', index, 'name'))}"
            line = organizations.line(("organizations", before[0], "name"))
            yield (
                f"{where}: organization {entry.get('id')} is called {name!r}, and so is organization {before[1]} "
                f"in line {line}: is one of the ids wrong?"
            )


def _policy_names(folder: Folder) -> Iterator[Problem]:
    tiers = _names(folder.policy.find(("tiers",)))
    for path in (("defaults", "tier"), ("phone", "fallback_tier")):
        yield from _dangling(folder.policy, path, tiers, f"a tier of {POLICY}")
    yield from _dangling(
        folder.policy,
        ("calendar",),
        list(folder.calendars),
        f"a calendar in {CALENDARS}",
    )


def _organizations(folder: Folder) -> Iterator[Problem]:
    document, tiers = folder.organizations, _names(folder.policy.find(("tiers",)))
    first: dict[str, Path] = {}
    for index, entry in _entries(document, ("organizations",)):
        here: Path = ("organizations", index)
        yield from _agreement(folder, here, entry, tiers)
        if entry.get("periods") is not None:
            for number, period in _entries(document, (*here, "periods")):
                yield from _agreement(folder, (*here, "periods", number), period, tiers)
        if isinstance(entry.get("id"), str | int):
            yield from _twice(
                document,
                first,
                str(entry["id"]).strip(),
                (*here, "id"),
                "the organization",
            )


def _agreement(
    folder: Folder, here: Path, agreed: dict[str, object], tiers: list[str]
) -> Iterator[Problem]:
    """Check what an organization, or one of its periods, names."""
    expected = f"a tier of {POLICY}"
    yield from _dangling(folder.organizations, (*here, "tier"), tiers, expected)
    if agreed.get("overrides") is not None:
        yield from _overrides(folder, (*here, "overrides"), tiers)


def _overrides(folder: Folder, here: Path, tiers: list[str]) -> Iterator[Problem]:
    document = folder.organizations
    fallback = (*here, "phone", "fallback_tier")
    yield from _dangling(document, fallback, tiers, f"a tier of {POLICY}")
    calendars = list(folder.calendars)
    expected = f"a calendar in {CALENDARS}"
    yield from _dangling(document, (*here, "calendar"), calendars, expected)
    yield from _unknown_products(folder, (*here, "round_the_clock_products"))


def _dangling(
    document: Document, path: Path, known: list[str], what: str
) -> Iterator[Problem]:
    name = document.find(path)
    if known and isinstance(name, str) and name.strip() and name.strip() not in known:
        yield document.problem(
            path, shown(name), f"{what}: {', '.join(known)}", nearest(name, known)
        )


def _twice(
    document: Document, first: dict[str, Path], name: str, path: Path, what: str
) -> Iterator[Problem]:
    """Tell of a name that was there before, and where (`first` is filled in on the way)."""
    if name in first:
        before = document.place(first[name])
        place = f"{document.shown_as}:{before.line}:{before.column}"
        yield document.problem(
            path,
            f"{what} {shown(document.find(path))} twice",
            f"it once: it is at {place}",
        )
    else:
        first[name] = path


def _products(folder: Folder) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for part in ("round_the_clock_products", "products"):
        for index, name in enumerate(_texts(folder.policy, (part,))):
            yield from _twice(
                folder.policy,
                first,
                name.strip().casefold(),
                (part, index),
                "the product",
            )


def _unknown_products(folder: Folder, path: Path) -> Iterator[Problem]:
    known = [
        *_texts(folder.policy, ("round_the_clock_products",)),
        *_texts(folder.policy, ("products",)),
    ]
    spelled = {name.strip().casefold() for name in known}
    for index, name in enumerate(_texts(folder.organizations, path)):
        if known and name.strip().casefold() not in spelled:
            expected = f"a product of {POLICY}: {', '.join(known)}"
            yield folder.organizations.problem(
                (*path, index), shown(name), expected, nearest(name, known)
            )


def _fallback_needs_no_call(policy: Document) -> Iterator[Problem]:
    name = policy.find(("phone", "fallback_tier"))
    if not isinstance(name, str):
        return
    targets: Path = ("tiers", name, "targets")
    for severity in _names(policy.find(targets)):
        if policy.find((*targets, severity, "phone")) is True:
            expected = f"false: '{name}' is what holds until the customer has called"
            yield policy.problem(
                (*targets, severity, "phone"), "true", expected, "false"
            )


def _jira_names(jira: Document) -> Iterator[Problem]:
    fields: dict[str, Path] = {}
    for part in ("fields", "sla_fields"):
        for key in _names(jira.find((part,))):
            yield from _jira_twice(jira, fields, (part, key), "the field")
    yield from _jira_twice(jira, fields, ("called", "field"), "the field")
    for part, what in (
        ("severities", "the severity option"),
        ("statuses", "the status"),
    ):
        keys = _names(jira.find((part,)))
        yield from _listed_twice(jira, part, keys, what)
    keys = ["former", "automations"]
    yield from _listed_twice(jira, "agents", keys, "the account")


def _listed_twice(
    jira: Document, part: str, keys: Iterable[str], what: str
) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for key in keys:
        values = jira.find((part, key))
        for index in range(len(values) if isinstance(values, list) else 0):
            yield from _jira_twice(jira, first, (part, key, index), what)


def _jira_twice(
    jira: Document, first: dict[str, Path], path: Path, what: str
) -> Iterator[Problem]:
    name = jira.find(path)
    if isinstance(name, str | int) and not isinstance(name, bool):
        yield from _twice(jira, first, str(name).strip().casefold(), path, what)


def _own_name(calendar: Document, name: str) -> Iterator[Problem]:
    given = calendar.find(("name",))
    if isinstance(given, str) and given.strip() != name:
        yield calendar.problem(
            ("name",), shown(given), "the name of the file without its ending", name
        )


def _names(value: object) -> list[str]:
    return list(value) if isinstance(value, dict) else []


def _texts(document: Document, path: Path) -> list[str]:
    value = document.find(path)
    return (
        [text if isinstance(text, str) else "" for text in value]
        if isinstance(value, list)
        else []
    )


def _entries(document: Document, path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    value = document.find(path)
    for index, entry in enumerate(value if isinstance(value, list) else []):
        if isinstance(entry, dict):
            yield index, entry
