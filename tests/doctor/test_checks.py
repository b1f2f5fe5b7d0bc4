"""The doctor's checks: each fault is found by the check of its name, and by no other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest

from jsm_sla_bot.doctor.checks import (
    CHECKS,
    by_name,
    cheap,
    examined,
    names,
    parts_of,
)
from jsm_sla_bot.doctor.examination import Examination, Operation
from jsm_sla_bot.doctor.rights import ASKED, NEEDED
from jsm_sla_bot.doctor.verdict import Grade
from jsm_sla_bot.ports.survey import (
    Credential,
    FieldFacts,
    OrganizationFacts,
    Part,
    Person,
    RequestsFacts,
    StatusFacts,
    TransitionFacts,
    Unread,
)
from tests.doctor import scene

BROUGHT = ("sd-customer-organizations", "vp-origin", "sd-request-participants")
"""The types of fields that a service desk brings with itself."""
REFUSED = Unread("no scope", lacks_scope=True)
SECRET = Unread("our account may not do that (403)", is_forbidden=True)


def findings(seen: Examination) -> dict[str, Grade]:
    """Return the grade of each check that found something."""
    return {
        check.name: verdict.grade
        for check, verdict in examined(CHECKS, seen)
        if verdict.is_finding
    }


def with_field(name: str, **changes: Any) -> Sequence[FieldFacts]:
    """Return the good site's fields, the one of that name changed."""
    return [
        replace(each, **changes) if each.name == name else each
        for each in scene.FIELDS
    ]


def without(name: str) -> Sequence[FieldFacts]:
    """Return the good site's fields without the one of that name."""
    return [each for each in scene.FIELDS if each.name != name]


def seen_requests(**changes: Any) -> RequestsFacts:
    """Return the good site's requests, the open one changed."""
    good = scene.good_survey().requests
    assert isinstance(good, RequestsFacts)
    return replace(good, open={"SUP": scene.a_request("SUP-1", **changes)})


def with_moves(**changes: Any) -> RequestsFacts:
    """Return the good site's requests, what one offers changed."""
    found = scene.good_survey().requests
    assert isinstance(found, RequestsFacts)
    return replace(found, moves=[scene.moves(**changes)])


@dataclass(frozen=True)
class Fault:
    """A fault, and what the doctor says to it: which check, how bad, with which words."""

    check: str
    grade: Grade
    words: str
    changes: Mapping[str, Any] = field(default_factory=dict)


