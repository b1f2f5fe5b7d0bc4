"""The suite's own contract check, checked."""

import json
from typing import Any

import httpx
import pytest

from jsm_sandbox.http.exchanges import Exchange
from jsm_sandbox.http.listener import running
from jsm_sandbox.play.tracker import Tracker
from tests.contract.descriptions import FOLDER, Descriptions
from tests.contract.ledger import Ledger
from tests.contract.overlay import MORE_STATUSES, NULLABLE, UNDESCRIBED

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="no ../shared/openapi beside this checkout: nothing is held against the descriptions",
)


@pytest.fixture(scope="module")
def descriptions() -> Descriptions:
    """Read the descriptions once."""
    return Descriptions()


def _pair(
    method: str,
    path: str,
    sent: Any = None,
    answered: Any = None,
    status: int = 200,
    **more: Any,
) -> Exchange:
    asked, told = (
        b"" if each is None else json.dumps(each).encode()
        for each in (sent, answered)
    )
    return Exchange(
        method,
        path,
        more.pop("query", {}),
        more.pop("agent", "jsm-sla-bot"),
        asked,
        status,
        told,
        **more,
    )


SEARCH = "/rest/api/3/search/jql"
EDIT = "/rest/api/3/issue/SUP-1"


@pytest.mark.parametrize(
    ("pair", "daemon", "sandbox"),
    [
        pytest.param(
            _pair(
                "POST", SEARCH, {"jql": "x"}, {"issues": [], "isLast": True}
            ),
            0,
            0,
            id="all well",
        ),
        pytest.param(
            _pair("POST", SEARCH, {"jql": 1}, {"issues": []}),
            1,
            0,
            id="wrong type sent",
        ),
        pytest.param(
            _pair("POST", SEARCH, {"jqll": "x"}, {"issues": []}),
            1,
            0,
            id="unknown name sent",
        ),
        pytest.param(
            _pair("GET", SEARCH, query={"fieldz": ["a"]}, answered={}),
            1,
            0,
            id="unknown parameter",
        ),
        pytest.param(
            _pair("GET", "/rest/api/3/nonsense", answered={}),
            1,
            0,
            id="unknown operation",
        ),
        pytest.param(
            _pair("GET", SEARCH, {"jql": "x"}, {}),
            1,
            0,
            id="a body where none is taken",
        ),
        pytest.param(
            _pair("POST", SEARCH, {"jql": "x"}, {"issues": [], "total": 1}),
            0,
            1,
            id="unknown name answered",
        ),
        pytest.param(
            _pair("POST", SEARCH, {"jql": "x"}, {}, status=418),
            0,
            1,
            id="unknown status",
        ),
        pytest.param(
            _pair("PUT", EDIT, {"fields": {}}, {}, status=204),
            0,
            1,
            id="204 with a body",
        ),
        pytest.param(
            _pair("POST", SEARCH, {"jql": "x"}, "oops", status=503),
            0,
            0,
            id="the gateway's answer",
        ),
        pytest.param(
            _pair("POST", SEARCH, {"jql": "x"}, "<", trouble="html"),
            0,
            0,
            id="garbled on order",
        ),
        pytest.param(
            _pair("POST", SEARCH, {"jql": 1}, {}, status=400, agent="x"),
            0,
            0,
            id="a test's nonsense, refused",
        ),
        pytest.param(
            _pair("POST", SEARCH, {"jql": 1}, {}, agent="x"),
            0,
            1,
            id="a test's nonsense, accepted",
        ),
    ],
)
def test_who_breaks_the_contract(
    descriptions: Descriptions, pair: Exchange, daemon: int, sandbox: int
) -> None:
    """Each way of breaking the contract is seen, and laid at the right door."""
    ledger = Ledger(descriptions)
    ledger.observe(pair)
    assert (len(ledger.daemon), len(ledger.sandbox)) == (daemon, sandbox), (
        ledger.daemon,
        ledger.sandbox,
    )


def test_every_call_of_the_suite_is_checked(contract: Ledger | None) -> None:
    """A call to any sandbox in this run comes by the check."""
    assert contract is not None
    before = contract.pairs
    with running(Tracker()) as url:
        httpx.get(
            f"{url}/rest/api/3/myself", auth=("bot@example.com", "sandbox")
        ).raise_for_status()
    assert contract.pairs == before + 1


def test_the_overlay_is_about_what_is_described(
    descriptions: Descriptions,
) -> None:
    """No correction outlives what it corrects."""
    schemas = {
        name for each in descriptions.operations for name in each.schemas
    }
    assert set(NULLABLE) <= schemas
    described = {(each.method, each.path) for each in descriptions.operations}
    assert set(MORE_STATUSES) <= described
    assert not UNDESCRIBED & described
