from dataclasses import replace
from typing import Any

import httpx
import pytest
import respx
import structlog

from jsm_sandbox.play import administration
from jsm_sla_bot.jsm.errors import IdentityError, TerminalError, TransientError
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.metadata import Directory
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.sla.request import Deed, Phase, Role, Status
from tests.jsm.scene import AGO, NOW, SANDBOX_DESK, URL, Scene, Time


def ids(scene: Scene, *keys: str) -> list[str]:
    """Return the ids of requests."""
    return [str(scene.tracker.issue(key).id) for key in keys]


def test_changed_requests_are_found_by_a_lower_bound(scene: Scene) -> None:
    """What was updated at the bound or later is found, in whatever state, in whatever time zones."""
    _, at_it, late = (
        scene.tracker.raise_request(at=AGO[hours]) for hours in (5, 3, 1)
    )
    scene.tracker.transition(late, "Resolved", as_="Mia Lindqvist", at=AGO[1])
    found = list(scene.source.changed_since(AGO[3]))
    assert [seen.id for seen in found] == ids(scene, at_it, late)
    assert found[0].updated == AGO[3]


def test_a_sweep_finds_what_is_open_or_changed_lately(scene: Scene) -> None:
    """A sweep is led to every request that somebody still works on, and to one that was closed since the bound."""
    keys = [scene.tracker.raise_request(at=AGO[9]) for _ in range(120)]
    scene.tracker.transition(
        keys[0], "Resolved", as_="Mia Lindqvist", at=AGO[5]
    )
    scene.tracker.transition(
        keys[1], "Resolved", as_="Mia Lindqvist", at=AGO[1]
    )
    assert {
        seen.id for seen in scene.source.open_or_changed_since(AGO[3])
    } == set(ids(scene, *keys[1:]))


def test_short_pages_lose_nothing(scene: Scene) -> None:
    """A page that is shorter than asked for is not the last one."""
    keys = [scene.tracker.raise_request(at=AGO[9]) for _ in range(130)]
    scene.tracker.switches.short_pages = True
    assert [seen.id for seen in scene.source.changed_since(AGO[10])] == ids(
        scene, *keys
    )


def test_a_pass_over_many_costs_few_calls(scene: Scene) -> None:
    """One read per hundred requests and one history call for all: comments come with the request."""
    keys = [scene.tracker.raise_request(at=AGO[9]) for _ in range(150)]
    scene.source.fetch(ids(scene, keys[0]))
    scene.asked()
    assert len(scene.source.fetch(ids(scene, *keys)).sightings) == 150
    assert scene.asked() == ["POST /rest/api/3/issue/bulkfetch"] * 2 + [
        "POST /rest/api/3/changelog/bulkfetch"
    ]


def test_a_request_with_its_story(scene: Scene) -> None:
    """Agents by account and by group, customers and automation are told apart, and all is dated."""
    tracker = scene.tracker
    key = tracker.raise_request(
        organization=12, severity=3, product="HIAB", at=AGO[9]
    )
    tracker.phone(key, at=AGO[8])
    tracker.set_field(
        key, "Severity", "S1 - Critical", as_="Tomas Novak", at=AGO[7]
    )
    tracker.comment(key, "any news?", as_="Ruth Calder", at=AGO[6])
    tracker.note(key, "looking", as_="Priya Raman", at=AGO[5])
    tracker.transition(key, "In progress", as_="Priya Raman", at=AGO[4])
    tracker.comment(key, "We are on it", as_="Nina Ek", at=AGO[3])
    snapshot = scene.one(key).snapshot
    told = {(entry.what, entry.role): entry for entry in snapshot.history}
    assert (snapshot.severity, snapshot.organizations, snapshot.product) == (
        1,
        ("12",),
        "HIAB",
    )
    assert snapshot.status == Status("In progress", Phase.ACKNOWLEDGED)
    assert told[Deed.SEVERITY, Role.AGENT].before == 3
    assert told[Deed.CALLED, Role.AUTOMATION].after == AGO[8]
    assert {
        (Deed.PUBLIC_COMMENT, Role.CUSTOMER),
        (Deed.INTERNAL_NOTE, Role.AGENT),
    } <= set(told)
    assert (Deed.PUBLIC_COMMENT, Role.AGENT) not in told
    assert told[Deed.STATUS, Role.AGENT].at == AGO[4]


