"""The requirements files against pyproject.toml and against each other; see docs/decisions/0002."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FILES = (
    "requirements.txt",
    "requirements-build.txt",
    "requirements-sbom.txt",
    "requirements-dev.txt",
    "requirements-bench.txt",
)

# Put together here, so that this file does not name them either.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pypi", "python", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
    )
]


def pins(path: Path) -> Iterator[tuple[Requirement, int]]:
    """Each requirement of a file, with the number of its hashes."""
    logical = path.read_text("utf-8").replace("\\\n", " ")
    for line in logical.splitlines():
        if not line.lstrip().startswith("#") and line.strip():
            requirement, *hashes = re.split(r"\s--hash=", line.strip())
            yield Requirement(requirement), len(hashes)


def declared(project: dict[str, Any], file: str) -> list[Requirement]:
    """What pyproject.toml wants to find in one of the files."""
    base, extras, groups = (
        project["project"]["dependencies"],
        project["project"]["optional-dependencies"],
        project["dependency-groups"],
    )
    runtime = (
        base + extras["sandbox"] + extras["calendars"] + extras["postgres"]
    )
    wanted = {
        "requirements.txt": runtime,
        "requirements-build.txt": project["build-system"]["requires"]
        + groups["build"],
        "requirements-sbom.txt": groups["sbom"],
        "requirements-dev.txt": runtime + groups["dev"],
        "requirements-bench.txt": groups["bench"],
    }
    return [Requirement(text) for text in wanted[file]]


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    """The contents of pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


@pytest.mark.parametrize("file", FILES)
def test_every_requirement_is_one_version_with_hashes(
    root: Path, file: str
) -> None:
    """Nothing installs that is not pinned to a version and to the bytes of that version."""
    loose = [
        str(pin)
        for pin, hashes in pins(root / file)
        if not hashes
        or [specifier.operator for specifier in pin.specifier] != ["=="]
    ]
    assert loose == []


@pytest.mark.parametrize("file", FILES)
def test_a_requirements_file_holds_no_option(root: Path, file: str) -> None:
    """No index, no link, no included file: where packages come from is the machine's affair."""
    lines = (root / file).read_text("utf-8").splitlines()
    assert [
        line for line in lines if line.startswith("-") or "://" in line
    ] == []


@pytest.mark.parametrize("file", FILES)
def test_the_pins_keep_to_the_declared_ranges(
    root: Path, project: dict[str, Any], file: str
) -> None:
    """A dependency changed in pyproject.toml without `make lock` is noticed here, not on a user's machine."""
    versions: dict[str, set[str]] = {}
    for pin, _ in pins(root / file):
        name = canonicalize_name(pin.name)
        versions.setdefault(name, set()).update(
            specifier.version for specifier in pin.specifier
        )
    drifted = [
        str(wanted)
        for wanted in declared(project, file)
        if not (found := versions.get(canonicalize_name(wanted.name)))
        or not all(
            wanted.specifier.contains(version, prereleases=True)
            for version in found
        )
    ]
    assert drifted == [], f"run `make lock` and commit {file}"


def test_the_files_agree_on_every_version(root: Path) -> None:
    """What the tests ran on is what everyone else installs."""
    seen: dict[tuple[str, str], set[str]] = {}
    for file in FILES:
        for pin, _ in pins(root / file):
            key = (canonicalize_name(pin.name), str(pin.marker or ""))
            seen.setdefault(key, set()).add(str(pin.specifier))
    assert {
        name: found for (name, _), found in seen.items() if len(found) > 1
    } == {}


def test_no_file_names_a_package_registry(tracked: list[Path]) -> None:
    """A clone installs from whichever index its machine is set up for."""
    hits = [
        f"{path.name}: {host}"
        for path in tracked
        for host in REGISTRIES
        if host.encode() in path.read_bytes()
    ]
    assert hits == []
