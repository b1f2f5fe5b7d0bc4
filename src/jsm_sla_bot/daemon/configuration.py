"""The configuration while the daemon runs: watch the folder, read it again, offer what is good to the passes.

Promises: a broken edit changes nothing but the health; a good one is offered as a candidate, which comes into force
when a sweep lets it through (`passes.policy_in_force`). An edit of `jira.yaml` is tried against the site first.

`Configurations` belongs to one caller at a time (`daemon.bot` has the lock); `current` and `connection` may be read
from any thread. A restart reads the folder again; what was in force before comes from the journal
(`last_admitted`). Accepted race: an edit while the files are read may be seen in part; the next poll sees it whole.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Generic, TypeVar

import structlog

from jsm_sla_bot.config.folder import contents
from jsm_sla_bot.config.load import Configuration, load, load_texts
from jsm_sla_bot.config.problem import ConfigurationProblems
from jsm_sla_bot.daemon.needs import SiteConnection
from jsm_sla_bot.passes.planner import Rules
from jsm_sla_bot.passes.reconciler import Reconciler
from jsm_sla_bot.plan.public.matter import DormantWays
from jsm_sla_bot.ports.errors import TerminalError, TransientError
from jsm_sla_bot.ports.journal import AdmittedPolicy, Marks
from jsm_sla_bot.telemetry.health import Health

SUBJECT = "configuration"
"""The subject of the health under which a broken configuration is reported."""

Digests = Mapping[str, str]
"""A digest of each file by its path. Times and sizes show no edit: a link that is swapped may keep both."""

log = structlog.get_logger()

C_co = TypeVar("C_co", bound=SiteConnection, covariant=True)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration with the digests of its files; None where these have to be read again at the first poll."""

    configuration: Configuration
    digests: Digests | None


def load_or(
    folder: Traversable,
    fallback: Callable[[], Configuration | None] = lambda: None,
) -> Loaded:
    """Read the folder; a broken one gives way to the fallback, and raises ConfigurationProblems if there is none."""
    digests = contents(folder)
    try:
        found = load(folder)
    except ConfigurationProblems:
        instead = fallback()
        if instead is None:
            raise
        return Loaded(instead, None)
    for warning in found.warnings:
        log.warning("configuration_warning", warning=warning)
    return Loaded(found, digests)


def last_admitted(
    marks: Marks, at_hand: Configuration | None = None
) -> Configuration | None:
    """Return the configuration that was let through last, if the journal still has it as it was.

    One that is `at_hand` is not read again where its files are those.
    """
    admitted = marks.recall(AdmittedPolicy)
    if admitted is None or not admitted.files:
        return None
    with suppress(ConfigurationProblems):
        is_at_hand = at_hand and at_hand.texts == admitted.files
        found = at_hand if is_at_hand else load_texts(admitted.files)
        if found and found.policy.hash == admitted.policy:
            return found
    return None


def rules_of(configuration: Configuration) -> Rules:
    """Return what a pass goes by under this configuration."""
    return Rules(
        policy=configuration.policy,
        budget=configuration.budget,
        zone=configuration.zone,
        escalation_status=configuration.desk.escalation_status,
        lookback=configuration.desk.lookback,
        ways=DormantWays(
            configuration.desk.close_to, configuration.desk.reopen_to
        ),
        why_label=configuration.desk.why_label,
        files=configuration.texts,
        texts=configuration.public_texts,
    )


class Configurations(Generic[C_co]):
    """The last good configuration of a folder, and the site read its way."""

    def __init__(
        self,
        folder: Traversable,
        loaded: Loaded,
        connection: C_co,
        health: Health,
    ) -> None:
        self._folder = folder
        self._digests = loaded.digests
        self._current = loaded.configuration
        self._connection = connection
        self._health = health

    @property
    def current(self) -> Configuration:
        """The last good configuration; the reconciler knows which one is in force."""
        return self._current

    @property
    def connection(self) -> C_co:
        """The site as the current `jira.yaml` reads it."""
        return self._connection

    def has_changed(self) -> bool:
        """Look whether a file has changed; take a good configuration over, and tell whether it is another one.

        A configuration that does not fit the site is tried again at every poll: the site may change as well.
        """
        digests = contents(self._folder)
        if digests == self._digests:
            return False
        try:
            return self._take_over(load(self._folder), digests)
        except ConfigurationProblems as problems:
            self._digests = digests
            self._keep_current(str(problems))
        except (TransientError, TerminalError) as error:
            self._keep_current(str(error))
        return False

    def _take_over(self, found: Configuration, digests: Digests) -> bool:
        connection = self._fitting(found)
        self._digests = digests
        self._health.right(SUBJECT)
        if found.hash == self._current.hash:
            return False
        log.info(
            "configuration_changed", before=self._current.hash, now=found.hash
        )
        self._current = found
        self._connection = connection
        return True

    def offer(self, reconciler: Reconciler) -> None:
        """Let the next sweep judge the current configuration; raises JournalError."""
        connection = self._connection
        reconciler.adopt(
            rules_of(self._current), connection.source, connection.sink
        )

    def _fitting(self, found: Configuration) -> C_co:
        """Return the site read as that configuration says; raises what the site says where it does not fit."""
        if found.desk == self._current.desk:
            return self._connection
        connection = self._connection.serving(found.desk)
        connection.check()
        return connection

    def _keep_current(self, problem: str) -> None:
        """Report, once, that the last good configuration stays."""
        why = f"the last good one is kept: {problem}"
        if self._health.problems().get(SUBJECT) != why:
            log.error(
                "configuration_broken",
                kept=self._current.hash,
                problems=problem.splitlines(),
            )
        self._health.wrong(SUBJECT, why)