def test_a_long_talk_is_read_to_its_beginning(scene: Scene) -> None:
    """A request that comes with its newest comments only is asked for the others too."""
    key = scene.tracker.raise_request(at=AGO[90])
    for hours in range(89, 20, -1):
        scene.tracker.comment(key, "so", as_="Mia Lindqvist", at=AGO[hours])
    said = [
        entry.at
        for entry in scene.one(key).snapshot.history
        if entry.what is Deed.PUBLIC_COMMENT
    ]
    assert (min(said), len(said)) == (AGO[89], 69)


def test_one_broken_request_is_set_aside(scene: Scene) -> None:
    """A request of nonsense has its reason; the others are read."""
    keys = [scene.tracker.raise_request(at=AGO[9]) for _ in range(3)]
    scene.trouble("bulkfetch", "broken-issue", key=keys[1])
    found = scene.source.fetch(ids(scene, *keys))
    assert [each.key for each in found.sightings] == [keys[0], keys[2]]
    assert [(each.key, each.reason) for each in found.set_aside] == [
        (keys[1], "the request shows no project")
    ]


def test_one_that_breaks_the_whole_answer_is_found(scene: Scene) -> None:
    """An answer that cannot be read is asked for in halves until the one to blame stands alone."""
    keys = [scene.tracker.raise_request(at=AGO[9]) for _ in range(9)]
    number = ids(scene, keys[4])[0]
    scene.trouble("issue/bulkfetch", "cut-json", key=number, times=0)
    found = scene.source.fetch(ids(scene, *keys))
    assert {each.key for each in found.sightings} == set(keys) - {keys[4]}
    assert [each.id for each in found.set_aside] == [number]


@pytest.mark.slow
def test_when_nothing_can_be_read_it_is_nobodys_fault(scene: Scene) -> None:
    """If every answer is cut, no request is blamed for it."""
    keys = [scene.tracker.raise_request(at=AGO[9]) for _ in range(60)]
    scene.trouble("issue/bulkfetch", "cut-json", times=0)
    with pytest.raises(TransientError, match="whatever is asked for"):
        scene.source.fetch(ids(scene, *keys))


@pytest.mark.parametrize(
    "place", [0, 31, 59], ids=["first", "in the middle", "last"]
)
def test_a_request_that_breaks_every_bulk_answer_is_found(
    scene: Scene, place: int
) -> None:
    """Where Jira answers 500 whenever one request is among those asked for, only that one is set aside."""
    keys = [scene.tracker.raise_request(at=AGO[9]) for _ in range(60)]
    scene.trouble("issue/bulkfetch", "500", times=0, key=keys[place])
    found = scene.source.fetch(keys)
    assert (len(found.sightings), [each.id for each in found.set_aside]) == (
        59,
        [keys[place]],
    )


def test_an_outage_of_the_bulk_answer_is_nobodys_fault(scene: Scene) -> None:
    """If every bulk answer is a 500, the fetch fails as a whole and no request is blamed."""
    keys = [scene.tracker.raise_request(at=AGO[9]) for _ in range(60)]
    scene.trouble("issue/bulkfetch", "500", times=0)
    with pytest.raises(TransientError, match="whatever is asked for"):
        scene.source.fetch(ids(scene, *keys))


def test_gone_is_what_jira_says_is_gone(scene: Scene) -> None:
    """A request that the bulk answer leaves out is asked for by itself before it counts as gone."""
    kept, deleted = (scene.tracker.raise_request(at=AGO[9]) for _ in range(2))
    [lost] = ids(scene, deleted)
    scene.tracker.delete(deleted)
    scene.asked()
    found = scene.source.fetch([lost, *ids(scene, kept)])
    assert (list(found.gone), [each.key for each in found.sightings]) == (
        [lost],
        [kept],
    )
    assert "GET /rest/api/3/issue/{}" in scene.asked()


