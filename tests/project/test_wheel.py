"""What the wheel carries: without a checkout the command has to find its pages and a policy to start from."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip(
    "hatchling", reason="hatchling builds the wheel; make installs it"
)


@pytest.fixture(scope="module")
def contents(root: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel built from this checkout."""
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "hatchling",
            "build",
            "--target",
            "wheel",
            "--directory",
            str(target),
        ],
        cwd=root,
        check=True,
        capture_output=True,
    )
    (wheel,) = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def shipped(folder: Path) -> set[str]:
    """The files of a folder, by their path in it, without what Python leaves there."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_carries_both_packages_with_their_data(
    root: Path, contents: set[str]
) -> None:
    """Pages and other data lie beside the modules and are not forgotten."""
    assert shipped(root / "src") <= contents


def test_the_wheel_carries_the_configuration_as_default(
    root: Path, contents: set[str]
) -> None:
    """The installed command starts from the reviewed policy, every file of it."""
    assert {
        f"jsm_sla_bot/default_config/{name}"
        for name in shipped(root / "config")
    } <= contents
