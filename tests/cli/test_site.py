"""The verbs that ask a site: `plan`, `once`, `explain`, `health`, `run`."""

import json
from pathlib import Path

import httpx
import pytest

from jsm_sla_bot.cli import connected
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.telemetry.figures import Metrics
from jsm_sla_bot.telemetry.health import Health
from jsm_sla_bot.telemetry.server import HealthServer
from tests.cli.conftest import Cli, Desk


def shown(desk: Desk, key: str) -> str | None:
    """Return the field *Response SLA* of a request."""
    requests = httpx.get(f"{desk.url}/_sandbox/state").json()["requests"]
    found = next(one for one in requests if one["key"] == key)["fields"][
        "Response SLA"
    ]
    return None if found is None else str(found)


def trouble(desk: Desk, match: str, kind: str, **order: object) -> None:
    """Order trouble for calls whose `METHOD /path` matches."""
    httpx.post(
        f"{desk.url}/_sandbox/faults",
        json=[{"match": match, "kind": kind, "times": 0, **order}],
    )


def test_a_plan_is_applied_once(cli: Cli, desk: Desk) -> None:
    """`plan` writes nothing and says 2, `once` writes, and then there is nothing left: 0."""
    assert cli("plan", "--exit-code").code == 2
    assert shown(desk, "SUP-1") is None
    assert "2 requests read, 2 differed" in cli("once").out
    assert shown(desk, "SUP-1") == "Breached"
    assert "2 requests read, 0 differed, 0 writes" in cli("once").out
    told = cli("plan", "--exit-code")
    assert (told.code, told.out) == (
        0,
        "0 of 2 requests would be written to; nothing was.\n",
    )


def test_a_plan_without_the_option_is_no_error(cli: Cli, desk: Desk) -> None:
    """Differences alone are exit code 0; each field stands with its old and its new value."""
    told = cli("plan")
    assert told.code == 0
    assert "Response due - Sat 2024-03-09 06:20 CET" in " ".join(
        told.out.split()
    )
    assert max(map(len, told.out.splitlines())) <= 80


def test_a_plan_as_json(cli: Cli, desk: Desk) -> None:
    """Each request is a JSON object on its own line."""
    first, second = (
        json.loads(line) for line in cli("plan", "--json").out.splitlines()
    )
    assert (first["key"], second["key"]) == ("SUP-1", "SUP-2")
    due = {
        "field": "response_due",
        "old": None,
        "new": "2024-03-09T05:20:00+00:00",
    }
    assert due in first["changes"]


def test_a_plan_that_cannot_be_worked_out_is_an_error(
    cli: Cli, desk: Desk
) -> None:
    """With nothing to write but a request that is not understood the exit code is 1, and the request is named."""
    cli("once")
    for call in ("POST .*/issue/bulkfetch", "GET .*/issue/"):
        trouble(desk, call, "broken-issue", key="SUP-2")
    told = cli("plan", "--exit-code")
    assert told.code == 1
    assert "SUP-2: " in told.err


def test_explain_tells_every_step(cli: Cli, desk: Desk) -> None:
    """Organization, tier, severity, product, phone, calendar, intervals counted: all on 80 columns."""
    told = cli("explain", "SUP-1")
    assert told.code == 0
    flat = " ".join(told.out.split())
    for step in (
        "Nordbank AB",
        "has bought Expert",
        "Severity S2",
        "Outscan NX",
        "The customer called Fri 2024-03-08 22:20 CET",
        "Expert owes a first response to S2",
        "Counted on round the clock: 8 h",
        "Due Sat 2024-03-09 06:20 CET",
    ):
        assert step in flat
    assert max(map(len, told.out.splitlines())) <= 80


def test_explain_names_the_days_that_were_skipped(
    cli: Cli, desk: Desk
) -> None:
    """A business-hours clock shows its week-end days and what each open day added."""
    told = cli("explain", "SUP-2")
    assert (
        "2024-03-09                Saturday                  skipped"
        in told.out
    )
    assert (
        "2024-03-10                Sunday                    skipped"
        in told.out
    )
    assert told.out.count("  8 h") == 5


