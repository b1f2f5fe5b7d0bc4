"""The answer to an agent's "why?": one internal note with the full explanation, and the label to be taken off."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from jsm_sla_bot.plan import dormancy_wording, wording
from jsm_sla_bot.plan.basis import verdict
from jsm_sla_bot.plan.blocks import Block, Heading, Mention, Paragraph, Table
from jsm_sla_bot.plan.change import Clearing, Part
from jsm_sla_bot.plan.explanation.asked import Asked, Asking, asked
from jsm_sla_bot.plan.explanation.explained import (
    STEPS,
    Explanation,
    explained,
)
from jsm_sla_bot.plan.explanation.intervals import HEAD
from jsm_sla_bot.plan.explanation.promises import promises
from jsm_sla_bot.plan.ledger import Ledger
from jsm_sla_bot.plan.markers import is_why
from jsm_sla_bot.sla.assessment import Assessment
from jsm_sla_bot.sla.request import RequestSnapshot

KEPT = 10
"""So many answers a ledger remembers: it must not grow for ever."""
_FACTS = ("rests on", "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be said, None where it stands already, and the label to be taken off after it."""

    part: Part | None
    clearing: Clearing

    def with_part(self, parts: Sequence[Part]) -> tuple[Part, ...]:
        """Return these parts of a note with the answer last: what hurries stands first."""
        return (*parts, self.part) if self.part else tuple(parts)


def answer(
    request: RequestSnapshot,
    assessment: Assessment,
    ledger: Ledger | None,
    asking: Asking,
    zone: tzinfo,
) -> Answer | None:
    """Answer why a request shows what it shows; None where nobody asks."""
    setting = asked(request, asking.label)
    if setting is None:
        return None
    blocks = (
        _asked_by(setting, zone),
        *_explanation(request, assessment, ledger, asking, zone),
    )
    return _answer(setting, ledger.notes if ledger else (), blocks)


def answer_without_judgement(
    request: RequestSnapshot,
    why: str,
    said: Container[str],
    label: str,
    zone: tzinfo,
) -> Answer | None:
    """Answer on a request that can't be judged: that is the answer. `said` are the markers that stand."""
    setting = asked(request, label)
    if setting is None:
        return None
    blocks = (
        _asked_by(setting, zone),
        f"This request can't be judged, so nothing is written to it until that is put right: {why}",
    )
    return _answer(setting, said, blocks)


def _answer(
    setting: Asked, said: Container[str], blocks: tuple[Block, ...]
) -> Answer:
    if setting.marker in said:
        return Answer(None, Clearing(setting.labels))
    clearing = Clearing(setting.labels, awaits=setting.marker)
    return Answer(Part((setting.marker,), blocks), clearing)


def forgetting(ledger: Ledger) -> Ledger:
    """Return the ledger with the latest answers only, one less than are kept."""
    answers = sorted(marker for marker in ledger.notes if is_why(marker))
    old = set(answers[: 1 - KEPT])
    if not old:
        return ledger
    return ledger.without_notes(old)


def _asked_by(setting: Asked, zone: tzinfo) -> Block:
    since = wording.instant_text(setting.at, zone)
    label = setting.labels[0]
    name = wording.plain_name(setting.name)
    if setting.by and setting.is_by_agent:
        asks = Mention(setting.by, name)
        return Paragraph(
            (asks, f" asks why, with the label {label} ({since}).")
        )
    whose = f"{name} asks" if name else "Asked"
    return f"{whose} why, with the label {label} ({since})."


def _explanation(
    request: RequestSnapshot,
    assessment: Assessment,
    ledger: Ledger | None,
    asking: Asking,
    zone: tzinfo,
) -> Iterator[Block]:
    outcome = verdict(assessment.first_response, zone)
    yield f"{assessment.status}: {outcome}"
    full = explained(assessment, asking.policy, zone, request.product)
    yield from drawn(full)
    if assessment.dormancy:
        yield Heading("While the customer does not answer")
        said = dormancy_wording.explained(assessment.dormancy, zone)
        yield f"{said[:1].upper()}{said[1:]}"
    if ledger and (promised := list(promises(ledger, zone))):
        yield " ".join(promised)


def drawn(full: Explanation) -> Iterator[Block]:
    """Draw an explanation as blocks of a note: the same values as the terminal shows."""
    yield Table(_FACTS, full.facts)
    yield Heading("Step by step")
    yield Table(STEPS, tuple(tuple(step) for step in full.steps))
    if full.counted:
        rows = tuple(row.cells for row in full.counted.rows)
        yield Heading(full.counted.title)
        yield Table(HEAD, rows)
    yield Heading("What would change it")
    yield "\n".join(f"\N{BULLET} {sentence}" for sentence in full.changes)
