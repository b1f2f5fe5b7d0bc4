""".ci/run is believed blindly: it has to fail whenever nothing was tested."""

import subprocess
from pathlib import Path

import pytest

PASSED = "echo '12 passed in 0.1s'"


def run(
    root: Path, folder: Path, check: str, test: str, slow: str = PASSED
) -> int:
    """The exit code of .ci/run where `make check`, `make test` and `make slow` are these shell commands."""
    fake = folder / "make"
    cases = f"check) {check} ;; test) {test} ;; slow) {slow} ;;"
    fake.write_text(f'#!/bin/sh\ncase "$1" in {cases} esac\n', "utf-8")
    fake.chmod(0o755)
    environment = {
        "PATH": f"{folder}:/usr/local/bin:/usr/bin:/bin",
        "CI": "true",
    }
    command = ["bash", str(root / ".ci" / "run")]
    return subprocess.run(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    ).returncode


@pytest.mark.parametrize(
    ("check", "test", "lands"),
    [
        pytest.param(
            "true",
            "echo '===== 12 passed in 0.1s ====='",
            True,
            id="checked and tested",
        ),
        pytest.param(
            "true",
            "echo '12 passed, 3 skipped in 0.1s'",
            True,
            id="some skipped",
        ),
        pytest.param(
            "false", "echo '12 passed in 0.1s'", False, id="a check fails"
        ),
        pytest.param(
            "true",
            "echo '1 failed, 12 passed in 0.1s'; exit 1",
            False,
            id="a test fails",
        ),
        pytest.param(
            "true",
            "echo 'no tests ran in 0.1s'; exit 5",
            False,
            id="no test found",
        ),
        pytest.param(
            "true", "echo '3 skipped in 0.1s'", False, id="every test skipped"
        ),
        pytest.param("true", "true", False, id="nothing said"),
    ],
)
def test_a_change_lands_only_when_something_was_tested(
    root: Path, tmp_path: Path, check: str, test: str, *, lands: bool
) -> None:
    """Both targets succeed and at least one test has passed; nothing else is a success."""
    assert (run(root, tmp_path, check, test) == 0) is lands


@pytest.mark.parametrize(
    "slow", ["exit 1", "echo '3 skipped in 0.1s'", PASSED]
)
def test_the_slow_tests_have_to_pass_too(
    root: Path, tmp_path: Path, slow: str
) -> None:
    """What `make test` leaves out is not left out of what lands."""
    assert (run(root, tmp_path, "true", PASSED, slow) == 0) is (slow == PASSED)
