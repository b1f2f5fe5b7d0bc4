"""How the things of the site look in Jira's answers.

What looks the same is the same object, on however many requests it is: nobody changes it in place.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import cache

from jsm_sandbox.state import instants
from jsm_sandbox.state.custom_fields import Option
from jsm_sandbox.state.json_types import JsonObject
from jsm_sandbox.state.people import Account, Kind
from jsm_sandbox.state.setup import (
    BASE,
    Organization,
    Priority,
    Project,
    RequestType,
    Site,
    Status,
    WorkType,
)

CATEGORIES = {
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
}
DEFAULT_CATEGORY = (1, "No Category", "medium-gray")
AVATARS = dict.fromkeys(
    ("48x48", "24x24", "16x16", "32x32"), f"{BASE}/avatar.png"
)


def _address(kind: str, identity: str | int) -> str:
    """Give where the platform has a thing."""
    return f"{BASE}/rest/api/3/{kind}/{identity}"


@cache
def user(account: Account) -> JsonObject:
    """Show an account as the platform does; the mail address is hidden as the profile asks."""
    return {
        "self": f"{BASE}/rest/api/3/user?accountId={account.account_id}",
        "accountId": account.account_id,
        "avatarUrls": AVATARS,
        "displayName": account.name,
        "active": account.active,
        "timeZone": account.zone,
        "accountType": str(account.kind),
    }


def desk_user(account: Account) -> JsonObject:
    """Show an account as the service desk does."""
    mail = (
        {"emailAddress": account.email}
        if account.kind is Kind.CUSTOMER
        else {}
    )
    return {
        "accountId": account.account_id,
        **mail,
        "displayName": account.name,
        "active": account.active,
        "timeZone": account.zone,
        "_links": _desk_links(account),
    }


def _desk_links(account: Account) -> JsonObject:
    address = f"{BASE}/rest/api/2/user?accountId={account.account_id}"
    return {"jiraRest": address, "avatarUrls": AVATARS, "self": address}


def status_category(key: str) -> JsonObject:
    """Show a status category."""
    number, name, colour = CATEGORIES.get(key, DEFAULT_CATEGORY)
    return {
        "self": _address("statuscategory", number),
        "id": number,
        "key": key,
        "colorName": colour,
        "name": name,
    }


@cache
def status(each: Status) -> JsonObject:
    """Show a status."""
    return {
        "self": _address("status", each.id),
        "description": "",
        "iconUrl": f"{BASE}/images/icons/statuses/generic.png",
        "name": each.name,
        "id": each.id,
        "statusCategory": status_category(each.category),
    }


@cache
def priority(each: Priority) -> JsonObject:
    """Show a priority."""
    return {
        "self": _address("priority", each.id),
        "iconUrl": f"{BASE}/images/icons/priorities/{each.id}.svg",
        "name": each.name,
        "id": each.id,
    }


@cache
def option(each: Option) -> JsonObject:
    """Show a chosen option of a select field."""
    return {
        "self": _address("customFieldOption", each.id),
        "value": each.value,
        "id": each.id,
    }


def project(each: Project) -> JsonObject:
    """Show a project as an issue's field does."""
    return {
        "self": _address("project", each.id),
        "id": each.id,
        "key": each.key,
        "name": each.name,
        "projectTypeKey": "service_desk",
        "simplified": each.team_managed,
        "avatarUrls": AVATARS,
    }


def issue_type(each: WorkType) -> JsonObject:
    """Show a work type as an issue type."""
    return {
        "self": _address("issuetype", each.id),
        "id": each.id,
        "description": "A customer request.",
        "iconUrl": f"{BASE}/images/icons/issuetypes/generic.png",
        "name": each.name,
        "subtask": False,
        "hierarchyLevel": 0,
    }


@cache
def organization(each: Organization) -> JsonObject:
    """Show an organization as an issue's field does: its id is text or number, as sites differ."""
    links = {"self": f"{BASE}/rest/servicedeskapi/organization/{each.id}"}
    return {
        "id": each.id if each.numeric_id else str(each.id),
        "name": each.name,
        "_links": links,
    }


def request_type(each: RequestType, desk_id: str) -> JsonObject:
    """Show a request type as the service desk does."""
    return {
        "_expands": ["field"],
        "id": each.id,
        "_links": {
            "self": f"{BASE}/rest/servicedeskapi/servicedesk/{desk_id}/requesttype/{each.id}"
        },
        "name": each.name,
        "description": each.description,
        "helpText": "",
        "issueTypeId": "10004",
        "serviceDeskId": desk_id,
        "portalId": desk_id,
        "groupIds": ["1"],
    }


def moment(instant: datetime, zone: tzinfo) -> JsonObject:
    """Show an instant as the service desk does, four times over."""
    local = instant.astimezone(zone)
    return {
        "iso8601": f"{local:%Y-%m-%dT%H:%M:%S%z}",
        "jira": instants.wire(instant, zone),
        "friendly": f"{local:%d/%b/%y %H:%M}",
        "epochMillis": instants.millis(instant),
    }


def duration(milliseconds: int) -> JsonObject:
    """Show a length of time as SLAs do, negative when it is overdrawn."""
    minutes = abs(milliseconds) // 60_000
    sign = "-" if milliseconds < 0 else ""
    hours, rest = divmod(minutes, 60)
    friendly = f"{sign}{hours}h {rest}m" if hours else f"{sign}{rest}m"
    return {"millis": milliseconds, "friendly": friendly}


def request_type_value(
    site: Site, each: RequestType, issue_key: str, portal: str
) -> JsonObject:
    """Show the Request Type field: the type with the request's portal links."""
    desk = next(
        (p.desk_id for p in site.projects if p.desk_id == portal), portal
    )
    links = _request_links(issue_key, portal)
    return {"_links": links, "requestType": request_type(each, desk)}


def _request_links(issue_key: str, portal: str) -> JsonObject:
    return {
        "jiraRest": f"{BASE}/rest/api/2/issue/{issue_key}",
        "web": f"{BASE}/servicedesk/customer/portal/{portal}/{issue_key}",
        "self": f"{BASE}/rest/servicedeskapi/request/{issue_key}",
        "agent": f"{BASE}/browse/{issue_key}",
    }
