"""What the code imports is what it declares: a fresh install lacks nothing that works here by chance."""

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OWN = {"jsm_sla_bot", "jsm_sandbox", "tests", "benchmarks"}
EXTRAS = {
    "src/jsm_sla_bot": ("calendars", "postgres", "report"),
    "src/jsm_sandbox": ("sandbox",),
    "tests": ("calendars", "postgres", "report", "sandbox", "dev"),
}
THROUGH_THESE = {
    "grimp": "import-linter",
    "markupsafe": "jinja2",
    "packaging": "pytest",
    "pydantic_core": "pydantic",
}
"""What comes with something declared, and is part of its contract."""


def imported(folder: Path) -> set[str]:
    """Return the top-level packages that the modules of a folder import."""
    names: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=aliases):
                    names |= {
                        alias.name.partition(".")[0] for alias in aliases
                    }
                case ast.ImportFrom(module=str(module), level=0):
                    names.add(module.partition(".")[0])
                case _:
                    pass
    return names - OWN - sys.stdlib_module_names


@pytest.mark.slow
@pytest.mark.parametrize("folder", EXTRAS)
def test_every_import_is_declared(root: Path, folder: str) -> None:
    """Each package imported belongs to a dependency, an extra or a group that is installed wherever this code runs."""
    project = tomllib.loads(
        (root / "pyproject.toml").read_text(encoding="utf-8")
    )
    named = {
        **project["project"]["optional-dependencies"],
        **project["dependency-groups"],
    }
    texts = [
        *project["project"]["dependencies"],
        *(text for extra in EXTRAS[folder] for text in named[extra]),
    ]
    declared = {canonicalize_name(Requirement(text).name) for text in texts}
    known = packages_distributions()
    missing = {
        name
        for name in imported(root / folder)
        if not {
            canonicalize_name(found)
            for found in [*known.get(name, []), THROUGH_THESE.get(name, "")]
        }
        & declared
    }
    assert missing == set()
