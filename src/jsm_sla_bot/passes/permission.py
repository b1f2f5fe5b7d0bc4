"""What the bot holds back until a person allows it, and that permission.

A policy that is held back stands in the journal with its reason, and a person allows the policy by its hash: the
permission is for that policy alone and is used up when the policy comes into force. Requests that vanished from the
site are held back likewise, and allowed by their ids.

Anybody who has opened the journal may call these functions, also next to a running daemon, which looks for the
permission at its next poll. Accepted race: a permission that is written while the daemon judges another policy is
taken back, since it is for a policy that is not asked about any more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from jsm_sla_bot.ports.journal import Journal, Mark
from jsm_sla_bot.ports.site import TerminalError


class OtherPolicyError(TerminalError):
    """The policy that a person allows is not the one that is held back."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A policy that may not be written, by its hash, and why."""

    policy: str
    because: str

    @property
    def text(self) -> str:
        """How the journal keeps it."""
        return f"{self.policy} {self.because}"

    @classmethod
    def read(cls, text: str) -> "HeldBack":
        """Return what the journal kept as `text`."""
        policy, _, because = text.partition(" ")
        return cls(policy, because)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person has allowed just now."""

    policy: HeldBack | None = None
    gone: str | None = None
    """How many requests are believed to be gone, of how many."""

    def __bool__(self) -> bool:
        """Tell whether anything was held back."""
        return self.policy is not None or self.gone is not None

    def sentences(self) -> Iterator[str]:
        """Yield what was allowed, a sentence each."""
        if self.policy:
            yield (
                f"Policy {self.policy.policy} may be written once. "
                f"It was held back: {self.policy.because}"
            )
        if self.gone:
            yield f"Taken as gone: {self.gone}"


def hold_back(journal: Journal, policy: str, why: str) -> None:
    """Keep in the journal that the policy of that hash may not be written; raises JournalError."""
    journal.remember(Mark.REFUSED, HeldBack(policy, why).text)


def held_back(journal: Journal) -> HeldBack | None:
    """Return the policy that is held back, None where none is; raises JournalError."""
    text = journal.recall(Mark.REFUSED)
    return HeldBack.read(text) if text else None


def allow(journal: Journal, policy: str) -> Allowed:
    """Allow what is held back: the policy of that hash, and requests that are gone.

    `policy` is what the person has looked at. Raises OtherPolicyError, allowing nothing, where another one is held
    back, and JournalError.
    """
    held = held_back(journal)
    if held and held.policy != policy:
        message = (
            f"the daemon holds back policy {held.policy}, but the configuration folder now has {policy}: "
            f"wait until the daemon has judged that one"
        )
        raise OtherPolicyError(message)
    if held:
        journal.remember(Mark.ALLOWED, policy)
    return Allowed(held, _gone_allowed(journal))


def _gone_allowed(journal: Journal) -> str | None:
    gone = journal.recall(Mark.GONE)
    if not gone:
        return None
    ids = journal.recall(Mark.GONE_IDS) or ""
    journal.remember(Mark.GONE_ALLOWED, ids)
    count, _, _ = gone.partition(":")
    return count
