"""What is no mistake for certain, but may well be one: `check` warns of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.folder import Folder
from jsm_sla_bot.config.schema import ORGANIZATIONS

_EVERY: Path = ("organizations",)


def loose_ends(folder: Folder) -> Iterator[str]:
    """Yield a sentence for each organization that may have the wrong id."""
    yield from _namesakes(folder.organizations)
    yield from _excluded_but_unknown(folder)


@dataclass(frozen=True, slots=True)
class _Bearer:
    """The first organization of a name."""

    index: int
    id: object


def _namesakes(organizations: Document) -> Iterator[str]:
    """Warn of organizations of the same name: one of them may be a slip of the id."""
    first: dict[str, _Bearer] = {}
    for index, entry in organizations.mappings(_EVERY):
        name = str(entry.get("name")).strip()
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


def _line(document: Document, path: Path) -> str:
    return f"{document.shown_as}:{document.line(path)}"
