"""Which public notes are on for one tier or one organization: the policy's rule with an override in its place."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TypeVar

from jsm_sla_bot.config.schema.notes import NoteShape, NotesShape
from jsm_sla_bot.config.schema.severity import SEVERITIES
from jsm_sla_bot.sla.contract import PublicNoteRule

T = TypeVar("T")

KINDS = tuple(NotesShape.model_fields)
"""The kinds of public note that the policy can turn on, by name."""
UNSAID = NotesShape()
FRESH = timedelta(hours=2)
FRESHNESS: Mapping[str, timedelta] = {"resolved": timedelta(days=1)}
SETTLES = timedelta(minutes=10)
ANSWERED = timedelta(minutes=15)


def of_tier(notes: NotesShape | None, tier: str) -> dict[str, PublicNoteRule]:
    """Return the rules that hold for a tier, by kind; only those that are turned on."""
    given = notes or UNSAID
    listed = {kind: getattr(given, kind) for kind in KINDS}
    held = {
        kind: shape
        for kind, shape in listed.items()
        if shape and _is_for(shape, tier)
    }
    return dict(_on({kind: _rule(kind, held[kind]) for kind in held}))


def of_organization(
    own: NotesShape | None,
    policy: NotesShape | None,
    base: Mapping[str, PublicNoteRule],
    tier: str,
) -> Mapping[str, PublicNoteRule]:
    """Return the rules with an organization's own in their place (R12); what it leaves out is the policy's."""
    if own is None:
        return base
    rules = dict(base)
    for kind in KINDS:
        shape: NoteShape | None = getattr(own, kind)
        if shape is None:
            continue
        rules.pop(kind, None)
        if _is_for(shape, tier):
            otherwise = getattr(policy or UNSAID, kind)
            rules[kind] = _rule(kind, shape, otherwise)
    return dict(_on(rules))


def _is_for(shape: NoteShape, tier: str) -> bool:
    return shape.tiers is None or tier in shape.tiers


def _on(
    rules: Mapping[str, PublicNoteRule],
) -> Iterator[tuple[str, PublicNoteRule]]:
    """Yield those that are for any severity at all."""
    for kind, rule in rules.items():
        if rule.severities:
            yield kind, rule


def _rule(
    kind: str, shape: NoteShape, otherwise: NoteShape | None = None
) -> PublicNoteRule:
    shapes = [shape, otherwise]
    names = _given(shapes, "severities", list(SEVERITIES))
    return PublicNoteRule(
        severities=frozenset(SEVERITIES[name] for name in names),
        within=_given(shapes, "within", FRESHNESS.get(kind, FRESH)),
        settles=_given(shapes, "settles", SETTLES),
        answered_within=_given(shapes, "answered_within", ANSWERED),
    )


def _given(shapes: list[NoteShape | None], name: str, default: T) -> T:
    """Return the first value given under that name, or the default."""
    for shape in shapes:
        value: T | None = getattr(shape, name, None)
        if value is not None:
            return value
    return default
