"""The facts that the texts of public notes can name, kind by kind: what each is, and which a text must name (R9, R11).

A fact that may be empty leaves out the line that names it: there is nothing to say of it then.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from jsm_sla_bot.plan import customer_sentences
from jsm_sla_bot.plan.public.kind import NoteKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact: its name in braces, what it is, and how it looks in an example.

    A mandatory one is what the contract wants said (R9, D20-D22, D26).
    """

    name: str
    is_what: str
    example: str
    is_mandatory: bool = False
    may_be_empty: bool = False


_KEY = Fact(name="key", is_what="the request's key", example="SUP-12")
_SEVERITY = Fact(
    name="severity", is_what="the severity that counts", example="S1"
)
_TARGET = Fact(
    name="target",
    is_what="the response time that counts, with its clock",
    example="8 h, business hours",
)
_DUE = Fact(
    name="due",
    is_what="until when the first response is due; empty while the clock stands still",
    example="Tue 2026-03-03 10:00 CET",
    is_mandatory=True,
    may_be_empty=True,
)
_CHANGE = Fact(
    name="severity_change",
    is_what="a sentence: an agent changed the severity; empty unless the policy wants it said",
    example="",
    may_be_empty=True,
)
_REOPEN = Fact(
    name="reopen",
    is_what="a sentence: how to have a closed request reopened",
    example=customer_sentences.REOPEN,
    is_mandatory=True,
)


def _mandatory(fact: Fact) -> Fact:
    return Fact(
        name=fact.name,
        is_what=fact.is_what,
        example=fact.example,
        is_mandatory=True,
        may_be_empty=fact.may_be_empty,
    )


FACTS: Mapping[NoteKind, tuple[Fact, ...]] = {
    NoteKind.REGISTERED: (
        _mandatory(_KEY),
        _mandatory(_SEVERITY),
        Fact(
            name="meaning",
            is_what="what the severity means, by severity_definitions in policy.yaml; empty without them",
            example="",
            may_be_empty=True,
        ),
        _CHANGE,
        _mandatory(_TARGET),
        _DUE,
    ),
    NoteKind.CALL_US: (
        _KEY,
        _SEVERITY,
        _CHANGE,
        Fact(
            name="call_target",
            is_what="the response time after a call, with its clock",
            example="2 h, round the clock",
            is_mandatory=True,
        ),
        Fact(
            name="counts_from",
            is_what="from when that time counts: your call, or the report of your request",
            example="your call",
        ),
        _TARGET,
        _DUE,
    ),
    NoteKind.ETA: (
        _KEY,
        Fact(
            name="eta",
            is_what="the ETA",
            example="Thu 2026-03-05 17:00 CET",
            is_mandatory=True,
        ),
        Fact(
            name="old_eta",
            is_what="the ETA that the customer has read before; empty for the first one",
            example="Wed 2026-03-04 17:00 CET",
            is_mandatory=True,
            may_be_empty=True,
        ),
    ),
    NoteKind.RESOLVED: (
        _KEY,
        Fact(
            name="closed",
            is_what="when the request was closed",
            example="Thu 2026-03-05 14:30 CET",
        ),
        _REOPEN,
    ),
    NoteKind.REMINDER: (
        _KEY,
        Fact(
            name="awaited",
            is_what="sentences: what is awaited, and since when",
            example="We wait for your answer. Our support team last wrote to you on Mon 2026-03-02 14:00 CET.",
            is_mandatory=True,
        ),
        Fact(
            name="reminded_on",
            is_what="the day of the next reminder; empty in the last one",
            example="Tue 10 March 2026",
            may_be_empty=True,
        ),
        Fact(
            name="closes",
            is_what="the day on which the request is closed without an answer",
            example="Fri 13 March 2026",
            is_mandatory=True,
        ),
        Fact(
            name="keep_open",
            is_what="a sentence: how to keep the request open",
            example=customer_sentences.KEEP_OPEN,
            is_mandatory=True,
        ),
        _REOPEN,
    ),
    NoteKind.CLOSING: (
        _KEY,
        Fact(
            name="awaited",
            is_what="sentences: since when we have waited",
            example="Our support team last wrote to you on Mon 2026-03-02 14:00 CET.",
        ),
        Fact(
            name="reopens_until",
            is_what="until when a comment of the customer reopens the request at once",
            example="Fri 2026-03-27 09:00 CET",
            is_mandatory=True,
        ),
    ),
}
"""The facts of each kind, in the order in which people read of them."""


def example(kind: NoteKind) -> dict[str, str]:
    """Return facts of a made-up request."""
    return {fact.name: fact.example for fact in FACTS[kind]}
