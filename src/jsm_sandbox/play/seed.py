"""A desk with a past: some sixty requests told by seed, relative to now.

A few are about to change under the eyes of whoever watches; the rest is a mix of everything that a desk has
seen.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from jsm_sandbox.play import phrases
from jsm_sandbox.play.seeded_request import SeededRequest
from jsm_sandbox.play.tracker import Tracker

WATCHED: tuple[tuple[int, int, str, float, float], ...] = (
    (11, 1, "Outscan NX", 105, 100),
    (20, 1, "HIAB", 180, 175),
    (13, 2, "Outscan NX", 470, 465),
    (11, 1, "HIAB", 119, 118),
    (20, 1, "Outscan NX", 90, 89),
    (17, 2, "HIAB", 358, 357),
    (20, 2, "Appsec Scale", 300, 290),
)
"""Organization, severity, product, minutes since the report, minutes since the call."""

OLDEST = timedelta(days=20)


def sow(tracker: Tracker, requests: int = 60) -> None:
    """Fill the tracker with this many requests; the same seed and instant give the same ones."""
    chance = random.Random(tracker.seed)  # noqa: S311 - chance that repeats
    now = tracker.now()
    watched = WATCHED[: max(0, requests)]
    ages = sorted(
        (_age(chance) for _ in range(requests - len(watched))), reverse=True
    )
    for number, age in enumerate(ages):
        SeededRequest(tracker, chance, now - age, now).tell(number)
        tracker.changes.clear()
    for organization, severity, product, reported, called in watched:
        _watched(
            tracker,
            chance,
            now,
            organization,
            severity,
            product,
            reported,
            called,
        )
    tracker.changes.clear()


def _age(chance: random.Random) -> timedelta:
    """Draw an age: many of the last hours, some of weeks ago."""
    hours = chance.choice(
        (
            chance.uniform(0.05, 10),
            chance.uniform(4, 60),
            chance.uniform(24, OLDEST.days * 24),
        )
    )
    return timedelta(hours=hours)


def _watched(  # noqa: PLR0913, PLR0917 - a row of the table above
    tracker: Tracker,
    chance: random.Random,
    now: datetime,
    organization: int,
    severity: int,
    product: str,
    reported: float,
    called: float,
) -> None:
    _, summary, text = chance.choice(
        [each for each in phrases.REPORTS if each[0] == product]
    )
    key = tracker.raise_request(
        summary,
        description=text,
        organization=organization,
        severity=severity,
        product=product,
        at=now - timedelta(minutes=reported),
    )
    tracker.phone(key, at=now - timedelta(minutes=called))
