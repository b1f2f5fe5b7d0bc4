"""What is said on a request: a note for agents or for the customer, made of parts that are found again by markers."""

from collections.abc import Container
from dataclasses import dataclass, replace

from jsm_sla_bot.plan.blocks import Block, plain_text
from jsm_sla_bot.plan.ledger import ToldEta
from jsm_sla_bot.plan.markers import Audience, audience_of
from jsm_sla_bot.sla.assessment import FIRST_RESPONSE, MetricName


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a note says. `markers` find it again; `rungs` of the metric count as done once it stands.

    The markers say for whom it is, all of them the same. Raises ValueError where they don't.
    """

    markers: tuple[str, ...]
    blocks: tuple[Block, ...]
    rungs: tuple[str, ...] = ()
    metric: MetricName = FIRST_RESPONSE
    told: ToldEta | None = None
    """The ETA that the customer has read once it stands (D21)."""

    def __post_init__(self) -> None:
        """Refuse markers that say different things of who may read it."""
        if len({audience_of([marker]) for marker in self.markers}) > 1:
            message = "a part of a note is for agents or for the customer, not for both"
            raise ValueError(message)

    @property
    def audience(self) -> Audience:
        """For whom it is."""
        return audience_of(self.markers)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What it says as plain text, block by block."""
        return tuple(map(plain_text, self.blocks))

    def unsaid(self, said: Container[str]) -> "Part":
        """Return it with those of its markers that do not stand yet."""
        left = [marker for marker in self.markers if marker not in said]
        return replace(self, markers=tuple(left))

    def is_said(self, said: Container[str]) -> bool:
        """Whether all of its markers are among those that stand."""
        return all(marker in said for marker in self.markers)


@dataclass(frozen=True, slots=True)
class Note:
    """A note for one audience. All its markers go with it, so that a lost answer can be looked up.

    `look_first` tells that the request carries a comment of ours that its ledger does not know: the markers are
    looked for before anything is posted. Raises ValueError for parts of different audiences: nothing internal gets
    into a note that the customer reads.
    """

    parts: tuple[Part, ...]
    look_first: bool = False

    def __post_init__(self) -> None:
        """Refuse parts for different audiences."""
        if len({part.audience for part in self.parts}) > 1:
            message = "a note is for agents or for the customer, not for both"
            raise ValueError(message)

    @property
    def audience(self) -> Audience:
        """For whom it is."""
        return audience_of(self.markers)

    @property
    def markers(self) -> tuple[str, ...]:
        """The markers of all parts, each once."""
        return tuple(
            dict.fromkeys(
                marker for part in self.parts for marker in part.markers
            )
        )

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of all parts."""
        return tuple(block for part in self.parts for block in part.blocks)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What all parts say as plain text, block by block."""
        return tuple(map(plain_text, self.blocks))

    def unsaid(self, said: Container[str]) -> "Note | None":
        """Return what is left to say where these markers stand already; None when nothing is."""
        left = [part.unsaid(said) for part in self.parts]
        parts = tuple(part for part in left if part.markers)
        return replace(self, parts=parts) if parts else None

    def unsaid_rungs(
        self, said: Container[str]
    ) -> frozenset[tuple[MetricName, str]]:
        """Return the rungs, each with its metric, that no note announces where only these markers stand."""
        unsaid = [part for part in self.parts if not part.is_said(said)]
        return frozenset(
            (part.metric, rung) for part in unsaid for rung in part.rungs
        )
