"""What is no mistake for certain, but may well be one: `check` warns of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.dormancy_names import dormancy_left_to_agents
from jsm_sla_bot.config.folder import Folder
from jsm_sla_bot.config.schema import ORGANIZATIONS

_EVERY: Path = ("organizations",)
_DEEDS = ("public_comment", "status", "severity")


def loose_ends(folder: Folder) -> Iterator[str]:
    """Yield a sentence for each organization that may have the wrong id, and where no answer would count."""
    yield from _answers_that_never_count(folder)
    yield from _namesakes(folder.organizations)
    yield from _excluded_but_unknown(folder)
    yield from _never_planned(folder)
    yield from dormancy_left_to_agents(folder)


@dataclass(frozen=True, slots=True)
class _Bearer:
    """The first organization of a name."""

    index: int
    id: object


def _namesakes(organizations: Document) -> Iterator[str]:
    """Warn of organizations of the same name: one of them may be a slip of the id."""
    first: dict[str, _Bearer] = {}
    for index, entry in organizations.mappings(_EVERY):
        name = " ".join(str(entry.get("name")).split())
        bearer = _Bearer(index, entry.get("id"))
        before = first.setdefault(name.casefold(), bearer)
        if before is not bearer:
            where = _line(organizations, (*_EVERY, index, "name"))
            line = organizations.line((*_EVERY, before.index, "name"))
            yield (
                f"{where}: organization {bearer.id} is called {name!r}, and so is organization {before.id} "
                f"in line {line}: is one of the ids wrong?"
            )


def _excluded_but_unknown(folder: Folder) -> Iterator[str]:
    """Warn of an organization that is not measured and has no entry of its own (R8)."""
    entries = folder.organizations.mappings(_EVERY)
    ids = {str(entry.get("id")) for _, entry in entries}
    excluded: Path = ("not_measured", "organizations")
    for index, entry in folder.policy.mappings(excluded):
        identity = entry.get("id")
        if str(identity) not in ids:
            where = _line(folder.policy, (*excluded, index))
            yield f"{where}: organization {identity} is not measured, but not in {ORGANIZATIONS}"


def _answers_that_never_count(folder: Folder) -> Iterator[str]:
    """Warn where only closing a request acknowledges it (D4, D17): every other answer would come to be a breach."""
    yield from _no_deed_counts(folder.policy, ())
    organizations = folder.organizations
    for index, entry in organizations.mappings(_EVERY):
        if "overrides" in entry:
            yield from _no_deed_counts(
                organizations, (*_EVERY, index, "overrides")
            )
        if "periods" in entry:
            periods = (*_EVERY, index, "periods")
            for number, _ in organizations.mappings(periods):
                yield from _no_deed_counts(
                    organizations, (*periods, number, "overrides")
                )


def _no_deed_counts(document: Document, path: Path) -> Iterator[str]:
    rule: Path = (*path, "acknowledgement")
    if all(document.find((*rule, deed)) is False for deed in _DEEDS):
        where = _line(document, rule)
        yield f"{where}: no deed but closing acknowledges a request: set at least public_comment or status to true"


def _never_planned(folder: Folder) -> Iterator[str]:
    """Warn of an organization whose first review has no due day (D28)."""
    if not folder.policy.keys(("reviews",)):
        return
    organizations = folder.organizations
    for index, entry in organizations.mappings(_EVERY):
        periods = organizations.entries((*_EVERY, index, "periods"))
        first = periods[0] if periods else entry
        if isinstance(first, dict) and first.get("valid_from") is None:
            where = _line(organizations, (*_EVERY, index))
            yield (
                f"{where}: organization {entry.get('id')} has no valid_from: no service review or health check is "
                f"planned for it before the first one is done (D28)"
            )


def _line(document: Document, path: Path) -> str:
    return f"{document.shown_as}:{document.line(path)}"
