"""The unit: systemd understands it, it is hardened, and the bot accepts its environment."""

import shutil
import subprocess
from pathlib import Path

import pytest

from jsm_sla_bot.settings.environment import read_settings

EXPOSURE = 2.0
"""Systemd's own figure for what a service could do to the machine, from 0 to 10; under 2 it says "OK"."""

SYSTEMD = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(
    SYSTEMD is None, reason="systemd-analyze is not installed"
)


@pytest.fixture
def unit(root: Path) -> Path:
    """The unit's file."""
    return root / "deploy" / "systemd" / "jsm-sla-bot.service"


def values(unit: Path, name: str) -> list[str]:
    """Every value of a setting."""
    lines = unit.read_text("utf-8").splitlines()
    return [
        line.removeprefix(f"{name}=")
        for line in lines
        if line.startswith(f"{name}=")
    ]


def analyze(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Ask systemd's own checker."""
    return subprocess.run(
        [SYSTEMD or "systemd-analyze", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@needs_systemd
def test_systemd_understands_it(unit: Path, tmp_path: Path) -> None:
    """A directive that it does not know would be passed over in silence."""
    there = tmp_path / unit.name
    text = unit.read_text("utf-8")
    (program,) = values(unit, "ExecStart")
    there.write_text(text.replace(program.split()[0], "/bin/true"), "utf-8")
    found = analyze("verify", str(there))
    assert "jsm-sla-bot" not in found.stderr


@needs_systemd
def test_it_could_do_little_harm(unit: Path) -> None:
    """Measured by systemd's own judgement of the sandboxing."""
    found = analyze(
        "security",
        "--offline=true",
        f"--threshold={EXPOSURE * 10:.0f}",
        str(unit),
    )
    if "unrecognized option" in found.stderr:
        pytest.skip("this systemd-analyze can't judge a file")
    assert found.returncode == 0, found.stdout[-400:]


def test_the_bot_accepts_its_environment(unit: Path, tmp_path: Path) -> None:
    """What the unit sets are settings; the token comes as a credential, never in the environment."""
    secret = tmp_path / "api_token"
    secret.write_text("token", "utf-8")
    given = dict(
        value.replace("%d/api_token", str(secret)).split("=", 1)
        for value in values(unit, "Environment")
    )
    given |= {
        "JSM_SLA_BOT_URL": "https://example.atlassian.net",
        "JSM_SLA_BOT_EMAIL": "bot@example.com",
    }
    assert read_settings(given).log_format == "json"
    assert "JSM_SLA_BOT_API_TOKEN" not in given


def test_a_stuck_daemon_is_started_again(unit: Path) -> None:
    """Without NOTIFY_SOCKET's type there is no watchdog, and without Restart none that helps."""
    assert values(unit, "Type") == ["notify"]
    assert int(values(unit, "WatchdogSec")[0]) >= 60
    assert values(unit, "Restart") == ["on-failure"]
