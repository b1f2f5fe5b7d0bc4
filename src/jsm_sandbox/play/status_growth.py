"""The statuses of a file, as the site takes them over: the file's ids win; a category that it lacks is guessed."""

from __future__ import annotations

from dataclasses import replace

from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state import wire
from jsm_sandbox.state.json_types import (
    Json,
    JsonObject,
    as_object,
    as_text,
    inside,
)
from jsm_sandbox.state.setup import Status

OPEN = "indeterminate"
DONE = "done"
CATEGORIES = {
    "new": "open",
    OPEN: "open",
    DONE: "done",
}
"""How the categories of statuses are called in what is said of a file."""


class StatusGrowth:
    """Adds a file's statuses to the site."""

    def __init__(self, tracker: Tracker) -> None:
        """Add to the site of this tracker."""
        self.tracker = tracker
        self.site = tracker.site
        self.guessed: dict[str, str] = {}
        """The categories that the file does not name, by the status's name."""
        self._resolved: set[str] = set()

    def learn(self, requests: list[JsonObject]) -> None:
        """Learn from the requests' fields in which statuses there are resolved ones."""
        resolved = (each for each in requests if _is_resolved(each))
        self._resolved = {
            as_text(inside(each, "status", "name")) for each in resolved
        }

    def categorized(self, raw: Json) -> Json:
        """Give a status its category where the file names none: that of the site's own status of that name.

        Any other is done if a request in it has a resolution, and open if none has.
        """
        said = as_object(raw)
        name = as_text(said.get("name"))
        category = as_object(said.get("statusCategory"))
        if not name or as_text(category.get("key")):
            return raw
        key = self._category(name)
        self.guessed[name] = key
        return {
            **said,
            "statusCategory": {**wire.status_category(key), **category},
        }

    def _category(self, name: str) -> str:
        known = self.site.status(name)
        if known:
            return known.category
        return DONE if name in self._resolved else OPEN

    def add(self, raw: JsonObject) -> None:
        """Add a status, or give the site's own of that name the file's id."""
        name = as_text(raw.get("name"))
        if not name:
            return
        number = as_text(raw.get("id"))
        category = as_text(inside(raw, "statusCategory", "key")) or OPEN
        known = self.site.status(name)
        if known is None:
            self._free(number)
            status = Status(number or self._new_id(), name, category)
            self.site.statuses.append(status)
        elif number and known.id != number:
            self._free(number)
            where = self.site.statuses.index(known)
            self.site.statuses[where] = Status(number, name, category)

    def _free(self, number: str) -> None:
        """Give whatever status has this id another one."""
        for where, each in enumerate(self.site.statuses):
            if each.id == number:
                other = replace(each, id=self._new_id())
                self.site.statuses[where] = other

    def _new_id(self) -> str:
        """Give an id that no status has: they are numbered apart from the requests."""
        taken = {each.id for each in self.site.statuses}
        numbers = (str(self.tracker.next_id()) for _ in range(len(taken) + 1))
        return next(number for number in numbers if number not in taken)


def _is_resolved(fields: JsonObject) -> bool:
    has_resolution = fields.get("resolution") is not None
    return has_resolution or bool(fields.get("resolutiondate"))
