"""Whether `jira.yaml` names what the handling of dormant requests needs, and names it rightly (R11, D23, D26, D27)."""

from collections.abc import Iterator

from jsm_sla_bot.config.advice import shown
from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.folder import Folder
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.schema import JIRA, POLICY
from jsm_sla_bot.text.nearest import nearest

_POLICY: Path = ("dormancy",)
_WAITING: Path = ("statuses", "waiting")
_CLOSE_TO: Path = ("dormancy", "close_to")
_REOPEN_TO: Path = ("dormancy", "reopen_to")
_DONE = ("closed", "declined")


def dormancy_names(folder: Folder) -> Iterator[Problem]:
    """Yield every problem with the names, and with a rule that can't hold."""
    jira = folder.jira
    closed = jira.texts(("statuses", "closed"))
    yield from _without_waiting(folder)
    yield from _done_and_waiting(jira)
    yield from _not_closed(jira, closed)
    yield from _done_again(jira)
    yield from _without_base(folder)


def dormancy_left_to_agents(folder: Folder) -> Iterator[str]:
    """Yield what agents are left to do by hand where requests go dormant and `jira.yaml` names no way (D26, D27)."""
    found = next(_rules(folder), None)
    if found is None:
        return
    document, path = found
    where = f"{document.shown_as}:{document.line(path)}"
    for way, deed in ((_CLOSE_TO, "close"), (_REOPEN_TO, "reopen")):
        if not folder.jira.find(way):
            key = ".".join(map(str, way))
            yield (
                f"{where}: requests go dormant, and {JIRA} names no {key}: agents are asked to {deed} each of them"
            )


def _without_waiting(folder: Folder) -> Iterator[Problem]:
    """Refuse a rule where no status waits for the customer: no request could ever go dormant (D23)."""
    if folder.jira.entries(_WAITING) or folder.jira.find(_WAITING):
        return
    for document, path in _rules(folder):
        yield document.key_problem(
            path,
            found="a rule for dormant requests",
            expected=f"statuses.waiting in {JIRA} to name a status that waits for the customer",
        )


def _rules(folder: Folder) -> Iterator[tuple[Document, Path]]:
    """Yield where dormancy is turned on: in the policy and by organizations."""
    if _is_on(folder.policy.find(_POLICY)):
        yield folder.policy, _POLICY
    for path in _overrides(folder.organizations):
        if _is_on(folder.organizations.find(path)):
            yield folder.organizations, path


def _is_on(given: object) -> bool:
    """Tell whether a rule turns anything on; what can't be read is another problem."""
    if isinstance(given, dict):
        return given.get("severities") != []
    return given is True


def _overrides(organizations: Document) -> Iterator[Path]:
    """Yield the places of the overrides of organizations and of their periods."""
    every: Path = ("organizations",)
    for index, _ in organizations.mappings(every):
        here = (*every, index)
        yield (*here, "overrides", *_POLICY)
        for number, _ in organizations.mappings((*here, "periods")):
            yield (*here, "periods", number, "overrides", *_POLICY)


def _done_and_waiting(jira: Document) -> Iterator[Problem]:
    """Refuse a status that waits for the customer and is done: only an open request waits (D23)."""
    done = [
        _folded(name)
        for phase in _DONE
        for name in jira.texts(("statuses", phase))
    ]
    for index, name in enumerate(jira.entries(_WAITING)):
        if _folded(name) in done:
            yield jira.problem(
                (*_WAITING, index),
                found=shown(name),
                expected="a status that is not among the closed or declined ones",
            )


def _not_closed(jira: Document, closed: list[str]) -> Iterator[Problem]:
    """Refuse a closing that closes nothing (D26)."""
    name = jira.find(_CLOSE_TO)
    if not isinstance(name, str) or not name.strip():
        return
    if _folded(name) not in map(_folded, closed):
        yield jira.problem(
            _CLOSE_TO,
            found=shown(name),
            expected=f"one of statuses.closed: {', '.join(closed) or 'there is none'}",
            suggestion=nearest(name, closed),
        )


def _done_again(jira: Document) -> Iterator[Problem]:
    """Refuse a reopening that opens nothing (D27)."""
    name = jira.find(_REOPEN_TO)
    for phase in _DONE:
        names = jira.texts(("statuses", phase))
        if _folded(name) in map(_folded, names):
            yield jira.problem(
                _REOPEN_TO,
                found=shown(name),
                expected=f"an open status, none of statuses.{phase}",
            )


def _without_base(folder: Folder) -> Iterator[Problem]:
    """Refuse an organization's own rule that leaves out what the policy does not say either (R12)."""
    if isinstance(folder.policy.find(_POLICY), dict):
        return
    organizations = folder.organizations
    for path in _overrides(organizations):
        given = organizations.find(path)
        if not _is_on(given):
            continue
        keys = given if isinstance(given, dict) else {}
        missing = [
            key for key in ("reminders", "close_after") if key not in keys
        ]
        if missing:
            yield organizations.key_problem(
                path,
                found="a rule without " + " and ".join(missing),
                expected=f"them here, or the key 'dormancy' in {POLICY}",
            )


def _folded(name: object) -> str:
    return str(name).strip().casefold()