PROBLEM, WARNING = Grade.PROBLEM, Grade.WARNING
FAULTS = {
    "data center": Fault(
        "site",
        PROBLEM,
        "Jira Server",
        {"site": replace(scene.SITE, deployment="Server")},
    ),
    "taken for nobody": Fault(
        "account",
        PROBLEM,
        "takes us for nobody",
        {"account": replace(scene.ACCOUNT, id=None)},
    ),
    "an account that is not active": Fault(
        "account",
        PROBLEM,
        "not active",
        {"account": replace(scene.ACCOUNT, is_active=False)},
    ),
    "a customer's account": Fault(
        "account",
        PROBLEM,
        "customer's account",
        {"account": replace(scene.ACCOUNT, kind="customer")},
    ),
    "a token about to end": Fault(
        "token",
        WARNING,
        "good until 2026-03-12",
        {"account": replace(scene.ACCOUNT, expires=date(2026, 3, 12))},
    ),
    "a token that has ended": Fault(
        "token",
        PROBLEM,
        "good until 2026-03-01",
        {"account": replace(scene.ACCOUNT, expires=date(2026, 3, 1))},
    ),
    "a clock that is behind": Fault(
        "clock",
        WARNING,
        "600 s behind",
        {
            "site": replace(
                scene.SITE, server_time=scene.NOW + timedelta(seconds=600)
            )
        },
    ),
    "a project that is not there": Fault(
        "projects", PROBLEM, "'OLD'", {"unseen_projects": ["OLD"]}
    ),
    "no agent licence": Fault(
        "agent-licence",
        PROBLEM,
        "no agent licence",
        {"queues": {"SUP": False}},
    ),
    "a permission that is missing": Fault(
        "permissions",
        PROBLEM,
        "EDIT_ISSUES",
        {
            "permissions": {
                **dict.fromkeys(NEEDED, frozenset({"10000"})),
                "EDIT_ISSUES": frozenset(),
            }
        },
    ),
    "a permission that one request withholds": Fault(
        "on-a-request",
        PROBLEM,
        "EDIT_ISSUES",
        {
            "requests": seen_requests(
                permissions=frozenset(NEEDED) - {"EDIT_ISSUES"}
            )
        },
    ),
    "a role of another name": Fault(
        "roles",
        PROBLEM,
        "did you mean 'Service Desk Teams'?",
        {"roles": {"SUP": {"Service Desk Teams": [Person("1", "Mia")]}}},
    ),
    "a role that nobody holds": Fault(
        "roles",
        PROBLEM,
        "nobody holds",
        {"roles": {"SUP": {"Service Desk Team": []}}},
    ),
    "a role that can't be read": Fault(
        "roles", PROBLEM, "can't be seen", {"roles": {"SUP": SECRET}}
    ),
    "a field that is missing": Fault(
        "field-presence",
        PROBLEM,
        "there is no field 'Response due'",
        {"fields": without("Response due")},
    ),
    "a field in the trash": Fault(
        "field-presence",
        PROBLEM,
        "is in the trash",
        {
            "fields": without("Response due"),
            "trash": [scene.field(8, "Response due", "datetime")],
        },
    ),
    "two fields of one name": Fault(
        "field-names",
        PROBLEM,
        "customfield_8, customfield_80",
        {
            "fields": [
                *scene.FIELDS,
                scene.field(80, "Response due", "datetime"),
            ]
        },
    ),
    "a field of the wrong type": Fault(
        "field-types",
        PROBLEM,
        "of the type textfield",
        {"fields": with_field("Response due", type="textfield")},
    ),
    "a field without a searcher": Fault(
        "field-search",
        WARNING,
        "no searcher",
        {"fields": with_field("Response due", is_searchable=False)},
    ),
    "a field on no screen": Fault(
        "field-screens",
        WARNING,
        "on no screen",
        {"fields": with_field("Response due", screens=0)},
    ),
    "a severity that jira.yaml lacks": Fault(
        "field-options",
        PROBLEM,
        "'S0 - Panic'",
        {
            "requests": seen_requests(
                settable=scene.meta(
                    customfield_1=("S0 - Panic", *scene.SEVERITIES)
                )
            )
        },
    ),
    "severities in the wrong order": Fault(
        "field-options",
        WARNING,
        "not in order",
        {
            "requests": seen_requests(
                settable=scene.meta(customfield_1=scene.SEVERITIES[::-1])
            )
        },
    ),
    "a status that the select lacks": Fault(
        "field-options",
        PROBLEM,
        "lacks 'Paused'",
        {
            "requests": seen_requests(
                settable=scene.meta(
                    customfield_9=[
                        each
                        for each in scene.options()["customfield_9"]
                        if each != "Paused"
                    ]
                )
            )
        },
    ),
    "a field outside of the scheme": Fault(
        "field-association",
        PROBLEM,
        "does not belong to Incident",
        {
            "available": {
                "SUP": {
                    "1": frozenset(
                        each.id
                        for each in scene.FIELDS
                        if each.name != "Response due"
                    )
                }
            }
        },
    ),
    "a field that can't be edited": Fault(
        "field-editing",
        PROBLEM,
        "does not let 'Response due'",
        {
            "requests": seen_requests(
                settable={
                    name: each
                    for name, each in scene.meta().items()
                    if name != "customfield_8"
                }
            )
        },
    ),
    "a form without a severity": Fault(
        "portal-forms",
        WARNING,
        "does not offer 'Severity'",
        {
            "forms": {
                "SUP": [
                    scene.form("Ask", "customfield_2", "customfield_3"),
                    scene.form("Feature request", "summary"),
                ]
            }
        },
    ),
    "organizations that can't be seen": Fault(
        "organizations-visible",
        PROBLEM,
        "can't see",
        {"organizations": SECRET},
    ),
    "no priority to raise": Fault(
        "priorities",
        WARNING,
        "offers no priorities",
        {"requests": seen_requests(settable=scene.meta(priority=()))},
    ),
    "a frozen Closed": Fault(
        "closed-editable",
        WARNING,
        "takes no edit",
        {
            "requests": replace(
                seen_requests(),
                done={
                    "SUP": scene.a_request("SUP-2", is_done=True, settable={})
                },
            )
        },
    ),
    "no resolution": Fault(
        "resolution",
        WARNING,
        "no done request",
        {"requests": replace(seen_requests(), resolved={"SUP": False})},
    ),
    "an organization without a tier": Fault(
        "organizations",
        WARNING,
        "Nobody's Ltd (99)",
        {
            "organizations": [
                *scene.good_survey().organizations,  # type: ignore[misc]
                OrganizationFacts("99", "Nobody's Ltd"),
            ]
        },
    ),
    "an organization that the site lacks": Fault(
        "organizations",
        PROBLEM,
        "organization 11 (Nordbank AB)",
        {
            "organizations": [
                each
                for each in scene.good_survey().organizations  # type: ignore[union-attr]
                if each.id != "11"
            ]
        },
    ),
    "a product that the policy lacks": Fault(
        "products",
        WARNING,
        "'Password Policy'",
        {
            "requests": seen_requests(
                settable=scene.meta(
                    customfield_2=(
                        *scene.options()["customfield_2"],
                        "Password Policy",
                    )
                )
            )
        },
    ),
    "a status that the site lacks": Fault(
        "statuses",
        PROBLEM,
        "no status 'In progress', did you mean 'In Progres'?",
        {
            "statuses": [
                StatusFacts(
                    name, name.replace("progress", "Progres"), is_done=False
                )
                for name in scene.STATUSES
            ]
        },
    ),
    "a request type that the site lacks": Fault(
        "request-types",
        PROBLEM,
        "no project has a request type 'Feature request'",
        {"forms": {"SUP": [scene.form()]}},
    ),
    **{
        f"a token without the scope for {name}": Fault(
            "scopes", PROBLEM, "no scope", {name: REFUSED}
        )
        for name in (
            "site",
            "account",
            "projects",
            "permissions",
            "fields",
            "requests",
            "organizations",
            "statuses",
            "priorities",
        )
    },
    **{
        f"a token without the scope for {name} of a project": Fault(
            "scopes", PROBLEM, "no scope", {name: {"SUP": REFUSED}}
        )
        for name in ("queues", "roles", "available", "forms")
    },
    "an agents' role that only the bot holds": Fault(
        "roles",
        PROBLEM,
        "only apps and our own account hold",
        {
            "roles": {
                "SUP": {
                    "Service Desk Team": [
                        Person(scene.ACCOUNT.id or "", "SLA Bot"),
                    ]
                }
            }
        },
    ),
    "no way to the escalation status": Fault(
        "escalation",
        WARNING,
        "SUP-1: its workflow offers no transition from Open to Escalated",
        {"requests": with_moves(offered=[])},
    ),
    "a way to the escalation status that asks for a field": Fault(
        "escalation",
        WARNING,
        "asks for Reason",
        {
            "requests": with_moves(
                offered=[TransitionFacts(frozenset({"Escalated"}), ["Reason"])]
            )
        },
    ),
    "an app among the agents": Fault(
        "agents",
        WARNING,
        "Rovo",
        {
            "roles": {
                "SUP": {
                    "Service Desk Team": [
                        Person("1", "Mia"),
                        Person("2", "Rovo", is_app=True),
                    ]
                }
            }
        },
    ),
}