def test_explain_as_json(cli: Cli, desk: Desk) -> None:
    """The same answer as data, under the request's key."""
    assert (
        json.loads(cli("explain", "SUP-1", "--json").out)["due"]
        == "2024-03-09T05:20:00Z"
    )


def test_explain_to_the_customer_as_json(cli: Cli, desk: Desk) -> None:
    """Only what the customer may read: no source, no rule, no name of an organization or a calendar."""
    told = json.loads(cli("explain", "SUP-1", "--json", "--for-customer").out)
    assert set(told) == {
        "key",
        "due",
        "target",
        "severity",
        "status",
        "because",
    }
    assert told["due"] == "2024-03-09T05:20:00Z"
    text = " ".join(told["because"])
    assert "Your support level is Expert." in text
    for internal in ("Nordbank", "sweden", "R6", "yaml", "organization"):
        assert internal not in text


@pytest.mark.parametrize("key", ["SUP-99", "'; drop", "NOPE-1"])
def test_explain_of_no_request(cli: Cli, desk: Desk, key: str) -> None:
    """A key that is not there is one sentence."""
    told = cli("explain", key)
    assert (told.code, told.err) == (
        1,
        f"{key}: not found, or not visible to this account\n",
    )


@pytest.mark.parametrize("verb", ["once", "plan", "explain"])
@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("API_TOKEN", "wrong-1", "Jira does not accept our token"),
        (
            "URL",
            "http://127.0.0.1:9",
            "127.0.0.1 refuses the connection: check the site's address and port",
        ),
        ("URL", None, "JSM_SLA_BOT_URL is missing"),
        ("URL", "example.atlassian.net", "JSM_SLA_BOT_URL is no address"),
        ("API_TOKEN", None, "JSM_SLA_BOT_API_TOKEN is missing"),
        ("BEARER_TOKEN", "sandbox", "are both set"),
        ("JOURNAL_URL", "sqlite:////nowhere/journal.db", "journal"),
        ("JOURNAL_URL", "nonsense", "JSM_SLA_BOT_JOURNAL_URL"),
        ("CONFIG_DIR", "/nowhere", "/nowhere"),
    ],
    ids=[
        "token",
        "nobody there",
        "no url",
        "no address",
        "no token",
        "both",
        "journal",
        "no journal",
        "config",
    ],
)
def test_a_wrong_setting_is_one_sentence(
    cli: Cli,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
    setting: str,
    value: str | None,
    said: str,
) -> None:
    """It names what is wrong, never the secret, and the exit code is 1."""
    if value is None:
        monkeypatch.delenv(f"JSM_SLA_BOT_{setting}")
    else:
        monkeypatch.setenv(f"JSM_SLA_BOT_{setting}", value)
    monkeypatch.setattr(connected, "RETRIES", 0)
    told = cli(verb, *(["SUP-1"] if verb == "explain" else []))
    assert (told.code, told.out) == (1, "")
    assert said in told.err
    assert "Traceback" not in told.err
    assert "wrong-1" not in told.err
    assert len(told.err.splitlines()) == 1


def test_a_broken_configuration_lists_every_problem(
    cli: Cli, home: Path
) -> None:
    """`check` names each by file, line and column, what was found and the nearest right word; exit code 1."""
    policy = home / "config" / "policy.yaml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(
        text.replace("calendar: sweden", "calendar: sweeden").replace(
            "reopen: keep", "reopen: kep"
        )
    )
    (home / "config" / "jira.yaml").write_text(
        "feilds: {}\n", encoding="utf-8"
    )
    told = cli("check")
    assert (told.code, told.out) == (1, "")
    assert "did you mean" in told.err
    for place in ("policy.yaml:35:", "policy.yaml:63:", "jira.yaml:1:"):
        assert place in told.err


