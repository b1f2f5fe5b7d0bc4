"""The doctor on a site: nothing is found on a good one, and each planted fault is found by the check of its name."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from jsm_sandbox.play.administration import (
    add_work_type,
    change_work_type,
    disable_option,
    open_project,
    open_team_project,
    restrict_field,
    trash_field,
    twin_field,
)
from jsm_sandbox.state.custom_fields import WORK_TYPE, Shape
from jsm_sla_bot.app import site_setup
from jsm_sla_bot.cli.main import command_line
from jsm_sla_bot.doctor.checks import CHECKS
from jsm_sla_bot.doctor.look import Found
from jsm_sla_bot.doctor.verdict import Grade
from jsm_sla_bot.journal.opening import open_journal
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.jsm.http.retry import Patience
from jsm_sla_bot.ports.site import SiteIdentity
from tests.scenarios.world import World

MOST_CALLS = 40
INCIDENT = "10005"
TEXT = {
    "type": "string",
    "custom": "com.atlassian.jira.plugin.system.customfieldtypes:textfield",
}

DATETIME = {
    "type": "datetime",
    "custom": "com.atlassian.jira.plugin.system.customfieldtypes:datetime",
}


@pytest.fixture
def good(desk: World) -> World:
    """Open a desk on which nothing is wrong: an open and a done request, and every organization has a tier."""
    organizations = desk.config / "organizations.yaml"
    text = organizations.read_text()
    organizations.write_text(
        f"{text}\n  - id: 19\n    name: Unmapped Ltd\n    tier: Knowledge\n"
    )
    policy = desk.config / "policy.yaml"
    text = policy.read_text()
    policy.write_text(
        text.replace(
            "  - CyberFlex\n", "  - CyberFlex\n  - Specops Password Policy\n"
        )
    )
    _requests(desk, "SUP")
    return desk


def _requests(desk: World, project: str) -> None:
    desk.tracker.raise_request(project=project, organization=12, severity=2)
    done = desk.tracker.raise_request(
        project=project, organization=12, severity=3
    )
    desk.tracker.transition(done, "Resolved", as_="Mia Lindqvist")


def examined(desk: World, **settings: str) -> Found:
    """Make every check on the desk."""
    options = HttpOptions(sleep=desk.naps.take, patience=Patience(retries=0))
    return site_setup.examined(
        desk.settings(**settings), CHECKS, lambda _: None, options, desk.hands
    )


def findings(found: Found) -> dict[str, Grade]:
    """Return the grade of each check that found something."""
    return {
        check.name: verdict.grade
        for check, verdict in found
        if verdict.is_finding
    }


def test_on_a_good_site_nothing_is_found(good: World) -> None:
    """Every check is made; what only administrators see (the trash) hides none."""
    found = examined(good)
    assert {check.name: str(verdict.grade) for check, verdict in found} == {
        check.name: "ok" for check in CHECKS
    }


def _native(desk: World, key: str) -> Any:
    """Return the clock of Jira's own, as the desk shows it."""
    return desk.request(key)["fields"]["Time to first response"]


def test_a_native_clock_that_public_notes_stop(good: World) -> None:
    """D12: the doctor warns as soon as a kind is on, and rightly: the clock takes the bot's note for an answer."""
    policy = good.config / "policy.yaml"
    policy.write_text(f"{policy.read_text()}\nnotes: {{registered: true}}\n")
    assert findings(examined(good)) == {"native-sla": Grade.WARNING}
    key = good.tracker.raise_request(organization=12, severity=2)
    assert not _native(good, key)["completedCycles"]
    good.wait(minutes=1)
    good.sweep()
    assert _native(good, key)["completedCycles"]
    assert good.shows(key, "Response SLA") == "Running"


def test_three_projects_take_forty_calls_at_most(good: World) -> None:
    """The survey reads only, and leaves portal forms out before it asks too often."""
    for key in ("OPS", "LAB"):
        open_project(good.tracker, key, key)
        _requests(good, key)
    good.forget_calls()
    found = examined(good)
    calls = good.calls()
    assert not findings(found)
    assert len(calls) <= MOST_CALLS
    reading = {"/rest/api/3/search/jql", "/rest/api/3/permissions/check"}
    assert {
        call["path"] for call in calls if call["method"] != "GET"
    } <= reading


