"""``--from FILE``: a search answer of a real Jira in place of the seed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.play.transplant import Transplant
from jsm_sandbox.state.json_types import Json, JsonObject, as_object


class LoadError(Exception):
    """The file can't be served; the message says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a file: how many issues, and a remark on whatever it leaves out."""

    count: int
    remarks: tuple[str, ...] = ()


def load(tracker: Tracker, file: Path) -> Loaded:
    """Put the issues of a file on the site. Raises LoadError for a file without any."""
    document = _read(file)
    issues = issues_in(document)
    if not issues:
        raise LoadError(
            f"{file}: there are no issues in it; give a Jira search answer, a list of issues or one issue"
        )
    transplant = Transplant(tracker, as_object(document))
    transplant.plant(issues)
    tracker.changes.clear()
    return Loaded(len(issues), tuple(transplant.remarks))


def _read(file: Path) -> Json:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as problem:
        raise LoadError(f"{file}: cannot be read ({problem})") from None
    except (ValueError, RecursionError) as problem:
        raise LoadError(f"{file}: is not JSON ({problem})") from None


def issues_in(document: Json) -> list[JsonObject]:
    """Find the issues: under ``issues``, as a list, or the document itself."""
    listed = document
    if isinstance(document, dict):
        listed = document.get("issues", [document])
    if not isinstance(listed, list):
        return []
    return [each for each in listed if _is_issue(each)]


def _is_issue(value: Json) -> bool:
    """Tell an issue from anything else that has an id: it has fields, or a key with a number."""
    if not isinstance(value, dict) or not value:
        return False
    has_fields = isinstance(value.get("fields"), dict)
    return has_fields or ("id" in value and _is_key(value.get("key")))


def _is_key(value: Json) -> bool:
    return isinstance(value, str) and value.rpartition("-")[2].isdigit()
