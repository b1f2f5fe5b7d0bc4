"""The traps of Jira Cloud, each of which has once cost somebody data or a night: the bot walks round them."""

from collections.abc import Iterator

import pytest

from jsm_sandbox.state.call_log import Entry
from tests.scenarios.world import World


def asked(desk: World) -> Iterator[Entry]:
    """Yield the calls that the bot made."""
    yield from desk.tracker.journal.entries


def switch(desk: World, **switches: object) -> None:
    """Turn the sandbox's switches."""
    desk.client.put("/_sandbox/switches", json=switches).raise_for_status()


def test_an_expired_token_that_gets_friendly_answers_forgets_nothing(
    desk: World,
) -> None:
    """Anonymous 200 answers stop the pass by name; what was known stays known and is served when the token is good."""
    raised = desk.tracker.raise_request(
        organization=12, severity=1, product="HIAB"
    )
    with desk.bot() as made:
        made.reconciler.sweep()
        known = list(made.journal.open_ids())
        desk.goes_wrong("", "anonymous", times=0)
        desk.wait(hours=25)
        report = made.reconciler.sweep()
        assert "token" in str(report.failed)
        assert (
            list(made.journal.open_ids()),
            desk.shows(raised, "Response SLA"),
        ) == (
            known,
            "Running",
        )
        desk.goes_well()
        assert made.reconciler.sweep().failed is None
    assert desk.shows(raised, "Response SLA") == "Breached"


def test_the_identity_is_asked_in_every_pass(desk: World) -> None:
    """Each pass that searches asks first who it is: an empty search alone proves nothing."""
    with desk.bot() as made:
        for run in (made.reconciler.sweep, made.reconciler.changed):
            desk.forget_calls()
            run()
            assert [
                call for call in asked(desk) if call.path.endswith("/myself")
            ]


def test_a_search_that_returns_ids_only_is_enough(desk: World) -> None:
    """Nothing but ids is believed of a search: the request itself comes from the database, with its fields named."""
    raised = desk.tracker.raise_request(organization=12, severity=1)
    desk.sweep()
    paths = [call.path for call in asked(desk)]
    assert paths.index("/rest/api/3/search/jql") < paths.index(
        "/rest/api/3/issue/bulkfetch"
    )
    assert "/rest/api/3/search" not in paths
    assert desk.shows(raised, "Response SLA") == "Running"


@pytest.mark.parametrize("lag", [30.0, 240.0], ids=["seconds", "minutes"])
def test_a_request_that_is_indexed_late_is_not_jumped_over(
    desk: World, lag: float
) -> None:
    """The watermark is the begin of the pass less an overlap, never the newest instant seen."""
    with desk.bot() as made:
        made.reconciler.sweep()
        switch(desk, index_lag=lag)
        late = desk.tracker.raise_request(organization=12, severity=1)
        for _ in range(12):
            made.reconciler.changed()
            desk.wait(seconds=30)
    assert desk.shows(late, "Response SLA") == "Running"


def test_three_zones_that_differ_lose_no_request(desk: World) -> None:
    """The site is in Stockholm, the account in New York, the watermark in UTC: a change of a minute ago is found."""
    with desk.bot() as made:
        made.reconciler.sweep()
        for hour in range(24):
            desk.wait(hours=1)
            raised = desk.tracker.raise_request(
                f"Hour {hour}", organization=12, severity=4
            )
            desk.wait(minutes=1)
            assert made.reconciler.changed().writes == 1
            assert desk.shows(raised, "Response SLA") == "Running"


def test_a_search_that_forgets_a_request_forgets_no_promise(
    desk: World,
) -> None:
    """A request that a search leaves out, seen before, is still worked through."""
    raised = desk.tracker.raise_request(organization=12, severity=1)
    with desk.bot() as made:
        made.reconciler.sweep()
        switch(desk, flicker=1.0)
        desk.wait(hours=25)
        made.reconciler.sweep()
    assert desk.shows(raised, "Response SLA") == "Breached"


@pytest.mark.parametrize(
    "bumps", [True, False], ids=["a property bumps", "a property does not"]
)
def test_its_own_writes_do_not_wake_it(desk: World, *, bumps: bool) -> None:
    """What the bot writes moves `updated`; the passes after it write nothing."""
    switch(desk, bump_on_property=bumps)
    desk.tracker.raise_request(organization=19, severity=None)
    with desk.bot() as made:
        assert made.reconciler.sweep().writes > 0
        for _ in range(4):
            desk.wait(minutes=1)
            assert made.reconciler.changed().writes == 0


