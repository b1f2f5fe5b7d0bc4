"""The way in: a folder of YAML becomes one frozen configuration, or every reason why it can't."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from importlib.resources.abc import Traversable
from io import BytesIO
from zipfile import Path as ArchivePath
from zipfile import ZipFile

from jsm_sla_bot.config import fingerprint
from jsm_sla_bot.config.accounts import people
from jsm_sla_bot.config.advice import shown
from jsm_sla_bot.config.calendars.layout import calendar, never_opens
from jsm_sla_bot.config.crosscheck import cross_check
from jsm_sla_bot.config.desk import desk, pausing
from jsm_sla_bot.config.document import Document
from jsm_sla_bot.config.dormancy import Labels
from jsm_sla_bot.config.dormancy_names import dormancy_names
from jsm_sla_bot.config.exclusions import reviews_excluded
from jsm_sla_bot.config.folder import Folder, read
from jsm_sla_bot.config.kinds import first_of_each_kind, first_warnings
from jsm_sla_bot.config.last_minute import last_minutes
from jsm_sla_bot.config.loose_ends import loose_ends
from jsm_sla_bot.config.notify import (
    never_told,
    notify_plan,
    notify_problems,
)
from jsm_sla_bot.config.ordering import out_of_order
from jsm_sla_bot.config.policy import policy_of
from jsm_sla_bot.config.problem import ConfigurationProblems, Problem
from jsm_sla_bot.config.proof import proven
from jsm_sla_bot.config.public_texts import (
    customers_named,
    text_problems,
    texts_of,
)
from jsm_sla_bot.config.reviews import rules
from jsm_sla_bot.config.schema import (
    JiraShape,
    NotifyShape,
    OrganizationsShape,
    PolicyShape,
    TextsShape,
)
from jsm_sla_bot.config.terms import Drafting
from jsm_sla_bot.config.twice import twice
from jsm_sla_bot.config.validate import M, checked
from jsm_sla_bot.plan.budget import Budget
from jsm_sla_bot.plan.public.texts import SHIPPED, Texts
from jsm_sla_bot.ports.notify_plan import NOBODY, NotifyPlan
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.review_plan import ReviewKind, ReviewRule


@dataclass(frozen=True, slots=True)
class Configuration:
    """All that the folder holds. `hash` names it as a whole, `policy.hash` all of it that decides what is written."""

    policy: Policy
    desk: Desk
    budget: Budget
    warnings: tuple[str, ...]
    hash: str
    texts: Mapping[str, str] = field(default_factory=dict, compare=False)
    """The contents of its files, by their paths in the folder."""
    public_texts: Texts = SHIPPED
    """What public notes say. No part of the policy: other words change no promise."""
    reviews: Mapping[ReviewKind, ReviewRule] = field(
        default_factory=dict, compare=False
    )
    """When reviews are due, by kind; empty where none ever is (R13)."""
    notify: NotifyPlan = NOBODY
    """Who outside Jira is told of what. No part of the policy: it changes nothing that is written to the desk."""

    @property
    def zone(self) -> tzinfo:
        """The zone in which people read instants: that of the default calendar."""
        return self.policy.default_terms.calendar.spec.zone


def load(config_dir: Traversable) -> Configuration:
    """Read the folder, or an archive of one; raises ConfigurationProblems with every problem of every file."""
    with _no_collecting():
        return _load(config_dir)


def load_texts(texts: Mapping[str, str]) -> Configuration:
    """Read the files from memory, by their paths in the folder; raises as `load` does."""
    with ZipFile(BytesIO(), "w") as archive:
        archive.filename = "memory"
        for path, text in texts.items():
            archive.writestr(path, text)
        return load(ArchivePath(archive))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Spare the collector a walk over a million values that are all in use: with many organizations it is a third."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _load(config_dir: Traversable) -> Configuration:
    folder = read(config_dir)
    if not config_dir.is_dir():
        missing = Problem(
            file=str(config_dir),
            line=0,
            column=0,
            path="",
            found="no such folder",
            expected="the folder of the configuration",
        )
        raise ConfigurationProblems([missing])
    found, files = _examined(folder)
    if found or files is None:
        listed = first_of_each_kind(found)
        with_proof = proven(folder, listed, lambda trial: _examined(trial)[0])
        raise ConfigurationProblems(with_proof)
    return _configuration(folder, files)


@dataclass(frozen=True, slots=True)
class _Files:
    """All files, checked and filled in."""

    policy: PolicyShape
    organizations: OrganizationsShape
    jira: JiraShape
    calendars: dict[str, BusinessCalendar]
    texts: Texts
    notify: NotifyPlan


def _examined(folder: Folder) -> tuple[list[Problem], _Files | None]:
    """Return every problem of the folder, and the files where none of them is missing."""
    found = [
        *folder.problems,
        *cross_check(folder),
        *dormancy_names(folder),
        *twice(folder),
        *out_of_order(folder),
        *text_problems(folder.public_texts),
        *notify_problems(folder),
    ]
    policy = _checked(folder, folder.policy, PolicyShape, found)
    organizations = _checked(
        folder, folder.organizations, OrganizationsShape, found
    )
    jira = _checked(folder, folder.jira, JiraShape, found)
    texts = _checked(folder, folder.public_texts, TextsShape, found)
    notify = _checked(folder, folder.notify, NotifyShape, found)
    calendars = _calendars(folder, found)
    found += _default_never_opens(folder.policy, calendars)
    if policy is None or organizations is None or jira is None:
        return found, None
    if texts is None or notify is None or found:
        return found, None
    said = texts_of(texts)
    notices = notify_plan(notify)
    return found, _Files(policy, organizations, jira, calendars, said, notices)


def _checked(
    folder: Folder,
    document: Document,
    shape: type[M],
    found: list[Problem],
) -> M | None:
    """Fill the shape in; problems are added to those found. A file that could not be read has had its own."""
    if document.file in folder.broken and document.value is None:
        return None
    filled, problems = checked(document, shape)
    found += problems
    return filled


def _calendars(
    folder: Folder, found: list[Problem]
) -> dict[str, BusinessCalendar]:
    laid_out = {}
    for name, document in folder.calendars.items():
        if document.file in folder.broken and document.value is None:
            continue
        business, problems = calendar(document)
        found += problems
        if business:
            laid_out[name] = business
    return laid_out


def _default_never_opens(
    policy: Document, calendars: Mapping[str, BusinessCalendar]
) -> Iterator[Problem]:
    """Refuse a default calendar on which no clock can ever run; for another one a warning does."""
    path = ("calendar",)
    name = policy.find(path)
    business = calendars.get(name.strip()) if isinstance(name, str) else None
    if business and never_opens(business):
        expected = (
            f"a calendar that opens: {business.spec.source} has no hours"
        )
        yield policy.problem(
            path,
            found=shown(name),
            expected=expected,
        )


def _configuration(folder: Folder, files: _Files) -> Configuration:
    shape = files.policy
    calendars = files.calendars
    labels = Labels(
        files.jira.dormancy.keep_open_label, files.jira.ignore_label
    )
    drafting = Drafting(
        shape, folder.policy, folder.organizations, calendars, labels
    )
    policy = policy_of(drafting, files.organizations)
    site = desk(files.jira)
    budget = Budget(shape.budget.share, shape.budget.at_least)
    unmeasured = reviews_excluded(files.jira.reviews, folder.jira)
    policy = replace(policy, exclusions=(*policy.exclusions, *unmeasured))
    policy = replace(policy, hash=fingerprint.of_policy(policy, site))
    return Configuration(
        policy=policy,
        desk=replace(site, pausing=pausing(policy), people=people(folder)),
        budget=budget,
        warnings=_warnings(folder, calendars),
        hash=_hash(policy, budget, files),
        texts=folder.texts,
        public_texts=files.texts,
        reviews=rules(shape.reviews),
        notify=files.notify,
    )


def _hash(policy: Policy, budget: Budget, files: _Files) -> str:
    """Return the hash of the whole: in the shipped words, and with nobody told, it is what it was before."""
    meant: list[object] = [policy.hash, budget]
    if files.texts != SHIPPED:
        meant.append(files.texts.templates)
    if files.notify != NOBODY:
        meant.append(files.notify)
    return fingerprint.of(*meant)


def _warnings(
    folder: Folder, calendars: dict[str, BusinessCalendar]
) -> tuple[str, ...]:
    warnings = [
        *folder.warnings,
        *loose_ends(folder),
        *customers_named(folder),
        *never_told(folder),
        *_closed_for_good(calendars),
    ]
    for document in folder.calendars.values():
        warnings += last_minutes(document)
    return tuple(first_warnings(warnings))


def _closed_for_good(calendars: dict[str, BusinessCalendar]) -> list[str]:
    return [
        f"calendar {name!r} never opens: no business hours can be counted on it; see {business.spec.source}"
        for name, business in sorted(calendars.items())
        if never_opens(business)
    ]
