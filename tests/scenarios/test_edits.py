"""Edits of the configuration while the daemon is at work: judged one by one, and never a desk that nobody serves."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Event, Thread

import pytest

from jsm_sandbox.play import administration
from jsm_sla_bot import app
from jsm_sla_bot.config.problem import ConfigurationProblems
from jsm_sla_bot.daemon.standing import standing
from jsm_sla_bot.jsm.read.poll import Poll
from jsm_sla_bot.passes.permission import allow
from jsm_sla_bot.ports.journal import AdmittedPolicy, AllowedPolicy, PassReport
from jsm_sla_bot.ports.site import Fetched
from tests.scenarios.world import World

AGENT = "Mia Lindqvist"
FIELDS = (
    "Support tier",
    "Response due",
    "Response SLA",
    "Response target",
    "Acknowledged at",
    "SLA basis",
    "Status",
)
SLIP = ("policy.yaml", "S3: 24 business hours", "S3: 2 business hours")
GOOD = ("policy.yaml", "S4: 40 business hours", "S4: 48 business hours")


def edit(desk: World, file: str, old: str, new: str) -> None:
    """Let an admin edit a file of the configuration."""
    path = desk.config / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    desk.wait(seconds=1)


def back(desk: World, file: str, old: str, new: str) -> None:
    """Let the admin undo it."""
    edit(desk, file, new, old)


def poll(made: app.Bot) -> PassReport:
    """Do what the daemon does at a poll."""
    report = (
        made.reconciler.sweep()
        if made.sweep_owed()
        else made.reconciler.changed()
    )
    made.reported(report)
    return report


def while_reading(made: app.Bot, happens: Callable[[], object]) -> PassReport:
    """Let something happen while a sweep reads the desk."""
    reading, go_on = Event(), Event()
    fetch = Poll.fetch

    def slow(source: Poll, ids: Sequence[str]) -> Fetched:
        reading.set()
        go_on.wait(20)
        return fetch(source, ids)

    box: list[PassReport] = []
    sweep = Thread(target=lambda: box.append(made.reconciler.sweep()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Poll, "fetch", slow)
        sweep.start()
        assert reading.wait(20)
    happens()
    go_on.set()
    sweep.join()
    made.reported(box[0])
    return box[0]


def shows_target(desk: World, made: app.Bot, severity: int) -> str:
    """Raise a request and return the target that it is told at the next poll."""
    desk.wait(minutes=1)
    key = desk.tracker.raise_request(organization=12, severity=severity)
    poll(made)
    return str(desk.shows(key, "Response target"))


def shown(desk: World) -> list[dict[str, object]]:
    """Return what every request shows of its response time."""
    return [
        {name: one["fields"][name] for name in FIELDS}
        for one in desk.requests()
    ]


@pytest.fixture
def crowd(desk: World) -> World:
    """Open a desk with thirty requests that wait for an answer."""
    for _ in range(30):
        desk.tracker.raise_request(organization=12, severity=3)
    return desk


def test_a_slip_during_a_sweep_leaves_nobody_unserved(crowd: World) -> None:
    """What is saved while the daily sweep is at work is judged after it; refused, the one before goes on."""
    with crowd.bot() as made:
        poll(made)

        def slip() -> None:
            edit(crowd, *SLIP)
            made.sweep_owed()

        while_reading(made, slip)
        assert poll(made).refused
        assert shows_target(crowd, made, 3) == "24 h, business hours"
        assert "budget" in made.health.problems()


def test_a_fix_saved_while_the_slip_is_counted_is_judged_by_itself(
    crowd: World,
) -> None:
    """The refusal is the slip's, whatever the folder says by then."""
    with crowd.bot() as made:
        poll(made)
        edit(crowd, *SLIP)
        assert made.sweep_owed()

        def fix() -> None:
            back(crowd, *SLIP)
            edit(crowd, *GOOD)
            made.sweep_owed()

        report = while_reading(made, fix)
        assert report.refused
        assert poll(made).refused is None
        assert shows_target(crowd, made, 4) == "48 h, business hours"
        assert made.health.problems() == {}
        assert standing(made.journal, crowd.hands.now()).held_back is None


def test_a_refused_edit_that_is_undone_is_forgotten(crowd: World) -> None:
    """When the policy is corrected nothing is held back any more, nor said to be."""
    with crowd.bot() as made:
        poll(made)
        edit(crowd, *SLIP)
        assert poll(made).refused
        assert made.reconciler.moved == 30
        assert standing(made.journal, crowd.hands.now()).held_back
        back(crowd, *SLIP)
        assert poll(made).refused is None
        assert made.health.problems() == {}
        assert standing(made.journal, crowd.hands.now()).held_back is None


