"""What the journal keeps over bad hours: who is retried when, what was not believed, which site it is about."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from jsm_sandbox.play import administration
from jsm_sla_bot import app
from jsm_sla_bot.daemon.standing import standing
from jsm_sla_bot.passes.permission import allow
from tests.scenarios.world import World

AGENT = "Mia Lindqvist"


def live(desk: World, made: app.Bot, **span: float) -> None:
    """Let the daemon's passes run for so long, half a minute apart."""
    end = desk.hands.now() + timedelta(**span)
    while desk.hands.now() < end:
        desk.wait(seconds=30)
        made.reconciler.changed()
        upcoming = made.journal.next_change_at()
        if upcoming and upcoming <= desk.hands.now():
            made.reconciler.due()


def test_an_instant_is_not_slept_through_while_set_aside(desk: World) -> None:
    """The request could not be written for half an hour; its at-risk instant shows all the same when it comes."""
    called = desk.hands.now()
    key = desk.tracker.raise_request(
        organization=11, severity=1, product="Outscan NX", called_at=called
    )
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.at("2026-03-02T10:58+01:00")
        desk.goes_wrong(
            f"PUT .*/issue/{desk.request(key)['id']}$", "503", times=0
        )
        desk.tracker.set_field(key, "SLA basis", "mine", as_=AGENT)
        live(desk, made, minutes=29)
        [aside] = made.journal.set_aside_requests()
        assert aside.retry_at.isoformat() == "2026-03-02T10:30:00+00:00"
        desk.goes_well()
        live(desk, made, minutes=4)
        assert desk.shows(key, "Response SLA") == "At risk"


@pytest.mark.parametrize("status", [500, 503])
def test_no_advice_lets_an_instant_be_slept_through(
    desk: World, status: int
) -> None:
    """One answer with an hour of Retry-After keeps no request from showing its rung when that comes."""
    called = desk.hands.now()
    key = desk.tracker.raise_request(
        organization=11, severity=1, product="Outscan NX", called_at=called
    )
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.at("2026-03-02T10:58+01:00")
        write = f"PUT .*/issue/{desk.request(key)['id']}$"
        desk.goes_wrong(write, str(status), retry_after=3600)
        desk.tracker.set_field(key, "SLA basis", "mine", as_=AGENT)
        made.reconciler.changed()
        [aside] = made.journal.set_aside_requests()
        assert aside.retry_at <= desk.hands.now() + timedelta(minutes=32)
        desk.at("2026-03-02T11:30:30+01:00")
        desk.wait(seconds=5)
        made.reconciler.due()
        assert desk.shows(key, "Response SLA") == "At risk"


@pytest.mark.parametrize("status", [500, 503])
def test_the_advice_of_one_error_holds_for_minutes(
    desk: World, status: int
) -> None:
    """A request whose write was answered with an hour of Retry-After is written within minutes, the site being well."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot() as made:
        write = f"PUT .*/issue/{desk.request(key)['id']}$"
        desk.goes_wrong(write, str(status), retry_after=3600)
        made.reconciler.sweep()
        assert desk.shows(key, "Response SLA") is None
        live(desk, made, minutes=3)
        assert desk.shows(key, "Response SLA") == "Running"


@pytest.mark.parametrize("status", [500, 503])
def test_who_is_touched_need_not_wait_for_an_advice(
    desk: World, status: int
) -> None:
    """The next poll after somebody has touched a request looks at it again, whatever was advised before."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot() as made:
        write = f"PUT .*/issue/{desk.request(key)['id']}$"
        desk.goes_wrong(write, str(status), retry_after=3600)
        made.reconciler.sweep()
        desk.wait(seconds=30)
        desk.tracker.set_field(key, "Severity", 2, as_=AGENT)
        desk.wait(seconds=30)
        made.reconciler.changed()
        assert desk.shows(key, "Response SLA") == "Running"


