"""What can't be understood or written about one project is told, and keeps no other project waiting."""

import re
import subprocess
from collections.abc import Callable

import pytest

from jsm_sandbox.play.administration import open_project
from jsm_sla_bot import app
from jsm_sla_bot.app import SystemClock
from jsm_sla_bot.daemon.standing import standing
from jsm_sla_bot.ports.journal import PassOutcome
from tests.scenarios.world import World

ALL = (
    "Support tier",
    "Response due",
    "Response SLA",
    "Response target",
    "Acknowledged at",
    "SLA basis",
)


def switch(desk: World, **switches: object) -> None:
    """Turn switches of the site."""
    desk.client.put("/_sandbox/switches", json=switches).raise_for_status()


def two_desks(desk: World) -> tuple[str, str]:
    """Open a second desk; return a request of each."""
    open_project(desk.tracker, "TEAM", "Internal team desk")
    ours = desk.tracker.raise_request(organization=12, severity=3)
    theirs = desk.tracker.raise_request(
        organization=12, severity=3, project="TEAM"
    )
    return ours, theirs


def without_the_role(desk: World) -> None:
    """Let the second desk have no role of agents, as a team-managed project."""
    [_, project] = desk.tracker.site.projects
    project.roles = [each for each in project.roles if "Team" not in each.name]


def wrong(match: str, kind: str) -> Callable[[World], None]:
    """Let look-ups of the second desk go wrong for as long as it is not taken back."""
    return lambda desk: desk.goes_wrong(match, kind, times=0)


def told(desk: World, made: app.Bot) -> str:
    """Return everything that `status` says."""
    return str(standing(made.journal, desk.hands.now()))


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(without_the_role, id="no such role"),
        pytest.param(wrong("/project/TEAM/role", "403"), id="roles forbidden"),
        pytest.param(wrong("/project/TEAM/role", "404"), id="roles not found"),
        pytest.param(wrong("/project/TEAM/role", "html"), id="roles garbled"),
        pytest.param(
            wrong("/project/TEAM/role", "503"), id="roles out of order"
        ),
        pytest.param(
            wrong("/project/TEAM/role/", "403"), id="holders forbidden"
        ),
        pytest.param(
            wrong("/project/TEAM/role/", "cut-json"), id="holders garbled"
        ),
    ],
)
def test_a_desk_that_cant_be_understood_keeps_no_other_waiting(
    desk: World, trouble: Callable[[World], None]
) -> None:
    """Its requests are set aside with the reason, told in status, health and a figure; served once it is mended."""
    ours, theirs = two_desks(desk)
    [_, project] = desk.tracker.site.projects
    roles = project.roles
    trouble(desk)
    with desk.bot() as made:
        made.reporting.begin()
        report = made.reconciler.sweep()
        made.reported(report)
        assert (report.outcome, report.set_aside) == (PassOutcome.DONE, 1)
        assert desk.shows(ours, "Response SLA") == "Running"
        assert desk.shows(theirs, "Response SLA") is None
        [aside] = made.journal.set_aside_requests()
        assert aside.key == theirs
        assert aside.reason in made.health.problems()["projects"]
        assert aside.reason in told(desk, made)
        figure = "jsm_sla_bot_projects_set_aside"
        registry = made.metrics.registry
        assert registry.get_sample_value(figure) == 1.0
        project.roles = roles
        desk.goes_well()
        desk.wait(minutes=30)
        made.reported(made.reconciler.due())
        assert desk.shows(theirs, "Response SLA") == "Running"
        assert "projects" not in made.health.problems()
        assert registry.get_sample_value(figure) == 0.0


def test_where_no_desk_can_be_understood_the_pass_fails(desk: World) -> None:
    """Nothing was served, so nothing is said to be well."""
    desk.tracker.raise_request(organization=12, severity=3)
    desk.goes_wrong("/project/SUP/role", "403", times=0)
    report = desk.sweep()
    assert "SUP" in str(report.failed)


