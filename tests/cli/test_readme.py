"""What the README promises: each verb, setting, file and command in it is there."""

import re
import shlex

import pytest

from jsm_sla_bot.cli.main import VERBS
from jsm_sla_bot.settings.environment import read_settings
from jsm_sla_bot.settings.given import FROM_FILES, NAMES
from tests.cli.conftest import ROOT, Cli

README = (ROOT / "README.md").read_text(encoding="utf-8")
SITE = {
    "JSM_SLA_BOT_URL": "https://example.atlassian.net",
    "JSM_SLA_BOT_EMAIL": "bot@example.com",
    "JSM_SLA_BOT_API_TOKEN": "t",
}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_told_and_helps(cli: Cli, verb: str) -> None:
    """The README names it, and its `--help` says what it does, in sentences, on 80 columns."""
    assert re.search(rf"`{verb}[` ]", README)
    told = cli(verb, "--help")
    assert told.code == 0
    assert (
        f"Usage: jsm-sla-bot {verb}" in told.out
        or f"{verb} [OPTIONS]" in told.out
    )
    assert len(told.out.split()) > 25
    assert max(map(len, told.out.splitlines())) <= 80


def test_help_names_every_verb_and_the_settings(cli: Cli) -> None:
    """A newcomer finds each verb, and where the site is named, on the first page."""
    told = cli("--help")
    assert told.code == 0
    for word in (
        *VERBS,
        "calendars",
        "JSM_SLA_BOT_URL",
        "JSM_SLA_BOT_BEARER_TOKEN",
    ):
        assert word in told.out


def test_no_verb_at_all_shows_the_help(cli: Cli) -> None:
    """The bare command shows the same page; it did nothing, so its exit code is 1."""
    told = cli()
    assert told.code == 1
    assert "deadline" in told.out


def test_the_version(cli: Cli) -> None:
    """`--version` is the version and nothing else."""
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", cli("--version").out)


def test_every_setting_is_told() -> None:
    """The table has a row for each setting, and each secret that may come from a file."""
    rows = "\n".join(
        line for line in README.splitlines() if line.startswith("| `")
    )
    for name in NAMES:
        assert f"`{name.upper()}`" in rows
    for name in FROM_FILES:
        assert f"`{name.upper()}`" in next(
            line for line in rows.splitlines() if "_FILE" in line
        )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("poll_interval", "30"),
        ("health_port", "8080"),
        ("workers", "8"),
        ("log_format", "console"),
    ],
)
def test_a_default_is_as_told(name: str, told: str, cli: Cli) -> None:
    """What the table says of a setting left out is so."""
    value = getattr(read_settings(SITE), name)
    assert (
        str(int(value.total_seconds()) if name == "poll_interval" else value)
        == told
    )
    row = next(
        line
        for line in README.splitlines()
        if line.startswith("| `") and f"`{name.upper()}`" in line
    )
    assert told in row.rsplit("|", 2)[1]


def test_the_example_of_the_readme(cli: Cli) -> None:
    """The command is answered as typed."""
    found = re.search(
        r"\.venv/bin/jsm-sla-bot (deadline .*?)\n```", README, re.DOTALL
    )
    assert found
    told = cli(*shlex.split(found[1].replace("\\\n", " ")))
    assert told.code == 0
    assert "Sat 2026-03-07 00:20 CET" in told.out


def test_links_lead_somewhere() -> None:
    """Each file that the README or a page of docs/ links to is there."""
    for page in (
        ROOT / "README.md",
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "deploy" / "README.md",
    ):
        for link in re.findall(
            r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8")
        ):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
