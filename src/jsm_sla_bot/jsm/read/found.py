"""What one fetch has come to so far: requests read, set aside, gone, and how many answers have failed."""

from dataclasses import dataclass, field

from jsm_sla_bot.jsm.decode.request import is_ignored, updated
from jsm_sla_bot.jsm.errors import GarbledError, TerminalError, TransientError
from jsm_sla_bot.jsm.json_values import JsonObject, text
from jsm_sla_bot.ports.site import Desk, Fetched, SetAside, Sighting

_MOST_FAILED = 32
"""So many failed answers in one fetch are no matter of single requests any more."""
_MOST_UNANSWERED = 8
"""While nothing at all is answered it is an outage: a hundred are halved down to the one to blame in seven steps."""


@dataclass(slots=True)
class Found:
    """What one fetch has come to so far."""

    desk: Desk
    sightings: dict[str, Sighting] = field(default_factory=dict)
    set_aside: dict[str, SetAside] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    issues: dict[str, JsonObject] = field(default_factory=dict)
    failed: int = 0
    answered: bool = False
    unserved: dict[str, TerminalError | TransientError] = field(
        default_factory=dict
    )
    """What is wrong with projects that can't be understood, by key."""

    def blame(self, error: TransientError) -> None:
        """Count an answer that failed; raise where it can be no matter of single requests any more."""
        self.failed += 1
        if self.failed > self._most(error):
            raise TransientError(
                f"too many calls fail, whatever is asked for: {error}",
                error.retry_after,
            ) from error

    def _most(self, error: TransientError) -> int:
        """Return how many answers may fail before it is no matter of single requests."""
        is_answered = self.answered or isinstance(error, GarbledError)
        return _MOST_FAILED if is_answered else _MOST_UNANSWERED

    def leave(self, identity: str, reason: str) -> None:
        """Set a request aside with its reason, unless its label says that it is none of our business."""
        issue = self.issues.get(identity, {})
        if is_ignored(issue, self.desk):
            self.ignored.append(identity)
        else:
            self.set_aside[identity] = _set_aside(identity, issue, reason)

    def is_out(self, identity: str) -> bool:
        """Tell whether nothing more is to be asked about a request."""
        return identity in self.set_aside or identity in self.ignored

    def fetched(self) -> Fetched:
        """Return what the fetch has come to."""
        return Fetched(
            tuple(self.sightings.values()),
            tuple(self.set_aside.values()),
            tuple(self.gone),
            tuple(self.left),
            tuple(self.ignored),
        )


def _set_aside(identity: str, issue: JsonObject, reason: str) -> SetAside:
    key = text(issue.get("key")) or ""
    return SetAside(identity, key, reason, updated(issue))
