"""A signal is heard from the first moment on."""

import subprocess
import sys
from pathlib import Path


def test_a_signal_at_any_moment_of_the_beginning_is_heard() -> None:
    """Either what handled it before does, or the daemon is told to stop."""
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.daemon.hears"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
        text=True,
        timeout=110,
    )
    assert (told.stdout, told.stderr) == ("[]\n", "")
