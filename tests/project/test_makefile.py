"""The Makefile is the first thing a newcomer runs: it has to say what it does and what is missing."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

TARGETS = {
    "help",
    "demo",
    "test",
    "slow",
    "check",
    "lock",
    "image",
    "bench",
    "chaos",
    "differential",
    "explore",
    "fuzz",
    "mutants",
    "clean",
}

pytestmark = pytest.mark.skipif(
    shutil.which("make") is None, reason="make is not installed"
)


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make as a person would, not as a part of the make that may have started the tests."""
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_target(root: Path) -> None:
    """`make` alone tells what there is to make."""
    listed = set(re.findall(r"^  make (\w+)", make(root).stdout, re.MULTILINE))
    assert listed == TARGETS


def test_a_machine_without_python_is_told_what_to_install(
    root: Path, tmp_path: Path
) -> None:
    """No traceback and no pip output: one sentence with the remedy."""
    shutil.copy(root / "Makefile", tmp_path)
    for name in (
        "pyproject.toml",
        "requirements.txt",
        "requirements-build.txt",
    ):
        (tmp_path / name).touch()
    answer = make(tmp_path, "demo", "PYTHON=no-such-python")
    assert answer.returncode != 0
    assert "Install Python 3.11 or later" in answer.stderr
    assert not (tmp_path / ".venv").exists()
