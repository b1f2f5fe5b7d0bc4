"""Bad days: what goes wrong is named in the log, and every request that can be served is served."""

import json
from pathlib import Path

import httpx
import pytest

from jsm_sla_bot.app import bot
from jsm_sla_bot.config.problem import ConfigurationProblems
from jsm_sla_bot.telemetry.server import HealthServer
from tests.scenarios.world import World


@pytest.fixture
def three(desk: World) -> World:
    """Open a desk with three requests, SUP-1 to SUP-3."""
    for severity in (1, 2, 3):
        desk.tracker.raise_request(
            f"Confidential summary {severity}",
            description="Confidential text",
            organization=12,
            severity=severity,
        )
    desk.wait(minutes=5)
    return desk


def shown(desk: World) -> list[str | None]:
    """Return the field *Response SLA* of the three requests."""
    return [
        desk.shows(f"SUP-{number}", "Response SLA") for number in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("match", "kind", "times"),
    [
        ("PUT .*/issue/", "429", 2),
        ("PUT .*/issue/", "503", 2),
        ("PUT .*/issue/", "timeout", 1),
        ("PUT .*/issue/", "503-after", 1),
        ("PUT .*/issue/", "timeout-after", 1),
        ("PUT .*/issue/", "reset-after", 1),
        ("POST .*/bulkfetch", "503", 2),
        ("POST .*/bulkfetch", "cut-json", 1),
        ("POST .*/search/jql", "429", 3),
        ("POST .*/search/jql", "html", 1),
        ("GET .*/myself", "reset", 1),
    ],
)
def test_what_passes_is_ridden_out(
    three: World, match: str, kind: str, times: int
) -> None:
    """A limit, an outage or a lost answer of a moment costs patience and nothing else."""
    three.goes_wrong(match, kind, times=times)
    assert three.sweep().failed is None
    assert shown(three) == ["Running"] * 3


def test_a_request_whose_json_is_broken_stops_no_other(
    three: World, capfd: pytest.CaptureFixture[str]
) -> None:
    """The broken request is set aside with its reason; the others get their fields in the same pass."""
    three.goes_wrong(
        "POST .*/issue/bulkfetch", "broken-issue", key="SUP-2", times=0
    )
    three.goes_wrong("GET .*/issue/", "broken-issue", key="SUP-2", times=0)
    report = three.sweep()
    assert (report.failed, report.set_aside) == (None, 1)
    assert shown(three) == ["Running", None, "Running"]
    assert "request_set_aside" in capfd.readouterr().err


def test_one_request_that_cannot_be_written_stops_no_other(
    three: World,
) -> None:
    """A request whose every write fails is set aside and written at a later pass, when the site is well again."""
    three.goes_wrong(
        f"PUT .*/issue/{three.request('SUP-2')['id']}$", "503", times=0
    )
    with three.bot() as made:
        assert made.reconciler.sweep().set_aside == 1
        assert shown(three) == ["Running", None, "Running"]
        three.goes_well()
        three.wait(hours=1)
        assert made.reconciler.due().writes == 1
    assert shown(three) == ["Running"] * 3


