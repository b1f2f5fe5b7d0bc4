"""Access tokens for service accounts: OAuth 2 client credentials become a token of an hour."""

from __future__ import annotations

from http import HTTPStatus

from jsm_sandbox.http.api_call import Call, Reply, ok
from jsm_sandbox.http.auth import CLIENT_ID, CLIENT_SECRET
from jsm_sandbox.http.router import bare
from jsm_sandbox.state.json_types import JsonObject

LIFE = 3600
_NO_CLIENT = {"error": "access_denied", "error_description": "Unauthorized"}
_NO_SUCH_GRANT = {"error": "unsupported_grant_type"}


@bare.post("/oauth/token")
def token(call: Call) -> Reply:
    """Give a token for the one client of the sandbox."""
    if not _is_client(call.payload):
        return Reply(HTTPStatus.UNAUTHORIZED, dict(_NO_CLIENT))
    if call.payload.get("grant_type") != "client_credentials":
        return Reply(HTTPStatus.BAD_REQUEST, dict(_NO_SUCH_GRANT))
    given = call.tracker.give_token(LIFE)
    return ok(
        {"access_token": given, "expires_in": LIFE, "token_type": "Bearer"}
    )


def _is_client(body: JsonObject) -> bool:
    is_known = body.get("client_id") == CLIENT_ID
    return is_known and body.get("client_secret") == CLIENT_SECRET