@pytest.mark.slow
def test_who_cannot_be_read_is_looked_at_when_its_status_changes(
    desk: World,
) -> None:
    """A request that failed to be read again and again is read at the instant of its rung, and when it is touched."""
    called = desk.hands.now()
    key = desk.tracker.raise_request(
        organization=11, severity=1, product="Outscan NX", called_at=called
    )
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.goes_wrong(
            "POST .*/issue/bulkfetch", "broken-issue", key=key, times=0
        )
        desk.goes_wrong("GET .*/issue/", "broken-issue", key=key, times=0)
        desk.wait(seconds=30)
        desk.tracker.set_field(key, "SLA basis", "mine", as_=AGENT)
        live(desk, made, minutes=80)
        [aside] = made.journal.set_aside_requests()
        assert aside.retry_at <= called + timedelta(minutes=90)
        desk.goes_well()
        live(desk, made, minutes=11)
        assert desk.shows(key, "Response SLA") == "At risk"


def odd(desk: World, key: str) -> None:
    """Let a request show a severity that `jira.yaml` does not know."""
    issue = desk.tracker.issue(key)
    issue.fields[desk.tracker.site.field_id("Severity")] = {
        "id": "99999",
        "value": "S9 - Odd",
    }
    desk.wait(minutes=1)
    desk.tracker.touch(issue, desk.hands.now())


def test_who_is_put_right_is_served_at_once(desk: World) -> None:
    """A request that nobody could understand for days need not wait out its half hour when an agent has mended it."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    odd(desk, key)
    with desk.bot() as made:
        made.reconciler.sweep()
        for _ in range(12):
            desk.wait(hours=1)
            made.reconciler.due()
        assert made.journal.set_aside_requests()
        desk.tracker.set_field(key, "Severity", 2, as_=AGENT)
        desk.wait(seconds=30)
        made.reconciler.changed()
        assert made.journal.set_aside_requests() == []
    assert desk.shows(key, "Response SLA")


def test_a_permission_that_came_back_leaves_nothing_behind(
    desk: World,
) -> None:
    """The next sweep clears what was not believed; a word for something else does not stand for the next loss."""
    keys = [
        desk.tracker.raise_request(organization=12, severity=3)
        for _ in range(30)
    ]
    with desk.bot() as made:
        made.reconciler.sweep()
        kept = [desk.tracker.issue(key) for key in keys]
        for issue in kept:
            desk.tracker.remove(issue)
        assert "30 of 30" in str(made.reconciler.sweep().failed)
        for issue in kept:
            desk.tracker.insert(issue)
        assert made.reconciler.sweep().failed is None
        assert standing(made.journal, desk.hands.now()).gone is None
        assert allow(made.journal, made.configuration.policy.hash).gone is None
        for issue in kept:
            desk.tracker.remove(issue)
        assert "30 of 30" in str(made.reconciler.sweep().failed)
        assert len(made.journal.open_ids()) == 30


def test_a_project_opened_later_misses_nobody(desk: World) -> None:
    """`projects: []`: who writes while the list of desks is still the old one is found when the new one is read."""
    desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot() as made:
        made.reconciler.sweep()
        live(desk, made, seconds=30)
        administration.open_project(desk.tracker, "OPS", "Operations")
        key = desk.tracker.raise_request(
            organization=12, severity=3, project="OPS"
        )
        live(desk, made, minutes=11)
    assert desk.shows(key, "Response SLA") == "Running"


def test_a_project_that_is_no_longer_served_is_forgotten(desk: World) -> None:
    """Its requests are neither open nor set aside, and nothing is awaited of them."""
    administration.open_project(desk.tracker, "OPS", "Operations")
    for project in ("SUP", "OPS", "OPS"):
        desk.tracker.raise_request(
            organization=12, severity=3, project=project
        )
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        path = desk.config / "jira.yaml"
        path.write_text(
            path.read_text("utf-8").replace("projects: []", "projects: [SUP]"),
            "utf-8",
        )
        assert made.sweep_owed()
        made.reported(made.reconciler.sweep())
        assert (
            len(made.journal.open_ids()),
            made.journal.set_aside_requests(),
        ) == (
            1,
            [],
        )


def test_the_label_lets_a_request_off_that_nobody_understands(
    desk: World,
) -> None:
    """It is no longer set aside; taken away again, the label lets it be served like any other."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot() as made:
        made.reconciler.sweep()
        odd(desk, key)
        made.reconciler.changed()
        assert [one.key for one in made.journal.set_aside_requests()] == [key]
        desk.wait(minutes=1)
        desk.tracker.set_field(key, "labels", ["sla-bot-ignore"], as_=AGENT)
        made.reconciler.changed()
        assert (
            made.journal.set_aside_requests(),
            made.journal.next_change_at(),
        ) == (
            [],
            None,
        )
        desk.wait(minutes=1)
        desk.tracker.set_field(key, "labels", [], as_=AGENT)
        desk.tracker.set_field(key, "Severity", 2, as_=AGENT)
        made.reconciler.changed()
    assert desk.shows(key, "Response target") != "24 h, business hours"


