"""`demo` and `sandbox` as processes: what a newcomer sees, and that nothing stays behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from jsm_sla_bot.cli import console, demo_sandbox
from tests.cli.conftest import ROOT, Cli

pytestmark = pytest.mark.slow
COMMAND = (str(Path(sys.executable).with_name("jsm-sla-bot")),)


def environment() -> dict[str, str]:
    """Return the environment without settings and of a narrow terminal."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("JSM_SLA_BOT_")
    }
    return {
        **kept,
        "COLUMNS": "80",
        "JSM_SLA_BOT_CONFIG_DIR": str(ROOT / "config"),
    }


def ran(
    *arguments: object, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(
        command,
        env=environment(),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def started(
    *arguments: object, cwd: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Start a command that goes on until it is told to stop."""
    command = [*COMMAND, *map(str, arguments)]
    with subprocess.Popen(
        command,
        env=environment(),
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as it:
        try:
            yield it
        finally:
            it.kill()


def address(process: subprocess.Popen[str]) -> str:
    """Return the first address that a process prints."""
    assert process.stdout
    for line in process.stdout:
        if found := re.search(r"http://[\d.]+:\d+", line):
            return found[0]
    raise AssertionError(process.stderr.read() if process.stderr else "")


def test_one_pass_is_a_table_of_the_desk() -> None:
    """Sixty requests, a line each on 80 columns, no colour codes in a pipe, and what the pass did; exit code 0."""
    told = ran("demo", "--once")
    lines = told.stdout.splitlines()
    assert (told.returncode, told.stderr) == (0, "")
    assert len([line for line in lines if line.startswith("SUP-")]) == 60
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in told.stdout
    assert lines[-1].startswith("60 requests read, 60 differed, ")
    for status in (
        "Running",
        "At risk",
        "Breached",
        "Met",
        "Not entitled",
        "Not applicable",
    ):
        assert re.search(rf"^SUP-\d+ +{status} ", told.stdout, re.MULTILINE)


def test_live_it_tells_what_is_written_and_why() -> None:
    """Each request is a line, with the reason below it; it ends by itself after `--seconds`, with exit code 0."""
    told = ran("demo", "--seconds", 6)
    assert (told.returncode, told.stderr) == (0, "")
    assert "service desk is at http://127.0.0.1:" in told.stdout
    assert re.search(
        r"^SUP-\d+  (Met|Running), due \w{3} \d\d \w{3} \d\d:\d\d:\d\d$",
        told.stdout,
        re.MULTILINE,
    )
    assert re.search(
        r"^    (Answer by|Acknowledged) \w{3} 2", told.stdout, re.MULTILINE
    )


def test_real_issues_are_served_and_written(tmp_path: Path) -> None:
    """`--from` takes Jira's own search answer, however little its issues hold, and the fields are written."""
    issues = [
        {
            "id": "10007",
            "key": "HELP-7",
            "fields": {
                "summary": "Old",
                "created": "2021-05-08T07:04:25.376+0100",
            },
        },
        {
            "id": "10008",
            "key": "HELP-8",
            "fields": {"summary": "Without a date or a status"},
        },
    ]
    file = tmp_path / "search.json"
    file.write_text(
        json.dumps({"issues": issues, "isLast": True}), encoding="utf-8"
    )
    told = ran("demo", "--once", "--from", file)
    left_out = "without `created`, taken as raised now: 1"
    assert (told.returncode, told.stderr) == (0, f"{file}: {left_out}\n")
    assert "HELP-7   Breached" in told.stdout
    assert re.search(r"HELP-8 +Running", told.stdout)


def exported(folder: Path, **fields: object) -> Path:
    """Write a trimmed export of one request, last changed in 2021."""
    given = {
        "summary": "x",
        "created": "2021-10-01T10:00:00.000+0200",
        "updated": "2021-10-01T10:00:00.000+0200",
        **fields,
    }
    file = folder / "export.json"
    issue = {"key": "TEST-1", "fields": given}
    file.write_text(json.dumps({"issues": [issue]}), encoding="utf-8")
    return file


def test_a_status_without_a_category_is_read_and_said(tmp_path: Path) -> None:
    """A trimmed export names statuses only: its request is served as open, with a remark."""
    file = exported(tmp_path, status={"name": "To Do"})
    told = ran("demo", "--once", "--from", file)
    remark = f"{file}: status 'To Do' without a category, taken as open\n"
    assert (told.returncode, told.stderr) == (0, remark)
    assert "TEST-1   Breached" in told.stdout
    assert "1 request read" in told.stdout


def test_where_nothing_is_open_it_says_so(tmp_path: Path) -> None:
    """A request that was done long ago is not looked at: that is said, with the setting that decides it."""
    done = {"name": "Resolved", "statusCategory": {"key": "done"}}
    file = exported(tmp_path, status=done)
    told = ran("demo", "--once", "--from", file)
    assert told.returncode == 0
    assert (
        f"{file}: nothing is open. 1 request done and last changed more than 14 days ago (`lookback` in jira.yaml): "
        "the bot leaves them as they are."
    ) in told.stdout.replace("\n", "")
    assert "0 requests read" in told.stdout


def test_it_imports_nothing_from_where_it_is_started(tmp_path: Path) -> None:
    """A file `token.py`, or a folder of the sandbox's name, next to the user is left alone."""
    for name in (
        "token.py",
        "signal.py",
        "typer.py",
        "starlette.py",
        "jsm_sandbox.py",
    ):
        (tmp_path / name).write_text(
            "raise SystemExit('imported')\n", encoding="utf-8"
        )
    with started("sandbox", "--port", "0", cwd=tmp_path) as process:
        assert address(process)
    told = ran("demo", "--once", cwd=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    assert not list(tmp_path.glob("__pycache__"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("{", "is not JSON"),
        ("{}", "there are no issues in it"),
    ],
    ids=["no file", "no JSON", "no issues"],
)
@pytest.mark.parametrize(
    "verb", [("demo", "--once"), ("sandbox", "--port", "0")], ids=" ".join
)
def test_a_file_that_cannot_be_served(
    tmp_path: Path, verb: tuple[str, ...], content: str | None, said: str
) -> None:
    """It is one sentence and exit code 1."""
    file = tmp_path / "search.json"
    if content:
        file.write_text(content, encoding="utf-8")
    told = ran(*verb, "--from", file)
    assert (told.returncode, told.stdout) == (1, "")
    assert said in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_a_site_to_set_up_is_served_by_name() -> None:
    """An empty one has none of the bot's fields; an unknown name lists what there is."""
    with started("sandbox", "--port", "0", "--site", "empty") as process:
        fields = httpx.get(
            f"{address(process)}/rest/api/3/field",
            auth=("bot@example.com", "sandbox"),
        ).json()
    assert "Severity" not in {each["name"] for each in fields}
    told = ran("sandbox", "--port", "0", "--site", "full")
    assert (told.returncode, told.stdout) == (1, "")
    assert "team-managed" in told.stderr


@pytest.mark.parametrize("verb", ["demo", "sandbox"])
def test_a_port_in_use_is_one_sentence(verb: str) -> None:
    """It names the port and does not start."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = ran(verb, "--port", taken.getsockname()[1])
    assert (told.returncode, told.stdout) == (1, "")
    assert "Address already in use" in told.stderr
    assert len(told.stderr.splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(
    "verb",
    [("demo", "--port", "0"), ("sandbox", "--port", "0")],
    ids=["demo", "sandbox"],
)
def test_a_signal_ends_it_and_its_sandbox(
    verb: tuple[str, ...], number: signal.Signals
) -> None:
    """SIGTERM and Ctrl-C leave no process and no open port behind."""
    with started(*verb) as process:
        url = address(process)
        process.send_signal(number)
        process.wait(12)
    with pytest.raises(httpx.TransportError):
        httpx.get(url, timeout=2)


def test_without_the_extra_it_says_what_to_install(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Starlette is missing, `demo` and `sandbox` name the extra."""
    monkeypatch.setattr(
        demo_sandbox,
        "find_spec",
        lambda name: None if name == "starlette" else object(),
    )
    for verb in ("demo", "sandbox"):
        told = cli(verb)
        assert (told.code, told.err) == (
            1,
            "the sandbox is not installed: pip install 'jsm-sla-bot[sandbox]'\n",
        )


def test_colours_are_for_terminals() -> None:
    """In a pipe the console writes plain text."""
    assert not console.out.is_terminal
