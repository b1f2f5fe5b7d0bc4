"""A check: what it is called, what it proves, which rule suffers where it fails, and what it needs to be read."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from jsm_sla_bot.doctor.examination import Examination
from jsm_sla_bot.doctor.verdict import NotReadError, Verdict, skipped
from jsm_sla_bot.ports.survey import Part

Judge: TypeAlias = Callable[[Examination], Verdict]

CHEAP = frozenset(
    {
        Part.SITE,
        Part.ACCOUNT,
        Part.PROJECTS,
        Part.PERMISSIONS,
        Part.FIELDS,
        Part.STATUSES,
    }
)
"""What takes a call or two in all, however many projects there are."""


class Group(StrEnum):
    """The groups, in the order in which they are looked at: where an early one fails, later ones may mislead."""

    CONNECTION = "connection"
    RIGHTS = "rights"
    FIELDS = "fields"
    DESK = "desk"
    POLICY = "policy against site"
    OPERATION = "operation"


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `rules` names the contract's rules that suffer where it fails."""

    name: str
    group: Group
    proves: str
    rules: str
    parts: frozenset[Part]
    judge: Judge

    @property
    def is_cheap(self) -> bool:
        """Tell whether the daemon can make it at each start."""
        return self.parts <= CHEAP

    def verdict(self, examination: Examination) -> Verdict:
        """Judge; what could not be read makes it skipped."""
        try:
            return self.judge(examination)
        except NotReadError as error:
            return skipped(str(error), has_failed=error.is_failure)