def test_requests_of_several_work_types_are_looked_at(good: World) -> None:
    """They may have screens of their own; on a good site nothing is found, still in forty calls."""
    for key in ("OPS", "LAB"):
        open_project(good.tracker, key, key)
        _requests(good, key)
    _other_work_type(good)
    good.forget_calls()
    assert not findings(examined(good))
    calls = [each["path"] for each in good.calls()]
    assert any(each.endswith("/editmeta") for each in calls)
    assert len(calls) <= MOST_CALLS


def switched(**switches: object) -> Callable[[World], None]:
    """Return what turns switches of the sandbox."""

    def turn(desk: World) -> None:
        desk.client.put("/_sandbox/switches", json=switches).raise_for_status()

    return turn


def _reversed(desk: World) -> None:
    severity = desk.tracker.site.field("Severity")
    assert severity is not None
    desk.tracker.site.replace_field(severity, options=severity.options[::-1])


def _without_option(name: str, option: str) -> Callable[[World], None]:
    def change(desk: World) -> None:
        found = desk.tracker.site.field(name)
        assert found is not None
        kept = tuple(each for each in found.options if each.value != option)
        desk.tracker.site.replace_field(found, options=kept)

    return change


def _changed(name: str, **changes: object) -> Callable[[World], None]:
    def change(desk: World) -> None:
        found = desk.tracker.site.field(name)
        assert found is not None
        desk.tracker.site.replace_field(found, **changes)

    return change


def _edited(file: str, old: str, new: str) -> Callable[[World], None]:
    def edit(desk: World) -> None:
        path = desk.config / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return edit


def _renamed(name: str, option: str, text: str) -> Callable[[World], None]:
    def change(desk: World) -> None:
        found = desk.tracker.site.field(name)
        assert found is not None
        options = tuple(
            replace(each, value=text) if each.value == option else each
            for each in found.options
        )
        desk.tracker.site.replace_field(found, options=options)

    return change


def _renamed_status(desk: World) -> None:
    site = desk.tracker.site
    old = site.status("In progress")
    assert old is not None
    site.statuses[site.statuses.index(old)] = replace(old, name="Working")


def _without_request_type(desk: World) -> None:
    site = desk.tracker.site
    site.request_types = [
        each for each in site.request_types if each.name != "Feature request"
    ]


def _bot_alone(desk: World) -> None:
    role = desk.tracker.site.projects[0].agents_role
    role.users[:] = [desk.tracker.site.bot.account_id]
    role.groups.clear()


def _other_work_type(desk: World) -> None:
    """Let there be an older request of a work type of its own."""
    add_work_type(desk.tracker, INCIDENT, "Incident")
    older = desk.tracker.raise_request(
        organization=12, severity=2, at="2026-03-01T10:00+01:00"
    )
    change_work_type(desk.tracker, older, "Incident")


def _off_the_screen_of_incidents(desk: World) -> None:
    _other_work_type(desk)
    due = desk.tracker.site.field_id("Response due")
    desk.tracker.site.off_screen.add(f"{INCIDENT}/{due}")


def _not_for_incidents(desk: World) -> None:
    _other_work_type(desk)
    restrict_field(desk.tracker, "Severity", ["SUP"], work_types=(WORK_TYPE,))


def _app_as_agent(desk: World) -> None:
    site = desk.tracker.site
    site.projects[0].agents_role.users.append(site.automation.account_id)


def _closed_first(desk: World) -> None:
    """Close a request in a status that takes no edit; the newest done one is in another status."""
    closed = desk.tracker.raise_request(organization=12, severity=3)
    desk.tracker.transition(closed, "Closed", as_="Mia Lindqvist")
    desk.wait(minutes=5)
    resolved = desk.tracker.raise_request(organization=12, severity=3)
    desk.tracker.transition(resolved, "Resolved", as_="Mia Lindqvist")
    switched(frozen_statuses=["Closed"])(desk)


def _without_resolutions(desk: World) -> None:
    for issue in desk.tracker.issues.values():
        issue.fields["resolution"] = None


def _elsewhere(desk: World) -> None:
    """Keep the journal of another site."""
    journal = open_journal(desk.settings().journal_url)
    journal.bind(SiteIdentity("https://other.example"))
    journal.close()


def _off_the_screen(desk: World) -> None:
    desk.tracker.site.off_screen.add(
        desk.tracker.site.field_id("Response due")
    )


