"""The service desk's own API: desks, their customers and request types, organizations."""

from __future__ import annotations

from collections.abc import Iterable
from functools import wraps
from http import HTTPStatus

from jsm_sandbox.http.api_call import Call, Reply, ok
from jsm_sandbox.http.paging import desk_page
from jsm_sandbox.http.router import Handler, desk_api
from jsm_sandbox.state import wire
from jsm_sandbox.state.json_types import JsonObject, Refusal, not_found
from jsm_sandbox.state.people import Account, Kind
from jsm_sandbox.state.setup import BASE, Organization, Project


def forbidden() -> Reply:
    """Answer as Jira does without an agent's licence: 403 and not a word."""
    return Reply(HTTPStatus.FORBIDDEN)


def missing(what: str) -> Refusal:
    """Say of something that it is not there, or not for the caller to see."""
    return not_found(
        f"{what} does not exist or you don't have permission to see it."
    )


def for_agents(handler: Handler) -> Handler:
    """Answer only who is an agent of some project."""

    @wraps(handler)
    def guarded(call: Call) -> Reply:
        if call.is_some_agent or call.is_administrator:
            return handler(call)
        return forbidden()

    return guarded


@desk_api.get("/info")
def info(call: Call) -> Reply:
    """Show the product; this works without a licence too."""
    shown: JsonObject = {
        "version": "5.0.0-SNAPSHOT",
        "platformVersion": "1001.0.0-SNAPSHOT",
        "buildDate": wire.moment(call.tracker.now(), call.site.zone),
        "buildChangeSet": "sandbox",
        "isLicensedForUse": True,
        "_links": {"self": f"{BASE}/rest/servicedeskapi/info"},
    }
    return ok(shown)


def _desk(each: Project) -> JsonObject:
    return {
        "id": each.desk_id,
        "projectId": each.id,
        "projectName": each.name,
        "projectKey": each.key,
        "_links": {
            "self": f"{BASE}/rest/servicedeskapi/servicedesk/{each.desk_id}"
        },
    }


@desk_api.get("/servicedesk")
def desks(call: Call) -> Reply:
    """Page through the service desks: who works here sees their portals, an agent or not."""
    if not call.sees_projects:
        return forbidden()
    return ok(desk_page(call, [_desk(each) for each in call.site.projects]))


def asked_desk(call: Call) -> Project:
    """Give the desk that the path names."""
    wanted = call.args["desk"]
    for each in call.site.projects:
        if wanted in (each.desk_id, each.key):
            return each
    raise missing("The service desk")


@desk_api.get("/servicedesk/{desk}")
@for_agents
def desk(call: Call) -> Reply:
    """Show one service desk."""
    return ok(_desk(asked_desk(call)))


@desk_api.get("/servicedesk/{desk}/customer")
@for_agents
def customers(call: Call) -> Reply:
    """Page through a desk's customers: the one endpoint that bears five calls a second only."""
    asked_desk(call)
    text = call.word("query").casefold()
    everyone = call.site.accounts.values()
    found = [each for each in everyone if each.kind is Kind.CUSTOMER]
    return _people(call, [each for each in found if _is_called(each, text)])


def _is_called(account: Account, text: str) -> bool:
    return text in f"{account.name} {account.email}".casefold()


def _people(call: Call, accounts: Iterable[Account]) -> Reply:
    return ok(desk_page(call, [wire.desk_user(each) for each in accounts]))


def _organization(each: Organization) -> JsonObject:
    address = f"{BASE}/rest/servicedeskapi/organization/{each.id}"
    shown: JsonObject = {
        "id": str(each.id),
        "name": each.name,
        "_links": {"self": address},
    }
    if not each.numeric_id:
        shown["uuid"] = f"00000000-0000-4000-8000-{each.id:012d}"
        shown["scimManaged"] = False
    return shown


@desk_api.get("/organization", "/servicedesk/{desk}/organization")
@for_agents
def organizations(call: Call) -> Reply:
    """Page through the organizations, of a person where one is named."""
    if "desk" in call.args:
        asked_desk(call)
    found = _organizations_of(call, call.word("accountId"))
    return ok(desk_page(call, [_organization(each) for each in found]))


def _organizations_of(call: Call, account_id: str) -> list[Organization]:
    everyone = call.site.organizations
    person = call.site.accounts.get(account_id)
    if person is None:
        return everyone
    return [each for each in everyone if each.id in person.organizations]


@desk_api.get("/organization/{id}")
@for_agents
def organization(call: Call) -> Reply:
    """Show one organization."""
    found = call.site.organization(call.args["id"])
    if found is None:
        raise missing("The organization")
    return ok(_organization(found))


@desk_api.get("/organization/{id}/user")
@for_agents
def members(call: Call) -> Reply:
    """Page through an organization's people."""
    wanted = call.args["id"]
    everyone = call.site.accounts.values()
    found = [each for each in everyone if _belongs_to(wanted, each)]
    return _people(call, found)


def _belongs_to(organization: str, account: Account) -> bool:
    return organization in map(str, account.organizations)
