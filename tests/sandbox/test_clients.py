"""Two clients that know nothing of this sandbox, as they come from the package index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from atlassian import Jira, ServiceDesk
from jira import JIRA

from tests.sandbox.callers import Site

MAIL, TOKEN = "bot@example.com", "sandbox"
MANY = 130


@pytest.fixture
def keys(site: Site) -> list[str]:
    """Raise more requests than one page holds."""
    return [
        site.tracker.raise_request(f"No. {n}", organization=12)
        for n in range(MANY)
    ]


@pytest.fixture
def jira(site: Site) -> Iterator[JIRA]:
    """Connect with pycontribs' jira."""
    client = JIRA(server=site.url, basic_auth=(MAIL, TOKEN), max_retries=0)
    yield client
    client.close()  # type: ignore[no-untyped-call]


@pytest.fixture
def atlassian(site: Site) -> Iterator[Any]:
    """Connect with atlassian-python-api."""
    client: Any = Jira(url=site.url, username=MAIL, password=TOKEN, cloud=True)
    yield client
    client.close()


def test_jira_searches_all_pages(jira: JIRA, keys: list[str]) -> None:
    """It follows the tokens to the end and sees every request once."""
    found = jira.enhanced_search_issues(
        "project = SUP ORDER BY key ASC", maxResults=0, fields=["summary"]
    )
    assert [each.key for each in found] == keys
    assert found[0].fields.summary == "No. 0"


def test_jira_edits_comments_and_transitions(
    jira: JIRA, site: Site, key: str
) -> None:
    """It reads a request, edits it, comments and moves it on."""
    issue = jira.issue(key)
    issue.update(fields={"labels": ["seen"]})
    jira.add_comment(key, "Said by a client")
    ways = {each["name"]: each["id"] for each in jira.transitions(key)}
    jira.transition_issue(key, ways["Start work"])
    again = jira.issue(key)
    assert (again.fields.labels, again.fields.status.name) == (
        ["seen"],
        "In progress",
    )
    assert [each.body for each in jira.comments(key)] == ["Said by a client"]
    assert [each.author.name for each in site.tracker.issue(key).comments] == [
        "SLA Bot"
    ]


def test_jira_knows_the_site(jira: JIRA) -> None:
    """It finds the fields, the projects, the desks and who it is."""
    assert jira.myself()["displayName"] == "SLA Bot"
    assert "Severity" in {each["name"] for each in jira.fields()}
    assert [each.key for each in jira.projects()] == ["SUP"]
    assert [each.projectKey for each in jira.service_desks()] == ["SUP"]


def test_atlassian_searches_all_pages(atlassian: Any, keys: list[str]) -> None:
    """It follows the tokens to the end and sees every request once."""
    found: list[dict[str, Any]] = atlassian.enhanced_jql_get_list_of_tickets(
        "project = SUP ORDER BY key ASC"
    )
    assert [each["key"] for each in found] == keys


def test_atlassian_edits_comments_and_transitions(
    atlassian: Any, site: Site, key: str
) -> None:
    """It reads a request, edits it, comments and moves it on."""
    atlassian.update_issue_field(key, {"labels": ["seen"]})
    atlassian.issue_add_comment(key, "Said by a client")
    atlassian.set_issue_status(key, "In progress")
    fields = atlassian.issue(key)["fields"]
    assert (fields["labels"], fields["status"]["name"]) == (
        ["seen"],
        "In progress",
    )
    assert [
        each["body"] for each in atlassian.issue_get_comments(key)["comments"]
    ] == ["Said by a client"]
    assert len(site.tracker.issue(key).comments) == 1


def test_atlassian_lists_organizations(site: Site) -> None:
    """Its service desk client lists the organisations and what a customer's request shows."""
    desk: Any = ServiceDesk(
        url=site.url, username=MAIL, password=TOKEN, cloud=True
    )
    listed = desk.get_organisations(start=0, limit=50)["values"]
    assert [each["name"] for each in listed][:2] == [
        "Nordbank AB",
        "Acme Industries",
    ]
    assert [each["projectKey"] for each in desk.get_service_desks()] == ["SUP"]
    desk.close()
