from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from jsm_sandbox.http.listener import running
from jsm_sandbox.play.board import queue, state
from jsm_sandbox.play.export_file import LoadError, issues_in, load
from jsm_sandbox.play.tracker import Tracker
from tests.sandbox.callers import API, SHARED, Clock, Site

SAMPLES = (
    sorted((SHARED / "samples").rglob("*.json")) if SHARED.is_dir() else []
)
NOTE = {
    "id": "5",
    "body": "hi",
    "jsdPublic": False,
    "author": {"accountId": "x:2"},
}
RAISED = {
    "field": "Severity",
    "fieldId": "customfield_20500",
    "toString": "S1 - Critical",
}
SEARCH = {
    "issues": [
        {
            "id": "70001",
            "key": "HELP-7",
            "fields": {
                "summary": "From elsewhere",
                "created": "2026-02-01T10:00:00.000+0200",
                "updated": "2026-02-02T10:00:00.000+0200",
                "project": {"id": "555", "key": "HELP", "name": "Help"},
                "status": {
                    "id": "3",
                    "name": "In progress",
                    "statusCategory": {"key": "indeterminate"},
                },
                "priority": {"id": "1", "name": "Blocker"},
                "reporter": {
                    "accountId": "x:1",
                    "displayName": "Zoe",
                    "accountType": "customer",
                },
                "customfield_10001": {"odd": ["thing"]},
                "customfield_20500": {"id": "9", "value": "S1 - Critical"},
                "customfield_20501": [{"id": "77", "name": "Far Away Inc"}],
                "comment": {
                    "comments": [
                        {
                            "id": "5",
                            "body": "hi",
                            "jsdPublic": False,
                            "author": {"accountId": "x:2"},
                        }
                    ]
                },
            },
            "changelog": {
                "histories": [
                    {
                        "id": "31",
                        "created": "2026-02-01T11:00:00.000+0200",
                        "items": [
                            {
                                "field": "Severity",
                                "fieldId": "customfield_20500",
                                "toString": "S1 - Critical",
                            }
                        ],
                    }
                ]
            },
        }
    ],
    "names": {
        "customfield_20500": "Severity",
        "customfield_20501": "Organisationen",
    },
    "schema": {
        "customfield_20501": {
            "type": "array",
            "custom": "com.atlassian.servicedesk:sd-customer-organizations",
        }
    },
}


@pytest.fixture
def loaded(tmp_path: Path, clock: Clock) -> Tracker:
    """Load a search answer of another site."""
    file = tmp_path / "search.json"
    file.write_text(json.dumps(SEARCH), encoding="utf-8")
    tracker = Tracker(now=clock)
    assert load(tracker, file).count == 1
    return tracker


def test_fields_are_served_as_they_were(loaded: Tracker, clock: Clock) -> None:
    """What the file holds comes back unread, and the site knows its project, people and statuses."""
    with running(loaded) as url:
        site = Site(url, loaded, clock)
        shown = site.issue("HELP-7")["fields"]
        assert shown["customfield_10001"] == {"odd": ["thing"]}
        assert shown["created"] == "2026-02-01T10:00:00.000+0200"
        assert site.keys(
            "project = HELP AND status = 'In progress' AND created >= '2026-02-01 03:00'"
        ) == ["HELP-7"]
        assert site.bot.get(f"{API}/project/HELP").json()["id"] == "555"
        comments = site.bot.get(f"{API}/issue/HELP-7/comment").json()[
            "comments"
        ]
        assert comments == [NOTE]
        assert (
            len(site.bot.get(f"{API}/issue/HELP-7/changelog").json()["values"])
            == 1
        )
        site.bot.close()


def test_standard_fields_take_the_files_ids(loaded: Tracker) -> None:
    """A field of a known name, or of a telling type, becomes the standard one; where ids clash it moves."""
    site = loaded.site
    assert site.field_id("Severity") == "customfield_20500"
    assert site.field_id("Organizations") == "customfield_20501"
    severity = site.field("Severity")
    assert severity is not None
    assert {each.value: each.id for each in severity.options}[
        "S1 - Critical"
    ] == "9"
    assert site.field_id("Response due") == "customfield_10009"
    assert len({each.id for each in site.fields}) == len(site.fields)
    found = site.organization(77)
    assert found is not None
    assert found.name == "Far Away Inc"


