"""Jira's endpoints by what we ask of them: one method each, JSON back, paging and its traps dealt with."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from jsm_sla_bot.jsm.errors import NotFoundError, TerminalError, TransientError
from jsm_sla_bot.jsm.http.pages import by_size, by_start, by_token, with_token
from jsm_sla_bot.jsm.http.transport import Desk, Given, Platform, Transport
from jsm_sla_bot.jsm.json_values import (
    Json,
    JsonObject,
    mapping,
    rows,
    text,
    whole,
)

PAGE = 100
IDS_PAGE = 5000
CHANGES_PAGE = 1000
_OLD_SERVER_INFO = "rest/api/2/serverInfo"
"""Data Center has this one and not version 3."""
_CLOUD = "Cloud"


class Rest:
    """The calls that the bot makes. Each raises TransientError, TerminalError or IdentityError."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def myself(self) -> JsonObject:
        """Ask who we are. Raises NotFoundError that says what may be wrong with the address."""
        return self._about_site(self._jira.get_current_user)

    def server_info(self) -> JsonObject:
        """Ask what time it is there, among other things. Raises NotFoundError as `myself` does."""
        return self._about_site(self._jira.get_server_info)

    @property
    def address(self) -> str:
        """The address under which the site is asked."""
        return self._transport.address

    def tenant_info(self) -> JsonObject:
        """Ask the site's edge which cloud site it is; only its own address answers, not the gateway's."""
        return mapping(self._ask(self._jira.get, "_edge/tenant_info"))

    def fields(self) -> Json:
        """List all fields."""
        return self._ask(self._jira.get_fields)

    def statuses(self) -> Json:
        """List all workflow statuses."""
        return self._ask(self._jira.get_statuses)

    def service_desks(self) -> Iterator[JsonObject]:
        """List the service desks that our account serves."""
        desk = self._desk
        return by_size(
            lambda start: self._ask(
                desk.get_service_desks, start=start, limit=PAGE
            )
        )

    def organization_members(self, organization: str) -> Iterator[JsonObject]:
        """List the customers of an organization."""
        desk = self._desk
        return by_size(
            lambda start: self._ask(
                desk.get_users_in_organization,
                organization,
                start=start,
                limit=PAGE,
            )
        )

    def priorities(self, project_id: str) -> Iterator[JsonObject]:
        """List a project's priorities, highest first."""
        return by_start(
            lambda start: self._ask(
                self._jira.search_priorities,
                start_at=start,
                max_results=PAGE,
                project_id=project_id,
            )
        )

    def edit_meta(self, issue: str) -> JsonObject:
        """Ask what may be written to a request."""
        return mapping(self._ask(self._jira.get_edit_issue_meta, issue))

    def roles(self, project: str) -> JsonObject:
        """Map the names of a project's roles to their addresses."""
        return mapping(self._ask(self._jira.get_project_roles, project))

    def role(self, project: str, role: str) -> JsonObject:
        """Ask who holds a role."""
        return mapping(self._ask(self._jira.get_project_role, project, role))

    def group_members(self, group_id: str) -> Iterator[JsonObject]:
        """List the accounts of a group."""
        return by_start(
            lambda start: self._ask(
                self._jira.get_users_from_group,
                group_id=group_id,
                start_at=start,
                max_results=PAGE,
            )
        )

    def accounts(self, ids: Sequence[str]) -> Iterator[JsonObject]:
        """Read accounts by id, at most a page of them; one that does not exist is left out."""
        wanted = urlencode({"accountId": ids, "maxResults": PAGE}, doseq=True)
        path = f"rest/api/3/user/bulk?{wanted}"
        yield from rows(mapping(self._ask(self._jira.get, path)).get("values"))

    def search(
        self, jql: str, fields: Sequence[str], size: int
    ) -> Iterator[JsonObject]:
        """Search the index: late, flickering, good for ids only. The query has to be a bounded one."""
        body = {"jql": jql, "fields": list(fields), "maxResults": size}
        search = self._jira.search_and_reconsile_issues_using_jql_post
        return by_token(
            lambda token: self._ask(search, data=with_token(body, token)),
            "issues",
        )

    def count(self, jql: str) -> int:
        """Estimate how many requests a query finds."""
        return (
            whole(
                mapping(
                    self._ask(self._jira.count_issues, data={"jql": jql})
                ).get("count")
            )
            or 0
        )

    def bulk_issues(
        self,
        ids: Sequence[str],
        fields: Sequence[str],
        properties: Sequence[str],
    ) -> Json:
        """Read up to 100 requests from the database."""
        body = {
            "issueIdsOrKeys": list(ids),
            "fields": list(fields),
            "properties": list(properties),
        }
        return self._ask(self._jira.bulk_fetch_issues, data=body)

    def bulk_changes(
        self, ids: Sequence[str], fields: Sequence[str]
    ) -> Iterator[JsonObject]:
        """Read changes of up to 1000 requests in up to ten fields, or in all for none; a request may come in parts."""
        body: dict[str, Json] = {
            "issueIdsOrKeys": list(ids),
            "maxResults": CHANGES_PAGE,
        }
        if fields:
            body["fieldIds"] = list(fields)
        return by_token(
            lambda token: self._ask(
                self._jira.get_bulk_changelogs, data=with_token(body, token)
            ),
            "issueChangeLogs",
        )

    def issue(
        self, issue: str, fields: Sequence[str], properties: Sequence[str] = ()
    ) -> JsonObject:
        """Read one request from the database. Raises NotFoundError."""
        options = {"properties": ",".join(properties)} if properties else {}
        return mapping(
            self._ask(
                self._jira.get_issue, issue, fields=",".join(fields), **options
            )
        )

    def comments(
        self, issue: str, expand: str | None = None, start: int = 0
    ) -> Iterator[JsonObject]:
        """List a request's comments, oldest first, without the first `start` of them."""
        return by_start(
            lambda at: self._ask(
                self._jira.get_comments,
                issue,
                start_at=at,
                max_results=PAGE,
                order_by="created",
                expand=expand,
            ),
            "comments",
            start,
        )

    def comment(self, issue: str, comment: str) -> JsonObject:
        """Read one comment."""
        return mapping(self._ask(self._jira.get_comment, issue, comment))

    def add_comment(self, issue: str, body: JsonObject) -> JsonObject:
        """Write a comment. Raises UnknownOutcomeError."""
        return mapping(self._ask(self._jira.add_comment, issue, data=body))

    def delete_comment(self, issue: str, comment: str) -> None:
        """Delete a comment."""
        self._ask(self._jira.delete_comment, issue, comment)

    def transitions(self, issue: str) -> Sequence[JsonObject]:
        """List the transitions that a request offers to us now."""
        return rows(
            mapping(self._ask(self._jira.get_transitions, issue)).get(
                "transitions"
            )
        )

    def transition(self, issue: str, transition: str) -> None:
        """Make a transition. Raises UnknownOutcomeError, ConflictError, RefusedError."""
        self._ask(
            self._jira.do_transition,
            issue,
            data={"transition": {"id": transition}},
        )

    def create_issue(self, body: JsonObject) -> JsonObject:
        """Raise a request. Raises UnknownOutcomeError, RefusedError."""
        return mapping(self._ask(self._jira.create_issue, data=body))

    def edit(self, issue: str, body: JsonObject) -> None:
        """Write fields and properties of a request. Raises RefusedError with what the site objects to."""
        self._ask(self._jira.edit_issue, issue, data=body)

    @property
    def _jira(self) -> Platform:
        return self._transport.platform

    @property
    def _desk(self) -> Desk:
        return self._transport.desk

    def _ask(
        self,
        method: Callable[Given, Any],
        *args: Given.args,
        **options: Given.kwargs,
    ) -> Json:
        return self._transport.ask(method, *args, **options)

    def _about_site(self, method: Callable[[], Any]) -> JsonObject:
        """Ask what every Jira Cloud site answers: one that does not have it is none."""
        try:
            return mapping(self._ask(method))
        except NotFoundError as error:
            raise NotFoundError(f"{error}: {self._what_is_there()}") from error

    def _what_is_there(self) -> str:
        """Return what answers in place of Jira Cloud, as far as it says so itself."""
        try:
            server = mapping(self._ask(self._jira.get, _OLD_SERVER_INFO))
        except (TransientError, TerminalError):
            server = {}
        kind = text(server.get("deploymentType"))
        if kind is not None and kind != _CLOUD:
            return "this is Jira Data Center or Server, and the bot works with Jira Cloud"
        return (
            "there is no Jira Cloud at this address: check its spelling, leave out a path such as /jira, and name "
            "no Data Center"
        )
