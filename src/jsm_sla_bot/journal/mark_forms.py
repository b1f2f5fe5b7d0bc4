"""How each mark is written down: the one place that writes it and reads it.

These texts outlive the program. A bot of another version may have written what is read here, and may read what is
written here; so a form is only ever extended, and a test pins each of them.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, assert_never

from jsm_sla_bot.ports.journal import (
    AdmittedPolicy,
    AllowedGone,
    AllowedPolicy,
    DaemonFacts,
    DormancyOn,
    EndpointCalls,
    FirstSweep,
    HeldBack,
    LookedBack,
    Mark,
    Scope,
    Silence,
    Silences,
    Vanished,
)

Values = dict[str, Any]
"""The fields of a mark by name."""


@dataclass(frozen=True, slots=True)
class Form:
    """The names of a mark's rows, the one that it can't be without first, and how their texts are read.

    `read` raises ValueError, TypeError, LookupError or AttributeError where a text is none of its kind.
    """

    names: tuple[str, ...]
    read: Callable[..., Values]


def rows_of(mark: Mark) -> Mapping[str, str]:
    """Return the texts that a mark is written down as, by the names of their rows."""
    texts = _texts_of(mark)
    return dict(zip(FORMS[type(mark)].names, texts, strict=True))


def _texts_of(mark: Mark) -> Sequence[str]:
    match mark:
        case AdmittedPolicy():
            texts = [mark.policy, json.dumps(dict(mark.files))]
        case HeldBack():
            texts = [f"{mark.policy} {mark.because}"]
        case AllowedPolicy():
            texts = [mark.policy]
        case Vanished():
            texts = [mark.because, _list(mark.ids)]
        case AllowedGone():
            texts = [_list(mark.ids)]
        case Scope():
            texts = [_list(mark.projects)]
        case FirstSweep():
            texts = [_first_sweep(mark)]
        case LookedBack() | DormancyOn():
            texts = [mark.at.isoformat()]
        case Silences() | DaemonFacts():
            texts = [_as_json(mark)]
        case _:
            assert_never(mark)
    return texts


def _list(names: frozenset[str]) -> str:
    return json.dumps(sorted(names))


def _first_sweep(mark: FirstSweep) -> str:
    owes = mark.owes.isoformat()
    began = mark.began.isoformat()
    return json.dumps({"owes": owes, "began": began})


def _as_json(mark: Silences | DaemonFacts) -> str:
    return _silences(mark) if isinstance(mark, Silences) else _facts(mark)


def _silences(mark: Silences) -> str:
    return json.dumps(
        [
            {**asdict(each), "until": each.until.isoformat()}
            for each in mark.each
        ]
    )


def _facts(mark: DaemonFacts) -> str:
    values = asdict(mark)
    values["at"] = mark.at.isoformat()
    return json.dumps(values)


def _read_admitted(policy: str, files: str) -> Values:
    return {"policy": policy, "files": dict(json.loads(files or "{}"))}


def _read_held_back(text: str) -> Values:
    policy, _, because = text.partition(" ")
    return {"policy": policy, "because": because}


def _read_vanished(because: str, ids: str) -> Values:
    return {"ids": _read_list(ids or "[]"), "because": because}


def _read_list(text: str) -> frozenset[str]:
    return frozenset(json.loads(text))


def _read_at(text: str) -> Values:
    return {"at": datetime.fromisoformat(text)}


def _read_first_sweep(text: str) -> Values:
    found = json.loads(text)
    owes = datetime.fromisoformat(found["owes"])
    began = datetime.fromisoformat(found["began"])
    return {"owes": owes, "began": began}


def _read_silences(text: str) -> Values:
    each = [
        Silence(one["about"], datetime.fromisoformat(one["until"]), one["why"])
        for one in json.loads(text)
    ]
    return {"each": tuple(each)}


def _read_facts(text: str) -> Values:
    """Read what a daemon of whatever version has said: what we do not know of is left out."""
    found = json.loads(text)
    known = {name: found[name] for name in _FACTS if name in found}
    known["at"] = datetime.fromisoformat(found["at"])
    if known.get("warnings") is not None:
        known["warnings"] = tuple(known["warnings"])
    if known.get("calls") is not None:
        known["calls"] = _read_calls(known["calls"])
    return known


def _read_calls(found: Mapping[str, Any]) -> Mapping[str, EndpointCalls]:
    return {
        endpoint: EndpointCalls(each["calls"], each["waited_seconds"])
        for endpoint, each in found.items()
    }


_FACTS = DaemonFacts.__dataclass_fields__.keys()

FORMS: Mapping[type[Any], Form] = {
    AdmittedPolicy: Form(("admitted", "configuration"), _read_admitted),
    HeldBack: Form(("refused",), _read_held_back),
    AllowedPolicy: Form(("allowed",), lambda text: {"policy": text}),
    Vanished: Form(("gone", "gone_ids"), _read_vanished),
    AllowedGone: Form(
        ("gone_allowed",), lambda text: {"ids": _read_list(text)}
    ),
    Scope: Form(("scope",), lambda text: {"projects": _read_list(text)}),
    FirstSweep: Form(("first_sweep",), _read_first_sweep),
    LookedBack: Form(("looked_back",), _read_at),
    DormancyOn: Form(("dormancy_on",), _read_at),
    Silences: Form(("silences",), _read_silences),
    DaemonFacts: Form(("facts",), _read_facts),
}