def test_no_write_asks_jira_to_keep_quiet(desk: World) -> None:
    """`notifyUsers=false` would be refused to an account that is no administrator, and the whole edit with it."""
    desk.tracker.raise_request(organization=12, severity=1)
    desk.wait(hours=25)
    assert desk.sweep().failed is None
    edits = [call for call in asked(desk) if call.method == "PUT"]
    assert edits
    assert not [call for call in edits if "notifyUsers" in call.query]


def test_a_note_is_internal(desk: World) -> None:
    """A breach's note can't be read by the customer."""
    raised = desk.tracker.raise_request(organization=12, severity=1)
    desk.wait(hours=25)
    desk.sweep()
    assert len(desk.notes(raised)) == 1
    assert desk.public_notes() == []


def test_a_site_that_makes_notes_public_gets_one_and_it_is_taken_back(
    desk: World,
) -> None:
    """Where the internal mark is dropped on the way, the first note is deleted, and no other is posted."""
    switch(desk, visible_notes=True)
    raised = [
        desk.tracker.raise_request(organization=12, severity=1)
        for _ in range(3)
    ]
    desk.wait(hours=25)
    with desk.bot(WORKERS="1") as made:
        made.reconciler.sweep()
        desk.wait(hours=1)
        made.reconciler.sweep()
    assert desk.public_notes() == []
    posted = [
        call
        for call in asked(desk)
        if call.method == "POST" and call.path.endswith("/comment")
    ]
    assert len(posted) == 1
    assert all(desk.shows(key, "Response SLA") == "Breached" for key in raised)


@pytest.mark.parametrize(
    ("author", "answers"),
    [
        ("Mia Lindqvist", True),
        ("Tomas Novak", True),
        ("Nina Ek", False),
        ("Automation for Jira", False),
        ("Ruth Calder", False),
        ("Sam Okafor", False),
    ],
    ids=[
        "agent",
        "agent by a group",
        "employee",
        "app",
        "reporter",
        "colleague of the reporter",
    ],
)
def test_an_atlassian_account_is_not_yet_an_agent(
    desk: World, author: str, *, answers: bool
) -> None:
    """Only who holds the agents' role acknowledges, whatever the account's type says."""
    raised = desk.tracker.raise_request(
        organization=12, severity=1, as_="Ruth Calder"
    )
    desk.wait(minutes=10)
    desk.tracker.comment(raised, "I have seen it.", as_=author)
    desk.sweep()
    assert desk.shows(raised, "Response SLA") == (
        "Met" if answers else "Running"
    )


def test_an_agent_who_reports_is_the_customer(desk: World) -> None:
    """An agent's comment on a request of their own acknowledges nothing; a colleague's does."""
    raised = desk.tracker.raise_request(
        organization=12, severity=1, as_="Mia Lindqvist"
    )
    desk.wait(minutes=10)
    desk.tracker.comment(raised, "More on this.", as_="Mia Lindqvist")
    desk.sweep()
    assert desk.shows(raised, "Response SLA") == "Running"
    desk.tracker.comment(raised, "Looking into it.", as_="Jonas Berg")
    desk.sweep()
    assert desk.shows(raised, "Response SLA") == "Met"


def test_an_internal_note_of_an_agent_is_no_answer(desk: World) -> None:
    """What the customer can't read does not acknowledge."""
    raised = desk.tracker.raise_request(organization=12, severity=1)
    desk.wait(minutes=10)
    desk.tracker.note(raised, "Anyone free?", as_="Mia Lindqvist")
    desk.sweep()
    assert desk.shows(raised, "Response SLA") == "Running"


def test_sixty_requests_cost_one_search_and_one_write_each(
    desk: World,
) -> None:
    """A first sweep is one search, the bulk reads and one PUT a request; a second one writes nothing."""
    for number in range(60):
        desk.tracker.raise_request(
            f"Request {number}", organization=12, severity=1 + number % 4
        )
    desk.sweep()
    calls = [
        (
            call.method,
            call.path.rsplit("/", 2)[-2 if call.method == "PUT" else -1],
        )
        for call in asked(desk)
    ]
    searches = [call for call in asked(desk) if "/search/jql" in call.path]
    bulk = [call for call in asked(desk) if "bulkfetch" in call.path]
    assert (len(searches), len(bulk) <= 2) == (1, True)
    assert calls.count(("PUT", "issue")) == 60
    assert len([call for call in asked(desk) if call.writes]) == 60
    desk.forget_calls()
    desk.sweep()
    assert [call for call in asked(desk) if call.writes] == []
