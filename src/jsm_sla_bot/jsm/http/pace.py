"""How fast one endpoint may be called, found out by calling: nobody says how much of a limit others use.

Additive increase, multiplicative decrease: each call that was taken raises the rate a little, a refusal lowers it
by a share and closes the endpoint for as long as Jira asks. Then a single call probes it: only when that one was
taken do the others follow, one after the other. So a refusal costs one call and not one for every thread.
"""

from dataclasses import dataclass

from jsm_sla_bot.ports.backoff import backoff

START_SHARE = 0.1
"""Writes begin at this share of their rate: a poor limit is met by one call, not by all threads at once."""
START_BURST = 1
GROWTH_AT_START = 0.05
"""Until the first refusal every call that was taken adds this share to the rate."""
STEP = 0.02
STEP_SHARE = 0.004
"""Afterwards each adds so many calls a second, at most this share of the rate: some forty calls to one refusal."""
MOST_LEFT = 0.9
LEAST_LEFT = 0.5
"""A refusal lowers the rate to what was really taken since the one before, but by these shares."""
SLOWEST = 0.1
FIRST_CLOSURE = 1.0
LONGEST_CLOSURE = 30.0
"""Seconds for which a refusal without advice closes the endpoint: doubled with every refused probe."""
SPREAD = 0.1
LONGEST_SPREAD = 5.0
"""At most this share of the advice is added by chance (seconds): other processes were given the same instant."""


@dataclass(slots=True)
class Pace:
    """The rate of one endpoint in calls a second, and when the next call may go; instants in monotonic seconds."""

    ceiling: float
    rate: float
    burst: int
    free_at: float
    closed_until: float = float("-inf")
    probe_at: float | None = None
    """When the probe that is under way was sent; None while there is none."""
    _must_probe: bool = False
    _in_a_row: int = 0
    _taken: int = 0
    _cut_at: float = float("-inf")
    _was_refused: bool = False
    _begun_at: float = float("inf")

    def next_at(self, now: float) -> float:
        """Return when the next call may go. While a probe is under way nobody knows: ask again shortly."""
        if self.probe_at is not None:
            return now + min(max(0.05, (now - self.probe_at) / 2), 1.0)
        saved = self.burst / self.rate
        return max(now, self.free_at - saved, self.closed_until)

    def sent(self, now: float) -> None:
        """Take note that a call goes now."""
        self._begun_at = min(self._begun_at, now)
        self.free_at = max(now, self.free_at) + 1 / self.rate
        if self._must_probe:
            self.probe_at = now

    def accepted(self, sent_at: float, *, waited: bool) -> None:
        """Take note that a call was not refused. Who never had to wait says nothing about the rate."""
        self._end_probe(sent_at, was_taken=True)
        self._taken += 1
        if not self._was_refused:
            self.rate += self.rate * GROWTH_AT_START
        elif waited:
            self.rate += min(STEP, self.rate * STEP_SHARE)
        self.rate = min(self.rate, self.ceiling)

    def refused(
        self, sent_at: float, now: float, advice: float | None, chance: float
    ) -> None:
        """Take note of a 429 with Jira's advice in seconds, if any; `chance` is from [0, 1)."""
        self._end_probe(sent_at, was_taken=False)
        if sent_at >= self._cut_at:
            self._cut(now)
        own = backoff(FIRST_CLOSURE, LONGEST_CLOSURE, self._in_a_row)
        closure = max(advice or own, FIRST_CLOSURE)
        spread = min(closure * SPREAD, LONGEST_SPREAD) * chance
        self.closed_until = max(self.closed_until, now + closure + spread)
        self.burst = 0
        self._must_probe = True

    def given_up(self, sent_at: float) -> None:
        """Take note that a call will never be answered: a probe that got no refusal is as good as taken."""
        self._end_probe(sent_at, was_taken=True)

    def _cut(self, now: float) -> None:
        """Lower the rate once for all calls that were under way when it was too high."""
        elapsed = max(now - max(self._cut_at, self._begun_at), 1 / self.rate)
        really = self._taken / elapsed
        lowered = max(self.rate * LEAST_LEFT, min(really, self.rate * MOST_LEFT))
        self.rate = max(SLOWEST, lowered)
        self._taken = 0
        self._cut_at = now
        self._was_refused = True

    def _end_probe(self, sent_at: float, *, was_taken: bool) -> None:
        if self.probe_at is None or self.probe_at != sent_at:
            return
        self.probe_at = None
        self._must_probe = not was_taken
        self._in_a_row = 0 if was_taken else self._in_a_row + 1