def lose(file: Path, how: str) -> None:
    """Take the journal away, or spoil it."""
    if how == "spoilt inside":
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        file.write_bytes(file.read_bytes()[:4096] + b"garbage " * 8000)
        return
    for each in file.parent.glob("journal.db*"):
        if how == "deleted":
            each.unlink()
        else:
            each.write_bytes(b"garbage " * 2000)


@pytest.mark.parametrize("how", ["deleted", "spoilt", "spoilt inside"])
def test_a_journal_lost_under_a_running_daemon_is_made_anew(
    desk: World, how: str
) -> None:
    """It is a cache: requests are served at the next pass, nothing is written twice, and a restart finds it sound."""
    keys = [
        desk.tracker.raise_request(organization=12, severity=1)
        for _ in range(3)
    ]
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        lose(desk.folder / "journal.db", how)
        desk.wait(hours=24, seconds=1)
        new = desk.tracker.raise_request(organization=12, severity=3)
        for _ in range(3):
            made.reported(
                made.reconciler.sweep()
                if made.sweep_owed()
                else made.reconciler.changed()
            )
        assert desk.shows(new, "Response SLA") == "Running"
        assert [desk.shows(key, "Response SLA") for key in keys] == [
            "Breached"
        ] * 3
        assert made.reconciler.sweep().writes == 0
    with desk.bot() as made:
        assert made.reconciler.sweep().writes == 0
    assert [len(desk.notes(key)) for key in keys] == [1] * 3


def test_a_spoilt_journal_is_put_aside_at_the_start(desk: World) -> None:
    """The daemon starts; the file stays for somebody to look at."""
    (desk.folder / "journal.db").write_bytes(b"garbage " * 2000)
    with desk.bot() as made:
        assert made.reconciler.sweep().failed is None
    assert (desk.folder / "journal.db.damaged").exists()


@pytest.mark.parametrize("table", ["sla_bot_marks", "sla_bot_passes", "*"])
def test_tables_that_are_gone_are_made_anew(desk: World, table: str) -> None:
    """Whoever has dropped them: the next pass goes on."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        with sqlite3.connect(desk.folder / "journal.db") as connection:
            names = [
                row[0]
                for row in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table'"
                )
            ]
            for name in names if table == "*" else [table]:
                if name.startswith("sla_bot_"):
                    connection.execute(f"DROP TABLE {name}")
        connection.close()
        desk.wait(minutes=1)
        desk.tracker.comment(key, "On it.", as_=AGENT)
        for _ in range(2):
            made.reported(
                made.reconciler.sweep()
                if made.sweep_owed()
                else made.reconciler.changed()
            )
        assert desk.shows(key, "Response SLA") == "Met"
