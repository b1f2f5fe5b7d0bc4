"""What an administrator's calls make of Jira's answers."""

import httpx
import pytest
import respx

from jsm_sla_bot.jsm.errors import TerminalError
from jsm_sla_bot.jsm.http.transport import Transport
from jsm_sla_bot.jsm.provision.calls import AdminCalls
from tests.jsm.scene import URL

FIELDS = f"{URL}/rest/api/3/config/fieldschemes/fields"
DONE = {"fieldId": "customfield_1", "schemeId": "7", "success": True}
FAILED = {
    "fieldId": "customfield_1",
    "schemeId": "7",
    "success": False,
    "error": "The scheme is locked.",
}


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(204),
        httpx.Response(200, json={}),
        httpx.Response(207, json={"results": [DONE]}),
    ],
    ids=["204", "200", "207 in full"],
)
@respx.mock
def test_a_field_that_a_scheme_takes(
    answer: httpx.Response, transport: Transport
) -> None:
    """Whichever way Jira says so."""
    route = respx.put(FIELDS).mock(return_value=answer)
    AdminCalls(transport).add_to_scheme("7", "customfield_1")
    assert route.called


@respx.mock
def test_a_scheme_that_does_only_a_part_is_a_failure(
    transport: Transport,
) -> None:
    """207 is read item by item: one that failed is named with Jira's reason."""
    answer = httpx.Response(207, json={"results": [DONE, FAILED]})
    respx.put(FIELDS).mock(return_value=answer)
    with pytest.raises(TerminalError) as caught:
        AdminCalls(transport).add_to_scheme("7", "customfield_1")
    assert "The scheme is locked." in str(caught.value)
    assert "customfield_1" in str(caught.value)
