"""A call to a service and its answer, apart from any web framework."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from jsm_sandbox.state.json_types import JsonObject


@dataclass(frozen=True)
class Asked:
    """A call. `path` begins after the service's name; `headers` have small letters."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> JsonObject:
        """The content as an object; empty where it is none."""
        try:
            found = json.loads(self.content or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Said:
    """An answer."""

    status: int
    body: JsonObject
    headers: Mapping[str, str] = field(default_factory=dict)
