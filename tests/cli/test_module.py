"""`python -m jsm_sla_bot` is the command, wherever it is started."""

import subprocess
import sys
from pathlib import Path

import pytest

CONFIG = Path(__file__).parents[2] / "config"
PROGRAM = (sys.executable, "-m", "jsm_sla_bot")


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["typer", "yaml", "rich", "pydantic", "gc", "dataclasses", "typing"],
)
def test_nothing_is_imported_from_the_folder_in_which_it_is_started(
    tmp_path: Path, name: str
) -> None:
    """A file of a user's that is called like a library is never run."""
    (tmp_path / f"{name}.py").write_text(
        "raise SystemExit('the file was imported')\n"
    )
    command = [*PROGRAM, "check", "--config", str(CONFIG)]
    ended = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.stderr == ""
    assert ended.returncode == 0
    assert "is good" in ended.stdout
