"""An ordinary life of a service desk, drawn from a seed: who raises what when, who answers, who changes his mind."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from jsm_sandbox.play.tracker import Tracker

ORGANIZATIONS = (11, 12, 13, 14, 16, 19, None)
PRODUCTS = ("Outscan NX", "HIAB", "Appsec Scale", "EASM", None)
AGENT = "Mia Lindqvist"


@dataclass(frozen=True, slots=True, order=True)
class Act:
    """Somebody does something to the request of that number, so long after the story's begin."""

    after: timedelta
    request: int
    verb: str = field(compare=False)
    told: dict[str, Any] = field(compare=False)


def life(seed: int, requests: int, days: int) -> list[Act]:
    """Draw the acts of some days, in their order; the same seed gives the same life."""
    chance = random.Random(seed)  # noqa: S311 - chance that repeats is the point
    return sorted(
        act
        for number in range(requests)
        for act in _story(chance, number, timedelta(days=days))
    )


def _story(
    chance: random.Random, number: int, span: timedelta
) -> Iterator[Act]:
    raised = span * 0.8 * chance.random()
    report = {
        "organization": chance.choice(ORGANIZATIONS),
        "severity": chance.choice((1, 1, 2, 2, 3, 4, None)),
        "product": chance.choice(PRODUCTS),
    }
    yield Act(raised, number, "raise", report)
    likely: tuple[tuple[float, str, dict[str, Any]], ...] = (
        (0.3, "phone", {}),
        (0.5, "answer", {}),
        (0.2, "follow up", {}),
        (0.2, "note", {}),
        (0.2, "severity", {"severity": chance.choice((1, 2, 3))}),
        (0.1, "organization", {"organization": chance.choice((11, 12, 13))}),
        (0.2, "take", {}),
        (0.1, "ignore", {}),
    )
    for share, verb, told in likely:
        later = timedelta(hours=chance.expovariate(1 / 12))
        if chance.random() < share:
            yield Act(raised + later, number, verb, told)


def play(tracker: Tracker, act: Act, keys: dict[int, str]) -> None:
    """Let it happen now."""
    if act.verb == "raise":
        keys[act.request] = tracker.raise_request(
            f"Request {act.request}", **act.told
        )
        return
    key = keys[act.request]
    match act.verb:
        case "phone":
            tracker.phone(key)
        case "answer":
            tracker.comment(key, "We are looking into it.", as_=AGENT)
        case "follow up":
            tracker.comment(
                key,
                "Any news?",
                as_=str(tracker.issue(key).fields["reporter"]["accountId"]),
            )
        case "note":
            tracker.note(key, "Reproduced.", as_=AGENT)
        case "severity":
            tracker.set_field(key, "Severity", act.told["severity"], as_=AGENT)
        case "organization":
            tracker.set_field(
                key, "Organizations", [act.told["organization"]], as_=AGENT
            )
        case "ignore":
            tracker.set_field(key, "labels", ["sla-bot-ignore"], as_=AGENT)
        case "take":
            with suppress(LookupError):  # taken on already
                tracker.transition(key, "In progress", as_=AGENT)
        case other:
            raise LookupError(other)
