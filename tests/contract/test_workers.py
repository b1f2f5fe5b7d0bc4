"""Several processes check the contract as one: what any of them finds is added up, and fails the run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.descriptions import FOLDER
from tests.contract.ledger import Ledger

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="no ../shared/openapi beside this checkout: nothing is held against the descriptions",
)
PAIRS = """
import pytest
from jsm_sandbox.http.exchanges import Exchange, observers

@pytest.mark.parametrize("path", {paths})
def test_a_pair(path):
    for observe in observers:
        observe(Exchange("GET", path, {{}}, "jsm-sla-bot", b"", 200, b"", None))
"""


def run(folder: Path, *paths: str) -> subprocess.CompletedProcess[str]:
    """Run tests that exchange these pairs, one each, in two workers."""
    file = folder / "test_pairs.py"
    file.write_text(PAIRS.format(paths=paths), encoding="utf-8")
    options = [
        "-n",
        "2",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "-q",
    ]
    command = [
        sys.executable,
        "-m",
        "pytest",
        *options,
        "--rootdir",
        str(folder),
    ]
    return subprocess.run(
        [*command, "-c", "/dev/null", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_pairs_of_all_workers_are_added_and_a_violation_fails_the_run(
    tmp_path: Path,
) -> None:
    """Every test passes; the run fails all the same, and names the call that nobody describes."""
    told = run(
        tmp_path, "/rest/api/3/no-such-thing", *["/rest/api/3/myself"] * 3
    )
    assert "4 passed" in told.stdout, told.stdout + told.stderr
    assert re.search(
        r"contract: 4 pairs .*: 1 violations by the daemon", told.stdout
    )
    assert (
        "by the daemon: GET /rest/api/3/no-such-thing: 200: no such"
        in told.stdout
    )
    assert told.returncode == pytest.ExitCode.TESTS_FAILED


def test_ledgers_are_added() -> None:
    """Pairs and violations of both; each violation once."""
    ours, others = Ledger(None, pairs=2), Ledger(None, pairs=3, seconds=1.5)
    ours.daemon["a"] = "here"
    others.daemon |= {"a": "there", "b": "there"}
    others.sandbox["c"] = "there"
    ours.add(others.to_json())
    assert (ours.pairs, ours.seconds) == (5, 1.5)
    assert ours.daemon == {"a": "here", "b": "there"}
    assert ours.sandbox == {"c": "there"}
