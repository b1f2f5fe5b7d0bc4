import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import respx

from jsm_sla_bot.jsm.errors import NotFoundError, TransientError
from jsm_sla_bot.jsm.http.rest import Rest
from tests.jsm.scene import URL

API = f"{URL}/rest/api/3"


def page(*ids: str, **more: Any) -> httpx.Response:
    """Return one page of a search."""
    return httpx.Response(
        200, json={"issues": [{"id": each} for each in ids], **more}
    )


@pytest.mark.parametrize(
    ("pages", "ids"),
    [
        pytest.param([page("1", isLast=True)], "1", id="one page"),
        pytest.param(
            [page("1", nextPageToken="a"), page("2")],
            "12",
            id="the last one has no token",
        ),
        pytest.param(
            [
                page("1", nextPageToken="a", isLast=False),
                page("2", nextPageToken=None),
            ],
            "12",
            id="null token",
        ),
        pytest.param(
            [page("1", nextPageToken="a"), page("2", nextPageToken="")],
            "12",
            id="empty token",
        ),
        pytest.param(
            [
                page("1", nextPageToken="a"),
                page("2", nextPageToken="b", isLast=True),
            ],
            "12",
            id="last, with token",
        ),
        pytest.param(
            [page(nextPageToken="a"), page("2", isLast=True)],
            "2",
            id="an empty page first",
        ),
        pytest.param(
            [page("1", nextPageToken="a"), page(nextPageToken="a")],
            "1",
            id="a token again, nothing new",
        ),
        pytest.param(
            [page("1", nextPageToken="a"), page("1", "2", isLast=True)],
            "112",
            id="rows move: told twice",
        ),
        pytest.param([httpx.Response(200, json=[])], "", id="no page at all"),
    ],
)
@respx.mock
def test_search_pages(
    rest: Rest, pages: list[httpx.Response], ids: str
) -> None:
    """Pages are followed to their end, however the end is told."""
    respx.post(f"{API}/search/jql").mock(side_effect=pages)
    assert "".join(each["id"] for each in rest.search("x", ["id"], 10)) == ids


@respx.mock
def test_pages_in_a_circle(rest: Rest) -> None:
    """A token that comes again with more to follow is an error, or a pass would be taken for complete."""
    respx.post(f"{API}/search/jql").mock(
        side_effect=[
            page("1", nextPageToken="a"),
            page("2", nextPageToken="a"),
        ]
    )
    with pytest.raises(TransientError, match="circle"):
        list(rest.search("x", ["id"], 10))


@respx.mock
def test_what_a_search_sends(rest: Rest) -> None:
    """The query, the fields and the size go with every page, the token from the second on."""
    route = respx.post(f"{API}/search/jql").mock(
        side_effect=[page("1", nextPageToken="a"), page("2")]
    )
    list(rest.search('project in ("SUP")', ["updated"], 100))
    first, second = (json.loads(call.request.content) for call in route.calls)
    assert first == {
        "jql": 'project in ("SUP")',
        "fields": ["updated"],
        "maxResults": 100,
    }
    assert second == {**first, "nextPageToken": "a"}


@respx.mock
def test_comments_by_pages(rest: Rest) -> None:
    """Comments are followed by what was given, not by what was asked for, up to their total."""
    given = {0: ["1", "2"], 2: ["3"], 3: ["4"]}

    def answer(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params["startAt"])
        rows = [{"id": each} for each in given[start]]
        return httpx.Response(
            200, json={"startAt": start, "total": 4, "comments": rows}
        )

    respx.get(f"{API}/issue/7/comment").mock(side_effect=answer)
    assert [each["id"] for each in rest.comments("7")] == ["1", "2", "3", "4"]


@respx.mock
def test_comments_that_go_away_while_we_read(rest: Rest) -> None:
    """A total that is never reached does not keep us reading for ever."""
    pages = [
        {"total": 9, "comments": [{"id": "1"}]},
        {"total": 9, "comments": []},
    ]
    respx.get(f"{API}/issue/7/comment").mock(
        side_effect=[httpx.Response(200, json=each) for each in pages]
    )
    assert len(list(rest.comments("7"))) == 1


@respx.mock
def test_service_desks_by_pages(rest: Rest) -> None:
    """A limit that Jira cuts down silently loses nothing: only isLastPage ends the list."""
    rows = [{"values": [{"projectKey": "A"}], "size": 1, "isLastPage": False}]
    rows += [{"values": [{"projectKey": "B"}], "size": 1, "isLastPage": True}]
    route = respx.get(f"{URL}/rest/servicedeskapi/servicedesk")
    route.mock(side_effect=[httpx.Response(200, json=each) for each in rows])
    assert [each["projectKey"] for each in rest.service_desks()] == ["A", "B"]
    assert [call.request.url.params["start"] for call in route.calls] == [
        "0",
        "1",
    ]


@respx.mock
def test_changelogs_have_no_last_page(rest: Rest) -> None:
    """The bulk changelog ends where there is no token; it never says that a page is the last."""
    logs = [
        {"issueChangeLogs": [{"issueId": "1"}], "nextPageToken": "a"},
        {"issueChangeLogs": [{"issueId": "1"}]},
    ]
    respx.post(f"{API}/changelog/bulkfetch").mock(
        side_effect=[httpx.Response(200, json=each) for each in logs]
    )
    assert len(list(rest.bulk_changes(["1"], ["status"]))) == 2


@pytest.mark.parametrize("ask", [Rest.myself, Rest.server_info])
@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            httpx.Response(
                200, json={"deploymentType": "Server", "version": "10.3"}
            ),
            "this is Jira Data Center or Server, and the bot works with Jira Cloud",
        ),
        (
            httpx.Response(404),
            "no Jira Cloud at this address: .*such as /jira",
        ),
        (httpx.Response(200, html="<html>"), "no Jira Cloud at this address"),
        (httpx.ConnectError("x"), "no Jira Cloud at this address"),
        (
            httpx.Response(200, json={"deploymentType": "Cloud"}),
            "no Jira Cloud at",
        ),
    ],
    ids=["data center", "nothing", "a page", "nobody", "cloud"],
)
@respx.mock
def test_an_address_that_is_no_cloud_site(
    rest: Rest, ask: Callable[[Rest], object], told: Any, said: str
) -> None:
    """Where the first calls find nothing, what answers there is asked for its kind, and the likely causes are named."""
    respx.get(f"{URL}/rest/api/2/serverInfo").mock(
        side_effect=told if isinstance(told, Exception) else [told] * 9
    )
    respx.route().respond(404, html="<html>")
    with pytest.raises(NotFoundError, match=said):
        ask(rest)
