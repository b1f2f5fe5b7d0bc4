"""`organizations`: what the site has, what the YAML has, and the lines that bring the two together."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from jsm_sandbox.state.setup import Organization
from jsm_sla_bot.cli.main import command_line
from tests.cli.conftest import Cli, Desk


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Add organizations that the YAML does not have, with open and closed requests."""
    site = desk.tracker.site
    site.organizations += [
        Organization(31, "Yes", numeric_id=False),
        Organization(32, "Zebra: 'North' & #1", numeric_id=True),
        Organization(33, "Quiet Ltd", numeric_id=False),
    ]
    for _ in range(2):
        desk.tracker.raise_request("New here", organization=32, severity=3)
    done = desk.tracker.raise_request("Done", organization=32, severity=3)
    desk.tracker.transition(done, "Resolved", as_="Mia Lindqvist")
    desk.tracker.raise_request("Also new", organization=31, severity=3)
    return desk


def rows(cli: Cli, *options: str) -> dict[str, dict[str, object]]:
    """Return what `--json` prints, by the organizations' ids."""
    answer = cli("organizations", "--json", *options)
    assert (answer.code, answer.err) == (0, "")
    return {each["id"]: each for each in json.loads(answer.out)}


def test_each_organization_has_its_open_requests_and_its_tier(
    cli: Cli, busy: Desk
) -> None:
    """Closed requests do not count; an organization that the site lacks is listed too."""
    found = rows(cli)
    assert found["32"] == {
        "id": "32",
        "name": "Zebra: 'North' & #1",
        "open_requests": 2,
        "mapping": "not mapped",
        "tier": None,
    }
    assert found["11"]["open_requests"] == 1
    assert (found["11"]["tier"], found["11"]["mapping"]) == (
        "Expert",
        "mapped",
    )
    assert found["33"]["open_requests"] == 0


def test_an_organization_that_the_site_lacks_is_named(
    cli: Cli, busy: Desk, home: Path
) -> None:
    """An entry of organizations.yaml without an organization on the site stands out."""
    path = home / "config" / "organizations.yaml"
    entry = "\n  - id: 4711\n    name: Gone Ltd\n    tier: Expert\n"
    path.write_text(path.read_text() + entry)
    found = rows(cli)
    assert found["4711"]["mapping"] == "not on the site"
    assert "4711" not in rows(cli, "--unmapped")
    assert "Gone Ltd" in cli("organizations").out


def test_the_unmapped_ones_alone(cli: Cli, busy: Desk) -> None:
    """The busiest comes first."""
    assert list(rows(cli, "--unmapped"))[:2] == ["32", "31"]


def test_the_table_ends_with_the_totals(cli: Cli, busy: Desk) -> None:
    """How many have no tier, and how many open requests wait for one."""
    answer = cli("organizations")
    assert answer.code == 0
    assert "not mapped, with 3 open requests" in answer.out
    assert "Nordbank AB" in answer.out


def test_the_printed_lines_can_be_pasted(
    cli: Cli, busy: Desk, home: Path
) -> None:
    """Whatever a name looks like: pasted below the others the lines are read, and nothing is left unmapped."""
    answer = cli("organizations", "--unmapped", "--yaml")
    assert answer.code == 0
    path = home / "config" / "organizations.yaml"
    path.write_text(f"{path.read_text()}\n{answer.out}")
    assert cli("check").code == 0
    assert rows(cli, "--unmapped") == {}
    found = rows(cli)
    assert found["31"]["tier"] == "Knowledge"
    assert found["32"]["name"] == "Zebra: 'North' & #1"


def test_nothing_is_left_behind(cli: Cli, busy: Desk, home: Path) -> None:
    """The verb makes no journal and writes nothing to the site: `plan` answers as before."""
    before = cli("plan", "--json").out
    assert cli("organizations").code == 0
    assert not (home / "journal.db").exists()
    assert cli("plan", "--json").out == before


