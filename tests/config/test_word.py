"""What a reader of a word suggests."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsm_sla_bot.config import durations, literals
from jsm_sla_bot.config.word import WordError

READERS = [
    durations.span,
    durations.counted,
    durations.long_span,
    literals.share,
    literals.window,
    literals.day,
    literals.years,
    literals.organization_id,
]


PIECES = st.sampled_from(
    [
        *("0", "1", "8", "12", "012", "99999", "100000", "1.5", "2026", "-"),
        *("h", "hrs", "min", "mins", "days", "d", "weeks", "business", "bussiness"),
        *("round the clock", "around", "24/7", "PT", "P1D", "T8H", "%", " %", ":", "00"),
        *("09:00", "24:00", "2026-02-30", "-2030", " ", "  ", ",", "and", "Acme"),
    ]
)  # fmt: skip


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
@given(
    st.lists(PIECES, max_size=6).map("".join)
    | st.lists(PIECES, max_size=6).map(" ".join)
    | st.integers(-200000, 200000)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
)
def test_a_suggestion_can_be_taken(
    read: Callable[[object], object], value: object
) -> None:
    """Whatever a reader suggests for what it refuses, it reads itself."""
    try:
        read(value)
    except WordError as error:
        for suggestion in (error.suggestion, error.instead):
            assert suggestion is None or read(suggestion)
