"""Access tokens for service accounts: OAuth 2 client credentials become a token of an hour."""

from __future__ import annotations

from http import HTTPStatus

from jsm_sandbox.http.api_call import Call, Reply, ok
from jsm_sandbox.http.auth import CLIENT_ID, CLIENT_SECRET
from jsm_sandbox.http.router import bare
from jsm_sandbox.state.json_types import JsonObject

LIFE = 3600


@bare.post("/oauth/token")
def token(call: Call) -> Reply:
    """Give a token for the one client of the sandbox."""
    if not _is_client(call.payload):
        wrong = {"error": "access_denied", "error_description": "Unauthorized"}
        return Reply(HTTPStatus.UNAUTHORIZED, wrong)
    if call.payload.get("grant_type") != "client_credentials":
        unsupported = {"error": "unsupported_grant_type"}
        return Reply(HTTPStatus.BAD_REQUEST, unsupported)
    given = call.tracker.give_token(LIFE)
    return ok(
        {"access_token": given, "expires_in": LIFE, "token_type": "Bearer"}
    )


def _is_client(body: JsonObject) -> bool:
    is_known = body.get("client_id") == CLIENT_ID
    return is_known and body.get("client_secret") == CLIENT_SECRET
