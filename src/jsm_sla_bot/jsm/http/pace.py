"""When the next call to one endpoint may go: evenly spaced at its rate, and not while Jira wants none.

A refusal lowers the rate and closes the endpoint for as long as Jira asks. Then a single call probes it, and more
may be under way the more were taken. So a refusal costs one call and not one for every thread.
"""

from dataclasses import dataclass, field

from jsm_sla_bot.jsm.http.rate import AdaptiveRate, Evidence
from jsm_sla_bot.ports.backoff import backoff

TAKEN_FOR_ONE_MORE = 2
"""After a refusal one call more may be under way for so many that were taken since."""
AT_ONCE_AT_THE_START = 2
"""Before any refusal so many may be under way once a call was taken: a healthy site is written to sooner."""
LONGEST_SILENCE = 2.0
"""Before any refusal a call without an answer holds up the others for so many seconds."""
FIRST_CLOSURE = 1.0
LONGEST_CLOSURE = 30.0
"""Seconds for which a refusal without advice closes the endpoint: doubled with every refused probe."""
SPREAD = 0.1
LONGEST_SPREAD = 5.0
"""At most this share of the advice is added by chance (seconds): other processes were given the same instant."""
_SHORTEST_WAIT = 0.05
_LONGEST_WAIT = 0.2


@dataclass(slots=True)
class Pace:
    """When the next call may go; instants in monotonic seconds."""

    rate: AdaptiveRate
    burst: int
    """So many calls may go at once after a quiet time, until the first refusal."""
    free_at: float
    is_careful: bool
    """Whether few calls may be under way at once until some were taken."""
    closed_until: float = float("-inf")
    _under_way: int = 0
    _sent_at: float = float("-inf")
    _taken: int = 0
    _taken_at: float | None = None
    _refused_in_a_row: int = 0
    _was_refused: bool = False
    _nothing_taken_since: float | None = None
    """When the first of the last refusals in a row came; None after a call that was taken."""
    _lowered_at: float = float("-inf")
    _since: float = field(init=False)
    """When the rate was lowered last, or the endpoint was first called."""

    def __post_init__(self) -> None:
        self._since = self.free_at

    def next_at(self, now: float) -> float:
        """Return when the next call may go. While an answer is awaited nobody knows: ask again shortly."""
        if self._awaits_an_answer(now):
            silence = now - self._sent_at
            return now + min(max(_SHORTEST_WAIT, silence / 8), _LONGEST_WAIT)
        saved = self.burst / self.rate.value
        return max(now, self.free_at - saved, self.closed_until)

    def stuck_for(self, now: float) -> float:
        """Return for how many seconds every call has been refused: 0 after one that was taken."""
        if self._nothing_taken_since is None:
            return 0.0
        return now - self._nothing_taken_since

    def sent(self, now: float) -> None:
        """Take note that a call goes now. The rate grows only while calls queue for it."""
        gap = now - self._sent_at
        if gap < 2 / self.rate.value:
            self.rate.grow(gap)
        self.free_at = max(now, self.free_at) + 1 / self.rate.value
        self._sent_at = now
        self._under_way += 1

    def accepted(self, sent_at: float) -> None:
        """Take note that a call was not refused, or will never be answered."""
        self._under_way -= 1
        self._nothing_taken_since = None
        if self._is_news(sent_at):
            self._taken += 1
            self._taken_at = sent_at
            self._refused_in_a_row = 0

    def refused(
        self, sent_at: float, now: float, advice: float | None, chance: float
    ) -> None:
        """Take note of a 429 with Jira's advice in seconds, if any; `chance` is from [0, 1)."""
        self._under_way -= 1
        is_new = sent_at > self.closed_until + LONGEST_CLOSURE
        if self._nothing_taken_since is None or is_new:
            self._nothing_taken_since = now
        own = backoff(FIRST_CLOSURE, LONGEST_CLOSURE, self._refused_in_a_row)
        closure = max(advice or own, FIRST_CLOSURE)
        spread = min(closure * SPREAD, LONGEST_SPREAD) * chance
        self.closed_until = max(self.closed_until, now + closure + spread)
        if self._is_news(sent_at):
            self._lower(sent_at, now)

    def _awaits_an_answer(self, now: float) -> bool:
        if not self.is_careful:
            return False
        is_silent = now - self._sent_at > LONGEST_SILENCE
        if is_silent and not self._was_refused:
            return False
        return self._under_way >= self._most_under_way

    @property
    def _most_under_way(self) -> int:
        """How many calls may be unanswered at once: half as many more with every round of answers."""
        found = 1 + self._taken // TAKEN_FOR_ONE_MORE
        if self._was_refused:
            return found
        return max(found, min(1 + self._taken, AT_ONCE_AT_THE_START))

    def _is_news(self, sent_at: float) -> bool:
        """Whether a call was sent at the present rate: those sent before count once, together."""
        return sent_at > self._lowered_at

    def _lower(self, sent_at: float, now: float) -> None:
        gap = None if self._taken_at is None else sent_at - self._taken_at
        evidence = Evidence(self._taken, seconds=now - self._since, gap=gap)
        self.rate.lower(evidence)
        self.burst = 0
        self.is_careful = True
        self._refused_in_a_row += 1
        self._taken = 0
        self._since = now
        self._lowered_at = now
        self._was_refused = True