def test_on_a_good_site_nothing_is_found() -> None:
    """Every check is ok, and none was skipped."""
    grades = {
        check.name: verdict.grade
        for check, verdict in examined(CHECKS, scene.examination())
    }
    assert set(grades.values()) == {Grade.OK}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_its_check_and_by_no_other(name: str) -> None:
    """The check of its name says what is wrong and what to do; every other check is silent."""
    fault = FAULTS[name]
    seen = scene.examination(**fault.changes)
    assert findings(seen) == {fault.check: fault.grade}
    (check,) = by_name([fault.check])
    verdict = check.verdict(seen)
    assert fault.words in verdict.details[0].what
    assert verdict.details[0].remedy
    assert check.rules


@pytest.mark.parametrize(
    "changes",
    [
        {"is_permitted": False},
        {"offered": [TransitionFacts(frozenset({"ESCALATED"}))]},
        {
            "offered": [
                TransitionFacts(frozenset({"Escalated"}), ["Reason"]),
                TransitionFacts(frozenset({"Escalated"})),
            ]
        },
    ],
)
def test_a_way_that_can_be_gone_is_no_finding(changes: Any) -> None:
    """Case does not matter, one way of several is enough, and a missing right is another check's finding."""
    seen = scene.examination(requests=with_moves(**changes))
    assert findings(seen) == {}