def test_requests_are_found_by_key(scene: Scene) -> None:
    """Who asks for one request may give its key."""
    key = scene.tracker.raise_request(at=AGO[9])
    assert [each.key for each in scene.source.fetch([key]).sightings] == [key]
    assert scene.source.fetch(["SUP-999"]).gone == ("SUP-999",)


def test_a_request_in_a_project_that_is_not_served(scene: Scene) -> None:
    """Where nobody asked us to, nothing is read or written: it has left us."""
    key = scene.tracker.raise_request(at=AGO[9])
    source, _ = scene.connected(replace(SANDBOX_DESK, projects=("OTHER",)))
    found = source.fetch(ids(scene, key))
    assert (found.left, found.set_aside, found.sightings) == (
        tuple(ids(scene, key)),
        (),
        (),
    )


def unreadable(scene: Scene, key: str) -> None:
    """Give a request a severity that `jira.yaml` does not know."""
    severity = scene.tracker.site.field_id("Severity")
    scene.tracker.issue(key).fields[severity] = {
        "id": "99999",
        "value": "S9 - Odd",
    }


def test_what_is_set_aside_tells_when_it_was_touched(scene: Scene) -> None:
    """So that it is looked at again as soon as somebody has put it right."""
    key = scene.tracker.raise_request(at=AGO[9])
    unreadable(scene, key)
    [aside] = scene.source.fetch(ids(scene, key)).set_aside
    assert (aside.key, aside.updated) == (key, AGO[9])


def test_the_label_goes_before_the_reason(scene: Scene) -> None:
    """A request that is none of our business need not be understood."""
    key, other = (scene.tracker.raise_request(at=AGO[9]) for _ in range(2))
    for each in (key, other):
        unreadable(scene, each)
    scene.tracker.set_field(
        key, "labels", ["No-SLA"], as_="Mia Lindqvist", at=AGO[8]
    )
    found = scene.source.fetch(ids(scene, key, other))
    assert (list(found.ignored), [each.key for each in found.set_aside]) == (
        ids(scene, key),
        [other],
    )


def test_the_scope_is_what_is_served(scene: Scene) -> None:
    """The projects of `jira.yaml`, else the service desks: one opened later is seen within ten minutes."""
    assert scene.source.scope() == {"SUP"}
    administration.open_project(scene.tracker, "OPS", "Operations")
    assert scene.source.scope() == {"SUP"}
    scene.time.now += 601
    assert scene.source.scope() == {"SUP", "OPS"}
    assert scene.connected(replace(SANDBOX_DESK, projects=("SUP",)))[
        0
    ].scope() == {"SUP"}


@pytest.mark.parametrize(
    "agents", [frozenset(), frozenset({"somebody"})], ids=["by role", "listed"]
)
def test_a_project_that_is_not_there(
    scene: Scene, agents: frozenset[str]
) -> None:
    """A misspelt key is told at once, with the keys of those served, whoever the agents are."""
    scene.connected(
        replace(SANDBOX_DESK, projects=("SUP", "SPU"), agents=agents)
    )
    with pytest.raises(
        TerminalError, match=r"no service desk 'SPU'.*; it serves SUP"
    ):
        scene.opened[-1].check()


def test_a_project_whose_roles_we_may_not_see_is_there(scene: Scene) -> None:
    """Jira says 404 of it too; it is a service desk of ours all the same, and the listed agents count."""
    scene.trouble("GET .*/project/SUP/role$", "404", times=0)
    scene.connected(
        replace(
            SANDBOX_DESK, projects=("sup",), agents=frozenset({"somebody"})
        )
    )
    scene.opened[-1].check()