@pytest.mark.parametrize("kind", ["401", "anonymous"])
def test_an_account_that_is_not_ours_any_more_stops_everything(
    three: World, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """With a token that has expired nothing is believed and nothing written, however friendly the answers are."""
    three.goes_wrong("", kind, times=0)
    report = three.sweep()
    assert report.failed is not None
    assert shown(three) == [None] * 3
    assert not [call for call in three.calls() if call["method"] == "PUT"]
    assert "sandbox" not in capfd.readouterr().err.replace("jsm_sandbox", "")


def test_an_account_that_answers_again_is_served_again(three: World) -> None:
    """After an hour of 401 the next pass catches up by itself."""
    three.goes_wrong("GET .*/myself", "401", times=1)
    with three.bot() as made:
        assert made.reconciler.changed().failed
        assert made.reconciler.changed().failed is None
    assert shown(three) == ["Running"] * 3


def test_no_secret_and_no_customer_text_is_logged(
    three: World, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever goes wrong, at DEBUG level too, no line carries the token or what a customer wrote."""
    three.tracker.comment("SUP-1", "Confidential answer", as_="Mia Lindqvist")
    for match, kind in (
        ("PUT", "429"),
        ("POST .*/bulkfetch", "cut-json"),
        ("GET .*/myself", "503"),
        ("PUT", "400"),
    ):
        three.goes_wrong(match, kind, times=1)
    with three.bot(LOG_LEVEL="DEBUG", LOG_FORMAT="json") as made:
        made.reported(made.reconciler.sweep())
    logged = capfd.readouterr()
    assert "pass" in logged.err
    for word in ("Confidential", "Ym90QGV4YW1wbGU", "api_token"):
        assert word not in logged.err + logged.out


def test_broken_yaml_at_the_start_is_a_list_of_problems(desk: World) -> None:
    """The bot does not start with a broken configuration: every problem is named at once."""
    (desk.config / "policy.yaml").write_text("tiers: [\n", encoding="utf-8")
    (desk.config / "jira.yaml").write_text(
        "projects: 7\nfeilds: {}\n", encoding="utf-8"
    )
    with (
        pytest.raises(ConfigurationProblems) as problems,
        bot(desk.settings()),
    ):
        pass
    assert {
        Path(problem.file).name for problem in problems.value.problems
    } >= {
        "policy.yaml",
        "jira.yaml",
    }


def test_broken_yaml_while_running_keeps_the_last_good_one(
    desk: World,
) -> None:
    """The daemon goes on under the last good configuration, and its health says what is wrong until it is mended."""
    good = (desk.config / "organizations.yaml").read_text(encoding="utf-8")
    with (
        desk.bot() as made,
        HealthServer(0, made.health, made.metrics) as server,
    ):
        made.reported(made.reconciler.sweep())
        (desk.config / "organizations.yaml").write_text(
            good.replace("\n    tier: Expert\n", "\n    tier: Exprt\n", 1),
            "utf-8",
        )
        assert made.sweep_owed() is False
        answer = httpx.get(f"http://127.0.0.1:{server.port}/healthz")
        assert answer.status_code == 503
        assert "organizations.yaml" in json.dumps(answer.json())
        raised = desk.tracker.raise_request(organization=11, severity=3)
        assert made.reconciler.changed().writes > 0
        assert desk.shows(raised, "Support tier") == "Expert"
        (desk.config / "organizations.yaml").write_text(
            good + "\n# mended\n", "utf-8"
        )
        made.sweep_owed()
        assert (
            httpx.get(f"http://127.0.0.1:{server.port}/healthz").status_code
            == 200
        )


def test_a_policy_that_would_rewrite_the_desk_is_refused_and_taken_back(
    desk: World,
) -> None:
    """A typo in a target moves no due time: the pass writes nothing, says so, and the last policy stays in force."""
    raised = [
        desk.tracker.raise_request(organization=12, severity=3)
        for _ in range(30)
    ]
    policy = (desk.config / "policy.yaml").read_text(encoding="utf-8")
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        before = [desk.shows(key, "Response due") for key in raised]
        (desk.config / "policy.yaml").write_text(
            policy.replace("24 business hours", "2 business hours"), "utf-8"
        )
        assert made.sweep_owed()
        report = made.reconciler.sweep()
        made.reported(report)
        assert "30 of 30" in str(report.refused)
        assert "budget" in made.health.problems()
        assert made.reconciler.changed().writes == 0
    assert [desk.shows(key, "Response due") for key in raised] == before


def edit(desk: World, file: str, old: str, new: str) -> None:
    """Let an admin edit a file of the configuration."""
    path = desk.config / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_slip_in_how_jira_is_read_does_not_rewrite_the_desk(
    desk: World,
) -> None:
    """Two severities exchanged in `jira.yaml` would move every due time: held back like any other policy."""
    raised = [
        desk.tracker.raise_request(organization=12, severity=3)
        for _ in range(30)
    ]
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        before = [desk.shows(key, "Response due") for key in raised]
        text = (desk.config / "jira.yaml").read_text("utf-8")
        three, two = (
            next(
                line
                for line in text.splitlines()
                if line.strip().startswith(s)
            )
            for s in ("S3:", "S2:")
        )
        edit(desk, "jira.yaml", three, three.replace("S3:", "S2:"))
        edit(desk, "jira.yaml", two, two.replace("S2:", "S3:"))
        assert made.sweep_owed()
        desk.tracker.set_field(
            raised[0], "labels", ["urgent"], as_="Mia Lindqvist"
        )
        made.reconciler.changed()
        report = made.reconciler.sweep()
        made.reported(report)
        assert "30 of 30" in str(report.refused)
        assert made.reconciler.changed().writes == 0
    assert [desk.shows(key, "Response due") for key in raised] == before


def test_a_good_edit_of_how_jira_is_read_is_swept_in_at_once(
    desk: World,
) -> None:
    """Another status that means *declined*: the requests in it are looked at without waiting for the daily sweep."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    desk.tracker.transition(key, "Waiting for customer", as_="Mia Lindqvist")
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        assert desk.shows(key, "Response SLA") == "Running"
        edit(
            desk,
            "jira.yaml",
            "declined: [Declined]",
            "declined: [Declined, Waiting for customer]",
        )
        assert made.sweep_owed()
        made.reported(made.reconciler.sweep())
    assert desk.shows(key, "Response SLA") == "Not applicable"


def test_an_edit_that_does_not_fit_the_site_keeps_the_last_good_one(
    desk: World,
) -> None:
    """A field that the site lacks stops no pass; as soon as the site has it, the edit counts."""
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        edit(desk, "jira.yaml", "severity: Severity", "severity: Gravity")
        assert made.sweep_owed() is False
        assert "no field 'Gravity'" in made.health.problems()["configuration"]
        raised = desk.tracker.raise_request(organization=11, severity=3)
        assert made.reconciler.changed().failed is None
        assert desk.shows(raised, "Support tier") == "Expert"
        severity = desk.tracker.site.field("Severity")
        assert severity
        desk.tracker.site.replace_field(severity, name="Gravity")
        assert made.sweep_owed()
        made.reported(made.reconciler.sweep())
        assert made.health.problems() == {}


def test_an_edit_while_the_site_is_down_is_tried_again(desk: World) -> None:
    """Whether it fits can't be known yet: the last good one stays until it can."""
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        desk.goes_wrong("GET .*/field", "503", times=0)
        edit(
            desk,
            "jira.yaml",
            "ignore_label: sla-bot-ignore",
            "ignore_label: hands-off",
        )
        assert made.sweep_owed() is False
        assert "503" in made.health.problems()["configuration"]
        desk.goes_well()
        assert made.sweep_owed()
