"""Ready sites in which something of what the bot needs is missing: for trying to set them up."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jsm_sandbox.play.administration import (
    disable_option,
    open_project,
    open_team_project,
    restrict_field,
    trash_field,
    twin_field,
)
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.custom_fields import Field
from jsm_sandbox.state.placement import EVERYWHERE

TEAM = "TEAM"
OTHER = "SALES"
OTHER_TYPE = "10005"


def _empty(tracker: Tracker) -> None:
    """Leave nothing but what Jira Service Management brings."""
    tracker.site.fields = [
        each
        for each in tracker.site.fields
        if not each.custom or each.kind in EVERYWHERE
    ]
    tracker.layout.is_complete = False


def _half_done(tracker: Tracker) -> None:
    """Somebody has begun by hand: some fields, half of the severities, screens forgotten."""
    kept = {"Severity", "Response due", "Response SLA"}
    tracker.site.fields = [
        each
        for each in tracker.site.fields
        if not each.custom or each.kind in EVERYWHERE or each.name in kept
    ]
    severity = _field(tracker, "Severity")
    tracker.site.replace_field(severity, options=severity.options[:2])
    tracker.layout.is_complete = False
    scheme = tracker.layout.field_schemes[0]
    scheme.fields.append(severity.id)
    tracker.layout.screens[0].tabs[0].fields.append(severity.id)


def _twins(tracker: Tracker) -> None:
    """Two fields have one name."""
    twin_field(tracker, "Response due")


def _trashed(tracker: Tracker) -> None:
    """A field was thrown away, with its history."""
    trash_field(tracker, "Response due")


def _field_schemes(tracker: Tracker) -> None:
    """The site has field schemes, and they have nothing in them."""
    _empty(tracker)
    tracker.switches.field_schemes = True


def _team_managed(tracker: Tracker) -> None:
    """An empty site with a second desk, which is team-managed."""
    _empty(tracker)
    open_team_project(tracker, TEAM, "Team Desk")


def _restricted(tracker: Tracker) -> None:
    """Somebody has limited fields to another project or to other work types, and disabled an option."""
    open_project(tracker, OTHER, "Sales Desk")
    restrict_field(tracker, "Severity", [OTHER])
    restrict_field(tracker, "Response due", ["SUP"], (OTHER_TYPE,))
    restrict_field(tracker, "Response target", [OTHER])
    disable_option(tracker, "Support tier", "Expert")


ABOUT: Mapping[str, str] = {
    "empty": "nothing but what Jira Service Management brings",
    "half-done": "some fields, half of the severities, no screens",
    "twin-names": "two fields of one name",
    "trashed-field": "a field in the trash",
    "field-schemes": "empty, with field schemes",
    "restricted": "fields that hold in other projects or for other work types only, and a disabled option",
    "team-managed": "empty, with a second desk that is team-managed",
}
"""What each ready site is, in a few words."""
SITES: Mapping[str, Callable[[Tracker], None]] = {
    "empty": _empty,
    "half-done": _half_done,
    "twin-names": _twins,
    "trashed-field": _trashed,
    "field-schemes": _field_schemes,
    "restricted": _restricted,
    "team-managed": _team_managed,
}
"""The ready sites by name; each changes a fresh one."""


def prepare(tracker: Tracker, name: str) -> None:
    """Make a fresh site into a ready one, with an open and a done request on each desk. Raises KeyError."""
    SITES[name](tracker)
    for project in list(tracker.site.projects):
        tracker.raise_request(project=project.key, organization=12)
        done = tracker.raise_request(project=project.key, organization=12)
        tracker.transition(done, "Resolved", as_="Mia Lindqvist")


def _field(tracker: Tracker, name: str) -> Field:
    found = tracker.site.field(name)
    if found is None:
        raise LookupError(name)
    return found