def test_after_a_restart_the_policy_let_through_last_is_in_force(
    crowd: World,
) -> None:
    """A slip saved while nobody was at work is held back, and requests are served under the policy before it."""
    with crowd.bot() as made:
        poll(made)
    edit(crowd, *SLIP)
    with crowd.bot() as made:
        assert "30 of 30" in str(poll(made).refused)
        assert shows_target(crowd, made, 3) == "24 h, business hours"
        assert poll(made).writes == 0
        assert allow(made.journal, made.configuration.policy.hash)
        assert poll(made).writes == 31
        assert made.health.problems() == {}


def test_a_daemon_starts_under_the_last_good_configuration(
    crowd: World,
) -> None:
    """A broken file at a restart takes nobody down who is served: the health tells until it is mended."""
    with crowd.bot() as made:
        poll(made)
    edit(crowd, "policy.yaml", "tiers:", "tires:")
    with pytest.raises(ConfigurationProblems), crowd.bot():
        pass
    with app.bot(crowd.settings(), clock=crowd.hands, resume=True) as made:
        assert shows_target(crowd, made, 3) == "24 h, business hours"
        assert "policy.yaml" in made.health.problems()["configuration"]
        back(crowd, "policy.yaml", "tiers:", "tires:")
        edit(crowd, *GOOD)
        assert shows_target(crowd, made, 4) == "48 h, business hours"
        assert made.health.problems() == {}


def test_the_word_for_one_policy_is_none_for_another(crowd: World) -> None:
    """Given and not used, it does not wait for a later day."""
    with crowd.bot() as made:
        poll(made)
        edit(crowd, *SLIP)
        assert poll(made).refused
        assert allow(made.journal, made.configuration.policy.hash)
        back(crowd, *SLIP)
        edit(crowd, *GOOD)
        assert poll(made).refused is None
        assert made.journal.recall(AllowedPolicy) is None
        back(crowd, *GOOD)
        poll(made)
        edit(crowd, *SLIP)
        assert poll(made).refused


def waiting(desk: World, key: str) -> None:
    """Let an agent wait for the customer."""
    desk.tracker.transition(key, "Waiting for customer", as_=AGENT)


def graded(desk: World, key: str) -> None:
    """Let an agent change the severity."""
    desk.tracker.set_field(key, "Severity", 2, as_=AGENT)


def taken_out(desk: World, key: str) -> None:
    """Let an agent take the request out."""
    desk.tracker.set_field(key, "labels", ["sla-bot-ignore"], as_=AGENT)


def urgent(desk: World, key: str) -> None:
    """Let an agent mark the request."""
    desk.tracker.set_field(key, "labels", ["urgent"], as_=AGENT)


def nothing(_desk: World, _key: str) -> None:
    """Do nothing."""