def test_work_types_that_no_call_was_left_for_are_named() -> None:
    """What was not looked at is not passed over."""
    requests = scene.good_survey().requests
    assert isinstance(requests, RequestsFacts)
    seen = scene.examination(requests=replace(requests, left_out=["SUP-7"]))
    (check,) = by_name(["field-editing"])
    assert "no call was left for SUP-7" in check.verdict(seen).line


def test_a_channel_whose_secret_cannot_be_read_is_found() -> None:
    """The one that is wrong is named, with what to do."""
    channels = {"chat": "the secret's file /x is empty", "on-call": None}
    seen = replace(
        scene.examination(),
        operation=Operation(None, "the journal", channels),
    )
    assert findings(seen) == {"notifiers": PROBLEM}
    (check,) = by_name(["notifiers"])
    (detail,) = check.verdict(seen).details
    assert detail.what == "channel chat: the secret's file /x is empty"
    assert "notify test chat" in detail.remedy


def test_a_journal_that_cannot_be_used_is_found() -> None:
    """What the journal says of itself is the finding."""
    seen = replace(
        scene.examination(),
        operation=Operation("the journal is locked", "the journal"),
    )
    assert findings(seen) == {"journal": PROBLEM}


@pytest.mark.parametrize(
    ("address", "is_told"),
    [
        ("https://example.atlassian.net", True),
        ("https://api.atlassian.com/ex/jira/1", False),
    ],
)
def test_a_token_that_is_refused_may_be_one_for_the_gateway(
    address: str, *, is_told: bool
) -> None:
    """A token with scopes is good at the gateway only; there, it is wrong for another reason."""
    refused = scene.examination(
        address=address,
        site=Unread("401"),
        account=Unread("401", is_failure=True),
    )
    (only,) = by_name(["account"])
    ((_, verdict),) = examined([only], refused)
    (detail,) = verdict.details
    assert ("/_edge/tenant_info" in detail.remedy) == is_told


def test_a_calendar_that_ends_soon_is_found() -> None:
    """Sixty days before the end of its last year a calendar is worth a warning, after it a problem."""
    last = min(
        each.spec.last_year
        for each in scene.examination().policy.calendars.values()
    )
    soon = scene.NOW.replace(year=last, month=12, day=1)
    late = scene.NOW.replace(year=last + 1)
    assert (
        findings(replace(scene.examination(), now=soon))["calendars"]
        is WARNING
    )
    assert (
        findings(replace(scene.examination(), now=late))["calendars"]
        is PROBLEM
    )


def test_a_team_managed_desk_is_named() -> None:
    """Its fields are its own: it ends in the hand-out, and is asked for no role."""
    desk = replace(scene.PROJECT, key="TEAM", id="10001", is_team_managed=True)
    held = dict.fromkeys(NEEDED, frozenset({"10000", "10001"}))
    seen = scene.examination(projects=[scene.PROJECT, desk], permissions=held)
    assert findings(seen) == {"projects": WARNING}


