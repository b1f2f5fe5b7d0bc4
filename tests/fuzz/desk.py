"""A small desk that a bot has worked on, as the site's own answers tell of it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jsm_sla_bot.daemon.configuration import rules_of
from jsm_sla_bot.jsm.decode.request import (
    PROPERTIES,
    Past,
    Project,
    Site,
    head,
    sighting,
)
from jsm_sla_bot.jsm.json_values import rows
from jsm_sla_bot.jsm.metadata import Directory
from jsm_sla_bot.passes.planner import Planned, Rules, planned
from jsm_sla_bot.ports.site import SetAside, Sighting
from tests.scenarios.world import World, world

AGENT = "Mia Lindqvist"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the site answers about one request."""

    issue: Any
    changes: Any
    comments: Any


@dataclass(frozen=True, slots=True)
class Desk:
    """The site's answers by what the request has been through, and what is needed to read them."""

    answers: Mapping[str, Answers]
    site: Site
    project: Project
    directory: Directory
    rules: Rules
    now: datetime

    def read(self, one: Answers) -> Sighting:
        """Read a request. Raises UnreadableError, and should raise nothing else."""
        past = Past(rows(one.changes), rows(one.comments))
        return sighting(head(one.issue), past, self.site, self.project)

    def planned(self, one: Sighting) -> Planned | SetAside:
        """Plan a request as of now."""
        return planned(one, self.rules, self.now)


@contextmanager
def worked_on(folder: Path) -> Iterator[Desk]:
    """Let a bot work on requests of all kinds, and take down what the site tells of them."""
    with world(folder) as opened:
        keys = _lived(opened)
        with opened.bot() as made:
            made.reconciler.sweep()
            directory = made.connection.directory
            site = directory.site()
            answers = _asked(
                opened, keys, site.fields.to_read(), site.fields.to_follow()
            )
            some = next(iter(answers.values())).issue
            project = some["fields"]["project"]
            read = directory.project(project["key"], project["id"], some["id"])
            rules = rules_of(made.configuration)
            now = opened.hands.now()
            yield Desk(answers, site, read, directory, rules, now)


def _lived(desk: World) -> dict[str, str]:
    """Raise requests and let people and the bot act on them."""
    tracker = desk.tracker
    keys = {
        "escalated": tracker.raise_request(organization=12, severity=1),
        "flagged": tracker.raise_request(organization=None, severity=2),
        "answered": tracker.raise_request(organization=11, severity=2),
        "called": tracker.raise_request(
            organization=12, severity=1, product="Outscan NX"
        ),
        "closed": tracker.raise_request(organization=13, severity=4),
        "running": tracker.raise_request(organization=13, severity=4),
    }
    desk.sweep()
    desk.wait(minutes=10)
    tracker.comment(keys["answered"], "On it.", as_=AGENT)
    called = (
        desk.hands.now()
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "+0000")
    )
    tracker.set_field(keys["called"], "Customer called at", called, as_=AGENT)
    tracker.set_field(keys["running"], "Severity", 3, as_=AGENT)
    tracker.transition(keys["closed"], "Closed", as_=AGENT)
    desk.sweep()
    desk.wait(days=2)
    desk.sweep()
    desk.wait(minutes=1)
    tracker.set_field(keys["escalated"], "priority", "P3 Normal", as_=AGENT)
    tracker.transition(keys["escalated"], "Waiting for customer", as_=AGENT)
    return keys


def _asked(
    desk: World,
    keys: Mapping[str, str],
    read: Sequence[str],
    follow: Sequence[str],
) -> dict[str, Answers]:
    client = desk.client
    client.auth = ("bot@example.com", "sandbox")
    ids = {kind: str(desk.tracker.issue(key).id) for kind, key in keys.items()}
    wanted = {
        "issueIdsOrKeys": list(ids.values()),
        "fields": list(read),
        "properties": list(PROPERTIES),
    }
    issues = client.post("/rest/api/3/issue/bulkfetch", json=wanted).json()[
        "issues"
    ]
    by_id = {one["id"]: one for one in issues}
    wanted = {"issueIdsOrKeys": list(ids.values()), "fieldIds": list(follow)}
    logs = client.post("/rest/api/3/changelog/bulkfetch", json=wanted).json()
    histories = {
        one["issueId"]: one["changeHistories"]
        for one in logs["issueChangeLogs"]
    }
    return {
        kind: Answers(
            by_id[one],
            histories.get(one, []),
            by_id[one]["fields"]["comment"]["comments"],
        )
        for kind, one in ids.items()
    }
