"""A large search cut into ranges by the day of creation, so that several can be paged through at once.

Pages of one search come one after the other. An instant of creation never changes, so neighbouring ranges miss
nothing and share nothing; how many requests lie in each is only estimated, and decides about speed alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, sqrt

from jsm_sla_bot.jsm.instants import epoch_milliseconds

OLDEST = timedelta(days=20 * 365)
YOUNGEST = timedelta(minutes=1)
"""Between these ages everything is cut; what is older or younger belongs to the range at that end."""
ROUNDS = 6
"""So often the ranges are counted and cut: what is left whole then was made in one go, and is paged through alone."""


@dataclass(frozen=True, slots=True)
class Span:
    """Created at `begin` or later, and before `end`; None: without a bound. Aware UTC."""

    begin: datetime | None = None
    end: datetime | None = None

    def clause(self) -> str:
        """Return it as a part of a query, to follow others; empty for everything."""
        begin = (
            f" AND created >= {epoch_milliseconds(self.begin)}"
            if self.begin
            else ""
        )
        end = (
            f" AND created < {epoch_milliseconds(self.end)}"
            if self.end
            else ""
        )
        return begin + end

    def halves(self, now: datetime) -> tuple["Span", "Span"] | None:
        """Cut it in the middle of its ages, as their orders of magnitude go: half of all requests are young."""
        oldest = now - self.begin if self.begin else OLDEST
        youngest = now - self.end if self.end else YOUNGEST
        age = timedelta(
            seconds=round(
                sqrt(oldest.total_seconds() * youngest.total_seconds())
            )
        )
        if not youngest < age < oldest:
            return None
        return Span(self.begin, now - age), Span(now - age, self.end)


Counts = Callable[[Sequence[Span]], Sequence[int]]


def ranges(
    total: int, now: datetime, parts: int, page: int, counts: Counts
) -> Sequence[Span]:
    """Cut everything into about so many ranges of equal size, oldest first, none much below a page.

    `total` is about how many there are, `counts` tells it of some ranges. Raises what `counts` raises.
    """
    most = max(page, ceil(total / parts))
    sizes = {Span(): total}
    for _ in range(ROUNDS):
        cuts = {
            span: halves
            for span, size in sizes.items()
            if size > most and (halves := span.halves(now))
        }
        if not cuts:
            break
        older = dict(
            zip(
                cuts,
                counts([halves[0] for halves in cuts.values()]),
                strict=True,
            )
        )
        sizes = _cut(sizes, cuts, older)
    return _joined(sizes, most)


def _cut(
    sizes: Mapping[Span, int],
    cuts: Mapping[Span, tuple[Span, Span]],
    older: Mapping[Span, int],
) -> dict[Span, int]:
    found: dict[Span, int] = {}
    for span, size in sizes.items():
        if span not in cuts:
            found[span] = size
            continue
        old, young = cuts[span]
        found[old], found[young] = older[span], max(size - older[span], 0)
    return found


def _joined(sizes: Mapping[Span, int], most: int) -> Sequence[Span]:
    """Join neighbours that together are no larger than a range may be."""
    joined: list[tuple[Span, int]] = []
    for span, size in sizes.items():
        if joined and joined[-1][1] + size <= most:
            before, known = joined.pop()
            joined.append((Span(before.begin, span.end), known + size))
        else:
            joined.append((span, size))
    return [span for span, _ in joined]