def test_a_loaded_request_can_be_worked_on(loaded: Tracker) -> None:
    """Edits, notes and transitions work on it as on any other, and its priority stays on offer."""
    loaded.set_field("HELP-7", "Response SLA", "Running", as_="SLA Bot")
    loaded.set_field("HELP-7", "priority", "P1 Urgent", as_="SLA Bot")
    loaded.set_field("HELP-7", "priority", "Blocker", as_="SLA Bot")
    loaded.note("HELP-7", "seen", as_="SLA Bot")
    loaded.transition("HELP-7", "Escalated", as_="Mia Lindqvist")
    issue = loaded.issue("HELP-7")
    assert issue.status_name == "Escalated"
    assert len(issue.comments) == 2
    assert loaded.raise_request("Next", project="HELP") == "HELP-8"


TRIMMED = [
    (
        {"name": "To Do"},
        {},
        "indeterminate",
        "status 'To Do' without a category, taken as open",
    ),
    (
        {"name": "Closed"},
        {},
        "done",
        "status 'Closed' without a category, taken as done",
    ),
    (
        {"name": "Shipped"},
        {"resolution": {"name": "Fixed"}},
        "done",
        "status 'Shipped' without a category, taken as done",
    ),
    (
        {"id": "10002", "name": "Parked"},
        {},
        "indeterminate",
        "status 'Parked' without a category, taken as open",
    ),
    ({"name": "Held", "statusCategory": {"key": "new"}}, {}, "new", ""),
]


@pytest.mark.off_contract
@pytest.mark.parametrize(("status", "more", "category", "remark"), TRIMMED)
def test_a_status_without_a_category(
    site: Site,
    tmp_path: Path,
    status: dict[str, Any],
    more: dict[str, Any],
    category: str,
    remark: str,
) -> None:
    """It gets the one of the site's own status of that name, else by the resolution, and that is said."""
    names = [each.name for each in site.tracker.site.statuses]
    fields = {
        "created": "2026-02-01T10:00:00.000+0200",
        "status": status,
        **more,
    }
    file = tmp_path / "trimmed.json"
    file.write_text(
        json.dumps([{"key": "TEST-1", "fields": fields}]), encoding="utf-8"
    )
    assert load(site.tracker, file).remarks == ((remark,) if remark else ())
    shown = site.issue("TEST-1")["fields"]["status"]
    assert (shown["name"], shown["statusCategory"]["key"]) == (
        status["name"],
        category,
    )
    is_open = category != "done"
    assert (
        site.keys("project = TEST AND statusCategory != Done")
        == ["TEST-1"] * is_open
    )
    statuses = site.tracker.site.statuses
    assert {each.name for each in statuses} == {*names, status["name"]}
    assert len({each.id for each in statuses}) == len(statuses)


def test_a_request_without_created_is_said(site: Site, tmp_path: Path) -> None:
    """It counts as raised now: how many there are is said."""
    file = tmp_path / "undated.json"
    file.write_text(
        json.dumps(
            [{"id": str(n), "key": f"TEST-{n}", "fields": {}} for n in (1, 2)]
        ),
        encoding="utf-8",
    )
    assert load(site.tracker, file).remarks == (
        "without `created`, taken as raised now: 2",
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[]", "there are no issues in it"),
        ("{}", "there are no issues in it"),
        ('{"issues": []}', "there are no issues in it"),
        ('{"issues": {"a": 1}}', "there are no issues in it"),
        ("7", "there are no issues in it"),
        ("null", "there are no issues in it"),
    ],
)
def test_a_file_without_issues(
    tmp_path: Path, tracker: Tracker, text: str, says: str
) -> None:
    """A file that holds no issues is refused in one sentence that names it."""
    file = tmp_path / "file.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LoadError, match=says):
        load(tracker, file)
    with pytest.raises(LoadError, match="cannot be read"):
        load(tracker, tmp_path / "missing.json")