def test_what_the_site_lacks_is_told_once(scene: Scene) -> None:
    """A field that is not there to write: in the log when that is new, and for as long as it lasts for who asks."""
    outputs = {
        **SANDBOX_DESK.sla_fields,
        SlaField.SUPPORT_TIER: "Support teir",
    }
    source, _ = scene.connected(replace(SANDBOX_DESK, sla_fields=outputs))
    assert source.warnings() == ()
    with structlog.testing.capture_logs() as events:
        scene.opened[-1].check()
        scene.time.now += 601
        scene.opened[-1].check()
    assert [
        each["why"] for each in events if each["event"] == "jira_lacks"
    ] == list(source.warnings())
    assert source.warnings() == (
        "sla_fields.support_tier: no field 'Support teir' on this site, did you mean 'Support tier'?",
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param(
            {"statuses": {"In progres": Phase.ACKNOWLEDGED}},
            "statuses.acknowledged: no status 'In progres' on this site, did you mean 'In progress'?",
            id="acknowledged",
        ),
        pytest.param(
            {"statuses": {"RESOLVED": Phase.CLOSED, "Closd": Phase.CLOSED}},
            "statuses.closed: no status 'Closd' on this site, did you mean 'Closed'?",
            id="closed",
        ),
        pytest.param(
            {"statuses": {"Deklined": Phase.DECLINED}},
            "statuses.declined: no status 'Deklined' on this site, did you mean 'Declined'?",
            id="declined",
        ),
        pytest.param(
            {"statuses": {"Resolvd": Phase.OPEN}},
            "statuses.open: no status 'Resolvd' on this site, did you mean 'Resolved'?",
            id="open",
        ),
        pytest.param(
            {"escalation_status": "Esculated"},
            "escalation.status: no status 'Esculated' on this site, did you mean 'Escalated'?",
            id="escalation",
        ),
        pytest.param(
            {"statuses": {"Wartet": Phase.ACKNOWLEDGED}},
            "statuses.acknowledged: no status 'Wartet' on this site; it has ",
            id="like none",
        ),
        pytest.param(
            {"statuses": {"99999": Phase.CLOSED}},
            "statuses.closed: no status with the id 99999 on this site, nor one of that name",
            id="by id",
        ),
        pytest.param(
            {"severity_field": "Sverity", "escalation_status": "Esculated"},
            "did you mean 'Severity'?; escalation.status: no status 'Esculated'",
            id="with a field",
        ),
    ],
)
def test_a_status_that_the_site_lacks_is_refused(
    scene: Scene, changes: dict[str, Any], told: str
) -> None:
    """As a missing field: its meaning would go unseen, and what was answered would be escalated."""
    scene.connected(replace(SANDBOX_DESK, **changes))
    with pytest.raises(
        TerminalError, match=r"^jira.yaml does not fit"
    ) as caught:
        scene.opened[-1].check()
    assert told in str(caught.value)


def test_a_status_is_known_by_its_id_too(scene: Scene) -> None:
    """Ids and names in any case are both right; no status at all may be named."""
    identity = next(
        each.id
        for each in scene.tracker.site.statuses
        if each.name == "In progress"
    )
    named = {identity: Phase.ACKNOWLEDGED, "CLOSED": Phase.CLOSED}
    scene.connected(replace(SANDBOX_DESK, statuses=named))
    scene.opened[-1].check()
    scene.connected(replace(SANDBOX_DESK, statuses={}, escalation_status=None))
    scene.opened[-1].check()


def test_comments_that_cannot_be_had_set_one_request_aside(
    scene: Scene,
) -> None:
    """Trouble with one request's comments is that request's alone."""
    long, short = (scene.tracker.raise_request(at=AGO[90]) for _ in range(2))
    for hours in range(89, 60, -1):
        scene.tracker.comment(long, "so", as_="Mia Lindqvist", at=AGO[hours])
    scene.trouble(r"GET /rest/api/3/issue/\d+/comment", "500", times=0)
    found = scene.source.fetch(ids(scene, long, short))
    assert (
        [each.key for each in found.sightings],
        [each.key for each in found.set_aside],
    ) == (
        [short],
        [long],
    )


def test_the_sites_own_time(scene: Scene) -> None:
    """Watermarks go by the clock of the site, not by ours."""
    assert scene.source.server_time() == NOW


