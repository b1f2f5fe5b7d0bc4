"""Any change by the customer's side is an act of theirs, where requests wait for them (D24)."""

import pytest

from jsm_sla_bot.jsm.decode.changelog import customers_changes
from jsm_sla_bot.jsm.decode.roles import Cast
from jsm_sla_bot.jsm.errors import UnreadableError
from jsm_sla_bot.jsm.json_values import JsonObject
from jsm_sla_bot.sla.request import Deed, Role
from tests.sla.contract import utc

CAST = Cast("bot", agents=frozenset({"mia"}), customers=frozenset({"anna"}))
NINA = {"accountId": "nina", "accountType": "atlassian"}
ITEMS: list[object] = [{"field": "Attachment", "fieldId": "attachment"}]


def history(by: str, identity: str = "1", **changed: object) -> JsonObject:
    """Return an entry of a changelog, as Jira tells it."""
    entry: dict[str, object] = {
        "id": identity,
        "created": "2026-03-03T10:00:00.000+0100",
        "author": {"accountId": by, "displayName": "Somebody"},
        "items": ITEMS,
        **changed,
    }
    return entry


def test_each_of_theirs_once() -> None:
    """Whatever it was about, and told twice or not; no value of it is kept."""
    told = [history("anna"), history("anna"), history("anna", "2")]
    first, second = customers_changes(told, CAST)
    assert first.what is Deed.OTHER_CHANGE
    assert first.role is Role.CUSTOMER
    assert first.at == second.at == utc("2026-03-03 09:00")
    assert (first.before, first.after) == (None, None)


@pytest.mark.parametrize(
    "entry",
    [
        history("mia"),
        history("bot"),
        history("nina", author=NINA),
        history("anna", items=[]),
    ],
    ids=["agent", "bot", "perhaps a colleague", "nothing changed"],
)
def test_nobody_elses(entry: JsonObject) -> None:
    """Agents, the bot, and accounts that are none of the customer's."""
    assert list(customers_changes([entry], CAST)) == []


def test_without_its_instant_it_is_unreadable() -> None:
    """An act without an instant can't be counted from."""
    with pytest.raises(UnreadableError):
        list(customers_changes([history("anna", created=None)], CAST))
