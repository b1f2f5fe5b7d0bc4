"""What Jira's words mean to the contract, by `jira.yaml`: severities, statuses, organizations, products."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from jsm_sla_bot.jsm.decode.fields import did_you_mean
from jsm_sla_bot.jsm.errors import UnreadableError
from jsm_sla_bot.jsm.json_values import (
    Json,
    JsonObject,
    Option,
    levels,
    mapping,
    rows,
    text,
)
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.sla.request import Phase, Status
from jsm_sla_bot.sla.target import PRODUCT_LEVEL

Word: TypeAlias = str | None
T = TypeVar("T")
_DONE = "done"
_LONGEST_NAME = 100
_ID_LIST = re.compile(r"[\s\[\]]*\d+(?:[\s,;\[\]]+\d+)*[\s\[\]]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """A workflow status of the site."""

    name: str
    done: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one site. Keys are compared without regard to case; ids win over names."""

    severities: Mapping[str, int]
    phases: Mapping[str, Phase]
    statuses: Mapping[str, SiteStatus] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    """The statuses in which a request waits for the customer, by name or id (D23)."""

    @classmethod
    def of(cls, desk: Desk, statuses: Json = None) -> "Vocabulary":
        """Take the words from `jira.yaml` and the statuses from the answer of `GET status`."""
        known = {
            identity: _site_status(row)
            for row in rows(statuses)
            if (identity := text(row.get("id")))
        }
        return cls(
            _folded(desk.severities),
            _folded(desk.statuses),
            known,
            frozenset(_words(*desk.waiting)),
        )

    def missing(self, desk: Desk) -> list[str]:
        """Say which statuses `jira.yaml` names and the site does not have, by the setting that names them.

        A status is named or given by its id. Neither may be missing: an acknowledgement would go unseen.
        """
        wanted = [
            (f"statuses.{phase}", word)
            for word, phase in sorted(desk.statuses.items())
        ]
        wanted += [("statuses.waiting", word) for word in sorted(desk.waiting)]
        single = {
            "escalation.status": desk.escalation_status,
            "dormancy.close_to": desk.close_to,
            "dormancy.reopen_to": desk.reopen_to,
        }
        wanted += [(setting, word) for setting, word in single.items() if word]
        return [
            f"{setting}: {self._no_status(word)}"
            for setting, word in wanted
            if not self._has_status(word)
        ]

    def missing_pauses(self, desk: Desk) -> list[str]:
        """Say which statuses the site does not have of those in which a clock stands still, by setting (D7).

        They are known by name: by an id, or a name that is not there, the clock would run on unseen.
        """
        names = {*_words(*(status.name for status in self.statuses.values()))}
        return [
            f"{setting}: {self._no_status(word)}"
            for setting, word in desk.pausing
            if names.isdisjoint(_words(word))
        ]

    def _has_status(self, word: str) -> bool:
        names = (status.name for status in self.statuses.values())
        known = {*_words(*self.statuses), *_words(*names)}
        return not known.isdisjoint(_words(word))

    def _no_status(self, word: str) -> str:
        """Name the status that comes nearest; where none does, all that there are."""
        names = sorted(
            {each.name for each in self.statuses.values() if each.name}
        )
        known = self.statuses.get(word.strip())
        if known:
            return f"no status is named {word.strip()}: give the name of that status, {known.name!r}"
        if word.strip().isdecimal():
            return f"no status with the id {word.strip()} on this site, nor one of that name"
        near = did_you_mean(word, names)
        return f"no status {word!r} on this site{near or _all_of(names)}"

    def severity(self, identity: Word, shown: Word) -> int | None:
        """Return the severity that an option stands for, or None."""
        return next(
            (
                self.severities[word]
                for word in _words(identity, shown)
                if word in self.severities
            ),
            None,
        )

    def present_severity(self, value: Json) -> int | None:
        """Return the severity that a request shows; None where it shows none (D10).

        Raises UnreadableError for an option that `jira.yaml` does not know: a severity is never guessed.
        """
        if value is None or value in ([], ""):
            return None
        found = severity_options(value)
        if not found:
            raise UnreadableError(
                "the severity field shows something that is no option"
            )
        for identity, shown in found:
            severity = self.severity(identity, shown)
            if severity is not None:
                return severity
        identity, shown = found[0]
        name = repr((shown or "")[:_LONGEST_NAME])
        option = (
            f"{name} ({identity[:_LONGEST_NAME]})"
            if identity
            else "without an id"
        )
        raise UnreadableError(
            f"severity option {option} is not in jira.yaml: severities"
        )

    def status(
        self, identity: Word, shown: Word, category: Word = None
    ) -> Status:
        """Return a workflow status by its id, else by the name it had; unknown to all, it is open."""
        known = self.statuses.get(identity or "")
        name = (known.name if known else shown) or shown or ""
        words = tuple(_words(identity, name, shown))
        is_waiting = not self.waiting.isdisjoint(words)
        for word in words:
            if word in self.phases:
                return Status(name, self.phases[word], is_waiting)
        done = category == _DONE if category else bool(known and known.done)
        phase = Phase.CLOSED if done else Phase.OPEN
        return Status(name, phase, is_waiting)


