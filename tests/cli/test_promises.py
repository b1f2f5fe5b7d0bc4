"""`explain` tells what was promised first, what is promised now, and how it ended, each with its policy."""

import pytest

from jsm_sla_bot.cli.ledger import as_json, promises
from jsm_sla_bot.plan.ledger import Ledger, Promise, Settled
from tests.plan.ledgers import ledger_of
from tests.sla.contract import STOCKHOLM, utc

FIRST = Promise(
    utc("2026-03-09 16:00"), "8 h, business hours", "Expert", 1, "p1"
)
ENDED = Settled(
    "Met",
    "Expert",
    "2 h, round the clock",
    "why",
    FIRST.due,
    FIRST.due,
    "p2",
    FIRST.due,
)


@pytest.mark.parametrize(
    ("ledger", "told"),
    [
        (
            None,
            [
                "Nothing has been promised yet: no pass has written to this request."
            ],
        ),
        (
            ledger_of(
                promised=FIRST, due=utc("2026-03-06 23:20"), policy="p2"
            ),
            ["p1", "p2"],
        ),
        (
            ledger_of(
                promised=FIRST, due=FIRST.due, policy="p1", settled=ENDED
            ),
            ["p1", "p1", "Settled as Met under policy p2"],
        ),
    ],
    ids=["first contact", "moved", "settled"],
)
def test_each_promise_is_told_with_its_policy(
    ledger: Ledger | None, told: list[str]
) -> None:
    """One sentence for each promise, in the order in which they were made."""
    sentences = list(promises(ledger, STOCKHOLM))
    assert len(sentences) == len(told)
    assert all(
        part in sentence
        for part, sentence in zip(told, sentences, strict=True)
    )


def test_the_promises_are_data_too() -> None:
    """With --json the same stands there in UTC."""
    assert as_json(None) == {"first": None, "now": None, "settled": None}
    told = as_json(
        ledger_of(
            promised=FIRST,
            due=utc("2026-03-06 23:20"),
            policy="p2",
            settled=ENDED,
        )
    )
    assert told["first"]["due"] == "2026-03-09T16:00:00Z"
    assert told["now"] == {"due": "2026-03-06T23:20:00Z", "policy": "p2"}
    assert told["settled"] == {"status": "Met", "policy": "p2"}
