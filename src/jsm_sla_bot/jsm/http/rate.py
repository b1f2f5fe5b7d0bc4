"""How many calls a second one endpoint bears, found out by calling: nobody says how much of a limit others use.

It begins at the rate that Jira documents. After a refusal it begins low and climbs like TCP CUBIC (RFC 9438): fast at
first, hardly at all near the rate that was probably borne, then faster again to find what others have left free.
"""

from dataclasses import dataclass, field

SLOWEST = 0.1
HOLD = 8.0
"""Seconds of calling in which the rate climbs back to what was probably borne."""
HOLD_CALLS = 50
"""On a slow endpoint the climb takes so many calls instead: one refusal costs as little as on a fast one."""
GROWTH = 0.1
"""Above that rate it grows by this share in the next `HOLD`, and by eight times as much in two."""
EARLY = 1
"""A refusal after no more calls than this says only that the rate was far too high, not by how much."""
LEFT_AFTER_EARLY = (0.7, 0.55, 0.4)
"""What is left of the rate after the first, second and every further early refusal in a row."""
LEAST_PROVEN = 0.2
"""One call in the gap before a refusal was one too many: so much less is borne, but at least this share."""
LEAST_LEFT = 0.55
"""A refusal that is not early leaves at least this share."""
LEFT_AT_FIRST = 0.3
"""What is left after the first refusal of what was taken until then: calls that the site had saved up are among it."""
SHARES_AT_FIRST = (0.1, 0.3)
"""The first refusal leaves at least and at most these shares of the rate: it is the documented one, and a guess."""
BELOW_REFUSED = 0.95
MOST_CLIMB = 1.6
MOST_CLIMB_AT_FIRST = 2.5
"""The climb aims at no more than so many times what is left; after the first refusal that is a guess."""
TRUST_IN_CLIMB = 0.6
"""The climb aims at this point between what was surely borne and just below what was refused."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known when a call is refused: what came before it, in calls and seconds."""

    taken: int
    """Calls that were taken since the refusal before."""
    seconds: float
    """The time since that refusal."""
    gap: float | None
    """The time between the last call that was taken and the refused one; None where none was taken yet."""

    @property
    def is_early(self) -> bool:
        """Whether too few calls were taken to say how many are borne."""
        return self.taken <= EARLY


@dataclass(slots=True)
class AdaptiveRate:
    """The rate of one endpoint: `value` calls a second, never more than `ceiling`."""

    ceiling: float
    value: float
    _low: float = field(init=False)
    _aim: float = field(init=False)
    _climbed: float = field(init=False)
    _early_in_a_row: int = field(init=False, default=0)
    _was_lowered: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._low = self.value
        self._aim = self.value
        self._climbed = self._hold

    def grow(self, seconds: float) -> None:
        """Raise the rate after so many more seconds of calling."""
        self._climbed += seconds
        position = self._climbed / self._hold - 1
        is_below = position < 0
        height = self._aim - self._low if is_below else self._aim * GROWTH
        self.value = min(self.ceiling, self._aim + height * position**3)

    def lower(self, evidence: Evidence) -> None:
        """Lower the rate after a refusal."""
        refused = self.value
        if evidence.is_early:
            self._low = self._low_after_early(evidence)
        elif not self._was_lowered:
            self._low = self._low_at_first(evidence)
        else:
            self._low = self._low_after(evidence)
        self._low = max(SLOWEST, self._low)
        most_climb = MOST_CLIMB if self._was_lowered else MOST_CLIMB_AT_FIRST
        highest = min(refused * BELOW_REFUSED, self._low * most_climb)
        trust = 1.0 if evidence.is_early else TRUST_IN_CLIMB
        aim = self._low + (highest - self._low) * trust
        self._aim = max(SLOWEST, aim)
        self.value = self._low
        self._climbed = 0.0
        self._was_lowered = True

    @property
    def _hold(self) -> float:
        return max(HOLD, HOLD_CALLS / self._aim)

    def _low_at_first(self, evidence: Evidence) -> float:
        """Return a share of what was taken a second until the first refusal."""
        really = evidence.taken / max(evidence.seconds, 1 / self.value)
        least, most = SHARES_AT_FIRST
        return min(
            max(really * LEFT_AT_FIRST, self.value * least), self.value * most
        )

    def _low_after_early(self, evidence: Evidence) -> float:
        """Return less and less of the rate, or what the gap proves to be the most that is borne."""
        last = len(LEFT_AFTER_EARLY) - 1
        left = LEFT_AFTER_EARLY[min(self._early_in_a_row, last)]
        self._early_in_a_row += 1
        guess = self.value * left
        if evidence.gap is None or evidence.gap * guess < 1:
            return guess
        self._early_in_a_row = 0
        proven = 1 / evidence.gap
        return max(proven, self.value * LEAST_PROVEN)

    def _low_after(self, evidence: Evidence) -> float:
        """Return what was really taken, within bounds: the more calls were taken, the closer to the refused rate."""
        self._early_in_a_row = 0
        shortest = 1 / self.value
        really = evidence.taken / max(evidence.seconds, shortest)
        most = self.value * evidence.taken / (evidence.taken + 1)
        least = self.value * LEAST_LEFT
        return min(max(least, really), most)
