"""How requests stand that were read with their histories, for verbs that look at the desk as a whole."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from jsm_sla_bot.cli.console import err
from jsm_sla_bot.plan.request_state import RequestState, request_state
from jsm_sla_bot.review.row import Record
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.errors import ContractError
from jsm_sla_bot.sla.history import as_of, in_order


def states_of(
    records: Sequence[Record],
    policy: Policy,
    now: datetime,
    whose: str | None = None,
) -> Iterator[RequestState]:
    """Yield how each request stood then, of one organization or all; one that can't be judged is named."""
    for each in records:
        if each.snapshot.reported > now:
            continue
        request = as_of(in_order(each.snapshot), now)
        if whose and whose not in request.organizations:
            continue
        try:
            assessment = assess(request, policy, now)
        except ContractError as error:
            err.print(f"{request.key} can't be judged: {error}")
            continue
        is_open = not request.status.is_done
        yield request_state(
            assessment, each.ledger, policy.hash, now, is_open=is_open
        )
