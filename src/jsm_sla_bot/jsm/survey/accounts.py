"""The accounts that the configuration names, read by id: one that does not exist is left out of the answer."""

from collections.abc import Iterable, Mapping, Sequence

from jsm_sla_bot.jsm.json_values import JsonObject, text
from jsm_sla_bot.jsm.survey.calls import SetupCalls
from jsm_sla_bot.ports.accounts import AccountKind, Listed, PersonFacts

_AT_ONCE = 50
"""So many ids go into one address: it must not grow too long."""
_MOST_CALLS = 6
"""So many calls it may take; who is named further down is not looked at."""


def wanted(listed: Iterable[Listed]) -> Sequence[str]:
    """Return the ids of the accounts that are looked at, each once, in the order in which they are named."""
    named = dict.fromkeys(each.account for each in listed)
    return list(named)[: _AT_ONCE * _MOST_CALLS]


def people(
    calls: SetupCalls, ids: Sequence[str]
) -> Mapping[str, PersonFacts | None]:
    """Return each of these accounts by its id, None for one that the site does not know. Raises as `calls` do."""
    found: dict[str, PersonFacts | None] = dict.fromkeys(ids)
    for start in range(0, len(ids), _AT_ONCE):
        chunk = ids[start : start + _AT_ONCE]
        for row in calls.accounts(chunk):
            one = _person(row)
            if one.id in found:
                found[one.id] = one
    return found


def _person(row: JsonObject) -> PersonFacts:
    identity = text(row.get("accountId")) or ""
    word = text(row.get("accountType"))
    kinds = [kind for kind in AccountKind if kind == word]
    return PersonFacts(
        id=identity,
        name=text(row.get("displayName")) or identity,
        kind=kinds[0] if kinds else None,
        is_active=row.get("active") is not False,
    )