SLIPS = [
    ("a status that means acknowledged", waiting, "jira.yaml", "[In progress]", "[In progress, Waiting for customer]"),
    ("a severity that acknowledges", graded, "policy.yaml", "  severity: false", "  severity: true"),
    ("an option misspelt", nothing, "jira.yaml", "S3: [S3 - Medium, S3, 3]", "S3: [S3 - Medum]"),
    ("an organization misspelt", nothing, "organizations.yaml", "id: 12", "id: 112"),
    ("a rung earlier", nothing, "policy.yaml", "share: 75 %", "share: 0.1 %"),
    ("two fields exchanged", nothing, "jira.yaml", "response_sla: Response SLA\n  response_target: Response target",
     "response_sla: Response target\n  response_target: Response SLA"),
    ("the label renamed", taken_out, "jira.yaml", "ignore_label: sla-bot-ignore", "ignore_label: hands-off"),
    ("a status that means declined", nothing, "jira.yaml", "[Declined]", "[Declined, Waiting for support]"),
    ("a status that means closed", nothing, "jira.yaml", "[Resolved, Closed]", "[Resolved, Waiting for support]"),
    ("a label that all carry", urgent, "jira.yaml", "ignore_label: sla-bot-ignore", "ignore_label: urgent"),
    ("another tier", nothing, "organizations.yaml", "name: Acme Industries\n    tier: Knowledge",
     "name: Acme Industries\n    tier: Expert"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("happens", "file", "old", "new"),
    [slip[1:] for slip in SLIPS],
    ids=[slip[0] for slip in SLIPS],
)
def test_a_slip_of_any_kind_is_held_back(
    crowd: World,
    happens: Callable[[World, str], None],
    file: str,
    old: str,
    new: str,
) -> None:
    """Whatever a policy alone would change counts, and what it would no longer understand."""
    for number in range(1, 31):
        happens(crowd, f"SUP-{number}")
    crowd.wait(minutes=10)
    with crowd.bot() as made:
        poll(made)
        before = shown(crowd)
        edit(crowd, file, old, new)
        assert "30 of 30" in str(poll(made).refused)
        crowd.wait(minutes=1)
        assert poll(made).writes == 0
    assert shown(crowd) == before
    assert not any(crowd.notes(f"SUP-{number}") for number in range(1, 31))


def test_a_desk_that_would_not_be_served_any_more_is_held_back(
    crowd: World,
) -> None:
    """Who is left out altogether counts like who is told something else."""
    administration.open_project(crowd.tracker, "OPS", "Operations")
    with crowd.bot() as made:
        poll(made)
        edit(crowd, "jira.yaml", "projects: []", "projects: [OPS]")
        assert "30 of 30" in str(poll(made).refused)
        assert len(made.journal.open_ids()) == 30


def test_the_way_back_is_judged_too(crowd: World) -> None:
    """A policy that a person let through is in force: to leave it again asks for a word as well."""
    tier = SLIPS[-1][2:]
    with crowd.bot() as made:
        poll(made)
        edit(crowd, *tier)
        assert poll(made).refused
        assert allow(made.journal, made.configuration.policy.hash)
        assert poll(made).writes == 30
        back(crowd, *tier)
        assert "30 of 30" in str(poll(made).refused)


def test_what_happens_while_a_policy_is_judged_does_not_count(
    crowd: World,
) -> None:
    """Thirty answers over a weekend without the daemon, and a harmless edit: nothing to ask about."""
    with crowd.bot() as made:
        poll(made)
    for number in range(1, 31):
        crowd.tracker.comment(f"SUP-{number}", "We are on it.", as_=AGENT)
    crowd.wait(days=4)
    edit(crowd, *GOOD)
    with crowd.bot() as made:
        report = poll(made)
        assert (report.refused, report.writes) == (None, 30)


def test_several_edits_of_the_site_while_a_sweep_is_at_work(
    crowd: World,
) -> None:
    """Whoever reads the site as it was before goes on to do so."""
    with crowd.bot() as made:
        poll(made)
        crowd.wait(days=4)

        def edits() -> None:
            for old, new in (
                ("sla-bot-ignore", "hands-of"),
                ("hands-of", "hands-off"),
            ):
                edit(
                    crowd,
                    "jira.yaml",
                    f"ignore_label: {old}",
                    f"ignore_label: {new}",
                )
                assert made.sweep_owed()
                made.reported(made.reconciler.changed())

        report = while_reading(made, edits)
        assert (report.failed, report.set_aside) == (None, 0)
        assert poll(made).failed is None
        assert standing(made.journal, crowd.hands.now()).set_aside == []


def test_plan_says_what_would_be_held_back(crowd: World) -> None:
    """Who looks before the daemon does learns the same."""
    with crowd.bot() as made:
        poll(made)
    edit(crowd, *SLIP)
    with crowd.bot() as made:
        assert len(list(made.reconciler.preview())) == 30
        assert "30 of 30" in str(made.reconciler.verdict())
    back(crowd, *SLIP)
    with crowd.bot() as made:
        list(made.reconciler.preview())
        assert made.reconciler.verdict() is None


def test_a_field_renamed_on_the_site_and_in_the_folder_is_adopted(
    crowd: World,
) -> None:
    """The reading before does not fit the site any more: nobody may be kept waiting for it, nor after a restart."""
    with crowd.bot() as made:
        poll(made)
        severity = crowd.tracker.site.field("Severity")
        assert severity
        crowd.tracker.site.replace_field(severity, name="Gravity")
    edit(crowd, "jira.yaml", "severity: Severity", "severity: Gravity")
    with crowd.bot() as made:
        assert poll(made).failed is None
        assert shows_target(crowd, made, 3) == "24 h, business hours"
        assert made.health.problems() == {}


@pytest.mark.parametrize(
    "broken", [True, False], ids=["broken", "over budget"]
)
def test_what_was_let_through_is_kept_as_it_was(
    crowd: World, broken: bool
) -> None:
    """Not as the folder is by the time the sweep ends: restart after restart the last good one is in force."""
    bad = ("policy.yaml", "tiers:", "tires:") if broken else SLIP
    with crowd.bot() as made:
        while_reading(made, lambda: edit(crowd, *bad))
    for _ in range(2):
        with app.bot(crowd.settings(), clock=crowd.hands, resume=True) as made:
            poll(made)
            poll(made)
            assert shows_target(crowd, made, 3) == "24 h, business hours"


def test_a_lost_journal_learns_what_is_in_force(crowd: World) -> None:
    """After it was made anew under the running daemon, a restart knows again what was let through."""
    with crowd.bot() as made:
        poll(made)
        for file in crowd.folder.glob("journal.db*"):
            file.unlink()
        crowd.wait(minutes=1)
        poll(made)
        poll(made)
        admitted = made.journal.recall(AdmittedPolicy)
        assert admitted is not None
        assert admitted.policy == made.configuration.policy.hash
    edit(crowd, "policy.yaml", "share: 75 %", "share: 0.1 %")
    crowd.wait(minutes=10)
    with crowd.bot() as made:
        assert "30 of 30" in str(poll(made).refused)


def test_a_first_contact_that_waits_for_a_word_forgets_no_closed_request(
    desk: World,
) -> None:
    """What was resolved within the lookback is told, whenever the word is given."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    desk.tracker.comment(key, "Done.", as_=AGENT)
    desk.tracker.transition(key, "Resolved", as_=AGENT)
    desk.wait(days=2)
    with desk.bot(FIRST_CONTACT="ask") as made:
        assert poll(made).refused
        desk.wait(hours=1)
        assert allow(made.journal, made.configuration.policy.hash)
        assert poll(made).refused is None
    assert desk.shows(key, "Response SLA") == "Met"


def test_a_daily_sweep_that_fails_is_made_up_for_soon(crowd: World) -> None:
    """The health says so until it is."""
    with crowd.bot() as made:
        poll(made)
        crowd.goes_wrong("POST .*/search/jql", "503", times=0)
        made.reported(made.reconciler.sweep())
        crowd.goes_well()
        made.reported(made.reconciler.changed())
        assert "jira: sweep" in made.health.problems()
        crowd.wait(minutes=2)
        assert made.sweep_owed()
        poll(made)
        assert made.health.problems() == {}


def test_a_slip_undone_while_it_is_counted_is_not_held_back(
    crowd: World,
) -> None:
    """Nobody asks for it any more by the time it is refused."""
    with crowd.bot() as made:
        poll(made)
        edit(crowd, *SLIP)
        assert made.sweep_owed()

        def undone() -> None:
            back(crowd, *SLIP)
            made.sweep_owed()

        assert while_reading(made, undone).refused
        assert standing(made.journal, crowd.hands.now()).held_back is None
        assert poll(made).refused is None
        assert made.health.problems() == {}


def test_no_pass_for_too_long_is_told_by_a_clock_that_nobody_sets(
    crowd: World,
) -> None:
    """The machine's clock may have been set back meanwhile."""
    with crowd.bot() as made:
        made.reporting.begin()
        poll(made)
        crowd.naps.take(3600)
        crowd.hands.instant -= timedelta(minutes=30)
        assert "no pass has succeeded" in made.health.problems()["passes"]
        poll(made)
        assert "passes" not in made.health.problems()


@pytest.mark.slow
def test_a_sweep_that_only_a_person_can_mend_is_not_run_at_every_poll(
    crowd: World,
) -> None:
    """Requests that vanish all at once fail it: it is tried every ten minutes, and nothing spins meanwhile."""
    with crowd.bot() as made:
        poll(made)
        for number in range(1, 21):
            crowd.tracker.delete(f"SUP-{number}")
        made.reported(made.reconciler.sweep())
        crowd.forget_calls()
        for _ in range(240):
            crowd.wait(seconds=30)
            poll(made)
            made.reported(made.reconciler.due())
        assert sum("bulkfetch" in call["path"] for call in crowd.calls()) < 120
        assert len(made.journal.open_ids()) == 30


def test_a_due_pass_that_failed_is_forgotten_when_nothing_is_due(
    crowd: World,
) -> None:
    """Whoever else has served the request meanwhile: the health is well again."""
    with crowd.bot() as made:
        poll(made)
        crowd.at("2026-03-04T12:00+01:00")
        crowd.goes_wrong("GET .*/myself", "503", times=0)
        made.reported(made.reconciler.due())
        assert "jira: due" in made.health.problems()
        crowd.goes_well()
        poll(made)
        made.reported(made.reconciler.sweep())
        assert made.health.problems() == {}


@pytest.mark.slow
def test_after_a_whole_day_without_the_site_the_sweep_is_still_owed(
    crowd: World,
) -> None:
    """However often it has failed, it is tried again ten minutes later."""
    with crowd.bot() as made:
        crowd.goes_wrong("GET .*/myself", "401", times=0)
        for _ in range(150):
            made.reported(made.reconciler.sweep())
            assert not made.sweep_owed()
            crowd.wait(minutes=10)
            assert made.sweep_owed()
        crowd.goes_well()
        poll(made)
        assert made.health.problems() == {}
