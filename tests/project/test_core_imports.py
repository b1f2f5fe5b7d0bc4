"""What the pure packages may import, as a list of what is allowed.

import-linter holds a list of what is forbidden. A library that nobody thought of is not on that list; it is
caught here.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PURE = ("sla", "plan", "ports", "text", "jsm/decode")
MAY_KNOW = (
    "sla",
    "plan",
    "ports",
    "text",
    "jsm.decode",
    "jsm.errors",
    "jsm.instants",
    "jsm.json_values",
)
ALLOWED = {
    "__future__", "abc", "bisect", "collections", "dataclasses", "datetime", "difflib", "enum", "fractions",
    "functools", "hashlib", "itertools", "json", "math", "operator", "re", "string", "textwrap", "types", "typing",
}  # fmt: skip


def modules(root: Path) -> list[Path]:
    """The sources of the pure packages."""
    package = root / "src" / "jsm_sla_bot"
    found = [path for name in PURE for path in ((package / name).rglob("*.py"))]
    return found + [path for name in PURE if (path := package / f"{name}.py").exists()]


def imported(source: Path) -> Iterator[str]:
    """The dotted names that a module imports."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module)):
                yield module
            case _:
                pass


def is_pure(name: str) -> bool:
    """Whether the core may import this."""
    top, _, rest = name.partition(".")
    if top != "jsm_sla_bot":
        return top in ALLOWED
    return any(rest == room or rest.startswith(f"{room}.") for room in MAY_KNOW)


def test_the_core_imports_only_what_cannot_reach_the_world(root: Path) -> None:
    """Same inputs, same answer: nothing in the core can read a clock, a file, a socket or the environment."""
    reached = {
        f"{path.relative_to(root)}: {name}"
        for path in modules(root)
        for name in imported(path)
        if not is_pure(name)
    }
    assert reached == set()


@pytest.mark.parametrize(
    "name",
    [
        "time",
        "os",
        "zoneinfo",
        "requests",
        "jsm_sla_bot.settings",
        "jsm_sla_bot.jsm.http.rest",
    ],
)
def test_what_reaches_the_world_is_not_on_the_list(name: str) -> None:
    """The list itself has not been widened to let a clock, a file or an adapter in."""
    assert not is_pure(name)


def test_the_health_check_loads_next_to_nothing() -> None:
    """A container asks every few seconds: neither Jira's client, nor the journal, nor the configuration is loaded."""
    code = "import sys; from jsm_sla_bot.cli.main import command_line; command_line('health'); print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert not set(told.split()) & {
        "atlassian",
        "requests",
        "httpx",
        "sqlalchemy",
        "pydantic",
        "apscheduler",
        "yaml",
    }