def organization_ids(value: Json) -> tuple[str, ...]:
    """Return the organizations that a request shows, by id, in one order: ids come as text or number (R6)."""
    every = value if isinstance(value, list) else [value]
    found = {text(mapping(each).get("id")) or text(each) for each in every}
    return _in_order(identity for identity in found if identity)


def organization_names(value: Json) -> tuple[tuple[str, str], ...]:
    """Return the names of the organizations that a request shows, each with its id; names may change (R6)."""
    every = [
        mapping(each)
        for each in (value if isinstance(value, list) else [value])
    ]
    named = [(text(each.get("id")), text(each.get("name"))) for each in every]
    return tuple(
        (identity, name)
        for identity, name in dict(named).items()
        if identity and name
    )


def organization_ids_then(
    identities: Json, names: Json
) -> tuple[str, ...] | None:
    """Return the organizations of a history entry, or None where it has no ids to go by."""
    if isinstance(identities, list | int):
        return organization_ids(identities)
    written = text(identities)
    if written is None:
        return None if text(names) else ()
    return (
        _in_order(set(re.findall(r"\d+", written)))
        if _ID_LIST.fullmatch(written)
        else None
    )


def severity_options(value: Json) -> Sequence[Option]:
    """Return the options that may be the severity: of a cascading select the child, then its parent."""
    first = value[0] if isinstance(value, list) and value else value
    return levels(first)[::-1]


def product_name(value: Json) -> str | None:
    """Return the product that a request shows; several are told as one name, which is no known product."""
    every = value if isinstance(value, list) else [value]
    names = [product_path(levels(one)) for one in every]
    return ", ".join(name for name in names if name) or None


def product_path(options: Sequence[Option]) -> str | None:
    """Return a product by the names of its levels, the broadest first; an option without a name by its id."""
    names = [shown or identity for identity, shown in options]
    return PRODUCT_LEVEL.join(name for name in names if name) or None


def _all_of(names: Sequence[str]) -> str:
    return (
        f"; it has {', '.join(names)}" if names else "; our account sees none"
    )


def _site_status(row: JsonObject) -> SiteStatus:
    done = mapping(row.get("statusCategory")).get("key") == _DONE
    return SiteStatus(text(row.get("name")) or "", done)


def _words(*words: Word) -> Iterable[str]:
    return (word.strip().casefold() for word in words if word)


def _folded(words: Mapping[str, T]) -> dict[str, T]:
    return {
        word.strip().casefold(): meaning for word, meaning in words.items()
    }


def _in_order(identities: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        sorted(
            identities, key=lambda each: (not each.isdigit(), each.zfill(20))
        )
    )
