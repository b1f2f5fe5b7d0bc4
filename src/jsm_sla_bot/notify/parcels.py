"""What is sent at once: one notice, or many as a digest. Pure.

A digest that was tried once keeps its notices and its name, so that a service knows it again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jsm_sla_bot.notify.stored import read
from jsm_sla_bot.ports.journal.outbox import Outgoing
from jsm_sla_bot.ports.notify import Notice, Story, Urgency, mark

FEWEST = 3
"""So many that wait at once make a digest."""
MOST_LINES = 50
DIGEST = "digest"
_LOUDEST_FIRST = tuple(Urgency)


@dataclass(frozen=True, slots=True)
class Parcel:
    """Notices for one channel. `digest` is the name under which they go together; None for one alone."""

    notices: Sequence[Outgoing]
    digest: str | None = None

    @property
    def notice(self) -> Notice:
        """What a service is given; raises ValueError and KeyError for a text that is none."""
        found = [read(each.body) for each in self.notices]
        return found[0] if self.digest is None else _digest(found, self.digest)


def parcels(due: Sequence[Outgoing]) -> Iterator[Parcel]:
    """Yield what may be sent, in order; what may wait and has not been tried goes together."""
    begun: dict[str, list[Outgoing]] = {}
    joining = []
    for each in due:
        if each.digest:
            begun.setdefault(each.digest, []).append(each)
        elif each.is_held and not each.tried and not each.is_end:
            joining.append(each)
        else:
            yield Parcel([each])
    for name, together in begun.items():
        yield Parcel(together, name)
    if len(joining) < FEWEST:
        for each in joining:
            yield Parcel([each])
        return
    numbers = ",".join(str(each.number) for each in joining)
    yield Parcel(joining, mark(f"{joining[0].channel}/{numbers}"))


def _digest(found: Sequence[Notice], name: str) -> Notice:
    loudest = min((each.urgency for each in found), key=_LOUDEST_FIRST.index)
    lines = [each.title for each in found[:MOST_LINES]]
    if len(found) > MOST_LINES:
        lines.append(f"and {len(found) - MOST_LINES} more")
    return Notice(
        story=Story(DIGEST, name),
        rung=DIGEST,
        title=f"{len(found)} requests wait for an answer",
        urgency=loudest,
        severity=min(each.severity for each in found),
        lines=lines,
    )
