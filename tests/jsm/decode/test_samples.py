import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jsm_sla_bot.jsm.decode import comments
from jsm_sla_bot.jsm.decode.changelog import changes, entries
from jsm_sla_bot.jsm.decode.fields import resolve
from jsm_sla_bot.jsm.decode.request import Past, head, sighting
from jsm_sla_bot.jsm.decode.roles import Cast
from jsm_sla_bot.jsm.decode.vocabulary import Vocabulary, organization_ids
from jsm_sla_bot.jsm.errors import (
    TerminalError,
    TransientError,
    UnreadableError,
)
from jsm_sla_bot.jsm.http import response
from jsm_sla_bot.jsm.json_values import mapping, rows
from jsm_sla_bot.ports.errors import IdentityError
from tests.jsm.wire import PROJECT, desk, issue, site

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
FILES = sorted(SAMPLES.rglob("*.json")) if SAMPLES.is_dir() else []
NAMED = (UnreadableError, TransientError, TerminalError, IdentityError)

pytestmark = pytest.mark.skipif(
    not FILES, reason="the wire samples are not beside this checkout"
)


def content(path: Path) -> Any:
    """Read a sample; a few are empty or no JSON on purpose."""
    try:
        return json.loads(path.read_bytes())
    except ValueError:
        return None


def requests_in(value: Any) -> list[dict[str, Any]]:
    """Find everything in a sample that may be a request."""
    page = mapping(value)
    every = [
        page,
        *rows(page.get("issues")),
        *rows(page.get("values")),
        *rows(value),
    ]
    return [dict(each) for each in every if "fields" in each]


@pytest.mark.parametrize(
    "path", FILES, ids=lambda path: str(path.relative_to(SAMPLES))
)
def test_every_sample_is_read_or_refused_by_name(path: Path) -> None:
    """Whatever is on the wire, nothing but values and named reasons comes out."""
    value = content(path)
    for read in (
        _as_requests,
        _as_comments,
        _as_changelog,
        _as_site,
        _as_organizations,
    ):
        try:
            read(value)
        except NAMED as reason:
            assert str(reason)  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize(
    "path", FILES, ids=lambda path: str(path.relative_to(SAMPLES))
)
def test_every_sample_as_an_answer(path: Path) -> None:
    """With whatever status a body comes, it is JSON or one of our errors."""
    asked = response.call("GET", "https://x.example/rest/api/3/issue/10001")
    for status in (200, 400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 503):
        try:
            response.payload(
                asked, response.Answer(status, {}, path.read_bytes())
            )
        except NAMED as reason:
            assert "10001" not in str(reason)  # noqa: PT017 - either outcome is right


def test_observed_organizations_and_request_types() -> None:
    """Field values seen on live service desks are read: organizations by id."""
    seen = [
        content(path) for path in FILES if path.parent.name == "jsm_observed"
    ]
    fields = [
        mapping(mapping(each).get("fields")) or mapping(each) for each in seen
    ]
    ids = {
        found
        for each in fields
        for value in each.values()
        for found in _organizations(value)
    }
    assert "146" in ids


def test_the_apis_own_changelog() -> None:
    """The bulk changelog of the API description, with seconds since the epoch, has two entries in order."""
    path = (
        SAMPLES
        / "openapi-examples/jira_platform_v3/api-3-changelog-bulkfetch.post.resp200.json"
    )
    [log] = rows(content(path)["issueChangeLogs"])
    histories = [
        {**each, "items": [{**each["items"][0], "fieldId": "labels"}]}
        for each in log["changeHistories"]
    ]
    found = changes(histories[::-1], site().fields, Cast("bot"))
    assert [change.at.isoformat() for change in found] == [
        "2017-04-13T08:00:29+00:00",
        "2017-04-13T08:17:09+00:00",
    ]


def _as_requests(value: Any) -> None:
    for each in requests_in(value):
        try:
            sighting(
                head({**each, "key": each.get("key", "SUP-1")}),
                Past(),
                site(),
                PROJECT,
            )
        except UnreadableError as reason:
            assert str(reason)  # noqa: PT017 - as above
        sighting(
            head(issue(**_without_own(mapping(each["fields"])))),
            Past(),
            site(),
            PROJECT,
        )


def _without_own(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what a sample says beyond the fields that every request of the tests has."""
    return {
        name: part
        for name, part in fields.items()
        if name not in issue()["fields"]
    }


def _as_comments(value: Any) -> None:
    page = mapping(value)
    comments.embedded(value)
    list(
        comments.entries(
            [*rows(page.get("comments")), *rows(page.get("values"))],
            Cast("bot"),
        )
    )
    for each in rows(page.get("comments")):
        comments.markers(each)


def _as_changelog(value: Any) -> None:
    page, known = mapping(value), site()
    logs = [
        rows(each.get("changeHistories"))
        for each in rows(page.get("issueChangeLogs"))
    ]
    for histories in [*logs, rows(page.get("values"))]:
        list(
            entries(
                changes(histories, known.fields, Cast("bot")),
                known.fields,
                known.words,
                (None, None),
            )
        )


def _as_site(value: Any) -> None:
    Vocabulary.of(desk(), value).status("1", "x")
    resolve(value, desk())


def _as_organizations(value: Any) -> None:
    organization_ids(mapping(value).get("values"))
    organization_ids(value)


def _organizations(value: Any) -> tuple[str, ...]:
    is_one = (
        "organization" in json.dumps(value)
        if isinstance(value, list)
        else False
    )
    return organization_ids(value) if is_one else ()