@dataclass(frozen=True)
class Fault:
    """Something wrong with the site, and what the doctor says: which checks, how bad, with which words."""

    plant: Callable[[World], object]
    found: Mapping[str, Grade]
    words: str
    settings: Mapping[str, str] = field(default_factory=dict)


PROBLEM, WARNING = Grade.PROBLEM, Grade.WARNING
FAULTS: Mapping[str, Fault] = {
    "no agent licence": Fault(
        switched(agent_licence=False),
        {"agent-licence": PROBLEM},
        "no agent licence",
    ),
    "an expired token that answers as to nobody": Fault(
        lambda desk: desk.goes_wrong("", "anonymous", times=0),
        {"account": PROBLEM},
        "who we are",
    ),
    "a permission withheld in the project": Fault(
        switched(withheld_permissions=["DELETE_OWN_COMMENTS"]),
        {"permissions": PROBLEM},
        "DELETE_OWN_COMMENTS",
    ),
    "a permission withheld on requests": Fault(
        switched(withheld_on_requests=["EDIT_ISSUES"]),
        {"on-a-request": PROBLEM},
        "EDIT_ISSUES",
    ),
    "roles that can't be read": Fault(
        switched(role_reading=False), {"roles": PROBLEM}, "can't be seen"
    ),
    "a role of another name": Fault(
        _edited(
            "jira.yaml", "role: Service Desk Team", "role: Service Desk Crew"
        ),
        {"roles": PROBLEM},
        "did you mean 'Service Desk Team'?",
    ),
    "a clock that is behind": Fault(
        switched(clock_skew=600.0), {"clock": WARNING}, "600 s behind"
    ),
    "a token about to end": Fault(
        lambda _: None,
        {"token": WARNING},
        "good until 2026-03-20",
        {"TOKEN_EXPIRES": "2026-03-20"},
    ),
    "two fields of one name": Fault(
        lambda desk: twin_field(desk.tracker, "Response due"),
        {"field-names": PROBLEM},
        "is the name of",
    ),
    "a field in the trash": Fault(
        lambda desk: trash_field(desk.tracker, "Response due"),
        {"field-presence": PROBLEM},
        "no field 'Response due'",
    ),
    "a field of another type": Fault(
        _changed("Response due", shape=Shape.TEXT, schema=TEXT),
        {"field-types": PROBLEM},
        "of the type textfield",
    ),
    "a field without a searcher": Fault(
        _changed("Response due", searchable=False),
        {"field-search": WARNING},
        "no searcher",
    ),
    "severities in the wrong order": Fault(
        _reversed, {"field-options": WARNING}, "not in order"
    ),
    "a severity without an option": Fault(
        _without_option("Severity", "S4 - Low"),
        {"field-options": PROBLEM},
        "no option stands for severity S4",
    ),
    "a status that the select lacks": Fault(
        _without_option("Response SLA", "Paused"),
        {"field-options": PROBLEM},
        "lacks the options 'Paused'",
    ),
    "a field that no project has": Fault(
        switched(absent_fields=["Response due"]),
        {"field-association": PROBLEM},
        "does not belong to Service request",
    ),
    "a field that is on no edit screen": Fault(
        _off_the_screen,
        {"field-editing": PROBLEM},
        "does not let 'Response due'",
    ),
    "a field that is on no edit screen of one work type": Fault(
        _off_the_screen_of_incidents,
        {"field-editing": PROBLEM},
        "SUP-3: Jira does not let 'Response due'",
    ),
    "a field that holds for one work type only": Fault(
        _not_for_incidents,
        {"field-association": PROBLEM},
        "'Severity' (customfield_10001) does not belong to Incident",
    ),
    "portal forms without a severity": Fault(
        switched(forms_lack=["Severity"]),
        {"portal-forms": WARNING},
        "does not offer 'Severity'",
    ),
    "a frozen status": Fault(
        switched(frozen_statuses=["Resolved"]),
        {"closed-editable": WARNING},
        "takes no edit",
    ),
    "an organization without a tier": Fault(
        _edited(
            "organizations.yaml",
            "  - id: 19\n    name: Unmapped Ltd\n    tier: Knowledge\n",
            "",
        ),
        {"organizations": WARNING},
        "Unmapped Ltd (19)",
    ),
    "an organization that the site lacks": Fault(
        _edited("organizations.yaml", "id: 19", "id: 190"),
        {"organizations": PROBLEM},
        "organization 190",
    ),
    "a product that the site lacks": Fault(
        _edited("policy.yaml", "  - HIAB\n", "  - HIABS\n"),
        {"products": PROBLEM},
        "did you mean 'HIAB'?",
    ),
    "a status that the site lacks": Fault(
        _edited(
            "jira.yaml",
            "acknowledged: [In progress]",
            "acknowledged: [In work]",
        ),
        {"statuses": PROBLEM},
        "no status 'In work'",
    ),
    "a request type that the site lacks": Fault(
        _edited(
            "policy.yaml", "name: Feature request", "name: Feature requests"
        ),
        {"request-types": PROBLEM},
        "did you mean 'Feature request'?",
    ),
    "an app among the agents": Fault(
        _app_as_agent, {"agents": WARNING}, "Automation for Jira"
    ),
    "a project that is not there": Fault(
        _edited("jira.yaml", "projects: []", "projects: [SUP, OLD]"),
        {"projects": PROBLEM},
        "'OLD'",
    ),
    "an option that is disabled": Fault(
        lambda desk: disable_option(desk.tracker, "Severity", "S2 - Major"),
        {"field-options": PROBLEM},
        "no option stands for severity S2",
    ),
    "a severity without any option": Fault(
        _changed("Severity", options=()),
        {"field-options": PROBLEM},
        "no option stands for severity S1, S2, S3, S4",
    ),
    "a severity that holds in another project": Fault(
        lambda desk: restrict_field(desk.tracker, "Severity", ["OPS"]),
        {"field-association": PROBLEM},
        "'Severity' (customfield_10001) does not belong",
    ),
    "a product that no project has": Fault(
        switched(absent_fields=["Product"]),
        {"field-association": WARNING},
        "'Product' (customfield_10002) does not belong",
    ),
    "a severity that no query finds": Fault(
        _changed("Severity", searchable=False),
        {"field-search": WARNING},
        "no searcher",
    ),
    "a frozen status of which there is an older request": Fault(
        _closed_first,
        {"closed-editable": WARNING},
        "a request in Closed takes no edit",
    ),
    "open requests that take no edit": Fault(
        switched(frozen_statuses=["Waiting for support"]),
        {"field-editing": PROBLEM},
        "lets none of its fields be edited",
    ),
    "forms on which nobody says that he phoned": Fault(
        switched(forms_lack=["Customer called at"]),
        {"portal-forms": WARNING},
        "customers can't say that they phoned",
    ),
    "one form of several without a product": Fault(
        switched(forms_lack=["Ask a question/Product"]),
        {"portal-forms": WARNING},
        "the form 'Ask a question' does not offer 'Product'",
    ),
    "a site without organizations": Fault(
        lambda desk: desk.tracker.site.organizations.clear(),
        {"organizations-visible": PROBLEM},
        "no organization at all",
    ),
    "a journal of another site": Fault(
        _elsewhere,
        {"journal": PROBLEM},
        "is that of https://other.example",
    ),
    "a journal where no file can be": Fault(
        lambda _: None,
        {"journal": PROBLEM},
        "takes no file",
        {"JOURNAL_URL": "sqlite:////proc/journal.db"},
    ),
    "no resolutions": Fault(
        _without_resolutions, {"resolution": WARNING}, "no done request"
    ),
    "a token without the scope for organizations": Fault(
        lambda desk: desk.goes_wrong(
            "servicedeskapi/organization", "scope", times=0
        ),
        {"scopes": PROBLEM},
        "lacks the scope",
    ),
    "a token without the scope to ask who we are": Fault(
        lambda desk: desk.goes_wrong("GET .*/myself", "scope", times=0),
        {"scopes": PROBLEM},
        "GET /rest/api/3/myself",
    ),
    "a token without any scope of the service desk": Fault(
        lambda desk: desk.goes_wrong("/servicedeskapi/", "scope", times=0),
        {"scopes": PROBLEM},
        "lacks the scope",
    ),
    "a token without the scope to look at requests": Fault(
        lambda desk: desk.goes_wrong("GET .*/editmeta", "scope", times=0),
        {"scopes": PROBLEM},
        "editmeta",
    ),
    "a token without the scope for fields": Fault(
        lambda desk: desk.goes_wrong("GET .*/field$", "scope", times=0),
        {"scopes": PROBLEM},
        "GET /rest/api/3/field",
    ),
    "an agents' role that only the bot holds": Fault(
        _bot_alone, {"roles": PROBLEM}, "no answer would acknowledge"
    ),
    "an option of another name": Fault(
        _renamed("Severity", "S1 - Critical", "Blocker"),
        {"field-options": PROBLEM},
        "the severity 'Blocker' is not in jira.yaml",
    ),
    "a status that was renamed": Fault(
        _renamed_status, {"statuses": PROBLEM}, "no status 'In progress'"
    ),
    "an organization that was deleted": Fault(
        lambda desk: desk.tracker.site.organizations.pop(),
        {"organizations": PROBLEM},
        "is not on this site",
    ),
    "a request type that was removed": Fault(
        _without_request_type,
        {"request-types": PROBLEM},
        "no project has a request type 'Feature request'",
    ),
    "a priority scheme without the highest": Fault(
        lambda desk: desk.tracker.site.projects[0].priorities.pop(0),
        {"priorities": WARNING},
        "begin with 'P2 High', and 'P1 Urgent', the site's highest",
    ),
    "a priority scheme of one": Fault(
        lambda desk: desk.tracker.site.projects[0].priorities.__delitem__(
            slice(1, None)
        ),
        {"priorities": WARNING},
        "its only priority is 'P1 Urgent'",
    ),
    "a severity field of another type": Fault(
        _changed("Severity", shape=Shape.DATETIME, schema=DATETIME),
        {"field-types": PROBLEM},
        "of the type datetime",
    ),
    "a token that every call refuses": Fault(
        lambda desk: desk.goes_wrong("", "401", times=0),
        {"account": PROBLEM},
        "who we are",
    ),
    "a token that has ended": Fault(
        lambda _: None,
        {"token": PROBLEM},
        "good until 2026-02-20",
        {"TOKEN_EXPIRES": "2026-02-20"},
    ),
    "a team-managed desk": Fault(
        lambda desk: open_team_project(desk.tracker, "TEAM", "Team Desk"),
        {"projects": WARNING},
        "TEAM is team-managed",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_by_the_check_of_its_name(
    good: World, name: str
) -> None:
    """It is said with its remedy, and no other check finds anything."""
    fault = FAULTS[name]
    fault.plant(good)
    found = examined(good, **fault.settings)
    assert findings(found) == fault.found
    said = [
        each
        for check, verdict in found
        if check.name in fault.found
        for each in verdict.details
    ]
    assert any(fault.words in each.what for each in said)
    assert all(each.remedy for each in said)


def doctor(
    desk: World, monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> Result:
    """Run the verb as ops do."""
    for name, text in desk.variables().items():
        monkeypatch.setenv(name, text)
    monkeypatch.setattr(
        "jsm_sla_bot.app.site_setup.SystemClock", lambda: desk.hands
    )
    return CliRunner().invoke(command_line("doctor"), ["doctor", *arguments])


def test_the_verb_ends_with_a_sentence(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line a check; exit code 0 on a good site, 2 with findings, which carry their remedies."""
    run = doctor(good, monkeypatch)
    assert (run.exit_code, run.stdout.splitlines()[-1]) == (
        0,
        "Nothing is wrong.",
    )
    _reversed(good)
    run = doctor(good, monkeypatch)
    assert run.exit_code == 2
    assert "provision moves them" in run.stdout
    assert "0 problems, 1 warning: " in run.stdout.splitlines()[-1]


def test_one_check_is_made_by_name_and_as_json(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A group does as well; an unknown name is one sentence with the nearest; nothing is asked for a list."""
    run = doctor(good, monkeypatch, "clock", "--json")
    assert run.exit_code == 0
    shown: dict[str, Any] = json.loads(run.stdout)
    assert [each["name"] for each in shown["checks"]] == ["clock"]
    assert shown["ok"] is True
    good.forget_calls()
    run = doctor(good, monkeypatch, "clok")
    assert run.exit_code == 1
    assert "did you mean clock?" in run.output
    run = doctor(good, monkeypatch, "--list")
    assert all(check.name in run.stdout for check in CHECKS)
    assert not good.calls()


def test_a_site_that_does_not_answer_is_exit_code_one(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could not look, and says why in one sentence."""
    good.goes_wrong("GET .*/serverInfo", "404", times=0)
    run = doctor(good, monkeypatch)
    assert run.exit_code == 1
    assert "serverInfo" in run.output


def test_every_form_of_three_projects_is_looked_at(good: World) -> None:
    """Forms come with the list of request types: a call for each desk, and not one for each form."""
    for key in ("OPS", "LAB"):
        open_project(good.tracker, key, key)
        _requests(good, key)
    switched(forms_lack=["Ask a question/Severity"])(good)
    found = examined(good)
    details = {
        check.name: verdict.details
        for check, verdict in found
        if verdict.is_finding
    }
    assert [*details] == ["portal-forms"]
    assert len(details["portal-forms"]) == 3


def test_what_can_not_be_looked_at_is_no_good_sign(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site that answers in part is exit code 1, and the closing sentence names the checks that it kept dark."""
    good.goes_wrong("GET .*/editmeta", "403", times=0)
    run = doctor(good, monkeypatch)
    assert run.exit_code == 1
    closing = run.stdout.splitlines()[-1]
    assert closing.startswith("Nothing was found, but the site did not answer")
    assert "field-editing" in closing
    run = doctor(good, monkeypatch, "--json")
    assert json.loads(run.stdout)["ok"] is False


def test_a_write_test_leaves_nothing_behind(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind of write goes well and is undone: fields, properties and comments are as before."""
    before = good.request("SUP-1")
    run = doctor(good, monkeypatch, "--write-test", "SUP-1")
    assert run.exit_code == 0, run.output
    after = good.request("SUP-1")
    for part in ("fields", "properties", "comments"):
        assert after[part] == before[part]
    good.goes_wrong("PUT .*/issue/SUP-1$", "400", times=0)
    run = doctor(good, monkeypatch, "--write-test", "SUP-1")
    assert run.exit_code == 2


PARTS = ("fields", "properties", "comments")


@pytest.mark.parametrize("kind", ["reset", "reset-after", "403"])
@pytest.mark.parametrize(
    "call",
    [
        "PUT .*/issue/SUP-1$",
        "PUT .*/properties/",
        "DELETE .*/properties/",
        "POST .*/comment",
        "GET .*/comment/",
        "DELETE .*/comment/",
    ],
)
def test_a_write_test_that_is_refused_half_way_takes_everything_back(
    good: World, call: str, kind: str
) -> None:
    """Whichever call fails once, carried out or not, the request is as before, and a refusal is a finding."""
    before = good.request("SUP-1")
    good.goes_wrong(call, kind, times=1)
    options = HttpOptions(sleep=good.naps.take)
    trials = site_setup.tried(good.settings(), "SUP-1", options)
    good.goes_well()
    has_failed = any(each.failed for each in trials)
    is_before_the_test = call == "DELETE .*/properties/"
    is_repeated = kind != "403" and not call.startswith("POST")
    assert has_failed != (is_before_the_test or is_repeated)
    after = good.request("SUP-1")
    assert [after[part] for part in PARTS] == [before[part] for part in PARTS]


def test_a_write_test_that_was_killed_is_cleared_up_by_the_next(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A property and a comment of a test that could not end are found by their words and deleted."""
    before = good.request("SUP-1")
    good.goes_wrong("DELETE ", "403", times=0)
    run = doctor(good, monkeypatch, "--write-test", "SUP-1")
    assert run.exit_code == 2
    left = good.request("SUP-1")
    assert left["properties"] != before["properties"]
    assert len(left["comments"]) == len(before["comments"]) + 1
    good.goes_well()
    good.wait(minutes=1)
    run = doctor(good, monkeypatch, "--write-test", "SUP-1")
    assert run.exit_code == 0, run.output
    after = good.request("SUP-1")
    for part in ("properties", "comments"):
        assert after[part] == before[part]


def test_a_write_test_writes_no_comment_without_a_licence(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without one every comment is public, and mails the customer: it is not tried."""
    switched(agent_licence=False)(good)
    good.forget_calls()
    run = doctor(good, monkeypatch, "--write-test", "SUP-1")
    assert run.exit_code == 2
    assert "no agent in project SUP" in run.output
    posts = [each for each in good.calls() if each["method"] == "POST"]
    assert not [each for each in posts if "comment" in each["path"]]


def test_a_clock_of_the_same_minute_is_no_finding(good: World) -> None:
    """A few seconds are no skew."""
    switched(clock_skew=20.0)(good)
    assert not findings(examined(good))
    good.hands.instant += timedelta(seconds=1)