def test_a_good_configuration(cli: Cli) -> None:
    """`check` counts what it has read and asks no site."""
    told = cli("check")
    assert (told.code, told.err) == (0, "")
    assert "config is good: 3 tiers, 9 organizations, 2 calendars" in told.out


@pytest.mark.parametrize(
    "name",
    ["policy.yaml", "organizations.yaml", "jira.yaml", "calendars/*.yaml"],
)
def test_a_schema_is_printed(cli: Cli, name: str) -> None:
    """Each file of the configuration has a JSON Schema."""
    assert json.loads(cli("schema", name).out)["type"] == "object"


def test_schemas_are_written_for_editors(cli: Cli, home: Path) -> None:
    """`--directory` makes the folder and a file for each."""
    told = cli("schema", "--directory", home / ".schemas")
    written = {Path(line).name for line in told.out.split()}
    assert {
        "policy.schema.json",
        "organizations.schema.json",
        "jira.schema.json",
    } <= written
    assert all((home / ".schemas" / name).is_file() for name in written)


def test_health_of_a_daemon(cli: Cli) -> None:
    """By default it asks whether the process works; `--ready` and `--all` ask for more; 1 with the reasons."""
    health = Health()
    with HealthServer(0, health, Metrics()) as server:
        port = server.port
        for option in ([], ["--ready"], ["--all"]):
            assert cli("health", "--port", port, *option).code == 0
        health.wrong("jira", "401")
        told = cli("health", "--port", port, "--all")
        assert (told.code, json.loads(told.err)["problems"]) == (
            1,
            {"jira": "401"},
        )
        health.require("policy", lambda: "waits for a person")
        told = cli("health", "--port", port, "--ready")
        assert (told.code, json.loads(told.err)["waits_for"]) == (
            1,
            {"policy": "waits for a person"},
        )
        assert cli("health", "--port", port).code == 0
    told = cli("health", "--port", port)
    assert (told.code, told.err) == (
        1,
        f"no daemon answers on port {port}: [Errno 111] Connection refused\n",
    )


def test_a_health_port_in_use_is_one_sentence(
    cli: Cli, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`run` names the setting and does not start."""
    with HealthServer(0, Health(), Metrics()) as server:
        monkeypatch.setenv("JSM_SLA_BOT_HEALTH_PORT", str(server.port))
        told = cli("run")
    assert told.code == 1
    assert (
        f"JSM_SLA_BOT_HEALTH_PORT {server.port} can't be used: Address already in use"
        in told.err
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("chek",), "Did you mean 'check'"),
        (("plan", "--exitcode"), "--exit-code"),
        (("explain",), "Missing argument 'key'"),
        (("explain", "A-1", "B-2"), "unexpected extra argument"),
        (("sandbox", "--port", "99999"), "65535"),
        (("demo", "--seconds", "-1"), "--seconds"),
        (
            ("schema", "nonsense"),
            "there is no schema 'nonsense': expected one of policy.yaml",
        ),
        (("calendars", "show", "sweeden", "2026"), "sweeden"),
        (
            ("calendars", "show", "sweden", "1999"),
            "covers 2015-2030, not 1999",
        ),
        (("check", "--config", "nowhere"), "nowhere"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_not_understood_is_exit_code_1(
    cli: Cli, arguments: tuple[str, ...], said: str
) -> None:
    """A slip of the keyboard is one sentence and never 2, which would say that a plan holds differences."""
    told = cli(*arguments)
    assert (told.code, told.out) == (1, "")
    assert said in told.err
    assert len(told.err.splitlines()) == 1


def test_a_site_that_does_not_tell_its_time(
    cli: Cli, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without `serverTime` no pass can begin: one sentence that names the place, and no traceback."""
    monkeypatch.setattr(
        Rest, "server_info", lambda _: {"deploymentType": "Cloud"}
    )
    told = cli("once")
    assert told.code == 1
    assert "does not tell its time" in told.err
    assert len(told.err.strip().splitlines()) == 1