def test_on_an_empty_site_only_the_missing_fields_are_found() -> None:
    """What the other checks would prove needs the fields: they are skipped, not passed."""
    brought = [each for each in scene.FIELDS if each.type in BROUGHT]
    seen = scene.examination(fields=brought)
    assert findings(seen) == {"field-presence": PROBLEM}
    verdicts = {check.name: one.grade for check, one in examined(CHECKS, seen)}
    for name in ("field-search", "field-association", "field-editing"):
        assert verdicts[name] is Grade.SKIPPED
    assert verdicts["portal-forms"] is Grade.SKIPPED


def test_a_team_managed_desk_is_not_asked_for_the_sites_fields() -> None:
    """Its request lacks them, and that is what its own finding says."""
    desk = replace(scene.PROJECT, key="TEAM", id="10001", is_team_managed=True)
    good = scene.good_survey().requests
    assert isinstance(good, RequestsFacts)
    alien = scene.a_request(
        "TEAM-1", project="TEAM", has=frozenset(), settable=scene.meta()
    )
    alien = replace(alien, settable={"priority": scene.meta()["priority"]})
    requests = replace(good, open={**good.open, "TEAM": alien})
    held = dict.fromkeys(NEEDED, frozenset({"10000", "10001"}))
    seen = scene.examination(
        projects=[scene.PROJECT, desk], permissions=held, requests=requests
    )
    assert findings(seen) == {"projects": WARNING}


def test_what_cannot_be_read_is_skipped_with_its_reason() -> None:
    """A right that is missing is no finding of a check that needs it, and hides no other check."""
    seen = scene.examination(requests=SECRET, permissions=SECRET)
    verdicts = {
        check.name: verdict for check, verdict in examined(CHECKS, seen)
    }
    for name in ("permissions", "on-a-request", "field-editing", "priorities"):
        assert verdicts[name].grade is Grade.SKIPPED
        assert verdicts[name].line == SECRET.why
    assert verdicts["field-presence"].grade is Grade.OK


def test_a_credential_that_renews_itself_never_ends() -> None:
    """Client credentials have no date to watch."""
    account = replace(scene.ACCOUNT, credential=Credential.CLIENT)
    assert not findings(scene.examination(account=account))


def test_checks_are_chosen_by_name_or_group() -> None:
    """A name that is none raises KeyError; every name is one word and stands once."""
    assert [each.name for each in by_name(["clock"])] == ["clock"]
    assert {each.group for each in by_name(["fields"])} == {"fields"}
    with pytest.raises(KeyError):
        by_name(["clocks"])
    every = [each.name for each in CHECKS]
    assert len(set(every)) == len(every)
    assert set(every) <= set(names())


def test_the_cheap_checks_read_no_request() -> None:
    """What the daemon makes at each start asks for no request, form or role."""
    parts = parts_of(cheap())
    assert parts.isdisjoint(
        {Part.REQUESTS, Part.FORMS, Part.ROLES, Part.QUEUES}
    )
    assert {"account", "permissions", "statuses"} <= {
        each.name for each in cheap()
    }


@pytest.mark.parametrize(
    ("raises_in", "lacks", "words"),
    [
        ("SUP", "CREATE_ISSUES", "can't raise the requests for reviews"),
        ("SUP", "ASSIGN_ISSUES", "can't assign them"),
        ("REV", "", "not among those that the bot serves"),
    ],
)
def test_where_requests_for_reviews_are_raised_the_bot_may_raise_them(
    raises_in: str, lacks: str, words: str
) -> None:
    """Only there, and only where the policy has them raised (D29)."""
    held = {
        each: frozenset() if each == lacks else frozenset({"10000"})
        for each in ASKED
    }
    seen = scene.examination(permissions=held)
    assert findings(seen) == {}
    raising = replace(seen, raises_in=raises_in)
    assert findings(raising) == {"permissions": PROBLEM}
    verdicts = {check.name: one for check, one in examined(CHECKS, raising)}
    assert words in str(verdicts["permissions"].details)
    allowed = scene.examination(
        permissions=dict.fromkeys(ASKED, frozenset({"10000"}))
    )
    assert findings(replace(allowed, raises_in="SUP")) == {}
