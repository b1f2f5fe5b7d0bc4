"""Every answer that a desk with a past can give: the session's contract check reads along."""

from collections.abc import Iterator

import httpx
import pytest

from jsm_sandbox.http.listener import running
from jsm_sandbox.http.routes import router
from jsm_sandbox.play.seed import sow
from jsm_sandbox.play.tracker import Tracker
from tests.contract.descriptions import FOLDER, Descriptions
from tests.contract.overlay import UNDESCRIBED
from tests.sandbox.callers import NO_TLS

API, DESK = "/rest/api/3", "/rest/servicedeskapi"
SITE = (
    f"{API}/myself", f"{API}/serverInfo", f"{API}/field", f"{API}/field/search", f"{API}/priority", f"{API}/status",
    f"{API}/priority/search", f"{API}/project", f"{API}/project/search", f"{API}/project/SUP", f"{API}/mypermissions",
    f"{API}/project/SUP/role", f"{API}/project/SUP/role/10100", f"{API}/project/SUP/statuses",
    f"{DESK}/info", f"{DESK}/servicedesk", f"{DESK}/servicedesk/1", f"{DESK}/servicedesk/1/requesttype",
    f"{DESK}/organization", f"{DESK}/organization/12", f"{DESK}/organization/12/user",
    f"{DESK}/servicedesk/1/organization", f"{DESK}/servicedesk/1/customer", f"{DESK}/servicedesk/1/queue",
    f"{DESK}/servicedesk/1/requesttype/1/field",
)  # fmt: skip
FOR_ADMINISTRATORS = (
    f"{API}/field/customfield_10001/context", f"{API}/field/customfield_10001/context/10001/option",
    f"{API}/field/customfield_10001/context/projectmapping", f"{API}/screens", f"{API}/screens/10001/tabs",
    f"{API}/screens/10001/tabs/10101/fields", f"{API}/screenscheme",
    f"{API}/field/search?type=custom&expand=searcherKey,screensCount,contextsCount,isLocked",
)  # fmt: skip
OF_A_REQUEST = (
    f"{API}/issue/{{}}?expand=names,schema,changelog,transitions", f"{API}/issue/{{}}/changelog",
    f"{API}/issue/{{}}/comment?expand=properties", f"{API}/issue/{{}}/editmeta", f"{API}/issue/{{}}/transitions",
    f"{API}/issue/{{}}/properties", f"{DESK}/request/{{}}", f"{DESK}/request/{{}}/comment", f"{DESK}/request/{{}}/sla",
    f"{DESK}/request/{{}}/participant",
)  # fmt: skip


@pytest.fixture(scope="module")
def bot() -> Iterator[httpx.Client]:
    """Serve a desk on which all sorts of things have happened."""
    tracker = Tracker()
    sow(tracker, 60)
    with (
        running(tracker) as url,
        httpx.Client(
            base_url=url, auth=("bot@example.com", "sandbox"), verify=NO_TLS
        ) as client,
    ):
        yield client


@pytest.mark.parametrize("path", SITE)
def test_the_site_answers(bot: httpx.Client, path: str) -> None:
    """What belongs to no request can be read."""
    assert bot.get(path).status_code == 200


@pytest.mark.parametrize("path", FOR_ADMINISTRATORS)
def test_the_site_answers_its_administrators(
    bot: httpx.Client, path: str
) -> None:
    """What is set up can be read by who administers the site."""
    answer = bot.get(path, auth=("admin@example.com", "sandbox"))
    assert answer.status_code == 200


@pytest.mark.parametrize("path", OF_A_REQUEST)
def test_every_request_answers(bot: httpx.Client, path: str) -> None:
    """All there is of a request can be read, whatever has happened to it."""
    assert {
        bot.get(path.format(f"SUP-{number}")).status_code
        for number in range(1, 61)
    } == {200}


def test_requests_answer_in_bulk(bot: httpx.Client) -> None:
    """Search and the bulk endpoints tell everything about all requests at once."""
    keys = [f"SUP-{number}" for number in range(1, 61)]
    everything = {"fields": ["*all"], "properties": ["request.channel.type"]}
    search = bot.post(
        f"{API}/search/jql",
        json={
            "jql": "project = SUP",
            "maxResults": 100,
            "expand": "names,schema,changelog",
            **everything,
        },
    )
    assert len(search.json()["issues"]) == 60
    fetched = bot.post(
        f"{API}/issue/bulkfetch",
        json={"issueIdsOrKeys": keys, "expand": ["changelog"], **everything},
    )
    assert len(fetched.json()["issues"]) == 60
    history = bot.post(
        f"{API}/changelog/bulkfetch", json={"issueIdsOrKeys": keys}
    )
    assert history.json()["issueChangeLogs"]


@pytest.mark.skipif(
    not FOLDER.is_dir(), reason="no ../shared/openapi beside this checkout"
)
def test_the_sandbox_has_no_endpoint_of_its_own() -> None:
    """Every endpoint of the sandbox is described by Atlassian, or named in the overlay."""
    descriptions = Descriptions()
    unknown = {
        (method, endpoint)
        for method, endpoint, _, _ in router.routes
        if descriptions.find(
            method, endpoint.replace("{", "").replace("}", "")
        )
        is None
    }
    assert unknown - UNDESCRIBED == set()
