"""What the pure packages may import, as a list of what is allowed.

import-linter holds a list of what is forbidden. A library that nobody thought of is not on that list; it is
caught here.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from jsm_sla_bot.cli.main import VERBS
from jsm_sla_bot.journal.opening import open_journal

PURE = (
    "sla",
    "plan",
    "ports",
    "text",
    "doctor",
    "provision",
    "review",
    "jsm/decode",
    "passes/planner",
)
MAY_KNOW = (
    "sla",
    "plan",
    "ports",
    "text",
    "doctor",
    "provision",
    "review",
    "jsm.decode",
    "jsm.errors",
    "jsm.instants",
    "jsm.json_values",
)
ALLOWED = {
    "__future__", "abc", "bisect", "calendar", "collections", "dataclasses", "datetime", "difflib", "enum", "fractions",
    "functools", "hashlib", "html", "itertools", "json", "math", "operator", "re", "string", "textwrap", "types",
    "typing",
}  # fmt: skip


def modules(root: Path) -> list[Path]:
    """The sources of the pure packages."""
    package = root / "src" / "jsm_sla_bot"
    found = [
        path for name in PURE for path in ((package / name).rglob("*.py"))
    ]
    return found + [
        path for name in PURE if (path := package / f"{name}.py").exists()
    ]


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
    return any(
        rest == room or rest.startswith(f"{room}.") for room in MAY_KNOW
    )


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


SITE_PARTS = {"atlassian", "requests", "httpx", "apscheduler", "starlette"}
"""What only a verb that asks the site, or runs the daemon, needs."""

HEAVY = SITE_PARTS | {
    "alembic",
    "holidays",
    "pydantic_settings",
    "prometheus_client",
}
"""What no verb needs that answers from the files alone."""

CONTRACT = {"jsm_sla_bot.plan", "jsm_sla_bot.sla.contract"}
"""What a verb needs that judges requests, and none that only looks at what is kept of them."""

NO_JOURNAL = HEAVY | {"sqlalchemy", "sqlite3", "structlog", "asyncio"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("verb", "without"),
    [
        ("", NO_JOURNAL | {"pydantic", "yaml", "rich.table"}),
        ("health", NO_JOURNAL | {"pydantic", "yaml"}),
        ("check", NO_JOURNAL | {"rich.table", "ssl"}),
        ("deadline", NO_JOURNAL | {"ssl"}),
        ("status", HEAVY | CONTRACT | {"pydantic", "yaml"}),
    ],
)
def test_a_verb_loads_only_what_it_needs(verb: str, without: set[str]) -> None:
    """Nobody waits for Jira's client to read a deadline, nor does a container's check wait for anything at all."""
    load = f"from jsm_sla_bot.cli.main import command_line; command_line({verb!r})"
    assert loaded_by(load) & without == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "without"),
    [
        (["check", "--config", "config"], NO_JOURNAL),
        (
            [
                "deadline",
                "--config",
                "config",
                "--reported",
                "2026-03-02T10:00Z",
            ],
            NO_JOURNAL,
        ),
        (
            ["status"],
            HEAVY | CONTRACT | {"yaml", "sqlalchemy.dialects.postgresql"},
        ),
    ],
    ids=["check", "deadline", "status"],
)
def test_a_verb_at_work_loads_only_what_it_needs(
    root: Path, tmp_path: Path, words: list[str], without: set[str]
) -> None:
    """The answer itself brings in nothing heavy either."""
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    open_journal(url).close()
    start = "from contextlib import suppress; from jsm_sla_bot.cli import main"
    run = f"{start}\nwith suppress(SystemExit): main({words!r})"
    assert (
        loaded_by(run, folder=root, JSM_SLA_BOT_JOURNAL_URL=url) & without
        == set()
    )


def loaded_by(
    code: str, folder: Path | None = None, **environ: str
) -> set[str]:
    """Return the modules that stand in memory after the code has run in a process of its own."""
    ended = subprocess.run(
        [
            sys.executable,
            "-P",
            "-c",
            f"{code}\nimport sys; print('\\n', *sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        env={**os.environ, **environ},
    )
    return set(ended.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_all_says_what_each_verb_says(verb: str) -> None:
    """The sentence that stands in the list of verbs is the first of the verb's own help."""
    module = import_module(f"jsm_sla_bot.cli.{VERBS[verb].module}")
    named = getattr(module, verb, None)
    own = module.app.info.help if named is None else named.__doc__
    first = own.splitlines()[0].rstrip(".")
    assert VERBS[verb].help.rstrip(".") == first
