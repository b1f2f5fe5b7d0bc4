"""Prometheus' own checker, where the machine has it."""

import shutil
import subprocess

import pytest

PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(
    PROMTOOL is None,
    reason="promtool is not installed (Debian: apt install prometheus)",
)


def promtool(
    *arguments: str, given: str | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a check, and return what it has to say."""
    return subprocess.run(
        [PROMTOOL or "promtool", *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
