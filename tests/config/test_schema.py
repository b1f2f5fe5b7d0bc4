"""The JSON Schemas that editors complete and check the YAML with."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from check_jsonschema import (  # type: ignore[import-untyped]
    main as check_jsonschema,
)
from tests.config.samples import (
    JIRA,
    OFFICE,
    ORGANIZATIONS,
    POLICY,
    ConfigFolder,
    make,
)

from jsm_sla_bot.config.schema import json_schemas

SHIPPED = Path(__file__).parents[2] / "config"
NAMES = [
    "policy.yaml",
    "organizations.yaml",
    "jira.yaml",
    "texts.yaml",
    "notify.yaml",
    "calendars/*.yaml",
]


def judged(schema: dict[str, Any], folder: Path, *files: Path) -> int:
    """Let the checker that editors use judge the files; 0 when they fit."""
    schema_file = folder / "schema.json"
    schema_file.write_text(json.dumps(schema))
    arguments = ["--schemafile", str(schema_file), *map(str, files)]
    return int(check_jsonschema(arguments, standalone_mode=False) or 0)


def properties(
    node: object, schema: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield each key of a schema with its description, or that of what it refers to."""
    match node:
        case dict():
            for name, value in node.get("properties", {}).items():
                target = schema.get("$defs", {}).get(
                    value.get("$ref", "").rpartition("/")[2], {}
                )
                yield (
                    name,
                    value.get("description") or target.get("description", ""),
                )
            for value in node.values():
                yield from properties(value, schema)
        case list():
            for value in node:
                yield from properties(value, schema)
        case _:
            return


def test_there_is_a_schema_for_each_file() -> None:
    """Every file of the folder has one."""
    assert list(json_schemas()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_key_is_described(name: str) -> None:
    """An editor can say what each key is for."""
    schema = json_schemas()[name]
    assert [
        key
        for key, description in properties(schema, schema)
        if not description
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_files_fit(tmp_path: Path, name: str) -> None:
    """What loads is right in an editor, too."""
    assert judged(json_schemas()[name], tmp_path, *SHIPPED.glob(name)) == 0


@pytest.mark.parametrize(
    ("name", "file", "text"),
    [
        (
            "policy.yaml",
            "policy.yaml",
            POLICY.replace("calendar:", "calender:"),
        ),
        (
            "organizations.yaml",
            "organizations.yaml",
            ORGANIZATIONS.replace("suspended: true", "suspended: 1"),
        ),
        ("jira.yaml", "jira.yaml", JIRA.replace("  severity: Severity\n", "")),
        ("texts.yaml", "texts.yaml", "resolvd: '{reopen}'\n"),
        (
            "calendars/*.yaml",
            "calendars/office.yaml",
            OFFICE.replace("Monday", "Mondy"),
        ),
    ],
)
def test_what_does_not_load_does_not_fit(
    tmp_path: Path, name: str, file: str, text: str
) -> None:
    """An editor marks an unknown key, a wrong type and a missing key as loading would."""
    folder: ConfigFolder = make(tmp_path / "config")
    folder.write(file, text)
    assert folder.problems()
    assert judged(json_schemas()[name], tmp_path, folder.root / file) == 1