def test_a_named_project_that_vanishes_is_left_out_of_the_search(
    desk: World,
) -> None:
    """Jira refuses to search in a project that it does not show: the others are searched, this one once it is back."""
    ours, theirs = two_desks(desk)
    path = desk.config / "jira.yaml"
    named = path.read_text().replace("projects: []", "projects: [SUP, TEAM]")
    path.write_text(named)
    projects = desk.tracker.site.projects
    [_, team] = projects
    projects.remove(team)
    desk.goes_wrong("bulkfetch", "missing-row", key=theirs, times=0)
    with desk.bot() as made:
        made.reporting.begin()
        report = made.reconciler.sweep()
        assert report.outcome is PassOutcome.DONE
        assert desk.shows(ours, "Response SLA") == "Running"
        assert "TEAM" in made.health.problems()["projects"]
        projects.append(team)
        desk.goes_well()
        desk.wait(minutes=11)
        made.reconciler.sweep()
        assert desk.shows(theirs, "Response SLA") == "Running"
        assert "projects" not in made.health.problems()


def test_priorities_that_cant_be_read_are_owed(desk: World) -> None:
    """The escalation is made without the priority, which follows once the project's priorities can be read."""
    key = desk.tracker.raise_request(
        organization=11, severity=1, product="Outscan NX", priority="P3 Normal"
    )
    desk.goes_wrong("/priority/search|/editmeta", "cut-json", times=0)
    desk.wait(hours=25)
    with desk.bot() as made:
        made.reconciler.sweep()
        assert desk.shows(key, "Response SLA") == "Breached"
        assert desk.shows(key, "Priority") == "P3 Normal"
        assert any(
            "priorities" in each for each in made.connection.source.warnings()
        )
        desk.goes_well()
        desk.wait(minutes=11)
        made.reconciler.due()
        assert desk.shows(key, "Priority") == "P1 Urgent"
        assert not made.connection.source.warnings()


def test_a_field_that_a_project_lacks_is_told(desk: World) -> None:
    """Per project and field, in status, health and a figure; what can be written is, and nothing is tried twice."""
    ours, theirs = two_desks(desk)
    switch(desk, absent_fields=["TEAM/Response SLA"])
    with desk.bot() as made:
        made.reporting.begin()
        made.reported(made.reconciler.sweep())
        problem = made.health.problems()["absent fields"]
        assert re.search("TEAM.*1 request .*Response SLA", problem)
        assert "Response SLA" in told(desk, made)
        assert desk.shows(ours, "Response SLA") == "Running"
        assert desk.shows(theirs, "Support tier") == "Knowledge"
        second = made.reconciler.sweep()
        assert (second.differing, second.writes) == (0, 0)
        switch(desk, absent_fields=[])
        made.reported(made.reconciler.sweep())
        assert desk.shows(theirs, "Response SLA") == "Running"
        assert "absent fields" not in made.health.problems()


def test_where_no_field_can_be_seen_nothing_is_written_for_nobody(
    desk: World,
) -> None:
    """No ledger of what nobody was shown: only what is visible, an internal note, counts."""
    keys = [
        desk.tracker.raise_request(organization=12, severity=3)
        for _ in range(3)
    ]
    flagged = desk.tracker.raise_request(organization=12, severity=None)
    switch(desk, absent_fields=list(ALL))
    with desk.bot() as made:
        report = made.reconciler.sweep()
        assert report.differing == 1
        assert len(desk.notes(flagged)) == 1
        assert made.reconciler.sweep().writes == 0
    assert all(
        "jsm-sla-bot" not in desk.request(key)["properties"] for key in keys
    )


def run(
    desk: World, verb: str, *options: str
) -> subprocess.CompletedProcess[str]:
    """Run a verb as people do."""
    words, environ = desk.command(verb)
    return subprocess.run(
        [*words, *options],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("absent", "code", "said"),
    [
        pytest.param(["Response SLA"], 0, "Response SLA", id="one"),
        pytest.param(
            list(ALL), 1, "no request that was read has any", id="all"
        ),
    ],
)
def test_once_claims_no_success_where_nothing_can_be_seen(
    desk: World, absent: list[str], code: int, said: str
) -> None:
    """One field that is absent is said; where all are, the command fails. `plan` draws no empty table."""
    desk.hands.instant = SystemClock().now()
    key = desk.tracker.raise_request(organization=12, severity=3)
    switch(desk, absent_fields=absent)
    planned = run(desk, "plan")
    assert (key in planned.stdout) == (code == 0)
    done = run(desk, "once")
    assert done.returncode == code
    assert said in done.stderr
