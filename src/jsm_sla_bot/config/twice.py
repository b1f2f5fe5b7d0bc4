"""Things that may be given once and are given twice: organizations, products, fields, statuses, accounts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from jsm_sla_bot.config.advice import shown
from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.folder import Folder
from jsm_sla_bot.config.problem import Problem


@dataclass(frozen=True, slots=True)
class _Once:
    """Names of one kind, and the place where each stood first."""

    document: Document
    what: str
    first: dict[str, Path] = field(default_factory=dict)

    def see(self, path: Path, name: object) -> Iterator[Problem]:
        """Take a name in; yield the problem where it has been seen before, whatever its case."""
        if not isinstance(name, str | int) or isinstance(name, bool):
            return
        before = self.first.setdefault(str(name).strip().casefold(), path)
        if before is not path:
            found = f"{self.what} {shown(name)} twice"
            expected = (
                f"it once: the first is at {self.document.written(before)}"
            )
            yield self.document.problem(
                path,
                found=found,
                expected=expected,
            )


WAITING = "waiting"
"""A status has one phase, and may be waiting as well (D23)."""


def twice(folder: Folder) -> Iterator[Problem]:
    """Yield every problem with something that is given twice."""
    yield from _products(folder.policy)
    yield from _organizations(folder.organizations)
    yield from _fields(folder.jira)
    statuses = folder.jira.keys(("statuses",))
    phases = [key for key in statuses if key != WAITING]
    severities = folder.jira.keys(("severities",))
    yield from _lists(
        folder.jira, "severities", severities, "the severity option"
    )
    yield from _lists(folder.jira, "statuses", phases, "the status")
    yield from _lists(folder.jira, "statuses", [WAITING], "the status")
    yield from _lists(
        folder.jira, "agents", ("former", "automations"), "the account"
    )


def _products(policy: Document) -> Iterator[Problem]:
    once = _Once(policy, "the product")
    for part in ("round_the_clock_products", "products"):
        for index, name in enumerate(policy.texts((part,))):
            yield from once.see((part, index), name)


def _organizations(organizations: Document) -> Iterator[Problem]:
    once = _Once(organizations, "the organization")
    for index, entry in organizations.mappings(("organizations",)):
        path: Path = ("organizations", index, "id")
        yield from once.see(path, entry.get("id"))


def _fields(jira: Document) -> Iterator[Problem]:
    """Look at all fields of the site together: none can be read as one thing and written as another."""
    once = _Once(jira, "the field")
    for part in ("fields", "sla_fields"):
        for key in jira.keys((part,)):
            path: Path = (part, key)
            yield from once.see(path, jira.find(path))
    called: Path = ("called", "field")
    yield from once.see(called, jira.find(called))


def _lists(
    jira: Document,
    part: str,
    keys: Iterable[str],
    what: str,
) -> Iterator[Problem]:
    once = _Once(jira, what)
    for key in keys:
        for index, name in enumerate(jira.entries((part, key))):
            yield from once.see((part, key, index), name)