def test_who_we_are_is_remembered(rest: Rest, time: Time) -> None:
    """Another account behind the same token is no longer us, and no account is nobody."""
    directory = Directory(rest, SANDBOX_DESK, time.monotonic)
    answers = [
        {"accountId": "us"},
        {"accountId": "us"},
        {"accountId": "somebody"},
        {},
    ]
    with respx.mock:
        respx.get(f"{URL}/rest/api/3/myself").mock(
            side_effect=[httpx.Response(200, json=a) for a in answers]
        )
        directory.check_identity()
        directory.check_identity()
        for reason in ("until now we were us", "takes us for nobody"):
            with pytest.raises(IdentityError, match=reason):
                directory.check_identity()


def test_an_anonymous_answer_is_no_answer(scene: Scene) -> None:
    """An expired token never looks like a desk without requests."""
    scene.tracker.raise_request(at=AGO[1])
    scene.trouble("search/jql", "anonymous")
    with pytest.raises(IdentityError):
        list(scene.source.changed_since(AGO[2]))


@respx.mock
def test_without_a_service_desk_there_is_nothing_to_serve(
    rest: Rest, time: Time
) -> None:
    """An account that serves no desk is told what it lacks."""
    respx.get(f"{URL}/rest/servicedeskapi/servicedesk").respond(
        json={"values": [], "size": 0, "isLastPage": True}
    )
    with pytest.raises(TerminalError, match="serves no service desk"):
        Directory(rest, SANDBOX_DESK, time.monotonic).projects()


def test_a_role_that_is_not_there(scene: Scene) -> None:
    """A misspelt role is a terminal error with the names that exist."""
    key = scene.tracker.raise_request(at=AGO[1])
    source, _ = scene.connected(replace(SANDBOX_DESK, agent_role="Agents"))
    with pytest.raises(
        TerminalError,
        match=r"has no role 'Agents'; it has: .*Service Desk Team",
    ):
        source.fetch(ids(scene, key))


def test_agents_may_be_listed_where_we_may_not_ask(scene: Scene) -> None:
    """Without the right to see a role, the listed agents count; without a list that is an error."""
    key = scene.tracker.raise_request(at=AGO[9])
    scene.tracker.comment(key, "hello", as_="Mia Lindqvist", at=AGO[8])
    scene.trouble("/role", "403", times=0)
    mia = scene.tracker.account("Mia Lindqvist").account_id
    source, _ = scene.connected(replace(SANDBOX_DESK, agents=frozenset({mia})))
    [found] = source.fetch(ids(scene, key)).sightings
    assert [entry.role for entry in found.snapshot.history] == [Role.AGENT]
    with pytest.raises(TerminalError, match=r"list the agents in jira\.yaml"):
        scene.source.fetch(ids(scene, key))


def test_a_new_agent_is_seen_within_ten_minutes(scene: Scene) -> None:
    """Who holds the role is asked again now and then."""
    key = scene.tracker.raise_request(at=AGO[9])
    scene.tracker.comment(key, "hello", as_="Nina Ek", at=AGO[8])
    assert [entry.role for entry in scene.one(key).snapshot.history] == [
        Role.PROBABLE_AGENT
    ]
    role = scene.tracker.site.projects[0].role("Service Desk Team")
    role.users.append(scene.tracker.account("Nina Ek").account_id)
    scene.time.now += 601
    assert [entry.role for entry in scene.one(key).snapshot.history] == [
        Role.AGENT
    ]


def test_priorities_come_from_the_request_where_they_must(
    scene: Scene,
) -> None:
    """Where the project's priorities may not be asked for, those that a request may take stand in."""
    key = scene.tracker.raise_request(at=AGO[9])
    scene.trouble("priority/search", "403", times=0)
    assert scene.one(key).shown.highest_priority == "10001"


def test_a_strange_ledger_is_told(scene: Scene) -> None:
    """A property of somebody else's under our key is done without, and said so."""
    key = scene.tracker.raise_request(at=AGO[9])
    scene.tracker.issue(key).properties["jsm-sla-bot"] = {"version": 0}
    with structlog.testing.capture_logs() as events:
        assert scene.one(key).shown.ledger is None
    assert [each["event"] for each in events] == ["jira_ledger_unreadable"]
