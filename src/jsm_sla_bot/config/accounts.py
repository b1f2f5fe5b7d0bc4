"""The accounts that the files name, each with its place: whether they are on the site only the site knows."""

from collections.abc import Iterator

from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.folder import Folder
from jsm_sla_bot.ports.accounts import Listed, ListedAs

_AGENTS = (ListedAs.AGENT, ListedAs.FORMER_AGENT, ListedAs.AUTOMATION)
_ORGANIZATIONS: Path = ("organizations",)


def people(folder: Folder) -> tuple[Listed, ...]:
    """Return every account that a good configuration names, in the order of the files."""
    return (*_of_agents(folder.jira), *_of_organizations(folder.organizations))


def _of_agents(jira: Document) -> Iterator[Listed]:
    for listed_as in _AGENTS:
        path: Path = tuple(listed_as.split("."))
        yield from _each(jira, path, listed_as)


def _of_organizations(document: Document) -> Iterator[Listed]:
    for index, entry in document.mappings(_ORGANIZATIONS):
        name = str(entry.get("name", "")).strip()
        at: Path = (*_ORGANIZATIONS, index)
        if "csm" in entry:
            yield from _one(document, (*at, "csm"), ListedAs.CSM, name)
        spoken_for: Path = (*at, "representatives")
        yield from _each(document, spoken_for, ListedAs.REPRESENTATIVE, name)


def _each(
    document: Document, path: Path, listed_as: ListedAs, organization: str = ""
) -> Iterator[Listed]:
    for index in range(len(document.entries(path))):
        yield from _one(document, (*path, index), listed_as, organization)


def _one(
    document: Document, path: Path, listed_as: ListedAs, organization: str
) -> Iterator[Listed]:
    account = document.find(path)
    if isinstance(account, str) and account.strip():
        at = document.place(path)
        place = f"{document.shown_as}:{at.line}:{at.column}"
        yield Listed(account.strip(), listed_as, place, organization)
