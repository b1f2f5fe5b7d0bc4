"""The figures of some rows: how many are in each class, and what share of the promises was kept (D30)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from jsm_sla_bot.review.row import COUNTED, Class, Row

THOUSAND = 1000
NINETY = 90
HUNDRED = 100
FEW = 20
"""Below so many counted a share says little: it stands as a fraction as well."""


@dataclass(frozen=True, slots=True)
class Attainment:
    """How many of the requests counted were answered in time."""

    met: int
    counted: int

    @property
    def tenths(self) -> int | None:
        """The share in tenths of a per cent, rounded down, never up; None where none was counted."""
        return self.met * THOUSAND // self.counted if self.counted else None

    @property
    def percent(self) -> float | None:
        """The share in per cent with one decimal, rounded down; None where none was counted."""
        return None if self.tenths is None else self.tenths / 10

    @property
    def fraction(self) -> str:
        """The share as people say it: `11 of 12`."""
        return f"{self.met} of {self.counted}"

    @property
    def text(self) -> str:
        """The share for people: `98.9 %`, of few also the fraction, `none counted` where there is none."""
        if self.percent is None:
            return "none counted"
        share = f"{self.percent:.1f} %"
        return share if self.counted >= FEW else f"{share} ({self.fraction})"


@dataclass(frozen=True, slots=True)
class Responses:
    """How long answers took, each on its target's own clock. `ninety` of a hundred came within that time."""

    median: timedelta
    ninety: timedelta
    worst: timedelta


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of some rows: the classes add up to `received`."""

    received: int
    classes: Mapping[Class, int]
    attainment: Attainment
    responses: Responses | None


def figures(rows: Sequence[Row]) -> Figures:
    """Count some rows."""
    classes = {kind: _count(rows, kind) for kind in Class}
    counted = sum(classes[kind] for kind in COUNTED)
    return Figures(
        received=len(rows),
        classes=classes,
        attainment=Attainment(classes[Class.MET], counted),
        responses=responses(rows),
    )


def _count(rows: Iterable[Row], kind: Class) -> int:
    return sum(row.kind is kind for row in rows)


def responses(rows: Iterable[Row]) -> Responses | None:
    """Return how long the answers took that count; None where there is none."""
    spans = sorted(
        row.response
        for row in rows
        if row.response is not None and row.kind in COUNTED
    )
    if not spans:
        return None
    return Responses(
        median=_median(spans), ninety=_ninetieth(spans), worst=spans[-1]
    )


def _median(spans: Sequence[timedelta]) -> timedelta:
    middle = len(spans) // 2
    if len(spans) % 2:
        return spans[middle]
    return (spans[middle - 1] + spans[middle]) / 2


def _ninetieth(spans: Sequence[timedelta]) -> timedelta:
    """Return the time within which nine of ten came: the nearest rank, so that it is one of them."""
    rank = -(-len(spans) * NINETY // HUNDRED)
    return spans[rank - 1]
