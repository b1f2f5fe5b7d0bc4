"""Faults that are planted on a site on which nothing else is wrong, each with what the doctor says of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from jsm_sandbox.play.administration import (
    add_context,
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
from jsm_sandbox.state.setup import Project
from jsm_sla_bot.doctor.verdict import Grade
from jsm_sla_bot.journal.opening import open_journal
from jsm_sla_bot.ports.site_identity import SiteIdentity
from tests.scenarios.world import World

INCIDENT = "10005"
TEXT = {
    "type": "string",
    "custom": "com.atlassian.jira.plugin.system.customfieldtypes:textfield",
}

DATETIME = {
    "type": "datetime",
    "custom": "com.atlassian.jira.plugin.system.customfieldtypes:datetime",
}


def raise_requests(desk: World, project: str) -> None:
    """Raise an open and a done request, with a severity."""
    desk.tracker.raise_request(project=project, organization=12, severity=2)
    done = desk.tracker.raise_request(
        project=project, organization=12, severity=3
    )
    desk.tracker.transition(done, "Resolved", as_="Mia Lindqvist")


def switched(**switches: object) -> Callable[[World], None]:
    """Return what turns switches of the sandbox."""

    def turn(desk: World) -> None:
        desk.client.put("/_sandbox/switches", json=switches).raise_for_status()

    return turn


def put_in_reverse(desk: World) -> None:
    """Put the severest option of the severity last."""
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


def other_work_type(desk: World) -> None:
    """Let there be an older request of a work type of its own."""
    add_work_type(desk.tracker, INCIDENT, "Incident")
    older = desk.tracker.raise_request(
        organization=12, severity=2, at="2026-03-01T10:00+01:00"
    )
    change_work_type(desk.tracker, older, "Incident")


def _off_the_screen_of_incidents(desk: World) -> None:
    other_work_type(desk)
    due = desk.tracker.site.field_id("Response due")
    desk.tracker.site.off_screen.add(f"{INCIDENT}/{due}")


def _off_the_screen_of_rare_ones(desk: World) -> None:
    """Let a field be off the screen of a work type of which the newest hundred requests hold none."""
    _off_the_screen_of_incidents(desk)
    for _ in range(100):
        desk.tracker.raise_request(organization=12, severity=3)


def _off_the_screen_of_the_sixth(desk: World) -> None:
    """Let a field be off the screen of the oldest of six work types."""
    _off_the_screen_of_incidents(desk)
    for number in range(5):
        name = f"Kind {number}"
        add_work_type(desk.tracker, str(20000 + number), name)
        key = desk.tracker.raise_request(organization=12, severity=3)
        change_work_type(desk.tracker, key, name)


def _without_escalation(desk: World) -> None:
    """Let the workflow lead to Escalated only from where somebody has taken a request up."""
    site = desk.tracker.site
    site.transitions = [
        replace(each, sources=("In progress",))
        if each.target == "Escalated"
        else each
        for each in site.transitions
    ]


def _not_for_incidents(desk: World) -> None:
    other_work_type(desk)
    restrict_field(desk.tracker, "Severity", ["SUP"], work_types=(WORK_TYPE,))


def _restricted_by_the_scheme(desk: World) -> None:
    """Let a field scheme have a field for incidents only."""
    other_work_type(desk)
    switched(field_schemes=True)(desk)
    due = desk.tracker.site.field_id("Response due")
    desk.tracker.layout.field_schemes[0].restricted[due] = [INCIDENT]


def _second(desk: World) -> Project:
    made = open_project(desk.tracker, "OPS", "Operations")
    raise_requests(desk, "OPS")
    return made


def _no_agent_there(desk: World) -> None:
    bot = desk.tracker.site.bot.account_id
    _second(desk).agents_role.users.remove(bot)


def _low_priorities_there(desk: World) -> None:
    del _second(desk).priorities[0]


def _out_of_order_there(desk: World) -> None:
    _second(desk)
    labels = ["S1 - Critical", "S3 - Medium", "S2 - Major", "S4 - Low"]
    add_context(desk.tracker, "Severity", "OPS", labels)


def _role_of_an_empty_group(desk: World) -> None:
    site = desk.tracker.site
    role = site.projects[0].agents_role
    role.users.clear()
    site.groups[0] = replace(site.groups[0], members=(site.bot.account_id,))
    role.groups[:] = [site.groups[0].name]


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


def _without_a_secret(desk: World) -> None:
    (desk.config / "notify.yaml").write_text(
        "channels:\n  chat:\n    slack: {channel: C1, token_file: /no/such/file}\n"
        "routes:\n  - {to: [chat]}\n",
        "utf-8",
    )


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
    "a clock that is ahead": Fault(
        switched(clock_skew=-600.0), {"clock": WARNING}, "600 s ahead of"
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
        put_in_reverse, {"field-options": WARNING}, "not in order"
    ),
    "a severity without an option": Fault(
        _without_option("Severity", "S4 - Low"),
        {"field-options": PROBLEM},
        "no option stands for severity S4",
    ),
    "a status that the select lacks": Fault(
        _without_option("Response SLA", "Paused"),
        {"field-options": PROBLEM},
        "lacks 'Paused'",
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
    "a field that is on no edit screen of a rare work type": Fault(
        _off_the_screen_of_rare_ones,
        {"field-editing": PROBLEM},
        "SUP-3: Jira does not let 'Response due'",
    ),
    "a field that is on no edit screen of one of many work types": Fault(
        _off_the_screen_of_the_sixth,
        {"field-editing": PROBLEM},
        "SUP-3: Jira does not let 'Response due'",
    ),
    "a workflow that does not lead to the escalation status": Fault(
        _without_escalation,
        {"escalation": WARNING},
        "offers no transition from Waiting for support to Escalated",
    ),
    "a field that holds for one work type only": Fault(
        _not_for_incidents,
        {"field-association": PROBLEM},
        "'Severity' (customfield_10001) does not belong to Incident",
    ),
    "a field scheme that has a field for one work type only": Fault(
        _restricted_by_the_scheme,
        {"field-association": PROBLEM},
        "'Response due' (customfield_10009) does not belong to Service request",
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
    "a channel without its secret": Fault(
        _without_a_secret,
        {"notifiers": PROBLEM},
        "channel chat: the secret's file /no/such/file can't be read",
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
    "an agents' role that a group holds which has only the bot": Fault(
        _role_of_an_empty_group,
        {"roles": PROBLEM},
        "no answer would acknowledge",
    ),
    "no agent in one of two projects": Fault(
        _no_agent_there,
        {"agent-licence": PROBLEM},
        "project OPS: our account has no agent licence",
    ),
    "a priority scheme of one of two projects": Fault(
        _low_priorities_there,
        {"priorities": WARNING},
        "project OPS: its priorities begin with 'P2 High'",
    ),
    "options in the wrong order in one of two projects": Fault(
        _out_of_order_there,
        {"field-options": WARNING},
        "project OPS: the severities are not in order",
    ),
    "the only project misspelt": Fault(
        _edited("jira.yaml", "projects: []", "projects: [SUPP]"),
        {"projects": PROBLEM},
        "no project 'SUPP'",
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
