"""Which policy was in force last, what the bot holds back until a person allows it, and that permission.

All of it is kept in the journal. A policy that is held back stands there with its reason, and a person allows the
policy by its hash: the permission is for that policy alone and is used up when the policy comes into force. Requests
that vanished from the site are held back likewise, and allowed by their ids.

Anybody who has opened the journal may call these functions, also next to a running daemon, which looks for the
permission at its next poll. Accepted race: a permission that is written while the daemon judges another policy is
taken back, since it is for a policy that is not asked about any more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from jsm_sla_bot.ports.errors import TerminalError
from jsm_sla_bot.ports.journal import (
    AdmittedPolicy,
    AllowedGone,
    AllowedPolicy,
    HeldBack,
    Marks,
    Vanished,
)


class OtherPolicyError(TerminalError):
    """The policy that a person allows is not the one that is held back."""


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


def was_in_force(marks: Marks, policy: str) -> bool:
    """Tell whether the policy of that hash was in force last, also before a restart; raises JournalError."""
    last = marks.recall(AdmittedPolicy)
    return last is not None and last.policy == policy


def came_into_force(marks: Marks, policy: AdmittedPolicy) -> None:
    """Keep which policy is in force; whatever was held back or allowed is settled by it. Raises JournalError."""
    marks.remember(policy)
    marks.clear(HeldBack, AllowedPolicy)


def stays_in_force(marks: Marks, policy: AdmittedPolicy) -> None:
    """Keep the policy in force again where the journal has lost it meanwhile; raises JournalError."""
    if marks.recall(AdmittedPolicy) != policy:
        marks.remember(policy)


def is_allowed(marks: Marks, policy: str) -> bool:
    """Tell whether a person has allowed the policy of that hash, and it has not come into force since."""
    return marks.recall(AllowedPolicy) == AllowedPolicy(policy)


def expire(marks: Marks) -> None:
    """Forget a permission: it is for one policy, not for a later day. Raises JournalError."""
    marks.clear(AllowedPolicy)


def withdraw(marks: Marks) -> None:
    """Forget what was held back: it is not offered any more. Raises JournalError."""
    marks.clear(HeldBack)


def allow(marks: Marks, policy: str) -> Allowed:
    """Allow what is held back: the policy of that hash, and requests that are gone.

    `policy` is what the person has looked at. Raises OtherPolicyError, allowing nothing, where another one is held
    back, and JournalError.
    """
    held = marks.recall(HeldBack)
    if held and held.policy != policy:
        raise OtherPolicyError(
            f"the daemon holds back policy {held.policy}, but the configuration folder now has {policy}: "
            f"wait until the daemon has judged that one"
        )
    if held:
        marks.remember(AllowedPolicy(policy))
    return Allowed(held, _gone_allowed(marks))


def _gone_allowed(marks: Marks) -> str | None:
    vanished = marks.recall(Vanished)
    if vanished is None:
        return None
    marks.remember(AllowedGone(vanished.ids))
    count, _, _ = vanished.because.partition(":")
    return count
