"""What is wrong with single projects of the site: as values, and in sentences for ops."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AbsentField:
    """A field of the bot's that requests of a project do not have: it can't be written there."""

    project: str
    name: str
    id: str
    requests: int

    def __str__(self) -> str:
        """Say what is absent, where, and what to do."""
        many = "request lacks" if self.requests == 1 else "requests lack"
        return (
            f"project {self.project}: {self.requests} {many} the field {self.name!r} ({self.id}), so it is not written "
            f"there; add it to the project's field scheme"
        )


@dataclass(frozen=True, slots=True)
class SiteProblems:
    """What is wrong with single projects, as far as is known by now.

    `unserved` says by project key why its requests are set aside, `doubts` what the bot does without. `is_blind`: no
    request that was read has any field of the bot's. `newer_ledgers` counts requests whose ledger is one of a newer
    version of the bot.
    """

    unserved: Mapping[str, str] = field(default_factory=dict)
    absent: Sequence[AbsentField] = ()
    doubts: Sequence[str] = ()
    is_blind: bool = False
    newer_ledgers: int = 0

    @property
    def ledgers(self) -> str | None:
        """What is to be said of ledgers that a newer version of the bot has written; None where there are none."""
        count = self.newer_ledgers
        if not count:
            return None
        many = "1 request carries" if count == 1 else f"{count} requests carry"
        return (
            f"{many} the ledger of a newer version of the bot: each is judged by its history and its ledger stays as "
            f"it is; update this bot"
        )

    def sentences(self) -> Sequence[str]:
        """Return everything in sentences, the worst first."""
        ledgers = (self.ledgers,) if self.ledgers else ()
        absent = map(str, self.absent)
        return (*self.unserved.values(), *absent, *self.doubts, *ledgers)
