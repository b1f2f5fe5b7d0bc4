"""The sandbox of the demo: started as a process of its own, and the settings under which the bot meets it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import typer

from jsm_sla_bot.cli.console import fail
from jsm_sla_bot.settings.environment import Settings, read_settings

EMAIL = "bot@example.com"
TOKEN = "sandbox"  # noqa: S105 - the sandbox's own, known to everybody
PATIENCE = 5.0
"""So many seconds the sandbox has to end by itself."""
SANDBOX = (sys.executable, "-P", "-m", "jsm_sandbox")


def settings_for(url: str, folder: Path) -> Settings:
    """Return the settings under which the bot meets the sandbox; the configuration is the environment's."""
    prefix = "JSM_SLA_BOT_"
    own = {
        "URL": url,
        "EMAIL": EMAIL,
        "API_TOKEN": TOKEN,
        "JOURNAL_URL": f"sqlite:///{folder / 'journal.db'}",
        "POLL_INTERVAL": "2",
        "HEALTH_PORT": "0",
        "LOG_LEVEL": "ERROR",
    }
    kept = {
        name: os.environ[name]
        for name in (f"{prefix}CONFIG_DIR",)
        if name in os.environ
    }
    return read_settings(
        {**kept, **{f"{prefix}{name}": text for name, text in own.items()}}
    )


@contextmanager
def started_sandbox(options: list[str]) -> Iterator[str]:
    """Start the sandbox, give its address, and end it afterwards."""
    need_sandbox()
    command = [*SANDBOX, *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith("sandbox ready at "):
                raise typer.Exit(1)  # the sandbox has said why
            yield (
                line.removeprefix("sandbox ready at ")
                .split(" ")[0]
                .strip()
                .rstrip("/")
            )
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """End a process, kindly at first."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


def need_sandbox() -> None:
    """Fail in one sentence where the sandbox is not installed."""
    if (
        find_spec("jsm_sandbox") is None
        or find_spec("starlette") is None
        or find_spec("uvicorn") is None
    ):
        fail(
            "the sandbox is not installed: pip install 'jsm-sla-bot[sandbox]'"
        )


"""How the sandbox is started: `-P` keeps the user's folder off its path, whatever files lie there."""
