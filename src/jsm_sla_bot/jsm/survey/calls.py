"""The calls that only look at how a site is set up. Each raises as `rest.Rest` does."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlencode

from jsm_sla_bot.jsm.http.pages import by_size, by_start
from jsm_sla_bot.jsm.http.rest import PAGE
from jsm_sla_bot.jsm.http.transport import Transport
from jsm_sla_bot.jsm.json_values import Json, JsonObject, mapping, rows

_PLATFORM = "rest/api/3"
_DESK = "rest/servicedeskapi"
_FIELD_DETAILS = "searcherKey,screensCount,contextsCount,isLocked"
EXPERIMENTAL = {"X-ExperimentalApi": "opt-in"}


class SetupCalls:
    """Calls about projects, permissions, fields and portals."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def address(self) -> str:
        """The address under which the site is asked."""
        return self._transport.address

    def projects(self, keys: Sequence[str]) -> Sequence[JsonObject]:
        """Read these projects with their work types, as far as our account may see them."""
        name = f"{_PLATFORM}/project/search"
        wanted = {
            "keys": list(keys),
            "expand": "issueTypes",
            "maxResults": PAGE,
        }
        return list(
            by_start(
                lambda start: self._get(name, {**wanted, "startAt": start})
            )
            if keys
            else ()
        )

    def accounts(self, ids: Sequence[str]) -> Iterator[JsonObject]:
        """Read accounts by id."""
        name = f"{_PLATFORM}/user/bulk"
        wanted = {"accountId": list(ids), "maxResults": PAGE}
        return by_start(
            lambda start: self._get(name, {**wanted, "startAt": start})
        )

    def service_desks(self) -> Sequence[JsonObject]:
        """List the service desks that our account serves."""
        return list(by_size(lambda start: self._page("servicedesk", start)))

    def permissions(
        self,
        permissions: Sequence[str],
        projects: Sequence[str],
        requests: Sequence[str],
    ) -> Sequence[JsonObject]:
        """Ask which of these permissions our account holds in which projects and on which requests, by their ids."""
        wanted = {
            "permissions": list(permissions),
            "projects": [int(each) for each in projects],
            "issues": [int(each) for each in requests],
        }
        body = {"projectPermissions": [wanted]}
        found = self._transport.ask(
            self._transport.platform.post,
            f"{_PLATFORM}/permissions/check",
            data=body,
        )
        return rows(mapping(found).get("projectPermissions"))

    def queues(self, desk_id: str) -> JsonObject:
        """List a page of a desk's queues. Raises ForbiddenError where our account is no agent."""
        path = f"{_DESK}/servicedesk/{desk_id}/queue"
        return mapping(self._get(path, {"start": 0, "limit": 1}, is_desk=True))

    def custom_fields(self) -> Iterator[JsonObject]:
        """List the custom fields, with how many screens each is on; also those on no screen."""
        return by_start(
            lambda start: self._get(
                f"{_PLATFORM}/field/search",
                {
                    "type": "custom",
                    "startAt": start,
                    "maxResults": PAGE,
                    "expand": _FIELD_DETAILS,
                },
            )
        )

    def trashed_fields(self) -> Iterator[JsonObject]:
        """List the fields in the trash. Raises ForbiddenError unless our account is an administrator."""
        return by_start(
            lambda start: self._get(
                f"{_PLATFORM}/field/search/trashed",
                {"startAt": start, "maxResults": PAGE},
            )
        )

    def fields_of_projects(
        self,
        projects: Sequence[str],
        work_types: Sequence[str],
        fields: Sequence[str],
    ) -> Iterator[JsonObject]:
        """List which of these fields which work types of these projects have."""
        return by_start(
            lambda start: self._get(
                f"{_PLATFORM}/projects/fields",
                {
                    "projectId": list(projects),
                    "workTypeId": list(work_types),
                    "fieldId": list(fields),
                    "startAt": start,
                    "maxResults": PAGE,
                },
            )
        )

    def request_types(self, desk_id: str) -> Sequence[JsonObject]:
        """List a desk's request types, with their portal forms where Jira gives them in the list."""
        path = f"{_DESK}/servicedesk/{desk_id}/requesttype"
        wanted = {"limit": PAGE, "expand": "field"}
        return list(
            by_size(
                lambda start: self._get(
                    path, {"start": start, **wanted}, is_desk=True
                )
            )
        )

    def form(self, desk_id: str, request_type: str) -> JsonObject:
        """Read the portal form of a request type."""
        path = (
            f"{_DESK}/servicedesk/{desk_id}/requesttype/{request_type}/field"
        )
        return mapping(self._get(path, {}, is_desk=True))

    def organizations(self) -> Sequence[JsonObject]:
        """List the customers' organizations that our account sees."""
        return list(by_size(lambda start: self._page("organization", start)))

    def edit_meta(self, request: str) -> JsonObject:
        """Ask which fields of a request may be edited."""
        return mapping(self._get(f"{_PLATFORM}/issue/{request}/editmeta", {}))

    def transitions(self, request: str) -> Sequence[JsonObject]:
        """List the transitions that a request offers to our account, with the fields on their screens."""
        path = f"{_PLATFORM}/issue/{request}/transitions"
        found = self._get(path, {"expand": "transitions.fields"})
        return rows(mapping(found).get("transitions"))

    def priorities(self) -> Iterator[JsonObject]:
        """List the priorities of the whole site, the highest first."""
        name = f"{_PLATFORM}/priority/search"
        return by_start(
            lambda start: self._get(
                name, {"startAt": start, "maxResults": PAGE}
            )
        )

    def set_property(self, request: str, key: str, value: JsonObject) -> None:
        """Write a property of a request."""
        path = f"{_PLATFORM}/issue/{request}/properties/{key}"
        self._transport.ask(
            self._transport.platform.put, path, data=dict(value)
        )

    def delete_property(self, request: str, key: str) -> None:
        """Delete a property of a request."""
        path = f"{_PLATFORM}/issue/{request}/properties/{key}"
        self._transport.ask(self._transport.platform.delete, path)

    def _page(self, name: str, start: int) -> Json:
        return self._get(
            f"{_DESK}/{name}", {"start": start, "limit": PAGE}, is_desk=True
        )

    def _get(
        self, path: str, params: Mapping[str, object], *, is_desk: bool = False
    ) -> Json:
        client = self._transport.desk if is_desk else self._transport.platform
        headers = EXPERIMENTAL if is_desk else None
        return self._transport.ask(
            client.get, with_query(path, params), headers=headers
        )


def with_query(path: str, params: Mapping[str, object]) -> str:
    """Return a path with its parameters; a list is given once for each of its values, as Jira takes them."""
    return f"{path}?{urlencode(params, doseq=True)}" if params else path