@pytest.fixture
def roster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with the shipped configuration and a table next to it; no site is set."""
    folder = tmp_path / "config"
    shutil.copytree(Path(__file__).parents[2] / "config", folder)
    monkeypatch.setenv("JSM_SLA_BOT_CONFIG_DIR", str(folder))
    file = tmp_path / "roster.csv"
    file.write_text("organization,tier\nAcme Industries,Expert\n")
    return file


def imported(*arguments: object) -> Result:
    """Run `organizations import`."""
    words = ["organizations", "import", *map(str, arguments)]
    return CliRunner().invoke(command_line("organizations"), words)


def test_a_table_is_shown_before_it_is_written(roster: Path) -> None:
    """Without --write nothing is written; with it once, and then nothing is left."""
    yaml = roster.parent / "config" / "organizations.yaml"
    before = yaml.read_text()
    run = imported(roster)
    assert run.exit_code == 2
    assert "changed 12 Acme Industries" in run.output
    assert "tier: Knowledge → Expert" in run.output
    assert yaml.read_text() == before
    assert imported(roster, "--write").exit_code == 0
    assert "name: Acme Industries\n    tier: Expert" in yaml.read_text()
    again = imported(roster, "--write")
    assert (again.exit_code, "0 organizations change" in again.output) == (
        0,
        True,
    )


def test_a_table_that_is_wrong_writes_nothing(roster: Path) -> None:
    """Every reason is given, and exit code 1."""
    yaml = roster.parent / "config" / "organizations.yaml"
    before = yaml.read_text()
    roster.write_text("organization,tier\nAcme Industry,Gold\n")
    run = imported(roster, "--write")
    assert run.exit_code == 1
    assert "did you mean 'Acme Industries'?" in run.output
    assert "'Gold'" in run.output
    assert yaml.read_text() == before


def named(home: Path, csm: str, *representatives: str) -> None:
    """Name the people of Nordbank in organizations.yaml."""
    path = home / "config" / "organizations.yaml"
    entry = "    name: Nordbank AB\n"
    people = f"    csm: {csm}\n    representatives: {list(representatives)}\n"
    text = path.read_text()
    assert entry in text
    path.write_text(text.replace(entry, f"{entry}{people}"))


def test_people_stand_there_by_name(cli: Cli, busy: Desk, home: Path) -> None:
    """R14: ids say nothing to people; one that the site does not know stands out."""
    accounts = busy.tracker.site.accounts.values()
    ids = {each.name: each.account_id for each in accounts}
    mia = ids["Mia Lindqvist"]
    customer = next(each for each in accounts if str(each.kind) == "customer")
    assert "csm" not in cli("organizations").out
    named(home, mia, customer.account_id, "712020:nobody")
    found = rows(cli)
    assert found["11"]["csm"] == {"id": mia, "name": "Mia Lindqvist"}
    assert found["11"]["representatives"] == [
        {"id": customer.account_id, "name": customer.name},
        {"id": "712020:nobody", "name": None},
    ]
    assert "csm" not in found["12"]
    line = (
        f"11 Nordbank AB: csm: Mia Lindqvist ({mia}); representatives: "
        f"{customer.name} ({customer.account_id}), 712020:nobody (not known)"
    )
    assert line in cli("organizations").out.splitlines()


def test_the_doctor_names_the_place_of_an_account(
    cli: Cli, busy: Desk, home: Path
) -> None:
    """A representative that is not there and a csm that is a customer: file, line and column, and a remedy."""
    customer = next(
        each
        for each in busy.tracker.site.accounts.values()
        if str(each.kind) == "customer"
    )
    named(home, customer.account_id, "712020:nobody")
    text = (home / "config" / "organizations.yaml").read_text().splitlines()
    line = next(
        n for n, one in enumerate(text, 1) if "csm: " in one and "#" not in one
    )
    answer = cli("doctor", "people", "--json")
    assert answer.code == 2
    said = answer.out
    assert f"organizations.yaml:{line}:10: csm of Nordbank AB: " in said
    assert f"organizations.yaml:{line + 1}:23: representatives of " in said
    assert "the site has no account '712020:nobody'" in said
