"""Everything that can go wrong, drawn from a seed: faults of the site, and kills of the bot in the middle of a call."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsm_sla_bot.jsm.http.options import HttpOptions
from tests.scenarios.world import World

READS = r"GET |POST .*(bulkfetch|search/jql)"
FAULTS: tuple[Mapping[str, Any], ...] = (
    {"match": "", "kind": "429", "retry_after": 0},
    {"match": "", "kind": "429", "retry_after": 3},
    {"match": "POST|PUT", "kind": "429", "reason": "jira-per-issue-on-write"},
    {"match": "", "kind": "503"},
    {"match": "PUT|POST .*/(comment|transitions)$", "kind": "503-after"},
    {"match": "PUT|POST .*/(comment|transitions)$", "kind": "500-after"},
    {"match": "PUT|POST .*/(comment|transitions)$", "kind": "reset-after"},
    {"match": "PUT|POST .*/(comment|transitions)$", "kind": "cut-json"},
    {
        "match": "PUT|POST .*/(comment|transitions)$",
        "kind": "timeout-after",
        "probability": 0.02,
    },
    {"match": "", "kind": "timeout", "probability": 0.02},
    {"match": "", "kind": "reset"},
    {"match": READS, "kind": "cut-json"},
    {"match": "", "kind": "html"},
    {"match": "", "kind": "anonymous", "probability": 0.03},
    {"match": "", "kind": "401", "probability": 0.03},
    {"match": "POST .*/transitions$", "kind": "409"},
    {"match": "POST .*bulkfetch", "kind": "broken-issue"},
    {"match": "POST .*bulkfetch", "kind": "missing-row"},
    {"match": "POST .*(bulkfetch|search/jql)", "kind": "repeated-row"},
    {"match": "POST .*search/jql", "kind": "repeated-token"},
)
SWITCHES: tuple[Mapping[str, Any], ...] = (
    {"index_lag": 240.0},
    {"flicker": 0.2},
    {"short_pages": True},
    {"bump_on_property": True},
)
CALM: Mapping[str, Any] = {
    "index_lag": 0.0,
    "flicker": 0.0,
    "short_pages": False,
    "bump_on_property": False,
}


class KilledError(BaseException):
    """The process is gone: nothing catches this, and nothing is sent any more."""


@dataclass(slots=True)
class Executioner:
    """Kills the bot at some call: before it is sent, or after the site has carried it out."""

    chance: random.Random
    likely: float
    slept: float = 0.0
    dead: bool = False

    def options(self, desk: World) -> HttpOptions:
        """Return the bot's HTTP options with the axe behind them. One connection, so that a seed replays."""
        self.dead = False
        return desk.options(
            lambda _: self._strike(),
            read=0.4,
            connections=1,
            sleep=self._sleep,
            monotonic=self._breath,
            chance=self.chance.random,
        )

    def _strike(self) -> None:
        if self.chance.random() < self.likely:
            self.dead = True
        self._breath()

    def _sleep(self, seconds: float) -> None:
        self.slept += seconds

    def _breath(self) -> float:
        if self.dead:
            raise KilledError
        return self.slept


def order(chance: random.Random, keys: list[str]) -> list[dict[str, Any]]:
    """Draw some faults to hold at once."""
    drawn = [dict(each) for each in chance.sample(FAULTS, 4)]
    for each in drawn:
        each.setdefault("probability", 0.15)
        each["seed"] = chance.randrange(1 << 30)
        if each["kind"] in ("broken-issue", "missing-row"):
            each["key"] = chance.choice(keys) if keys else "SUP-1"
    return drawn