@pytest.mark.off_contract
@pytest.mark.parametrize(
    "raw",
    [
        {"fields": {}},
        {
            "id": 7,
            "fields": {
                "status": "open",
                "created": 5,
                "priority": [],
                "project": "X",
                "comment": [],
            },
        },
        {
            "id": "x",
            "key": 9,
            "fields": {
                "reporter": 3,
                "created": "soon",
                "comment": {"comments": [1]},
            },
        },
        {"key": "A-1", "id": "1", "fields": None},
        {
            "key": "A-1",
            "fields": {
                "status": {"name": "Odd"},
                "customfield_abc": 1,
                "customfield_10004": "none",
            },
        },
        {
            "fields": {
                "comment": {
                    "comments": [
                        {"author": 1, "created": {}, "properties": [{}, 3]}
                    ]
                }
            }
        },
        {
            "fields": {},
            "changelog": {"histories": [{"items": [{"from": 3}, 9]}, 4]},
            "names": 3,
            "schema": [],
        },
        {
            "fields": {
                "labels": None,
                "summary": None,
                "project": {"key": "B C", "id": "ten"},
            },
            "properties": [1],
        },
        {
            "fields": {
                "updated": 1e300,
                "created": -1,
                "description": {"type": "doc", "content": [None, 3]},
            }
        },
    ],
)
def test_odd_issues_are_borne(
    site: Site, tmp_path: Path, raw: dict[str, Any]
) -> None:
    """Nothing that a file leaves out or garbles keeps the rest from being served."""
    file = tmp_path / "odd.json"
    file.write_text(json.dumps([raw, raw]), encoding="utf-8")
    assert load(site.tracker, file).count == 2
    _goes_round(site)


def _goes_round(site: Site) -> None:
    """Read everything there is to read, in every way there is."""
    json.dumps([state(site.tracker), queue(site.tracker)])
    for key in [each.key for each in site.tracker.issues.values()]:
        for path in (
            "",
            "/comment?expand=properties",
            "/changelog",
            "/transitions",
            "/editmeta",
            "/properties",
        ):
            answer = site.bot.get(f"{API}/issue/{key}{path}")
            assert answer.status_code == 200, answer.text
        for path in ("", "/comment", "/participant", "/sla"):
            assert (
                site.bot.get(
                    f"/rest/servicedeskapi/request/{key}{path}"
                ).status_code
                == 200
            )
        assert (
            site.edit(
                key,
                {
                    "fields": {
                        site.field_id("Response SLA"): {"value": "Running"}
                    }
                },
            ).status_code
            == 204
        )
    projects = " , ".join(
        f'"{each.key}"' for each in site.tracker.site.projects
    )
    found = site.search(
        f"project in ({projects}) ORDER BY updated, priority, status",
        fields=["*all"],
        expand="changelog",
    )
    assert len(found["issues"]) == len(site.tracker.issues)
    keys = [each["key"] for each in found["issues"]]
    assert (
        site.bot.post(
            f"{API}/changelog/bulkfetch", json={"issueIdsOrKeys": keys}
        ).status_code
        == 200
    )
    assert site.bot.get(f"{API}/field").status_code == 200


@pytest.mark.skipif(
    not SAMPLES,
    reason="../shared/samples is not here: real wire samples are not part of the project",
)
@pytest.mark.parametrize("file", SAMPLES, ids=[each.stem for each in SAMPLES])
def test_real_samples_are_borne(site: Site, file: Path) -> None:
    """Every real file either has issues, which are then served, or is refused in a sentence."""
    if not _has_issues(file):
        with pytest.raises(LoadError, match=re.escape(str(file))):
            load(site.tracker, file)
        return
    assert load(site.tracker, file).count == len(site.tracker.issues)
    before = {
        each.id: dict(each.fields) for each in site.tracker.issues.values()
    }
    for number, fields in before.items():
        shown = site.bot.get(f"{API}/issue/{number}").json()["fields"]
        kept = {
            name: value for name, value in fields.items() if name != "comment"
        }
        assert {name: shown[name] for name in kept} == kept
    _goes_round(site)


def _has_issues(file: Path) -> bool:
    try:
        return bool(issues_in(json.loads(file.read_text(encoding="utf-8"))))
    except ValueError:
        return False


def test_where_issues_are_looked_for() -> None:
    """A search answer, a list and a single issue are all taken; what is no issue is passed over."""
    issue = {"id": "1", "key": "A-1", "fields": {}}
    assert issues_in({"issues": [issue, 3, {}]}) == [issue]
    assert issues_in([issue]) == [issue]
    assert issues_in(issue) == [issue]
    assert issues_in({"key": "not an issue"}) == []
